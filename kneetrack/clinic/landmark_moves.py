"""Landmarks that a reviewer put somewhere else: what that does to the track around them.

The points are moved in the smoothed track, so that the filter does not drag them away again, and
after the repair of what the model swaps or makes up, so that the repair does not undo them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from scipy.interpolate import PchipInterpolator

from kneetrack.records import FloatArray, PoseTrack
from kneetrack.skeleton import ANKLES, HIPS, KNEES, SHOULDERS

FADE_S: Final = 0.15
"""A displacement comes and goes within so long before and after."""
SHOWN_S: Final = 0.05
"""A point that nobody had seen stays so long, before and after, where the reviewer put it."""
_BODY: Final = (*SHOULDERS, *HIPS, *KNEES, *ANKLES)


@dataclass(frozen=True, slots=True)
class LandmarkMove:
    """A landmark put at ``xy_px`` (upright picture) at ``t_s``.

    until_s: its displacement stays as large until then, or turns into that of the next move on
    the way; None: of this moment alone.
    """

    t_s: float
    landmark: int
    xy_px: tuple[float, float]
    until_s: float | None = None

    @property
    def end_s(self) -> float:
        """Until when it holds in full."""
        return self.t_s if self.until_s is None else max(self.t_s, self.until_s)


def nearest_frame(t_s: FloatArray, at_s: float) -> int:
    """Index of the frame (T,) nearest in time."""
    return int(np.abs(np.asarray(t_s) - at_s).argmin())


def moved(track: PoseTrack, moves: Sequence[LandmarkMove]) -> PoseTrack:
    """A copy of a smoothed track with the landmarks moved; of two at one moment the later holds.

    Metres go with the picture across and down; how deep a point lies, no picture tells. Where a
    landmark is moved it counts as seen.
    """
    if not moves:
        return track
    xy, confidence = track.xy_px.copy(), track.confidence.copy()
    for landmark in sorted({move.landmark for move in moves}):
        own = {move.t_s: move for move in moves if move.landmark == landmark}
        for cluster in _clusters(own.values()):
            _apply(track, landmark, cluster, xy, confidence)
    xyz = None
    if track.xyz_m is not None:
        shift_m = np.nan_to_num(xy - track.xy_px) / _px_per_m(track)[:, None, None]
        xyz = track.xyz_m.copy()
        xyz[..., :2] += shift_m.astype(xyz.dtype)
    return replace(track, xy_px=xy, xyz_m=xyz, confidence=confidence)


def _clusters(moves: Iterable[LandmarkMove]) -> list[list[LandmarkMove]]:
    """Moves of one landmark in order, together where one has not faded when the next begins."""
    found: list[list[LandmarkMove]] = []
    for move in sorted(moves, key=lambda m: m.t_s):
        if found and move.t_s - max(m.end_s for m in found[-1]) < 2 * FADE_S:
            found[-1].append(move)
        else:
            found.append([move])
    return found


def _apply(
    track: PoseTrack,
    landmark: int,
    cluster: list[LandmarkMove],
    xy: FloatArray,
    confidence: FloatArray,
) -> None:
    t_s, base = track.t_s, track.xy_px[:, landmark].astype(float)
    first_s, last_s = cluster[0].t_s, max(move.end_s for move in cluster)
    anchors = _anchors([move.t_s for move in cluster], last_s)
    put = np.array([move.xy_px for move in cluster], float)
    shown = np.array([_at(t_s, base, move.t_s) for move in cluster])
    weight = _fade(t_s, first_s, last_s)
    inside = np.clip(t_s, first_s, last_s)
    by = _curve(anchors, put - shown, inside)
    there = np.isfinite(base).all(axis=1) & np.isfinite(by).all(axis=1) & (weight > 0)
    xy[there, landmark] = (base + weight[:, None] * by)[there].astype(xy.dtype)
    near = (t_s >= first_s - SHOWN_S - 1e-9) & (t_s <= last_s + SHOWN_S + 1e-9)
    blind = near & ~there
    xy[blind, landmark] = _curve(anchors, put, inside)[blind].astype(xy.dtype)
    sure = np.where(there, weight, blind.astype(float))
    confidence[:, landmark] = np.fmax(confidence[:, landmark], sure.astype(confidence.dtype))


def _anchors(moments_s: list[float], last_s: float) -> list[float]:
    """The moments between which it is interpolated, the end of the last one's hold with them."""
    return [*moments_s, last_s] if last_s > moments_s[-1] else moments_s


def _curve(anchors_s: list[float], values: FloatArray, at_s: FloatArray) -> FloatArray:
    """(T, 2): through the values without overshooting; the last one is held to the last anchor."""
    if len(anchors_s) > len(values):
        values = np.concatenate([values, values[-1:]])
    known = np.isfinite(values).all(axis=1)
    moments, values = np.asarray(anchors_s)[known], values[known]
    if not len(moments):
        return np.full((len(at_s), 2), np.nan)
    if len(moments) == 1:
        return np.repeat(values, len(at_s), axis=0)
    held = np.clip(at_s, moments[0], moments[-1])
    return np.asarray(PchipInterpolator(moments, values, axis=0)(held))


def _at(t_s: FloatArray, xy: FloatArray, at_s: float) -> FloatArray:
    """(2,) where a landmark is at a time, NaN where it is not seen."""
    return np.asarray(xy[nearest_frame(t_s, at_s)])


def _fade(t_s: FloatArray, first_s: float, last_s: float) -> FloatArray:
    """(T,): 1 from first to last, a half cosine to 0 within FADE_S around them."""
    outside = np.maximum(np.maximum(first_s - t_s, t_s - last_s), 0.0)
    return np.asarray(0.5 + 0.5 * np.cos(np.pi * np.minimum(outside / FADE_S, 1.0)))


def _px_per_m(track: PoseTrack) -> FloatArray:
    """(T,): size of the body in the picture by its spread in metres; its median where unknown."""
    assert track.xyz_m is not None
    points = list(_BODY)
    sizes = []
    for part in (track.xy_px[:, points], track.xyz_m[:, points, :2]):
        sizes.append(np.linalg.norm(part - part.mean(axis=1, keepdims=True), axis=(1, 2)))
    with np.errstate(all="ignore"):
        scale = sizes[0] / sizes[1]
    known = np.isfinite(scale) & (scale > 0)
    usual = float(np.median(scale[known])) if known.any() else np.inf
    return np.where(known, scale, usual)

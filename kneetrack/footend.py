"""Knees of a person who lies with the feet to the camera, read again from the outline.

Which frames that concerns, and how what is found there goes into the track. Arrays only: the second
reading is in outlining.py, how a knee is found in an outline in pose/outline.py.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kneetrack import signals
from kneetrack import skeleton as sk
from kneetrack.analysis import smooth_track
from kneetrack.angles import middle, pair
from kneetrack.posture import Posture, describe
from kneetrack.records import FloatArray, Pose, PoseTrack
from kneetrack.view import name_view

BoolArray = NDArray[np.bool_]
Span = tuple[int, int]

LEAST_S: Final = 2.0
LOST_S: Final = 10.0
"""With touching knees the model loses a lying person, or sees one standing: for one long hold."""
OUTLINE_CONFIDENCE: Final = 0.9
"""Confidence of a knee found in the outline, and of its foot that stands still on the floor."""
_HIPS_BELOW: Final = 1.4
_FEET_MOVED: Final = 0.15


def foot_end_spans(track: PoseTrack) -> list[Span]:
    """First frame and last + 1 of where somebody lies, feet to the camera, for 2 s or longer."""
    if len(track) < 5 or not track.confidence.any():
        return []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # medians over frames without anybody
        smooth = smooth_track(track)
        posture = describe(smooth)
        if not (posture.lying & posture.seen).any():
            return []
        lying = _joined(smooth, posture)
        spans = signals.long_spans(lying, track.t_s, LEAST_S)
        trunks = [float(np.nanmedian(posture.trunk_legs[first:last])) for first, last in spans]
    views = [name_view(float("nan"), lying=True, trunk_legs=trunk) for trunk in trunks]
    return [span for span, view in zip(spans, views, strict=True) if view == "foot_end"]


def _joined(track: PoseTrack, posture: Posture) -> BoolArray:
    """Lying frames, and what lies between them while the hips stay about as low as the knees."""
    joined = np.array(posture.lying & posture.seen)
    ankle_y = middle(track.xy_px, sk.ANKLES)[:, 1]
    knees = (ankle_y - middle(track.xy_px, sk.KNEES)[:, 1])[joined]
    hips = ankle_y - middle(track.xy_px, sk.HIPS)[:, 1]
    low = ~(hips > _HIPS_BELOW * np.nanpercentile(knees, 95))
    for first, last in signals.spans(~joined):
        inside = first > 0 and last < len(joined)
        if inside and track.t_s[last] - track.t_s[first - 1] <= LOST_S:
            joined[first:last] = low[first:last].all()
    return joined


def standing_ankles(ankles_px: FloatArray) -> FloatArray | None:
    """(2, 2): where two feet stand, by picture x, of (T, 2, 2) ankles that the model exchanges.

    None when they do not stay in place, as feet on the floor do.
    """
    ankles = by_picture_x(ankles_px[np.isfinite(ankles_px).all(axis=(1, 2))])
    if len(ankles) == 0:
        return None
    places = np.median(ankles, axis=0)
    moved = np.median(np.linalg.norm(ankles - places, axis=-1))
    apart = float(places[1, 0] - places[0, 0])
    return places if moved <= _FEET_MOVED * apart else None


def by_picture_x(points_px: FloatArray) -> FloatArray:
    """(T, 2, 2) with the point that is further left in the picture first."""
    order = np.argsort(points_px[..., 0], axis=1)
    return np.take_along_axis(points_px, order[..., None], axis=1)


def with_poses(track: PoseTrack, first: int, poses: Sequence[Pose]) -> PoseTrack:
    """The track with these poses from frame ``first`` on; where they show nobody, as it was."""
    xy, confidence = track.xy_px.copy(), track.confidence.copy()
    xyz = None if track.xyz_m is None else track.xyz_m.copy()
    for at, pose in enumerate(poses, first):
        if pose.seen:
            xy[at], confidence[at] = pose.xy_px, pose.confidence
            if xyz is not None:
                xyz[at] = np.nan if pose.xyz_m is None else pose.xyz_m
    return replace(track, xy_px=xy, xyz_m=xyz, confidence=confidence)


def sides_kept(track: PoseTrack, span: Span) -> PoseTrack:
    """The track with left and right as in most frames of a span, told by the ankles.

    Seen from the feet the model exchanges left and right; feet on the floor do not change places,
    and knees that fall together do not cross.
    """
    across = np.nan_to_num(ankles_across_px(track.xy_px[slice(*span)]))
    usual = 1.0 if (across > 0).sum() >= (across < 0).sum() else -1.0
    return with_sides_exchanged(track, span[0] + np.flatnonzero(across * usual < 0))


def ankles_across_px(xy_px: FloatArray) -> FloatArray:
    """(...): picture x of the left ankle less that of the right one."""
    ankles = pair(xy_px, sk.ANKLES)
    return np.asarray(ankles[..., 0, 0] - ankles[..., 1, 0])


def with_sides_exchanged(track: PoseTrack, frames: NDArray[np.intp]) -> PoseTrack:
    """The track with left and right of the lower body exchanged in these frames."""
    order = np.arange(sk.N_LANDMARKS)
    order[sk.HIPS[0] :] = sk.MIRROR[sk.HIPS[0] :]
    xy, confidence = track.xy_px.copy(), track.confidence.copy()
    xyz = None if track.xyz_m is None else track.xyz_m.copy()
    for values in (xy, confidence) if xyz is None else (xy, confidence, xyz):
        values[frames] = values[frames][:, order]
    return replace(track, xy_px=xy, xyz_m=xyz, confidence=confidence)


def with_knees(
    track: PoseTrack, span: Span, knees_px: FloatArray, ankles_px: FloatArray
) -> PoseTrack:
    """The track with a span's knees (N, 2, 2) and standing ankles (2, 2), both by picture x.

    Where the outline does not tell (NaN) knees become NaN with confidence 0: what the model says of
    them is worth nothing. Run it after :func:`sides_kept`.
    """
    xy, confidence = track.xy_px.copy(), track.confidence.copy()
    frames = np.arange(*span)
    ankles = pair(xy[frames], sk.ANKLES)
    known = np.isfinite(np.concatenate([ankles, knees_px], axis=1))
    found = np.asarray(known.all(axis=(1, 2)))
    left_first = float(np.nanmedian(ankles[:, 0, 0] - ankles[:, 1, 0])) <= 0
    for side, own in enumerate((0, 1) if left_first else (1, 0)):
        knee, ankle = sk.KNEES[side], sk.ANKLES[side]
        xy[frames, knee] = np.where(found[:, None], knees_px[:, own], np.nan)
        confidence[frames, knee] = np.where(found, OUTLINE_CONFIDENCE, 0)
        at = span[0] + np.flatnonzero(found)
        xy[at, ankle] = ankles_px[own]
        confidence[at, ankle] = OUTLINE_CONFIDENCE
    return replace(track, xy_px=xy, confidence=confidence)

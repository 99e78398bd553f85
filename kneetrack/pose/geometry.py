"""Sizes of a body over a clip."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from kneetrack.records import FloatArray, PoseTrack
from kneetrack.skeleton import ANKLES, HIPS, KNEES, SHOULDERS

_BODY = np.array([*SHOULDERS, *HIPS, *KNEES, *ANKLES])
_TRUNK_AND_LEG_M = 1.3
_ENOUGH = 15


def body_scales_px(track: PoseTrack) -> FloatArray:
    """(T,) pixels per metre at the person in each frame; NaN where nobody is seen.

    Spread of the body in the picture over its spread in the world, which hardly changes with
    posture. Without world landmarks: from the lengths of trunk and legs.
    """
    flat = track.xy_px[:, _BODY] - track.xy_px[:, _BODY].mean(axis=1, keepdims=True)
    with np.errstate(invalid="ignore", divide="ignore"):
        if track.xyz_m is None:
            return _from_lengths(track)
        world = track.xyz_m[:, _BODY, :2]
        world = world - world.mean(axis=1, keepdims=True)
        return np.asarray(
            np.sqrt(np.square(flat).sum(axis=(1, 2)) / np.square(world).sum(axis=(1, 2)))
        )


def body_scale_px(track: PoseTrack) -> float:
    """Pixels per metre over the whole clip (median); 1 when nobody is seen."""
    scales = body_scales_px(track)
    good = scales[np.isfinite(scales) & (scales > 0)]
    return float(np.median(good)) if len(good) else 1.0


def medians_around(values: FloatArray, t_s: FloatArray, within_s: float) -> FloatArray:
    """(T,) median of the finite values up to so many seconds before and after; NaN if none."""
    reach = _frames(t_s, within_s)
    return _medians(values, np.arange(-reach, reach + 1))


def dips(
    values: FloatArray, t_s: FloatArray, within_s: float, share: float, least: float
) -> NDArray[np.bool_]:
    """(T,) where a curve falls below a share of what it is both shortly before and after.

    Not where it is lower from then on, nor where it is at most ``least`` before or after.
    """
    reach = _frames(t_s, within_s)
    before = _medians(values, np.arange(-reach, 0))
    after = _medians(values, np.arange(1, reach + 1))
    usual = np.minimum(before, after)  # NaN at the ends, where one side is missing
    return np.asarray((usual > least) & (values < share * usual))


def _frames(t_s: FloatArray, seconds: float) -> int:
    """How many frames so many seconds are, at the usual rate; at least one."""
    return max(1, round(seconds / float(np.median(np.diff(t_s))))) if len(t_s) > 1 else 1


def _medians(values: FloatArray, offsets: NDArray[np.int64]) -> FloatArray:
    """(T,) median of the finite values at these offsets from each frame; NaN if there are none.

    Long windows are thinned out: 15 values give as good a median as 500.
    """
    if len(offsets) > _ENOUGH:
        offsets = offsets[np.linspace(0, len(offsets) - 1, _ENOUGH).round().astype(int)]
    where = np.arange(len(values))[:, None] + offsets
    inside = (where >= 0) & (where < len(values))
    near = np.where(inside, values[np.clip(where, 0, len(values) - 1)], np.nan)
    near = np.sort(near, axis=1)  # NaN last
    finite = np.isfinite(near).sum(axis=1)
    rows = np.arange(len(values))
    middle = np.maximum(finite - 1, 0)
    return np.asarray((near[rows, middle // 2] + near[rows, (middle + 1) // 2]) / 2)


def _from_lengths(track: PoseTrack) -> FloatArray:
    length = np.zeros(len(track))
    for upper, lower in ((SHOULDERS, HIPS), (HIPS, KNEES), (KNEES, ANKLES)):
        middles = [track.xy_px[:, list(pair)].mean(axis=1) for pair in (upper, lower)]
        length = length + np.linalg.norm(middles[0] - middles[1], axis=1)
    return np.asarray(length / _TRUNK_AND_LEG_M)

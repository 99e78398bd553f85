"""Knees moved to the middle of the leg's outline, in front views.

Landmark and outline err independently: the landmark where a knee is on its leg, the outline by
clothes. The mean of both is better than either (docs/measuring.md).
"""

from __future__ import annotations

from typing import Final

import numpy as np

from kneetrack.records import FloatArray, Pose
from kneetrack.skeleton import ANKLES, HIPS, KNEES, SHOULDERS

MOST_YAW_DEG: Final = 35.0
"""Turned further, the outline of a bent knee says nothing of its joint."""
ROWS: Final = (-0.1, -0.05, 0.0, 0.05, 0.1)
"""Where the outline is read, shank lengths below the knee."""
WIDTHS: Final = (0.06, 0.28)
"""A single leg at the knee is so wide, leg lengths; anything else is no single leg."""
REACH: Final = 0.05
"""How far outside the outline a knee may be read, leg lengths."""


def with_centred_knees(pose: Pose, outline: FloatArray, size_px: tuple[int, int]) -> Pose:
    """The pose with each knee's x in the middle of the leg's outline, where that can be told.

    outline: (h, w) 0..1, the person's share of each of its points, of the whole picture of
    ``size_px`` (width, height) that the pose is of, at any resolution. Knees of a person who is
    turned or lying, or whose legs run into one another in the picture, stay where they are.
    """
    if not _towards_camera(pose):
        return pose
    xy = pose.xy_px.copy()
    scale = np.array(outline.shape[::-1]) / np.array(size_px)
    for side in (0, 1):
        offset_px = _offset_px(pose.xy_px, outline, scale, side)
        if np.isfinite(offset_px):
            xy[KNEES[side], 0] += offset_px
    return Pose(xy, pose.xyz_m, pose.confidence, pose.t_s)


def _towards_camera(pose: Pose) -> bool:
    """Upright and turned by less than :data:`MOST_YAW_DEG` from the front (or the back)."""
    if pose.xyz_m is None or not pose.seen:
        return False
    across = pose.xyz_m[SHOULDERS[0]] - pose.xyz_m[SHOULDERS[1]]
    turned = np.degrees(np.arctan2(abs(across[2]), abs(across[0])))
    top, low = pose.xy_px[list(SHOULDERS)].mean(axis=0), pose.xy_px[list(ANKLES)].mean(axis=0)
    return bool(turned < MOST_YAW_DEG and low[1] - top[1] > abs(low[0] - top[0]))


def _offset_px(xy: FloatArray, outline: FloatArray, scale: FloatArray, side: int) -> float:
    """From the knee to the middle of its leg's outline, pixels to the right; NaN if unsure.

    scale: (2,) points of the outline per pixel.
    """
    hip, knee, ankle = xy[HIPS[side]], xy[KNEES[side]], xy[ANKLES[side]]
    other = float(xy[KNEES[1 - side], 0])
    shank, thigh = ankle - knee, hip - knee
    leg_px = float(np.hypot(*shank) + np.hypot(*thigh))
    if not (shank[1] > abs(shank[0]) / 2 and thigh[1] < 0):
        return float("nan")
    offsets = []
    for part in ROWS:
        along = shank * part if part >= 0 else thigh * (part * shank[1] / thigh[1])
        point = knee + along
        span = _span(outline, point * scale, REACH * leg_px * scale[0])
        if span is None:
            return float("nan")
        left, right = span[0] / scale[0], span[1] / scale[0]
        slack = 0.01 * leg_px
        if not WIDTHS[0] < (right - left) / leg_px < WIDTHS[1]:
            return float("nan")
        if left - slack < other < right + slack:
            return float("nan")
        offsets.append((left + right) / 2 - float(point[0]))
    return float(np.mean(offsets))


def _span(outline: FloatArray, point: FloatArray, reach: float) -> tuple[float, float] | None:
    """Left and right edge of what holds a point (x, y) in its row, to a part of a point.

    None where the nearest of it is further than ``reach`` from it, or reaches the border.
    """
    row_at = int(point[1])
    if not 0 <= row_at < len(outline):
        return None
    row = outline[row_at]
    inside = np.flatnonzero(row >= 0.5)
    if len(inside) == 0:
        return None
    start = int(inside[np.argmin(np.abs(inside + 0.5 - point[0]))])
    if abs(start + 0.5 - point[0]) > reach + 0.5:
        return None
    gaps = np.flatnonzero(row < 0.5)
    before, after = gaps[gaps < start], gaps[gaps > start]
    if len(before) == 0 or len(after) == 0:
        return None
    first, last = int(before[-1]), int(after[0])
    left = first + (0.5 - row[first]) / (row[first + 1] - row[first])
    right = last - (0.5 - row[last]) / (row[last - 1] - row[last])
    return float(left) + 0.5, float(right) + 0.5

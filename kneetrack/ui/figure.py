"""The person: bones, the thigh-shank line of each knee, the sign at the knee.

Each function draws in place and skips landmarks that are NaN (see :func:`drawable`). ``scale``
makes lines thinner for a small person.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from kneetrack.records import FloatArray
from kneetrack.skeleton import ANKLES, EDGES, ELBOWS, HIPS, KNEES, SHOULDERS, WRISTS
from kneetrack.ui.signs import sign
from kneetrack.ui.sprites import lay
from kneetrack.ui.style import Colour, ImageU8, MarkStatus, Sizes

_LEG_EDGES: Final = frozenset(
    edge for side in (0, 1) for edge in ((HIPS[side], KNEES[side]), (KNEES[side], ANKLES[side]))
)
_BONES: Final = np.array([edge for edge in EDGES if edge not in _LEG_EDGES])
_JOINTS: Final = np.array([*SHOULDERS, *ELBOWS, *WRISTS, *HIPS, *ANKLES])
_FAR: Final = 4.0
_SHIFT: Final = 4
"""Fractional bits of the coordinates handed to OpenCV: lines move smoothly."""

Fixed = NDArray[np.int32]
"""(..., 2) fixed-point pixels."""


def drawable(xy_px: FloatArray, sizes: Sizes) -> FloatArray:
    """Landmarks (K, 2) with NaN for those that cannot be drawn (not seen, or far outside)."""
    xy = np.asarray(xy_px, np.float64)
    limit = _FAR * max(sizes.width, sizes.height)
    with np.errstate(invalid="ignore"):
        good = (np.abs(xy) < limit).all(axis=-1, keepdims=True)
    return np.where(good, xy, np.nan)


def draw_skeleton(image: ImageU8, xy_px: FloatArray, sizes: Sizes, *, scale: float = 1.0) -> None:
    """Trunk, arms and feet as thin light lines with joints. The legs are drawn apart."""
    style = sizes.style
    bones = xy_px[_BONES]
    lines = _fixed(bones[np.isfinite(bones).all(axis=(1, 2))])
    width, rim = max(1, round(sizes.bone_line * scale)), _rim(sizes, scale)
    _strokes(image, lines, style.casing, width + 2 * rim, smooth=False)
    _strokes(image, lines, style.bone, width)
    joints = xy_px[_JOINTS]
    radius = 1.1 * sizes.bone_line * scale
    for joint in _fixed(joints[np.isfinite(joints).all(axis=1)]).tolist():
        _dot(image, joint, radius + rim, style.casing)
        _dot(image, joint, radius, style.bone)


def draw_leg(
    image: ImageU8,
    leg_px: FloatArray,
    status: MarkStatus,
    sizes: Sizes,
    *,
    scale: float = 1.0,
) -> None:
    """The thigh-shank line of a knee in the look of its state. leg_px: hip, knee, ankle (3, 2)."""
    style, look = sizes.style, sizes.style.look(status)
    hip, knee, ankle = leg_px
    seen = np.isfinite(leg_px.sum(axis=1)).tolist()
    ends = [end for end, there in ((hip, seen[0]), (ankle, seen[2])) if there and seen[1]]
    width = max(1, round(sizes.leg_line * look.width * scale))
    if look.dashed:
        parts = [dash for end in ends for dash in _dashes(knee, end, width)]
    else:
        parts = [np.stack([knee, end]) for end in ends]
    lines = [_fixed(part) for part in parts]
    casing = style.casing if status in ("resting", "cannot_tell") else style.bone
    _strokes(image, lines, casing, width + 2 * _rim(sizes, scale))
    _strokes(image, lines, look.colour, width)


def draw_knee_sign(
    image: ImageU8,
    knee_px: FloatArray,
    status: MarkStatus,
    sizes: Sizes,
    *,
    scale: float = 1.0,
) -> None:
    """The sign of the state on the knee, (2,) pixels; nothing when that is NaN."""
    if not np.isfinite(knee_px).all():
        return
    sprite = sign(status, max(3, round(sizes.knee_sign * scale)), sizes.style)
    half = sprite.size_px[0] / 2
    lay(image, sprite, round(float(knee_px[0]) - half), round(float(knee_px[1]) - half))


def _rim(sizes: Sizes, scale: float) -> int:
    return max(1, round(0.0028 * sizes.unit * scale))


def _fixed(points: FloatArray) -> Fixed:
    """Fixed-point coordinates of OpenCV, whose whole numbers are pixel centres."""
    fixed: Fixed = np.rint((points - 0.5) * (1 << _SHIFT)).astype(np.int32)
    return fixed


def _strokes(
    image: ImageU8,
    lines: Sequence[Fixed] | Fixed,
    colour: Colour,
    width: int,
    *,
    smooth: bool = True,
) -> None:
    if len(lines):
        kind = cv2.LINE_AA if smooth else cv2.LINE_8
        cv2.polylines(image, list(lines), False, colour, width, kind, _SHIFT)


def _dot(image: ImageU8, point: list[int], radius: float, colour: Colour) -> None:
    reach = max(1, round(radius * (1 << _SHIFT)))
    cv2.circle(image, (point[0], point[1]), reach, colour, -1, cv2.LINE_AA, _SHIFT)


def _dashes(start: FloatArray, end: FloatArray, width: int) -> list[FloatArray]:
    """Dashes from start to end, as many as fit; round ends add half a width to each."""
    length = float(np.hypot(*(end - start)))
    step = 4.4 * width
    count = max(1, int(length / step))
    half = 0.24 / count
    along = end - start
    places = (np.arange(count) + 0.5) / count
    return [np.stack([start + along * (p - half), start + along * (p + half)]) for p in places]

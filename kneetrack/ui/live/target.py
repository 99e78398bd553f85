"""The broken outline into which the person is to fit, standing or lying."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from kneetrack.ui.live.scale import Scale
from kneetrack.ui.style import ImageU8

_SHIFT: Final = 4
_FINE: Final = 600
_ORIGIN: Final = np.array([0.5, 0.02])

Limb = tuple[tuple[tuple[float, float], ...], float]
"""Points along a limb, and its thickness; x and y in body lengths."""

_STANDING: Final[tuple[Limb, ...]] = (
    (((0.0, 0.07), (0.0, 0.085)), 0.125),
    (((0.0, 0.12), (0.0, 0.25)), 0.06),
    (((-0.085, 0.225), (0.085, 0.225), (0.055, 0.48), (-0.055, 0.48), (-0.085, 0.225)), 0.09),
    (((0.0, 0.22), (0.0, 0.48)), 0.17),
    (((-0.115, 0.225), (-0.165, 0.37), (-0.185, 0.50)), 0.062),
    (((0.115, 0.225), (0.165, 0.37), (0.185, 0.50)), 0.062),
    (((-0.055, 0.48), (-0.085, 0.72), (-0.09, 0.955), (-0.115, 0.965)), 0.078),
    (((0.055, 0.48), (0.085, 0.72), (0.09, 0.955), (0.115, 0.965)), 0.078),
)
_LYING: Final[tuple[Limb, ...]] = (
    (((0.08, 0.36), (0.10, 0.36)), 0.125),
    (((0.15, 0.38), (0.22, 0.39)), 0.07),
    (((0.22, 0.385), (0.50, 0.385)), 0.125),
    (((0.22, 0.43), (0.52, 0.445)), 0.05),
    (((0.50, 0.385), (0.69, 0.15)), 0.095),
    (((0.69, 0.15), (0.77, 0.41)), 0.078),
    (((0.77, 0.425), (0.87, 0.435)), 0.055),
)


def draw_target(image: ImageU8, lying: bool, scale: Scale) -> None:
    """The outline in the free part of the screen below the message, in place."""
    dashes = _dashes(lying, scale)
    style = scale.style
    width = max(2, round(0.008 * scale.unit))
    for colour, thick in ((style.casing, 2 * width), (style.watch.colour, width)):
        cv2.polylines(image, dashes, False, colour, thick, cv2.LINE_AA, _SHIFT)


@lru_cache(maxsize=8)
def _dashes(lying: bool, scale: Scale) -> list[NDArray[np.int32]]:
    outline = _outline(_LYING if lying else _STANDING)
    extent = outline.max(axis=0) - outline.min(axis=0)
    top = scale.margin + scale.band + 2 * scale.gap
    bottom = scale.height - scale.margin - 2 * scale.small - scale.gap
    length = min((bottom - top) / extent[1], 0.86 * scale.width / extent[0])
    middle = np.array([scale.width / 2, (top + bottom) / 2])
    points = (outline - outline.min(axis=0) - extent / 2) * length + middle
    steps = np.hypot(*np.diff(points, axis=0, append=points[:1]).T)
    along = np.concatenate([[0.0], np.cumsum(steps)])
    count = max(8, round(along[-1] / (0.052 * scale.unit)))
    closed = np.concatenate([points, points[:1]])
    dashes = []
    for i in range(count):
        at = np.linspace(i, i + 0.5, 8) * along[-1] / count
        dash = np.stack([np.interp(at, along, closed[:, axis]) for axis in (0, 1)], axis=1)
        dashes.append(np.rint((dash - 0.5) * (1 << _SHIFT)).astype(np.int32))
    return dashes


def _outline(limbs: tuple[Limb, ...]) -> NDArray[np.float64]:
    """(N, 2) points around the body, in body lengths."""
    canvas = np.zeros((round(1.1 * _FINE), 2 * _FINE), np.uint8)
    for points, thick in limbs:
        fixed = np.rint((np.asarray(points) + _ORIGIN) * _FINE).astype(np.int32)
        cv2.polylines(canvas, [fixed], False, (255,), max(1, round(thick * _FINE)))
    smooth = cv2.GaussianBlur(canvas, (0, 0), 0.012 * _FINE)
    found, _ = cv2.findContours(
        (smooth > 127).astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE
    )
    return np.asarray(max(found, key=len)[:, 0], np.float64) / _FINE

"""The sign of each state: told apart by outline and by what is in it, not by colour alone.

ok: a disc with a tick; watch: a triangle with an exclamation mark; flag: a square with a cross;
cannot_tell: a diamond with a question mark; resting: a small plain dot.
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from kneetrack.ui import text
from kneetrack.ui.sprites import Canvas, Sprite
from kneetrack.ui.style import MarkStatus, Style

_FINE: Final = 8
"""Shapes are drawn this much larger and shrunk."""

Points = tuple[tuple[float, float], ...]
_TRIANGLE: Final[Points] = ((0.0, -0.82), (0.90, 0.70), (-0.90, 0.70))
_DIAMOND: Final[Points] = ((0.0, -0.98), (0.98, 0.0), (0.0, 0.98), (-0.98, 0.0))
_TICK: Final[Points] = ((-0.42, 0.04), (-0.12, 0.36), (0.44, -0.32))


@lru_cache(maxsize=128)
def sign(status: MarkStatus, radius: int, style: Style) -> Sprite:
    """The sign of a state, about ``radius`` pixels from its middle to its edge, with a thin rim.

    The sprite is square with the middle of the sign in its middle.
    """
    look = style.look(status)
    half = math.ceil(radius * 1.35) + 1
    canvas = Canvas(2 * half, 2 * half)
    if status == "resting":
        canvas.paint(_disc(half, 0.45 * radius), 0, 0, style.casing)
        canvas.paint(_disc(half, 0.30 * radius), 0, 0, look.colour)
    elif status == "cannot_tell":
        canvas.paint(_outline(status, half, radius, rim=0.16), 0, 0, style.casing)
        canvas.paint(_outline(status, half, radius, rim=0.0), 0, 0, look.colour)
        _letter(canvas, "?", half, radius, look.ink)
    else:
        canvas.paint(_outline(status, half, radius, rim=0.16), 0, 0, style.bone)
        canvas.paint(_outline(status, half, radius, rim=0.0), 0, 0, look.colour)
        canvas.paint(_inside(status, half, radius), 0, 0, look.ink)
    return canvas.sprite()


def _outline(status: MarkStatus, half: int, radius: float, rim: float) -> NDArray[np.uint8]:
    if status == "ok":
        return _disc(half, radius * (0.92 + rim))
    if status == "watch":
        return _polygon(half, radius, _TRIANGLE, round_by=0.16 + rim)
    if status == "cannot_tell":
        return _polygon(half, radius, _DIAMOND, round_by=0.16 + rim)
    side = 0.72
    square: Points = ((-side, -side), (side, -side), (side, side), (-side, side))
    return _polygon(half, radius, square, round_by=0.16 + rim)


def _inside(status: MarkStatus, half: int, radius: float) -> NDArray[np.uint8]:
    if status == "ok":
        return _strokes(half, radius, (_TICK,), 0.24)
    if status == "watch":
        return _strokes(half, radius, (((0.0, -0.30), (0.0, 0.18)), ((0.0, 0.50),) * 2), 0.23)
    arm = 0.38
    return _strokes(half, radius, (((-arm, -arm), (arm, arm)), ((-arm, arm), (arm, -arm))), 0.24)


def _letter(
    canvas: Canvas, letter: str, half: int, radius: float, colour: tuple[int, int, int]
) -> None:
    size = max(3, round(1.3 * radius))
    mask = text.mask(letter, size, text.HEAVY)
    columns = np.flatnonzero(mask.any(axis=0))
    middle = (columns[0] + columns[-1] + 1) / 2 if len(columns) else 0
    canvas.paint(mask, round(half - middle), round(half - text.CAP_MIDDLE * size), colour)


def _blank(half: int) -> NDArray[np.uint8]:
    return np.zeros((2 * half * _FINE, 2 * half * _FINE), np.uint8)


def _shrink(fine: NDArray[np.uint8], half: int) -> NDArray[np.uint8]:
    small = cv2.resize(fine, (2 * half, 2 * half), interpolation=cv2.INTER_AREA)
    return np.asarray(small, dtype=np.uint8)


def _place(points: Points, half: int, radius: float) -> NDArray[np.int32]:
    return np.rint((np.asarray(points) * radius + half) * _FINE).astype(np.int32)


def _disc(half: int, radius: float) -> NDArray[np.uint8]:
    fine = _blank(half)
    cv2.circle(fine, (half * _FINE, half * _FINE), round(radius * _FINE), (255,), -1)
    return _shrink(fine, half)


def _polygon(half: int, radius: float, points: Points, round_by: float) -> NDArray[np.uint8]:
    fine = _blank(half)
    corners = _place(points, half, radius)
    cv2.fillPoly(fine, [corners], (255,))
    width = max(1, round(2 * round_by * radius * _FINE))
    cv2.polylines(fine, [corners], True, (255,), width)
    return _shrink(fine, half)


def _strokes(
    half: int, radius: float, strokes: tuple[Points, ...], width: float
) -> NDArray[np.uint8]:
    fine = _blank(half)
    for stroke in strokes:
        points = _place(stroke, half, radius)
        cv2.polylines(fine, [points], False, (255,), max(1, round(width * radius * _FINE)))
    return _shrink(fine, half)

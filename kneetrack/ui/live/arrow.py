"""The arrow that says which way to turn, and how far.

It is a road sign, not part of the picture: whoever faces the screen has their own left at the
screen's left, however the preview is shown, so a turn to the own left points left. In the
mirrored preview the chest then swings the same way.
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Final

import numpy as np

from kneetrack.ui import text
from kneetrack.ui.live.fitting import fit_line
from kneetrack.ui.live.scale import Scale
from kneetrack.ui.live.shapes import Mask, polygon
from kneetrack.ui.panels import plate, write
from kneetrack.ui.sprites import Sprite

_HEAD: Final = ((0.0, 0.36), (0.40, 0.05), (0.40, 0.67))
_SHAFT: Final = (0.25, 0.47)


def turn_plate(turn_deg: float, scale: Scale) -> Sprite | None:
    """Arrow and degrees. turn_deg: + to the person's own left; None when it is less than 1."""
    if not math.isfinite(turn_deg) or abs(turn_deg) < 0.5:
        return None
    return _plate(min(180, max(1, round(abs(turn_deg)))), turn_deg > 0, scale)


@lru_cache(maxsize=64)
def _plate(degrees: int, left: bool, scale: Scale) -> Sprite:
    style = scale.style
    size = round(0.72 * scale.huge)
    words = f"{degrees}°"
    width = round((1.2 if scale.upright else 1.08) * scale.column)
    arrow = width - 3 * scale.pad
    size = fit_line(words, text.HEAVY, size, 1, arrow).size
    row = round(0.95 * size)
    canvas = plate(width, arrow + row + 3 * scale.pad, scale.figure)
    shape = _arrow(arrow)
    canvas.paint(
        shape if left else shape[:, ::-1], (width - arrow) // 2, scale.pad, style.watch.colour
    )
    x = (width - text.width_px(words, size, text.HEAVY)) / 2
    middle = arrow + 2 * scale.pad + row / 2
    write(canvas, words, (x, middle), (size, text.HEAVY), style.text)
    return canvas.sprite()


def _arrow(side: int) -> Mask:
    """A shaft that comes from below and bends to the left, in a square of ``side`` pixels."""
    low, high = _SHAFT
    bend = 0.36
    outer = (0.94 - bend, low + bend)
    angles = np.linspace(0, math.pi / 2, 16)
    curve = [
        (outer[0] + bend * math.sin(a), outer[1] - bend * math.cos(a)) for a in angles.tolist()
    ]
    inner = bend - (high - low)
    back = [
        (outer[0] + inner * math.sin(a), outer[1] - inner * math.cos(a))
        for a in angles[::-1].tolist()
    ]
    thick = high - low
    corners = [
        _HEAD[0],
        _HEAD[1],
        (_HEAD[1][0], low),
        *curve,
        (0.94, 0.97),
        (0.94 - thick, 0.97),
        *back,
        (_HEAD[2][0], high),
        _HEAD[2],
    ]
    inside = 0.03
    points = [(side * (inside + (1 - 2 * inside) * x), side * y) for x, y in corners]
    return polygon((side, side), points, round_by=0.015 * side)

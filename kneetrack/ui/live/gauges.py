"""The gauge of a knee: a dial whose needle leans as the shin does.

Upright is the middle of the good band; the needle leans towards the middle of the screen when
the knee goes inwards. Five zones: good in the middle, then near the edge, then beyond it, on both
sides. Which state it is is also said by the sign at the foot of the needle, and by words.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from kneetrack.live_records import Gauge
from kneetrack.skeleton import LEFT
from kneetrack.ui import text
from kneetrack.ui.live.fitting import fit_line
from kneetrack.ui.live.scale import Scale
from kneetrack.ui.live.shapes import Point, draw_needle, sector
from kneetrack.ui.panels import plate, put_sign, write
from kneetrack.ui.signs import sign
from kneetrack.ui.sprites import Canvas, Sprite, lay, rounded
from kneetrack.ui.style import Colour, ImageU8, MarkStatus

ZONE_DEG: Final = 23.0
"""How far the needle leans for one zone: position 1 is the edge of the good band."""
_FURTHEST: Final = 2.62
_SURELY: Final[dict[MarkStatus, float]] = {"watch": 1.15, "flag": 2.35}
_HUB: Final = 0.31
_NO_NUMBER: Final = {"cannot_tell": "cannot tell"}
_LIT: Final = (0.54, 1.0)
_UNLIT: Final = (0.66, 0.95)


@dataclass(frozen=True, slots=True)
class Dial:
    """A needle to draw over a gauge's plate. turn_deg: clockwise on the screen, from upright."""

    pivot: Point
    radius: float
    turn_deg: float
    status: MarkStatus


def needle_deg(gauge: Gauge, inward: int) -> float | None:
    """How far the needle leans clockwise on the screen, degrees; None: there is no needle.

    inward: +1 when the middle of the screen is to the right of the gauge, else -1. A state that
    is worse than the position says (it lasts a little) keeps the needle in its zone.
    """
    position = gauge.position
    if position is None or not math.isfinite(position):
        return None
    if gauge.status in ("cannot_tell", "resting"):
        return None
    least = _SURELY.get(gauge.status, 0.0)
    reach = min(_FURTHEST, max(abs(position), least))
    return inward * math.copysign(reach, position) * ZONE_DEG


def dial_height(scale: Scale) -> int:
    """Height of a gauge's plate in pixels."""
    return round(2 * scale.pad + (1 + _HUB) * _radius(scale) + 0.6 * scale.gap + _row(scale))


def gauge_plate(side: int, gauge: Gauge, inward: int, scale: Scale) -> Sprite:
    """The plate of a knee's gauge without its needle. side: LEFT or RIGHT."""
    label = text.clean(gauge.label) or _NO_NUMBER.get(gauge.status, "")
    turn = needle_deg(gauge, inward)
    zone = 0
    if turn is not None and gauge.status in _SURELY:
        zone = int(math.copysign(1 if gauge.status == "watch" else 2, turn))
    return _plate(side, gauge.status, label, zone, scale)


def dial(gauge: Gauge, inward: int, left: int, top: int, scale: Scale) -> Dial | None:
    """What to draw over a gauge's plate at ``left``, ``top``; None when there is no needle."""
    turn = needle_deg(gauge, inward)
    if turn is None:
        return None
    x, y = _pivot(scale)
    return Dial((left + x, top + y), _radius(scale), turn, gauge.status)


def draw_dial(image: ImageU8, dial: Dial, scale: Scale) -> None:
    """Needle and sign, in place."""
    style = scale.style
    needle_px = 0.93 * dial.radius
    draw_needle(image, dial.pivot, needle_px, dial.turn_deg, (style.text, style.casing))
    sprite = sign(dial.status, round(_HUB * dial.radius), style)
    half = sprite.size_px[0] / 2
    lay(image, sprite, round(dial.pivot[0] - half), round(dial.pivot[1] - half))


def _radius(scale: Scale) -> float:
    return 0.5 * scale.column - scale.pad


def _row(scale: Scale) -> int:
    return round(1.32 * _letters(scale))


def _letters(scale: Scale) -> int:
    return round(min(0.86 * scale.body, 0.19 * scale.column))


def _pivot(scale: Scale) -> Point:
    return 0.5 * scale.column, scale.pad + _radius(scale)


@lru_cache(maxsize=256)
def _plate(side: int, status: MarkStatus, label: str, zone: int, scale: Scale) -> Sprite:
    canvas = plate(scale.column, dial_height(scale), scale.figure)
    canvas.lay(_face(status, zone, scale), 0, 0)
    _name(canvas, side, status, label, scale)
    return canvas.sprite()


@lru_cache(maxsize=32)
def _face(status: MarkStatus, zone: int, scale: Scale) -> Sprite:
    canvas = Canvas(scale.column, dial_height(scale))
    x, y = _pivot(scale)
    if status == "cannot_tell":
        _hatched(canvas, scale)
        radius = 0.40 * _radius(scale)
        put_sign(canvas, status, (x, y - 0.24 * _radius(scale)), radius, scale.style)
    elif status == "resting":
        _ring(canvas, (-2.95, 2.95), _UNLIT, scale.style.text_soft, 0.22, scale)
        put_sign(canvas, status, (x, y), 0.6 * _HUB * _radius(scale), scale.style)
    else:
        for each in (-2, -1, 0, 1, 2):
            _zone(canvas, each, each == zone, scale)
    return canvas.sprite()


def _zone(canvas: Canvas, zone: int, lit: bool, scale: Scale) -> None:
    names: tuple[MarkStatus, ...] = ("ok", "watch", "flag")
    colour = scale.style.look(names[abs(zone)]).colour
    low, high = {0: (-0.95, 0.95), 1: (1.05, 1.95), 2: (2.05, 2.95)}[abs(zone)]
    if zone < 0:
        low, high = -high, -low
    radii = _LIT if lit else _UNLIT
    if lit:
        more = 0.02
        _ring(canvas, (low - more, high + more), (radii[0], radii[1]), colour, 1.0, scale)
        return
    opacity = 0.62
    if abs(zone) == 2:
        third = (high - low) / 3
        for i in range(3):
            part = (low + (i + 0.13) * third, low + (i + 0.87) * third)
            _ring(canvas, part, radii, colour, opacity, scale)
    else:
        _ring(canvas, (low, high), radii, colour, opacity, scale)


def _hatched(canvas: Canvas, scale: Scale) -> None:
    """An empty dial: thin strokes instead of zones."""
    count = 15
    for i in range(count):
        middle = -2.8 + 5.6 * i / (count - 1)
        stroke = (middle - 0.06, middle + 0.06)
        _ring(canvas, stroke, _UNLIT, scale.style.cannot_tell.colour, 0.85, scale)


def _ring(
    canvas: Canvas,
    zones: tuple[float, float],
    radii: tuple[float, float],
    colour: Colour,
    opacity: float,
    scale: Scale,
) -> None:
    radius = _radius(scale)
    size = (scale.column, dial_height(scale))
    turn = (zones[0] * ZONE_DEG, zones[1] * ZONE_DEG)
    cover = sector(size, _pivot(scale), (radii[0] * radius, radii[1] * radius), turn)
    canvas.paint(cover, 0, 0, colour, opacity)


def _name(canvas: Canvas, side: int, status: MarkStatus, label: str, scale: Scale) -> None:
    """L or R on the colour of the state, and what was measured beside it."""
    look, row = scale.style.look(status), _row(scale)
    size = _letters(scale)
    letter = "L" if side == LEFT else "R"
    letter_px = text.width_px(letter, size, text.HEAVY)
    tag, gap = row, round(0.28 * size)
    room = scale.column - 2 * gap - tag - gap
    line = fit_line(label, text.BOLD, size, round(0.5 * size), room)
    width = tag + (gap + line.width if line.lines else 0)
    left = (scale.column - width) / 2
    top = dial_height(scale) - scale.pad - row
    canvas.paint(rounded(tag, row, 0.22 * row), round(left), top, look.colour)
    middle = top + row / 2
    where = (left + (tag - letter_px) / 2, middle)
    write(canvas, letter, where, (size, text.HEAVY), look.ink)
    for words in line.lines:
        where = (left + tag + gap, middle)
        write(canvas, words, where, (line.size, text.BOLD), scale.style.text)

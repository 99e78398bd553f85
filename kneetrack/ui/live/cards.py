"""Tables over a darkened picture: the summary of the session, and the keys."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

import numpy as np

from kneetrack.live_records import SummaryLine
from kneetrack.ui import text
from kneetrack.ui.live.choices import draw_cap
from kneetrack.ui.live.fitting import Lines, fit_lines
from kneetrack.ui.live.scale import Scale
from kneetrack.ui.live.shapes import Point
from kneetrack.ui.live.stage import words_sprite
from kneetrack.ui.panels import plate, put_sign, write
from kneetrack.ui.sprites import Canvas, Sprite

_ROW: Final = 1.72
_LEAST: Final = 0.5
_FOOT_LINES: Final = 4
_WIDEST: Final = 1.7
"""Width of a card, in units."""


@lru_cache(maxsize=8)
def summary_card(
    lines: tuple[SummaryLine, ...], room_px: tuple[int, int], scale: Scale
) -> Sprite | None:
    """A row for each line: the sign of its state, what it is, its value at the right."""
    rows = [(text.clean(line.text), text.clean(line.value)) for line in lines]
    if not rows:
        return None
    size = _row_size(rows, 1.25, room_px, scale)
    pitch, lead = int(_ROW * size), round(1.25 * size) + scale.gap
    width = _card_width(rows, size, 1.25, room_px[0], scale)
    rows = rows[: _fits(pitch, room_px[1], scale)]
    canvas = plate(width, pitch * len(rows) + 2 * scale.pad, scale.figure)
    for i, (name, value) in enumerate(rows):
        middle = scale.pad + (i + 0.5) * pitch
        if i:
            _rule(canvas, round(middle - pitch / 2), width, scale)
        put_sign(
            canvas, lines[i].status, (2 * scale.pad + 0.5 * size, middle), 0.5 * size, scale.style
        )
        number = text.shorten(value, size, text.BOLD, width // 2)
        value_px = text.width_px(number, size, text.BOLD)
        right = width - 2 * scale.pad - value_px
        room = right - scale.gap - 2 * scale.pad - lead
        words = text.shorten(name, size, text.REGULAR, room)
        _line(canvas, words, (2 * scale.pad + lead, middle), (size, text.REGULAR), scale)
        _line(canvas, number, (right, middle), (size, text.BOLD), scale)
    return canvas.sprite()


@lru_cache(maxsize=8)
def help_card(
    keys: tuple[tuple[str, str], ...], room_px: tuple[int, int], scale: Scale
) -> Sprite | None:
    """The keys, each on a key cap, and what they do."""
    rows = [(text.clean(what), text.clean(key)) for key, what in keys]
    if not rows:
        return None
    caps = 1.4
    longest = max((key for _, key in rows), key=len)
    size = _row_size([(what, longest) for what, _ in rows], caps, room_px, scale)
    pitch = int(_ROW * size)
    rows = rows[: _fits(pitch, room_px[1], scale)]
    cap = max(text.width_px(key, size, text.BOLD) for _, key in rows) + round(0.8 * size)
    cap = max(cap, round(1.4 * size))
    wide = max(text.width_px(what, size, text.REGULAR) for what, _ in rows)
    width = min(room_px[0], cap + wide + 4 * scale.pad + scale.gap)
    canvas = plate(width, pitch * len(rows) + 2 * scale.pad, scale.figure)
    for i, (what, key) in enumerate(rows):
        middle = scale.pad + (i + 0.5) * pitch
        draw_cap(canvas, key, (2 * scale.pad, middle), (cap, size), scale)
        left = 2 * scale.pad + cap + 2 * scale.gap
        words = text.shorten(what, size, text.REGULAR, round(width - left - scale.pad))
        _line(canvas, words, (left, middle), (size, text.REGULAR), scale)
    return canvas.sprite()


def footer(words: str, room_px: int, scale: Scale) -> Sprite | None:
    """Small lines below a card, such as where the report was saved; a long path is broken."""
    size = round(0.95 * scale.body)
    lines = fit_lines(words, text.REGULAR, size, scale.small, room_px, 2)
    broken = text.wrap(text.clean(words), scale.small, text.REGULAR, room_px)
    if lines.lines and lines.lines[-1].endswith("…") and len(broken) <= _FOOT_LINES:
        lines = Lines(broken, scale.small, text.REGULAR)
    return words_sprite(lines, scale.style.text)


def _row_size(
    rows: list[tuple[str, str]], lead: float, room_px: tuple[int, int], scale: Scale
) -> int:
    """The letter size with which every row fits, as far as letters that small can be read."""
    high = (room_px[1] - 2 * scale.pad) / (_ROW * len(rows))
    largest = min(1.3 * scale.body, high)
    least = max(_LEAST * scale.small, 1)
    for size in (int(s) for s in np.linspace(max(largest, least), least, 12).tolist()):
        if _wanted(rows, size, lead, scale) <= min(room_px[0], _WIDEST * scale.unit):
            return size
    return max(1, round(least))


def _wanted(rows: list[tuple[str, str]], size: int, lead: float, scale: Scale) -> int:
    widest = max(
        text.width_px(name, size, text.REGULAR) + text.width_px(value, size, text.BOLD)
        for name, value in rows
    )
    return int(widest + lead * size) + 4 * scale.pad + 4 * scale.gap


def _card_width(
    rows: list[tuple[str, str]], size: int, lead: float, room_px: int, scale: Scale
) -> int:
    wide = max(_wanted(rows, size, lead, scale), round(0.95 * scale.unit))
    return min(room_px, wide)


def _fits(pitch: int, room_px: int, scale: Scale) -> int:
    return max(1, (room_px - 2 * scale.pad) // pitch)


def _line(canvas: Canvas, line: str, where: Point, kind: tuple[int, int], scale: Scale) -> None:
    write(canvas, line, where, kind, scale.style.text)


def _rule(canvas: Canvas, y: int, width: int, scale: Scale) -> None:
    cover = np.full((max(1, round(0.0022 * scale.unit)), width - 4 * scale.pad), 255, np.uint8)
    canvas.paint(cover, 2 * scale.pad, y, scale.style.text_soft, 0.3)

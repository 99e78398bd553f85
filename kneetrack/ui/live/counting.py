"""The plates at the sides: the repetition count with its row of marks, and the depth bar."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Final

from kneetrack.records import Status
from kneetrack.ui import text
from kneetrack.ui.live.fitting import fit_line
from kneetrack.ui.live.scale import Scale
from kneetrack.ui.live.shapes import disc
from kneetrack.ui.panels import plate, put_sign, write
from kneetrack.ui.sprites import Canvas, Sprite, rounded

DEPTH_STEPS: Final = 40
_A_ROW: Final = 5
_ROWS: Final = 2
_MOST: Final = _A_ROW * _ROWS
_BEHIND: Final = 0.48


@lru_cache(maxsize=32)
def count_plate(
    done: int, total: int | None, marks: tuple[Status, ...], height: int, scale: Scale
) -> Sprite:
    """Repetitions done, very large, "/ total" behind it; below, a mark for each, five a row.

    Repetitions to come are small dots. Of more than ten the latest are shown.
    """
    canvas = plate(scale.column, height, scale.figure)
    inside = scale.column - 2 * scale.pad
    pitch = inside / _A_ROW
    places = _places(marks, total)
    rows = math.ceil(len(places) / _A_ROW)
    rows_high = round(rows * pitch)
    number_high = height - 2 * scale.pad - rows_high - (scale.gap if rows else 0)
    _number(canvas, done, total, number_high, scale)
    top = height - scale.pad - rows_high
    for i, mark in enumerate(places):
        x = scale.pad + (i % _A_ROW + 0.5) * pitch
        y = top + (i // _A_ROW + 0.5) * pitch
        if mark is None:
            radius = max(2, round(0.13 * pitch))
            cover = disc(radius)
            canvas.paint(cover, round(x - radius), round(y - radius), scale.style.text_soft, 0.7)
        else:
            put_sign(canvas, mark, (x, y), 0.42 * pitch, scale.style)
    return canvas.sprite()


def _places(marks: tuple[Status, ...], total: int | None) -> list[Status | None]:
    """The marks to show, and None for each repetition to come."""
    begin = max(0, (len(marks) - 1) // _A_ROW - (_ROWS - 1)) * _A_ROW
    shown: list[Status | None] = list(marks[begin : begin + _MOST])
    if total is not None:
        shown += [None] * (min(total - begin, _MOST) - len(shown))
    return shown


def _number(canvas: Canvas, done: int, total: int | None, high: int, scale: Scale) -> None:
    if scale.upright:
        _number_above(canvas, done, total, high, scale)
        return
    rest = f"/{total}" if total is not None else ("rep" if done == 1 else "reps")
    size = min(scale.huge, round(high / 0.80))
    inside = scale.column - 3 * scale.pad

    def wide(size: int) -> tuple[int, int, int]:
        number = text.width_px(str(done), size, text.HEAVY)
        return number, round(0.08 * size), text.width_px(rest, round(_BEHIND * size), text.BOLD)

    while size > 8 and sum(wide(size)) > inside:
        size -= max(1, size // 40)
    number, space, _ = parts = wide(size)
    left = (scale.column - sum(parts)) / 2
    middle = scale.pad + high / 2
    style = scale.style
    write(canvas, str(done), (left, middle), (size, text.HEAVY), style.text)
    small = round(_BEHIND * size)
    where = (left + number + space, middle + 0.35 * (size - small))
    write(canvas, rest, where, (small, text.BOLD), style.text_soft)


def _number_above(canvas: Canvas, done: int, total: int | None, high: int, scale: Scale) -> None:
    """On a narrow plate: the number, and what it is out of on a line of its own."""
    rest = f"of {total}" if total is not None else ("rep" if done == 1 else "reps")
    inside = scale.column - 2 * scale.pad
    size = min(scale.huge, round(0.68 * high / 0.76))
    number = fit_line(str(done), text.HEAVY, size, 1, inside)
    below = fit_line(rest, text.BOLD, round(0.24 * high), 1, inside)
    rows = ((number, 0.36, scale.style.text), (below, 0.85, scale.style.text_soft))
    for line, at, colour in rows:
        left = (scale.column - line.width) / 2
        where = (left, scale.pad + at * high)
        write(canvas, line.lines[0], where, (line.size, line.weight), colour)


@lru_cache(maxsize=2 * DEPTH_STEPS)
def depth_plate(step: int, height: int, scale: Scale) -> Sprite:
    """The depth bar, filled downwards: step 0 (up) .. DEPTH_STEPS (as deep as the deepest)."""
    style = scale.style
    line = fit_line("depth", text.BOLD, scale.small, scale.small, scale.column)
    width = line.width + 2 * scale.pad
    canvas = plate(width, height, scale.figure)
    where = ((width - line.width) / 2, scale.pad + 0.5 * scale.small)
    write(canvas, "depth", where, (scale.small, text.BOLD), style.text_soft)
    top = scale.pad + round(1.3 * scale.small)
    bar, high = round(0.052 * scale.unit), max(8, height - top - scale.pad)
    left = (width - bar) // 2
    track = rounded(bar, high, 0.3 * bar)
    canvas.paint(track, left, top, style.text_soft, 0.25)
    canvas.paint(track[: round(high * step / DEPTH_STEPS)], left, top, style.text)
    return canvas.sprite()

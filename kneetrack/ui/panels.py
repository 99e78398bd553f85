"""The plates with text: title and marks, repetition count, cue, knee labels, depth bar.

Every function is pure and remembers what it made; texts must be clean (see :mod:`.text`).
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

import numpy as np

from kneetrack.records import Status
from kneetrack.skeleton import LEFT
from kneetrack.ui import text
from kneetrack.ui.signs import sign
from kneetrack.ui.sprites import Canvas, Sprite, rounded
from kneetrack.ui.style import Colour, MarkStatus, Sizes, Style

BAR_STEPS: Final = 48
_CUE_STEPS: Final = 6
_CUE_PITCH: Final = 1.22
_CUE_SIGN: Final = 0.52

Point = tuple[float, float]
Type = tuple[int, int]
"""Letter size in pixels and weight."""


def plate(width: int, height: int, sizes: Sizes) -> Canvas:
    """An empty plate with round corners, to be painted on."""
    canvas = Canvas(width, height)
    shape = rounded(width, height, sizes.corner)
    canvas.paint(shape, 0, 0, sizes.style.plate, sizes.style.plate_opacity)
    return canvas


def write(canvas: Canvas, line: str, where: Point, kind: Type, colour: Colour) -> None:
    """Write a line from ``where``: its left end, and the middle of its capitals."""
    size, weight = kind
    top = round(where[1] - text.CAP_MIDDLE * size)
    canvas.paint(text.mask(line, size, weight), round(where[0]), top, colour)


def put_sign(
    canvas: Canvas, status: MarkStatus, middle: Point, radius: float, style: Style
) -> None:
    """Put the sign of a state on a canvas."""
    sprite = sign(status, max(2, round(radius)), style)
    half = sprite.size_px[0] / 2
    canvas.lay(sprite, round(middle[0] - half), round(middle[1] - half))


@lru_cache(maxsize=64)
def title_plate(title: str, marks: tuple[Status, ...], room_px: int, sizes: Sizes) -> Sprite | None:
    """The title, and below it a sign for each repetition done; None when there is neither.

    More marks than fit ``room_px``: the latest, after "+" and the number of the others.
    """
    if not title and not marks:
        return None
    style, room = sizes.style, room_px - 2 * sizes.pad
    title_size = _fitting_size(title, sizes.title, room)
    title = text.shorten(title, title_size, text.BOLD, room)
    pitch = 2.4 * sizes.mark_sign
    left_out, shown = _fitting_marks(marks, room, pitch, sizes)
    lead = text.width_px(left_out, sizes.note, text.BOLD) + sizes.gap if left_out else 0
    row = lead + pitch * len(shown) - 0.3 * sizes.mark_sign if shown else 0
    width = round(max(text.width_px(title, title_size, text.BOLD), row)) + 2 * sizes.pad
    title_high = round(1.15 * sizes.title) if title else 0
    marks_high = round(2.2 * sizes.mark_sign) if shown else 0
    between = sizes.gap if title and shown else 0
    canvas = plate(width, 2 * sizes.pad + title_high + between + marks_high, sizes)
    middle = sizes.pad + title_high / 2
    write(canvas, title, (sizes.pad, middle), (title_size, text.BOLD), style.text)
    middle = sizes.pad + title_high + between + marks_high / 2
    write(canvas, left_out, (sizes.pad, middle), (sizes.note, text.BOLD), style.text_soft)
    for i, mark in enumerate(shown):
        x = sizes.pad + lead + pitch * i + 1.05 * sizes.mark_sign
        put_sign(canvas, mark, (x, middle), sizes.mark_sign, style)
    return canvas.sprite()


def _fitting_size(line: str, size: int, room: float) -> int:
    """The letter size, or down to three quarters of it for a line that is too long."""
    wide = text.width_px(line, size, text.BOLD)
    return size if wide <= room else max(round(0.75 * size), int(size * room / max(1, wide)))


def _fitting_marks(
    marks: tuple[Status, ...], room: float, pitch: float, sizes: Sizes
) -> tuple[str, tuple[Status, ...]]:
    fit = max(1, int(room / pitch))
    if len(marks) <= fit:
        return "", marks
    lead = text.width_px(f"+{len(marks)}", sizes.note, text.BOLD) + sizes.gap
    fit = max(1, int((room - lead) / pitch))
    return f"+{len(marks) - fit}", marks[-fit:]


@lru_cache(maxsize=64)
def count_plate(done: int, total: int | None, sizes: Sizes) -> Sprite:
    """Repetitions done, large; "/ total" or "reps" behind it, smaller."""
    style = sizes.style
    number = str(done)
    rest = f"/ {total}" if total is not None else ("rep" if done == 1 else "reps")
    rest_size = round(0.62 * sizes.count) if total is not None else sizes.title
    first = text.width_px(number, sizes.count, text.HEAVY)
    space = round(0.22 * sizes.count)
    width = 2 * sizes.pad + first + space + text.width_px(rest, rest_size, text.BOLD)
    height = 2 * sizes.pad + round(0.80 * sizes.count)
    canvas = plate(width, height, sizes)
    write(canvas, number, (sizes.pad, height / 2), (sizes.count, text.HEAVY), style.text)
    where = (sizes.pad + first + space, height / 2 + 0.35 * (sizes.count - rest_size))
    write(canvas, rest, where, (rest_size, text.BOLD), style.text_soft)
    return canvas.sprite()


@lru_cache(maxsize=32)
def cue_plate(
    cue: str, status: Status, note: str, room_px: tuple[int, int], sizes: Sizes
) -> Sprite | None:
    """The cue in large letters with the sign of its state, the note below it in small ones.

    The letters are as large as ``room_px`` (width, height) allows, the cue in one line or two;
    only in a narrow place, or when it is very long, in more. None when there is neither.
    """
    if not cue and not note:
        return None
    style = sizes.style
    room = room_px[0] - 2 * sizes.pad
    notes = text.wrap(note, sizes.note, text.REGULAR, room)
    note_pitch = round(1.25 * sizes.note)
    notes_high = note_pitch * len(notes) + (round(0.6 * sizes.gap) if cue and notes else 0)
    size, lines = _fit_cue(cue, room, room_px[1] - 2 * sizes.pad - notes_high, sizes)
    lead, pitch = _cue_lead(size, sizes), round(_CUE_PITCH * size)
    high = pitch * len(lines)
    widest = max(
        [lead + text.width_px(line, size, text.BOLD) for line in lines]
        + [text.width_px(line, sizes.note, text.REGULAR) for line in notes]
    )
    canvas = plate(widest + 2 * sizes.pad, 2 * sizes.pad + high + notes_high, sizes)
    for i, line in enumerate(lines):
        middle = sizes.pad + (i + 0.5) * pitch
        write(canvas, line, (sizes.pad + lead, middle), (size, text.BOLD), style.text)
    if lines:
        radius = _CUE_SIGN * size
        put_sign(canvas, status, (sizes.pad + radius, sizes.pad + high / 2), radius, style)
    foot = sizes.pad + high + notes_high - note_pitch * len(notes)
    for i, line in enumerate(notes):
        left = sizes.pad + (widest - text.width_px(line, sizes.note, text.REGULAR)) // 2
        where = (left, foot + (i + 0.5) * note_pitch)
        write(canvas, line, where, (sizes.note, text.REGULAR), style.text_soft)
    return canvas.sprite()


def _cue_lead(size: int, sizes: Sizes) -> int:
    """Width taken by the sign before the cue."""
    return round(2 * _CUE_SIGN * size) + sizes.pad


def _fit_cue(cue: str, width_px: int, height_px: int, sizes: Sizes) -> tuple[int, tuple[str, ...]]:
    """Letter size and lines: the largest that fit, else small, else smaller and more lines."""
    if not cue:
        return sizes.cue, ()
    least = sizes.cue_least
    for most in (2, 3):
        for size in _steps(sizes.cue, least):
            lines = text.wrap(cue, size, text.BOLD, width_px - _cue_lead(size, sizes))
            if len(lines) <= most and len(lines) * _CUE_PITCH * size <= height_px:
                return size, lines
    for size in _steps(least, max(1, round(0.6 * least))):
        lines = text.wrap(cue, size, text.BOLD, width_px - _cue_lead(size, sizes))
        if len(lines) <= 2:
            break
    return size, lines


def _steps(largest: int, least: int) -> list[int]:
    return [round(s) for s in np.linspace(largest, least, _CUE_STEPS)]


@lru_cache(maxsize=512)
def label_plate(side: int, status: MarkStatus, label: str, sizes: Sizes) -> Sprite:
    """A knee's label: L or R on the colour of its state, then the text. side: LEFT or RIGHT."""
    style, look, size = sizes.style, sizes.style.look(status), sizes.label
    letter = "L" if side == LEFT else "R"
    label = text.shorten(label, size, text.BOLD, round(0.42 * sizes.width))
    letter_wide = text.width_px(letter, size, text.HEAVY)
    tag = letter_wide + 2 * round(0.75 * sizes.gap)
    height = round(1.15 * size) + sizes.gap
    width = tag + text.width_px(label, size, text.BOLD) + 2 * sizes.gap
    canvas = plate(width, height, sizes)
    canvas.paint(rounded(width, height, sizes.corner)[:, :tag], 0, 0, look.colour)
    where = ((tag - letter_wide) / 2, height / 2)
    write(canvas, letter, where, (size, text.HEAVY), look.ink)
    write(canvas, label, (tag + sizes.gap, height / 2), (size, text.BOLD), style.text)
    return canvas.sprite()


@lru_cache(maxsize=2 * BAR_STEPS)
def bar_plate(step: int, sizes: Sizes) -> Sprite:
    """The depth bar, filled from the top: step 0 (standing) .. BAR_STEPS (the deepest)."""
    style = sizes.style
    rim = max(2, sizes.bar_width // 3)
    width, height = sizes.bar_width + 2 * rim, sizes.bar_height + 2 * rim
    canvas = Canvas(width, height)
    canvas.paint(rounded(width, height, width / 2), 0, 0, style.plate, style.plate_opacity)
    track = rounded(sizes.bar_width, sizes.bar_height, sizes.bar_width / 2)
    canvas.paint(track, rim, rim, style.text_soft, 0.25)
    canvas.paint(track[: round(sizes.bar_height * step / BAR_STEPS)], rim, rim, style.text)
    return canvas.sprite()

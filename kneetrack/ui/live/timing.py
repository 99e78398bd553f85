"""A timer, or repetitions by ear: the picture, what to do, and the seconds in the largest type."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from kneetrack.live_records import ScreenState
from kneetrack.ui import text
from kneetrack.ui.layout import Rect
from kneetrack.ui.live.choices import choices_row
from kneetrack.ui.live.figurecard import figure_card
from kneetrack.ui.live.fitting import fit_lines
from kneetrack.ui.live.scale import LINE, Scale
from kneetrack.ui.live.shapes import disc
from kneetrack.ui.live.stage import Ring, words_sprite
from kneetrack.ui.overlay import Placed
from kneetrack.ui.panels import write
from kneetrack.ui.sprites import Canvas, Sprite
from kneetrack.ui.style import Colour

_BESIDE: Final = 0.46
"""Part of the width that a picture may take beside the words."""
_ABOVE: Final = 0.36
"""Part of the height that it may take above them."""
_LARGEST: Final = 0.34
_SMALLEST: Final = 0.10
_RIM: Final = 0.13
_LEAST: Final = 0.55
_DETAIL_LINES: Final = 5


@dataclass(frozen=True, slots=True)
class Block:
    """One thing in the column of words. high: the height that is kept for it."""

    name: str
    sprite: Sprite
    high: int


def timed(state: ScreenState) -> bool:
    """Whether a state is drawn here."""
    if state.phase in ("lead", "timer"):
        return True
    return bool(state.figure) and state.phase in ("rest", "summary") and not state.summary


def timer_stage(state: ScreenState, scale: Scale) -> tuple[list[Placed], list[Ring]]:
    """The plates, and the ring around the number."""
    placed: list[Placed] = []
    bottom = scale.height - scale.margin
    doing = state.phase in ("lead", "timer")
    letters = round(1.2 * scale.small if doing else 0.95 * scale.body)
    keys = choices_row(state.choices, scale.room, scale, letters)
    if keys is not None:
        bottom -= keys.size_px[1]
        placed.append(Placed("choices", keys, (scale.width - keys.size_px[0]) // 2, bottom))
        bottom -= scale.gap
    room = Rect(scale.margin, scale.margin, scale.width - scale.margin, bottom)
    if scale.upright:
        card, room = _card(state, room, scale)
        words, rings = _column(_above(state, scale), state, room, scale)
        return [*placed, *card, *words], rings
    card = []
    head: list[Block] = _above(state, scale)
    if state.figure:
        above, room = _head(head, room, scale)
        card, room = _card(state, room, scale)
        placed, head = [*placed, *above], []
    words, rings = _column(head, state, room, scale)
    return [*placed, *card, *words], rings


def _head(blocks: list[Block], room: Rect, scale: Scale) -> tuple[list[Placed], Rect]:
    """Words across the whole width, and the room below them."""
    placed = _stacked(blocks, room, room.top, _gap(scale))
    taken = sum(block.high + _gap(scale) for block in blocks)
    return placed, Rect(room.left, room.top + taken, room.right, room.bottom)


def _card(state: ScreenState, room: Rect, scale: Scale) -> tuple[list[Placed], Rect]:
    """The picture, and the room beside or below it."""
    wide, high = round(room.right - room.left), round(room.bottom - room.top)
    most = (wide, round(_ABOVE * high)) if scale.upright else (round(_BESIDE * wide), high)
    sprite = figure_card(state.figure, most, scale) if state.figure else None
    if sprite is None:
        return [], room
    width, height = sprite.size_px
    if scale.upright:
        left = (scale.width - width) // 2
        below = Rect(room.left, room.top + height + scale.gap, room.right, room.bottom)
        return [Placed("figure", sprite, left, round(room.top))], below
    top = round(room.top + (high - height) / 2)
    beside = Rect(room.left + width + 2 * scale.gap, room.top, room.right, room.bottom)
    return [Placed("figure", sprite, round(room.left), top)], beside


def _column(
    above: list[Block], state: ScreenState, room: Rect, scale: Scale
) -> tuple[list[Placed], list[Ring]]:
    """Words, the number in what room they leave, words."""
    wide, high = round(room.right - room.left), round(room.bottom - room.top)
    below, gap = _below(state, wide, scale), _gap(scale)
    taken = sum(block.high + gap for block in (*above, *below))
    reach = min((high - taken) // 2, wide // 2, round(_LARGEST * scale.unit))
    middle: list[Block] = []
    if state.countdown is not None and reach >= _SMALLEST * scale.unit:
        number = _number(max(0, state.countdown), _behind(state), reach, scale)
        middle = [Block("disc", number, 2 * reach)]
    blocks = [*above, *middle, *below]
    used = sum(block.high for block in blocks) + gap * (len(blocks) - 1)
    placed = _stacked(blocks, room, room.top + max(0, (high - used) / 2), gap)
    rings = [_ring(each, state.progress or 0.0) for each in placed if each.name == "disc"]
    return placed, rings


def _stacked(blocks: list[Block], room: Rect, top: float, gap: int) -> list[Placed]:
    """One below the other, each in the middle of the room's width and of its own height."""
    placed = []
    for block in blocks:
        width, height = block.sprite.size_px
        left = room.left + (room.right - room.left - width) / 2
        at = top + (block.high - height) / 2
        placed.append(Placed(block.name, block.sprite, round(left), round(at)))
        top += block.high + gap
    return placed


def _gap(scale: Scale) -> int:
    return round(1.2 * scale.gap)


def _above(state: ScreenState, scale: Scale) -> list[Block]:
    """Exercise, "get ready", and what to do, always as high, so that nothing jumps."""
    style, wide = scale.style, scale.room
    body = round(0.8 * scale.body)
    small = _words(state.title, (body, text.BOLD), wide, 1, style.text_soft)
    note = _words(state.note, (scale.body, text.BOLD), wide, 1, style.watch.colour)
    size = round(1.1 * scale.large)
    head = _words(state.headline, (size, text.BOLD), wide, 2, style.text)
    kept = round((2 if scale.upright else 1) * LINE * size) if state.phase == "timer" else 0
    if scale.upright and state.figure:
        small = None
    blocks = [("session", small, 0), ("note", note, 0), ("headline", head, kept)]
    return [Block(n, s, max(kept, s.size_px[1])) for n, s, kept in blocks if s is not None]


def _below(state: ScreenState, wide: int, scale: Scale) -> list[Block]:
    """What is said of it, and what comes next."""
    style = scale.style
    detail = _words(state.detail, (scale.body, text.REGULAR), wide, _DETAIL_LINES, style.text)
    coming = f"Next: {state.next_up}" if state.next_up else ""
    most = 1 if scale.upright and state.figure else 2
    after = _words(coming, (round(0.9 * scale.body), text.REGULAR), wide, most, style.text_soft)
    blocks = [("detail", detail), ("next", after)]
    return [Block(name, sprite, sprite.size_px[1]) for name, sprite in blocks if sprite is not None]


@lru_cache(maxsize=64)
def _words(
    words: str, kind: tuple[int, int], wide: int, most: int, colour: Colour
) -> Sprite | None:
    size, weight = kind
    return words_sprite(fit_lines(words, weight, size, round(_LEAST * size), wide, most), colour)


def _behind(state: ScreenState) -> str:
    """What stands below the number."""
    if state.phase == "timer" and state.reps_total:
        return f"of {state.reps_total}"
    return ""


@lru_cache(maxsize=32)
def _number(number: int, below: str, reach: int, scale: Scale) -> Sprite:
    """A number on a disc of radius ``reach``, in letters as large as fit its ring."""
    canvas = Canvas(2 * reach, 2 * reach)
    canvas.paint(disc(reach), 0, 0, scale.style.plate, scale.style.plate_opacity)
    room = 2 * reach * (1 - 1.7 * _RIM)
    size = round((1.15 if below else 1.55) * reach)
    wide = text.width_px(str(number), size, text.HEAVY)
    if wide > 0.97 * room:
        size = max(1, int(size * 0.97 * room / wide))
        wide = text.width_px(str(number), size, text.HEAVY)
    middle = reach - (0.14 * reach if below else 0)
    write(canvas, str(number), (reach - wide / 2, middle), (size, text.HEAVY), scale.style.text)
    if below:
        small = round(0.27 * reach)
        left = reach - text.width_px(below, small, text.BOLD) / 2
        where = (left, 1.5 * reach)
        write(canvas, below, where, (small, text.BOLD), scale.style.text_soft)
    return canvas.sprite()


def _ring(placed: Placed, fraction: float) -> Ring:
    reach = placed.sprite.size_px[0] / 2
    width = _RIM * reach
    middle = (placed.left + reach, placed.top + reach)
    return Ring(middle, reach - 0.5 * width - 0.03 * reach, width, fraction)

"""Messages that take the whole screen, over a darkened picture: waiting, pause, rest, trouble."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from kneetrack.live_records import ScreenState
from kneetrack.ui import text
from kneetrack.ui.live.choices import choices_row
from kneetrack.ui.live.counting import count_plate
from kneetrack.ui.live.fitting import Lines, fit_lines
from kneetrack.ui.live.scale import Scale
from kneetrack.ui.live.shapes import Point, disc
from kneetrack.ui.overlay import Placed
from kneetrack.ui.panels import put_sign, write
from kneetrack.ui.sprites import Canvas, Sprite, rounded
from kneetrack.ui.style import Colour

_DISC: Final = 0.225
_RIM: Final = 0.15
_LEAST: Final = 0.55


@dataclass(frozen=True, slots=True)
class Ring:
    """A ring to draw over the plates, pixels. fraction: how much of it is filled, clockwise."""

    middle: Point
    radius: float
    width: float
    fraction: float


def stage(state: ScreenState, scale: Scale) -> tuple[list[Placed], list[Ring]]:
    """The plates of a full-screen message, centred above each other, and its ring."""
    blocks = [("headline", stage_words(_headline(state), scale, large=True))]
    disc_plate = _disc_of(state, scale)
    blocks.insert(1 if state.phase == "rest" else 0, ("disc", disc_plate))
    for i, detail in enumerate(_details(state)):
        blocks.append((f"detail {i + 1}", stage_words(detail, scale, large=False)))
    if state.choices:
        blocks.append(("choices", choices_row(state.choices, scale.room, scale)))
    if scale.upright and counted(state):
        high = round(1.3 * scale.column)
        marks = tuple(state.rep_marks)
        count = count_plate(state.reps_done, state.reps_total, marks, high, scale)
        blocks.append(("count", count))
    present = [(name, sprite) for name, sprite in blocks if sprite is not None]
    gap = 2 * scale.gap
    high = _high(present, gap)
    small_line = round(1.1 * scale.small) + scale.pad + scale.gap
    foot = scale.height - scale.margin - small_line
    if state.choices and high > foot - scale.margin:
        present = [(name, sprite) for name, sprite in present if name != "disc"]
        high = _high(present, gap)
    top = (scale.height - high) // 2
    if state.choices:
        top = min(top, foot - high)
    placed: list[Placed] = []
    for name, sprite in present:
        placed.append(Placed(name, sprite, (scale.width - sprite.size_px[0]) // 2, top))
        top += sprite.size_px[1] + gap
    rings = [_ring_of(state, each, scale) for each in placed if each.name == "disc"]
    return placed, [ring for ring in rings if ring is not None]


def _high(blocks: list[tuple[str, Sprite]], gap: int) -> int:
    return sum(sprite.size_px[1] for _, sprite in blocks) + gap * (len(blocks) - 1)


def counted(state: ScreenState) -> bool:
    """Whether the repetitions of the set are shown beside a full-screen message."""
    return state.phase in ("paused", "rest") and bool(state.reps_done or state.rep_marks)


def countdown_plate(state: ScreenState, scale: Scale) -> Sprite | None:
    """The number of the countdown, as large as there is room for beside the person's middle."""
    return None if state.countdown is None else _number(state.countdown, scale)


def _headline(state: ScreenState) -> str:
    defaults = {"trouble": state.trouble, "paused": "Paused", "rest": "Rest"}
    return state.headline or defaults.get(state.phase, "")


def _details(state: ScreenState) -> list[str]:
    parts = [state.detail, state.trouble if state.phase == "trouble" else "", state.note]
    headline = _headline(state)
    return [part for i, part in enumerate(parts) if part and part not in (headline, *parts[:i])]


def _disc_of(state: ScreenState, scale: Scale) -> Sprite | None:
    if state.phase == "trouble":
        return _trouble(scale)
    if state.phase == "paused":
        return _pause(scale)
    if state.countdown is not None:
        return _number(max(0, state.countdown), scale)
    return None if state.progress is None else _blank(scale)


def _ring_of(state: ScreenState, placed: Placed, scale: Scale) -> Ring | None:
    if state.progress is None or state.phase == "trouble":
        return None
    box = placed.rect
    middle = ((box.left + box.right) / 2, (box.top + box.bottom) / 2)
    return Ring(middle, *_ring_size(scale), fraction=state.progress)


def _ring_size(scale: Scale) -> tuple[float, float]:
    """Radius of the ring on a disc, and its width."""
    reach = _DISC * scale.unit
    width = _RIM * reach
    return reach - 0.5 * width - 0.04 * reach, width


def _disc_canvas(scale: Scale) -> tuple[Canvas, int]:
    radius = round(_DISC * scale.unit)
    canvas = Canvas(2 * radius, 2 * radius)
    canvas.paint(disc(radius), 0, 0, scale.style.plate, scale.style.plate_opacity)
    return canvas, radius


@lru_cache(maxsize=8)
def _blank(scale: Scale) -> Sprite:
    return _disc_canvas(scale)[0].sprite()


@lru_cache(maxsize=16)
def _number(number: int, scale: Scale) -> Sprite:
    canvas, radius = _disc_canvas(scale)
    words = str(number)
    size = scale.giant if len(words) == 1 else round(0.64 * scale.giant)
    room = 2 * radius * (1 - 1.6 * _RIM)
    wide = text.width_px(words, size, text.HEAVY)
    if wide > room:
        size = max(1, int(size * room / wide))
        wide = text.width_px(words, size, text.HEAVY)
    where = (radius - wide / 2, float(radius))
    write(canvas, words, where, (size, text.HEAVY), scale.style.text)
    return canvas.sprite()


@lru_cache(maxsize=8)
def _pause(scale: Scale) -> Sprite:
    canvas, radius = _disc_canvas(scale)
    wide, high = round(0.22 * radius), round(0.84 * radius)
    for x in (radius - round(0.17 * radius) - wide, radius + round(0.17 * radius)):
        bar = rounded(wide, high, 0.3 * wide)
        canvas.paint(bar, x, radius - high // 2, scale.style.text)
    return canvas.sprite()


@lru_cache(maxsize=8)
def _trouble(scale: Scale) -> Sprite:
    radius = round(0.11 * scale.unit)
    half = round(1.2 * radius)
    canvas = Canvas(2 * half, 2 * half)
    put_sign(canvas, "watch", (half, half), radius, scale.style)
    return canvas.sprite()


@lru_cache(maxsize=32)
def stage_words(words: str, scale: Scale, *, large: bool) -> Sprite | None:
    """Words of a full-screen message without a plate; None when there are none."""
    least = round(_LEAST * scale.small)
    room = scale.room - 2 * scale.pad
    if large:
        lines = fit_lines(words, text.BOLD, round(1.2 * scale.large), least, room, scale.lines)
        return words_sprite(lines, scale.style.text)
    lines = fit_lines(words, text.REGULAR, scale.body, least, room, scale.lines)
    return words_sprite(lines, scale.style.text)


def words_sprite(lines: Lines, colour: Colour) -> Sprite | None:
    """Centred lines without a plate; None when there are none."""
    if not lines.lines:
        return None
    canvas = Canvas(lines.width + lines.size // 8, lines.height)
    for i, line in enumerate(lines.lines):
        left = (lines.width - text.width_px(line, lines.size, lines.weight)) / 2
        where = (left, (i + 0.5) * lines.pitch)
        write(canvas, line, where, (lines.size, lines.weight), colour)
    return canvas.sprite()

"""The plates with words: the message at the top, the small lines at the bottom."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal

from kneetrack.live_records import ScreenState
from kneetrack.records import Status
from kneetrack.ui import text
from kneetrack.ui.live.fitting import Lines, fit_line, fit_lines
from kneetrack.ui.live.scale import Scale
from kneetrack.ui.live.shapes import Point, disc
from kneetrack.ui.panels import plate, put_sign, write
from kneetrack.ui.sprites import Canvas, Sprite

Icon = Status | Literal["ring"] | None

_GROWN: Final = 1.2
_SIGN: Final = 0.56
_RING: Final = 0.80
_SMALLEST: Final = 0.55


@dataclass(frozen=True, slots=True)
class Message:
    """What the band at the top says. icon: a state's sign, or room for a ring, before the words."""

    words: str
    detail: str = ""
    icon: Icon = None


def message(state: ScreenState) -> Message:
    """The one message of a state whose picture stays visible."""
    waiting: Icon = None if state.progress is None else "ring"
    if state.phase != "set":
        return Message(state.headline, state.detail, waiting)
    if state.cue:
        return Message(state.cue, icon=state.cue_status)
    if state.headline:
        return Message(state.headline, icon=waiting)
    return Message("", state.note, waiting)


@lru_cache(maxsize=32)
def message_plate(message: Message, scale: Scale) -> Sprite | None:
    """The message in the largest letters that fit, its detail below; None when it is empty."""
    if not (message.words or message.detail or message.icon == "ring"):
        return None
    words, detail = _fit(message, scale)
    lead, high = _lead(message.icon, words, detail, scale), _high(words, detail, scale)
    wide = max(words.width, detail.width)
    gap = 0 if wide else -scale.pad
    width = 2 * scale.pad + (lead + gap if lead else 0) + wide
    inside = max(high, 2 * round(_RING * scale.large) if message.icon == "ring" else 0)
    canvas = plate(width, inside + 2 * scale.pad, scale.figure)
    left = scale.pad + lead
    top = scale.pad + (inside - high) / 2
    _write_lines(canvas, words, (left, top), wide, scale)
    _write_lines(canvas, detail, (left, top + high - detail.height), wide, scale, soft=True)
    if message.icon not in (None, "ring"):
        middle = (scale.pad + _SIGN * words.size, scale.pad + words.height / 2)
        put_sign(canvas, message.icon, middle, _SIGN * words.size, scale.style)  # type: ignore[arg-type]
    return canvas.sprite()


def ring_place(sprite: Sprite, scale: Scale) -> tuple[Point, float]:
    """Middle and radius of the ring on a message's plate, from its top left corner."""
    radius = 0.86 * _RING * scale.large
    return (scale.pad + _RING * scale.large, sprite.size_px[1] / 2), radius


@lru_cache(maxsize=64)
def small_plate(words: str, dot: bool, room_px: int, scale: Scale) -> Sprite | None:
    """One small line; ``dot`` puts the recording dot and REC before it."""
    words = text.clean(words)
    if not words and not dot:
        return None
    size, pad = scale.small, round(0.75 * scale.pad)
    mark = "REC" if dot else ""
    radius = round(0.30 * size)
    rec = text.width_px(mark, size, text.HEAVY)
    lead = (2 * radius + scale.gap // 2 + rec + (scale.gap if words else 0)) if dot else 0
    line = fit_line(words, text.BOLD, size, round(_SMALLEST * size), room_px - 2 * pad - lead)
    height = round(1.1 * size) + 2 * (pad // 2)
    canvas = plate(lead + line.width + 2 * pad, height, scale.figure)
    if dot:
        dot_colour = scale.style.flag.colour
        canvas.paint(disc(radius), pad, round(height / 2 - radius), dot_colour)
        where = (pad + 2 * radius + scale.gap // 2, height / 2)
        write(canvas, mark, where, (size, text.HEAVY), scale.style.text)
    for shown in line.lines:
        where = (pad + lead, height / 2)
        write(canvas, shown, where, (line.size, text.BOLD), scale.style.text_soft)
    return canvas.sprite()


def session_line(state: ScreenState) -> str:
    """Exercise and set, such as "Squat · set 1 of 3"."""
    parts = [state.title] if state.title else []
    if state.set_number > 0 and state.phase not in ("starting", "summary"):
        total = f" of {state.sets_total}" if state.sets_total else ""
        parts.append(f"set {state.set_number}{total}")
    return " · ".join(parts)


def rate_line(state: ScreenState) -> str:
    """Rate, delay, and that the sound is off, such as "30 fps · 62 ms"."""
    parts = []
    if state.rate_fps is not None and 0 < state.rate_fps < 10_000:
        parts.append(f"{state.rate_fps:.0f} fps")
    if state.delay_ms is not None and 0 <= state.delay_ms < 100_000:
        parts.append(f"{state.delay_ms:.0f} ms")
    if not state.sound_on:
        parts.append("sound off")
    return " · ".join(parts)


def _fit(message: Message, scale: Scale) -> tuple[Lines, Lines]:
    icon = 0.0 if message.icon is None else 2 * _RING * scale.large + 2 * scale.pad
    room = scale.room - 2 * scale.pad - round(icon)
    least = round(_SMALLEST * scale.small)
    words = fit_lines(message.words, text.BOLD, scale.large, least, room, scale.lines)
    if len(words.lines) == 1:
        grown = round(_GROWN * scale.large)
        words = fit_lines(message.words, text.BOLD, grown, words.size, room, 1)
    detail = fit_lines(message.detail, text.REGULAR, scale.body, least, room)
    return words, detail


def _lead(icon: Icon, words: Lines, detail: Lines, scale: Scale) -> int:
    """Width taken by the icon and the space behind it."""
    if icon is None:
        return 0
    if icon == "ring":
        return round(2 * _RING * scale.large) + scale.pad
    return round(2.1 * _SIGN * words.size) + round(1.4 * scale.pad)


def _high(words: Lines, detail: Lines, scale: Scale) -> int:
    between = scale.gap // 2 if words.lines and detail.lines else 0
    return words.height + between + detail.height


def _write_lines(
    canvas: Canvas, lines: Lines, where: Point, wide: int, scale: Scale, *, soft: bool = False
) -> None:
    """Lines one below the other, centred in ``wide``; where: the top left corner."""
    colour = scale.style.text_soft if soft else scale.style.text
    for i, line in enumerate(lines.lines):
        left = where[0] + (wide - text.width_px(line, lines.size, lines.weight)) / 2
        middle = where[1] + (i + 0.5) * lines.pitch
        write(canvas, line, (left, middle), (lines.size, lines.weight), colour)

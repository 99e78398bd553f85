"""A scale from 0 to 10: rising bars, a number below each, words at some; one of them chosen."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from kneetrack.live_records import ScaleShown, ScreenState
from kneetrack.ui import text
from kneetrack.ui.live.choices import choices_row
from kneetrack.ui.live.fitting import fit_line
from kneetrack.ui.live.scale import Scale
from kneetrack.ui.live.stage import stage_words
from kneetrack.ui.overlay import Placed
from kneetrack.ui.panels import plate, write
from kneetrack.ui.sprites import Canvas, Sprite, rounded

_STEPS: Final = 11
_LOWEST: Final = 0.12


def scale_stage(state: ScreenState, scale: Scale) -> list[Placed]:
    """The question, the scale, how to answer, and the keys."""
    words = [
        ("headline", stage_words(state.headline, scale, large=True)),
        ("detail", stage_words(state.detail, scale, large=False)),
        ("choices", choices_row(state.choices, scale.room, scale)),
    ]
    present = [(name, sprite) for name, sprite in words if sprite is not None]
    gap = 2 * scale.gap
    taken = sum(sprite.size_px[1] + gap for _, sprite in present) + 2 * scale.margin
    bars = scale_plate(state.scale or ScaleShown(), scale.height - taken, scale)
    present.insert(1, ("scale", bars))
    high = sum(sprite.size_px[1] for _, sprite in present) + gap * (len(present) - 1)
    top = (scale.height - high) // 2
    placed = []
    for name, sprite in present:
        placed.append(Placed(name, sprite, (scale.width - sprite.size_px[0]) // 2, top))
        top += sprite.size_px[1] + gap
    return placed


@lru_cache(maxsize=24)
def scale_plate(shown: ScaleShown, room_px: int, scale: Scale) -> Sprite:
    """The bars on a plate, at most about ``room_px`` high.

    The chosen one is filled and its number stands on a light cap.
    """
    width, style = scale.room, scale.style
    pitch = (width - 2 * scale.pad) / _STEPS
    letters = round(min(0.62 * pitch, 1.1 * scale.large))
    cap, below = round(1.5 * letters), round(1.6 * scale.body)
    bars = room_px - cap - below - 3 * scale.pad
    bars = round(min(max(bars, 0.08 * scale.unit), 0.26 * scale.unit))
    canvas = plate(width, bars + cap + below + 3 * scale.pad, scale.figure)
    for number in range(_STEPS):
        left, chosen = scale.pad + number * pitch, number == shown.chosen
        tall = round((_LOWEST + (1 - _LOWEST) * number / (_STEPS - 1)) * bars)
        bar = rounded(round(0.72 * pitch), tall, 0.1 * pitch)
        at = (round(left + 0.14 * pitch), scale.pad + bars - tall)
        canvas.paint(bar, *at, style.text if chosen else style.text_soft, 1.0 if chosen else 0.34)
        _step(canvas, number, (left, pitch), (scale.pad + bars + scale.gap, cap), chosen, scale)
    for number, words in shown.words:
        _words(canvas, words, scale.pad + (number + 0.5) * pitch, width, scale)
    return canvas.sprite()


def _step(
    canvas: Canvas,
    number: int,
    across: tuple[float, float],
    down: tuple[int, int],
    chosen: bool,
    scale: Scale,
) -> None:
    """A number; across: left and width, down: top and height of its place."""
    (left, pitch), (top, high) = across, down
    style = scale.style
    if chosen:
        cap = rounded(round(0.94 * pitch), high, 0.16 * pitch)
        canvas.paint(cap, round(left + 0.03 * pitch), top, style.text)
    weight = text.HEAVY if chosen else text.BOLD
    line = fit_line(str(number), weight, round(high / 1.5), 1, round(0.86 * pitch))
    where = (left + (pitch - line.width) / 2, top + high / 2)
    ink = style.plate if chosen else style.text
    write(canvas, str(number), where, (line.size, weight), ink)


def _words(canvas: Canvas, words: str, middle: float, width: int, scale: Scale) -> None:
    """Words below a step, moved inwards where they would stick out."""
    line = fit_line(words, text.BOLD, scale.body, scale.small, width // 4)
    left = min(max(2 * scale.pad, middle - line.width / 2), width - 2 * scale.pad - line.width)
    foot = canvas.sprite().size_px[1] - scale.pad - 0.7 * scale.body
    for shown in line.lines:
        write(canvas, shown, (left, foot), (line.size, text.BOLD), scale.style.text_soft)

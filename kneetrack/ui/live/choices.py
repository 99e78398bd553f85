"""The keys that answer a question, on their caps."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from kneetrack.ui import text
from kneetrack.ui.live.scale import Scale
from kneetrack.ui.live.shapes import Point
from kneetrack.ui.panels import write
from kneetrack.ui.sprites import Canvas, Sprite, rounded

_ROW: Final = 1.72


@lru_cache(maxsize=16)
def choices_row(
    choices: tuple[tuple[str, str], ...], room_px: int, scale: Scale, letters_px: int = 0
) -> Sprite | None:
    """Keys of a question on their caps, what each does beside it; in as few lines as fit.

    letters_px: height of the letters, 0: as on a screen of its own.
    """
    pairs = [(text.clean(key), text.clean(what)) for key, what in choices]
    if not pairs:
        return None
    size, gap = letters_px or round(0.95 * scale.body), scale.gap
    cap_px = [
        max(text.width_px(key, size, text.BOLD) + round(0.8 * size), round(1.4 * size))
        for key, _ in pairs
    ]
    wide = [
        cap + gap + text.width_px(what, size, text.REGULAR)
        for cap, (_, what) in zip(cap_px, pairs, strict=True)
    ]
    lines = _broken(wide, 3 * gap, room_px - 2 * scale.pad)
    pitch = int(_ROW * size)
    longest = max(sum(wide[i] for i in line) + 3 * gap * (len(line) - 1) for line in lines)
    width = min(room_px, longest + 2 * scale.pad)
    canvas = Canvas(width, pitch * len(lines))
    for row, line in enumerate(lines):
        taken = sum(wide[i] for i in line) + 3 * gap * (len(line) - 1)
        left, middle = (width - taken) / 2, (row + 0.5) * pitch
        for i in line:
            draw_cap(canvas, pairs[i][0], (left, middle), (cap_px[i], size), scale)
            where = (left + cap_px[i] + gap, middle)
            write(canvas, pairs[i][1], where, (size, text.REGULAR), scale.style.text)
            left += wide[i] + 3 * gap
    return canvas.sprite()


def _broken(wide: list[int], gap: int, room_px: int) -> list[list[int]]:
    """Indices line by line, so that no line is wider than there is room for."""
    lines: list[list[int]] = [[]]
    taken = 0
    for i, width in enumerate(wide):
        if lines[-1] and taken + gap + width > room_px:
            lines.append([])
            taken = 0
        taken += width + (gap if lines[-1] else 0)
        lines[-1].append(i)
    return lines


def draw_cap(canvas: Canvas, key: str, where: Point, size: tuple[int, int], scale: Scale) -> None:
    """A key on its cap. where: left edge and middle; size: width of the cap, of the letters."""
    (left, middle), (wide, letters) = where, size
    high = round(1.36 * letters)
    canvas.paint(
        rounded(wide, high, 0.22 * high), round(left), round(middle - high / 2), scale.style.text
    )
    start = left + (wide - text.width_px(key, letters, text.BOLD)) / 2
    write(canvas, key, (start, middle), (letters, text.BOLD), scale.style.plate)

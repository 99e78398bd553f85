"""Letter sizes and line breaks that fit a room."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np

from kneetrack.ui import text
from kneetrack.ui.live.scale import LINE

_STEPS: Final = 10
_RATHER_FEWER: Final = {1: 0.84, 2: 0.72}
"""How much smaller letters may be for one line instead of two, two instead of three."""


@dataclass(frozen=True, slots=True)
class Lines:
    """Lines of one letter size and weight, in pixels."""

    lines: tuple[str, ...]
    size: int
    weight: int

    @property
    def width(self) -> int:
        """Of the widest line."""
        return max((text.width_px(line, self.size, self.weight) for line in self.lines), default=0)

    @property
    def pitch(self) -> int:
        """From one line to the next."""
        return round(LINE * self.size)

    @property
    def height(self) -> int:
        """Of all lines."""
        return self.pitch * len(self.lines)


@lru_cache(maxsize=256)
def fit_lines(
    words: str, weight: int, largest: int, least: int, room_px: int, most: int = 2
) -> Lines:
    """The text in the largest letters with which it takes no more than ``most`` lines.

    Fewer lines are preferred to more of slightly larger letters. What does not even fit with
    letters of ``least`` is cut off with an ellipsis.
    """
    words = text.clean(words)
    if not words:
        return Lines((), least, weight)
    best: Lines | None = None
    first = largest
    for size in (round(size) for size in np.linspace(largest, least, _STEPS)):
        if _widest_word(words, size, weight) > room_px:
            continue
        lines = text.wrap(words, size, weight, room_px)
        if len(lines) > most:
            continue
        if best is None:
            first, best = size, Lines(lines, size, weight)
        elif len(lines) < len(best.lines) and size >= first * _RATHER_FEWER.get(len(lines), 1.0):
            best = Lines(lines, size, weight)
    return _cut(words, least, weight, room_px, most) if best is None else _even(best)


def fit_line(words: str, weight: int, largest: int, least: int, room_px: int) -> Lines:
    """The text in one line: in smaller letters down to ``least``, then cut off."""
    return fit_lines(words, weight, largest, least, room_px, 1)


def _widest_word(words: str, size: int, weight: int) -> int:
    return max(text.width_px(word, size, weight) for word in words.split())


def _even(fitted: Lines) -> Lines:
    """Three or more lines broken where the widest is least wide."""
    if len(fitted.lines) < 3:
        return fitted
    words = " ".join(fitted.lines)
    least = _widest_word(words, fitted.size, fitted.weight)
    for room in range(least, fitted.width, max(1, fitted.size // 4)):
        lines = text.wrap(words, fitted.size, fitted.weight, room)
        if len(lines) <= len(fitted.lines):
            return Lines(lines, fitted.size, fitted.weight)
    return fitted


def _cut(words: str, size: int, weight: int, room_px: int, most: int) -> Lines:
    lines = text.wrap(words, size, weight, room_px)
    if len(lines) > most:
        rest = text.shorten(" ".join(lines[most - 1 :]), size, weight, room_px)
        lines = (*lines[: most - 1], rest)
    return Lines(lines, size, weight)

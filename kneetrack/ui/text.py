"""Text as anti-aliased masks: cleaning, measuring, wrapping.

Rendering goes through OpenCV's TrueType engine, which knows Latin with accents, Greek, Cyrillic,
Hebrew, Arabic and Chinese, Japanese, Korean; other signs become question marks.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

REGULAR: Final = 420
BOLD: Final = 600
HEAVY: Final = 750

LINE_HEIGHT: Final = 1.5
"""Height of a mask in letter sizes; the baseline sits at BASELINE."""
BASELINE: Final = 1.1
CAP_MIDDLE: Final = BASELINE - 0.35
"""Middle of capital letters and digits, in letter sizes below the top of the mask."""

_LONGEST: Final = 400


@lru_cache(maxsize=512)
def clean(text: str) -> str:
    """One line that the text engine accepts: no controls, no surrogates, single spaces."""
    text = text[: 4 * _LONGEST].encode("utf-8", "replace").decode("utf-8")
    text = unicodedata.normalize("NFC", " ".join(text.split()))
    return "".join(c for c in text if unicodedata.category(c)[0] != "C")[:_LONGEST]


@lru_cache(maxsize=1024)
def width_px(text: str, size: int, weight: int) -> int:
    """Width of a line of clean text in pixels."""
    if not text:
        return 0
    box = cv2.getTextSize((0, 0), text, (0, 0), cv2.FontFace("sans"), size, weight)
    return int(box[0] + box[2])


@lru_cache(maxsize=256)
def mask(text: str, size: int, weight: int) -> NDArray[np.uint8]:
    """Coverage 0..255 of a line of clean text, shape (LINE_HEIGHT * size, width). Do not write."""
    height = round(LINE_HEIGHT * size)
    canvas = np.zeros((height, max(1, width_px(text, size, weight) + size // 8)), np.uint8)
    if text:
        baseline = (0, round(BASELINE * size))
        cv2.putText(canvas, text, baseline, (255,), cv2.FontFace("sans"), size, weight)
    canvas.setflags(write=False)
    return canvas


def shorten(text: str, size: int, weight: int, room_px: int) -> str:
    """The text, or as much of its beginning as fits ``room_px`` and an ellipsis."""
    if width_px(text, size, weight) <= room_px:
        return text
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        if width_px(text[:middle].rstrip() + "…", size, weight) <= room_px:
            low = middle
        else:
            high = middle - 1
    return text[:low].rstrip() + "…" if low else ""


def wrap(text: str, size: int, weight: int, room_px: int) -> tuple[str, ...]:
    """Lines no wider than ``room_px``, balanced when two; a longer word is broken."""
    lines = _greedy(text, size, weight, room_px)
    return _balance(lines, size, weight, room_px) if len(lines) == 2 else lines


def _greedy(text: str, size: int, weight: int, room_px: int) -> tuple[str, ...]:
    lines: list[str] = []
    line = ""
    for word in _words(text, size, weight, room_px):
        longer = f"{line} {word}" if line else word
        if line and width_px(longer, size, weight) > room_px:
            lines.append(line)
            line = word
        else:
            line = longer
    return (*lines, line) if line else tuple(lines)


def _words(text: str, size: int, weight: int, room_px: int) -> list[str]:
    words: list[str] = []
    for whole in text.split():
        rest = whole
        while width_px(rest, size, weight) > room_px and len(rest) > 1:
            cut = max(1, len(rest) * room_px // max(1, width_px(rest, size, weight)))
            while cut > 1 and width_px(rest[:cut], size, weight) > room_px:
                cut -= 1
            words.append(rest[:cut])
            rest = rest[cut:]
        words.append(rest)
    return words


def _balance(lines: tuple[str, ...], size: int, weight: int, room_px: int) -> tuple[str, ...]:
    """Break two lines where their widths differ least, the first one the longer."""
    words = " ".join(lines).split()
    best = lines
    for cut in range(len(words) - 1, 0, -1):
        first, second = " ".join(words[:cut]), " ".join(words[cut:])
        if width_px(second, size, weight) > min(room_px, width_px(first, size, weight)):
            break
        if width_px(first, size, weight) <= room_px:
            best = (first, second)
    return best

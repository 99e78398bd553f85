"""Colours and shapes of the picture of a diary. Shapes tell in grey what colours tell."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, Final

from kneetrack.diary.days import DiaryDay
from kneetrack.records import SideName

INK, SOFT, LINE, REST = "#17212b", "#5b6672", "#dfe4e9", "#a9b3bd"
BAND, EDGE = "#e3eef5", "#7fa6bf"
BLUE, ORANGE, GREEN, PURPLE = "#0072B2", "#D55E00", "#009E73", "#7b3f8c"
"""Told apart by colour-blind eyes; shapes tell them apart in grey."""
SIDE_MARKS: Final[dict[SideName, tuple[str, str, str, float, float]]] = {
    "left": ("o", BLUE, "-", 0.45, 0.13),
    "right": ("s", ORANGE, "--", 0.55, 0.05),
    "both": ("D", INK, "-", 0.5, 0.08),
}
"""Marker, colour, line, at which part of the day, and how high its question marks stand."""
PAINS: Final[tuple[tuple[str, dict[str, Any]], ...]] = (
    ("before", {"marker": "o", "color": BLUE, "fillstyle": "none", "markersize": 9.5}),
    ("after", {"marker": "o", "color": BLUE, "markersize": 5.5}),
    ("the next morning", {"marker": "D", "color": ORANGE, "markersize": 4}),
)


def marks(days: Sequence[DiaryDay]) -> list[tuple[str, dict[str, Any], list[date]]]:
    """(name, how it is drawn, days) of each kind of day."""
    circle = {"marker": "o", "markersize": 7.5, "color": BLUE}
    half = {**circle, "fillstyle": "left", "markerfacecoloralt": "white"}
    pain = {"marker": "^", "markersize": 8.5, "color": ORANGE}
    hollow = {"marker": "o", "markersize": 7, "color": SOFT, "fillstyle": "none"}
    check = {"marker": "D", "markersize": 10, "color": PURPLE, "fillstyle": "none"}
    of_state = {"done": circle, "partly": half, "pain": pain, "nothing": hollow}
    names = {"pain": "stopped by pain", "nothing": "nothing done"}
    found = [
        (names.get(state, state), style, [d.day for d in days if d.state == state])
        for state, style in of_state.items()
    ]
    found.append(("self-check", check, [d.day for d in days if d.selfcheck]))
    return [mark for mark in found if mark[2]]

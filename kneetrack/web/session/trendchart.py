"""A small chart of one measure over the sessions: points with error bars, in a box of its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from kneetrack.clinic import catalogue
from kneetrack.clinic_records.numbers import SessionValue
from kneetrack.records import SideName
from kneetrack.report.scales import Scale, nice

WIDTH: Final = 420.0
HEIGHT: Final = 170.0
_LEFT, _RIGHT, _TOP, _BOTTOM = 58.0, 20.0, 12.0, 30.0
_ASIDE: Final[Mapping[SideName, float]] = {"left": -4.0, "right": 4.0, "both": 0.0}
"""Two legs of one day stand beside each other, so that their bars can be told apart."""
_NEAR: Final = 46.0
"""Days nearer to each other than this do not both get a label."""


@dataclass(frozen=True, slots=True)
class Point:
    """A mean and its error bar; low and high are None where no error is known."""

    x: float
    y: float
    low: float | None
    high: float | None
    corrected: bool


@dataclass(frozen=True, slots=True)
class Series:
    """One leg: its points, and the line through them (SVG path)."""

    side: SideName
    points: tuple[Point, ...]
    path: str

    @property
    def whiskers(self) -> str:
        """Every error bar, as one SVG path."""
        return "".join(
            f"M{p.x:g} {p.low:g}V{p.high:g}M{p.x - 4:g} {p.low:g}h8M{p.x - 4:g} {p.high:g}h8"
            for p in self.points
            if p.low is not None and p.high is not None
        )

    @property
    def marks(self) -> str:
        """Every point, as one SVG path: squares on the right leg, discs elsewhere."""
        if self.side == "right":
            return "".join(f"M{p.x - 4:g} {p.y - 4:g}h8v8h-8z" for p in self.points)
        return "".join(
            f"M{p.x - 4.5:g} {p.y:g}a4.5 4.5 0 1 0 9 0a4.5 4.5 0 1 0-9 0" for p in self.points
        )

    @property
    def corrected(self) -> tuple[Point, ...]:
        """Points that a reviewer's correction touches."""
        return tuple(p for p in self.points if p.corrected)


@dataclass(frozen=True, slots=True)
class Chart:
    """Everything that the page draws, in the units of a box of WIDTH by HEIGHT."""

    series: tuple[Series, ...]
    ticks: tuple[tuple[str, float], ...]
    days: tuple[tuple[str, float], ...]
    zero: float | None


def chart(
    measure: str,
    moments: Sequence[datetime],
    values: Mapping[SideName, Sequence[SessionValue | None]],
) -> Chart | None:
    """The chart of a measure; None when it was never told. Points stand where their day is."""
    about = catalogue.info(measure)
    known = [v for row in values.values() for v in row if v is not None and v.value is not None]
    if not known:
        return None
    ends = [(v.value or 0.0) + sign * (v.error or 0.0) for v in known for sign in (-1, 1)]
    scale = _scale([end * about.factor for end in ends], about.places)
    places = _places(moments)

    def y(value: float) -> float:
        share = scale.y(value * about.factor) / 100
        return round(_TOP + share * (HEIGHT - _TOP - _BOTTOM), 1)

    series = tuple(_series(side, row, places, y) for side, row in values.items())
    low, high = scale.range
    return Chart(
        series=series,
        ticks=tuple((_tick(t), y(t / about.factor)) for t in nice(low, high, 4)),
        days=_days(moments, places),
        zero=y(0.0) if low < 0 < high else None,
    )


def _scale(ends: Sequence[float], places: int) -> Scale:
    low, high = min(ends), max(ends)
    room = max(0.12 * (high - low), 10.0**-places)
    return Scale((low - room, high + room))


def _places(moments: Sequence[datetime]) -> list[float]:
    """Where each session stands, by its time."""
    first, last = moments[0], moments[-1]
    length = (last - first).total_seconds()
    inner = WIDTH - _LEFT - _RIGHT - 24
    start = _LEFT + 12
    if length <= 0:
        return [start + inner / 2 for _ in moments]
    return [round(start + inner * (m - first).total_seconds() / length, 1) for m in moments]


def _series(
    side: SideName,
    row: Sequence[SessionValue | None],
    places: list[float],
    y: Callable[[float], float],
) -> Series:
    points = []
    for value, x in zip(row, places, strict=True):
        if value is None or value.value is None:
            continue
        error = value.error
        points.append(
            Point(
                x=round(x + _ASIDE[side], 1),
                y=y(value.value),
                low=None if error is None else y(value.value - error),
                high=None if error is None else y(value.value + error),
                corrected=value.corrected,
            )
        )
    path = " ".join(f"{'L' if i else 'M'}{p.x:g} {p.y:g}" for i, p in enumerate(points))
    return Series(side, tuple(points), path)


def _days(moments: Sequence[datetime], places: list[float]) -> tuple[tuple[str, float], ...]:
    """Labels for as many days as have room; the last one always."""
    shown: list[tuple[str, float]] = []
    for moment, x in reversed(list(zip(moments, places, strict=True))):
        if not shown or shown[-1][1] - x >= _NEAR:
            shown.append((f"{moment.day} {moment:%b}", x))
    return tuple(reversed(shown))


def _tick(value: float) -> str:
    return f"{value:g}".replace("-", "\N{MINUS SIGN}")

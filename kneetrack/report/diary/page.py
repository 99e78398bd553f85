"""What the page of a diary shows, ready to be put into its template."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PracticeLine:
    """One practice. parts: (symbol, title, what was done, clean). state: the key of its symbol."""

    number: int
    day: str
    time: str
    state: str
    symbol: str
    how: str
    minutes: str
    pain: str
    parts: tuple[tuple[str, str, str, str], ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class MeasureLine:
    """A measure and side: the first number of the diary and the last. told: in so many of tries."""

    title: str
    side: str
    first: str
    first_on: str
    last: str
    last_on: str
    told: int
    tries: int


@dataclass(frozen=True, slots=True)
class DiaryPage:
    """The whole page. figures: (number, what it is of). picture: an SVG element of our own.

    untold: measures that could not be told in any practice. warnings: what is to be seen first.
    """

    title: str
    days: str
    made_on: str
    figures: tuple[tuple[str, str], ...]
    picture: str
    lines: tuple[PracticeLine, ...]
    measures: tuple[MeasureLine, ...]
    untold: tuple[str, ...]
    legend: tuple[tuple[str, str], ...]
    warnings: tuple[str, ...] = ()

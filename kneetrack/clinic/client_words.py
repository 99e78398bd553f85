"""A value as a client reads it, in words."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from kneetrack.clinic import catalogue
from kneetrack.clinic_records.numbers import SessionValue

STAR: Final = "*"
"""Stands behind a number that rests on a correction."""
_TIMES: Final = {
    "ktsr": "times that between your toes",
    "knee_separation": "times that at the start",
}


@dataclass(frozen=True, slots=True)
class Words:
    """A value in words: number "12 %", error "3 %", of "of your shin’s length inside your toes"."""

    number: str
    error: str
    of: str = ""

    @property
    def about(self) -> str:
        """ " (give or take 3 %)"; "" where no error is known."""
        return f" (give or take {self.error})" if self.error else ""


def words_of(measure: str, value: SessionValue) -> Words:
    """A session's value as a client reads it, with a star where it rests on a correction."""
    words = in_words(measure, value.value or 0.0, value.error)
    return replace(words, number=f"{words.number}{STAR}") if value.corrected else words


def in_words(measure: str, value: float, error: float | None) -> Words:
    """A value as a client reads it: without a sign where words can say it."""
    about = catalogue.info(measure)
    size = catalogue.written(measure, abs(value), brief=True)
    own = "" if error is None else catalogue.written(measure, error, brief=True)
    if measure == "kfo":
        percent = round(abs(value) * about.factor)
        way = "inside" if value > 0 else "outside"
        return Words(f"{percent} %", own, f"of your shin’s length {way} your toes")
    if measure == "lift":
        return Words(size, own, "of your thigh’s length")
    if measure in _TIMES:
        return Words(size, own, _TIMES[measure])
    if about.unit == "s":
        return Words(f"{value:.1f} seconds", own)
    return Words(catalogue.text(measure, value, brief=True) if about.signed else size, own)

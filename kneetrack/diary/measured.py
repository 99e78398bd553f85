"""Measures over time: one series a measure and side, with gaps where it could not be told."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from kneetrack.clinic import catalogue
from kneetrack.clinic_records.practice import PartDone, PartMeasure, PracticeRecord
from kneetrack.diary.words import exercise_title
from kneetrack.exercises.rules import Exercise
from kneetrack.records import Band, SideName, Status

REPS: Final = "reps"
"""Repetitions of a practice, counted by the camera or by ear: a measure without an error."""
NO_MEASURE: Final = ("asymmetry", "sides_depth", "sides_knee", "sides_tempo")
"""Rules that compare two numbers which stand there already."""
_MOST_TOLD: Final = (
    ("lateral_lunge", "kfo"),
    ("glute_bridge", "lift"),
    ("glute_bridge", "hold"),
    ("lateral_lunge", "lead_knee_flexion"),
    ("lateral_lunge", "knee_flexion"),
    ("glute_bridge", "knee_separation"),
    ("single_leg_squat", "kfo"),
    ("single_leg_stance", "hold"),
    ("squat", "kfo"),
    ("lateral_lunge", "trailing_knee_flexion"),
)
"""Of which the diary tells first."""


_LARGEST: Final = 1e6
"""No measure is larger: what is came with a diary that somebody has changed."""


@dataclass(frozen=True, slots=True)
class Told:
    """A measure in one practice. value None: it could not be told, ``reason`` says why."""

    number: int
    at: datetime
    value: float | None
    error: float | None
    status: Status
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Series:
    """One measure and side over time, oldest first. unit: as stored, "deg", "ratio", "s".

    rules: that judged it in the last practice with it; bands of others say nothing of it.
    """

    exercise: str
    measure: str
    side: SideName
    unit: str
    told: tuple[Told, ...]
    rules: frozenset[str] = frozenset()

    @property
    def title(self) -> str:
        """ "Lateral lunge: knee over foot (KFO)"."""
        name = "repetitions" if self.measure == REPS else _lowered(catalogue.label(self.measure))
        return f"{exercise_title(self.exercise)}: {name}"

    @property
    def unit_words(self) -> str:
        """What its numbers are in when shown: "% of the shank"; "" without."""
        return "" if self.measure == REPS else catalogue.info(self.measure).unit_words

    @property
    def factor(self) -> float:
        """The number shown is value * factor."""
        return 1.0 if self.measure == REPS else catalogue.info(self.measure).factor

    @property
    def values(self) -> list[float]:
        """Those that could be told."""
        return [t.value for t in self.told if t.value is not None]


def _lowered(text: str) -> str:
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]


def all_series(
    records: Sequence[PracticeRecord], exercises: Mapping[str, Exercise] | None = None
) -> list[Series]:
    """Every measure of a diary, those that tell most first."""
    found: dict[tuple[str, str, SideName], dict[str, Told]] = {}
    units: dict[str, str] = {}
    rules: dict[tuple[str, str, SideName], dict[str, set[str]]] = {}
    for record in sorted(records, key=lambda r: r.practice.at):
        for exercise, row in _rows(record):
            measure = row.measure or _measure_of(exercise, row.rule, exercises)
            if not measure or row.rule in NO_MEASURE:
                continue
            units[measure] = units.get(measure) or row.unit
            key = (exercise, measure, row.side)
            rules.setdefault(key, {}).setdefault(record.practice.id, set()).add(row.rule)
            own = found.setdefault(key, {})
            before = own.get(record.practice.id)
            if before is None or before.value is None:
                own[record.practice.id] = _told(record, row)
        for exercise, count in _reps(record.parts).items():
            own = found.setdefault((exercise, REPS, "both"), {})
            p = record.practice
            own[p.id] = Told(p.number, p.at, float(count), None, "ok")
    made = [
        Series(*key, units.get(key[1], ""), tuple(own.values()), _last(rules.get(key, {})))
        for key, own in found.items()
    ]
    return sorted(made, key=lambda s: (_rank(s), s.exercise, s.measure, s.side))


def _last(rules: Mapping[str, set[str]]) -> frozenset[str]:
    return frozenset(list(rules.values())[-1]) if rules else frozenset()


def _rows(record: PracticeRecord) -> Iterable[tuple[str, PartMeasure]]:
    return ((part.exercise, row) for part in record.parts for row in part.measures)


def _told(record: PracticeRecord, row: PartMeasure) -> Told:
    p = record.practice
    if row.status == "cannot_tell" or row.value is None or abs(row.value) > _LARGEST:
        return Told(p.number, p.at, None, None, "cannot_tell", row.reason)
    error = None if row.error is None or abs(row.error) > _LARGEST else row.error
    return Told(p.number, p.at, row.value, error, row.status, row.reason)


def _reps(parts: Iterable[PartDone]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for part in parts:
        if part.reps_done or (part.dose.reps and part.status != "skipped"):
            counts[part.exercise] = counts.get(part.exercise, 0) + part.reps_done
    return counts


def _rank(series: Series) -> int:
    key = (series.exercise, series.measure)
    if series.measure == REPS:
        return len(_MOST_TOLD) + 1
    return _MOST_TOLD.index(key) if key in _MOST_TOLD else len(_MOST_TOLD)


def _known(exercises: Mapping[str, Exercise] | None) -> Mapping[str, Exercise]:
    from kneetrack.exercises import all_exercises

    return all_exercises() if exercises is None else exercises


def _measure_of(exercise: str, rule: str, exercises: Mapping[str, Exercise] | None) -> str:
    """By which measure a rule would have been judged first; "" for a rule that is not known."""
    own = _known(exercises).get(exercise)
    found = next((r for r in own.rules if r.name == rule), None) if own else None
    return found.readers[0].measure if found else ""


def bands_of(
    exercise: str,
    measure: str,
    exercises: Mapping[str, Exercise] | None = None,
    rules: Container[str] | None = None,
) -> list[Band]:
    """The coaching bands of a measure in an exercise; exercises: with their own bands.

    rules: of these alone; None: of all of them.
    """
    own = _known(exercises).get(exercise)
    if own is None:
        return []
    readers = [
        reader
        for rule in own.rules
        if not rule.information and (rules is None or rule.name in rules)
        for reader in rule.readers
        if reader.measure == measure
    ]
    bands = [band for reader in readers for band in (reader.above, reader.below) if band]
    return list(dict.fromkeys(bands))


def number_text(series: Series, told: Told) -> str:
    """ "+6 ± 2 % of the shank"; "cannot tell"."""
    if told.value is None:
        return "cannot tell"
    return value_text(series.measure, told.value, told.error)


def value_text(measure: str, value: float, error: float | None) -> str:
    """A value with its error and unit."""
    if measure == REPS:
        return f"{value:.0f}"
    return catalogue.text(measure, value, error)

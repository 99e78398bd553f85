"""A take worked out for its page: its repetitions with original and corrected numbers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from kneetrack.clinic import catalogue
from kneetrack.clinic.correction_words import in_words
from kneetrack.clinic_records.numbers import Reading
from kneetrack.clinic_records.visits import Correction
from kneetrack.records import SideName
from kneetrack.result import RepRow

_SIDES: Final = {"left": "left", "right": "right", "both": ""}
_SAME_REP_S: Final = 0.4
"""Bottoms farther apart than this are not of the same repetition."""


@dataclass(frozen=True, slots=True)
class Column:
    """A measure and a leg in the table of repetitions."""

    measure: str
    side: SideName
    title: str
    leg: str


@dataclass(frozen=True, slots=True)
class Cell:
    """A number as it stands; was: the original one where a correction changed it."""

    text: str
    corrected: bool = False
    was: str = ""


@dataclass(frozen=True, slots=True)
class RepView:
    """One repetition: times as texts, numbers, and whether a correction touches it."""

    index: int
    leg: str
    start_s: float
    bottom_s: float
    end_s: float
    valid: bool
    corrected: bool
    was: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class RepNumbers:
    """The table of repetitions."""

    columns: tuple[Column, ...]
    reps: tuple[RepView, ...]

    @property
    def corrected(self) -> bool:
        """Whether anything in it is corrected."""
        return any(rep.corrected or any(c.corrected for c in rep.cells) for rep in self.reps)


@dataclass(frozen=True, slots=True)
class CorrectionView:
    """A correction in words."""

    id: str
    what: str
    t_s: float | None
    reason: str
    correction: Correction


def rep_numbers(
    original: Sequence[RepRow],
    current: Sequence[RepRow],
    readings: Sequence[Reading],
    first_readings: Sequence[Reading],
) -> RepNumbers:
    """The repetitions as they stand, beside what they were.

    readings: of the store, as they stand. first_readings: of the original result.
    """
    columns = _columns(readings)
    standing = {(r.rep, r.measure, r.side): r for r in readings}
    first = {(r.rep, r.measure, r.side): r for r in first_readings}
    views = []
    for rep in current:
        before = same_rep(rep, original)
        cells = tuple(
            _cell(
                standing.get((rep.index, c.measure, c.side)),
                first.get((before.index, c.measure, c.side)) if before else None,
            )
            for c in columns
        )
        views.append(_rep_view(rep, before, cells))
    return RepNumbers(columns, tuple(views))


def same_rep(rep: RepRow, others: Iterable[RepRow]) -> RepRow | None:
    """The repetition with the nearest bottom, if it is near enough to be the same one."""
    near = min(others, key=lambda other: abs(other.bottom_s - rep.bottom_s), default=None)
    if near is None:
        return None
    apart = abs(near.bottom_s - rep.bottom_s)
    inside = near.start_s <= rep.bottom_s <= near.end_s
    return near if inside or apart <= _SAME_REP_S else None


def _columns(readings: Sequence[Reading]) -> tuple[Column, ...]:
    """One a measure and leg that any repetition tells, in the order of a report."""
    told = [r for r in readings if r.rep > 0]
    sides = dict.fromkeys((r.measure, r.side) for r in told if r.value is not None or r.corrected)
    return tuple(
        Column(measure, side, catalogue.info(measure).short, _SIDES[side])
        for measure, side in sides
    )


def _cell(standing: Reading | None, first: Reading | None) -> Cell:
    if standing is None:
        return Cell("")
    text = _text(standing)
    was = _text(first) if first is not None else "not measured"
    changed = standing.corrected and was != text
    return Cell(text, standing.corrected, was if changed else "")


def _text(reading: Reading) -> str:
    if reading.value is None:
        return "cannot tell"
    return catalogue.text(reading.measure, reading.value, reading.error, brief=True)


def _rep_view(rep: RepRow, before: RepRow | None, cells: tuple[Cell, ...]) -> RepView:
    times = (rep.start_s, rep.bottom_s, rep.end_s)
    if before is None:
        was = "added by the reviewer"
    else:
        first = (before.start_s, before.bottom_s, before.end_s)
        moved = any(abs(a - b) > 0.005 for a, b in zip(times, first, strict=True))
        was = "was " + " / ".join(f"{t:.2f}" for t in first) + " s" if moved else ""
    return RepView(
        index=rep.index,
        leg=_SIDES[rep.side],
        start_s=round(rep.start_s, 3),
        bottom_s=round(rep.bottom_s, 3),
        end_s=round(rep.end_s, 3),
        valid=rep.valid,
        corrected=bool(was),
        was=was,
        cells=cells,
    )


def correction_view(correction: Correction) -> CorrectionView:
    """A correction in words, and the moment that it is about."""
    text = in_words(correction)
    moment = {
        "landmark": correction.target.get("t_s"),
        "bounds": (correction.after or correction.before).get("bottom_s"),
        "verdict": correction.target.get("at_s"),
    }[correction.kind]
    return CorrectionView(
        correction.id,
        text[:1].upper() + text[1:],
        None if moment is None else float(moment),
        correction.reason,
        correction,
    )


def recounted(original: Sequence[RepRow], current: Sequence[RepRow]) -> tuple[str, ...]:
    """What corrections did to which repetitions there are and to their numbers; () for nothing.

    Of those struck out or added by hand the list of corrections tells, too; of those that are not
    found any more, or are found besides, with other landmarks, nothing else does.
    """
    pairs = [(rep, same_rep(rep, original)) for rep in current]
    kept = {old.index for _, old in pairs if old is not None}
    said = [
        f"repetition {old.index} of the original ({old.start_s:.1f} to {old.end_s:.1f} s) "
        "is not there any more"
        for old in original
        if old.index not in kept
    ]
    said += [
        f"repetition {rep.index} ({rep.start_s:.1f} to {rep.end_s:.1f} s) was not in the original"
        for rep, old in pairs
        if old is None
    ]
    other = [(old.index, rep.index) for rep, old in pairs if old and old.index != rep.index]
    if other:
        numbers = ", ".join(f"{old} is now {new}" for old, new in other)
        said.append(f"the numbers are others: {numbers}")
    return tuple(said)


def meanings(measures: Iterable[str]) -> tuple[catalogue.MeasureInfo, ...]:
    """What to say once about each measure on a page, in their order."""
    return tuple(catalogue.info(measure) for measure in dict.fromkeys(measures))

"""A take worked out for its page: its repetitions with original and corrected numbers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from kneetrack.clinic import catalogue
from kneetrack.clinic.correction_words import in_words
from kneetrack.clinic_records.numbers import Reading
from kneetrack.clinic_records.visits import Correction, VerdictLine
from kneetrack.records import SideName, Status
from kneetrack.report import glossary
from kneetrack.result import RepRow

STATUS_TITLES: Final[Mapping[Status, str]] = {
    "ok": "inside the band",
    "watch": "to watch",
    "flag": "outside the band",
    "cannot_tell": "cannot tell",
}
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


@dataclass(frozen=True, slots=True)
class VerdictView:
    """A rule and leg: one state a repetition, in order of the repetitions."""

    rule: str
    side: SideName
    title: str
    states: tuple[tuple[int, str, bool, str], ...]
    """(rep, state, corrected, value or reason)."""
    note: str = ""
    """The reason that all of them share."""


def verdict_views(lines: Sequence[VerdictLine]) -> tuple[VerdictView, ...]:
    """The verdicts against the coaching bands, a row a rule and leg."""
    rows: dict[tuple[str, SideName], list[VerdictLine]] = {}
    for line in lines:
        rows.setdefault((line.rule, line.side), []).append(line)
    ordered = sorted(rows.items(), key=lambda item: glossary.rule_order(item[0][0]))
    return tuple(_verdict_view(rule, side, group) for (rule, side), group in ordered)


def _verdict_view(rule: str, side: SideName, group: Sequence[VerdictLine]) -> VerdictView:
    reasons = {line.reason for line in group}
    shared = len(reasons) == 1 and all(line.value is None for line in group)
    return VerdictView(
        rule,
        side,
        rule_title(rule, side),
        tuple(
            (v.rep, STATUS_TITLES[v.status], v.corrected, "" if shared else _about(v))
            for v in group
        ),
        group[0].reason if shared else "",
    )


def rule_title(rule: str, side: str) -> str:
    """Such as "Knee inward, left"."""
    name = glossary.rule(rule).name
    return f"{name}, {side}" if side in ("left", "right") else name


def _about(line: VerdictLine) -> str:
    if line.value is None:
        return line.reason
    return catalogue.text(line.measure, line.value, line.error, brief=True)


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

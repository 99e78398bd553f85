"""The table of repetitions: a line each, a column for every rule and leg that was judged."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kneetrack.records import SideName, Status
from kneetrack.report import glossary
from kneetrack.report.overview import rep_status
from kneetrack.result import RepRow, Verdict

_SIDES: tuple[SideName, ...] = ("left", "right", "both")


@dataclass(frozen=True, slots=True)
class Column:
    """A rule, and a leg where each leg has a column of its own ("" where not)."""

    rule: str
    side: SideName | None
    title: str
    leg: str
    measure: str


@dataclass(frozen=True, slots=True)
class Cell:
    """One verdict: its state and number; ``leg`` and ``measure`` where the column leaves them."""

    status: Status | None
    text: str = ""
    leg: str = ""
    measure: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class RepLine:
    """One repetition."""

    index: int
    status: Status
    leg: str
    start: str
    seek_s: float
    tempo: str
    valid: bool
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class RepTable:
    """All repetitions of one set."""

    columns: tuple[Column, ...]
    lines: tuple[RepLine, ...]
    legs: bool


def rep_table(reps: Sequence[RepRow]) -> RepTable:
    """The table of a set's repetitions. Rules that could be told in none of them are left out."""
    columns = [
        column
        for rule in sorted(_told(reps), key=glossary.rule_order)
        for column in _columns(rule, reps)
    ]
    lines = [_line(rep, columns) for rep in reps]
    return RepTable(tuple(columns), tuple(lines), any(rep.side != "both" for rep in reps))


def _told(reps: Sequence[RepRow]) -> list[str]:
    return list(
        dict.fromkeys(
            v.rule
            for rep in reps
            for v in rep.verdicts
            if v.status != "cannot_tell" and not v.information
        )
    )


def _columns(rule: str, reps: Sequence[RepRow]) -> list[Column]:
    """One column a leg where a repetition has both legs, else one for whichever leg it is."""
    per_rep = [[v for v in rep.verdicts if v.rule == rule] for rep in reps]
    sides = {v.side for verdicts in per_rep for v in verdicts}
    name = glossary.rule(rule).name
    if any(len(verdicts) > 1 for verdicts in per_rep):
        return [
            Column(rule, side, name, side.capitalize(), _common(per_rep, side))
            for side in _SIDES
            if side in sides
        ]
    return [Column(rule, None, name, "", _common(per_rep, None))]


def _common(per_rep: Sequence[Sequence[Verdict]], side: SideName | None) -> str:
    """The measure that decided everywhere in a column; "" when they differ."""
    names = {
        v.measure
        for verdicts in per_rep
        for v in verdicts
        if side in {None, v.side} and v.status != "cannot_tell"
    }
    return glossary.measure(names.pop()).short if len(names) == 1 else ""


def _line(rep: RepRow, columns: Sequence[Column]) -> RepLine:
    phases = (rep.descent_s, rep.hold_s, rep.ascent_s)
    return RepLine(
        index=rep.index,
        status=rep_status(rep),
        leg={"left": "Left", "right": "Right", "both": ""}[rep.side],
        start=f"{rep.start_s:.1f} s",
        seek_s=round(rep.bottom_s, 3),
        tempo=" · ".join(f"{seconds:.1f}" for seconds in phases),
        valid=rep.valid,
        cells=tuple(_cell(rep, column) for column in columns),
    )


def _cell(rep: RepRow, column: Column) -> Cell:
    for verdict in rep.verdicts:
        if verdict.rule == column.rule and column.side in {None, verdict.side}:
            shown = glossary.measure(verdict.measure, verdict.unit)
            told = verdict.status != "cannot_tell"
            other_leg = column.side is None and verdict.side not in {"both", rep.side}
            return Cell(
                status=verdict.status,
                text=shown.with_error(verdict.value, verdict.error) if told else "",
                leg=verdict.side.capitalize() if other_leg else "",
                measure=shown.short if told and not column.measure else "",
                reason=verdict.reason,
            )
    return Cell(None)

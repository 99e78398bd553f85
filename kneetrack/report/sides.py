"""Left against right, in words: one line for each measure that was compared."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from kneetrack.report import glossary
from kneetrack.report.take import exercise_title
from kneetrack.result import Result, SideRow

_NAMES: Final = {"reps": "Repetitions", "depth": "Depth", "kfo": "Knee over foot"}
_OF: Final = {"depth": "of the leg", "kfo": "of the shank"}
_TOLD: Final = {"even": "No difference beyond the error", "differs": "Differs"}


@dataclass(frozen=True, slots=True)
class SideLine:
    """One measure, ready to show. told: "even", "differs" or "cannot_tell"."""

    exercise: str
    name: str
    of: str
    left: str
    right: str
    difference: str
    told: str
    words: str


def side_lines(results: Sequence[Result]) -> tuple[SideLine, ...]:
    """Of one take, or of several of the same exercise: the first that could tell speaks."""
    rows: dict[tuple[str, str], SideRow] = {}
    for row in (row for result in results for row in result.sides):
        known = rows.get((row.exercise, row.measure))
        if known is None or (known.told == "cannot_tell" and row.told != "cannot_tell"):
            rows[row.exercise, row.measure] = row
    return tuple(side_line(row) for row in rows.values())


def side_line(row: SideRow) -> SideLine:
    """The row in words."""
    return SideLine(
        exercise=exercise_title(row.exercise),
        name=_name(row),
        of=_OF.get(row.measure, ""),
        left=_number(row, row.left),
        right=_number(row, row.right),
        difference=_difference(row),
        told=row.told,
        words=_TOLD.get(row.told, f"Cannot tell: {row.reason}"),
    )


def side_words(row: SideRow) -> str:
    """One line, "knee over foot: left 3 %, right 15 % of the shank (+12 ± 4 % right less left)"."""
    line = side_line(row)
    name = line.name[:1].lower() + line.name[1:]
    of = f" {line.of}" if line.of else ""
    apart = f" ({line.difference} right less left)" if row.error else ""
    return f"{name}: left {line.left}, right {line.right}{of}{apart}"


def _name(row: SideRow) -> str:
    return _NAMES.get(row.measure) or glossary.measure(row.measure).name


def _number(row: SideRow, value: float | None, *, signed: bool = False) -> str:
    if value is None:
        return ""
    places = 1 if row.unit == "s" else 0
    shown = round(value, places) + 0.0
    sign = "\N{MINUS SIGN}" if shown < 0 else "+" if signed and shown > 0 else ""
    return f"{sign}{abs(shown):.{places}f}{_unit(row)}"


def _difference(row: SideRow) -> str:
    if row.difference is None:
        return ""
    text = _number(row, row.difference, signed=True)
    unit = _unit(row)
    return f"{text.removesuffix(unit)} ± {_number(row, row.error)}" if row.error else text


def _unit(row: SideRow) -> str:
    return {"percent": " %", "s": " s"}.get(row.unit, "")

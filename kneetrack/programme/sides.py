"""Left against right over all sets of a part, as rows of the diary. No row of them is a fault."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from kneetrack.clinic_records.practice import PartMeasure
from kneetrack.records import SideName, Status
from kneetrack.result import Result, SideRow
from kneetrack.symmetry import sides_of

_RULES: Final = {"depth": "sides_depth", "kfo": "sides_knee", "descent": "sides_tempo"}
"""How often each side worked is counted already."""
_STATUS: Final[dict[str, Status]] = {"even": "ok", "differs": "watch", "cannot_tell": "cannot_tell"}


def side_measures(results: Sequence[Result], exercise: str) -> tuple[PartMeasure, ...]:
    """How the sides compare: ``side`` is the one with more of it, the value by how much.

    Sets from the front speak where there are any: from the side one leg is nearer.
    """
    front = [result for result in results if _from_the_front(result, exercise)]
    rows = sides_of(*(front or results))
    return tuple(
        _measure(row) for row in rows if row.exercise == exercise and row.measure in _RULES
    )


def _from_the_front(result: Result, exercise: str) -> bool:
    sets = [row for row in result.sets if row.exercise == exercise]
    return bool(sets) and all(row.view.name in ("front", "back") for row in sets)


def _measure(row: SideRow) -> PartMeasure:
    difference = row.difference or 0.0
    more: SideName = "right" if difference > 0 else "left"
    return PartMeasure(
        rule=_RULES[row.measure],
        side=more if row.told == "differs" else "both",
        status=_STATUS[row.told],
        measure=f"{row.measure}_difference",
        unit=row.unit,
        value=None if row.difference is None else abs(difference),
        error=row.error,
        reason="" if row.told == "differs" else row.reason,
    )

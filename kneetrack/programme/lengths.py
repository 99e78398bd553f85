"""How long a practice takes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from kneetrack.programme.offered import page_of, positions_of
from kneetrack.programme.values import PlannedPart

REP_S: Final = 4.0
"""A repetition without what is held in it."""
SET_UP_S: Final = 25.0
"""To get into the picture, and to stand or lie still, before a set."""
POSITION_S: Final = 8.0
"""To get into a position or onto a region, while it is announced."""


def expected_s(planned: Iterable[PlannedPart]) -> float:
    """About how long the parts take, with getting ready and with rests between sets."""
    return sum(part_s(each) for each in planned)


def part_s(each: PlannedPart) -> float:
    """About how long one part takes."""
    part, dose = each.part, each.dose
    page = page_of(part.exercise)
    sides = 2 if page.each_side and part.sides == "both" else 1
    hold_s = dose.hold_s or 0.0
    if part.kind == "timed":
        return positions_of(page, part.positions) * sides * (POSITION_S + hold_s)
    sets, reps = dose.sets or 1, dose.reps or 1
    return sets * (SET_UP_S + reps * sides * (REP_S + hold_s)) + (sets - 1) * part.rest_s

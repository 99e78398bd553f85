"""The stations of a timed part in their order: positions, sides, rounds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from kneetrack.clinic_records.practice import Dose
from kneetrack.guide.pages import Page, Position
from kneetrack.programme.values import Part

USUAL_S: Final = 30.0
SIDE_BY_SIDE: Final = frozenset({"hip_flexor_release"})
"""All positions of one side first: changing sides means kneeling down anew."""


@dataclass(frozen=True, slots=True)
class Station:
    """One position on one side, held for so long. side: "left", "right", "" both alike."""

    position: Position
    seconds: float
    side: str = ""

    @property
    def title(self) -> str:
        """``Straight ahead, left side``"""
        return f"{self.position.title}, {self.side} side" if self.side else self.position.title


def is_timed(part: Part) -> bool:
    """Whether a part is held for so long; also a balance, of which nothing is counted."""
    return part.kind == "timed" or part.exercise == "single_leg_stance"


def stations_of(part: Part, dose: Dose, page: Page) -> tuple[Station, ...]:
    """What is held, one after the other."""
    positions = _positions(part, page)
    sides = _sides(part, page)
    seconds = USUAL_S if dose.hold_s is None else dose.hold_s
    if page.name in SIDE_BY_SIDE:
        order = [(position, side) for side in sides for position in positions]
    else:
        order = [(position, side) for position in positions for side in sides]
    one = [Station(position, seconds, side) for position, side in order]
    return tuple(one * (dose.sets or 1))


def _positions(part: Part, page: Page) -> tuple[Position, ...]:
    if part.positions:
        return tuple(page.position(key) for key in part.positions)
    return page.positions or (Position("", page.title, page.say),)


def _sides(part: Part, page: Page) -> tuple[str, ...]:
    if not page.each_side:
        return ("",)
    return ("left", "right") if part.sides == "both" else (part.sides,)

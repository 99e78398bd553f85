"""What an exercise is made of: rules, the readers that decide them, and their bands."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Literal, Protocol

from kneetrack.records import Band, SideName, Status
from kneetrack.result import ExerciseName

Sides = Literal["each", "working", "other", "one"]
"""each leg; the working (lead, standing) leg; the other (trailing) leg; one value for the body."""
Confidence = Literal["high", "medium", "low"]


@dataclass(frozen=True, slots=True)
class Sample:
    """One reading: a value, or NaN and the reason; its standard error, NaN where none is known."""

    value: float
    reason: str = ""
    error: float = float("nan")


class RepLike(Protocol):
    """What a reader may ask of a repetition (analysis supplies it)."""

    @property
    def working(self) -> int | None:
        """Index of the working leg, None when both work alike."""

    @property
    def descent_s(self) -> float:
        """Onset to deepest point."""

    @property
    def hold_s(self) -> float:
        """Time near the deepest point."""

    @property
    def bridge_mode(self) -> Literal["low", "full"]:
        """Which bridge was prescribed."""

    def at_bottom(self, measure: str, side: int | None) -> Sample:
        """Median of the measure in 100 ms around the deepest point."""

    def mid_range(self, measure: str, side: int | None) -> Sample:
        """Median of the measure while the knee bends 45 to 60 degrees, down and up."""

    def whole(self, measure: str, side: int | None) -> Sample:
        """Median of the measure over the repetition."""

    def fall_within(self, measure: str, side: int | None, seconds: float) -> Sample:
        """By how much the measure falls, at most, within so many seconds."""

    def foot_down_s(self) -> float:
        """Seconds for which the lifted foot touched the floor."""

    def change_within(self, measure: str, side: int | None) -> Sample:
        """Value at the deepest point less the median while the body is up, before and after."""

    def sway(self) -> float:
        """Root mean square sway of the hips over the stance, leg lengths."""


Read = Callable[[RepLike, "Reader", "int | None"], Sample]


def at_bottom(rep: RepLike, reader: Reader, side: int | None) -> Sample:
    """Read the measure at the deepest point."""
    return rep.at_bottom(reader.measure, side)


def mid_range(rep: RepLike, reader: Reader, side: int | None) -> Sample:
    """Read the measure at 45 to 60 degrees of flexion."""
    return rep.mid_range(reader.measure, side)


def whole(rep: RepLike, reader: Reader, side: int | None) -> Sample:
    """Read the median over the repetition."""
    return rep.whole(reader.measure, side)


@dataclass(frozen=True, slots=True)
class Reader:
    """One measure that can decide a rule.

    ``above`` and ``below`` are the bands on the high and on the low side; either may be missing.
    ``error`` is the standard error of a single reading in ``unit``, where the reading has none.
    ``no_ok`` explains why a value inside the band proves nothing in this view. ``most`` is the
    worst status that the reader may give.
    """

    measure: str
    unit: str
    error: float
    above: Band | None = None
    below: Band | None = None
    read: Read = at_bottom
    reference: str = ""
    no_ok: str = ""
    most: Status = "flag"


@dataclass(frozen=True, slots=True)
class Rule:
    """A fault with a stable name; the first of its readers that is valid decides.

    ``worst`` = the worst of all valid readers decides instead. ``information`` rules are shown
    and never red. ``cue`` is what to do, in plain words; ``found`` what was seen, at one leg;
    ``found_both`` at both.
    """

    name: str
    sides: Sides
    readers: tuple[Reader, ...]
    found: str
    cue: str
    confidence: Confidence = "medium"
    information: bool = False
    worst: bool = False
    bridge_mode: Literal["low", "full"] | None = None
    note: str = ""
    found_both: str = ""

    def legs(self, working: int | None) -> list[tuple[int | None, SideName]]:
        """The legs the rule is about, as (index on the side axis, name)."""
        both: list[tuple[int | None, SideName]] = [(0, "left"), (1, "right")]
        if self.sides == "one" or (self.sides != "each" and working is None):
            return [(None, "both")]
        if self.sides == "each" or working is None:
            return both
        return [both[working if self.sides == "working" else 1 - working]]


@dataclass(frozen=True, slots=True)
class Exercise:
    """An exercise: its names, the view it wants, and its rules in order of priority."""

    name: ExerciseName
    title: str
    film: str
    rules: tuple[Rule, ...]
    aliases: tuple[str, ...] = ()
    dose: str = ""
    working_leg: str = ""

    def rule(self, name: str) -> Rule:
        """The rule of that name. Raises KeyError."""
        for rule in self.rules:
            if rule.name == name:
                return rule
        raise KeyError(name)

    def with_rules(self, rules: tuple[Rule, ...]) -> Exercise:
        """A copy with other rules (changed bands)."""
        return replace(self, rules=rules)


@dataclass(frozen=True, slots=True)
class Bands:
    """Where the bands of the rules of one exercise stand in a settings file."""

    exercise: str
    values: dict[str, dict[str, dict[str, float]]] = field(default_factory=dict)

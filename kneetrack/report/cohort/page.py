"""What the cohort report shows, ready to be put into its template."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from kneetrack.records import Status

States = Mapping[Status, int]


@dataclass(frozen=True, slots=True)
class Shape:
    """A histogram to draw; heights and places run from 0 to 1.

    zero: where zero lies, None outside. low, high: what its ends stand for. beyond: values that
    lie further out than it reaches.
    """

    heights: tuple[float, ...]
    median: float
    quarter: float
    three_quarters: float
    zero: float | None
    low: str
    high: str
    beyond: int = 0


@dataclass(frozen=True, slots=True)
class Measured:
    """One measure of one leg over all repetitions that were judged.

    n: repetitions with a value, of so many that were judged. middle: the middle half
    (interquartile range). error: median of the standard errors. words: in place of a histogram.
    """

    title: str
    leg: str
    shape: Shape | None
    median: str
    middle: str
    error: str
    n: int
    of: int
    views: str
    words: str = ""


@dataclass(frozen=True, slots=True)
class RuleLine:
    """How often a rule was in each state, in verdicts."""

    name: str
    states: States
    information: bool

    @property
    def total(self) -> int:
        """All verdicts."""
        return sum(self.states.values())


@dataclass(frozen=True, slots=True)
class ExercisePart:
    """Everything of one exercise.

    when: where in the repetition the measures are read. unjudged: measures that are left out, and
    why no repetition could be judged by them.
    """

    title: str
    clips: int
    states: States
    counted_only: int
    rules: tuple[RuleLine, ...]
    measures: tuple[Measured, ...]
    when: str
    unjudged: tuple[tuple[str, str], ...]

    @property
    def drawn(self) -> bool:
        """Whether there is a histogram among its measures."""
        return any(measure.shape for measure in self.measures)

    @property
    def reps(self) -> int:
        """All repetitions."""
        return sum(self.states.values())


@dataclass(frozen=True, slots=True)
class ReasonLine:
    """Why something could not be told: how many verdicts, in how many repetitions, of what."""

    text: str
    verdicts: int
    share: float
    reps: int
    clips: int
    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ClipLine:
    """A clip to look at, and why."""

    row: int
    clip: str
    text: str


@dataclass(frozen=True, slots=True)
class ClipList:
    """Clips of one kind; ``more`` of them are only in clips.parquet."""

    title: str
    about: str
    lines: tuple[ClipLine, ...]
    more: int = 0

    @property
    def total(self) -> int:
        """How many there are."""
        return len(self.lines) + self.more


@dataclass(frozen=True, slots=True)
class CohortPage:
    """The whole report. facts, versions: names and values. own_settings: the user's TOML.

    nothing: heading and words in place of the exercises where there is no repetition. unlike:
    clips in which something else was recognised than asked for.
    """

    date: str
    figures: tuple[tuple[str, str], ...]
    remarks: tuple[str, ...]
    nothing: tuple[str, str]
    unlike: ClipList | None
    exercises: tuple[ExercisePart, ...]
    reasons: tuple[ReasonLine, ...]
    more_reasons: int
    lists: tuple[ClipList, ...]
    facts: tuple[tuple[str, str], ...]
    own_settings: str
    definitions: tuple[tuple[str, str, str, str], ...]

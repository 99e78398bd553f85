"""A session worked out for its page: a row a step, its takes and its numbers joined."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Final

from kneetrack.clinic import catalogue
from kneetrack.clinic_records.kinds import SheetName, ViewAsked
from kneetrack.clinic_records.numbers import SessionValue, SideDifference
from kneetrack.clinic_records.plans import Protocol, Step
from kneetrack.clinic_records.visits import Score, Session, SetupFacts, Trial
from kneetrack.records import SideName
from kneetrack.result import ExerciseName

SHEET_TITLES: Final[Mapping[SheetName, str]] = {"lsd": "LSD", "qasls": "QASLS"}
VIEW_TITLES: Final[Mapping[str, str]] = {
    "front": "Front",
    "side": "Side",
    "foot_end": "Foot end",
    "oblique": "Oblique",
    "back": "Back",
}
_SIDES: Final[tuple[SideName, ...]] = ("left", "right")


def deepest(exercise: ExerciseName) -> str:
    """What the deepest point of a repetition is called: of a bridge it is the top."""
    return "top" if exercise == "glute_bridge" else "bottom"


@dataclass(frozen=True, slots=True)
class Number:
    """One number as it is read: text with its error, "4 of 5", and why there is none."""

    text: str
    count: str = ""
    corrected: bool = False
    why_not: str = ""


@dataclass(frozen=True, slots=True)
class NumberRow:
    """One measure from one view: of either leg, or one number for both.

    difference: right less left, with its error; "" where it is not told, and why_no_difference
    says why. within: it is no more than the errors of the two sides.
    """

    measure: str
    title: str
    unit: str
    view: str
    left: Number | None = None
    right: Number | None = None
    both: Number | None = None
    difference: str = ""
    within: bool = False
    why_no_difference: str = ""

    @property
    def corrected(self) -> bool:
        """Whether a reviewer's correction touches any of the numbers."""
        return any(n is not None and n.corrected for n in (self.left, self.right, self.both))


@dataclass(frozen=True, slots=True)
class TakeRow:
    """A view of a step: the trial that counts or the last one tried, and earlier attempts."""

    step: str
    view: ViewAsked
    title: str
    trial: Trial | None
    others: tuple[Trial, ...] = ()
    corrected: int = 0


@dataclass(frozen=True, slots=True)
class SheetLink:
    """A score that may be filled in for a step and a leg."""

    step: str
    sheet: SheetName
    title: str
    side: SideName
    done: int
    items: int
    total: int | None


@dataclass(frozen=True, slots=True)
class StepRow:
    """One step of the protocol; steps of one leg each (left, right) make one row together."""

    title: str
    steps: tuple[Step, ...]
    takes: tuple[TakeRow, ...]
    numbers: tuple[NumberRow, ...]
    sheets: tuple[SheetLink, ...]

    @property
    def key(self) -> str:
        """Of its first step."""
        return self.steps[0].key

    @property
    def leg(self) -> str:
        """The only leg it is about; "" where it is about both."""
        foot = self.steps[0].foot
        return "" if len(self.steps) > 1 or foot == "both" else foot

    @property
    def begun(self) -> bool:
        """Whether anything was tried."""
        return any(take.trial is not None for take in self.takes)


def step_rows(
    protocol: Protocol,
    trials: Sequence[Trial],
    values: Sequence[SessionValue],
    differences: Sequence[SideDifference] = (),
    scores: Sequence[Score] = (),
    corrections: Mapping[str, int] | None = None,
) -> tuple[StepRow, ...]:
    """The rows of a session's page; corrections: how many stand, by trial."""
    rows: dict[str, list[Step]] = {}
    for step in protocol.steps:
        rows.setdefault(stem(step), []).append(step)
    return tuple(
        StepRow(
            title=steps[0].title if len(steps) == 1 else pair_title(steps[0]),
            steps=tuple(steps),
            takes=tuple(t for step in steps for t in take_rows(step, trials, corrections or {})),
            numbers=number_rows({step.key for step in steps}, values, differences),
            sheets=tuple(link for step in steps for link in sheet_links(step, scores)),
        )
        for steps in rows.values()
    )


def stem(step: Step) -> str:
    """What the steps of the left and of the right leg have in common: "slsq" of "slsq_left"."""
    return step.key if step.foot == "both" else step.key.removesuffix(f"_{step.foot}")


def pair_title(step: Step) -> str:
    """A title without its leg: "Balance on one leg" of "Balance on the left leg"."""
    return step.title.removesuffix(f", {step.foot}").replace(f"the {step.foot} leg", "one leg")


def take_rows(
    step: Step, trials: Sequence[Trial], corrections: Mapping[str, int]
) -> tuple[TakeRow, ...]:
    """A row a view that the step asks for, and any other view that was filmed."""
    own = [trial for trial in trials if trial.step == step.key]
    views = dict.fromkeys([*step.views, *(trial.view for trial in own)])
    return tuple(
        _take_row(step, view, [t for t in own if t.view == view], corrections) for view in views
    )


def _take_row(
    step: Step, view: ViewAsked, trials: Sequence[Trial], corrections: Mapping[str, int]
) -> TakeRow:
    newest = sorted(trials, key=lambda trial: -trial.attempt)
    good = [trial for trial in newest if trial.status == "good"]
    counts = next(iter([*good, *newest]), None)
    others = tuple(trial for trial in newest if trial is not counts)
    corrected = corrections.get(counts.id, 0) if counts is not None else 0
    title = VIEW_TITLES[view]
    if step.foot != "both":
        title = f"{step.foot.capitalize()} leg, {title.lower()}"
    return TakeRow(step.key, view, title, counts, others, corrected)


def number_rows(
    steps: Set[str], values: Sequence[SessionValue], differences: Sequence[SideDifference] = ()
) -> tuple[NumberRow, ...]:
    """A row a measure and view of these steps, in the order in which the values come."""
    grouped: dict[tuple[str, str], list[SessionValue]] = {}
    for value in values:
        if value.key.step in steps:
            grouped.setdefault((value.key.measure, value.key.view), []).append(value)
    return tuple(_number_row(group, differences) for group in grouped.values())


def _number_row(group: Sequence[SessionValue], differences: Sequence[SideDifference]) -> NumberRow:
    key = group[0].key
    by_side: dict[SideName, Number] = {value.key.side: number(value) for value in group}
    found = next((d for d in differences if any(v in (d.left, d.right) for v in group)), None)
    return NumberRow(
        measure=key.measure,
        title=catalogue.info(key.measure).title,
        unit=unit_words(key.measure),
        view=VIEW_TITLES.get(key.view, key.view),
        left=by_side.get("left"),
        right=by_side.get("right"),
        both=by_side.get("both"),
        difference=difference_text(found) if found is not None else "",
        within=found is not None and found.difference is not None and bool(found.why),
        why_no_difference=found.why if found is not None and found.difference is None else "",
    )


def unit_words(measure: str) -> str:
    """What a number without its unit's words is a part of: "% of the shank"; "" for ° and s."""
    words = catalogue.info(measure).unit_words
    return "" if words in ("degrees", "seconds") else words


def number(value: SessionValue) -> Number:
    """A mean with its error and how many repetitions went into it."""
    return Number(
        text=catalogue.text(value.key.measure, value.value, value.error, brief=True),
        count=f"{value.reps} of {value.reps_total}",
        corrected=value.corrected,
        why_not=value.why_not if value.value is None else "",
    )


def difference_text(found: SideDifference) -> str:
    """Right less left in the measure's own unit, in percent only where that means something."""
    if found.difference is None:
        return ""
    shown = catalogue.sides_text(found)
    if found.percent is None:
        return shown
    percent = f"{round(found.percent):+d}" if round(found.percent) else "0"
    return f"{shown} ({percent} %)".replace("-", "\N{MINUS SIGN}")


def sheet_links(step: Step, scores: Sequence[Score]) -> tuple[SheetLink, ...]:
    """The sheets that may be filled in after a step, one a leg."""
    sides = _SIDES if step.foot == "both" else (step.foot,)
    return tuple(
        _sheet_link(step.key, name, side, _score(scores, step.key, name, side))
        for name in step.sheets
        for side in sides
    )


def _sheet_link(step: str, name: SheetName, side: SideName, score: Score | None) -> SheetLink:
    items = score.items if score is not None else ()
    done = sum(item.confirmed is not None for item in items)
    total = score.total if score is not None else None
    return SheetLink(step, name, SHEET_TITLES[name], side, done, len(items), total)


def _score(scores: Sequence[Score], step: str, name: SheetName, side: SideName) -> Score | None:
    return next((s for s in scores if (s.step, s.sheet, s.side) == (step, name, side)), None)


def setup_rows(setup: SetupFacts) -> tuple[tuple[str, str], ...]:
    """(what, value) of the setup facts; "not told" where there is none."""
    metres = (
        ("Camera to client", setup.distance_m),
        ("Lens above the floor", setup.camera_height_m),
    )
    words = (
        ("Footwear", setup.footwear),
        ("Stance", setup.stance),
        ("Clothing", setup.clothing),
        ("Camera", setup.camera),
    )
    return (
        *((name, f"{value:g} m" if value is not None else "not told") for name, value in metres),
        *((name, value or "not told") for name, value in words),
    )


def neighbours(
    sessions: Sequence[Session], session_id: str
) -> tuple[Session | None, Session | None]:
    """The client's sessions before and after one."""
    at = next(i for i, session in enumerate(sessions) if session.id == session_id)
    before = sessions[at - 1] if at else None
    after = sessions[at + 1] if at + 1 < len(sessions) else None
    return before, after

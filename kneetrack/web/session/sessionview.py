"""A session worked out for its page: a row a step, its takes and its numbers joined."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from kneetrack.clinic import catalogue
from kneetrack.clinic_records.kinds import SheetName, ViewAsked
from kneetrack.clinic_records.numbers import MeasureKey, SessionValue, SideDifference
from kneetrack.clinic_records.plans import Protocol, Step
from kneetrack.clinic_records.visits import Score, Session, SetupFacts, Trial
from kneetrack.records import SideName

SHEET_TITLES: Final[Mapping[SheetName, str]] = {"lsd": "LSD", "qasls": "QASLS"}
VIEW_TITLES: Final[Mapping[str, str]] = {
    "front": "Front",
    "side": "Side",
    "foot_end": "Foot end",
    "oblique": "Oblique",
    "back": "Back",
}
_SIDES: Final[tuple[SideName, ...]] = ("left", "right")


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
    says why. It may also say what to think of a difference.
    """

    measure: str
    title: str
    unit: str
    view: str
    left: Number | None = None
    right: Number | None = None
    both: Number | None = None
    difference: str = ""
    why_no_difference: str = ""

    @property
    def corrected(self) -> bool:
        """Whether a reviewer's correction touches any of the numbers."""
        return any(n is not None and n.corrected for n in (self.left, self.right, self.both))


@dataclass(frozen=True, slots=True)
class TakeRow:
    """A view of a step: the trial that counts or the last one tried, and earlier attempts."""

    view: ViewAsked
    title: str
    trial: Trial | None
    others: tuple[Trial, ...] = ()
    corrected: int = 0


@dataclass(frozen=True, slots=True)
class SheetLink:
    """A score that may be filled in for a step and a leg."""

    sheet: SheetName
    title: str
    side: SideName
    done: int
    items: int
    total: int | None


@dataclass(frozen=True, slots=True)
class StepRow:
    """One step of the protocol."""

    step: Step
    takes: tuple[TakeRow, ...]
    numbers: tuple[NumberRow, ...]
    sheets: tuple[SheetLink, ...]

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
    return tuple(
        StepRow(
            step=step,
            takes=take_rows(step, trials, corrections or {}),
            numbers=number_rows(step.key, values, differences),
            sheets=sheet_links(step, scores),
        )
        for step in protocol.steps
    )


def take_rows(
    step: Step, trials: Sequence[Trial], corrections: Mapping[str, int]
) -> tuple[TakeRow, ...]:
    """A row a view that the step asks for, and any other view that was filmed."""
    own = [trial for trial in trials if trial.step == step.key]
    views = dict.fromkeys([*step.views, *(trial.view for trial in own)])
    return tuple(_take_row(view, [t for t in own if t.view == view], corrections) for view in views)


def _take_row(view: ViewAsked, trials: Sequence[Trial], corrections: Mapping[str, int]) -> TakeRow:
    newest = sorted(trials, key=lambda trial: -trial.attempt)
    good = [trial for trial in newest if trial.status == "good"]
    counts = next(iter([*good, *newest]), None)
    others = tuple(trial for trial in newest if trial is not counts)
    corrected = corrections.get(counts.id, 0) if counts is not None else 0
    return TakeRow(view, VIEW_TITLES[view], counts, others, corrected)


def number_rows(
    step: str, values: Sequence[SessionValue], differences: Sequence[SideDifference] = ()
) -> tuple[NumberRow, ...]:
    """A row a measure and view of one step, in the order in which the values come."""
    grouped: dict[tuple[str, str], list[SessionValue]] = {}
    for value in values:
        if value.key.step == step:
            grouped.setdefault((value.key.measure, value.key.view), []).append(value)
    return tuple(_number_row(group, differences) for group in grouped.values())


def _number_row(group: Sequence[SessionValue], differences: Sequence[SideDifference]) -> NumberRow:
    key = group[0].key
    by_side: dict[SideName, Number] = {value.key.side: number(value) for value in group}
    found = next((d for d in differences if _same_but_side(d.key, key)), None)
    return NumberRow(
        measure=key.measure,
        title=catalogue.info(key.measure).title,
        unit=unit_words(key.measure),
        view=VIEW_TITLES.get(key.view, key.view),
        left=by_side.get("left"),
        right=by_side.get("right"),
        both=by_side.get("both"),
        difference=difference_text(found) if found is not None else "",
        why_no_difference=found.why if found is not None else "",
    )


def unit_words(measure: str) -> str:
    """What a number without its unit's words is a part of: "% of the shin"; "" for ° and s."""
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


def pair_rows(
    protocol: Protocol, differences: Sequence[SideDifference]
) -> tuple[tuple[str, tuple[NumberRow, ...]], ...]:
    """Steps of one leg each, side by side: (title, rows); steps of both legs are not among them."""
    titles = {step.key: step.title for step in protocol.steps}
    rows: dict[str, list[NumberRow]] = {}
    for found in differences:
        if found.key.step not in titles:
            title = titles.get(f"{found.key.step}_left", found.key.step)
            rows.setdefault(title.removesuffix(", left").replace(" the left", " one"), []).append(
                _pair_row(found)
            )
    return tuple((title, tuple(group)) for title, group in rows.items())


def _pair_row(found: SideDifference) -> NumberRow:
    return NumberRow(
        measure=found.key.measure,
        title=catalogue.info(found.key.measure).title,
        unit=unit_words(found.key.measure),
        view=VIEW_TITLES.get(found.key.view, found.key.view),
        left=number(found.left),
        right=number(found.right),
        difference=difference_text(found),
        why_no_difference=found.why,
    )


def difference_text(found: SideDifference) -> str:
    """Right less left in the measure's own unit, in percent only where that means something."""
    if found.difference is None:
        return ""
    shown = catalogue.difference_text(found.key.measure, found.difference, found.error, brief=True)
    return shown if found.percent is None else f"{shown} ({found.percent:+.0f} %)".replace("-", "−")


def _same_but_side(one: MeasureKey, other: MeasureKey) -> bool:
    return (one.step, one.measure, one.view) == (other.step, other.measure, other.view)


def sheet_links(step: Step, scores: Sequence[Score]) -> tuple[SheetLink, ...]:
    """The sheets that may be filled in after a step, one a leg."""
    sides = _SIDES if step.foot == "both" else (step.foot,)
    return tuple(
        _sheet_link(name, side, _score(scores, step.key, name, side))
        for name in step.sheets
        for side in sides
    )


def _sheet_link(name: SheetName, side: SideName, score: Score | None) -> SheetLink:
    items = score.items if score is not None else ()
    done = sum(item.confirmed is not None for item in items)
    total = score.total if score is not None else None
    return SheetLink(name, SHEET_TITLES[name], side, done, len(items), total)


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

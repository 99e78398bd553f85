"""Two sessions side by side: which takes fit together, and the table of changes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from kneetrack.clinic import catalogue
from kneetrack.clinic.setupmatch import SetupMatch, bar_words
from kneetrack.clinic_records.kinds import ViewAsked
from kneetrack.clinic_records.numbers import Answer, Change, SessionValue
from kneetrack.clinic_records.plans import Protocol, Step
from kneetrack.clinic_records.visits import Trial
from kneetrack.web.session.sessionview import VIEW_TITLES, unit_words

ANSWERS: Final[Mapping[Answer, str]] = {
    "changed": "changed",
    "no_real_change": "no real change",
    "cannot_tell": "cannot tell",
}


@dataclass(frozen=True, slots=True)
class Pair:
    """The same step from the same view in two sessions; a trial is None where it is not there."""

    step: Step
    view: ViewAsked
    before: Trial | None
    after: Trial | None

    @property
    def key(self) -> str:
        """For a form: "squat.front"."""
        return f"{self.step.key}.{self.view}"

    @property
    def title(self) -> str:
        """Such as "Squat, front"."""
        return f"{self.step.title}, {VIEW_TITLES[self.view].lower()}"

    @property
    def whole(self) -> bool:
        """Whether both sessions have it."""
        return self.before is not None and self.after is not None


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """One measure in both sessions, and what may be said of the change.

    barred: in a few words what stands in the way, where the page tells above what it is; "" else.
    """

    step: str
    title: str
    unit: str
    side: str
    view: str
    before: str
    after: str
    counts: str
    difference: str
    limit: str
    answer: Answer
    answer_words: str
    why: str
    barred: str
    before_corrected: bool
    after_corrected: bool


def pairs(protocol: Protocol, before: Sequence[Trial], after: Sequence[Trial]) -> tuple[Pair, ...]:
    """Every take of the protocol that at least one session has."""
    old, new = _counting(before), _counting(after)
    found = [
        Pair(step, view, old.get((step.key, view)), new.get((step.key, view)))
        for step in protocol.steps
        for view in _views(step, [*before, *after])
    ]
    return tuple(pair for pair in found if pair.before is not None or pair.after is not None)


def choose_pair(found: Sequence[Pair], step: str, view: str) -> Pair | None:
    """The one asked for; else the first that both sessions have."""
    asked = [p for p in found if p.step.key == step and view in ("", p.view)]
    whole = [p for p in found if p.whole]
    return next(iter([*asked, *whole, *found]), None)


def _views(step: Step, trials: Sequence[Trial]) -> list[ViewAsked]:
    filmed = [trial.view for trial in trials if trial.step == step.key]
    return list(dict.fromkeys([*step.views, *filmed]))


def _counting(trials: Sequence[Trial]) -> dict[tuple[str, ViewAsked], Trial]:
    """The trial that counts, by step and view."""
    good = sorted((t for t in trials if t.status == "good"), key=lambda trial: trial.attempt)
    return {(trial.step, trial.view): trial for trial in good}


def change_rows(
    changes: Sequence[Change], step: str | None = None, setup: SetupMatch | None = None
) -> tuple[ChangeRow, ...]:
    """The table of changes; step: of that one alone."""
    return tuple(
        _row(change, setup) for change in changes if step is None or change.key.step == step
    )


def barred_words(change: Change, setup: SetupMatch | None) -> str:
    """What stands in the way of comparing a measure, in a few words; "" where nothing does."""
    if setup is None or change.difference is None or change.answer != "cannot_tell":
        return ""
    barred = setup.barring(change.key)
    return bar_words(barred) if barred else ""


def setup_title(setup: SetupMatch) -> str:
    """What is said above the differences of two sessions."""
    if not setup.matches:
        return bar_words(d for d in setup.differences if d.bars).capitalize()
    if all(difference.untold for difference in setup.differences):
        return "Alike as far as it was told and measured"
    return "About the set-up"


def _row(change: Change, setup: SetupMatch | None) -> ChangeRow:
    key, old, new = change.key, change.before, change.after
    return ChangeRow(
        step=key.step,
        title=catalogue.info(key.measure).title,
        unit=unit_words(key.measure),
        side=key.side if key.side != "both" else "",
        view=VIEW_TITLES.get(key.view, key.view),
        before=_value(old),
        after=_value(new),
        counts=f"{_count(old)}, {_count(new)} reps",
        difference=change_text(change),
        limit=catalogue.size_text(key.measure, change.limit.mdc95) if change.limit else "",
        answer=change.answer,
        answer_words=ANSWERS[change.answer],
        why=change.why[:1].upper() + change.why[1:],
        barred=barred_words(change, setup),
        before_corrected=old.corrected,
        after_corrected=new.corrected,
    )


def change_text(change: Change) -> str:
    """The difference of the unrounded values; a dash where there is none."""
    return catalogue.difference_text(change.key.measure, change.difference, brief=True)


def _value(value: SessionValue) -> str:
    if value.value is None:
        return "cannot tell"
    return catalogue.text(value.key.measure, value.value, value.error, brief=True)


def _count(value: SessionValue) -> str:
    return f"{value.reps} of {value.reps_total}"

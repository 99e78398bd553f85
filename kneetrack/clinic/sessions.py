"""One session in numbers: per measure the mean over its valid repetitions, and its error.

**The error of a mean.** A reading's own error (kneetrack/uncertainty.py) is of one reading in one
clip, and the pose model errs alike in every repetition of it: that part does not become smaller
when repetitions are averaged. What varies from repetition to repetition, the person's movement and
the tool's noise, does: with n repetitions by the root of n. So::

    error = sqrt(e^2 + sd^2 / n)        e: median of the readings' errors; sd: with n - 1

Assumed: the whole of e is systematic (some of it is noise, which sd has in it, too, and is counted
twice: the error is rather too large than too small); repetitions are independent of each other.
With one repetition there is no sd and the error is e alone, which is too small by the person's own
variation. It is one standard error: 1.96 of them hold 95 % for many repetitions; with a handful the
spread is itself only roughly known. The same rule as in a result's summary (judge.py).
"""

from __future__ import annotations

import math
import statistics
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from kneetrack.clinic import catalogue
from kneetrack.clinic.catalogue import MeasureInfo, family
from kneetrack.clinic.filed import Filed
from kneetrack.clinic.sides import side_differences
from kneetrack.clinic_records.kinds import ViewAsked
from kneetrack.clinic_records.numbers import MeasureKey, Reading, SessionValue
from kneetrack.clinic_records.plans import Protocol, Step
from kneetrack.clinic_records.visits import Session, Trial
from kneetrack.records import SideName
from kneetrack.store.store import Store

__all__ = ["Measured", "mean_and_error", "measured", "session_values", "side_differences"]
ONE_LEG_WORKS: Final = ("single_leg_squat", "single_leg_stance", "lateral_lunge")
FROM: Final[dict[ViewAsked, str]] = {
    "front": "from the front",
    "side": "from the side",
    "foot_end": "from the foot end",
}
WhyNot = Callable[[str, str, SideName, str], str]
"""(trial id, measure, side, unit) -> why it has no value in that take; "" when not known."""


@dataclass(frozen=True, slots=True)
class Measured:
    """A session with its good trials, their readings, and the values of its protocol's steps."""

    session: Session
    trials: tuple[Trial, ...]
    readings: tuple[Reading, ...]
    values: tuple[SessionValue, ...]


def session_values(store: Store, session: Session, protocol: Protocol) -> list[SessionValue]:
    """Every reported measure of every step that has a good trial, in the protocol's order.

    Measures that could not be told are there, too, with the reason. Front and side take of a step
    are both there; a measure that several views give is told from the best that was filmed.
    """
    return list(measured(store, session, protocol).values)


def measured(
    store: Store,
    session: Session,
    protocol: Protocol,
    filed: Filed | None = None,
    *,
    reasons: bool = True,
) -> Measured:
    """A session's values together with what they rest on. Raises StoreError.

    reasons: whether to look into the result files for why a value is missing.
    """
    trials = tuple(t for t in store.trials(session.id) if t.status == "good")
    readings = tuple(store.readings(trial_ids=[t.id for t in trials])) if trials else ()
    why = (filed or Filed(store)).why_not if reasons else None
    values = values_of(session.id, protocol, trials, readings, why)
    return Measured(session, trials, readings, tuple(values))


def values_of(
    session_id: str,
    protocol: Protocol,
    trials: Sequence[Trial],
    readings: Sequence[Reading],
    why_not: WhyNot | None = None,
) -> list[SessionValue]:
    """:func:`session_values` of good trials and their readings."""
    found: list[SessionValue] = []
    for step in protocol.steps:
        own = [t for t in trials if t.step == step.key]
        if not own:
            continue
        ids = {t.id for t in own}
        takes = _takes(session_id, step, own, [r for r in readings if r.trial_id in ids], why_not)
        for about in catalogue.reported(step.exercise):
            view = takes.best_view(about)
            if view is not None:
                found += [takes.value(about, side, view) for side in sides_told(step, about)]
    return found


def sides_told(step: Step, about: MeasureInfo) -> tuple[SideName, ...]:
    """For which sides a measure of a step is told."""
    both: tuple[SideName, ...] = ("left", "right")
    if about.legs == "each":
        return both
    if step.exercise not in ONE_LEG_WORKS:
        return ("both",)
    if step.foot == "both":
        return both
    if about.legs == "other":
        return ("right",) if step.foot == "left" else ("left",)
    return (step.foot,)


def _takes(
    session_id: str,
    step: Step,
    trials: list[Trial],
    readings: list[Reading],
    why_not: WhyNot | None,
) -> _Takes:
    by_measure: dict[tuple[str, SideName], list[Reading]] = {}
    for reading in readings:
        by_measure.setdefault((reading.measure, reading.side), []).append(reading)
    return _Takes(session_id, step, trials, readings, by_measure, why_not)


@dataclass(frozen=True, slots=True)
class _Takes:
    """The good takes of one step and their readings."""

    session_id: str
    step: Step
    trials: list[Trial]
    readings: list[Reading]
    by_measure: dict[tuple[str, SideName], list[Reading]]
    why_not: WhyNot | None

    def best_view(self, about: MeasureInfo) -> ViewAsked | None:
        """The best view of those filmed; else the best of those asked for; None: neither."""
        filmed = {t.view for t in self.trials}
        wanted = [v for v in about.views if v in self.step.views or v in filmed]
        return next((v for v in wanted if v in filmed), wanted[0] if wanted else None)

    def value(self, about: MeasureInfo, side: SideName, view: ViewAsked) -> SessionValue:
        """Mean over the valid repetitions of one measure and side."""
        chosen = self._chosen(about, side, view)
        seen = chosen[0].view if chosen and chosen[0].view else view
        key = MeasureKey(self.step.key, self.step.exercise, about.key, side, seen, about.unit)
        known = [r for r in chosen if r.valid and r.value is not None]
        corrected = any(r.corrected for r in chosen) or self._other_reps(chosen)
        if not known:
            why = self._why(about, side, view, chosen)
            yaw = self._yaw_deg(chosen)
            return SessionValue(
                self.session_id, key, None, None, None, 0, len(chosen), corrected, why, yaw
            )
        values = [r.value for r in known if r.value is not None]
        errors = [r.error for r in known if r.error is not None]
        mean, error, sd = mean_and_error(values, errors if len(errors) == len(values) else [])
        return SessionValue(
            session_id=self.session_id,
            key=key,
            value=mean,
            error=error,
            sd=sd,
            reps=len(values),
            reps_total=len(chosen),
            corrected=corrected,
            yaw_deg=self._yaw_deg(chosen),
        )

    def _chosen(self, about: MeasureInfo, side: SideName, view: ViewAsked) -> list[Reading]:
        """Readings of one measure and side, all seen from the same view."""
        asked = {t.id for t in self.trials if t.view == view}
        fitting = [
            r
            for r in self.by_measure.get((about.key, side), ())
            if r.rep > 0
            and r.exercise == self.step.exercise
            and r.view is not None
            and family(r.view) == view
        ]
        fitting = [r for r in fitting if r.trial_id in asked] or fitting
        if len({r.view for r in fitting}) < 2:
            return fitting
        told = Counter(r.view for r in fitting if r.value is not None and r.valid)
        often = (told or Counter(r.view for r in fitting)).most_common(1)
        return [r for r in fitting if r.view == often[0][0]]

    def _yaw_deg(self, chosen: list[Reading]) -> float | None:
        ids = {r.trial_id for r in chosen}
        yaws = self.by_measure.get((catalogue.YAW, "both"), ())
        return next((r.value for r in yaws if r.trial_id in ids and r.value is not None), None)

    def _other_reps(self, chosen: list[Reading]) -> bool:
        """Whether a reviewer changed which repetitions there are (readings.numbers_of)."""
        ids = {r.trial_id for r in chosen}
        facts = (r for key in catalogue.FACTS for r in self.by_measure.get((key, "both"), ()))
        return any(r.corrected for r in facts if r.trial_id in ids)

    def _why(
        self, about: MeasureInfo, side: SideName, view: ViewAsked, chosen: list[Reading]
    ) -> str:
        """Why there is no value, in words."""
        if chosen:
            if not any(r.valid for r in chosen):
                return (
                    "the legs were hidden in over a tenth of every repetition: film again with "
                    "nothing before them"
                )
            told = (
                self.why_not(chosen[0].trial_id, about.key, side, about.unit)
                if self.why_not
                else ""
            )
            return told or "could not be read in any repetition"
        takes = [t for t in self.trials if t.view == view]
        if not takes:
            return f"no take {FROM[view]}"
        own = [r for r in self.readings if r.trial_id in {t.id for t in takes}]
        other = [r for r in own if r.view is not None and family(r.view) != view]
        if other and other[0].view is not None:
            return f"the take {FROM[view]} was seen {FROM[family(other[0].view)]}: film again"
        reps = [r for r in own if r.rep > 0]
        if reps and not any(r.exercise == self.step.exercise for r in reps):
            seen = reps[0].exercise.replace("_", " ")
            return f"another exercise was seen, {seen}: film again"
        named = reps and side != "both" and about.legs != "other"
        leg = f" on the {side} leg" if named else ""
        return f"no repetition{leg} was found: film again, or add it by hand"


def mean_and_error(
    values: Sequence[float], errors: Sequence[float]
) -> tuple[float, float | None, float | None]:
    """Mean, its standard error and the standard deviation (n - 1; None of one value).

    errors: of each value; empty = not known, then the error is of the spread alone, None where
    there is none. See the head of this module. Raises ValueError without values.
    """
    if not values:
        raise ValueError("a mean of nothing")
    n, mean = len(values), statistics.fmean(values)
    sd = math.sqrt(math.fsum((v - mean) ** 2 for v in values) / (n - 1)) if n > 1 else None
    parts = [statistics.median(errors)] if errors else []
    parts += [sd / math.sqrt(n)] if sd is not None else []
    return mean, math.hypot(*parts) if parts else None, sd

"""Made-up trials and readings for the tests of values, changes and reliability."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import cast

from kneetrack.clinic import catalogue
from kneetrack.clinic.sessions import Measured, values_of
from kneetrack.clinic_records.kinds import ViewAsked
from kneetrack.clinic_records.numbers import (
    MeasureKey,
    Reading,
    SessionValue,
    TrialNumbers,
)
from kneetrack.clinic_records.plans import Protocol, Step
from kneetrack.clinic_records.visits import RepLine, Session, SetupFacts, Trial
from kneetrack.records import SideName
from kneetrack.result import ExerciseName, ViewName
from kneetrack.store import Store
from tests.storing import lay_files

DAY = datetime(2026, 9, 7, 9, 30, tzinfo=UTC)
TOLD = SetupFacts(3.0, 0.8, "barefoot", "hip width")
SQUAT = Step("squat", "Squat", "squat", ("front", "side"))
LUNGE = Step("lunge", "Lateral lunge", "lateral_lunge", ("front", "side"))
LEFT = Step("slsq_left", "Single-leg squat, left", "single_leg_squat", ("front",), "left")
RIGHT = Step("slsq_right", "Single-leg squat, right", "single_leg_squat", ("front",), "right")
PROTOCOL = Protocol("lower-limb", "Lower limb", 1, (SQUAT, LUNGE, LEFT, RIGHT))


@dataclass
class Take:
    """A trial under construction and its readings."""

    trial: Trial
    readings: list[Reading]

    def put(
        self,
        measure: str,
        values: Sequence[float | None],
        *,
        side: SideName = "both",
        error: float | None = 0.03,
        view: ViewName | None = None,
        exercise: ExerciseName | None = None,
        valid: Sequence[bool] | None = None,
        corrected: int | None = None,
        rep: int = 1,
    ) -> Take:
        """One measure over the repetitions, from ``rep`` on."""
        for i, value in enumerate(values):
            self.readings.append(
                Reading(
                    self.trial.id,
                    rep + i,
                    exercise or self.trial.exercise,
                    measure,
                    side,
                    catalogue.info(measure).unit,
                    view or cast(ViewName, self.trial.view),
                    value,
                    error if value is not None else None,
                    valid is None or valid[i],
                    corrected == i,
                )
            )
        return self

    def fact(self, measure: str, value: float | None) -> Take:
        """A fact of the whole take."""
        return self.put(measure, [value], rep=0, error=None)


def take(step: Step, view: ViewAsked = "front", trial_id: str = "t1") -> Take:
    """An empty good take of a step."""
    trial = Trial(trial_id, "s1", step.key, view, 1, "clip", "good", exercise=step.exercise)
    return Take(trial, [])


def values(*takes: Take, protocol: Protocol = PROTOCOL) -> dict[tuple[str, ...], SessionValue]:
    """Values by (step, measure, side)."""
    found = values_of(
        "s1", protocol, [t.trial for t in takes], [r for t in takes for r in t.readings]
    )
    return {(v.key.step, v.key.measure, v.key.side): v for v in found}


def session(number: int = 1, setup: SetupFacts = TOLD, *, version: int = 1) -> Session:
    """A session of the test's protocol."""
    at = DAY + timedelta(days=42 * (number - 1))
    return Session(f"s{number}", "c1", number, at, "lower-limb", version, setup)


def measured(number: int, *takes: Take, setup: SetupFacts = TOLD, version: int = 1) -> Measured:
    """A session with those takes."""
    trials = tuple(t.trial for t in takes)
    readings = tuple(r for t in takes for r in t.readings)
    found = values_of(f"s{number}", PROTOCOL, trials, readings)
    return Measured(session(number, setup, version=version), trials, readings, tuple(found))


def value(
    number: float | None,
    error: float | None = 1.0,
    *,
    measure: str = "fppa_at_45_60",
    step: str = "slsq_left",
    exercise: ExerciseName = "single_leg_squat",
    side: SideName = "left",
    view: ViewName = "front",
    reps: int = 5,
    yaw_deg: float | None = 1.0,
    why_not: str = "",
) -> SessionValue:
    """One value of a session."""
    key = MeasureKey(step, exercise, measure, side, view, catalogue.info(measure).unit)
    told = error if number is not None else None
    return SessionValue("s", key, number, told, 0.0, reps, 5, False, why_not, yaw_deg)


def keep(store: Store, session_id: str, *takes: Take) -> list[Trial]:
    """Put takes into a store as good trials."""
    kept = []
    for made in takes:
        trial = store.begin_trial(session_id, made.trial.step, made.trial.view, "clip")
        lay_files(store.trial_folder(trial.id))
        own = [_of(trial.id, r) for r in made.readings]
        reps = sorted({r.rep for r in own if r.rep > 0})
        lines = tuple(
            RepLine(trial.id, rep, "both", 2.0 * rep, 2.0 * rep + 1, 2.0 * rep + 2, True, 0.3)
            for rep in reps
        )
        numbers = TrialNumbers(made.trial.exercise, lines, tuple(own))
        kept.append(store.finish_trial(trial.id, numbers))
    return kept


def _of(trial_id: str, reading: Reading) -> Reading:
    return replace(reading, trial_id=trial_id)

"""Readings, and what a change or a difference of them means."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from kneetrack.clinic_records.visits import RepLine, VerdictLine
from kneetrack.records import SideName
from kneetrack.result import ExerciseName, ViewName

Answer = Literal["changed", "no_real_change", "cannot_tell"]


@dataclass(frozen=True, slots=True)
class Reading:
    """One measure of one repetition, from one view.

    measure: its name without side and unit, "kfo", "fppa_at_45_60", "lead_knee_flexion". side:
    "both" for a number that has none. unit: "deg", "ratio" or "s". value, error (one standard
    error): in unit; value None when it could not be told. view: as seen (result.json), not as
    asked for.
    corrected: a reviewer's correction touches it.
    """

    trial_id: str
    rep: int
    exercise: ExerciseName
    measure: str
    side: SideName
    unit: str
    view: ViewName | None
    value: float | None
    error: float | None
    valid: bool = True
    corrected: bool = False


@dataclass(frozen=True, slots=True)
class TrialNumbers:
    """Everything of a trial's result that the store keeps as rows."""

    exercise: ExerciseName
    reps: tuple[RepLine, ...] = ()
    readings: tuple[Reading, ...] = ()
    verdicts: tuple[VerdictLine, ...] = ()

    @property
    def reps_valid(self) -> int:
        """Repetitions that were judged."""
        return sum(rep.valid for rep in self.reps)


@dataclass(frozen=True, slots=True)
class MeasureKey:
    """What may be compared with what: one measure of one step, leg and view."""

    step: str
    exercise: ExerciseName
    measure: str
    side: SideName
    view: ViewName
    unit: str


@dataclass(frozen=True, slots=True)
class SessionValue:
    """One measure in one session: the mean over the valid repetitions and its error.

    error: standard error of the mean, of the tool and of the spread between repetitions together.
    sd: between repetitions (n - 1), None below two. reps: how many went in; reps_total: done.
    why_not: why value is None, in words; "" otherwise. yaw_deg: where the camera stood in the take
    it is from, None when not known.
    """

    session_id: str
    key: MeasureKey
    value: float | None
    error: float | None
    sd: float | None
    reps: int
    reps_total: int
    corrected: bool = False
    why_not: str = ""
    yaw_deg: float | None = None


@dataclass(frozen=True, slots=True)
class Limit:
    """A minimal detectable change at 95 %. source: "own reliability, 2026-11-02" or a citation."""

    mdc95: float
    unit: str
    source: str
    own: bool = False


@dataclass(frozen=True, slots=True)
class Change:
    """A measure between two sessions, and what may be said of it.

    why: what stands in the way, or what the answer rests on, in words for a report.
    limit: None where no minimal detectable change is known (then it cannot be told).
    """

    key: MeasureKey
    before: SessionValue
    after: SessionValue
    difference: float | None
    limit: Limit | None
    answer: Answer
    why: str


@dataclass(frozen=True, slots=True)
class SideDifference:
    """Right minus left of one measure in one session, in its own unit.

    percent: only where the measure is a ratio scale that does not cross zero (depth, time, counts);
    None everywhere else (MEASURES 6).
    """

    key: MeasureKey
    left: SessionValue
    right: SessionValue
    difference: float | None
    error: float | None
    percent: float | None
    why: str = ""


@dataclass(frozen=True, slots=True)
class Reliability:
    """ICC(2,1), SEM and MDC95 of one measure from repeated sessions (MEASURES 6).

    subjects: clients; sessions: per client. icc: None with fewer than three clients or no spread.
    adopted_at: when the clinic made it its own limit; None: computed only.
    """

    measure: str
    exercise: ExerciseName
    view: ViewName
    unit: str
    subjects: int
    sessions: int
    icc: float | None
    sem: float
    mdc95: float
    adopted_at: datetime | None = None
    by: str = ""

"""Corrections on record, as the analysis takes them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kneetrack.clinic.landmark_moves import LandmarkMove, moved
from kneetrack.clinic.overrules import Overrule, overruled
from kneetrack.clinic.rep_bounds import Bounds, Place, RepEdit, edited
from kneetrack.clinic_records.visits import Correction
from kneetrack.posture import Posture
from kneetrack.records import FloatArray, PoseTrack
from kneetrack.result import ExerciseName, RepRow, Result, Verdict
from kneetrack.sets import Found, FoundRep
from kneetrack.settings import Settings


@dataclass(frozen=True, slots=True)
class ReviewersHand:
    """Every correction of a trial that stands, in the order made."""

    settings: Settings
    exercise: ExerciseName | None
    moves: tuple[LandmarkMove, ...] = ()
    edits: tuple[RepEdit, ...] = ()
    overrules: tuple[Overrule, ...] = ()

    def mend(self, smooth: PoseTrack) -> PoseTrack:
        """The track with landmarks moved."""
        return moved(smooth, self.moves)

    def edit(self, found: Found, posture: Posture, yaw_deg: FloatArray) -> Found:
        """What was found, as the reviewer bounds it."""
        return edited(found, self.edits, Place(posture, yaw_deg, self.settings, self.exercise))

    def overrule(self, rep: FoundRep, verdicts: list[Verdict]) -> list[Verdict]:
        """The verdicts of one repetition, some of them replaced."""
        return overruled(rep, verdicts, self.overrules)


def hand_of(
    corrections: Sequence[Correction],
    base: Result,
    settings: Settings,
    exercise: ExerciseName | None,
) -> ReviewersHand:
    """The hand that makes these corrections; base: the result without any."""
    return ReviewersHand(
        settings,
        exercise,
        tuple(move_of(c) for c in corrections if c.kind == "landmark"),
        tuple(edit_of(c) for c in corrections if c.kind == "bounds"),
        tuple(_overrule_of(c, base) for c in corrections if c.kind == "verdict"),
    )


def move_of(correction: Correction) -> LandmarkMove:
    """The landmark that a correction moves."""
    target = correction.target
    x, y = correction.after["xy_px"]
    until = target.get("until_s")
    return LandmarkMove(
        float(target["t_s"]),
        int(target["landmark"]),
        (float(x), float(y)),
        None if until is None else float(until),
    )


def edit_of(correction: Correction) -> RepEdit:
    """The repetition that a correction bounds."""
    rep = correction.target.get("rep")
    return RepEdit(
        None if rep is None else int(rep),
        bounds_of(correction.before),
        bounds_of(correction.after),
        correction.after.get("side"),
    )


def bounds_of(values: Mapping[str, Any]) -> Bounds | None:
    """Bounds as they are kept; None for an empty mapping."""
    if "start_s" not in values:
        return None
    return Bounds(*(float(values[key]) for key in ("start_s", "bottom_s", "end_s")))


def row_bounds(row: RepRow) -> Bounds:
    """The bounds of a repetition of a result."""
    return Bounds(row.start_s, row.bottom_s, row.end_s)


def _overrule_of(correction: Correction, base: Result) -> Overrule:
    target = correction.target
    at_s, rep = target.get("at_s"), target.get("rep")
    if at_s is None:
        row = next((row for row in base.reps if row.index == rep), None)
        at_s = row.bottom_s if row else float("nan")
    return Overrule(
        float(at_s),
        str(target["rule"]),
        target["side"],
        correction.after["status"],
        correction.reason,
    )

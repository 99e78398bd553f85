"""What the camera made of a part: its measures over all sets, and whether it went with control."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Final

from kneetrack.clinic_records.kinds import ViewAsked
from kneetrack.clinic_records.practice import Clean, PartMeasure
from kneetrack.exercises.rules import Exercise
from kneetrack.judge import RANK
from kneetrack.programme.values import Part
from kneetrack.records import SideName
from kneetrack.result import Result, SummaryRow

STRICT: Final = frozenset(
    {
        "knee_valgus",
        "knees_together",
        "knees_apart",
        "block_lost",
        "lunge_too_deep",
        "deeper_than_prescribed",
        "trunk_lean",
        "trailing_knee_bent",
        "bridge_over_arched",
        "bridge_too_high",
    }
)
"""Rules of which already a little outside the band is not clean; of the others only clearly so."""
_DECIDES: Final[Mapping[tuple[str, ViewAsked], tuple[str, ...]]] = {
    ("lateral_lunge", "side"): ("lunge_too_deep",),
    ("single_leg_stance", "front"): ("balance_lost",),
    ("glute_bridge", "side"): ("bridge_too_high", "hold_too_short"),
    ("glute_bridge", "foot_end"): ("knees_together",),
}
"""Without these nothing can be said of a part; from the front it is the knees."""
_USUAL: Final[Mapping[str, ViewAsked]] = {"glute_bridge": "side"}
_SAID: Final = 2
"""So many reasons fit into a line."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """Whether a part went with control, and in one line what was missing."""

    clean: Clean
    why: str = ""


def measures_of(results: Sequence[Result], exercise: str) -> tuple[PartMeasure, ...]:
    """Every rule and side of an exercise over all its sets: the worst status, the middle value.

    Repetitions are those of the sets in which it could be told at all.
    """
    rows = [row for result in results for row in _rows(result, exercise) if not row.information]
    keys = dict.fromkeys((row.rule, row.side) for row in rows)
    return tuple(_measure([row for row in rows if (row.rule, row.side) == key]) for key in keys)


def _rows(result: Result, exercise: str) -> list[SummaryRow]:
    sets = {row.index for row in result.sets if row.exercise == exercise}
    return [row for row in result.summary if row.set in sets]


def _measure(rows: Sequence[SummaryRow]) -> PartMeasure:
    worst = max(rows, key=lambda row: RANK[row.status])
    like = [row for row in rows if row.measure == worst.measure and row.value is not None]
    told = [row for row in rows if row.status != "cannot_tell"] or rows
    errors = [row.error for row in like if row.error is not None]
    return PartMeasure(
        rule=worst.rule,
        side=worst.side,
        status=worst.status,
        measure=worst.measure,
        unit=worst.unit,
        value=median(row.value for row in like if row.value is not None) if like else None,
        error=median(errors) if errors else None,
        reason=worst.reason,
        reps_valid=sum(row.reps_valid for row in told),
        reps_total=sum(row.reps_total for row in told),
    )


def judge_part(
    measures: Sequence[PartMeasure], part: Part, exercise: Exercise, *, complete: bool
) -> Judgement:
    """By camera. complete: all sets and repetitions that were asked for have been done."""
    faults = [m for m in measures if _is_fault(m)]
    if faults:
        return Judgement("no", _joined([found_words(m, exercise) for m in faults]))
    untold = _untold(measures, part, exercise)
    if untold is not None:
        return Judgement("cannot_tell", untold)
    if not complete:
        return Judgement("no", "not all repetitions were done")
    return Judgement("yes")


def _is_fault(measure: PartMeasure) -> bool:
    return measure.status == "flag" or (measure.status == "watch" and measure.rule in STRICT)


def _untold(measures: Sequence[PartMeasure], part: Part, exercise: Exercise) -> str | None:
    """Why something that decides could not be told; None: all of it could."""
    for rule in deciding(part, exercise):
        own = [m for m in measures if m.rule == rule]
        untold = next((m for m in own if m.status == "cannot_tell"), None)
        if not own or untold is not None:
            reason = f": {untold.reason}" if untold is not None and untold.reason else ""
            return f"cannot tell: {exercise.rule(rule).found}{reason}"
    return None


def deciding(part: Part, exercise: Exercise) -> tuple[str, ...]:
    """The rules that must have been told, by the views from which the part is looked at."""
    views = part.views or (_USUAL.get(part.exercise, "front"),)
    views = views[: part.dose.sets or 1]
    rules: list[str] = []
    for view in dict.fromkeys(views):
        if view == "side" and part.exercise == "glute_bridge" and part.bridge_mode == "full":
            rules += ["bridge_over_arched", "bridge_incomplete", "hold_too_short"]
        else:
            usual = ("knee_valgus",) if view == "front" else ()
            rules += _DECIDES.get((part.exercise, view), usual)
    known = {rule.name for rule in exercise.rules}
    return tuple(rule for rule in dict.fromkeys(rules) if rule in known)


def found_words(measure: PartMeasure, exercise: Exercise) -> str:
    """What was seen, such as "left knee falls inward"."""
    found = exercise.rule(measure.rule).found
    return found if measure.side == "both" else f"{measure.side} {found}"


def _joined(found: Sequence[str]) -> str:
    more = len(found) - _SAID
    return "; ".join(found[:_SAID]) + (f"; and {more} more" if more > 0 else "")


def reps_by_set(results: Sequence[Result], exercise: str) -> list[dict[SideName, int]]:
    """How many repetitions were counted in each set, side by side."""
    found: list[dict[SideName, int]] = []
    for result in results:
        for row in result.sets:
            if row.exercise == exercise:
                counts: dict[SideName, int] = {}
                for rep in result.reps:
                    if rep.set == row.index:
                        counts[rep.side] = counts.get(rep.side, 0) + 1
                found.append(counts)
    return found

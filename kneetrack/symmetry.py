"""Left against right, where one leg works at a time: how deep, how straight, how fast, how often.

Sides differ only where they do so by more than what the error of their difference leaves open. The
knee over the foot crosses zero, so its difference is told in its own unit and never as a share.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median, stdev
from typing import Final, Literal

from kneetrack import calibration as cal
from kneetrack import skeleton as sk
from kneetrack.records import SideName
from kneetrack.result import ExerciseName, RepRow, Result, SideRow

ONE_LEG_AT_A_TIME: Final[tuple[ExerciseName, ...]] = ("lateral_lunge", "single_leg_squat")
FEWEST: Final = 3
"""The middle of fewer repetitions is not compared (MEASURES 1.1: the mean of three)."""
FRONT_ONLY: Final = "not seen from the front: one leg is nearer to the camera than the other"
_SURE: Final = 1.96
Unit = Literal["count", "percent", "s"]


@dataclass(frozen=True, slots=True)
class Reading:
    """The middle of one leg's repetitions and its standard error; or why there is none."""

    value: float | None = None
    error: float = 0.0
    reason: str = ""


def sides_of(*results: Result) -> list[SideRow]:
    """How the sides compare over all repetitions of one or several takes, row by row.

    Nothing of an exercise that was done on one side alone.
    """
    rows: list[SideRow] = []
    for exercise in ONE_LEG_AT_A_TIME:
        reps = [rep for result in results for rep in result.reps if rep.exercise == exercise]
        left, right = ([rep for rep in reps if rep.side == side] for side in sk.SIDES)
        if left and right:
            rows += _compared(exercise, left, right, results)
    return rows


def differing(rows: Sequence[SideRow]) -> list[SideRow]:
    """The rows in which the sides differ."""
    return [row for row in rows if row.told == "differs"]


def _compared(
    exercise: ExerciseName,
    left: Sequence[RepRow],
    right: Sequence[RepRow],
    results: Sequence[Result],
) -> list[SideRow]:
    def over(measure: str, unit: Unit, read: Callable[[Sequence[RepRow]], Reading]) -> SideRow:
        return compare(exercise, measure, unit, read(left), read(right))

    facing = all(_from_the_front(result, exercise) for result in results)
    askew = Reading(reason=FRONT_ONLY)
    return [
        _count(exercise, len(left), len(right)),
        over("depth", "percent", lambda r: _percent(r, "drop_ratio", results) if facing else askew),
        over("kfo", "percent", lambda r: _percent(r, f"kfo_ratio_{r[0].side}", results)),
        over("descent", "s", lambda r: _tempo(r) if facing else askew),
    ]


def _from_the_front(result: Result, exercise: ExerciseName) -> bool:
    """Also from behind. From the side depth and tempo of two legs are read unlike each other."""
    return all(
        row.view.name in ("front", "back") for row in result.sets if row.exercise == exercise
    )


def compare(
    exercise: ExerciseName, measure: str, unit: Unit, left: Reading, right: Reading
) -> SideRow:
    """One row: right less left against the error of the difference."""
    if left.value is None or right.value is None:
        reason = left.reason or right.reason
        if left.value is not None or right.value is not None:
            reason = f"{'left' if left.value is None else 'right'}: {reason}"
        return SideRow(
            exercise=exercise,
            measure=measure,
            left=left.value,
            right=right.value,
            unit=unit,
            told="cannot_tell",
            reason=reason,
        )
    difference = round(right.value - left.value, 4)
    error = round((left.error**2 + right.error**2) ** 0.5, 4)
    differs = abs(difference) > _SURE * error
    return SideRow(
        exercise=exercise,
        measure=measure,
        left=round(left.value, 4),
        right=round(right.value, 4),
        difference=difference,
        error=error,
        unit=unit,
        told="differs" if differs else "even",
        reason="" if differs else "no more than the error of the difference",
    )


def _count(exercise: ExerciseName, left: int, right: int) -> SideRow:
    return SideRow(
        exercise=exercise,
        measure="reps",
        left=left,
        right=right,
        difference=right - left,
        error=0.0,
        unit="count",
        told="even" if left == right else "differs",
    )


def _tempo(reps: Sequence[RepRow]) -> Reading:
    return _middle([rep.descent_s for rep in reps if rep.valid], cal.TEMPO_SE_S)


def _percent(reps: Sequence[RepRow], name: str, results: Sequence[Result]) -> Reading:
    valid = [rep for rep in reps if rep.valid]
    told = [rep for rep in valid if rep.measures.get(name) is not None]
    if 2 * len(told) < len(reps):
        return Reading(reason=_why_not(name, reps[0].side, reps, results))
    values = [100 * value for rep in told if (value := rep.measures[name]) is not None]
    errors = [100 * error for rep in told if (error := rep.errors.get(name)) is not None]
    return _middle(values, median(errors)) if errors else Reading(reason="its error is not known")


def _middle(values: Sequence[float], error: float) -> Reading:
    """Their median. The model errs alike in each of them: only their scatter shrinks."""
    if len(values) < FEWEST:
        return Reading(reason=f"fewer than {FEWEST} repetitions to read")
    scatter = stdev(values) / len(values) ** 0.5
    return Reading(median(values), (error**2 + scatter**2) ** 0.5)


def _why_not(column: str, side: SideName, reps: Sequence[RepRow], results: Sequence[Result]) -> str:
    """What the rule about this leg's knee said, or what most often hid the measure."""
    said = Counter(
        v.reason
        for rep in reps
        for v in rep.verdicts
        if column.startswith(v.measure) and v.side == side and v.status == "cannot_tell"
    )
    if said:
        return said.most_common(1)[0][0]
    hidden: Counter[str] = Counter()
    for result in results:
        if column in result.coverage:
            hidden.update({k: round(1000 * v) for k, v in result.coverage[column].reasons.items()})
    return hidden.most_common(1)[0][0] if hidden else "could not be measured"

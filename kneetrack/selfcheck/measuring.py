"""What the camera made of a take, as a part of the practice. Pure."""

from __future__ import annotations

from typing import Final

from kneetrack.clinic.takecheck import check_take
from kneetrack.clinic_records.plans import Step
from kneetrack.clinic_records.practice import Clean, Dose, PartDone, PartMeasure, PartStatus
from kneetrack.records import Status
from kneetrack.result import Result, SummaryRow

DECIDING: Final[dict[str, tuple[str, ...]]] = {
    "single_leg_stance": ("balance_lost",),
    "single_leg_squat": ("balance_lost", "knee_valgus"),
    "squat": ("knee_valgus",),
    "lateral_lunge": ("knee_valgus",),
}
"""Without these a take cannot be called good; they are in the order in which they are listed."""
RAISING: Final[dict[str, tuple[str, ...]]] = {
    "single_leg_stance": ("knee_valgus", "pelvic_drop", "trunk_lean"),
    "single_leg_squat": ("pelvic_drop", "trunk_lean"),
    "squat": (),
    "lateral_lunge": (),
}
"""These are told where they are beyond their band; that they could not be judged is no matter."""
HELD: Final = "seconds_held"
HELD_ENOUGH: Final = 0.95
_HELD_ERROR_S: Final = 0.1
BY_WISH: Final = "left out by wish"
NOT_DONE: Final = "not done"
HURT: Final = "stopped: it hurt"
WALKED_OFF: Final = "stopped: nobody in the picture any more"


def part_of(
    step: Step, dose: Dose, result: Result | None, how: str, lost: str, folder: str
) -> PartDone:
    """A take as it stands in the store.

    how: as in ``LiveSession.how_ended``. lost: why the camera is gone. folder: its name, below the
    practice's own.
    """
    if result is None or not result.reps:
        status: PartStatus = "pain" if how == "pain" else "skipped"
        why = _why_nothing(step, result, how, lost)
        folders = () if result is None else (folder,)
        return PartDone(step.key, step.exercise, dose, status, why=why, folders=folders)
    check = check_take(step, "front", result)
    measures = measures_of(step, result) if check.counts else ()
    reps = _reps(step, result)
    return PartDone(
        step.key,
        step.exercise,
        dose,
        "pain" if how == "pain" else "done" if _whole(step, result) else "partly",
        sets_done=1,
        reps_done=0 if step.hold_s is not None else reps,
        seconds=_seconds(step, result),
        clean=_clean(step, measures),
        judged_by="camera",
        why=_why(step, result, how, "" if check.good else check.text),
        folders=(folder,),
        measures=measures,
    )


def skipped_part(step: Step, dose: Dose, why: str = BY_WISH) -> PartDone:
    """A take that was not begun."""
    return PartDone(step.key, step.exercise, dose, "skipped", why=why)


def measures_of(step: Step, result: Result) -> tuple[PartMeasure, ...]:
    """The rules that are about the signs, each side; of a balance also how long it was held."""
    rules = (*DECIDING[step.exercise], *RAISING[step.exercise])
    longest = max(result.sets, key=lambda row: len(row.reps)).index if result.sets else 1
    rows = [row for row in result.summary if row.set == longest and row.rule in rules]
    rows.sort(key=lambda row: rules.index(row.rule))
    held = () if step.hold_s is None else (_held(step, result),)
    return (*held, *(_measure(row) for row in rows))


def _measure(row: SummaryRow) -> PartMeasure:
    return PartMeasure(
        row.rule,
        row.side,
        row.status,
        row.measure,
        row.unit,
        row.value,
        row.error,
        row.reason,
        row.reps_valid,
        row.reps_total,
    )


def _held(step: Step, result: Result) -> PartMeasure:
    """The longest time on that leg: to be watched where it was shorter than asked."""
    assert step.hold_s is not None
    held_s = min(_seconds(step, result), step.hold_s)
    status: Status = "ok" if held_s >= HELD_ENOUGH * step.hold_s else "watch"
    return PartMeasure(HELD, step.foot, status, "hold", "s", held_s, _HELD_ERROR_S, "", 1, 1)


def _seconds(step: Step, result: Result) -> float:
    if step.hold_s is not None:
        return max(rep.hold_s for rep in result.reps)
    return result.reps[-1].end_s - result.reps[0].start_s


def _reps(step: Step, result: Result) -> int:
    return (
        len(result.reps) if step.foot == "both" else sum(r.side == step.foot for r in result.reps)
    )


def _whole(step: Step, result: Result) -> bool:
    if step.hold_s is not None:
        return _seconds(step, result) >= HELD_ENOUGH * step.hold_s
    sides = [rep.side for rep in result.reps]
    if step.exercise == "lateral_lunge":
        return min(sides.count("left"), sides.count("right")) >= step.reps
    return _reps(step, result) >= step.reps


def _clean(step: Step, measures: tuple[PartMeasure, ...]) -> Clean:
    if any(m.status in ("watch", "flag") for m in measures):
        return "no"
    told = {(m.rule, m.side) for m in measures if m.status == "ok"}
    legs = ("left", "right") if step.foot == "both" else (step.foot,)
    wanted = {(rule, leg) for rule in DECIDING[step.exercise] for leg in legs}
    return "yes" if wanted <= told else "cannot_tell"


def _why(step: Step, result: Result, how: str, check: str) -> str:
    if how == "pain":
        return HURT
    if check:
        return check.partition(": film again")[0].partition(": it does not count")[0]
    if how == "left" and not _whole(step, result):
        return WALKED_OFF
    return ""


def _why_nothing(step: Step, result: Result | None, how: str, lost: str) -> str:
    if how == "pain":
        return HURT
    if lost:
        return lost
    if how == "left":
        return WALKED_OFF
    if result is None:
        return NOT_DONE
    return _why(step, result, how, check_take(step, "front", result).text)

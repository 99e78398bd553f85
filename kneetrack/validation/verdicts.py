"""Verdicts of a result beside the truth, or beside somebody's labels."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

import numpy as np

from kneetrack import skeleton
from kneetrack.records import FloatArray
from kneetrack.result import Result, Verdict
from kneetrack.validation.agreement import RAISED
from kneetrack.validation.labels import Label
from kneetrack.validation.outcome import (
    FRONT_YAW_DEG,
    OUTSIDE_KFO,
    TRACKING_KFO,
    Labelled,
    LegVerdict,
    Recognised,
    Tracking,
)
from kneetrack.validation.truth import Truth

_WORST_FIRST: Final = ("flag", "watch", "ok", "cannot_tell")


def worst(verdicts: Iterable[Verdict]) -> Verdict | None:
    """The one that weighs most: flag, watch, ok, cannot tell."""
    return min(verdicts, key=lambda verdict: _WORST_FIRST.index(verdict.status), default=None)


def recognised(truth: Truth, result: Result) -> Recognised:
    """Exercise and side, true and found."""
    found = None if result.side == "both" else result.side
    side = found if truth.side is not None else None
    return Recognised(truth.name, truth.exercise, result.exercise, truth.side, side)


def leg_verdicts(truth: Truth, result: Result) -> list[LegVerdict]:
    """knee_valgus of each working leg of somebody upright within 15 degrees of the front."""
    if truth.movement == "bridge" or abs(truth.yaw) > FRONT_YAW_DEG:
        return []
    kfo = at_bottoms(truth, truth.kfo())
    return [_leg(truth, result, leg, float(kfo[leg])) for leg in truth.legs()]


def _leg(truth: Truth, result: Result, leg: int, true_kfo: float) -> LegVerdict:
    side = skeleton.SIDES[leg]
    found = worst(r for r in result.summary if r.rule == "knee_valgus" and r.side == side)
    return LegVerdict(
        clip=truth.name,
        body=truth.body,
        exercise=truth.exercise,
        yaw_deg=truth.yaw,
        side=side,
        true_kfo=true_kfo,
        status=found.status if found else "cannot_tell",
        measure=found.measure if found else "",
        value=found.value if found else None,
        reason=found.reason if found else result.reason or "no such verdict for this leg",
    )


def at_bottoms(truth: Truth, values: FloatArray) -> FloatArray:
    """(2,) median over the true bottoms of (T, 2) values."""
    return np.asarray(np.median([truth.at(values, rep["bottom"]) for rep in truth.reps], axis=0))


def tracking(truth: Truth, result: Result) -> Tracking | None:
    """What was raised on a clip whose working knees track, at any yaw; None for other clips."""
    kfo = None if truth.movement == "bridge" else truth.square_kfo()
    if kfo is None:
        return None
    legs = at_bottoms(truth, kfo)[truth.legs()]
    if not (legs.min() >= OUTSIDE_KFO and legs.max() <= TRACKING_KFO):
        return None
    raised = [
        (row.rule, row.side, row.status)
        for row in result.summary
        if row.status in RAISED and not row.information
    ]
    return Tracking(
        clip=truth.name,
        body=truth.body,
        exercise=truth.exercise,
        yaw_deg=truth.yaw,
        flexion_deg=float(at_bottoms(truth, truth.flexion)[truth.legs()].max()),
        worst_kfo=float(legs.max()),
        raised=tuple(raised),
    )


def labelled(clip: str, labels: Sequence[Label], result: Result) -> list[Labelled]:
    """Each label with the verdict that answers it; none at all counts as cannot tell."""
    answers: list[Labelled] = []
    for label in labels:
        found = worst(_answers(label, result))
        answers.append(
            Labelled(
                clip=clip,
                rep=label.rep,
                side=label.side,
                rule=label.rule,
                label=label.status,
                status=found.status if found else "cannot_tell",
                measure=found.measure if found else "",
                value=found.value if found else None,
                reason=found.reason if found else _why_none(label, result),
            )
        )
    return answers


def _answers(label: Label, result: Result) -> list[Verdict]:
    """Verdicts on a label's rule: of its side, else those that speak of both or of either."""
    rows: list[Verdict] = list(result.summary)
    if label.rep:
        rows = [v for rep in result.reps if rep.index == label.rep for v in rep.verdicts]
    own = [row for row in rows if row.rule == label.rule]
    same = [row for row in own if row.side == label.side]
    return same or [row for row in own if "both" in (row.side, label.side)]


def _why_none(label: Label, result: Result) -> str:
    if result.exercise == "none":
        return result.reason or "no exercise was recognised"
    if label.rep > len(result.reps):
        return f"{len(result.reps)} repetitions were found"
    return f"no such rule or side in a {result.exercise.replace('_', ' ')}"

"""Verdicts as tables: right and wrong, missed and raised for nothing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from kneetrack.records import Status
from kneetrack.validation.agreement import RAISED, Share, sensitivity, specificity
from kneetrack.validation.outcome import (
    ClipOutcome,
    LegVerdict,
    Reading,
    Recognised,
    Tracking,
    TrueClass,
)
from kneetrack.validation.table import Cell, Column, Table
from kneetrack.validation.tables import share_cells, share_columns

STATUSES: Final[tuple[Status, ...]] = ("ok", "watch", "flag", "cannot_tell")
CLASSES: Final[dict[TrueClass, str]] = {
    "collapse": "inward: true KFO 12 % or more",
    "grey": "between (either is right)",
    "tracking": "over the foot: true KFO 3 % or less",
}
BOTTOM_WITHIN_S: Final = 0.15
COUNTS: Final = tuple(Column(s, s.replace("_", " "), "count") for s in STATUSES)
RULES: Final = (
    "Positive is watch or flag. Sensitivity: cannot tell is a miss. "
    "Specificity: cannot tell is left out."
)


def status_cells(statuses: Sequence[Status]) -> tuple[int, ...]:
    """How often each status occurs, in the order of STATUSES."""
    return tuple(statuses.count(status) for status in STATUSES)


def confusion_table(legs: Sequence[LegVerdict]) -> Table:
    """knee_valgus of each leg against its true class."""
    rows: list[tuple[Cell, ...]] = []
    for name, words in CLASSES.items():
        own = [leg.status for leg in legs if leg.true_class == name]
        rows.append((words, *status_cells(own), len(own)))
    return Table(
        "confusion",
        "knee_valgus against the truth",
        (Column("truth", "truth"), *COUNTS, Column("n", "legs", "count")),
        (*rows,),
        "Legs of everybody upright within 15 degrees of camera yaw; true KFO at the bottom, median "
        "over the repetitions.",
    )


def detection(legs: Sequence[LegVerdict]) -> tuple[Share, Share]:
    """Sensitivity over the legs that collapse, specificity over those that track."""
    return (
        sensitivity(leg.status for leg in legs if leg.true_class == "collapse"),
        specificity(leg.status for leg in legs if leg.true_class == "tracking"),
    )


def detection_table(legs: Sequence[LegVerdict]) -> Table:
    """Sensitivity and specificity of knee_valgus."""
    found, spared = detection(legs)
    return Table(
        "detection",
        "Sensitivity and specificity of knee_valgus",
        (Column("what", ""), *share_columns("right")),
        (
            ("sensitivity (true KFO 12 % or more)", *share_cells(found)),
            ("specificity (true KFO 3 % or less)", *share_cells(spared)),
        ),
        RULES,
    )


def misjudged_table(legs: Sequence[LegVerdict]) -> Table:
    """The legs on which the verdict was wrong, or was not given."""
    rows = [
        (
            leg.clip,
            leg.side,
            leg.yaw_deg,
            leg.true_kfo,
            leg.status,
            leg.measure,
            leg.value,
            leg.reason,
        )
        for leg in legs
        if (leg.true_class == "collapse" and leg.status not in RAISED)
        or (leg.true_class == "tracking" and leg.status != "ok")
    ]
    columns = (
        Column("clip", "clip"),
        Column("side", "side"),
        Column("yaw_deg", "yaw", "signed"),
        Column("true_kfo", "true KFO", "signed"),
        Column("status", "verdict"),
        Column("measure", "by"),
        Column("value", "value", "signed"),
        Column("reason", "reason"),
    )
    return Table(
        "misjudged", "Legs that were missed, raised for nothing or not told", columns, (*rows,)
    )


def alarm_table(clips: Sequence[Tracking]) -> Table:
    """What was raised on clips whose knees track; every rule is named."""
    rows = [
        (
            c.clip,
            c.body,
            c.exercise.replace("_", " "),
            round(c.yaw_deg),
            round(c.flexion_deg),
            c.worst_kfo,
            ", ".join(" ".join(what) for what in c.raised) or "nothing",
        )
        for c in clips
    ]
    columns = (
        Column("clip", "clip"),
        Column("body", "body"),
        Column("exercise", "exercise"),
        Column("yaw_deg", "yaw", "count"),
        Column("flexion_deg", "flexion", "count"),
        Column("worst_kfo", "true KFO", "signed"),
        Column("raised", "watch or flag"),
    )
    return Table(
        "false_alarms",
        "Raised on clips whose knees track",
        columns,
        (*rows,),
        "Clips in which the true KFO of every working leg, seen squarely, is 3 % or less and not "
        "below -8 %; at any yaw and depth. A rule that is not about the knees may well be right.",
    )


def recognition_table(outcomes: Iterable[ClipOutcome]) -> Table:
    """Exercise, side, repetitions and bottoms: how often right."""
    known = list(outcomes)
    seen = [o.recognised for o in known if o.recognised is not None]
    sided = [r for r in seen if r.true_side is not None]
    readings = [r for o in known for r in o.readings]
    counts = [r for r in readings if r.measure == "repetitions"]
    bottoms = [r for r in readings if r.measure == "bottom_time"]
    shares = {
        "exercise recognised": _share(r.exercise == r.true_exercise for r in seen),
        "working side recognised": _share(r.side == r.true_side for r in sided),
        "repetitions counted exactly": _share(r.value == r.truth for r in counts),
        f"bottom found within {BOTTOM_WITHIN_S} s": _share(map(_in_time, bottoms)),
    }
    rows = tuple((what, *share_cells(share)) for what, share in shares.items() if share.n)
    return Table(
        "recognition", "What was recognised", (Column("what", ""), *share_columns("right")), rows
    )


def _in_time(bottom: Reading) -> bool:
    return bottom.value is not None and abs(bottom.value - bottom.truth) <= BOTTOM_WITHIN_S


def _share(right: Iterable[bool]) -> Share:
    known = list(right)
    return Share(sum(known), len(known))


def mistaken_table(outcomes: Iterable[ClipOutcome]) -> Table:
    """The clips whose exercise, side or count is wrong."""
    rows: list[tuple[Cell, ...]] = []
    for outcome in outcomes:
        if outcome.recognised is not None:
            rows += [(outcome.clip, *wrong) for wrong in _mistakes(outcome, outcome.recognised)]
    columns = (
        Column("clip", "clip"),
        Column("what", "what"),
        Column("truth", "truth"),
        Column("found", "found"),
    )
    return Table("mistaken", "Not recognised", columns, (*rows,))


def _mistakes(outcome: ClipOutcome, seen: Recognised) -> list[tuple[str, str, str]]:
    wrong = []
    if seen.exercise != seen.true_exercise:
        wrong.append(("exercise", seen.true_exercise, seen.exercise))
    if seen.true_side is not None and seen.side != seen.true_side:
        wrong.append(("side", seen.true_side, seen.side or "none"))
    for r in outcome.readings:
        if r.measure == "repetitions" and r.value != r.truth:
            wrong.append(("repetitions", f"{r.truth:g}", f"{r.value or 0:g}"))
    return wrong


def failure_table(outcomes: Iterable[ClipOutcome]) -> Table:
    """Clips that gave nothing, and why."""
    rows = tuple((o.clip, o.failure) for o in outcomes if o.failure)
    columns = (Column("clip", "clip"), Column("reason", "reason"))
    return Table("failed", "Clips that could not be judged", columns, rows)

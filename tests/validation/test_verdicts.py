"""Verdicts against the truth and against labels, and how they are counted."""

from __future__ import annotations

import numpy as np
import pytest

from kneetrack.records import Status
from kneetrack.result import Verdict
from kneetrack.validation.label_tables import (
    agrees,
    disagreement_table,
    label_detection_table,
    label_table,
)
from kneetrack.validation.labels import Label
from kneetrack.validation.outcome import Labelled, LegVerdict, Tracking
from kneetrack.validation.verdict_tables import (
    confusion_table,
    detection,
    misjudged_table,
)
from kneetrack.validation.verdicts import labelled, leg_verdicts, recognised, tracking
from tests.validation import fakes


def leg(true_kfo: float, status: Status) -> LegVerdict:
    return LegVerdict("clip", "ann", "squat", 0.0, "left", true_kfo, status)


def test_each_leg_gets_its_verdict_and_its_class() -> None:
    known = fakes.truth(inward=(0.12, 0.03))
    found = fakes.result(
        summary=[fakes.row("knee_valgus", "left", "ok"), fakes.row("knee_valgus", "right", "watch")]
    )
    left, right = leg_verdicts(known, found)
    assert (left.side, left.status, left.true_kfo) == ("left", "ok", pytest.approx(0.12))
    assert (right.side, right.status, right.true_kfo) == ("right", "watch", pytest.approx(0.03))


@pytest.mark.parametrize(
    ("kfo", "name"),
    [(0.12, "collapse"), (0.119, "grey"), (0.031, "grey"), (0.03, "tracking"), (-0.2, "tracking")],
)
def test_classes(kfo: float, name: str) -> None:
    assert leg(kfo, "ok").true_class == name


def test_a_leg_without_a_verdict_cannot_be_told() -> None:
    (left, _) = leg_verdicts(fakes.truth(), fakes.result())
    assert left.status == "cannot_tell"
    assert left.reason


def test_of_several_sets_the_worst_verdict_counts() -> None:
    rows = [fakes.row("knee_valgus", "left", s) for s in ("ok", "watch", "cannot_tell")]
    assert leg_verdicts(fakes.truth(), fakes.result(summary=rows))[0].status == "watch"


@pytest.mark.parametrize(("movement", "yaw"), [("squat", 16.0), ("bridge", 0.0)])
def test_no_legs_beyond_15_degrees_or_lying(movement: str, yaw: float) -> None:
    assert leg_verdicts(fakes.truth(movement=movement, yaw=yaw), fakes.result()) == []


LEGS = [
    leg(0.2, "flag"),
    leg(0.2, "watch"),
    leg(0.2, "ok"),
    leg(0.2, "cannot_tell"),
    leg(0.07, "flag"),
    leg(0.07, "ok"),
    leg(0.0, "ok"),
    leg(0.0, "watch"),
    leg(0.0, "cannot_tell"),
]


def test_cannot_tell_and_the_grey_legs_are_counted_as_the_target_says() -> None:
    found, spared = detection(LEGS)
    assert (found.count, found.n) == (2, 4), "cannot tell is a miss"
    assert (spared.count, spared.n) == (1, 2), "cannot tell is left out"
    rows = [row[1:] for row in confusion_table(LEGS).rows]
    assert rows == [(1, 1, 1, 1, 4), (1, 0, 1, 0, 2), (1, 1, 0, 1, 3)]
    assert [row[4] for row in misjudged_table(LEGS).rows] == [
        "ok", "cannot_tell", "watch", "cannot_tell"
    ]  # fmt: skip


def square(inward: tuple[float, float]) -> Tracking | None:
    """A clip seen squarely by a camera whose joints in space are its picture's."""
    known = fakes.truth(inward=inward)
    xy = known.arrays["joints2d"]
    known.arrays["joints3d"] = _lifted(xy)
    known.info["camera"] |= {
        "eye": [0, 0, 0], "aim": [0, 0, -1],
        "R_world_to_cam": [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
    }  # fmt: skip
    rows = [
        fakes.row("knee_valgus", "left", "flag"),
        fakes.row("squat_depth", "both", "watch", information=True),
        fakes.row("trunk_lean", "both", "ok"),
        fakes.row("knee_varus", "right", "cannot_tell"),
    ]
    return tracking(known, fakes.result(summary=rows))


def _lifted(xy: np.ndarray) -> np.ndarray:
    across = (xy[..., 0] - fakes.SIZE[0] / 2) / fakes.FOCAL_PX
    up = (fakes.SIZE[1] / 2 - xy[..., 1]) / fakes.FOCAL_PX
    return np.stack([across, up, np.full_like(up, -1.0)], axis=-1)


def test_what_is_raised_on_knees_that_track_is_listed_by_rule() -> None:
    found = square((0.03, 0.0))
    assert found is not None
    assert found.raised == (("knee_valgus", "left", "flag"),)
    assert found.worst_kfo == pytest.approx(0.03)
    assert found.flexion_deg == pytest.approx(fakes.DEPTH)


@pytest.mark.parametrize("inward", [(0.04, 0.0), (0.0, -0.09)])
def test_knees_inside_or_outside_the_foot_do_not_track(inward: tuple[float, float]) -> None:
    assert square(inward) is None


def test_exercise_and_side() -> None:
    known = fakes.truth(movement="lateral_lunge", side="L")
    assert recognised(known, fakes.result(side="right")).side == "right"
    assert recognised(known, fakes.result(side="both")).side is None
    assert recognised(fakes.truth(), fakes.result(side="left")).side is None, "no side to know"
    assert recognised(known, fakes.result()).true_exercise == "lateral_lunge"


# ------------------------------------------------------------------ labels


def answered(label: Label, **found: list) -> Labelled:
    (answer,) = labelled("clip", [label], fakes.result(**found))
    return answer


def test_a_label_of_the_whole_set_meets_the_summary() -> None:
    rows = [fakes.row("knee_valgus", "left", "flag"), fakes.row("knee_valgus", "right", "ok")]
    left = answered(Label("clip", 0, "left", "knee_valgus", "bad"), summary=rows)
    assert (left.status, agrees(left)) == ("flag", True)
    both = answered(Label("clip", 0, "both", "knee_valgus", "ok"), summary=rows)
    assert (both.status, agrees(both)) == ("flag", False), "either leg speaks for both"


def test_a_label_of_one_leg_meets_a_rule_that_speaks_of_both() -> None:
    rows = [fakes.row("trunk_lean", "both", "watch")]
    assert answered(Label("clip", 0, "left", "trunk_lean", "bad"), summary=rows).status == "watch"
    other = [fakes.row("knee_valgus", "right", "flag")]
    alone = answered(Label("clip", 0, "left", "knee_valgus", "ok"), summary=other)
    assert alone.status == "cannot_tell", "the other leg does not answer"


def test_a_label_of_one_repetition_meets_its_verdict() -> None:
    first, second = fakes.rep(1, 2.0), fakes.rep(2, 5.0)
    said = Verdict(rule="knee_valgus", side="left", status="watch", measure="kfo", value=0.07)
    second = second.model_copy(update={"verdicts": [said]})
    rows = [fakes.row("knee_valgus", "left", "ok")]
    found = {"reps": [first, second], "summary": rows}
    assert answered(Label("clip", 2, "left", "knee_valgus", "bad"), **found).status == "watch"
    none = answered(Label("clip", 3, "left", "knee_valgus", "ok"), **found)
    assert (none.status, none.reason) == ("cannot_tell", "2 repetitions were found")


@pytest.mark.parametrize(
    ("label", "status", "same"),
    [
        ("ok", "ok", True),
        ("bad", "watch", True),
        ("bad", "flag", True),
        ("bad", "cannot_tell", False),
        ("watch", "flag", False),
        ("flag", "flag", True),
        ("ok", "cannot_tell", False),
        ("cannot_tell", "cannot_tell", True),
    ],
)
def test_when_verdict_and_label_agree(label: str, status: Status, same: bool) -> None:
    assert agrees(Labelled("clip", 0, "left", "knee_valgus", label, status)) is same


def test_labels_are_counted_rule_by_rule() -> None:
    def said(label: str, status: Status, rule: str = "knee_valgus") -> Labelled:
        return Labelled("clip", 0, "left", rule, label, status)

    labels = [
        said("bad", "flag"),
        said("watch", "flag"),
        said("flag", "cannot_tell"),
        said("ok", "ok"),
        said("ok", "cannot_tell"),
        said("ok", "watch"),
        said("cannot_tell", "flag"),
        said("ok", "ok", "trunk_lean"),
    ]
    counts = {row[:2]: row[2:4] for row in label_detection_table(labels).rows}
    assert counts == {
        ("knee_valgus", "sensitivity"): (2, 3),
        ("knee_valgus", "specificity"): (1, 2),
        ("trunk_lean", "specificity"): (1, 1),
    }
    matrix = {row[:2]: row[2:] for row in label_table(labels).rows}
    assert matrix["knee_valgus", "ok"] == (1, 1, 0, 1, 3)
    assert matrix["knee_valgus", "watch or flag"] == (0, 0, 1, 0, 1)
    assert len(disagreement_table(labels).rows) == 5

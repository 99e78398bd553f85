"""A live set that asks for a view, for both sides, or for a balance of so many seconds."""

from __future__ import annotations

import numpy as np
import pytest

from kneetrack.live.framing import lying_view_advice, turn, turn_side_on
from kneetrack.live.plan import Plan
from kneetrack.live.timing import OnOneLeg
from kneetrack.live.working import set_complete
from kneetrack.live_records import FinishedRep
from kneetrack.records import SideName
from tests import motions as m
from tests.live.acting import Act, lies, poses, stands

LYING = m.Tempo(depths=(0.0,))


def plan(**more: object) -> Plan:
    fields = {"exercise": "squat", "sets_total": 1, "reps_total": 2, "rest_s": 20.0}
    return Plan(**(fields | more))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("yaw_deg", "words", "turn_deg"),
    [
        (0.0, "Turn to your right, side-on to the camera", -90.0),
        (40.0, "Turn to your right, side-on to the camera", -50.0),
        (-40.0, "Turn to your left, side-on to the camera", 50.0),
        (110.0, "Turn a little to your left, side-on to the camera", 20.0),
        (-75.0, "Turn a little to your left, side-on to the camera", 15.0),
        (float("nan"), "Stand side-on to the camera", None),
    ],
)
def test_the_shorter_way_to_stand_side_on(
    yaw_deg: float, words: str, turn_deg: float | None
) -> None:
    advice = turn_side_on(yaw_deg)
    assert (advice.text, advice.turn_deg) == (words, turn_deg)
    if turn_deg is not None:  # turning to the own left takes so much off the yaw
        assert abs(yaw_deg - turn_deg) == pytest.approx(90.0)


def test_facing_can_be_the_only_way() -> None:
    assert "or stay side-on" in turn(80.0).text
    assert "or stay side-on" not in turn(80.0, only=True).text


def test_a_lying_person_is_told_which_end_the_camera_belongs() -> None:
    side = lies().xy_px
    foot_end = poses(m.film(m.bridges(LYING), m.FOOT_END))[0].xy_px
    assert lying_view_advice(side) is None and lying_view_advice(foot_end) is None
    assert lying_view_advice(side, "side") is None
    assert lying_view_advice(foot_end, "foot_end") is None
    advice = lying_view_advice(side, "foot_end")
    assert advice is not None and "at your feet" in advice.text
    advice = lying_view_advice(foot_end, "side")
    assert advice is not None and advice.text == "Lie side-on to the camera"


def test_the_front_is_waited_for_however_long_somebody_stays_side_on() -> None:
    act = Act(plan(view="front")).be(yaw_deg=90.0, pose=stands(m.SIDE))
    act.go(20.0)
    assert act.now.phase == "view"
    act.be(yaw_deg=0.0, pose=stands()).to_set()


def test_the_side_is_waited_for_and_the_arrow_points_there() -> None:
    act = Act(plan(view="side")).go(10.0)
    assert act.now.phase == "view"
    assert act.now.screen.headline == "Turn to your right, side-on to the camera"
    assert act.now.screen.turn_deg == pytest.approx(-90.0)
    act.be(yaw_deg=-88.0, pose=stands(m.SIDE)).to_set()


def reps(*sides: SideName) -> list[FinishedRep]:
    return [FinishedRep(i + 1, side, "ok") for i, side in enumerate(sides)]


def test_both_sides_must_be_done_where_that_is_asked_for() -> None:
    left = reps("left", "left")
    assert set_complete(left, 2)
    assert not set_complete(left, 2, each_side=True)
    assert not set_complete([*left, *reps("right")], 2, each_side=True)
    assert set_complete([*left, *reps("right", "right")], 2, each_side=True)
    assert set_complete(reps("both", "both"), 2, each_side=True)


def test_a_set_of_each_side_goes_on_after_the_first() -> None:
    act = Act(plan(exercise="lateral_lunge", each_side=True, done="Thanks")).to_set()
    act.rep("left")
    act.rep("left")
    assert act.now.phase == "set"
    act.rep("right")
    act.rep("right")
    assert act.now.phase == "summary"
    assert act.now.screen.headline == "Thanks" and "Thanks" in act.words


def test_a_balance_is_counted_down_and_ends() -> None:
    act = Act(plan(exercise="single_leg_stance", reps_total=1, hold_s=12.0)).to_set()
    up = poses(m.film(m.standing_on("left", 4.0)))[90]
    act.go(1.0)
    assert act.now.screen.headline == ""
    act.go(3.0, pose=up)
    assert act.now.screen.headline == "10 s"
    assert "Ten seconds" in act.words
    act.go(0.6, pose=stands()).go(8.5, pose=up)
    assert act.now.phase == "set"
    act.go(1.0)
    assert act.now.phase == "summary"
    assert act.words[-2] == "Foot down"


def test_one_leg_is_told_from_two() -> None:
    watch = OnOneLeg()
    two, one = stands(), poses(m.film(m.standing_on("right", 4.0)))[90]
    assert watch.step(0.0, two) == 0.0
    assert watch.step(0.1, one) == 0.0
    assert watch.step(1.1, one) == pytest.approx(1.0)
    assert watch.step(1.9, two) == pytest.approx(1.8), "a touch"
    assert watch.step(2.0, None) == pytest.approx(1.9)
    assert watch.step(2.6, two) == 0.0
    assert watch.step(2.7, one) == 0.0
    assert np.isfinite(watch.step(3.0, one))

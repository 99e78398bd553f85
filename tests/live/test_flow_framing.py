"""Framing, view and stillness: what is advised, said, and waited for before a set."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from kneetrack import skeleton as sk
from kneetrack.live.flow import Plan
from kneetrack.live.framing import SIDE_NOTE, Advice, framing_advice, turn
from kneetrack.live.timing import Hints, Settled, Stillness
from kneetrack.records import Pose
from tests import motions as m
from tests.live.acting import Act, lies, poses, shaken, stands

SIZE = m.FRONT.size_px


def code(pose: Pose | None, **given: object) -> str:
    advice = framing_advice(pose, given.pop("size", SIZE), **given)  # type: ignore[arg-type]
    return advice.code if advice else ""


def moved(pose: Pose, x: float = 0.0, y: float = 0.0) -> Pose:
    """The same elsewhere in the picture, pixels; the detector guesses on beyond its borders."""
    return replace(pose, xy_px=pose.xy_px + np.array([x, y], np.float32))


def scaled(pose: Pose, by: float) -> Pose:
    middle = np.array(SIZE, np.float32) / 2
    return replace(pose, xy_px=middle + by * (pose.xy_px - middle))


def without(pose: Pose, *landmarks: int) -> Pose:
    xy, sure = pose.xy_px.copy(), pose.confidence.copy()
    xy[list(landmarks)], sure[list(landmarks)] = np.nan, 0.0
    return replace(pose, xy_px=xy, confidence=sure)


FEET = (*sk.ANKLES, *sk.HEELS, *sk.TOES)

# ------------------------------------------------------------------ the whole body


def test_somebody_well_in_the_picture_needs_no_advice() -> None:
    assert code(stands()) == ""
    assert code(stands(m.SIDE), yaw_deg=90.0) == ""
    assert code(stands(m.WIDE), size=m.WIDE.size_px) == ""


def test_nobody() -> None:
    assert code(None) == code(Pose.unseen(0.0)) == "nobody"
    ghost = replace(stands(), confidence=np.full(33, 0.1, np.float32))
    assert code(ghost) == "nobody"


def test_feet_below_the_picture() -> None:
    near = scaled(stands(), 1.8)
    assert code(near) == "feet_back"
    assert code(moved(stands(), y=400)) == "feet_tilt"
    assert code(without(moved(stands(), y=400), *FEET)) == "feet_tilt"


def test_feet_hidden_by_something_in_the_picture() -> None:
    assert code(without(stands(), *FEET)) == "feet_hidden"


def test_head_above_the_picture() -> None:
    assert code(moved(stands(), y=-320)) == "head_tilt"
    assert code(moved(scaled(stands(), 1.4), y=-260)) == "head_back"


def test_at_a_desk_only_head_and_shoulders() -> None:
    assert code(moved(scaled(stands(), 3.5), y=1400)) == "feet_back"


@pytest.mark.parametrize(("scale", "expected"), [(1.0, ""), (0.5, "too_far"), (1.55, "too_near")])
def test_distance(scale: float, expected: str) -> None:
    size = (1280, 1280)
    pose = moved(scaled(stands(), scale), x=(1280 - SIZE[0]) / 2)
    assert code(pose, size=size) == expected


def test_words_are_about_their_own_side() -> None:
    facing, behind = {"yaw_deg": 0.0}, {"yaw_deg": 170.0}
    far_left, far_right = moved(stands(), x=-300), moved(stands(), x=300)
    assert code(far_left, **facing) == "move_left"
    assert code(far_right, **facing) == "move_right"
    assert code(far_left, **behind) == "move_right"
    assert code(moved(stands(m.SIDE), x=-340), yaw_deg=90.0) == "middle"


def test_moving_as_told_brings_them_in() -> None:
    """Their own left is +x on the synthetic floor: the advice is followed, not believed."""
    for x, way, step in ((-0.75, "move_left", 0.75), (0.75, "move_right", -0.75)):
        assert code(stands(x=x)) == way
        assert code(stands(x=x + step)) == ""


def test_from_the_side_a_hidden_far_leg_is_no_matter() -> None:
    one_leg = without(stands(m.SIDE), *(pair[1] for pair in (sk.KNEES, sk.ANKLES, sk.TOES)))
    assert code(one_leg, yaw_deg=90.0) == ""
    assert code(one_leg, yaw_deg=0.0) != ""


def test_lying() -> None:
    size = m.SIDE_LYING.size_px
    assert code(lies(), size=size, lying=True) == ""
    assert code(lies(m.FOOT_END), size=size, lying=True) == ""
    ways = {code(moved(lies(), x=x), size=size, lying=True) for x in (-650, 650)}
    assert ways == {"towards_head", "towards_feet"}
    small = replace(lies(), xy_px=600 + 0.15 * (lies().xy_px - 600))
    assert code(small, size=size, lying=True) == "camera_closer"


# ------------------------------------------------------------------ from where


@pytest.mark.parametrize(
    ("yaw", "text"),
    [
        (12.0, "Turn a little to your left"),
        (-25.0, "Turn a little to your right"),
        (50.0, "Turn to your left"),
        (-90.0, "Turn to your right, or stay side-on"),
        (170.0, "Turn around and face the camera"),
    ],
)
def test_which_way_to_turn(yaw: float, text: str) -> None:
    assert turn(yaw) == Advice(turn(yaw).code, text, yaw)


def test_enters_within_10_degrees_and_leaves_beyond_15() -> None:
    act = Act().go(2.0, yaw_deg=12.0)
    assert act.now.phase == "view"
    assert act.now.screen.headline == "Turn a little to your left"
    assert act.now.screen.turn_deg == 12.0
    assert act.go(1.0, yaw_deg=9.5).now.phase == "still"
    assert act.go(0.8, yaw_deg=14.5).now.phase == "still"
    act = Act().go(1.2, yaw_deg=9.0)
    assert act.go(0.8, yaw_deg=16.0).now.phase == "view"


def test_the_degrees_left_follow_every_frame() -> None:
    act = Act().go(1.0, yaw_deg=30.0)
    for yaw in (25.0, 20.0, 16.5):
        act.be(yaw_deg=yaw)
        assert act.frame().screen.turn_deg == yaw


def test_a_steady_side_view_is_taken_after_six_seconds_with_a_note() -> None:
    side = {"pose": stands(m.SIDE), "yaw_deg": 88.0}
    act = Act().go(5.5, **side)
    assert act.now.phase == "view"
    assert act.until("still") < 1.2
    assert act.now.screen.detail == SIDE_NOTE
    act.to_set()
    assert any(SIDE_NOTE in words for words in act.words)
    assert act.now.screen.note == SIDE_NOTE


def test_turning_through_the_side_view_is_not_taken() -> None:
    act = Act().be(pose=stands(m.SIDE))
    for _ in range(4):
        act.go(3.0, yaw_deg=90.0).go(1.0, yaw_deg=50.0)
    assert "still" not in act.phases


def test_oblique_never_starts_by_itself_but_space_does() -> None:
    act = Act().go(60.0, yaw_deg=40.0)
    assert act.phases == ["framing", "view"]
    assert act.frame(key=" ").phase == "countdown"
    assert act.until("set") < 3.2


def test_space_cannot_start_with_nobody_there() -> None:
    act = Act().go(1.0, pose=None)
    assert act.frame(key=" ").phase == "framing"


def test_an_unknown_direction_is_taken_after_a_while() -> None:
    act = Act().be(yaw_deg=float("nan"))
    assert 6.0 < act.until("still") < 7.2


def test_lying_down_for_a_bridge_and_standing_up_for_a_squat() -> None:
    bridge = Act(Plan(exercise="glute_bridge")).go(2.0)
    assert bridge.now.screen.headline == "Lie down on your back, side-on to the camera"
    bridge.be(pose=lies(), lying=True, size_px=m.SIDE_LYING.size_px)
    assert bridge.until("still") < 1.0
    assert "Lie still" in bridge.now.screen.headline
    assert bridge.now.screen.lying
    squat = Act().go(2.0, pose=lies(), lying=True, size_px=m.SIDE_LYING.size_px)
    assert squat.now.screen.headline == "Stand up, facing the camera"


def test_auto_takes_either() -> None:
    for changes in ({}, {"pose": lies(), "lying": True, "size_px": m.SIDE_LYING.size_px}):
        assert Act(Plan()).be(**changes).to_set().now.phase == "set"


def test_a_bridge_from_the_foot_end_is_taken_from_the_head_end_not() -> None:
    plan = Plan(exercise="glute_bridge")
    size = m.FOOT_END.size_px
    foot = Act(plan).be(pose=lies(m.FOOT_END), lying=True, size_px=size)
    assert foot.until("still") < 1.0
    head_end = replace(m.FOOT_END, yaw_deg=180.0, distance_m=3.5)
    head = Act(plan).go(2.0, pose=lies(head_end), lying=True, size_px=size)
    assert head.now.screen.headline == "Turn your feet to the camera, or lie side-on"


# ------------------------------------------------------------------ still


def test_two_still_seconds_and_progress() -> None:
    act = Act()
    act.until("still")
    took_s = act.until("countdown")
    assert 1.3 < took_s < 2.6
    shown = [s.screen.progress for s in act.steps if s.phase == "still"]
    assert shown == sorted(shown)  # type: ignore[type-var]
    assert 0.95 <= shown[-1] <= 1.0  # type: ignore[operator]


def test_who_moves_does_not_start() -> None:
    act = Act(fps=30.0)
    for pose in poses(m.film(m.squats(m.Tempo(lead_s=0.0, top_s=0.0, depths=(1.0,) * 5)))):
        act.frame(pose=pose)
    assert "countdown" not in act.phases
    watch = Stillness()
    walk = poses(m.film(m.walking(2.0, along="z", speed_m_s=0.4).moved(z=-1.0)))
    assert max(watch.step(p.t_s, p) for p in walk) < 1.0


def test_a_noisy_detector_does_not_look_like_moving() -> None:
    rng = np.random.default_rng(4)
    px_per_cm = m.FRONT.focal_px / m.FRONT.distance_m / 100
    watch = Stillness()
    track = poses(m.film(m.standing(6.0)))
    still = [watch.step(p.t_s, shaken(p, px_per_cm, rng)) for p in track]
    assert max(still) > 4.0


def test_stillness_starts_anew_after_a_movement() -> None:
    watch, here, there = Stillness(), stands(), stands(x=0.3)
    for i in range(60):
        watch.step(i / 20, here)
    assert watch.step(3.0, here) > 2.5
    for i in range(61, 70):
        watch.step(i / 20, there)
    assert watch.step(3.5, there) < 0.6
    assert watch.step(3.55, None) == 0.0


# ------------------------------------------------------------------ what is said, and when


def test_an_advice_must_hold_for_half_a_second() -> None:
    act = Act().go(1.0)
    assert act.now.phase == "still"
    act.go(0.4, pose=None)
    assert act.now.phase == "still"
    act.go(0.4, pose=stands()).go(0.8, pose=None)
    assert act.now.phase == "framing"
    assert act.now.screen.headline == "I cannot see anybody"


def test_a_hint_is_said_when_it_changes_and_again_after_eight_seconds() -> None:
    act = Act().go(20.0, pose=without(stands(), *FEET))
    times = [t for t, _, words in act.heard_since() if "feet" in words]
    assert np.diff(times) == pytest.approx([8.0, 8.0], abs=0.06)
    assert times[0] == pytest.approx(0.5, abs=0.06)


def test_hints_are_at_least_five_seconds_apart_whatever_changes() -> None:
    act = Act()
    for _ in range(8):
        act.go(1.0, yaw_deg=40.0).go(1.0, yaw_deg=-40.0)
    times = [t for t, _, _ in act.heard_since()]
    assert min(np.diff(times)) >= 5.0 - 1e-6
    assert len(times) >= 3


def test_the_last_change_is_said_once_its_turn_comes() -> None:
    hints = Hints()
    assert hints.due(0.0, "a")
    assert not hints.due(3.0, "b")
    assert hints.due(5.0, "b")
    assert not hints.due(12.9, "b")
    assert hints.due(13.0, "b")


def test_settled_holds_none_too() -> None:
    settled, advice = Settled(), Advice("a", "A")
    assert settled.step(0.0, None) is None
    assert not settled.known
    settled.step(0.5, None)
    assert settled.known
    assert settled.step(0.6, advice) is None
    assert settled.step(0.9, None) is None
    assert settled.step(1.0, advice) is None
    assert settled.step(1.5, advice) is advice
    assert settled.step(1.7, None) is advice


def test_everything_needed_is_said() -> None:
    act = Act().go(3.0, pose=None).go(3.0, pose=stands(), yaw_deg=30.0)
    act.go(3.0, yaw_deg=0.0).to_set()
    assert act.words == [
        "I cannot see anybody",
        "Turn a little to your left",
        "Stand still for two seconds",
        "three",
        "two",
        "one",
        "Go",
    ]


def test_a_file_that_nobody_can_move_begins_all_the_same() -> None:
    plan = Plan(exercise="squat", goes_ahead_s=4.0)
    act = Act(plan).be(yaw_deg=40.0)
    assert 3.9 < act.until("countdown") < 4.2
    assert act.until("set") < 3.2
    nobody = Act(plan).go(10.0, pose=None)
    assert nobody.phases == ["framing"]

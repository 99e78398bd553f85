"""Which exercise, on which side, in which view; and what is none (issue, sections 5 and 8)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from kneetrack.result import Result
from tests import motions as mo
from tests.motions import Camera, Motion, Tempo, exact  # noqa: F401

pytestmark = pytest.mark.usefixtures("exact")
TWO = Tempo(depths=(1, 1))
STEPS = Tempo(descent_s=1.6, ascent_s=1.5, depths=(1, 1))
SEAT = Tempo(descent_s=1.3, hold_s=2.5, ascent_s=1.3, depths=(1, 1))
DRIVE = Tempo(descent_s=0.7, hold_s=0.2, ascent_s=0.7, depths=(1, 1))
FOUR = Tempo(depths=(1, 1, 1, 1), top_s=1.6)


def bug(*values: object, why: str) -> object:
    return pytest.param(*values)


FAR_FOOT = "posture.py _sink: the lower of both ankles in the picture is not the standing foot"
NEAR_STEP = FAR_FOOT + ": a step towards the camera lowers it"


def check(result: Result, motion: Motion, exercise: str) -> None:
    assert [rep.exercise for rep in result.reps] == [exercise] * len(motion.reps)
    assert [rep.side for rep in result.reps] == [truth.side for truth in motion.reps]
    for rep, truth in zip(result.reps, motion.reps, strict=True):
        assert rep.bottom_s == pytest.approx(truth.bottom_s, abs=0.15)
    assert result.exercise == result.exercise_detected == exercise


# ------------------------------------------------------------------ exercises


@pytest.mark.parametrize("yaw", [0, -20, 45, 90, 180])
@pytest.mark.parametrize(
    "motion",
    [
        mo.squats(TWO),
        mo.squats(TWO, half_stance_m=0.27),
        mo.squats(TWO, half_stance_m=0.09, flexion_deg=115),
    ],
    ids=["hip-wide", "wide", "narrow and deep"],
)
def test_squats(motion: Motion, yaw: float) -> None:
    check(mo.seen(motion, Camera(yaw_deg=yaw)), motion, "squat")


@pytest.mark.parametrize("flexion", [50, 70, 100, 125])
def test_squats_of_any_depth(flexion: float) -> None:
    motion = mo.squats(flexion_deg=flexion)
    check(mo.seen(motion), motion, "squat")


@pytest.mark.parametrize(
    ("side", "yaw"),
    [
        ("left", 0),
        ("right", 0),
        ("left", 15),
        ("right", -15),
        ("left", 30),
        bug("right", 30, why=FAR_FOOT),
        ("left", 90),
        bug("right", 90, why=FAR_FOOT),
        ("right", -90),
        bug("left", -90, why=FAR_FOOT),
    ],
)
def test_single_leg_squats_know_the_standing_leg(side: str, yaw: float) -> None:
    motion = mo.single_leg_squats(TWO, side=side)
    result = mo.seen(motion, Camera(yaw_deg=yaw))
    check(result, motion, "single_leg_squat")
    assert result.side == side


@pytest.mark.parametrize(
    ("side", "yaw"),
    [
        ("left", 0),
        ("right", 0),
        ("left", -20),
        ("right", 20),
        ("right", 30),
        bug("left", 30, why=NEAR_STEP),
        ("left", -60),
        bug("right", -60, why=NEAR_STEP),
    ],
)
def test_lateral_lunges_know_the_leading_leg(side: str, yaw: float) -> None:
    motion = mo.lateral_lunges(STEPS, side=side)
    result = mo.seen(motion, replace(mo.WIDE, yaw_deg=yaw))
    check(result, motion, "lateral_lunge")
    assert result.side == side


@pytest.mark.parametrize("flexion", [65, 85, 115])
@pytest.mark.parametrize("trailing", [0, 35])
def test_lateral_lunges_of_any_depth(flexion: float, trailing: float) -> None:
    motion = mo.lateral_lunges(flexion_deg=flexion, trailing_deg=trailing)
    check(mo.seen(motion, mo.WIDE), motion, "lateral_lunge")


@pytest.mark.parametrize("make", [mo.single_leg_squats, mo.lateral_lunges])
def test_people_alternate(make: Callable[..., Motion]) -> None:
    motion = make(FOUR, side=["left", "right", "left", "right"])
    result = mo.seen(motion, mo.WIDE)
    check(result, motion, "single_leg_squat" if make is mo.single_leg_squats else "lateral_lunge")
    assert result.side == "alternating"
    assert [row.side for row in result.sets] == ["alternating"]


@pytest.mark.parametrize("camera", [mo.SIDE_LYING, mo.FOOT_END], ids=["side", "foot end"])
def test_bridges(camera: Camera) -> None:
    motion = mo.bridges()
    result = mo.seen(motion, camera)
    check(result, motion, "glute_bridge")
    assert result.view.name == ("side" if camera is mo.SIDE_LYING else "foot_end")


def test_a_bridge_filmed_from_the_other_side() -> None:
    motion = mo.bridges()
    camera = Camera(yaw_deg=-90, height_m=0.4, size_px=(1280, 720), fill=0.9)
    check(mo.seen(motion, camera), motion, "glute_bridge")


@pytest.mark.parametrize("side", ["left", "right"])
@pytest.mark.parametrize("asked", [None, "single_leg_stance"])
def test_balance(side: str, asked: str | None) -> None:
    motion = mo.standing_on(side, 8.0)
    result = mo.seen(motion, exercise=asked)
    assert result.exercise == "single_leg_stance"
    assert [rep.side for rep in result.reps] == [side]
    assert result.reps[0].hold_s == pytest.approx(8.0, abs=0.8)


@pytest.mark.parametrize(
    ("side", "yaw"),
    [("left", 90), ("right", -90), bug("left", -60, why=FAR_FOOT), bug("left", -90, why=FAR_FOOT)],
)
def test_balance_seen_from_the_side_is_no_squat(side: str, yaw: float) -> None:
    result = mo.seen(mo.standing_on(side, 8.0), Camera(yaw_deg=yaw))
    assert {rep.exercise for rep in result.reps} <= {"single_leg_stance"}


# ------------------------------------------------------------------ what is none


def none(motion: Motion, camera: Camera, reason: str = "") -> Result:
    result = mo.seen(motion, camera)
    assert [f"{rep.exercise} at {rep.start_s:.1f}" for rep in result.reps] == []
    assert result.exercise == "none"
    assert result.reason
    if reason:
        assert any(reason in r.reason for r in result.rejected), result.rejected
    return result


YAWS = [0, -45, 90]


@pytest.mark.parametrize("yaw", YAWS)
def test_sitting_down_on_a_chair(yaw: float) -> None:
    none(mo.sitting_down(SEAT), Camera(yaw_deg=yaw), "sitting")


@pytest.mark.parametrize("yaw", YAWS)
def test_jumping(yaw: float) -> None:
    none(mo.jumps(2), Camera(yaw_deg=yaw), "jump")


@pytest.mark.parametrize("yaw", YAWS)
@pytest.mark.parametrize("lead", [0, 1])
def test_forward_lunges(yaw: float, lead: int) -> None:
    none(mo.forward_lunges(TWO, lead=lead), Camera(yaw_deg=yaw))


@pytest.mark.parametrize(
    ("free", "yaw"),
    [
        (0, 0),
        (1, 0),
        (0, 30),
        (1, 30),
        (0, -60),
        bug(1, -60, why=FAR_FOOT),
        (1, 135),
        bug(0, 135, why=FAR_FOOT),
        (0, 90),
        (1, 90),
    ],
)
def test_knee_drives(free: int, yaw: float) -> None:
    none(mo.knee_drives(DRIVE, free=free), Camera(yaw_deg=yaw))


@pytest.mark.parametrize("fps", [12.5, 30])
@pytest.mark.parametrize("yaw", [0, 20, 180])
def test_walking_across_the_picture(yaw: float, fps: float) -> None:
    none(mo.walking(fps=fps).moved(x=-2), Camera(yaw_deg=yaw))


@pytest.mark.parametrize("yaw", [0, 20, 180])
def test_walking_towards_and_away_from_the_camera(yaw: float) -> None:
    none(mo.walking(2.5, along="z").moved(z=-1.5), Camera(yaw_deg=yaw))


def test_walking_up_to_the_camera_is_no_bridge() -> None:
    """They come to switch it off: the feet leave the picture at the lower edge."""
    none(mo.walking().moved(x=-2), Camera(yaw_deg=90))


def test_standing_is_none_with_a_reason() -> None:
    assert "no repetition" in none(mo.standing(4.0), mo.FRONT).reason


# ------------------------------------------------------------------ asked for by name


def test_asking_for_an_exercise_does_not_make_a_chair_a_squat() -> None:
    result = mo.seen(mo.sitting_down(), exercise="squat")
    assert result.reps == []
    assert "squat" in result.reason


@pytest.mark.parametrize("asked", ["glute_bridge", "single_leg_stance"])
def test_what_was_detected_is_told_whatever_was_asked(asked: str) -> None:
    result = mo.seen(mo.squats(), exercise=asked)
    assert result.exercise == "none"
    assert result.exercise_detected == "squat"

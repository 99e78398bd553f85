"""Reading truth, levelling a tilted camera, and looking squarely from one that is off axis."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from kneetrack import skeleton as sk
from kneetrack.records import SourceError
from kneetrack.validation.truth import Truth, level, read_truth
from tests.validation import fakes

EYE_HEIGHT_M, DISTANCE_M = 1.0, 3.0


def camera(yaw_deg: float, roll_deg: float) -> dict[str, Any]:
    """A camera at hip height that looks at the vertical above the origin, then is rolled.

    roll_deg > 0 turns the camera anticlockwise about its own line of sight, as seen from behind
    it, so that what stands upright leans to the right in its picture.
    """
    yaw, roll = np.radians([yaw_deg, roll_deg])
    facing = np.array([[np.cos(yaw), 0, -np.sin(yaw)], [0, 1, 0], [np.sin(yaw), 0, np.cos(yaw)]])
    tilt = np.array([[np.cos(roll), np.sin(roll), 0], [-np.sin(roll), np.cos(roll), 0], [0, 0, 1]])
    eye = [DISTANCE_M * np.sin(yaw), EYE_HEIGHT_M, DISTANCE_M * np.cos(yaw)]
    return {
        "yaw": yaw_deg,
        "roll": roll_deg,
        "size": list(fakes.SIZE),
        "focal_px": fakes.FOCAL_PX,
        "eye": eye,
        "aim": [0.0, EYE_HEIGHT_M, 0.0],
        "R_world_to_cam": (tilt @ facing).tolist(),
    }


def person(inward_m: float = 0.06) -> np.ndarray:
    """(T, J, 3) metres: knees forward and inward of the toes by ``inward_m`` at the bottom."""
    xyz = np.zeros((len(fakes.T_S), len(fakes.JOINTS), 3))
    heights = {"hip": 0.9, "knee": 0.5, "ankle": 0.1, "heel": 0.03, "foot_index": 0.02,
               "shoulder": 1.4}  # fmt: skip
    bent = fakes.flexion() / fakes.DEPTH
    for column, name in enumerate(fakes.JOINTS):
        if name == "mid_hip":
            xyz[:, column] = (0, 0.9, 0)
            continue
        side, joint = name.split("_", 1)
        sign = 1 if side == "left" else -1
        xyz[:, column] = (0.12 * sign, heights[joint], 0.15 if joint == "foot_index" else 0.0)
        if joint == "knee":
            xyz[:, column, 0] -= sign * inward_m * bent
            xyz[:, column, 2] += 0.2 * bent
    return xyz


def filmed(yaw_deg: float, roll_deg: float) -> Truth:
    """The person's truth in such a camera, projected here and not by the code under test."""
    lens = camera(yaw_deg, roll_deg)
    world = person()
    seen = (world - np.array(lens["eye"])) @ np.array(lens["R_world_to_cam"]).T
    flat = fakes.FOCAL_PX * seen[..., :2] / -seen[..., 2:]
    xy = np.array(fakes.SIZE) / 2 + flat * [1, -1]
    known = fakes.truth(joints2d=xy, joints3d=world)
    return replace(known, info=known.info | {"camera": lens})


def test_level_turns_what_leans_right_back_to_the_left() -> None:
    leaning = np.array([[100 + np.sin(0.1) * 50, 100 - np.cos(0.1) * 50], [100.0, 100.0]])
    upright = level(leaning, np.degrees(0.1), (100.0, 100.0))
    np.testing.assert_allclose(upright, [[100, 50], [100, 100]], atol=1e-9)


@pytest.mark.parametrize("roll", [-8.0, 5.0])
def test_the_roll_is_read_from_the_geometry_and_taken_out(roll: float) -> None:
    tilted, straight = filmed(10.0, roll), filmed(10.0, 0.0)
    assert tilted.roll == pytest.approx(roll)
    np.testing.assert_allclose(tilted.kfo(), straight.kfo(), atol=1e-9)
    np.testing.assert_allclose(tilted.ktsr(), straight.ktsr(), atol=1e-9)
    assert tilted.seen_yaw() == pytest.approx(straight.seen_yaw())
    raw = tilted.landmarks()[..., list(sk.KNEES), :] - straight.landmarks()[..., list(sk.KNEES), :]
    assert np.abs(raw).max() > 5, "the tilted picture itself is another"


def test_without_a_rotation_the_stated_roll_counts() -> None:
    known = fakes.truth()
    known.info["camera"]["roll"] = 3.0
    assert known.roll == 3.0


@pytest.mark.parametrize(("yaw", "roll"), [(25.0, 0.0), (-40.0, 6.0)])
def test_a_square_camera_is_where_the_person_faces(yaw: float, roll: float) -> None:
    off, front = filmed(yaw, roll), filmed(0.0, 0.0)
    kfo, fppa = off.square_kfo(), off.square_fppa()
    expected = front.square_fppa()
    assert kfo is not None
    assert fppa is not None
    assert expected is not None
    np.testing.assert_allclose(kfo, front.kfo(), atol=1e-9)
    np.testing.assert_allclose(fppa, expected, atol=1e-9)
    assert np.abs(off.kfo() - front.kfo()).max() > 0.02, "this camera sees something else"


def test_a_square_camera_has_the_person_in_its_middle() -> None:
    """Half a metre to the side of a camera without yaw, the legs look as from 9 degrees off."""
    aside, front = filmed(0.0, 0.0), filmed(0.0, 0.0)
    aside.arrays["joints3d"] = aside.arrays["joints3d"] + [0.5, 0.0, 0.0]
    fppa, expected = aside.square_fppa(), front.square_fppa()
    assert fppa is not None
    assert expected is not None
    np.testing.assert_allclose(fppa, expected, atol=1e-9)


def test_no_square_view_without_joints_in_space() -> None:
    assert fakes.truth().square_kfo() is None


def test_kfo_by_hand() -> None:
    kfo = fakes.truth(inward=(0.15, -0.05)).kfo()
    bottom = round(2.0 * fakes.FPS)
    np.testing.assert_allclose(kfo[bottom], [0.15, -0.05], atol=1e-9)
    np.testing.assert_allclose(kfo[0], [0, 0], atol=1e-9)


def test_the_yaw_that_somebody_off_the_middle_shows() -> None:
    """100 pixels to the right of the middle at a focal length of 1000: atan 0.1 = 5.71 degrees."""
    joints = fakes.joints2d((0, 0), middle_px=fakes.SIZE[0] / 2 + 100)
    assert fakes.truth(yaw=10, joints2d=joints).seen_yaw() == pytest.approx(10 - 5.7106, abs=1e-3)


@pytest.mark.parametrize(
    ("movement", "yaw", "view"),
    [
        ("squat", -15, "front"),
        ("squat", 16, "oblique"),
        ("squat", -90, "side"),
        ("squat", 178, "back"),
        ("bridge", 90, "lying side"),
        ("bridge", 0, "foot end"),
        ("bridge", 180, "head end"),
    ],
)
def test_views(movement: str, yaw: float, view: str) -> None:
    assert fakes.truth(movement=movement, yaw=yaw).view == view


def test_between_frames_and_outside_the_clip() -> None:
    known = fakes.truth()
    assert known.at(known.flexion, 1.51)[0] == pytest.approx(0.51 * fakes.DEPTH)
    assert np.isnan(known.at(known.flexion, 99.0)).all()


def test_truth_is_read_as_it_was_written(tmp_path: Path) -> None:
    read = read_truth(fakes.save(fakes.truth("a"), tmp_path))
    assert (read.name, read.exercise, read.legs()) == ("a", "squat", [0, 1])
    np.testing.assert_allclose(read.kfo(), fakes.truth("a").kfo())


def test_what_is_wrong_with_a_truth_is_said_in_one_line(tmp_path: Path) -> None:
    known = fakes.truth("bad")
    short = {**known.arrays, "fppa2d_L": known.arrays["fppa2d_L"][:-1]}
    bare = {k: v for k, v in known.arrays.items() if k != "knee_flex_L"}
    named = np.array(["x" if name == "mid_hip" else name for name in fakes.JOINTS])
    camera_less = {k: v for k, v in known.info.items() if k != "camera"}
    for broken, said in (
        (replace(known, arrays=short), "fppa2d_L is not as long as time"),
        (replace(known, arrays=bare), "knee_flex_L is missing"),
        (replace(known, arrays=known.arrays | {"joint_names": named}), "mid_hip is missing"),
        (replace(known, info=known.info | {"movement": "jump"}), "movement 'jump'"),
        (replace(known, info=known.info | {"reps": []}), "no repetition"),
        (replace(known, info=camera_less), "'camera' is missing"),
    ):
        path = fakes.save(broken, tmp_path)
        with pytest.raises(SourceError, match=said):
            read_truth(path)
    path.write_text("{", encoding="utf-8")
    with pytest.raises(SourceError, match="cannot be read"):
        read_truth(path)

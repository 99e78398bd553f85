"""Which of the two readings of a picture is taken when: with readers that follow a script."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from kneetrack.pose.blazepose import BlazePose
from kneetrack.records import Frame, Pose
from kneetrack.skeleton import ANKLES, HIPS, KNEES, N_LANDMARKS, SHOULDERS

IMAGE = np.zeros((8, 8, 3), np.uint8)


def standing(x: float, t_s: float) -> Pose:
    xy = np.full((N_LANDMARKS, 2), (x, 100.0), np.float32)
    for joint, y in ((SHOULDERS, 100), (HIPS, 250), (KNEES, 380), (ANKLES, 500)):
        xy[joint[0]], xy[joint[1]] = (x + 30, y), (x - 30, y)
    return Pose(xy, np.zeros((N_LANDMARKS, 3), np.float32), np.ones(N_LANDMARKS, np.float32), t_s)


class Reader:
    """Finds whom its script says, and remembers when it was asked."""

    def __init__(self, script: Callable[[float], float | None]) -> None:
        self.script = script
        self.asked: list[float] = []
        self.following = False
        self.tried_s = -np.inf

    def track(self, frame: Frame) -> Pose:
        self.asked.append(frame.t_s)
        self.tried_s = frame.t_s
        x = self.script(frame.t_s)
        self.following = x is not None
        return Pose.unseen(frame.t_s) if x is None else standing(x, frame.t_s)

    def reset(self) -> None:
        self.following = False


def model(plain: Reader, mirrored: Reader, *, thorough: bool = False) -> BlazePose:
    made = BlazePose.__new__(BlazePose)
    made._trackers = (plain, mirrored)  # type: ignore[assignment]
    made._thorough = thorough
    made._turn, made._last = 0, None
    return made


def read(made: BlazePose, times: np.ndarray) -> list[Pose]:
    return [made.track(Frame(IMAGE, float(t), i)) for i, t in enumerate(times)]


def test_pictures_are_read_in_turn_once_the_person_is_found_in_both() -> None:
    plain, mirrored = Reader(lambda t: 200.0), Reader(lambda t: 204.0)
    poses = read(model(plain, mirrored), np.arange(9) / 30)
    assert len(plain.asked) + len(mirrored.asked) == 10  # both for the first, one each after
    assert abs(len(plain.asked) - len(mirrored.asked)) <= 1
    hips = [float(p.xy_px[HIPS[0], 0]) for p in poses]
    assert hips[0] == 232.0
    assert set(hips[1:]) == {230.0, 234.0}


@pytest.mark.parametrize(("rate", "thorough"), [(12.5, False), (30.0, True)])
def test_rare_pictures_and_thorough_reading_take_both(rate: float, thorough: bool) -> None:
    plain, mirrored = Reader(lambda t: 200.0), Reader(lambda t: 204.0)
    poses = read(model(plain, mirrored, thorough=thorough), np.arange(6) / rate)
    assert len(plain.asked) == len(mirrored.asked) == 6
    assert {float(p.xy_px[HIPS[0], 0]) for p in poses} == {232.0}


def test_an_empty_picture_is_searched_once() -> None:
    plain, mirrored = Reader(lambda t: None), Reader(lambda t: 200.0)
    assert not any(p.seen for p in read(model(plain, mirrored), np.arange(5) / 30))
    assert (len(plain.asked), len(mirrored.asked)) == (5, 0)


def test_who_is_lost_in_one_kind_of_picture_is_followed_in_the_other() -> None:
    """And is looked for again there now and then, not in every picture."""
    plain, mirrored = Reader(lambda t: 200.0), Reader(lambda t: 204.0 if t < 0.1 else None)
    poses = read(model(plain, mirrored), np.arange(60) / 30)
    assert all(p.seen for p in poses)
    late = [t for t in mirrored.asked if t > 0.2]
    assert 3 <= len(late) <= 8
    assert len(plain.asked) + len(mirrored.asked) <= 60 + 10


def test_a_reading_that_hops_to_somebody_else_is_not_believed() -> None:
    plain, mirrored = Reader(lambda t: 200.0), Reader(lambda t: 204.0 if t < 0.1 else 900.0)
    poses = read(model(plain, mirrored), np.arange(30) / 30)
    assert max(float(p.xy_px[HIPS[0], 0]) for p in poses) < 240

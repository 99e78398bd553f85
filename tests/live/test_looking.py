"""Pictures and poses from a thread: newest first, nothing queues, nothing is left running."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from time import monotonic, sleep

import pytest

from kneetrack.live.looking import Looked, Looker
from kneetrack.records import Frame, Pose
from tests.live.playing import PlayedCamera, Shot


def endless(camera: PlayedCamera) -> Iterator[Shot]:
    while True:
        yield Shot()


def some(looker: Looker, count: int) -> list[Looked]:
    found: list[Looked] = []
    until = monotonic() + 10
    while len(found) < count and monotonic() < until:
        looked = looker.next()
        found += [looked] if looked is not None else []
    return found


@pytest.mark.parametrize("threaded", [True, False])
def test_every_picture_comes_with_its_own_pose(threaded: bool) -> None:
    camera = PlayedCamera(endless, (64, 48))
    with Looker(camera, lambda f: Pose.unseen(f.t_s), threaded=threaded) as looker:
        found = some(looker, 20)
    assert len(found) == 20
    assert all(looked.pose.t_s == looked.frame.t_s for looked in found)
    times = [looked.frame.t_s for looked in found]
    assert times == sorted(set(times))


def test_a_slow_screen_holds_back_at_most_two_pictures() -> None:
    camera = PlayedCamera(endless, (64, 48))
    seen: list[int] = []

    def pose_of(frame: Frame) -> Pose:
        seen.append(frame.index)
        return Pose.unseen(frame.t_s)

    with Looker(camera, pose_of) as looker:
        some(looker, 1)
        sleep(0.3)
        assert len(seen) <= 3


def test_what_the_model_raises_arrives() -> None:
    camera = PlayedCamera(endless, (64, 48))

    def pose_of(frame: Frame) -> Pose:
        raise ValueError("no such model")

    with Looker(camera, pose_of) as looker, pytest.raises(ValueError, match="no such model"):
        some(looker, 1)


def test_the_thread_ends_when_nobody_takes_any_more() -> None:
    camera = PlayedCamera(endless, (64, 48))
    with Looker(camera, lambda f: Pose.unseen(f.t_s)) as looker:
        some(looker, 1)
    assert not [t for t in threading.enumerate() if t.name == "pose"]


def test_a_camera_that_comes_back_smaller_is_brought_to_the_first_size() -> None:
    camera = PlayedCamera(endless, (64, 48))
    with Looker(camera, lambda f: Pose.unseen(f.t_s), threaded=False) as looker:
        assert some(looker, 1)[0].frame.size_px == (64, 48)
        camera.image = camera.image[:24, :32]
        assert some(looker, 1)[0].frame.size_px == (64, 48)

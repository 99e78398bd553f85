"""Following one person among several, with the real model on people set into one room."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from kneetrack.pose.blazepose import BlazePose
from kneetrack.pose.choose import Choice
from kneetrack.pose.follow import PersonFollower
from kneetrack.records import Frame, PeopleInfo, PoseTrack
from kneetrack.skeleton import HIPS
from tests.pose.scenes import MODEL, SIZE, Part, actor, hip_truth, scene

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def model() -> Iterator[BlazePose]:
    with BlazePose(MODEL) as loaded:
        yield loaded


def follow(
    model: BlazePose, frames: list[Frame], choice: Choice = "exerciser"
) -> tuple[PoseTrack, PeopleInfo]:
    follower = PersonFollower(model, choice)
    poses = [follower.follow(frame) for frame in frames]
    if follower.second_pass:
        follower = PersonFollower(model, follower.second_pass)
        poses = [follower.follow(frame) for frame in frames]
    return follower.finish(PoseTrack.from_poses(poses, SIZE))


def on_person(track: PoseTrack, part: Part) -> np.ndarray:
    """(T,) hips within 25 px of this part's; NaN frames are False."""
    hips = track.xy_px[:, list(HIPS)].mean(axis=1)
    return np.linalg.norm(hips - hip_truth(part, len(track)), axis=1) < 25


def test_someone_crosses_in_front(model: BlazePose) -> None:
    exerciser = Part(actor("sq_good_anna"), lambda i: 400.0)
    crossing = Part(actor("sq_in30_right_ben"), lambda i: -100.0 + i * 30, lambda i: 0)
    frames = scene([exerciser, crossing], 30)
    track, info = follow(model, frames)
    seen = np.isfinite(track.xy_px[:, 0, 0])
    assert on_person(track, exerciser)[seen].all()
    assert seen[:13].all() and seen[23:].all()
    assert info.people_seen == 2
    model.reset()
    plain = PoseTrack.from_poses([model.track(frame) for frame in frames], SIZE)
    assert not on_person(plain, exerciser).all()


def test_the_one_who_squats_beside_a_larger_one_who_stands(model: BlazePose) -> None:
    exerciser = Part(actor("sq_good_anna", height=400), lambda i: 180.0)
    coach = Part(actor("sq_in30_right_ben"), lambda i: 560.0, lambda i: 0)
    frames = scene([exerciser, coach], 30)
    track, info = follow(model, frames)
    assert on_person(track, exerciser).all()
    assert info.followed.startswith("the one who does the exercise")
    track, _ = follow(model, frames[:8], "largest")
    assert on_person(track, coach).all()


def test_someone_else_is_alone_first(model: BlazePose) -> None:
    first = Part(
        actor("sq_in30_right_ben"), lambda i: 300.0 - 25 * i if i < 20 else None, lambda i: 0
    )
    exerciser = Part(
        actor("sq_good_anna"),
        lambda i: max(450.0, 950.0 - 30 * (i - 6)) if i >= 6 else None,
        lambda i: max(0, i - 22),
    )
    track, _ = follow(model, scene([first, exerciser], 52))
    seen = np.isfinite(track.xy_px[:, 0, 0])
    assert on_person(track, exerciser)[seen].all()
    assert seen[26:].all()

"""Following one person among several, with a pretended model: who, when lost, at what cost."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from kneetrack.pose.choose import Choice
from kneetrack.pose.follow import PersonFollower
from kneetrack.records import Frame, PeopleInfo, Pose, PoseTrack
from tests.pose.stage import SIZE, Player, PretendModel, Stage, squatting

Place = Callable[[int], float | None]
RED, BLUE, GREEN = (40, 40, 200), (200, 60, 30), (40, 160, 40)


class Outcome:
    """What following gave, after a second pass where one was asked for."""

    def __init__(self, stage: Stage, choice: Choice = "exerciser") -> None:
        self.stage, self.model = stage, PretendModel(stage)
        follower = PersonFollower(self.model, choice)
        self.first = [follower.follow(frame) for frame in stage.frames()]
        self.second_pass = follower.second_pass
        poses = self.first
        if self.second_pass:
            follower = PersonFollower(self.model, self.second_pass)
            poses = [follower.follow(frame) for frame in stage.frames()]
            assert follower.second_pass is None
        self.track, self.info = follower.finish(PoseTrack.from_poses(poses, SIZE))

    @property
    def info_notes(self) -> str:
        return " ".join(self.info.notes)

    def whose(self) -> list[int | None]:
        return [
            self.stage.whose(Pose(xy, None, c, t))
            for xy, c, t in zip(
                self.track.xy_px, self.track.confidence, self.track.t_s, strict=True
            )
        ]


def stay(x: float) -> Place:
    return lambda i: x


def walk(start: float, step: float, first: int = 0, last: int = 10_000) -> Place:
    def x(i: int) -> float | None:
        here = start + step * (i - first)
        return here if first <= i < last and -20 < here < SIZE[0] + 20 else None

    return x


def test_alone_is_left_to_the_tracker() -> None:
    stage = Stage([Player(stay(300), dip_m=squatting())], 100)
    outcome = Outcome(stage)
    plain = PretendModel(stage)
    for frame, pose in zip(stage.frames(), outcome.first, strict=True):
        assert np.array_equal(pose.xy_px, plain.track(frame).xy_px)
    assert outcome.info == PeopleInfo(people_seen=1, followed="the only person")
    assert outcome.model.tracks - len(outcome.first) <= 2
    assert outcome.model.finds == 0


def test_the_one_who_squats_is_followed_though_the_coach_is_larger() -> None:
    coach = Player(stay(440), BLUE, scale=120)
    outcome = Outcome(Stage([Player(stay(200), RED, squatting()), coach], 80))
    assert outcome.second_pass is not None
    assert set(outcome.whose()) == {0}
    assert outcome.info.people_seen == 2
    assert outcome.info.followed == "the one who does the exercise (person 1 of 2)"


def test_of_two_who_squat_the_larger_is_followed_without_a_second_reading() -> None:
    outcome = Outcome(
        Stage([Player(stay(180), RED, squatting(), 85), Player(stay(420), BLUE, squatting())], 80)
    )
    assert outcome.second_pass is None
    assert set(outcome.whose()) == {1}
    assert "2 people exercise" in outcome.info_notes


@pytest.mark.parametrize("colour", [BLUE, RED], ids=["other clothes", "same clothes"])
def test_someone_crossing_in_front_is_not_followed(colour: tuple[int, int, int]) -> None:
    crossing = Player(walk(0, 14, first=15), colour)
    outcome = Outcome(Stage([Player(stay(320), RED, squatting()), crossing], 90))
    assert set(outcome.whose()) == {0, None}
    assert outcome.whose()[-20:] == [0] * 20


def test_it_is_told_when_the_person_was_hidden() -> None:
    crossing = Player(walk(0, 14, first=15), BLUE)
    outcome = Outcome(Stage([Player(stay(320), RED, squatting()), crossing], 90))
    ((start, end),) = outcome.info.lost_spans_s
    assert 2.5 < start < 4.5 and 0.2 < end - start < 2.0
    assert "out of sight" in outcome.info_notes


def test_the_plain_tracker_would_have_gone_along() -> None:
    crossing = Player(walk(0, 14, first=15), BLUE)
    stage = Stage([Player(stay(320), RED, squatting()), crossing], 60)
    model = PretendModel(stage)
    whose = [stage.whose(model.track(frame)) for frame in stage.frames()]
    assert 1 in whose


def test_someone_alone_first_who_leaves() -> None:
    first = Player(walk(240, -12, first=0, last=60), BLUE)
    later = Player(lambda i: max(360.0, 660.0 - 12 * (i - 30)) if i >= 30 else None, RED,
                   lambda i: squatting()(i - 60) if i > 60 else 0.0)  # fmt: skip
    outcome = Outcome(Stage([first, later], 130))
    assert set(outcome.whose()) == {1, None}
    assert outcome.whose()[60:] == [1] * 70


def test_someone_alone_first_who_stays() -> None:
    first = Player(stay(160), BLUE)
    later = Player(lambda i: max(400.0, 660.0 - 12 * (i - 20)) if i >= 20 else None, RED,
                   lambda i: squatting()(i - 50) if i > 50 else 0.0)  # fmt: skip
    outcome = Outcome(Stage([first, later], 120))
    assert set(outcome.whose()) == {1, None}
    assert outcome.whose()[45:] == [1] * 75


def test_the_person_may_go_out_of_the_picture_and_come_back() -> None:
    def x(i: int) -> float | None:
        return None if 30 <= i < 60 else 320.0

    outcome = Outcome(Stage([Player(x, dip_m=squatting())], 90))
    assert set(outcome.whose()) == {0, None}
    assert outcome.whose()[62:] == [0] * 28
    ((start, end),) = outcome.info.lost_spans_s
    assert start == pytest.approx(3.0, abs=0.11) and end == pytest.approx(6.0, abs=0.21)


@pytest.mark.parametrize(
    ("choice", "who"), [(1, 2), (2, 0), (3, 1), ("largest", 1), ("centre", 0), ("moving", 2)]
)
def test_whom_to_follow_can_be_said(choice: Choice, who: int) -> None:
    players = [
        Player(stay(330), RED),
        Player(stay(530), BLUE, scale=120),
        Player(lambda i: 120 + 30 * np.sin(i / 6), GREEN),
    ]
    outcome = Outcome(Stage(players, 60), choice)
    assert set(outcome.whose()) - {None} == {who}
    assert outcome.whose().count(who) > 50
    assert outcome.info.people_seen == 3


def test_a_number_that_nobody_has() -> None:
    outcome = Outcome(Stage([Player(stay(330), RED)], 40), 3)
    assert set(outcome.whose()) == {None}
    assert outcome.info.followed == "nobody"
    assert outcome.info.notes == ("person 3 was asked for, but only 1 could be seen",)


def test_a_number_that_comes_later_is_waited_for() -> None:
    later = Player(walk(600, -10, first=20), BLUE)
    outcome = Outcome(Stage([Player(stay(100), RED), later], 50), 2)
    assert set(outcome.whose()) == {1, None}
    assert outcome.whose()[30:] == [1] * 20


def test_a_dip_in_confidence_is_no_hop() -> None:
    stage = Stage([Player(stay(300), dip_m=squatting())], 60)
    model = PretendModel(stage)
    follower = PersonFollower(model)
    for i, frame in enumerate(stage.frames()):
        track = model.track

        def vague(frame, track=track):
            pose = track(frame)
            return Pose(pose.xy_px, pose.xyz_m, pose.confidence * 0.3, pose.t_s)

        model.track = vague if 20 <= i < 40 else track
        assert follower.follow(frame).seen
        model.track = track
    assert model.finds == 0


def test_a_vague_start_changes_nothing_either() -> None:
    stage = Stage([Player(stay(300), dip_m=squatting())], 30)
    model = PretendModel(stage)
    follower = PersonFollower(model)
    track = model.track

    def vague_at_first(frame: Frame) -> Pose:
        pose = track(frame)
        vague = frame.index < 5
        return Pose(pose.xy_px, pose.xyz_m, pose.confidence * (0.3 if vague else 1), pose.t_s)

    model.track = vague_at_first  # type: ignore[method-assign]
    for frame in stage.frames():
        assert follower.follow(frame).seen
    assert model.tracks == 30


def test_nobody_at_all() -> None:
    outcome = Outcome(Stage([], 10))
    assert outcome.info.people_seen == 0
    assert not np.isfinite(outcome.track.xy_px).any()

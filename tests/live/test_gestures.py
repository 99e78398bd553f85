"""Both arms raised, told from everything else that arms do."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from kneetrack import skeleton as sk
from kneetrack.live.gestures import RaisedArms, arms
from kneetrack.records import Pose
from tests import motions as m
from tests.live.acting import arms_at, arms_down, arms_up, lies, poses, shaken, stands

FPS = 20.0


class Watch:
    def __init__(self, *, lying: bool = False) -> None:
        self.arms, self.lying, self.frames = RaisedArms(), lying, 0
        self.events: list[tuple[float, str]] = []

    def see(self, pose: Pose | None, seconds: float, *, calm: bool = True) -> Watch:
        for _ in range(round(seconds * FPS)):
            t_s = self.frames / FPS
            event = self.arms.step(t_s, pose, lying=self.lying, calm=calm)
            if event:
                self.events.append((t_s, event))
            self.frames += 1
        return self

    @property
    def names(self) -> list[str]:
        return [name for _, name in self.events]


STANDS, LIES = arms_down(stands()), arms_down(lies())


@pytest.mark.parametrize("lying", [False, True])
def test_one_second_is_short_three_are_long(lying: bool) -> None:
    down = LIES if lying else STANDS
    watch = Watch(lying=lying).see(down, 1.0).see(arms_up(down), 4.0)
    assert watch.events == [(2.0, "short"), (4.0, "long")]
    assert watch.arms.held_s == pytest.approx(3.95)


def test_less_than_a_second_is_nothing() -> None:
    watch = Watch()
    for _ in range(4):
        watch.see(STANDS, 1.0).see(arms_up(STANDS), 0.9)
    assert watch.events == []


def test_each_raise_counts_once_and_needs_the_arms_down_before() -> None:
    watch = Watch().see(STANDS, 1.0).see(arms_up(STANDS), 2.0)
    watch.see(stands(), 1.0).see(arms_up(STANDS), 2.0)  # only half-way down: forward
    assert watch.names == ["short"]
    watch.see(STANDS, 1.0).see(arms_up(STANDS), 2.0)
    assert watch.names == ["short", "short"]


def test_arms_forward_on_the_way_up_do_not_matter() -> None:
    assert Watch().see(STANDS, 1.0).see(stands(), 1.0).see(arms_up(STANDS), 1.5).names == ["short"]


def test_overhead_from_the_start_is_no_gesture() -> None:
    watch = Watch().see(arms_up(STANDS), 5.0)
    for _ in range(3):
        watch.see(arms_up(STANDS), 2.0, calm=False).see(arms_up(STANDS), 2.0)
    assert watch.events == []


def test_arms_raised_while_a_repetition_is_under_way_are_no_gesture() -> None:
    watch = Watch().see(STANDS, 1.0).see(arms_up(STANDS), 2.0, calm=False)
    assert watch.see(arms_up(STANDS), 5.0).events == []


def test_a_repetition_that_begins_ends_the_gesture() -> None:
    watch = Watch().see(STANDS, 1.0).see(arms_up(STANDS), 0.8)
    assert watch.see(arms_up(STANDS), 3.0, calm=False).events == []


@pytest.mark.parametrize(
    ("wrist", "elbow"),
    [(0.55, 0.1), (0.75, 0.3), (0.4, 0.4), (0.6, -0.2)],
    ids=["at the ears", "hands on the head", "elbows out", "chin"],
)
def test_hands_at_the_head_are_no_gesture(wrist: float, elbow: float) -> None:
    at_head = arms_at(STANDS, wrist=wrist, elbow=elbow)
    assert Watch().see(STANDS, 1.0).see(at_head, 4.0).events == []


def test_one_arm_is_no_gesture() -> None:
    xy = arms_up(STANDS).xy_px.copy()
    xy[[sk.WRISTS[1], sk.ELBOWS[1]]] = STANDS.xy_px[[sk.WRISTS[1], sk.ELBOWS[1]]]
    one = replace(STANDS, xy_px=xy)
    assert Watch().see(STANDS, 1.0).see(one, 4.0).events == []


def test_squats_with_arms_forward_walking_and_bridges_are_no_gesture() -> None:
    for motion, camera, lying in (
        (m.squats(), m.FRONT, False),
        (m.walking(2.0), m.FRONT, False),
        (m.bridges().moved(z=-0.5), m.SIDE_LYING, True),
        (m.bridges(), m.FOOT_END, True),
    ):
        raised = RaisedArms()
        for pose in poses(m.film(motion, camera)):
            assert raised.step(pose.t_s, pose, lying=lying, calm=True) == ""


def test_lying_from_the_foot_end() -> None:
    joints = m.bridges(m.Tempo(depths=(0.0,)))
    down = poses(m.film(joints, m.FOOT_END))[0]
    up = joints.joints.copy()
    for s in (0, 1):
        shoulder = up[:, sk.SHOULDERS[s]]
        up[:, sk.ELBOWS[s]] = shoulder + np.array([0, 0.28, 0.0])
        up[:, sk.WRISTS[s]] = shoulder + np.array([0, 0.52, 0.02])
    raised = poses(m.film(replace(joints, joints=up), m.FOOT_END))[0]
    assert arms(raised, lying=True) == "up"
    assert Watch(lying=True).see(down, 1.0).see(raised, 1.5).names == ["short"]


def test_a_wrist_lost_for_a_moment_does_not_end_it_and_a_longer_loss_does() -> None:
    up = arms_up(STANDS)
    xy = up.xy_px.copy()
    xy[sk.WRISTS[0]] = np.nan
    lost = replace(up, xy_px=xy)
    assert Watch().see(STANDS, 1.0).see(up, 0.5).see(lost, 0.2).see(up, 0.5).names == ["short"]
    assert Watch().see(STANDS, 1.0).see(up, 0.5).see(lost, 0.5).see(up, 0.9).names == []
    assert Watch().see(STANDS, 1.0).see(up, 0.5).see(None, 1.0).see(up, 3.0).names == []


def test_noise_neither_makes_nor_breaks_it() -> None:
    rng = np.random.default_rng(5)
    watch = Watch()
    for pose, seconds in ((STANDS, 3.0), (arms_up(STANDS), 1.5), (STANDS, 2.0)):
        for _ in range(round(seconds * FPS)):
            watch.see(shaken(pose, 6.0, rng), 1 / FPS)
    assert watch.names == ["short"]

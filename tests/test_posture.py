"""What the body does in each frame: the rep signal and the descriptors around it."""

from __future__ import annotations

import numpy as np
import pytest

from kneetrack import skeleton as sk
from kneetrack.analysis import smooth_track
from kneetrack.posture import Posture, describe
from tests import motions as mo
from tests.motions import Camera, Motion, Tempo


def posture_of(motion: Motion, camera: Camera = mo.LEVEL) -> Posture:
    return describe(smooth_track(mo.film(motion, camera)))


def true_drop(motion: Motion) -> np.ndarray:
    hips = motion.joints[:, list(sk.HIPS), 1].mean(axis=1)
    return np.asarray((hips[0] - hips) / mo.LEG_M)


@pytest.mark.parametrize("yaw", [0, 30, 90, 180])
def test_the_rep_signal_is_the_drop_in_leg_lengths(yaw: float) -> None:
    motion = mo.squats()
    posture = posture_of(motion, Camera(yaw_deg=yaw, orthographic=True))
    assert np.abs(posture.sink - true_drop(motion)).max() < 0.03


def test_the_rep_signal_of_a_bridge_is_the_lift_in_thigh_lengths() -> None:
    motion = mo.bridges(lift_m=0.10)
    posture = posture_of(motion, mo.SIDE_LYING)
    assert posture.lying.all()
    assert np.nanmax(posture.sink) == pytest.approx(0.10 / 0.42, abs=0.04)
    assert posture.sink[0] == pytest.approx(0, abs=0.01)


def test_the_signal_does_not_change_with_distance_or_scale() -> None:
    motion = mo.squats()
    small = posture_of(motion, Camera(orthographic=True, fill=0.4))
    large = posture_of(motion, Camera(orthographic=True, fill=0.8))
    assert np.abs(small.sink - large.sink).max() < 0.005


@pytest.mark.parametrize("fps", [25, 60, 120])
def test_standing_still_is_told_from_moving(fps: float) -> None:
    motion = mo.squats(Tempo(fps=fps))
    posture = posture_of(motion)
    moving = np.abs(np.gradient(true_drop(motion), motion.t_s)) > 0.15
    assert posture.still_upright[: int(1.5 * fps)].all()
    assert not (posture.still_upright & moving).any()
    assert not posture.still_upright[true_drop(motion) > 0.15].any()


def test_which_foot_is_up() -> None:
    for side, sign in (("left", -1), ("right", 1)):  # on the left leg the right foot is up
        posture = posture_of(mo.standing_on(side, 4.0))
        up = sign * posture.foot_up_world
        assert np.nanmax(up) > 0.2
        assert sign * posture.foot_up[np.argmax(up)] > 0.2


def test_steps_in_the_body_frame_whatever_the_camera() -> None:
    for yaw in (0, 40, 90, 200):
        lateral = posture_of(mo.lateral_lunges(), Camera(yaw_deg=yaw, size_px=(1280, 720)))
        forward = posture_of(mo.forward_lunges(), Camera(yaw_deg=yaw, size_px=(1280, 720)))
        assert np.nanmax(lateral.step_across) == pytest.approx(0.85 / 0.84, abs=0.05)
        assert np.nanmax(lateral.step_along) < 0.1
        assert np.nanmax(forward.step_along) == pytest.approx(0.75 / 0.84, abs=0.05)


def test_weight_goes_over_the_leading_foot() -> None:
    deep = int(np.argmax(true_drop(mo.lateral_lunges())))
    assert posture_of(mo.lateral_lunges(side="left"), mo.WIDE).weight_left[deep] > 0.6
    assert posture_of(mo.lateral_lunges(side="right"), mo.WIDE).weight_left[deep] < 0.4
    assert posture_of(mo.squats()).weight_left == pytest.approx(0.5, abs=0.02)


def test_lying_is_told_from_standing() -> None:
    assert posture_of(mo.bridges(), mo.SIDE_LYING).lying.all()
    assert posture_of(mo.bridges(), mo.FOOT_END).lying.all()
    for motion in (mo.squats(flexion_deg=125), mo.sitting_down(), mo.lateral_lunges()):
        assert not posture_of(motion, mo.WIDE).lying.any()


def test_nobody_is_nan_and_never_zero() -> None:
    track = mo.blanked(mo.film(mo.squats()), 4.0, 5.0)
    posture = describe(smooth_track(track))
    gone = (track.t_s > 4.05) & (track.t_s < 4.95)
    assert not posture.seen[gone].any()
    assert np.isnan(posture.sink[gone]).all()
    assert not posture.still_upright[gone].any()
    assert np.isfinite(posture.sink[~gone][5:-5]).mean() > 0.95


def test_without_world_landmarks_the_picture_still_gives_the_signal() -> None:
    from dataclasses import replace

    motion = mo.squats()
    posture = describe(smooth_track(replace(mo.film(motion, mo.LEVEL), xyz_m=None)))
    assert np.isnan(posture.foot_up_world).all()
    assert np.abs(posture.sink - true_drop(motion)).max() < 0.03

"""Arms and wobble, from landmarks whose movement is known by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from kneetrack.analysis import smooth_track
from kneetrack.clinic import score_clues as sc
from kneetrack.records import PoseTrack
from kneetrack.skeleton import LEFT, N_LANDMARKS, Landmark
from tests import motions as mo

FPS = 60.0


def upright(seconds: float = 4.0) -> PoseTrack:
    """Trunk 100 pixels, shank 200 pixels, hands at the waist, nothing moves."""
    t_s = np.arange(round(seconds * FPS)) / FPS
    xy = np.zeros((len(t_s), N_LANDMARKS, 2))
    places = {
        Landmark.LEFT_SHOULDER: (220, 100),
        Landmark.RIGHT_SHOULDER: (180, 100),
        Landmark.LEFT_HIP: (215, 200),
        Landmark.RIGHT_HIP: (185, 200),
        Landmark.LEFT_WRIST: (235, 185),
        Landmark.RIGHT_WRIST: (165, 185),
        Landmark.LEFT_KNEE: (215, 400),
        Landmark.LEFT_ANKLE: (215, 600),
        Landmark.RIGHT_KNEE: (185, 400),
        Landmark.RIGHT_ANKLE: (185, 600),
    }
    for landmark, place in places.items():
        xy[:, landmark] = place
    sure = np.ones((len(t_s), N_LANDMARKS))
    return PoseTrack(xy, None, sure, t_s, (400, 700))


def shifted(track: PoseTrack, landmark: int, x_px: np.ndarray) -> PoseTrack:
    xy = track.xy_px.copy()
    xy[:, landmark, 0] += x_px
    return replace(track, xy_px=xy)


def everywhere(track: PoseTrack) -> np.ndarray:
    return np.ones(len(track), bool)


def test_hands_at_the_waist_do_not_move() -> None:
    track = upright()
    assert sc.arm_travel(track, everywhere(track)).value == pytest.approx(0.0, abs=1e-9)


def test_an_arm_that_swings_is_measured_in_trunk_lengths() -> None:
    track = upright()
    wave = 20 * np.sin(2 * np.pi * track.t_s)  # 40 pixels of way, 0.4 trunk lengths
    clue = sc.arm_travel(shifted(track, Landmark.RIGHT_WRIST, wave), everywhere(track))
    # the 5th and 95th percentile of a sine lie at sin(0.45 pi) of its peak
    assert clue.value == pytest.approx(0.4 * np.sin(0.45 * np.pi), abs=0.005)
    assert clue.unit == "trunk lengths"


def test_leaning_forward_is_no_arm_movement() -> None:
    track = upright()
    shorter = 1 - 0.4 * np.sin(np.pi * track.t_s / 4)  # the trunk as a camera in front sees it
    xy = track.xy_px.copy()
    hips_y = 200.0
    for point in (11, 12, 15, 16):
        xy[:, point, 1] = hips_y + (xy[:, point, 1] - hips_y) * shorter
    clue = sc.arm_travel(replace(track, xy_px=xy), everywhere(track))
    assert clue.value == pytest.approx(0.0, abs=1e-6)


def test_walking_across_the_picture_is_no_arm_movement() -> None:
    track = upright()
    xy = track.xy_px + np.stack([30 * track.t_s, 0 * track.t_s], axis=-1)[:, None]
    clue = sc.arm_travel(replace(track, xy_px=xy), everywhere(track))
    assert clue.value == pytest.approx(0.0, abs=1e-9)


def test_a_single_frame_gone_astray_is_no_movement() -> None:
    track = upright()
    jump = np.where(np.arange(len(track)) % 60 == 30, 80.0, 0.0)
    clue = sc.arm_travel(shifted(track, Landmark.LEFT_WRIST, jump), everywhere(track))
    assert clue.value == pytest.approx(0.0, abs=1e-9)


def test_a_hidden_wrist_tells_nothing() -> None:
    track = mo.blanked(upright(), 0.0, 2.0, [Landmark.LEFT_WRIST])
    clue = sc.arm_travel(track, everywhere(track))
    assert np.isnan(clue.value)
    assert clue.reason == "a wrist is hidden for too long"


def test_only_what_is_inside_counts() -> None:
    track = upright()
    wave = np.where(track.t_s < 2, 30 * np.sin(2 * np.pi * track.t_s), 0.0)
    moving = shifted(track, Landmark.LEFT_WRIST, wave)
    assert sc.arm_travel(moving, track.t_s >= 2).value == pytest.approx(0.0, abs=1e-9)


def test_a_trembling_knee_is_measured_in_shank_lengths() -> None:
    track = upright()
    wave = 8 * np.sin(2 * np.pi * 4 * track.t_s)  # 8 of 200 pixels, 4 times a second
    clue = sc.knee_wobble(shifted(track, Landmark.LEFT_KNEE, wave), everywhere(track), LEFT)
    assert clue.value == pytest.approx(0.04 / np.sqrt(2), rel=0.03)
    assert clue.unit == "shank lengths"


def test_a_knee_that_goes_in_slowly_does_not_wobble() -> None:
    track = upright()
    slow = 40 * (0.5 - 0.5 * np.cos(np.pi * track.t_s / 2))  # a fifth of the shank in two seconds
    clue = sc.knee_wobble(shifted(track, Landmark.LEFT_KNEE, slow), everywhere(track), LEFT)
    assert clue.value < sc.WOBBLE_EDGE - sc.WOBBLE_ERROR


def test_the_other_knee_does_not_matter() -> None:
    track = upright()
    wave = 20 * np.sin(2 * np.pi * 4 * track.t_s)
    clue = sc.knee_wobble(shifted(track, Landmark.RIGHT_KNEE, wave), everywhere(track), LEFT)
    assert clue.value == pytest.approx(0.0, abs=1e-9)


def test_a_hidden_knee_tells_nothing() -> None:
    track = mo.blanked(upright(), 0.0, 2.0, [Landmark.LEFT_KNEE])
    assert np.isnan(sc.knee_wobble(track, everywhere(track), LEFT).value)


@pytest.mark.parametrize("noise_px", [0.0, 1.0, 2.0, 4.0])
def test_noise_alone_never_speaks_up(noise_px: float) -> None:
    motion = mo.single_leg_squats()
    track = smooth_track(mo.film(motion, mo.FRONT, noise_px=noise_px, seed=3))
    for rep in motion.reps:
        inside = (track.t_s >= rep.start_s) & (track.t_s <= rep.end_s)
        wobble = sc.knee_wobble(track, inside, LEFT)
        arms = sc.arm_travel(track, inside)
        assert wobble.value - wobble.error < sc.WOBBLE_EDGE
        assert arms.value + arms.error < sc.ARM_EDGE
        if noise_px <= 2:
            assert wobble.value + wobble.error < sc.WOBBLE_EDGE

"""The zero of a set (MEASURES 6, standing baseline)."""

from __future__ import annotations

import numpy as np
import pytest

from kneetrack import baseline as bl
from kneetrack import skeleton as sk
from kneetrack.analysis import smooth_track
from kneetrack.posture import describe
from tests import motions as mo
from tests.motions import Tempo, exact  # noqa: F401

SCALE = mo.LEVEL.focal_px / mo.LEVEL.distance_m


def baseline_of(
    motion: mo.Motion, camera: mo.Camera = mo.LEVEL, *, one_leg: bool = False
) -> bl.Baseline:
    track = smooth_track(mo.film(motion, camera))
    posture = describe(track)
    everywhere = np.ones(len(track), bool)
    frames = bl.standing_frames(posture, everywhere, one_leg=one_leg)
    return bl.measure_baseline(track.xy_px, frames, everywhere)


def test_lengths_and_directions_of_somebody_standing() -> None:
    base = baseline_of(mo.squats())
    assert base.found
    assert base.thigh_px == pytest.approx([0.42 * SCALE] * 2, rel=0.03)
    assert base.shank_px == pytest.approx([0.42 * SCALE] * 2, rel=0.03)
    assert base.leg_px == pytest.approx(base.thigh_px + base.shank_px)
    assert base.medial.tolist() == [-1, 1]
    assert bl.standing_hip_y_px(base) == pytest.approx(
        mo.LEVEL.project(mo.squats().joints)[0, [23, 24], 1].mean(), abs=2
    )


def test_mirrored_the_medial_directions_stay_with_the_persons_sides() -> None:
    track = mo.mirrored(smooth_track(mo.film(mo.squats(), mo.LEVEL)))
    posture = describe(track)
    everywhere = np.ones(len(track), bool)
    frames = bl.standing_frames(posture, everywhere, one_leg=False)
    assert bl.measure_baseline(track.xy_px, frames, everywhere).medial.tolist() == [-1, 1]


def test_from_behind_medial_is_the_other_way() -> None:
    assert baseline_of(mo.squats(), mo.Camera(yaw_deg=180)).medial.tolist() == [1, -1]


def test_nobody_stood_still_gives_lengths_and_no_zero() -> None:
    motion = mo.squats(Tempo(lead_s=0.0, tail_s=0.0, hold_s=0.0, depths=(1,)))
    base = baseline_of(motion.cut(0.4, motion.t_s[-1] - 0.4))
    assert not base.found
    assert np.isnan(base.xy).all()
    assert base.shank_px == pytest.approx([0.42 * SCALE] * 2, rel=0.08)
    assert base.medial.tolist() == [-1, 1]
    assert np.isnan(bl.standing_hip_y_px(base))


def test_standing_between_repetitions_is_enough() -> None:
    motion = mo.squats(Tempo(lead_s=0.0, tail_s=0.0, top_s=0.8, hold_s=0.0, depths=(1,) * 3))
    assert baseline_of(motion.cut(0.7, motion.t_s[-1] - 0.7)).found


def test_sitting_still_is_no_standing() -> None:
    motion = mo.squats(Tempo(lead_s=0.0, tail_s=0.0, hold_s=3.0, depths=(1,)))
    base = baseline_of(motion.cut(0.4, motion.t_s[-1] - 0.4))
    assert not base.found


def test_single_leg_work_is_measured_from_standing_on_that_leg() -> None:
    motion = mo.single_leg_squats(Tempo(lead_s=3.0, top_s=1.5))
    track = smooth_track(mo.film(motion, mo.FRONT))
    posture = describe(track)
    everywhere = np.ones(len(track), bool)
    on_one = bl.standing_frames(posture, everywhere, one_leg=True)
    on_two = bl.standing_frames(posture, everywhere, one_leg=False)
    assert on_one.any()
    assert on_two.any()
    assert not (on_one & on_two).any()
    lifted = motion.joints[:, sk.ANKLES[1], 1] > 0.15
    assert lifted[on_one].all()
    assert not lifted[on_two].any()


def test_a_bridge_is_measured_from_the_hips_down() -> None:
    motion = mo.bridges(Tempo(descent_s=1.2, hold_s=2.5, ascent_s=1.2, lead_s=2.0))
    track = smooth_track(mo.film(motion, mo.SIDE_LYING))
    posture = describe(track)
    everywhere = np.ones(len(track), bool)
    frames = bl.resting_frames(posture, everywhere)
    base = bl.measure_baseline(track.xy_px, frames, everywhere)
    assert base.found
    floor = mo.SIDE_LYING.project(motion.joints)[0, [23, 24], 1]
    assert base.floor_hip_y_px == pytest.approx(floor, abs=3)


@pytest.mark.parametrize(("yaw", "sign"), [(90, -1.0), (-90, 1.0)])
def test_facing(yaw: float, sign: float) -> None:
    xy = mo.Camera(yaw_deg=yaw).project(mo.standing(0.3).joints)
    assert bl.facing_sign(xy) == sign


@pytest.mark.usefixtures("exact")
def test_legs_that_stand_in_turn_have_a_baseline_of_their_own() -> None:
    """The lifted shank points away from the camera: a median over both stances is of no leg."""
    alone = mo.seen(mo.single_leg_squats(side="left", kfo=0.15))
    in_turn = mo.seen(
        mo.single_leg_squats(side="left", kfo=0.15).then(
            mo.single_leg_squats(side="right", kfo=0.15)
        )
    )
    assert {rep.side for rep in in_turn.reps} == {"left", "right"}
    for rep in in_turn.reps:
        for measure in ("kfo_ratio", "fppa_change_deg"):
            assert rep.measures[f"{measure}_{rep.side}"] == pytest.approx(
                alone.reps[0].measures[f"{measure}_left"], rel=0.02
            )


@pytest.mark.usefixtures("exact")
@pytest.mark.parametrize("aside_m", [0.4, -0.4])
def test_inward_stays_inward_where_one_steps_aside_between_the_legs(aside_m: float) -> None:
    """Hips of two places, taken together, were the wrong way round: inward was told as outward."""
    result = mo.seen(
        mo.single_leg_squats(side="left", kfo=0.15).then(
            mo.single_leg_squats(side="right", kfo=0.15).moved(x=aside_m)
        )
    )
    assert len(result.sets) == 1 and {rep.side for rep in result.reps} == {"left", "right"}
    told = [rep.measures[f"kfo_ratio_{rep.side}"] for rep in result.reps]
    assert told == pytest.approx([0.17] * 6, abs=0.02)

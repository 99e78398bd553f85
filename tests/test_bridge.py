"""The bridge's own corrections and gates, with answers known by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from kneetrack import angles as an
from kneetrack import bridge as br
from kneetrack import calibration as cal
from kneetrack import skeleton as sk
from kneetrack.records import FloatArray
from kneetrack.result import Result, SummaryRow
from kneetrack.skeleton import N_LANDMARKS
from tests import motions as mo
from tests.motions import Tempo

HELD = Tempo(descent_s=1.2, hold_s=3.0, ascent_s=1.2, depths=(1.0, 1.0))


def lying(*, knees_right: bool = True, hip_up_px: float = 0.0) -> FloatArray:
    """(K, 2): on the back, trunk level and 100 px long, thighs level and 100 px long."""
    way = 1 if knees_right else -1
    xy = np.zeros((N_LANDMARKS, 2))
    xy[list(sk.SHOULDERS)] = (500, 300)
    xy[list(sk.HIPS)] = (500 + way * 100, 300 - hip_up_px)
    xy[list(sk.KNEES)] = (500 + way * 200, 300)
    return xy


def from_the_feet(
    *, knees_px: float = 120.0, shank_px: float = 180.0, frames: int = 40
) -> FloatArray:
    """(T, K, 2): ankles 120 px apart at y 500, the person's left at the right of the picture."""
    xy = np.zeros((frames, N_LANDMARKS, 2))
    for side, sign in ((sk.LEFT, 1), (sk.RIGHT, -1)):
        xy[:, sk.ANKLES[side]] = (480 + sign * 60, 500)
        xy[:, sk.KNEES[side]] = (480 + sign * knees_px / 2, 500 - shank_px)
    return xy


@pytest.mark.parametrize("knees_right", [True, False])
def test_hips_move_to_the_back_of_who_lies(knees_right: bool) -> None:
    at = br.centred_hips(lying(knees_right=knees_right), 100.0)
    down_px = 100 * cal.HIP_ANTERIOR_RATIO
    np.testing.assert_allclose(at[sk.HIPS[0]], lying(knees_right=knees_right)[23] + (0, down_px))
    np.testing.assert_allclose(at[list(sk.KNEES)], lying(knees_right=knees_right)[list(sk.KNEES)])


def test_a_hip_read_in_front_of_its_joint_is_a_straight_body() -> None:
    read = lying(hip_up_px=100 * cal.HIP_ANTERIOR_RATIO)
    bent = 180 + 2 * np.degrees(np.arctan(cal.HIP_ANTERIOR_RATIO))
    np.testing.assert_allclose(an.hip_extension_deg(read), bent)
    np.testing.assert_allclose(an.hip_extension_deg(br.centred_hips(read, 100.0)), 180, atol=0.1)


def test_each_side_has_its_own_thigh_and_its_own_nan() -> None:
    xy = np.stack([lying(), lying()])
    xy[1, sk.SHOULDERS[sk.LEFT]] = np.nan
    at = br.centred_hips(xy, np.array([100.0, 50.0]))
    drop = at[..., list(sk.HIPS), 1] - 300
    np.testing.assert_allclose(drop, cal.HIP_ANTERIOR_RATIO * np.array([[100, 50], [np.nan, 50]]))


def test_knees_over_ankles_seen_from_the_feet() -> None:
    xy = from_the_feet(knees_px=120 / cal.FOOT_END_DEPTH_GAIN)
    np.testing.assert_allclose(br.knee_ankle_ratio(xy), 1.0)
    xy[3, sk.KNEES[0]] = np.nan
    assert np.isnan(br.knee_ankle_ratio(xy)[3])


def test_knees_of_one_height_and_shanks_of_one_length_are_clear() -> None:
    xy = from_the_feet()
    assert br.knees_clear(xy).all()
    assert not br.unclear_knees(xy).any()


def test_collapsing_knees_are_clear_while_the_shanks_stay_long() -> None:
    xy = np.concatenate([from_the_feet(), from_the_feet(knees_px=50.0)])
    assert not br.unclear_knees(xy).any()


def test_a_knee_half_way_down_the_shank_is_not_clear() -> None:
    xy = from_the_feet()
    xy[:5, list(sk.KNEES), 1] = 400
    np.testing.assert_array_equal(br.unclear_knees(xy), np.arange(40) < 5)


def test_one_knee_below_the_other_is_not_clear() -> None:
    xy = from_the_feet()
    xy[:5, sk.KNEES[0], 1] += 1.05 * br.UNEVEN_RATIO * 180
    np.testing.assert_array_equal(br.unclear_knees(xy), np.arange(40) < 5)


def test_a_set_that_is_mostly_unclear_is_unclear_throughout() -> None:
    xy = from_the_feet()
    xy[:15, list(sk.KNEES), 1] = 400
    assert br.knees_clear(xy).sum() == 25
    assert br.unclear_knees(xy).all()


def test_what_is_not_seen_is_not_clear_and_does_not_count() -> None:
    xy = from_the_feet()
    xy[:30, sk.KNEES[0]] = np.nan
    np.testing.assert_array_equal(br.unclear_knees(xy), np.arange(40) < 30)
    xy[:, sk.KNEES[0]] = np.nan
    assert br.unclear_knees(xy).all()


def test_left_and_right_exchanged_changes_no_distance() -> None:
    xy = from_the_feet(knees_px=90.0)
    swapped = xy.copy()
    swapped[10:20] = swapped[10:20][:, sk.MIRROR]
    np.testing.assert_allclose(br.knee_ankle_ratio(swapped), br.knee_ankle_ratio(xy))
    assert not br.unclear_knees(swapped).any()


# ------------------------------------------------------------------ the block


def block(result: Result) -> SummaryRow:
    return mo.row(result, "block_lost", "both")


def test_a_dropped_block_is_told_with_its_fall_and_error() -> None:
    dropped = block(mo.seen(mo.bridges(HELD, drop_m=0.04), mo.FOOT_END))
    assert dropped.status == "flag"
    assert dropped.value == pytest.approx(0.4, abs=0.03)
    assert dropped.error is not None and 0.02 < dropped.error < 0.06


def test_knees_that_drift_together_have_not_lost_it() -> None:
    result = mo.seen(mo.bridges(HELD, squeeze_m=0.03), mo.FOOT_END)
    assert block(result).status == "ok"
    assert mo.row(result, "knees_together", "both").status == "flag"


@pytest.mark.parametrize("wide", [0.6, 1.5])
@pytest.mark.parametrize("frames", [1, 2])
def test_stray_readings_of_the_knees_are_no_lost_block(frames: int, wide: float) -> None:
    track = mo.film(mo.bridges(HELD), mo.FOOT_END)
    xy = track.xy_px.copy()
    for at in (80, 110, 140):
        knees = xy[at : at + frames, list(sk.KNEES)]
        middle = knees.mean(axis=1, keepdims=True)
        xy[at : at + frames, list(sk.KNEES)] = middle + wide * (knees - middle)
    result = mo.analyse(replace(track, xy_px=xy))
    told = [v for rep in result.reps for v in rep.verdicts if v.rule == "block_lost"]
    assert [v.status for v in told] == ["ok", "ok"]
    assert all(v.value is not None and v.value < 0.03 for v in told)


def test_from_the_side_the_block_cannot_be_told() -> None:
    told = block(mo.seen(mo.bridges(HELD, drop_m=0.04), mo.SIDE_LYING))
    assert told.status == "cannot_tell"
    assert "foot end" in told.reason

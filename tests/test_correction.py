"""Landmarks put right, and the FPPA as seen squarely from the front."""

from __future__ import annotations

import numpy as np
import pytest

from kneetrack import angles as an
from kneetrack import calibration as cal
from kneetrack import skeleton as sk
from kneetrack.correction import true_shank_px, with_true_toes

MEDIAL = np.array([-1.0, 1.0])


def feet(outward_px: float) -> np.ndarray:
    """Heels at 150 and 50, toes so far outward of them; shanks of 100 px."""
    xy = np.zeros((sk.N_LANDMARKS, 2))
    for side, heel_x in ((0, 150.0), (1, 50.0)):
        xy[sk.HEELS[side]] = heel_x, 300
        xy[sk.TOES[side]] = heel_x - MEDIAL[side] * outward_px, 310
    return xy


@pytest.mark.parametrize("outward", [-10.0, 0.0, 20.0, 40.0])
def test_toes_move_outward_alike_on_both_sides_and_less_the_more_they_point_out(
    outward: float,
) -> None:
    shank_px = np.array([100.0, 100.0])
    moved = with_true_toes(feet(outward), MEDIAL, shank_px)
    out = -(moved - feet(outward))[list(sk.TOES), 0] * MEDIAL
    expected = 100 * (cal.TOE_OFFSET_RATIO - cal.TOE_OFFSET_SLOPE * outward / 100)
    np.testing.assert_allclose(out, expected)
    others = [k for k in range(sk.N_LANDMARKS) if k not in sk.TOES]
    np.testing.assert_array_equal(moved[others], feet(outward)[others])


def test_what_is_not_seen_stays_so_and_nothing_given_is_changed() -> None:
    xy = feet(10.0)
    xy[sk.TOES[0]] = np.nan
    kept = xy.copy()
    moved = with_true_toes(xy[None], MEDIAL, np.array([100.0, 100.0]))[0]
    assert np.isnan(moved[sk.TOES[0]]).all()
    assert np.isfinite(moved[sk.TOES[1]]).all()
    np.testing.assert_array_equal(xy, kept)
    assert true_shank_px(np.array([100.0, np.nan]))[0] == pytest.approx(100 * cal.SHANK_GAIN)


def legs(yaw_deg: float, valgus_m: float = 0.0) -> np.ndarray:
    """Planar legs in a parallel projection: thigh 35, shank 25 degrees forward; x right, y down."""
    yaw = np.radians(yaw_deg)
    xy = np.zeros((sk.N_LANDMARKS, 2))
    for side, x in ((0, 0.1), (1, -0.1)):
        inward = -np.sign(x) * valgus_m
        hip, ankle = np.array([x, 1.0, 0.0]), np.array([x, 0.0, 0.0])
        knee_y = 0.45 * np.cos(np.radians(25))
        hip[1] = knee_y + 0.45 * np.cos(np.radians(35))
        knee = np.array([x + inward, knee_y, 0.45 * np.sin(np.radians(25))])
        hip[2] = knee[2] - 0.45 * np.sin(np.radians(35))
        for joint, point in ((sk.HIPS, hip), (sk.KNEES, knee), (sk.ANKLES, ankle)):
            across = point[0] * np.cos(yaw) - point[2] * np.sin(yaw)
            xy[joint[side]] = 1000 + 500 * across, 1000 - 500 * point[1]
    return xy


@pytest.mark.parametrize("yaw", [-15.0, -6.0, 0.0, 6.0, 15.0, 25.0])
def test_the_square_fppa_does_not_know_where_the_camera_stood(yaw: float) -> None:
    """The person's left is on the right of the picture: medial is -1, +1 in it."""
    length = np.array([225.0, 225.0])
    for valgus_m in (0.0, 0.02):
        straight = an.fppa_deg(legs(0.0, valgus_m), MEDIAL)
        seen = legs(yaw, valgus_m)
        got = an.fppa_square_deg(seen, MEDIAL, length, length, yaw)
        np.testing.assert_allclose(got, straight, atol=0.6)
        if abs(yaw) > 5:
            assert np.abs(an.fppa_deg(seen, MEDIAL) - straight).max() > 5


def test_with_the_camera_squarely_in_front_it_is_the_fppa() -> None:
    xy, length = legs(0.0, 0.03), np.array([225.0, 225.0])
    np.testing.assert_allclose(
        an.fppa_square_deg(xy, MEDIAL, length, length, 0.0), an.fppa_deg(xy, MEDIAL)
    )
    assert np.isnan(an.fppa_square_deg(xy, MEDIAL, length, length, float("nan"))).all()


def test_the_sign_of_the_yaw_is_that_of_the_closed_form() -> None:
    """Camera on the person's left: the left leg is falsely valgus, and is turned back."""
    seen, length = legs(10.0), np.array([225.0, 225.0])
    raw = an.fppa_deg(seen, MEDIAL)
    assert raw[0] > 5 > -5 > raw[1]
    got = an.fppa_square_deg(seen, MEDIAL, length, length, 10.0)
    assert np.abs(got).max() < 0.6

"""Knees in the middle of the leg's outline, on drawn legs."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from kneetrack.pose.silhouette import with_centred_knees
from kneetrack.records import Pose
from kneetrack.skeleton import ANKLES, HIPS, KNEES, N_LANDMARKS, SHOULDERS

SIZE_PX = (400, 600)
LEG_X = (240.0, 160.0)
HALF_PX = 25.0


def outline(half_px: float = HALF_PX, resolution: float = 1.0, middle: tuple = LEG_X) -> np.ndarray:
    """A trunk and two upright legs; edges that fall between two points are shared by them."""
    height, width = round(SIZE_PX[1] * resolution), round(SIZE_PX[0] * resolution)
    x = np.arange(width)
    drawn = np.zeros((height, width))
    for at in middle:
        left, right = (at - half_px) * resolution, (at + half_px) * resolution
        drawn = np.maximum(drawn, np.clip(x + 1 - left, 0, 1) * np.clip(right - x, 0, 1))
    drawn[round(560 * resolution) :] = 0
    drawn[: round(100 * resolution)] = 0
    return drawn


def person(knee_off_px: float = 0.0, turned_deg: float = 0.0) -> Pose:
    xy = np.full((N_LANDMARKS, 2), (200.0, 60.0), np.float32)
    for joint, y in ((SHOULDERS, 120), (HIPS, 300), (KNEES, 430), (ANKLES, 550)):
        for side in (0, 1):
            xy[joint[side]] = LEG_X[side], y
    xy[KNEES[0], 0] += knee_off_px
    xyz = np.zeros((N_LANDMARKS, 3), np.float32)
    turn = np.radians(turned_deg)
    xyz[SHOULDERS[0]] = 0.15 * np.cos(turn), -0.5, 0.15 * np.sin(turn)
    xyz[SHOULDERS[1]] = -xyz[SHOULDERS[0]]
    return Pose(xy, xyz, np.ones(N_LANDMARKS, np.float32), 0.0)


@pytest.mark.parametrize("off_px", [-8.0, 0.0, 5.5])
@pytest.mark.parametrize("resolution", [1.0, 0.5, 0.37])
def test_a_knee_goes_to_the_middle_of_its_leg_at_any_resolution(
    off_px: float, resolution: float
) -> None:
    pose = person(off_px)
    got = with_centred_knees(pose, outline(resolution=resolution), SIZE_PX)
    kink = 0.06 * abs(off_px)  # a knee beside its leg also bends the line it is read along
    assert got.xy_px[KNEES[0], 0] == pytest.approx(LEG_X[0], abs=kink + 0.35 / resolution)
    assert got.xy_px[KNEES[1], 0] == pytest.approx(LEG_X[1], abs=0.35 / resolution)
    assert got.xy_px[KNEES[0], 1] == pose.xy_px[KNEES[0], 1]
    others = [k for k in range(N_LANDMARKS) if k not in KNEES]
    np.testing.assert_array_equal(got.xy_px[others], pose.xy_px[others])


def test_a_slanting_leg_is_read_along_its_own_line() -> None:
    """The middle above and below a knee lies beside it where the leg slants."""
    pose = person()
    slant = 0.3
    rows = np.arange(SIZE_PX[1])[:, None]
    x = np.arange(SIZE_PX[0])[None]
    centre = LEG_X[0] + slant * (rows - 430)
    drawn = ((np.abs(x + 0.5 - centre) < HALF_PX) & (rows > 320)).astype(float)
    xy = pose.xy_px.copy()
    xy[ANKLES[0], 0] += slant * 120
    xy[HIPS[0], 0] -= slant * 130
    xy[KNEES[0], 0] += 6
    got = with_centred_knees(replace(pose, xy_px=xy), drawn, SIZE_PX)
    assert got.xy_px[KNEES[0], 0] == pytest.approx(LEG_X[0], abs=1.5)


@pytest.mark.parametrize(
    "drawn",
    [
        outline(half_px=6.0),  # too thin for a leg
        outline(half_px=45.0),  # the legs run into one another
        outline(middle=(300.0, 60.0)),  # nothing near the knees
        outline() * 0.4,  # nobody surely there
    ],
)
def test_what_is_no_single_leg_moves_nothing(drawn: np.ndarray) -> None:
    pose = person(5.0)
    got = with_centred_knees(pose, drawn, SIZE_PX)
    np.testing.assert_array_equal(got.xy_px, pose.xy_px)


def test_turned_lying_and_unseen_people_are_left_alone() -> None:
    assert with_centred_knees(person(5.0, 20.0), outline(), SIZE_PX).xy_px[KNEES[0], 0] < 243
    turned = person(5.0, 60.0)
    assert with_centred_knees(turned, outline(), SIZE_PX) is turned
    lying = replace(person(5.0), xy_px=person(5.0).xy_px[:, ::-1].copy())
    assert with_centred_knees(lying, outline(), SIZE_PX) is lying
    nobody = Pose.unseen(0.0)
    assert with_centred_knees(nobody, outline(), SIZE_PX) is nobody
    flat = replace(person(5.0), xyz_m=None)
    assert with_centred_knees(flat, outline(), SIZE_PX) is flat
    one = person(5.0)
    one.xy_px[KNEES[1]] = np.nan
    assert np.isnan(with_centred_knees(one, outline(), SIZE_PX).xy_px[KNEES[1]]).all()

"""Two readings of one person made one."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from kneetrack.pose.pairing import apart, hopped, joined, steadied, unmirrored
from kneetrack.records import Pose
from kneetrack.skeleton import ANKLES, HIPS, KNEES, MIRROR, N_LANDMARKS, SHOULDERS


def standing(x: float = 200.0, confidence: float = 0.9, t_s: float = 0.0) -> Pose:
    """A body 400 px tall about x, its left on the right of the picture."""
    xy = np.full((N_LANDMARKS, 2), (x, 100.0), np.float32)
    for joint, half, y in (
        (SHOULDERS, 40, 100),
        (HIPS, 25, 250),
        (KNEES, 30, 380),
        (ANKLES, 30, 500),
    ):
        xy[joint[0]], xy[joint[1]] = (x + half, y), (x - half, y)
    xyz = np.zeros((N_LANDMARKS, 3), np.float32)
    xyz[:, 0] = (xy[:, 0] - x) / 400
    return Pose(xy, xyz, np.full(N_LANDMARKS, confidence, np.float32), t_s)


def moved(pose: Pose, dx: float) -> Pose:
    return replace(pose, xy_px=pose.xy_px + np.array([dx, 0], np.float32))


def exchanged(pose: Pose) -> Pose:
    assert pose.xyz_m is not None
    return replace(pose, xy_px=pose.xy_px[MIRROR], xyz_m=pose.xyz_m[MIRROR])


def test_a_pose_of_the_mirrored_picture_comes_back_with_its_own_sides() -> None:
    pose = standing(150.0)
    seen = pose.xy_px * np.array([-1, 1], np.float32) + np.array([640, 0], np.float32)
    assert pose.xyz_m is not None
    flipped = Pose(
        seen[MIRROR],
        (pose.xyz_m * np.array([-1, 1, 1], np.float32))[MIRROR],
        pose.confidence,
        0.0,
    )
    back = unmirrored(flipped, 640)
    np.testing.assert_allclose(back.xy_px, pose.xy_px)
    np.testing.assert_allclose(back.xyz_m, pose.xyz_m)


def test_what_only_one_reading_gets_wrong_is_halved() -> None:
    true = standing()
    off = moved(true, 4.0)
    np.testing.assert_allclose(joined(true, off, None).xy_px, moved(true, 2.0).xy_px)
    assert joined(true, replace(off, confidence=true.confidence - 0.4), None).confidence[
        KNEES[0]
    ] == pytest.approx(0.7)


def test_one_reading_alone_counts_where_the_other_saw_nobody() -> None:
    pose, nobody = standing(), Pose.unseen(0.0)
    assert joined(pose, nobody, None) is pose
    assert joined(nobody, pose, None) is pose
    assert not joined(nobody, nobody, pose).seen


@pytest.mark.parametrize("other", [moved(standing(), 300.0), exchanged(standing())])
def test_readings_of_different_poses_are_never_averaged(other: Pose) -> None:
    """Another person, or left and right exchanged: the one like the frame before it is taken."""
    here, before = standing(), moved(standing(), 3.0)
    assert joined(here, other, before) is here
    assert joined(other, here, before) is here
    sure = replace(here, confidence=here.confidence + 0.05)
    assert joined(sure, other, None) is sure
    assert joined(other, sure, None) is sure


def test_a_hop_is_further_than_a_body_moves_in_a_frame() -> None:
    assert apart(standing(), moved(standing(), 40.0)) == pytest.approx(0.1)
    assert not hopped(standing(), moved(standing(), 40.0))
    assert hopped(standing(), moved(standing(), 200.0))
    assert not hopped(None, standing())
    assert not hopped(Pose.unseen(0.0), standing())


def test_metres_and_confidence_are_steadied_pixels_are_not() -> None:
    before, now = standing(confidence=0.6), moved(standing(confidence=0.8), 8.0)
    assert now.xyz_m is not None
    now = replace(now, xyz_m=now.xyz_m + 0.2)
    calm = steadied(now, before)
    np.testing.assert_array_equal(calm.xy_px, now.xy_px)
    np.testing.assert_allclose(calm.confidence, 0.7)
    np.testing.assert_allclose(calm.xyz_m, now.xyz_m - 0.1, atol=1e-6)
    assert steadied(now, None) is now
    assert steadied(now, Pose.unseen(0.0)) is now

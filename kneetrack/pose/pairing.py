"""Two readings of one person, in the picture and in its mirror image, made one.

The model errs in its own way to the left and to the right; read in both pictures, what it gets
wrong in one of them alone is halved.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np

from kneetrack.records import Pose
from kneetrack.skeleton import ANKLES, HIPS, KNEES, MIRROR, SHOULDERS

_BODY: Final = [*SHOULDERS, *HIPS, *KNEES, *ANKLES]
_SAME: Final = 0.08
"""Two readings further apart than this share of the body's length are not of the same pose."""
_HOP: Final = 0.25
"""What moves further than this share of the body's length from one frame to the next has hopped."""


def unmirrored(pose: Pose, width_px: int) -> Pose:
    """A pose read in a mirrored picture ``width_px`` wide, as it is in the picture itself."""
    xy = pose.xy_px[MIRROR]
    xy[:, 0] = width_px - xy[:, 0]
    xyz = None if pose.xyz_m is None else pose.xyz_m[MIRROR] * np.array([-1, 1, 1], np.float32)
    return Pose(xy, xyz, pose.confidence[MIRROR], pose.t_s)


def apart(one: Pose, other: Pose) -> float:
    """How far two poses are apart: mean distance of the body's joints over the body's length."""
    here, there = one.xy_px[_BODY], other.xy_px[_BODY]
    length_px = float(np.ptp(here, axis=0).max())
    return float(np.linalg.norm(here - there, axis=1).mean()) / max(length_px, 1.0)


def hopped(before: Pose | None, now: Pose) -> bool:
    """Whether the body has gone further than a body goes from one frame to the next."""
    return before is not None and before.seen and apart(before, now) > _HOP


def steadied(pose: Pose, before: Pose | None) -> Pose:
    """A pose with its metres and confidence averaged with those of the frame before.

    Read in turn in the picture and its mirror image, they would flicker; they decide views and
    gates, half a frame's delay does not matter there. Pixels stay as they are read.
    """
    if before is None or not (before.seen and pose.seen):
        return pose
    xyz = pose.xyz_m
    if xyz is not None and before.xyz_m is not None:
        xyz = (xyz + before.xyz_m) / 2
    return replace(pose, xyz_m=xyz, confidence=(pose.confidence + before.confidence) / 2)


def joined(one: Pose, other: Pose, before: Pose | None) -> Pose:
    """The mean of two readings of the same frame.

    Where they are of different poses (another person, left and right exchanged): the one nearer
    to the frame before, or without one the more confident.
    """
    if not (one.seen and other.seen):
        return one if one.seen else other
    if apart(one, other) > _SAME:
        if before is not None and before.seen:
            return min(one, other, key=lambda pose: apart(before, pose))
        return max(one, other, key=lambda pose: float(pose.confidence[_BODY].mean()))
    xyz = one.xyz_m
    if xyz is not None and other.xyz_m is not None:
        xyz = (xyz + other.xyz_m) / 2
    return replace(
        one,
        xy_px=(one.xy_px + other.xy_px) / 2,
        xyz_m=xyz,
        confidence=(one.confidence + other.confidence) / 2,
    )

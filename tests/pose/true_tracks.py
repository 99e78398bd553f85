"""Tracks made of the samples' true joints: what a perfect model would give."""

from __future__ import annotations

import json
from functools import lru_cache

import numpy as np

from kneetrack.records import PoseTrack
from kneetrack.skeleton import N_LANDMARKS, Landmark
from tests.pose.scenes import SAMPLES

NAMES = ("sq_good_anna", "sq_in30_right_ben", "lunge_R_depth115", "bridge_side_low")
_STAND_INS = {"ear": "eye", "pinky": "wrist", "index": "wrist", "thumb": "wrist"}


@lru_cache
def true_track(name: str) -> PoseTrack:
    arrays = np.load(SAMPLES / f"{name}.npz", allow_pickle=True)
    about = json.loads((SAMPLES / f"{name}.json").read_text("utf-8"))
    joints = [str(j) for j in arrays["joint_names"]]
    columns = [joints.index(_joint(Landmark(k), joints)) for k in range(N_LANDMARKS)]
    world = arrays["joints3d"][:, columns] - arrays["joints3d"][:, [joints.index("mid_hip")]]
    yaw = np.radians(about["camera"]["yaw"])
    right, towards = (np.cos(yaw), 0, -np.sin(yaw)), (np.sin(yaw), 0, np.cos(yaw))
    xyz = np.stack([world @ right, -world[..., 1], -(world @ towards)], axis=-1)
    n = len(world)
    return PoseTrack(
        arrays["joints2d"][:, columns].astype(np.float32),
        xyz.astype(np.float32),
        np.full((n, N_LANDMARKS), 0.95, np.float32),
        np.asarray(arrays["time"], np.float64),
        (960, 720) if name.startswith("bridge") else (720, 960),
    )


def _joint(landmark: Landmark, joints: list[str]) -> str:
    name = landmark.name.lower()
    side, _, part = name.partition("_")
    part = _STAND_INS.get(part.split("_")[0], part)
    for candidate in (name, f"{side}_{part}", f"{side}_{part.split('_')[0]}"):
        if candidate in joints:
            return candidate
    return "head_base"


def mirrored(track: PoseTrack) -> PoseTrack:
    """What the model gives for the mirrored picture: sides are named by what they look like."""
    from kneetrack.skeleton import MIRROR

    xy = track.xy_px[:, MIRROR].copy()
    xy[..., 0] = track.size_px[0] - xy[..., 0]
    xyz = None
    if track.xyz_m is not None:
        xyz = track.xyz_m[:, MIRROR] * np.array([-1, 1, 1], np.float32)
    return PoseTrack(xy, xyz, track.confidence[:, MIRROR], track.t_s, track.size_px)


def scaled(track: PoseTrack, by: float) -> PoseTrack:
    """The same clip, enlarged or shrunk."""
    size = (round(track.size_px[0] * by), round(track.size_px[1] * by))
    xy = (track.xy_px * by).astype(np.float32)
    return PoseTrack(xy, track.xyz_m, track.confidence, track.t_s, size)

"""Frames and true joints of the sample clips, for the pictures of the documentation."""

from __future__ import annotations

import json
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

from kneetrack.skeleton import ANKLES, HIPS, KNEES, N_LANDMARKS, TOES, Landmark

SAMPLES = Path(__file__).resolve().parent.parent / "samples"
Array = NDArray[np.float64]


def joints(name: str, key: str = "joints2d", folder: Path = SAMPLES) -> Array:
    """True joints (T, 33, 2 or 3) on the landmarks' places, NaN for those without a joint."""
    with np.load(folder / f"{name}.npz") as truth:
        places = {str(joint).upper(): i for i, joint in enumerate(truth["joint_names"])}
        values = truth[key]
    found = np.full((len(values), N_LANDMARKS, values.shape[-1]), np.nan)
    for landmark in Landmark:
        if landmark.name in places:
            found[:, landmark] = values[:, places[landmark.name]]
    found[:, Landmark.NOSE] = values[:, places["LEFT_EYE"]]
    return found


def bottom(name: str, folder: Path = SAMPLES) -> int:
    """Index of the frame at the bottom of the first repetition."""
    described = json.loads((folder / f"{name}.json").read_text("utf-8"))
    return round(described["reps"][0]["bottom"] * described["fps"])


def picture(name: str, index: int, folder: Path = SAMPLES) -> NDArray[np.uint8]:
    """One frame (H, W, 3), blue-green-red."""
    with av.open(str(folder / f"{name}.mp4")) as clip:
        for i, frame in enumerate(clip.decode(video=0)):
            if i == index:
                return np.asarray(frame.to_ndarray(format="bgr24"), np.uint8)
    raise ValueError(f"{name} has no frame {index}")


def knee_over_foot(xy: Array, index: int) -> tuple[float, float]:
    """Knee-over-foot offset of the left and the right leg in one frame, shank lengths."""
    shank = np.linalg.norm(xy[0, KNEES] - xy[0, ANKLES], axis=-1)
    inward = np.sign(xy[0, HIPS, 0].mean() - xy[0, HIPS, 0])
    left, right = (xy[index, KNEES, 0] - xy[index, TOES, 0]) * inward / shank
    return float(left), float(right)


def frontal_angle(xy: Array) -> tuple[float, float]:
    """FPPA of the left and the right leg of (33, 2) pixels, degrees, + = valgus."""
    hip, knee, ankle = xy[[*HIPS]], xy[[*KNEES]], xy[[*ANKLES]]
    inward = np.sign(hip[:, 0].mean() - hip[:, 0])
    thigh = np.arctan2((knee - hip)[:, 0] * inward, (knee - hip)[:, 1])
    shank = np.arctan2((knee - ankle)[:, 0] * inward, (ankle - knee)[:, 1])
    left, right = np.degrees(thigh + shank)
    return float(left), float(right)


def project(points_m: Array, yaw_deg: float, size_px: tuple[int, int]) -> Array:
    """Pixels of (K, 3) metres for a camera 3 m away that stands ``yaw_deg`` to the person's left.

    The lens is 0.74 m high and level; the person's left is +x, up is +y, the camera looks along -z.
    """
    turn = np.radians(yaw_deg)
    ahead = np.array([np.sin(turn), 0.0, np.cos(turn)])
    across = np.array([np.cos(turn), 0.0, -np.sin(turn)])
    seen = points_m - np.array([0.0, 0.74, 0.0])
    scale = 1.75 * size_px[1] / (3.0 - seen @ ahead)
    return np.stack(
        [size_px[0] / 2 + scale * (seen @ across), size_px[1] / 2 - scale * seen[:, 1]], 1
    )

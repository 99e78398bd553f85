"""What the camera can and cannot see: yaw, framing, visibility; is a measure valid, and why not.

Yaw: > 0 when the camera is on the person's left; they turn to their own left to face it.
Reasons are sentences a person can act on; an empty reason means valid.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from kneetrack import calibration as cal
from kneetrack import skeleton as sk
from kneetrack.angles import pair, segment_length_px
from kneetrack.records import FloatArray
from kneetrack.result import View, ViewName

FRONTAL_DEG = 15.0
SAGITTAL_DEG = (67.0, 113.0)
BACK_DEG = 165.0
_BLEND_DEG = (25.0, 35.0)


@dataclass(frozen=True, slots=True)
class ViewLimits:
    """Gates of MEASURES 1.5, 2.1, 2.2b; every one may be set in the user's file.

    The limits on FPPA (5 degrees of yaw, 15 of toe-out), on KFO and the mean FPPA (15 of yaw) and
    on side views (20 off) leave room for half a standard error of the estimate that they are held
    against, that on flexion (65 degrees) for one and a half, so that a clip filmed within them is
    not refused by noise.
    """

    fppa_yaw_deg: float = 6.0
    fppa_mean_yaw_deg: float = 16.0
    kfo_yaw_deg: float = 16.0
    trunk_yaw_deg: float = 6.0
    ktsr_yaw_deg: float = 30.0
    sagittal_off_deg: float = 23.0
    toe_out_deg: float = 16.5
    fppa_flexion_deg: float = 75.0
    visibility: float = 0.7
    body_height_min: float = 0.2
    body_height_max: float = 0.85
    level_from_deg: float = 2.0
    person_height_min_px: float = 70.0
    frames_per_s_min: float = 6.0
    contrast_min: float = 15.0
    contrast_to_noise_min: float = 7.0
    sharpness_min: float = 1.25


def yaw_deg(xy: FloatArray, xyz: FloatArray | None) -> FloatArray:
    """(...): camera yaw for each frame of (..., K, 2) pixels and (..., K, 3) metres.

    Within 30 degrees of the front from the shoulder line in metres and the direction of the feet
    in the picture (symmetric toe-out cancels), beyond from the lines of hips and shoulders. The
    model's own rotation cancels between pictures and mirrored ones. Standard error: calibration.py.
    NaN without world landmarks.
    """
    if xyz is None:
        return np.full(xy.shape[:-2], np.nan)
    hips, shoulders = -_line_deg(xyz, sk.HIPS), -_line_deg(xyz, sk.SHOULDERS)
    body = _wrap(hips + _wrap(shoulders - hips) / 2)
    body = body * (1 + cal.SIDE_YAW_GAIN * np.sin(np.radians(body)) ** 4)
    near_front = cal.SHOULDER_YAW_WEIGHT * shoulders - cal.FEET_YAW_WEIGHT * _feet_yaw_deg(xy)
    weight = np.clip((_BLEND_DEG[1] - np.abs(body)) / (_BLEND_DEG[1] - _BLEND_DEG[0]), 0, 1)
    return np.where(weight > 0, weight * near_front + (1 - weight) * body, body)


def _line_deg(xyz: FloatArray, landmarks: tuple[int, int]) -> FloatArray:
    left, right = landmarks
    across = xyz[..., left, :] - xyz[..., right, :]
    return np.degrees(np.arctan2(across[..., 2], across[..., 0]))


def _feet_yaw_deg(xy: FloatArray) -> FloatArray:
    shank = np.mean(segment_length_px(xy, sk.KNEES, sk.ANKLES), axis=-1)
    ahead = np.mean(pair(xy, sk.TOES)[..., 0] - pair(xy, sk.HEELS)[..., 0], axis=-1)
    with np.errstate(divide="ignore", invalid="ignore"):
        sine = ahead / (shank * cal.FOOT_SHANK_RATIO)
    return np.asarray(np.degrees(np.arcsin(np.clip(sine, -1, 1))))


def _wrap(angle_deg: FloatArray) -> FloatArray:
    return (angle_deg + 180.0) % 360.0 - 180.0


def toe_out_deg(xy: FloatArray, medial: FloatArray, shank_px: FloatArray) -> FloatArray:
    """(...): toe-out, the mean of both feet so that camera yaw cancels; front views."""
    lateral = (pair(xy, sk.TOES) - pair(xy, sk.HEELS))[..., 0] * -medial / shank_px
    ratio = (np.mean(lateral, axis=-1) - cal.TOE_OUT_OFFSET_RATIO) / cal.FOOT_SHANK_RATIO
    return np.asarray(np.degrees(np.arcsin(np.clip(ratio, -1, 1))))


def body_height_fraction(xy: FloatArray, size_px: tuple[int, int]) -> FloatArray:
    """(...): standing height, nose to ankles and 12 % more, over the picture's height."""
    ankle = np.fmax(xy[..., sk.ANKLES[0], 1], xy[..., sk.ANKLES[1], 1])
    result: FloatArray = 1.12 * (ankle - xy[..., sk.Landmark.NOSE, 1]) / size_px[1]
    return result


def name_view(yaw: float, *, lying: bool = False, trunk_legs: float = 1.0) -> ViewName:
    """The view's name.

    A lying person is seen from the side or, where the trunk in the picture is shorter than 0.4
    leg lengths (``trunk_legs``), from the foot end.
    """
    if lying:
        return "side" if trunk_legs >= 0.4 else "foot_end"
    off = abs(yaw)
    if off <= FRONTAL_DEG:
        return "front"
    if SAGITTAL_DEG[0] <= off <= SAGITTAL_DEG[1]:
        return "side"
    return "back" if off >= BACK_DEG else "oblique"


NO_YAW: Final = (
    "the camera's direction could not be told: stand still on both feet before you begin"
)


def turn_advice(yaw: float) -> str:
    """Which way to turn, and how far, to face the camera; what to do where that is not known."""
    if not np.isfinite(yaw):
        return NO_YAW
    way = "left" if yaw > 0 else "right"
    return f"camera {abs(yaw):.0f}° to your {way}: turn {abs(yaw):.0f}° to your {way}"


def describe_view(yaw: float, *, lying: bool = False, trunk_legs: float = 1.0) -> View:
    """The view as it is reported, with what to change for knee alignment."""
    if not lying and not np.isfinite(yaw):
        return View(reason=NO_YAW)
    name = name_view(yaw, lying=lying, trunk_legs=trunk_legs)
    if lying:
        return View(name=name, yaw_deg=round(yaw, 1) if np.isfinite(yaw) else None)
    yaw = round(yaw, 1)
    error = cal.YAW_SE_DEG if abs(yaw) < 30 else cal.YAW_SE_OBLIQUE_DEG
    reason = "" if name in ("front", "side") else turn_advice(yaw)
    if name == "back":
        reason = "seen from behind: the feet are hidden, film from the front"
    return View(name=name, yaw_deg=yaw, yaw_error_deg=error, reason=reason)


def near_side(yaw: float) -> int:
    """The leg nearer to the camera: left when the camera is on the person's left."""
    return sk.LEFT if yaw > 0 else sk.RIGHT

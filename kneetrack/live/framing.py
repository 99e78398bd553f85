"""Is the whole body in the picture, and seen from where it can be judged? If not, what to do.

Words are about the person's own left and right; the mirrored preview does not change them.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from kneetrack import skeleton as sk
from kneetrack.records import FloatArray, Pose
from kneetrack.view import body_height_fraction

SURE = 0.3
"""Below this confidence a landmark counts as not seen."""
MARGIN = 0.01
NEAR_BORDER = 0.06
HEIGHT = (0.35, 0.90)
LYING_LENGTH = 0.25
"""Least extent of a lying body, of the picture's smaller side."""
TRUNKS_TALL, HALF_WIDE_TRUNKS = 3.5, 0.4
FRONT_ENTER_DEG, FRONT_LEAVE_DEG = 10.0, 15.0
SIDE_DEG = (67.0, 113.0)
SIDE_SLACK_DEG = 5.0
SIDE_TRUNK_LEGS = 0.4
_FEET_TO_CAMERA = "Put the camera at your feet, at the height of your knees"
"""A lying trunk that looks shorter is seen along the body, not from the side."""
SIDE_NOTE = "From the side I can judge depth and trunk, not your knees"


@dataclass(frozen=True, slots=True)
class Advice:
    """One thing to change. code: names it. turn_deg: degrees left to turn, + to the own left."""

    code: str
    text: str
    turn_deg: float | None = None


NOBODY = Advice("nobody", "I cannot see anybody")
LIE_DOWN = Advice("lie_down", "Lie down on your back, side-on to the camera")
STAND_UP = Advice("stand_up", "Stand up, facing the camera")


def framing_advice(
    pose: Pose | None, size_px: tuple[int, int], *, lying: bool = False, yaw_deg: float = 0.0
) -> Advice | None:
    """What to change for the whole body to be in the picture; None when it is.

    pose: in pixels of a picture of ``size_px`` (width, height). NaN yaw counts as facing it.
    """
    if pose is None or not pose.seen:
        return NOBODY
    inside = _inside(pose, size_px)
    if not inside[[*sk.SHOULDERS, *sk.HIPS, *sk.KNEES, *sk.ANKLES]].any():
        return NOBODY
    if lying:
        return _lying_advice(pose.xy_px, inside, size_px)
    return _standing_advice(pose.xy_px, inside, size_px, yaw_deg)


def _inside(pose: Pose, size_px: tuple[int, int]) -> np.ndarray:
    """(K,) whether each landmark is seen, within the picture's margins."""
    xy, size = pose.xy_px, np.array(size_px, float)
    with np.errstate(invalid="ignore"):
        within = ((xy >= MARGIN * size) & (xy <= (1 - MARGIN) * size)).all(axis=-1)
    return np.asarray(within & (pose.confidence >= SURE))


def _standing_advice(
    xy: FloatArray, inside: np.ndarray, size_px: tuple[int, int], yaw_deg: float
) -> Advice | None:
    enough = np.any if 45 < abs(yaw_deg) < 135 else np.all
    feet = all(enough(inside[list(pair)]) for pair in (sk.ANKLES, sk.TOES))
    middle = all(enough(inside[list(pair)]) for pair in (sk.HIPS, sk.KNEES))
    head = bool(inside[list(sk.FACE)].any())
    if not (feet and middle and head):
        aside = _aside(xy, size_px, yaw_deg)
        if aside is not None:
            return aside
    tall = _body_px(xy) > 0.8 * size_px[1]
    if not feet:
        return _feet_missing(xy, size_px, tall)
    if not head:
        what = "Step back" if tall else "Tilt the camera up"
        return Advice("head_back" if tall else "head_tilt", f"{what}: I cannot see your head")
    if not middle:
        return Advice("hidden", "Something hides you: I need to see your whole body")
    return _distance_advice(float(body_height_fraction(xy, size_px)))


def _distance_advice(height: float) -> Advice | None:
    """height: of the standing body, over the picture's."""
    if height > HEIGHT[1]:
        return Advice("too_near", "Step back a little")
    return Advice("too_far", "Step closer") if height < HEIGHT[0] else None


def _feet_missing(xy: FloatArray, size_px: tuple[int, int], tall: bool) -> Advice:
    with np.errstate(invalid="ignore"):
        thighs = xy[list(sk.KNEES), 1] - xy[list(sk.HIPS), 1]
        ankles_at = np.fmax.reduce(xy[list(sk.KNEES), 1] + thighs)
    if ankles_at < 0.93 * size_px[1]:
        return Advice("feet_hidden", "I cannot see your feet: is something in the way?")
    if tall or not np.isfinite(_body_px(xy)):
        return Advice("feet_back", "Step back: I cannot see your feet")
    return Advice("feet_tilt", "Tilt the camera down: I cannot see your feet")


def _body_px(xy: FloatArray) -> float:
    """Standing height as the trunk tells it, in pixels; NaN without a trunk."""
    sides = xy[list(sk.SHOULDERS)] - xy[list(sk.HIPS)]
    return TRUNKS_TALL * float(np.fmax.reduce(np.hypot(sides[:, 0], sides[:, 1])))


def _aside(xy: FloatArray, size_px: tuple[int, int], yaw_deg: float) -> Advice | None:
    """Which way to go when the body reaches over one side of the picture."""
    across = xy[11:, 0][np.isfinite(xy[11:, 0])]
    half = HALF_WIDE_TRUNKS * np.nan_to_num(_body_px(xy) / TRUNKS_TALL)
    over_left = min(across.min(), across.mean() - half) < NEAR_BORDER * size_px[0]
    over_right = max(across.max(), across.mean() + half) > (1 - NEAR_BORDER) * size_px[0]
    if over_left == over_right:
        return None
    if 60 <= abs(yaw_deg) <= 120:
        return Advice("middle", "Move to the middle of the picture")
    to_left = over_left == (not abs(yaw_deg) > 120)
    way = "left" if to_left else "right"
    return Advice(f"move_{way}", f"Move to your {way}")


def _lying_advice(xy: FloatArray, inside: np.ndarray, size_px: tuple[int, int]) -> Advice | None:
    upper = inside[list(sk.SHOULDERS)].any()
    middle = all(inside[list(pair)].any() for pair in (sk.HIPS, sk.KNEES))
    feet = inside[list(sk.ANKLES)].any()
    if upper and middle and feet:
        own = xy[[*sk.SHOULDERS, *sk.HIPS, *sk.KNEES, *sk.ANKLES]]
        extent = float(np.hypot(*(np.nanmax(own, axis=0) - np.nanmin(own, axis=0))))
        small = extent < LYING_LENGTH * min(size_px)
        return Advice("camera_closer", "Move the camera closer") if small else None
    if upper and not feet:
        return Advice("towards_head", "I cannot see your feet: shift towards your head")
    if feet and not upper:
        return Advice("towards_feet", "I cannot see your shoulders: shift towards your feet")
    return Advice("camera_back", "Move the camera back: I need your whole body")


# ------------------------------------------------------------------ from where


def facing(yaw_deg: float, *, already: bool) -> bool:
    """Whether somebody stands square to the camera; ``already``: they did, so with more slack."""
    return abs(yaw_deg) <= (FRONT_LEAVE_DEG if already else FRONT_ENTER_DEG)


def side_on(yaw_deg: float, *, already: bool) -> bool:
    """Whether somebody stands side-on to the camera; ``already`` as in :func:`facing`."""
    slack = SIDE_SLACK_DEG if already else 0.0
    return SIDE_DEG[0] - slack <= abs(yaw_deg) <= SIDE_DEG[1] + slack


def turn_side_on(yaw_deg: float) -> Advice:
    """How to come to stand side-on to the camera, by the shorter way."""
    if not math.isfinite(yaw_deg):
        return Advice("unknown_view", "Stand side-on to the camera")
    off = abs(yaw_deg) - 90
    way = "right" if (yaw_deg >= 0) == (off < 0) else "left"
    little = " a little" if abs(off) <= 30 else ""
    return Advice(
        f"side_on_{way}{little}",
        f"Turn{little} to your {way}, side-on to the camera",
        abs(off) if way == "left" else -abs(off),
    )


def turn(yaw_deg: float, *, only: bool = False) -> Advice:
    """How to come to face the camera; ``only``: staying side-on will not do."""
    if not math.isfinite(yaw_deg):
        return Advice("unknown_view", "Face the camera")
    way = "left" if yaw_deg > 0 else "right"
    if abs(yaw_deg) > 150:
        return Advice("turn_round", "Turn around and face the camera", yaw_deg)
    little = " a little" if abs(yaw_deg) <= 30 else ""
    aside = ", or stay side-on" if side_on(yaw_deg, already=False) and not only else ""
    return Advice(f"turn_{way}{little}{aside}", f"Turn{little} to your {way}{aside}", yaw_deg)


def lying_view_advice(xy: FloatArray, view: str = "") -> Advice | None:
    """None where a lying person is seen from the side or from the foot end; else what to do.

    view: "side" or "foot_end" where only one of them will do.
    """
    shoulders, hips = (np.nanmean(xy[list(pair)], axis=0) for pair in (sk.SHOULDERS, sk.HIPS))
    ankles = np.nanmean(xy[list(sk.ANKLES)], axis=0)
    legs = np.hypot(*(xy[list(sk.KNEES)] - xy[list(sk.ANKLES)]).T) + np.hypot(
        *(xy[list(sk.HIPS)] - xy[list(sk.KNEES)]).T
    )
    trunk_legs = float(np.hypot(*(shoulders - hips))) / float(np.fmax(*legs))
    if trunk_legs >= SIDE_TRUNK_LEGS:
        return Advice("foot_end", _FEET_TO_CAMERA) if view == "foot_end" else None
    if view == "side":
        return Advice("lie_side_on", "Lie side-on to the camera")
    if not ankles[1] < shoulders[1]:
        return None
    either = "" if view else ", or lie side-on"
    return Advice("head_end", f"Turn your feet to the camera{either}")

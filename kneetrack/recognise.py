"""Which exercise a dip of the rep signal is, and on which side; or why it is none.

Works on body-frame descriptors (posture.py), so that it holds in every view. Sitting down,
walking, jumping, knee drives and forward lunges are named and not counted.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from kneetrack import skeleton as sk
from kneetrack.posture import Posture
from kneetrack.records import FloatArray
from kneetrack.reps import Dip
from kneetrack.result import ExerciseName

SideHeld = Literal["left", "right", "both"]


@dataclass(frozen=True, slots=True)
class RecogniseLimits:
    """Where one movement ends and another begins; lengths in leg lengths."""

    foot_lifted: float = 0.12
    foot_lifted_world: float = 0.08
    wide_step: float = 0.55
    weight_over_lead: float = 0.60
    lead_step: float = 0.25
    step_before_s: float = 1.5
    cossack_step: float = 0.70
    uneven_bend_deg: float = 12.0
    fore_and_aft_step: float = 0.38
    foot_travel: float = 0.35
    feet_travel: float = 0.50
    jump_height: float = 0.12
    seat_depth: tuple[float, float] = (0.30, 0.62)
    seat_trunk_deg: float = 25.0
    seat_balance_m: float = -0.08
    seat_hold_s: float = 0.5


@dataclass(frozen=True, slots=True)
class Recognised:
    """What a dip is: an exercise and its side, or ``none`` and the reason."""

    exercise: ExerciseName
    side: SideHeld = "both"
    reason: str = ""


def recognise(posture: Posture, dip: Dip, limits: RecogniseLimits) -> Recognised:
    """Name the movement of one dip."""
    inside = slice(dip.first, dip.last + 1)
    bottom = int(np.argmin(np.abs(posture.t_s - dip.bottom_s)))
    if posture.lying[inside].mean() > 0.5:
        return Recognised("glute_bridge")
    jump = _jump_height(posture, dip)
    if jump > limits.jump_height:
        return Recognised("none", reason="a jump")
    lifted = _lifted_foot(posture, dip, bottom, limits)
    travel = _foot_travel(posture, dip)
    if lifted:
        stance = sk.RIGHT if lifted == "left" else sk.LEFT
        if travel[stance] > limits.foot_travel:
            return Recognised("none", reason="the standing foot moved: walking or stepping")
        return Recognised("single_leg_squat", sk.SIDES[stance])
    return _two_footed(posture, dip, bottom, travel, limits)


def _two_footed(
    posture: Posture, dip: Dip, bottom: int, travel: FloatArray, limits: RecogniseLimits
) -> Recognised:
    across = _around(posture.step_across, bottom)
    along = _around(posture.step_along, bottom)
    if along > limits.fore_and_aft_step and along > across:
        return Recognised("none", reason="a forward lunge or split stance")
    weight = lead_weight(posture, bottom)
    lead = int(np.argmax(weight))
    step = _foot_travel(posture, dip, limits.step_before_s)[lead]
    stepped = step > limits.lead_step and travel[1 - lead] < limits.foot_travel
    uneven = posture.bend_difference[bottom] * (1 - 2 * lead) > limits.uneven_bend_deg
    wide = across > limits.wide_step and weight[lead] > limits.weight_over_lead
    if wide and (stepped or (uneven and across > limits.cossack_step)):
        if travel[1 - lead] > limits.foot_travel and travel[lead] > limits.foot_travel:
            return Recognised("none", reason="both feet moved: stepping about")
        return Recognised("lateral_lunge", sk.SIDES[lead])
    reason = _no_squat(posture, dip, across, travel, limits)
    return Recognised("none", reason=reason) if reason else Recognised("squat")


def _no_squat(
    posture: Posture, dip: Dip, across: float, travel: FloatArray, limits: RecogniseLimits
) -> str:
    """Why a two-footed dip is no squat, empty when it is one."""
    if not np.isfinite(across):
        return "a foot was hidden or out of the picture"
    if np.nanmax(travel) > limits.foot_travel or np.nansum(travel) > limits.feet_travel:
        return "the feet moved: walking or stepping"
    return "sitting down" if _seated(posture, dip, limits) else ""


def lead_weight(posture: Posture, at: int) -> FloatArray:
    """(2,): how far the hips are over the left and the right foot, 0.5 = centred."""
    left = _around(posture.weight_left, at)
    return np.array([left, 1 - left])


def _around(values: FloatArray, at: int, reach: int = 2) -> float:
    window = values[max(0, at - reach) : at + reach + 1]
    return float(np.nanmedian(window)) if np.isfinite(window).any() else float("nan")


def _lifted_foot(
    posture: Posture, dip: Dip, bottom: int, limits: RecogniseLimits
) -> Literal["left", "right", ""]:
    """The foot that is off the floor from the onset to the bottom."""
    level_frames = np.abs(posture.foot_up_world) < 0.06
    level = np.median(posture.foot_up[level_frames]) if level_frames.sum() >= 3 else 0.0
    start = int(np.argmin(np.abs(posture.t_s - (dip.start_s + 0.1))))
    for sign, name in ((1, "left"), (-1, "right")):
        enough = all(
            sign * (_around(posture.foot_up, at) - level) > limits.foot_lifted
            and sign * _around(posture.foot_up_world, at) > limits.foot_lifted_world
            for at in (start, bottom)
        )
        if enough:
            return "left" if name == "left" else "right"
    return ""


def _foot_travel(posture: Posture, dip: Dip, before_s: float = 0.0) -> FloatArray:
    """(2,): how far each ankle moved in the picture between onset and end, leg lengths.

    ``before_s``: with so much of the time before, in which a lunge steps out.
    """
    first = int(np.searchsorted(posture.t_s, dip.start_s - before_s))
    inside = slice(min(first, dip.first), dip.last + 1)
    feet = posture.ankle_px[inside] / posture.leg_px[inside, None, None]
    sideways, up = (
        np.array([_range(path[np.isfinite(path)]) for path in feet[..., axis].T]) for axis in (0, 1)
    )
    return np.asarray(np.hypot(sideways, up))


def _range(values: FloatArray) -> float:
    """From the 5th to the 95th percentile; 0 when nothing was seen."""
    return float(np.subtract(*np.percentile(values, (95, 5)))) if len(values) else 0.0


def _jump_height(posture: Posture, dip: Dip) -> float:
    """Rise of both feet off the floor during the dip and 0.4 s around it, leg lengths."""
    low, high = np.searchsorted(posture.t_s, (dip.start_s - 0.4, dip.end_s + 0.4))
    feet = posture.ankle_px[low:high, :, 1]
    floor = np.nanmedian(feet[max(0, dip.first - low) : dip.last + 1 - low], axis=0)
    both_up = np.fmin(*(floor - feet).T)
    leg = float(np.nanmedian(posture.leg_px[dip.first : dip.last + 1]))
    return float(np.nanmax(both_up)) / leg


def _seated(posture: Posture, dip: Dip, limits: RecogniseLimits) -> bool:
    """Hips on a seat: held at chair height, trunk upright, the body's mass behind the feet."""
    if not limits.seat_depth[0] <= dip.depth <= limits.seat_depth[1]:
        return False
    inside = np.zeros(len(posture.t_s), bool)
    inside[dip.first : dip.last + 1] = True
    held = inside & (posture.sink > 0.8 * dip.depth)
    upright = held & (posture.trunk_deg < limits.seat_trunk_deg)
    behind = upright & (posture.balance < limits.seat_balance_m)
    step_s = float(np.median(np.diff(posture.t_s)))
    return bool(behind.sum() * step_s >= limits.seat_hold_s)

"""The standing (or lying) baseline of a set: lengths, medial directions and zero values."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kneetrack import skeleton as sk
from kneetrack.angles import (
    distance,
    medial_direction,
    middle,
    pair,
    segment_length_px,
    separation_px,
)
from kneetrack.posture import Posture
from kneetrack.records import FloatArray

BoolArray = NDArray[np.bool_]

_LEG = (sk.HIPS, sk.KNEES, sk.ANKLES, sk.HEELS, sk.TOES)
_LIFTED_LEGS = 0.10
_FEWEST = 3
"""Frames of a baseline."""


@dataclass(frozen=True, slots=True)
class Baseline:
    """Zero of a set, in pixels; (2,) arrays are left, right.

    found: a still, upright (or lying) stretch was there; without it ``xy`` is NaN, changes from
    standing cannot be told, and lengths are the 95th percentile over the set.
    """

    found: bool
    xy: FloatArray
    medial: FloatArray
    thigh_px: FloatArray
    shank_px: FloatArray
    foot_px: FloatArray
    knee_separation_px: float
    floor_hip_y_px: FloatArray

    @property
    def leg_px(self) -> FloatArray:
        """(2,): thigh + shank."""
        return self.thigh_px + self.shank_px


def standing_frames(posture: Posture, inside: BoolArray, *, one_leg: bool) -> BoolArray:
    """Still, upright frames of a set; for single-leg work those on one leg, if there are any."""
    still = posture.still_upright & inside
    lifted = np.abs(posture.foot_up_world) > _LIFTED_LEGS
    on_one = still & lifted
    if one_leg and on_one.any():
        return on_one
    on_two = still & ~lifted
    return on_two if on_two.any() else still


def resting_frames(posture: Posture, inside: BoolArray) -> BoolArray:
    """Lying frames with the hips down."""
    down = np.nan_to_num(posture.sink, nan=np.inf) < 0.05
    return posture.lying & inside & down


def stances(posture: Posture, frames: BoolArray) -> tuple[BoolArray, BoolArray] | None:
    """The frames on the left leg and those on the right one; None where one of them never stands.

    A median over both would be of no leg at all: the lifted shank points away from the camera.
    """
    on_left, on_right = (frames & (sign * posture.foot_up_world > _LIFTED_LEGS) for sign in (-1, 1))
    in_turn = min(on_left.sum(), on_right.sum()) >= _FEWEST
    return (on_left, on_right) if in_turn else None


def measure_baseline(
    xy: FloatArray,
    frames: BoolArray,
    inside: BoolArray,
    own: tuple[BoolArray, BoolArray] | None = None,
) -> Baseline:
    """Median over the baseline frames; lengths by the 95th percentile where there are none.

    own: the frames of the left and of the right leg, where each is to have its own; across the
    picture each stands about the same middle, wherever the person stood.
    """
    found = bool(frames.sum() >= _FEWEST)
    at = np.nanmedian(xy[frames], axis=0) if found else np.full(xy.shape[1:], np.nan)
    hip_x = middle(at, sk.HIPS)[0]
    for side, stance in enumerate(own or ()):
        leg = [joints[side] for joints in _LEG]
        at[leg] = np.nanmedian(xy[stance][:, leg], axis=0)
        at[leg, 0] += hip_x - np.nanmedian(middle(xy[stance], sk.HIPS)[:, 0])
    moving = xy[inside]
    lengths = [
        segment_length_px(at, *ends) if found else _longest(moving, ends)
        for ends in ((sk.HIPS, sk.KNEES), (sk.KNEES, sk.ANKLES))
    ]
    reference = at if found else np.nanmedian(moving, axis=0)
    return Baseline(
        found=found,
        xy=at,
        medial=medial_direction(reference),
        thigh_px=lengths[0],
        shank_px=lengths[1],
        foot_px=distance(pair(reference, sk.TOES), pair(reference, sk.HEELS)),
        knee_separation_px=float(separation_px(reference, sk.KNEES)),
        floor_hip_y_px=pair(at, sk.HIPS)[:, 1]
        if found
        else np.nanpercentile(pair(moving, sk.HIPS)[..., 1], 95, axis=0),
    )


def _longest(xy: FloatArray, ends: tuple[tuple[int, int], tuple[int, int]]) -> FloatArray:
    return np.asarray(np.nanpercentile(segment_length_px(xy, *ends), 95, axis=0))


def facing_sign(xy: FloatArray) -> float:
    """+1 when the toes point to the right of the picture in a side view, else -1."""
    ahead = np.nanmedian((pair(xy, sk.TOES) - pair(xy, sk.HEELS))[..., 0])
    return 1.0 if not ahead < 0 else -1.0


def standing_hip_y_px(baseline: Baseline) -> float:
    """Height of the hip centre at the baseline, y down; NaN when there is none."""
    return float(middle(baseline.xy, sk.HIPS)[1])

"""Which numbers of a result have a truth, in which clips, for which leg, and what it is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from kneetrack import skeleton
from kneetrack.records import FloatArray
from kneetrack.validation.truth import Truth

MID_RANGE_DEG: Final = (45.0, 60.0)
"""True knee flexion at which frontal angles are compared."""
NEAR_FRONT_DEG: Final = 30.0
"""Camera yaw up to which frontal measures are expected, if only as "cannot tell"."""
SQUARE_YAW_DEG: Final = 5.0
"""Camera yaw up to which a picture counts as taken from straight in front."""

Legs = Sequence[int | None]
"""0 left, 1 right; None: one number of both; empty: no truth in this clip."""


@dataclass(frozen=True, slots=True)
class Measured:
    """One measure: its column without the side, its unit, its legs in a clip, and its truth.

    true: Truth -> (T, 2), or (T,) where legs is [None]; None where the clip has none. at_bottom:
    the reading's name at the bottom of a repetition, empty = not compared there. mid_range:
    compared over the frames with 45 to 60 degrees of true flexion, too, and where the result
    sums these frames up, that as well.
    """

    name: str
    column: str
    unit: str
    legs: Callable[[Truth], Legs]
    true: Callable[[Truth], FloatArray | None]
    at_bottom: str = ""
    mid_range: bool = False
    suffix: str = ""

    def key(self, leg: int | None) -> str:
        """The column of a leg."""
        return (
            f"{self.column}_{skeleton.SIDES[leg]}"
            if leg is not None
            else (self.column + self.suffix)
        )


def frontal_legs(truth: Truth) -> Legs:
    """The working legs of somebody upright, seen within 30 degrees of the front."""
    upright = truth.movement != "bridge" and abs(truth.yaw) <= NEAR_FRONT_DEG
    return truth.legs() if upright else []


def both_legs(truth: Truth) -> Legs:
    """One number of both legs, where both work, seen within 30 degrees of the front."""
    return [None] if len(frontal_legs(truth)) == 2 else []


def near_leg(truth: Truth) -> Legs:
    """The leg on the camera's side in side views, where it works."""
    if truth.view != "side":
        return []
    near = 0 if truth.yaw > 0 else 1
    return [near] if near in truth.legs() else []


def lunging_leg(truth: Truth) -> Legs:
    """The leg that bends in a lateral lunge, seen within 30 degrees of the front."""
    return frontal_legs(truth) if truth.movement == "lateral_lunge" else []


def trailing_leg(truth: Truth) -> Legs:
    """The other leg of a lunge."""
    return [1 - leg for leg in lunging_leg(truth) if leg is not None]


def lying(view: str) -> Callable[[Truth], Legs]:
    """One number of both legs in a bridge of that view."""
    return lambda truth: [None] if truth.view == view else []


def fppa(truth: Truth) -> FloatArray | None:
    """(T, 2) frontal-plane projection angle from the true joints in this camera."""
    return truth.paired("fppa2d")


def fppa_change(truth: Truth) -> FloatArray | None:
    """(T, 2) the same, less its median over the standing frames before the first repetition."""
    angle = fppa(truth)
    return None if angle is None else angle - np.median(angle[truth.standing()], axis=0)


def fppa_change_mean(truth: Truth) -> FloatArray | None:
    """(T,) mean of both legs' change."""
    change = fppa_change(truth)
    return None if change is None else change.mean(axis=1)


def hip_extension(truth: Truth) -> FloatArray | None:
    """(T,) shoulder-hip-knee, above 180 = over-extended."""
    return truth.arrays.get("hip_ext_signed")


def knee_ankle_separation(truth: Truth) -> FloatArray | None:
    """(T,) distance of the knees over that of the ankles."""
    knees, ankles = truth.arrays.get("knee_sep_m"), truth.arrays.get("ankle_sep_m")
    return None if knees is None or ankles is None else knees / ankles


def _flexion(truth: Truth) -> FloatArray:
    return truth.flexion


MEASURES: Final = (
    Measured("fppa", "fppa_deg", "deg", frontal_legs, fppa, "fppa_bottom", True),
    Measured(
        "fppa_square",
        "fppa_square_deg",
        "deg",
        frontal_legs,
        Truth.square_fppa,
        "fppa_square_bottom",
        True,
    ),
    Measured(
        "fppa_change",
        "fppa_change_deg",
        "deg",
        frontal_legs,
        fppa_change,
        "fppa_change_bottom",
        True,
    ),
    Measured(
        "fppa_change_mean",
        "fppa_change_deg",
        "deg",
        both_legs,
        fppa_change_mean,
        "fppa_change_mean_bottom",
        True,
        suffix="_mean",
    ),
    Measured("kfo", "kfo_ratio", "ratio", frontal_legs, Truth.kfo, "kfo_bottom"),
    Measured("ktsr", "ktsr_ratio", "ratio", both_legs, Truth.ktsr, "ktsr_bottom"),
    Measured("knee_flexion", "knee_flexion_deg", "deg", near_leg, _flexion, "knee_flexion_bottom"),
    Measured(
        "lead_knee_flexion",
        "lead_knee_flexion_deg",
        "deg",
        lunging_leg,
        _flexion,
        "lead_knee_flexion_bottom",
    ),
    Measured(
        "trailing_knee_flexion",
        "trailing_knee_flexion_deg",
        "deg",
        trailing_leg,
        _flexion,
        "trailing_knee_flexion_bottom",
    ),
    Measured(
        "hip_extension",
        "hip_extension_deg",
        "deg",
        lying("lying side"),
        hip_extension,
        "hip_extension_top",
    ),
    Measured(
        "knee_ankle_separation",
        "knee_ankle_separation_ratio",
        "ratio",
        lying("foot end"),
        knee_ankle_separation,
        "knee_ankle_separation_top",
    ),
)
"""All measures with a truth."""

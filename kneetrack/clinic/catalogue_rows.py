"""Which measures are reported of each exercise, of which leg, and from which view, in order."""

from __future__ import annotations

from typing import Final, Literal

from kneetrack.clinic_records.kinds import ViewAsked
from kneetrack.result import ExerciseName

Legs = Literal["each", "working", "other", "body"]
"""each: a number for either leg. working, other: of the leg that works, or of the other one. body:
one number; where one leg works it is told of that leg's repetitions."""
Row = tuple[str, Legs, tuple[ViewAsked, ...]]
"""Measure, legs, and the views from which it is read, best first."""

_FRONT: Final[tuple[ViewAsked, ...]] = ("front",)
_SIDE: Final[tuple[ViewAsked, ...]] = ("side",)
_FOOT_END: Final[tuple[ViewAsked, ...]] = ("foot_end",)
_FRONT_FIRST: Final[tuple[ViewAsked, ...]] = ("front", "side")
_SIDE_FIRST: Final[tuple[ViewAsked, ...]] = ("side", "front")

_MID_FPPA: Final = ("fppa_change_at_45_60", "fppa_square_at_45_60", "fppa_at_45_60")
ROWS: Final[dict[ExerciseName, tuple[Row, ...]]] = {
    "squat": (
        ("kfo", "each", _FRONT),
        ("ktsr", "body", _FRONT),
        ("kasr", "body", _FRONT),
        ("fppa_change_at_45_60", "each", _FRONT),
        ("fppa_change_mean_at_45_60", "body", _FRONT),
        ("fppa_square_at_45_60", "each", _FRONT),
        ("trunk_lean", "body", _FRONT),
        ("weight_shift", "body", _FRONT),
        ("knee_flexion", "body", _SIDE),
        ("depth", "body", _SIDE_FIRST),
        ("drop", "body", _SIDE_FIRST),
        ("trunk_minus_shank", "body", _SIDE),
        ("heel_lift", "body", _SIDE),
        ("descent", "body", _FRONT_FIRST),
        ("ascent", "body", _FRONT_FIRST),
    ),
    "single_leg_squat": (
        ("kfo", "working", _FRONT),
        *((name, "working", _FRONT) for name in _MID_FPPA),
        ("pelvic_drop", "working", _FRONT),
        ("trunk_lean", "body", _FRONT),
        ("foot_down", "working", _FRONT),
        ("knee_flexion", "working", _SIDE),
        ("depth", "body", _SIDE_FIRST),
        ("drop", "body", _SIDE_FIRST),
        ("trunk_minus_shank", "body", _SIDE),
        ("heel_lift", "working", _SIDE),
        ("descent", "body", _FRONT_FIRST),
        ("ascent", "body", _FRONT_FIRST),
    ),
    "single_leg_stance": (
        ("hold", "working", _FRONT_FIRST),
        ("foot_down", "working", _FRONT_FIRST),
        ("sway", "working", _FRONT),
        ("fppa", "working", _FRONT),
        ("pelvic_drop", "working", _FRONT),
        ("trunk_lean", "body", _FRONT),
    ),
    "lateral_lunge": (
        ("kfo", "working", _FRONT),
        ("fppa_change_at_45_60", "working", _FRONT),
        ("lead_knee_flexion", "working", _FRONT),
        ("trailing_knee_flexion", "other", _FRONT),
        ("step_width", "body", _FRONT),
        ("lunge_weight", "working", _FRONT),
        ("shank_tilt", "working", _FRONT),
        ("trunk_lean", "body", _FRONT),
        ("knee_flexion", "working", _SIDE),
        ("trunk_inclination", "body", _SIDE),
        ("hips_back", "working", _SIDE),
        ("drop", "body", _SIDE_FIRST),
        ("descent", "body", _FRONT_FIRST),
        ("ascent", "body", _FRONT_FIRST),
    ),
    "glute_bridge": (
        ("lift", "body", _SIDE),
        ("hip_extension", "body", _SIDE),
        ("bridge_shank", "body", _SIDE),
        ("hold", "body", ("side", "foot_end")),
        ("knee_separation", "body", _FOOT_END),
        ("knee_ankle_separation", "body", _FOOT_END),
        ("knee_to_hip", "body", _FOOT_END),
    ),
    "none": (),
}

"""Bilateral squat."""

from dataclasses import replace

from kneetrack.exercises import common as c
from kneetrack.exercises.rules import Exercise, Reader, RepLike, Rule, Sample
from kneetrack.records import Band
from kneetrack.uncertainty import typical_error


def _shift(rep: RepLike, reader: Reader, side: int | None) -> Sample:
    """Sideways shift of the hips at the bottom against the stance itself, either way."""
    sample = rep.change_within(reader.measure, None)
    return replace(sample, value=abs(sample.value))


WEIGHT_SHIFT = Rule(
    "weight_shift",
    "one",
    (
        Reader(
            "weight_shift",
            "ratio",
            typical_error("weight_shift"),
            above=Band(0.08, 0.15),
            read=_shift,
            reference="coaching heuristic",
        ),
    ),
    found="weight shifts to one leg",
    cue="Keep the hips in the middle between your feet.",
    confidence="low",
)

EXERCISE = Exercise(
    "squat",
    "Squat",
    film="from the front for knee alignment; from the side for depth, trunk and heels",
    aliases=("squats", "bilateral_squat", "bodyweight_squat"),
    rules=(
        c.knee_valgus(c.KFO, c.KTSR, c.FPPA_CHANGE),
        c.knee_varus(c.KFO_VARUS, c.KTSR_VARUS),
        c.trunk_lean(
            c.lean_reader(8.0, 12.0, "Nakagawa 2012 (single-leg squat)"),
            c.TRUNK_FORWARD,
            cue="Lift the chest; keep it level and as upright as your shins.",
        ),
        WEIGHT_SHIFT,
        c.HEEL_LIFT,
        c.TOO_FAST,
        c.SQUAT_DEPTH,
        c.KNEE_FLEXION,
        c.FEET_PLACEMENT,
    ),
)

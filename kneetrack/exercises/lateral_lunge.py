"""Lateral lunge; the working leg is the one that bends."""

from dataclasses import replace

from kneetrack.exercises import common as c
from kneetrack.exercises.rules import Exercise, Reader, RepLike, Rule, Sample
from kneetrack.records import Band
from kneetrack.uncertainty import typical_error

SIDEWAYS_ONLY = "seen from the front: leaning to a side; leaning forward is seen from the side"


def _sideways(rep: RepLike, reader: Reader, side: int | None) -> Sample:
    """A chest that sinks forward cannot be seen from the front."""
    sample = c.absolute_lean(rep, reader, side)
    return replace(sample, reason=sample.reason or SIDEWAYS_ONLY)


TOO_DEEP = Rule(
    "lunge_too_deep",
    "working",
    (
        Reader(
            "lead_knee_flexion",
            "deg",
            typical_error("lead_knee_flexion"),
            above=Band(100.0, 115.0),
            reference="form guides, about 90 degrees; Escamilla 2008 for the rationale",
        ),
        Reader(
            "knee_flexion",
            "deg",
            typical_error("knee_flexion"),
            above=Band(100.0, 115.0),
            reference="form guides, about 90 degrees",
        ),
        Reader(
            "hip_knee_level",
            "ratio",
            typical_error("hip_knee_level"),
            above=Band(0.07, 0.15),
            reference="hip below the knee",
            no_ok="a hip above the knee does not tell how far the knee bends",
        ),
    ),
    found="lunge is deep",
    cue="Stop when your thigh is still above level; sit back as if to a chair.",
    confidence="low",
    worst=True,
)

TRAILING = Rule(
    "trailing_knee_bent",
    "other",
    (
        Reader(
            "trailing_knee_flexion",
            "deg",
            typical_error("trailing_knee_flexion"),
            above=Band(10.0, 20.0),
            reference="ACE side lunge: trailing leg near full extension",
            no_ok="from the front a trailing knee bent by 35° can look straight",
        ),
    ),
    found="trailing knee bends",
    cue="Keep the other leg long, its foot flat.",
    confidence="low",
)


def _info(name: str, measure: str, unit: str, found: str, sides: str) -> Rule:
    return Rule(
        name,
        "working" if sides == "working" else "one",
        (Reader(measure, unit, typical_error(measure), reference="description"),),
        found=found,
        cue="",
        information=True,
    )


EXERCISE = Exercise(
    "lateral_lunge",
    "Lateral lunge",
    film="from the front for the knee, the step and the lean; from the side for depth",
    aliases=("side_lunge", "lunge", "lateral"),
    dose="8-10 a side, 2-3 sets",
    working_leg="bending leg",
    rules=(
        c.knee_valgus(c.KFO, c.FPPA_CHANGE, sides="working"),
        TOO_DEEP,
        c.knee_varus(c.KFO_VARUS, sides="working"),
        TRAILING,
        c.trunk_lean(
            c.lean_reader(10.0, 20.0, "chest lifted: coaching heuristic", _sideways),
            Reader(
                "trunk_inclination",
                "deg",
                typical_error("trunk_inclination"),
                above=Band(45.0, 60.0),
                reference="chest lifted: coaching heuristic",
            ),
            cue="Lift the chest; hinge at the hips.",
        ),
        c.TOO_FAST,
        _info("step_width", "step_width", "ratio", "step width, leg lengths", "one"),
        _info("shank_tilt", "shank_tilt", "deg", "shank from vertical, + inward", "working"),
        _info("hips_back", "hips_back", "ratio", "hip behind the heel, thighs", "working"),
    ),
)

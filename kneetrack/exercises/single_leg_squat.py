"""Single-leg squat; the working leg is the one that stands."""

from dataclasses import replace

from kneetrack.exercises import common as c
from kneetrack.exercises.rules import Exercise, Reader, RepLike, Rule, Sample, mid_range
from kneetrack.records import Band
from kneetrack.uncertainty import typical_error

FPPA_VARUS = Reader(
    "fppa_change",
    "deg",
    typical_error("fppa_change", 53),
    below=Band(-8.0, -15.0),
    read=mid_range,
    reference="coaching heuristic; MDC of Munro 2012",
)


def foot_down(rep: RepLike, reader: Reader, side: int | None) -> Sample:
    """Seconds for which the lifted foot was on the floor."""
    return Sample(rep.foot_down_s())


BALANCE_LOST = Rule(
    "balance_lost",
    "working",
    (
        Reader(
            "foot_down",
            "s",
            0.05,
            above=Band(0.10, 0.30),
            read=foot_down,
            reference="QASLS: the other foot touches the floor",
        ),
    ),
    found="the lifted foot touched the floor",
    cue="Fix your eyes on a point; hold on to a chair with a fingertip if you need to.",
)

PELVIC_DROP = Rule(
    "pelvic_drop",
    "working",
    (
        Reader(
            "pelvic_drop",
            "deg",
            typical_error("pelvic_drop"),
            above=Band(8.0, 12.0),
            reference="Nakagawa 2012; noise of 4 degrees on the hip line",
        ),
    ),
    found="the hip of the lifted leg drops",
    cue="Keep your belt level.",
    confidence="low",
)

EXERCISE = Exercise(
    "single_leg_squat",
    "Single-leg squat",
    film="from the front; repeat from the side for depth",
    aliases=("single_leg", "sls", "one_leg_squat"),
    working_leg="standing leg",
    rules=(
        BALANCE_LOST,
        c.knee_valgus(c.KFO, c.FPPA_CHANGE_SINGLE, sides="working"),
        c.knee_varus(c.KFO_VARUS, FPPA_VARUS, sides="working"),
        PELVIC_DROP,
        c.trunk_lean(
            c.lean_reader(8.0, 12.0, "Nakagawa 2012"),
            c.TRUNK_FORWARD,
            cue="Stay tall over the standing leg.",
        ),
        replace(c.HEEL_LIFT, sides="working"),
        c.TOO_FAST,
        c.SQUAT_DEPTH,
        c.KNEE_FLEXION,
    ),
)

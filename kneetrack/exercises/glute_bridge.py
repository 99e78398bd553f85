"""Glute bridge, low (as prescribed, the default) or full."""

from kneetrack import calibration as cal
from kneetrack.exercises.rules import (
    Exercise,
    Read,
    Reader,
    RepLike,
    Rule,
    Sample,
    at_bottom,
    whole,
)
from kneetrack.records import Band
from kneetrack.uncertainty import typical_error


def _hold(rep: RepLike, reader: Reader, side: int | None) -> Sample:
    return Sample(rep.hold_s)


def _straight(above: Band | None, below: Band | None, reference: str) -> Reader:
    return Reader(
        "hip_extension",
        "deg",
        typical_error("hip_extension"),
        above=above,
        below=below,
        reference=reference,
    )


def _lift(above: Band | None, below: Band | None) -> Reader:
    return Reader(
        "lift",
        "ratio",
        typical_error("lift"),
        above=above,
        below=below,
        reference="founding article: a lift of a few inches",
    )


def _described(measure: str, unit: str = "deg", read: Read = at_bottom) -> Reader:
    return Reader(measure, unit, typical_error(measure), read=read, reference="description")


BLOCK_S = 0.3
"""A block that is lost falls at once: knees that drift take longer (MEASURES 5)."""


def _fall(rep: RepLike, reader: Reader, side: int | None) -> Sample:
    return rep.fall_within("knee_separation", side, BLOCK_S)


_SEPARATION = "block kept within 7 %: coaching heuristic"


def _separation(above: Band | None, below: Band | None) -> Reader:
    return Reader(
        "knee_separation",
        "ratio",
        typical_error("knee_separation"),
        above=above,
        below=below,
        reference=_SEPARATION,
    )


EXERCISE = Exercise(
    "glute_bridge",
    "Glute bridge",
    film="from the side for lift and line; from the foot end for the knees and the block",
    aliases=("bridge", "hip_bridge", "glute_bridges"),
    dose="10-12 repetitions, 2-3 sets, hold a few seconds",
    rules=(
        Rule(
            "bridge_over_arched",
            "one",
            (_straight(Band(184.0, 190.0), None, "straight line with 3 to 6 degrees of noise"),),
            found="hips above the shoulder-knee line",
            cue="Stop when the body is a straight ramp; belt buckle towards the ribs.",
            confidence="low",
        ),
        Rule(
            "bridge_too_high",
            "one",
            (_lift(Band(0.35, 0.45), None),),
            found="lifted higher than a low bridge",
            cue="Lift only a few inches.",
            confidence="low",
            bridge_mode="low",
        ),
        Rule(
            "bridge_too_low",
            "one",
            (_lift(None, Band(0.10, 0.05)),),
            found="hips hardly leave the floor",
            cue="Lift the hips a few inches.",
            confidence="low",
            bridge_mode="low",
        ),
        Rule(
            "bridge_incomplete",
            "one",
            (_straight(None, Band(168.0, 160.0), "Healthwise: shoulder, hip, knee in line"),),
            found="hips below the shoulder-knee line",
            cue="Push the hips up until shoulder, hip and knee are in line.",
            confidence="low",
            bridge_mode="full",
        ),
        Rule(
            "block_lost",
            "one",
            (
                Reader(
                    "knee_separation_fall",
                    "ratio",
                    cal.FALL_ERROR_SHARE * typical_error("knee_separation"),
                    above=Band(0.07, 0.15),
                    read=_fall,
                    reference="dropped block: the knees close by 15 % within 0.3 s",
                ),
            ),
            found="knees close at once, as when the block falls",
            cue="Stop and place the block again; press it lightly all the way, up and down.",
        ),
        Rule(
            "knees_together",
            "one",
            (_separation(None, Band(0.93, 0.85)),),
            found="knees come together",
            cue="Keep the block still; knees over the feet.",
        ),
        Rule(
            "knees_apart",
            "one",
            (_separation(Band(1.07, 1.15), None),),
            found="knees drift apart",
            cue="Squeeze the block; keep it from falling.",
        ),
        Rule(
            "hold_too_short",
            "one",
            (
                Reader(
                    "hold",
                    "s",
                    0.1,
                    below=Band(2.0, 1.0),
                    read=_hold,
                    reference="founding article: hold a few seconds; Healthwise about 6 s",
                ),
            ),
            found="held for a short time",
            cue="Hold at the top for a slow count of three.",
        ),
        Rule(
            "knee_valgus",
            "each",
            (
                Reader(
                    "kfo",
                    "ratio",
                    typical_error("kfo"),
                    above=Band(0.04, 0.10),
                    reference="standing exercises only",
                ),
            ),
            found="knee falls inward",
            cue="Keep the knees over the feet.",
            note="lying down the knees are judged by how far they are apart",
        ),
        Rule(
            "feet_placement",
            "one",
            (
                _described("bridge_shank"),
                _described("knee_to_hip", "ratio", whole),
            ),
            found="shank from vertical at the top, + knee beyond the ankle",
            cue="",
            information=True,
        ),
    ),
)

"""Rules that several exercises share, with their default bands (MEASURES section 9)."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from kneetrack import calibration as cal
from kneetrack.exercises.rules import Read, Reader, RepLike, Rule, Sample, mid_range, whole
from kneetrack.records import Band
from kneetrack.uncertainty import typical_error

KFO = Reader(
    "kfo",
    "ratio",
    typical_error("kfo"),
    above=Band(0.04, 0.10),
    reference="LSD/QASLS: patella over the 2nd toe / medial border of the foot; Ageberg 2010",
)
KTSR = Reader(
    "ktsr",
    "ratio",
    typical_error("ktsr"),
    below=Band(0.90, 0.80),
    reference="geometry: 4 cm a knee reads .84 to .87; eight trainer-rated squats",
)
FPPA_CHANGE = Reader(
    "fppa_change",
    "deg",
    typical_error("fppa_change", 53),
    above=Band(8.0, 13.0),
    read=mid_range,
    reference="Herrington & Munro 2010 less the standing value; MDC of Munro 2012",
)
FPPA_CHANGE_SINGLE = replace(
    FPPA_CHANGE, above=Band(10.0, 15.0), reference="Herrington 2014; Ageberg 2010; SEM 3 degrees"
)

CUE_KNEE_OUT = "Point your kneecap at your second toe; press the knee away from the other one."
CUE_KNEES_OUT = "Point your kneecaps at your second toes; push the knees apart."


def knee_valgus(*readers: Reader, sides: str = "each") -> Rule:
    """Inward collapse: which measure decides is MEASURES 2.2b."""
    return Rule(
        "knee_valgus",
        "each" if sides == "each" else "working",
        readers,
        found="knee falls inward",
        found_both="Both knees fall inward",
        cue=CUE_KNEES_OUT if sides == "each" else CUE_KNEE_OUT,
        confidence="medium",
    )


KFO_VARUS = Reader(
    "kfo", "ratio", typical_error("kfo"), below=Band(-0.08, -0.15), reference="coaching heuristic"
)
KTSR_VARUS = Reader(
    "ktsr",
    "ratio",
    typical_error("ktsr"),
    above=Band(1.25, 1.40),
    reference="coaching heuristic",
    most="watch",
)


def knee_varus(*readers: Reader, sides: str = "each") -> Rule:
    """Over-correction: the knee pushed outside the foot."""
    return Rule(
        "knee_varus",
        "each" if sides == "each" else "working",
        readers,
        found="knee pushed outside the foot",
        found_both="Both knees pushed outside the feet",
        cue="Let the knee come back over the middle of the foot; keep the whole sole down.",
        confidence="low",
    )


def too_fast(rep: RepLike, reader: Reader, side: int | None) -> Sample:
    """How long the way down took, without the hold."""
    return Sample(rep.descent_s)


TOO_FAST = Rule(
    "too_fast",
    "one",
    (
        Reader(
            "descent",
            "s",
            cal.TEMPO_SE_S,
            below=Band(0.8, 0.5),
            read=too_fast,
            reference="coaching heuristic; Back Squat Assessment: controlled descent",
        ),
    ),
    found="went down fast",
    cue="Take two seconds on the way down.",
    confidence="low",
)


def _unsigned(sample: Sample) -> Sample:
    return replace(sample, value=abs(sample.value))


def absolute_lean(rep: RepLike, reader: Reader, side: int | None) -> Sample:
    """Frontal trunk lean at the deepest point, either way."""
    return _unsigned(rep.at_bottom(reader.measure, None))


def lean_throughout(rep: RepLike, reader: Reader, side: int | None) -> Sample:
    """Median frontal trunk lean of a stance, either way."""
    return _unsigned(rep.whole(reader.measure, None))


def lean_reader(watch: float, flag: float, reference: str, read: Read = absolute_lean) -> Reader:
    """Sideways lean of the trunk in a front view."""
    return Reader(
        "trunk_lean",
        "deg",
        typical_error("trunk_lean"),
        above=Band(watch, flag),
        read=read,
        reference=reference,
    )


def trunk_lean(*readers: Reader, cue: str) -> Rule:
    """Leaning of the trunk, sideways from the front or forward from the side."""
    return Rule("trunk_lean", "one", readers, found="trunk leans", cue=cue, confidence="low")


TRUNK_FORWARD = Reader(
    "trunk_minus_shank",
    "deg",
    typical_error("trunk_minus_shank"),
    above=Band(10.0, 20.0),
    reference="FMS and Back Squat Assessment: trunk parallel to the shank",
)

HEEL_LIFT = Rule(
    "heel_lift",
    "each",
    (
        Reader(
            "heel_lift",
            "ratio",
            typical_error("heel_lift"),
            above=Band(0.06, 0.10),
            reference="FMS, Back Squat Assessment: foot flat",
        ),
    ),
    found="heel comes off the floor",
    found_both="Both heels come off the floor",
    cue="Keep the whole foot on the floor; go only as deep as the heels allow.",
    confidence="low",
)


def _depth(rep: RepLike, reader: Reader, side: int | None) -> Sample:
    """Depth at the bottom; approximate where the view does not give flexion."""
    sample = rep.at_bottom(reader.measure, None)
    known = any(np.isfinite(rep.at_bottom("knee_flexion", s).value) for s in (0, 1))
    if known or not np.isfinite(sample.value):
        return sample
    return replace(sample, reason="approximate in this view: the hips are farther than the knees")


SQUAT_DEPTH = Rule(
    "squat_depth",
    "one",
    (
        Reader(
            "depth",
            "ratio",
            typical_error("depth"),
            read=_depth,
            reference="definition: 0 = hip centre level with the knee (parallel)",
        ),
    ),
    found="hip height over the knee at the bottom, thigh lengths (0 = parallel, + deeper)",
    cue="",
    information=True,
)


def _near_leg(rep: RepLike, reader: Reader, side: int | None) -> Sample:
    """The leg that is seen, the near one in a side view."""
    samples = [rep.at_bottom(reader.measure, s) for s in (0, 1)]
    known = [s for s in samples if np.isfinite(s.value)]
    return known[0] if known else samples[0]


KNEE_FLEXION = Rule(
    "knee_flexion",
    "one",
    (
        Reader(
            "knee_flexion",
            "deg",
            typical_error("knee_flexion"),
            read=_near_leg,
            reference="description",
        ),
    ),
    found="knee flexion at the bottom (0 = straight; 90° is not yet parallel)",
    cue="",
    information=True,
)

FEET_PLACEMENT = Rule(
    "feet_placement",
    "one",
    (Reader("toe_out", "deg", typical_error("toe_out"), read=whole, reference="description"),),
    found="toes turned out (mean of both feet)",
    cue="",
    information=True,
)

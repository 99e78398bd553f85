"""Single-leg stance: balance on one leg."""

from kneetrack.exercises import common as c
from kneetrack.exercises.rules import Exercise, Reader, RepLike, Rule, Sample, whole
from kneetrack.exercises.single_leg_squat import BALANCE_LOST
from kneetrack.records import Band
from kneetrack.uncertainty import typical_error

_FPPA = Reader(
    "fppa",
    "deg",
    typical_error("fppa"),
    above=Band(10.0, 15.0),
    read=whole,
    reference="Herrington 2014",
)
_DROP = Reader(
    "pelvic_drop",
    "deg",
    typical_error("pelvic_drop"),
    above=Band(8.0, 12.0),
    read=whole,
    reference="Nakagawa 2012; noise of 4 degrees on the hip line",
)


def _sway(rep: RepLike, reader: Reader, side: int | None) -> Sample:
    return Sample(rep.sway())


def _held(rep: RepLike, reader: Reader, side: int | None) -> Sample:
    return Sample(rep.hold_s)


EXERCISE = Exercise(
    "single_leg_stance",
    "Single-leg stance",
    film="from the front, 20 seconds on each leg",
    aliases=("balance", "stance", "single_leg_balance"),
    working_leg="standing leg",
    rules=(
        BALANCE_LOST,
        c.knee_valgus(_FPPA, sides="working"),
        Rule(
            "pelvic_drop",
            "working",
            (_DROP,),
            found="the hip of the lifted leg drops",
            cue="Keep your belt level.",
            confidence="low",
        ),
        c.trunk_lean(
            c.lean_reader(8.0, 12.0, "Nakagawa 2012", c.lean_throughout), cue="Stand tall."
        ),
        Rule(
            "seconds_held",
            "working",
            (Reader("hold", "s", 0.1, read=_held, reference="description"),),
            found="time on one leg",
            cue="",
            information=True,
        ),
        Rule(
            "sway",
            "working",
            (Reader("sway", "ratio", 0.003, read=_sway, reference="description"),),
            found="sway of the hips (RMS, leg lengths)",
            cue="",
            information=True,
        ),
    ),
)

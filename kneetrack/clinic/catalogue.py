"""Which measures the clinic reports for each exercise and view, and how they are shown.

Names, formulas and sources are those of the report's glossary; here stands what is reported where,
on what scale, and how a number is written. Measures that are read while the knee bends 45 to 60
degrees end in ``_at_45_60``, means of both legs in ``_mean``.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache
from typing import Final, Literal

from kneetrack.clinic.catalogue_rows import ROWS, Legs
from kneetrack.clinic_records.kinds import ViewAsked
from kneetrack.clinic_records.numbers import SideDifference
from kneetrack.report import glossary
from kneetrack.result import ExerciseName, ViewName

Scale = Literal["interval", "ratio"]
"""interval: zero lies somewhere on the scale and values fall on both sides of it (angles from a
line, offsets); differences are told in units. ratio: never negative, zero means none."""

MID_RANGE: Final = "_at_45_60"
MEAN: Final = "_mean"
BODY_HEIGHT: Final = "take_body_height"
STANCE: Final = "take_stance"
YAW: Final = "take_yaw"
FACTS: Final = (BODY_HEIGHT, STANCE, YAW)
"""Facts of a whole take, kept as readings of repetition 0."""

_RATIO_SCALE: Final = {
    *("ktsr", "kasr", "knee_separation", "knee_ankle_separation", "knee_to_hip", "step_width"),
    *("knee_flexion", "lead_knee_flexion", "trailing_knee_flexion", "drop", "lift"),
    *("descent", "ascent", "hold", "foot_down", "sway", BODY_HEIGHT, STANCE),
}
_PERCENT: Final = {"drop", "descent", "ascent", "hold"}
"""Depth and time: the only scales on which two sides may be compared in percent (MEASURES 6)."""
_TELL_DEPTH: Final = {"knee_flexion", "lead_knee_flexion", "depth", "drop"}
_UNSIGNED: Final = {"hip_extension", "lunge_weight", "hips_back", "depth_difference"}
_LENGTHS: Final = {
    "depth": "thigh lengths",
    "hips_back": "thigh lengths",
    "step_width": "leg lengths",
    STANCE: "leg lengths",
}
_SIGNS: Final = {
    "trunk_lean": "Front view. Plus: towards the leg that works; in a squat towards the client's "
    "left. Balancing: how far, either way.",
}
"""Where a reading is signed otherwise than a frame (readings.py)."""
LONGEST_LABEL: Final = 31
_ABBREVIATION: Final = re.compile("[A-Z]{3}")
_OWN: Final = {
    "ascent": glossary.Measure(
        key="ascent",
        name="Time back up",
        short="Ascent",
        unit=" s",
        places=1,
        text="How long the way up takes.",
        formula="From the end of the bottom to the end of the movement.",
        sign="In seconds of true time.",
        sources=("bsa",),
    ),
    BODY_HEIGHT: glossary.Measure(
        key=BODY_HEIGHT,
        name="Height of the body in the picture",
        short="Body height",
        unit=" %",
        of="of the picture",
        scale=100,
        text="How large the client is in the picture; lying, how long.",
        formula="Standing height in the picture, divided by the height of the picture.",
        sign="The same within a tenth: comparable.",
    ),
    STANCE: glossary.Measure(
        key=STANCE,
        name="Width of the stance",
        short="Stance",
        places=2,
        text="How far apart the feet stand before the first repetition.",
        formula="Sideways distance between the ankles, divided by the length of the leg.",
        sign="The same within a tenth: comparable. Front view.",
    ),
    YAW: glossary.measure("yaw").model_copy(update={"key": YAW}),
}


@dataclass(frozen=True, slots=True)
class MeasureInfo:
    """A measure as the clinic reports it.

    key: as in :class:`~kneetrack.clinic_records.numbers.Reading`. title: with the field's
    abbreviation, "Knee over foot (KFO)". unit: in which readings are
    stored, "deg", "ratio", "s". unit_words: in which they are shown, "% of the shank", "degrees".
    places: decimals shown; number shown = value * factor. views: from where it is read, best
    first; with several, only the best that was filmed is reported. legs: see catalogue_rows.
    percent: sides may be compared in percent. tells_depth: it says how deep the movement went, so
    that a different depth does not stand in the way of comparing it. sign: what plus and minus
    mean, and where the number holds. sources: short references.
    """

    key: str
    title: str
    short: str
    unit: str
    unit_words: str
    places: int
    factor: float
    scale: Scale
    views: tuple[ViewAsked, ...]
    legs: Legs
    percent: bool
    signed: bool
    tells_depth: bool
    definition: str
    formula: str
    sign: str
    sources: tuple[str, ...]


def family(view: ViewName) -> ViewAsked:
    """From where a take is filmed that is seen like this: oblique and back count as the front."""
    asked: dict[ViewName, ViewAsked] = {"side": "side", "foot_end": "foot_end"}
    return asked.get(view, "front")


@cache
def reported(exercise: ExerciseName) -> tuple[MeasureInfo, ...]:
    """The measures of an exercise, in the order of a report; empty for "none"."""
    return tuple(
        replace(info(key), legs=legs, views=views) for key, legs, views in ROWS.get(exercise, ())
    )


@cache
def info(measure: str) -> MeasureInfo:
    """Everything about one measure; one that is not known is shown under its own name."""
    entry = _entry(measure)
    stem = _stem(measure)
    scale: Scale = "ratio" if stem in _RATIO_SCALE else "interval"
    legs, views = _usual(measure)
    return MeasureInfo(
        key=measure,
        title=_title(measure, _with_abbreviation(entry)),
        short=_title(measure, entry.short, brief=True),
        unit=_stored_unit(entry),
        unit_words=_LENGTHS.get(stem, entry.axis),
        places=_places(entry),
        factor=entry.scale,
        scale=scale,
        views=views,
        legs=legs,
        percent=stem in _PERCENT,
        signed=scale == "interval" and stem not in _UNSIGNED,
        tells_depth=stem in _TELL_DEPTH,
        definition=entry.text,
        formula=entry.formula,
        sign=_SIGNS.get(stem, entry.sign),
        sources=tuple(glossary.source(key) for key in entry.sources),
    )


def label(measure: str) -> str:
    """What a measure is called in a table: its title, or its short name where that is long."""
    about = info(measure)
    return about.title if len(about.title) <= LONGEST_LABEL else about.short


def legend(measures: Iterable[str]) -> list[str]:
    """What the short names among the labels stand for: "FPPA: Frontal-plane projection angle"."""
    stems = dict.fromkeys(_stem(m) for m in measures if label(m) != info(m).title)
    entries = [_entry(stem) for stem in stems]
    return [f"{entry.short}: {entry.name}" for entry in entries if entry.short != entry.name]


def text(
    measure: str, value: float | None, error: float | None = None, *, brief: bool = False
) -> str:
    """A value for reading, with its standard error: "+8.3 ± 2.4°", "+12 ± 3 % of the shank".

    value, error: in the unit in which readings are stored. brief: without "of the shank". A dash
    where there is no value.
    """
    return written(measure, value, error, brief=brief, signed=info(measure).signed)


def difference_text(
    measure: str, value: float | None, error: float | None = None, *, brief: bool = False
) -> str:
    """A difference of two values, always with its sign: "+3.1°", "−0.08"."""
    return written(measure, value, error, brief=brief, signed=True)


def sides_text(found: SideDifference) -> str:
    """Right less left; with one decimal more where the sides as written are further or less apart.

    "" where it could not be told.
    """
    left, right = found.left.value, found.right.value
    if found.difference is None or left is None or right is None:
        return ""
    measure = found.key.measure
    entry = _entry(measure)
    shown = [
        round(value * entry.scale, _places(entry)) for value in (left, right, found.difference)
    ]
    apart = round(shown[1] - shown[0] - shown[2], _places(entry)) != 0
    return written(
        *(measure, found.difference, found.error), brief=True, signed=True, more_places=int(apart)
    )


def size_text(measure: str, value: float) -> str:
    """A size without a sign, such as a limit: "8.5°", "0.15", "9 % of the shank"."""
    return written(measure, abs(value))


def written(
    measure: str,
    value: float | None,
    error: float | None = None,
    *,
    brief: bool = False,
    bare: bool = False,
    signed: bool = False,
    more_places: int = 0,
) -> str:
    """A number of a measure; more_places: decimals beside the usual ones; bare: without a unit."""
    if value is None or not math.isfinite(value):
        return "–"
    entry = _entry(measure)
    plain = entry.model_copy(update={"unit": "", "places": _places(entry) + more_places})
    shown = plain.number(value, signed=signed)
    if error is not None and math.isfinite(error):
        least = 10.0**-plain.places / plain.scale
        shown += f" ± {plain.number(max(error, least))}"
    if bare:
        return shown
    words = entry.of or _LENGTHS.get(_stem(measure), "")
    return shown + entry.unit + (f" {words}" if words and not brief else "")


def _stem(measure: str) -> str:
    return measure.removesuffix(MID_RANGE).removesuffix(MEAN)


def _entry(measure: str) -> glossary.Measure:
    stem = _stem(measure)
    return _OWN.get(stem) or glossary.measure(stem)


def _title(measure: str, name: str, *, brief: bool = False) -> str:
    """The glossary's name with where it is read: "..., at 45 to 60° of flexion, mean of legs"."""
    bare = measure.removesuffix(MID_RANGE)
    if bare != measure:
        name += " at 45–60°" if brief else ", at 45 to 60° of flexion"
    if bare.endswith(MEAN):
        name += ", mean" if brief else ", mean of both legs"
    return name


def _with_abbreviation(entry: glossary.Measure) -> str:
    """ "Knee over foot (KFO)"; the name alone where the field has no abbreviation of it."""
    return f"{entry.name} ({entry.short})" if _ABBREVIATION.search(entry.short) else entry.name


def _stored_unit(entry: glossary.Measure) -> str:
    return {"°": "deg", "s": "s"}.get(entry.unit.strip(), "ratio")


def _places(entry: glossary.Measure) -> int:
    return 1 if entry.unit == "°" else entry.places


def _usual(measure: str) -> tuple[Legs, tuple[ViewAsked, ...]]:
    """Legs and views in the first exercise that reports it."""
    rows = (row for rows in ROWS.values() for row in rows if row[0] == measure)
    found = next(rows, None)
    return (found[1], found[2]) if found else ("body", ("front", "side", "foot_end"))

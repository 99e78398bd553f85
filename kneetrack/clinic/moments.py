"""Which moments of a trial are shown as pictures: a typical repetition, and the most telling one.

They follow from the result alone, so that a picture's caption can be told again years later.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Final, Literal

from kneetrack.report import glossary
from kneetrack.result import RepRow, Result

MomentKey = Literal["typical", "telling", "seen"]

_TOLD_BY: Final = (
    *("kfo", "ktsr", "hip_extension", "knee_separation", "knee_flexion", "lead_knee_flexion"),
    *("trunk_lean", "pelvic_drop", "lift", "depth"),
)
"""The first of these that a trial has tells its repetitions apart."""
_LEAST_TELLS: Final = frozenset({"ktsr", "knee_separation"})
"""Measures of which the smallest value is the telling one; of the others the largest is."""
_POINT: Final[Mapping[str, str]] = {
    "glute_bridge": "at the top",
    "single_leg_stance": "halfway through",
}


@dataclass(frozen=True, slots=True)
class Moment:
    """A moment of the clip's clock. rep: its repetition, None when there is none.

    title: "Rep 3, at its deepest". caption: what makes it worth showing, with the number that
    tells, its error, and a star where it rests on a correction; "" when there is none.
    """

    key: MomentKey
    t_s: float
    rep: int | None
    title: str
    caption: str = ""


def moments(result: Result) -> tuple[Moment, ...]:
    """At most two: "typical", and "telling" where it differs by more than its error; "seen" alone
    without repetitions."""
    reps = [rep for rep in result.reps if rep.valid] or result.reps
    if not reps:
        return (Moment("seen", result.source.duration_s / 2, None, "As filmed"),)
    measure = _telling_measure(reps)
    told = [(value, rep) for rep in reps if (value := _value(rep, measure)) is not None]
    if not told:
        rep = reps[len(reps) // 2]
        return (Moment("typical", _point_s(rep), rep.index, _title(rep)),)
    middle = median(value for value, _ in told)
    typical = min(told, key=lambda pair: (abs(pair[0] - middle), pair[1].index))
    pick = min if measure in _LEAST_TELLS else max
    telling = pick(told, key=lambda pair: pair[0])
    shown = [_moment("typical", typical[1], measure)]
    if abs(telling[0] - typical[0]) > _error(telling[1], measure):
        shown.append(_moment("telling", telling[1], measure))
    return tuple(shown)


def _moment(key: MomentKey, rep: RepRow, measure: str) -> Moment:
    name = max(_columns(rep, measure), key=lambda column: _size(rep.measures[column], measure))
    shown = glossary.measure(name)
    side = next((side for side in ("left", "right") if name.endswith(f"_{side}")), "")
    number = shown.with_error(rep.measures[name], rep.errors.get(name))
    leg = f"{side} " if side else ""
    which = "typical of this take" if key == "typical" else "the most marked of this take"
    star = "*" if rep.corrected or name in rep.corrected_measures else ""
    told = " ".join(filter(None, (number, shown.of))) + star
    caption = f"{which}: {leg}{_lower(shown.name)} {told}"
    return Moment(key, _point_s(rep), rep.index, _title(rep), caption)


def _error(rep: RepRow, measure: str) -> float:
    """The largest error of the columns that tell."""
    return max((rep.errors.get(name) or 0.0 for name in _columns(rep, measure)), default=0.0)


def _lower(name: str) -> str:
    return name[:1].lower() + name[1:]


def _title(rep: RepRow) -> str:
    return f"Rep {rep.index}, {_POINT.get(rep.exercise, 'at its deepest')}"


def _point_s(rep: RepRow) -> float:
    """The moment that is read; of a balance its middle, its bottom is the end."""
    if rep.exercise == "single_leg_stance":
        return (rep.start_s + rep.end_s) / 2
    return rep.bottom_s


def _telling_measure(reps: Sequence[RepRow]) -> str:
    for measure in _TOLD_BY:
        if any(_value(rep, measure) is not None for rep in reps):
            return measure
    return ""


def _value(rep: RepRow, measure: str) -> float | None:
    """The value of the leg that tells most: the working one, or the more marked of both."""
    values = [rep.measures[column] for column in _columns(rep, measure)]
    known = [value for value in values if value is not None]
    return max(known, key=lambda value: _size(value, measure)) if known else None


def _size(value: float | None, measure: str) -> float:
    if value is None:
        return -math.inf
    return -value if measure in _LEAST_TELLS else value


def _columns(rep: RepRow, measure: str) -> list[str]:
    other = {"left": "_right", "right": "_left"}.get(rep.side)
    return [
        name
        for name, value in rep.measures.items()
        if measure
        and "_at_" not in name
        and glossary.stem(name) == measure
        and value is not None
        and not (other and name.endswith(other))
    ]

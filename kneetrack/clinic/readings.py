"""From a result to the rows that the store keeps: repetitions, readings, verdicts.

Kept are the measures that the clinic reports (catalogue), for every repetition and also where there
is no value: how many repetitions could not be read is part of the answer. Everything else of a
result stays in result.json.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from kneetrack.calibration import TEMPO_SE_S
from kneetrack.clinic import catalogue
from kneetrack.clinic.catalogue import MeasureInfo, family
from kneetrack.clinic.facts import take_facts
from kneetrack.clinic_records.numbers import Reading, TrialNumbers
from kneetrack.clinic_records.visits import RepLine, VerdictLine
from kneetrack.records import SideName
from kneetrack.result import RepRow, Result, Verdict, ViewName

HOLD_SE_S: Final = 0.1
_KEY = re.compile(
    r"(?P<name>\w+?)_(?P<unit>deg|ratio|s)(?:_(?P<side>left|right|mean))?(?P<range>_at_45_60)?"
)
_FROM_VERDICTS: Final = {"foot_down", "sway"}
"""Measures that only a verdict holds."""
_Told = tuple[float | None, float | None]


@dataclass(frozen=True, slots=True)
class Touched:
    """Which numbers a reviewer's corrections touch.

    everything: all of the take. reps: every number of these repetitions (1-based, as in the
    corrected result). readings: (rep, measure, side), measure named as in the catalogue; side
    "both" stands for either side, too. verdicts: (rep, rule, side). counted: which repetitions
    there are, and so every mean over them; the facts of the take carry the mark.
    """

    everything: bool = False
    reps: frozenset[int] = frozenset()
    readings: frozenset[tuple[int, str, SideName]] = frozenset()
    verdicts: frozenset[tuple[int, str, SideName]] = frozenset()
    counted: bool = False

    def rep(self, rep: int) -> bool:
        """Whether all of a repetition is touched."""
        return self.everything or rep in self.reps

    def reading(self, rep: int, measure: str, side: SideName) -> bool:
        """Whether one number is touched; one of the body by what touches either side."""
        sides: tuple[SideName, ...] = (
            (side, "both") if side != "both" else ("left", "right", "both")
        )
        return self.rep(rep) or any((rep, measure, s) in self.readings for s in sides)

    def verdict(self, rep: int, rule: str, side: SideName) -> bool:
        """Whether one verdict is touched."""
        named = {(rep, rule, side), (rep, rule, "both")}
        return self.rep(rep) or bool(named & self.verdicts)


def parse_key(key: str) -> tuple[str, SideName, str] | None:
    """(measure, side, unit) of a key of ``RepRow.measures``; None where it is not one.

    ``fppa_deg_left_at_45_60`` is ("fppa_at_45_60", "left", "deg"); a mean of both legs keeps its
    name and has no side: ("fppa_change_mean", "both", "deg").
    """
    found = _KEY.fullmatch(key)
    if found is None:
        return None
    name, unit, end = found["name"], found["unit"], found["range"] or ""
    if found["side"] == "mean":
        return f"{name}_mean{end}", "both", unit
    side: SideName = "both"
    if found["side"] == "left":
        side = "left"
    elif found["side"] == "right":
        side = "right"
    return name + end, side, unit


def numbers_of(trial_id: str, result: Result, *, touched: Touched | None = None) -> TrialNumbers:
    """Everything of a trial's result that the store keeps as rows.

    Measures without a side take the side of the leg that works, where one does; the trunk's lean
    is then told towards that leg, elsewhere towards the client's left. Facts of the whole take are
    readings of repetition 0; body height and stance need the result's landmarks (``result.track``).
    Those are marked corrected where repetitions were added, struck out or bounded otherwise: a mean
    over the take is another one then, though no repetition that is left was touched.
    """
    marks = touched or Touched()
    return TrialNumbers(
        exercise=result.exercise,
        reps=tuple(_rep_line(trial_id, rep, marks) for rep in result.reps),
        readings=(
            *_fact_readings(trial_id, result, marks),
            *(r for rep in result.reps for r in _rep_readings(trial_id, rep, result, marks)),
        ),
        verdicts=tuple(
            _verdict_line(trial_id, rep, verdict, marks)
            for rep in result.reps
            for verdict in rep.verdicts
        ),
    )


def _rep_line(trial_id: str, rep: RepRow, marks: Touched) -> RepLine:
    return RepLine(
        trial_id=trial_id,
        index=rep.index,
        side=rep.side,
        start_s=rep.start_s,
        bottom_s=rep.bottom_s,
        end_s=rep.end_s,
        valid=rep.valid,
        depth=_finite(rep.depth),
        corrected=marks.rep(rep.index),
    )


def _verdict_line(trial_id: str, rep: RepRow, verdict: Verdict, marks: Touched) -> VerdictLine:
    return VerdictLine(
        trial_id=trial_id,
        rep=rep.index,
        rule=verdict.rule,
        side=verdict.side,
        status=verdict.status,
        measure=verdict.measure,
        value=_finite(verdict.value),
        error=_finite(verdict.error),
        unit=verdict.unit,
        reason=verdict.reason,
        corrected=marks.verdict(rep.index, verdict.rule, verdict.side),
    )


def _fact_readings(trial_id: str, result: Result, marks: Touched) -> Iterator[Reading]:
    facts = take_facts(result)
    other_reps = any(correction.kind == "bounds" for correction in result.corrections)
    for measure, unit, value in (
        (catalogue.BODY_HEIGHT, "ratio", facts.body_height),
        (catalogue.STANCE, "ratio", facts.stance),
        (catalogue.YAW, "deg", facts.yaw_deg),
    ):
        error = _finite(result.view.yaw_error_deg) if measure == catalogue.YAW else None
        yield Reading(
            trial_id=trial_id,
            rep=0,
            exercise=result.exercise,
            measure=measure,
            side="both",
            unit=unit,
            view=result.view.name,
            value=value,
            error=error if value is not None else None,
            corrected=other_reps or marks.counted,
        )


def _rep_readings(trial_id: str, rep: RepRow, result: Result, marks: Touched) -> Iterator[Reading]:
    view = _view_of(rep, result)
    if view is None:
        return
    for about in catalogue.reported(rep.exercise):
        if family(view) not in about.views:
            continue
        for side, told in _values(rep, about, view):
            value, error = told
            yield Reading(
                trial_id=trial_id,
                rep=rep.index,
                exercise=rep.exercise,
                measure=about.key,
                side=side,
                unit=about.unit,
                view=view,
                value=value,
                error=error if value is not None else None,
                valid=rep.valid,
                corrected=marks.reading(rep.index, about.key, side),
            )


def _view_of(rep: RepRow, result: Result) -> ViewName | None:
    own = next((s.view.name for s in result.sets if s.index == rep.set), None)
    return own or result.view.name


def _values(rep: RepRow, about: MeasureInfo, view: ViewName) -> Iterator[tuple[SideName, _Told]]:
    """The sides for which a measure is told in a repetition, with value and error."""
    for side in _sides(rep, about):
        told = _of_verdicts(rep, about.key, side) if _in_verdicts(rep, about) else None
        if told is None:
            told = _of_times(rep, about.key) or _of_measures(rep, about, side, view)
        yield side, told


def _sides(rep: RepRow, about: MeasureInfo) -> tuple[SideName, ...]:
    if about.legs == "each":
        return ("left", "right")
    if about.legs == "other" and rep.side != "both":
        return ("right" if rep.side == "left" else "left",)
    return (rep.side,)


def _in_verdicts(rep: RepRow, about: MeasureInfo) -> bool:
    """A stance is read over its whole length: what holds for it stands in its verdicts."""
    return about.key in _FROM_VERDICTS or rep.exercise == "single_leg_stance"


def _of_verdicts(rep: RepRow, measure: str, side: SideName) -> _Told:
    """Value and error of the verdict that rests on a measure; nothing where none does."""
    for verdict in rep.verdicts:
        if verdict.measure == measure and verdict.side in (side, "both"):
            return _finite(verdict.value), _finite(verdict.error)
    return None, None


def _of_times(rep: RepRow, measure: str) -> _Told | None:
    times = {
        "descent": (rep.descent_s, TEMPO_SE_S),
        "ascent": (rep.ascent_s, TEMPO_SE_S),
        "hold": (rep.hold_s, HOLD_SE_S),
    }
    return times.get(measure)


def _of_measures(rep: RepRow, about: MeasureInfo, side: SideName, view: ViewName) -> _Told:
    """From the measures at the bottom: of that side, of the body, or of the leg that is seen."""
    keys = [k for k in rep.measures if (p := parse_key(k)) and p[0] == about.key]
    by_side = {p[1]: key for key in keys if (p := parse_key(key))}
    chosen = by_side.get(side) or by_side.get("both")
    told = _at(rep, chosen) if chosen else (None, None)
    if told[0] is None and side == "both" and chosen is None:
        seen = [t for t in (_at(rep, key) for key in by_side.values()) if t[0] is not None]
        told = seen[0] if len(seen) == 1 else _mean(seen)
    if about.key == "trunk_lean" and told[0] is not None:
        return told[0] * _towards(side, view), told[1]
    return told


def _at(rep: RepRow, key: str) -> _Told:
    return _finite(rep.measures.get(key)), _finite(rep.errors.get(key))


def _mean(seen: list[_Told]) -> _Told:
    """Both legs of a number that is one of the body's; their errors are taken to be alike."""
    values = [v for v, _ in seen if v is not None]
    errors = [e for _, e in seen if e is not None]
    if not values:
        return None, None
    error = sum(errors) / len(errors) if len(errors) == len(values) else None
    return sum(values) / len(values), error


def _towards(side: SideName, view: ViewName) -> float:
    """Sign that turns a lean to the right of the picture into one to the leg, or to the left.

    From the front the right of the picture is the client's left; from the back it is the right.
    """
    to_left = -1.0 if view == "back" else 1.0
    return -to_left if side == "right" else to_left


def _finite(value: float | None) -> float | None:
    return float(value) if value is not None and math.isfinite(value) else None

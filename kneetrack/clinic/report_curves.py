"""Knee measures over the repetition: each one from its start to its end, and their mean."""

from __future__ import annotations

import csv
import math
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np

from kneetrack.clinic import catalogue
from kneetrack.clinic.kept import frames_path
from kneetrack.clinic.report_visit import Visit, group_of, view_word
from kneetrack.clinic_records.visits import Trial
from kneetrack.records import FloatArray, KneetrackError, SideName
from kneetrack.report.clinic.facts import Curve, CurveLine
from kneetrack.result import RepRow

_POINTS: Final = 51
_LEAST_TIMES: Final = 5
_MOST: Final = 8
_SHOWN: Final = {
    ("squat", "front"): ("kfo",),
    ("squat", "side"): ("knee_flexion",),
    ("lateral_lunge", "front"): ("kfo", "lead_knee_flexion"),
    ("lateral_lunge", "side"): ("knee_flexion",),
    ("single_leg_squat", "front"): ("kfo", "trunk_lean"),
    ("single_leg_squat", "side"): ("knee_flexion",),
    ("glute_bridge", "side"): ("lift",),
    ("glute_bridge", "foot_end"): ("knee_separation",),
}
_DEEP: Final = 0.5
"""Of a repetition's depth: a knee over its foot says nothing while the leg steps out and back."""
_ONE_BODY: Final = ("glute_bridge",)
Table = dict[str, FloatArray]


def curves(visit: Visit) -> tuple[Curve, ...]:
    """At most eight, in the protocol's order; those of one leg each share a curve."""
    lines: dict[tuple[str, str, str], list[CurveLine]] = {}
    facts: dict[tuple[str, str, str], tuple[str, bool]] = {}
    for step, trial in visit.takes():
        for measure in _SHOWN.get((step.exercise, trial.view), ()):
            key = group_of(step.key), measure, trial.view
            found = _lines(visit, trial, measure)
            if found:
                lines.setdefault(key, []).extend(found)
                corrected = bool(visit.store.corrections(trial.id))
                facts[key] = (visit.title(step.key), corrected or facts.get(key, ("", False))[1])
    shown = []
    for (_, measure, view), own in list(lines.items())[:_MOST]:
        about = catalogue.info(measure)
        title, corrected = facts[(_, measure, view)]
        shown.append(
            Curve(title, about.title, about.unit_words, view_word(view), tuple(own), corrected)
        )
    return tuple(shown)


def _lines(visit: Visit, trial: Trial, measure: str) -> list[CurveLine]:
    result = visit.results.get(trial.id)
    if result is None:
        return []
    about = catalogue.info(measure)
    try:
        path = frames_path(visit.store, trial.id)
    except KneetrackError:
        return []
    stem = f"{measure}_{about.unit}"
    names = (f"{stem}_left", f"{stem}_right", stem)
    table = read_columns(path, ("t_s", "rep_depth_ratio", *names))
    left, right, body = (table.get(name) for name in names)
    reps = [rep for rep in result.reps if rep.valid and rep.exercise == trial.exercise]
    found: list[CurveLine | None] = []
    if trial.exercise in _ONE_BODY or (trial.exercise == "squat" and trial.view == "side"):
        pair = [column for column in (left, right) if column is not None]
        column = body if body is not None else _mean(pair)
        found.append(_line("both", table, column, reps, about.factor))
    else:
        sides: tuple[tuple[SideName, FloatArray | None], ...] = (("left", left), ("right", right))
        for side, column in sides:
            own = [rep for rep in reps if rep.side in (side, "both")]
            shown = body if column is None else column
            deep = trial.exercise == "lateral_lunge" and measure == "kfo"
            found.append(_line(side, table, shown, own, about.factor, deep))
    return [line for line in found if line is not None]


def _mean(columns: Sequence[FloatArray]) -> FloatArray | None:
    """Of what is known at each moment."""
    if not columns:
        return None
    stacked = np.stack(columns)
    known = np.isfinite(stacked)
    count = known.sum(axis=0)
    total = np.where(known, stacked, 0.0).sum(axis=0)
    return np.where(count > 0, total / np.maximum(count, 1), np.nan)


def _line(
    side: SideName,
    table: Table,
    column: FloatArray | None,
    reps: Sequence[RepRow],
    factor: float,
    deep_only: bool = False,
) -> CurveLine | None:
    if column is None or not reps:
        return None
    every = np.stack([over_rep(table["t_s"], column * factor, rep) for rep in reps])
    if deep_only and "rep_depth_ratio" in table:
        depths = np.stack([over_rep(table["t_s"], table["rep_depth_ratio"], rep) for rep in reps])
        deepest = np.array([rep.depth or np.nan for rep in reps])[:, None]
        every = np.where(depths >= _DEEP * deepest, every, np.nan)
    if not np.isfinite(every).any():
        return None
    enough = np.isfinite(every).sum(axis=0) * 2 >= len(reps)
    mean = _mean(list(every))
    assert mean is not None
    return CurveLine(
        side, _plain(np.where(enough, mean, np.nan)), tuple(_plain(values) for values in every)
    )


def over_rep(t_s: FloatArray, values: FloatArray, rep: RepRow) -> FloatArray:
    """The values at 51 moments from the start to the end of a repetition; gaps stay gaps."""
    moments = np.linspace(rep.start_s, rep.end_s, _POINTS)
    inside = (t_s >= rep.start_s) & (t_s <= rep.end_s)
    if inside.sum() < _LEAST_TIMES:
        return np.full(_POINTS, np.nan)
    return np.asarray(np.interp(moments, t_s[inside], values[inside]), np.float64)


def _plain(values: FloatArray) -> tuple[float | None, ...]:
    return tuple(round(v, 3) if math.isfinite(v) else None for v in values.tolist())


def read_columns(path: Path, names: Sequence[str]) -> Table:
    """Those columns of a frames.csv that are there; empty cells are NaN."""
    with path.open(encoding="utf-8", newline="") as stream:
        rows = csv.reader(stream)
        header = next(rows, [])
        wanted = {name: header.index(name) for name in names if name in header}
        lines = list(rows)
    return {
        name: np.array([float(row[i]) if row[i] else np.nan for row in lines], np.float64)
        for name, i in wanted.items()
    }

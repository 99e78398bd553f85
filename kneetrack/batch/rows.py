"""From a result to the rows of the tables; NaN and infinity become null, never a number."""

from __future__ import annotations

import math
from collections import Counter
from typing import Any

from kneetrack.batch.columns import ERROR, measure_columns
from kneetrack.clinic.readings import numbers_of
from kneetrack.records import Status
from kneetrack.report.overview import rep_status
from kneetrack.result import RepRow, Result, ViewName

Cells = dict[str, Any]


def clip_cells(result: Result) -> Cells:
    """What clips.parquet holds of a result."""
    source, view, picture = result.source, result.view, result.source.picture
    states: Counter[Status] = Counter(rep_status(rep) for rep in result.reps)
    cells: Cells = {
        "exercise": result.exercise,
        "exercise_detected": result.exercise_detected,
        "side": result.side,
        "reason": result.reason or None,
        "sets": len(result.sets),
        "reps": len(result.reps),
        "reps_valid": sum(rep.valid for rep in result.reps),
        **{f"reps_{state}": states[state] for state in ("ok", "watch", "flag", "cannot_tell")},
        "view": view.name,
        "yaw_deg": view.yaw_deg,
        "yaw_error_deg": view.yaw_error_deg,
        "roll_deg": view.roll_deg,
        "roll_error_deg": view.roll_error_deg,
        "view_reason": view.reason or None,
        "fps_per_s": source.fps,
        "duration_s": source.duration_s,
        "frames": source.frames,
        "width_px": source.size_px[0],
        "height_px": source.size_px[1],
        "codec": source.codec or None,
        "playback_speed": source.speed,
        "variable_frame_rate": source.variable_frame_rate,
        "people_seen": result.people.people_seen,
        "swaps_repaired": result.swaps_repaired,
        "notes": "\n".join(result.notes) or None,
        "mediapipe": result.provenance.mediapipe or None,
        "video_sha256": source.sha256 or None,
    }
    if picture is not None:
        for name in ("brightness", "contrast", "noise", "sharpness"):
            cells[name] = getattr(picture, name)
    return finite(cells)


def rep_cells(result: Result) -> list[Cells]:
    """A row a repetition, with every measure that is known to the schema."""
    views = _views(result)
    return [_rep(rep, views.get(rep.set)) for rep in result.reps]


def verdict_cells(result: Result) -> list[Cells]:
    """A row a repetition, rule and side."""
    views = _views(result)
    return [
        finite(
            {
                "rep": rep.index,
                "exercise": rep.exercise,
                "view": views.get(rep.set),
                "rule": verdict.rule,
                "side": verdict.side,
                "status": verdict.status,
                "measure": verdict.measure or None,
                "value": verdict.value,
                "error": verdict.error,
                "unit": verdict.unit or None,
                "reason": verdict.reason or None,
                "information": verdict.information,
                "rep_valid": rep.valid,
            }
        )
        for rep in result.reps
        for verdict in rep.verdicts
    ]


def reading_cells(result: Result) -> list[list[Any]]:
    """[exercise, measure, side, view, value, error] of the repetitions judged, for the report.

    The measures that can be told from the view at all; value None where one could not be.
    """
    return [
        [r.exercise, r.measure, r.side, r.view, _finite(r.value), _finite(r.error)]
        for r in numbers_of("", result).readings
        if r.rep > 0 and r.valid
    ]


def finite(cells: Cells) -> Cells:
    """The same with null in place of what is not a number."""
    return {name: _finite(value) for name, value in cells.items()}


def _finite(value: Any) -> Any:
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _views(result: Result) -> dict[int, ViewName | None]:
    return {part.index: part.view.name or result.view.name for part in result.sets}


def _rep(rep: RepRow, view: ViewName | None) -> Cells:
    cells: Cells = {
        "rep": rep.index,
        "set": rep.set,
        "exercise": rep.exercise,
        "side": rep.side,
        "view": view,
        "status": rep_status(rep),
        "valid": rep.valid,
        "start_s": rep.start_s,
        "bottom_s": rep.bottom_s,
        "end_s": rep.end_s,
        "descent_s": rep.descent_s,
        "hold_s": rep.hold_s,
        "ascent_s": rep.ascent_s,
        "rep_depth_ratio": rep.depth,
    }
    for name in measure_columns():
        cells[name] = rep.measures.get(name)
        cells[name + ERROR] = rep.errors.get(name)
    return {name: value for name, value in finite(cells).items() if value is not None}

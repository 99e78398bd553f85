"""Puts the rows of a result together from what was found, measured and judged."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kneetrack.exercises.rules import Exercise, Sample
from kneetrack.gates import Gated, Scene
from kneetrack.judge import summarise
from kneetrack.posture import Posture
from kneetrack.question import BridgeMode, Question, Request
from kneetrack.reading import MID_RANGE_MEASURES, MID_RANGE_SUFFIX, RepReader
from kneetrack.records import (
    FloatArray,
    FrameTable,
    PoseTrack,
    SideName,
    Status,
)
from kneetrack.result import (
    Coverage,
    RepRow,
    Result,
    SetRow,
    SummaryRow,
    Verdict,
    View,
)
from kneetrack.sets import Found, FoundSet
from kneetrack.symmetry import sides_of

__all__ = ["AnalysedSet", "BridgeMode", "Question", "Request", "assemble", "rep_rows"]


@dataclass(frozen=True, slots=True)
class AnalysedSet:
    """One set with everything that was read and judged; lists run over its repetitions."""

    found: FoundSet
    scene: Scene
    view: View
    measures: dict[str, Gated]
    readers: list[RepReader]
    verdicts: list[list[Verdict]]
    valid: list[bool]
    exercise: Exercise | None


def assemble(
    track: PoseTrack,
    raw: PoseTrack,
    posture: Posture,
    found: Found,
    analysed: list[AnalysedSet],
    yaw: FloatArray,
    request: Request,
) -> Result:
    """The result of a track: ``track`` as smoothed, ``raw`` as it came."""
    counts = [len(a.found.reps) for a in analysed]
    main = analysed[int(np.argmax(counts))]
    reps = rep_rows(analysed)
    sides = {a.found.side for a in analysed if a.found.reps}
    result = Result(
        exercise=main.found.exercise,
        exercise_detected=found.detected,
        side=(sides.pop() if len(sides) == 1 else "alternating") if sides else None,
        reason=found.reason,
        source=request.source,
        view=main.view,
        sets=[_set_row(i, a, reps) for i, a in enumerate(analysed, 1) if a.found.reps],
        reps=reps,
        rejected=found.rejected,
        summary=[row for i, a in enumerate(analysed, 1) for row in _summary(i, a)],
        coverage=_coverage(analysed, reps),
        swaps_repaired=request.swaps_repaired,
        people=request.people,
        notes=list(request.notes),
        provenance=request.provenance,
        frames=_frame_table(track, posture, analysed, reps, yaw),
        track=raw,
    )
    return result.model_copy(update={"sides": sides_of(result)})


def rep_rows(analysed: list[AnalysedSet]) -> list[RepRow]:
    """One row a repetition, numbered over all sets."""
    rows: list[RepRow] = []
    for number, part in enumerate(analysed, 1):
        for reader, verdicts, valid in zip(part.readers, part.verdicts, part.valid, strict=True):
            dip = reader.found.dip
            samples = _samples(reader)
            rows.append(
                RepRow(
                    index=len(rows) + 1,
                    set=number,
                    exercise=reader.found.exercise,
                    side=reader.found.side,
                    start_s=dip.start_s,
                    bottom_s=dip.bottom_s,
                    end_s=dip.end_s,
                    descent_s=dip.descent_s,
                    hold_s=dip.hold_s,
                    ascent_s=dip.ascent_s,
                    valid=valid,
                    depth=dip.depth if np.isfinite(dip.depth) else None,
                    measures={name: _told(s.value) for name, s in samples.items()},
                    errors={
                        name: _told(s.error if np.isfinite(s.value) else np.nan)
                        for name, s in samples.items()
                    },
                    verdicts=verdicts,
                )
            )
    return rows


def _samples(reader: RepReader) -> dict[str, Sample]:
    """Every measure at the bottom, and FPPA and its change also in mid-range."""
    samples: dict[str, Sample] = {}
    for key, gated in reader.measures.items():
        sides: list[int | None] = [0, 1] if gated.values.ndim == 2 else [None]
        for name, side in zip(gated.columns(), sides, strict=True):
            samples[name] = reader.at_bottom(key, side)
            if key in MID_RANGE_MEASURES:
                samples[name + MID_RANGE_SUFFIX] = reader.mid_range(key, side)
    return samples


def _told(value: float) -> float | None:
    return round(value, 4) if np.isfinite(value) else None


def _set_row(number: int, part: AnalysedSet, reps: list[RepRow]) -> SetRow:
    own = [rep for rep in reps if rep.set == number]
    return SetRow(
        index=number,
        exercise=part.found.exercise,
        side=part.found.side,
        start_s=own[0].start_s,
        end_s=own[-1].end_s,
        reps=[rep.index for rep in own],
        view=part.view,
    )


def _summary(number: int, part: AnalysedSet) -> list[SummaryRow]:
    if part.exercise is None:
        return []
    rows: list[SummaryRow] = []
    for rule in part.exercise.rules:
        sides: tuple[SideName, ...] = ("left", "right", "both")
        for side in sides:
            own = [
                v
                for verdicts in part.verdicts
                for v in verdicts
                if v.rule == rule.name and v.side == side
            ]
            if own:
                rows.append(summarise(rule, side, own, number))
    asymmetry = _asymmetry(number, part, rows)
    return [*rows, asymmetry] if asymmetry else rows


def _asymmetry(number: int, part: AnalysedSet, rows: list[SummaryRow]) -> SummaryRow | None:
    """Right less left of the deciding alignment measure, in its own unit, never a percentage."""
    legs = {row.side: row for row in rows if row.rule == "knee_valgus"}
    left, right = legs.get("left"), legs.get("right")
    if part.found.exercise == "glute_bridge" or left is None or right is None:
        return None
    value = error = None
    status: Status = "cannot_tell"
    if left.value is None or right.value is None or left.measure != right.measure:
        reason = left.reason or right.reason or "the legs were judged by different measures"
    elif left.measure == "ktsr":
        reason = "only the distance between the knees is known in this view"
    else:
        status, value = "ok", right.value - left.value
        error = float(np.hypot(left.error or 0, right.error or 0))
        reason = "right less left; a difference within its error is none"
    return SummaryRow(
        rule="asymmetry",
        side="both",
        status=status,
        measure="kfo" if value is None else left.measure,
        value=value,
        unit="ratio" if value is None else left.unit,
        error=error,
        reason=reason,
        information=True,
        set=number,
        reps_valid=min(left.reps_valid, right.reps_valid) if value is not None else 0,
        reps_total=max(left.reps_total, right.reps_total),
    )


def _coverage(analysed: list[AnalysedSet], reps: list[RepRow]) -> dict[str, Coverage]:
    """Share of the frames in repetitions in which each column was valid, and why not."""
    valid: Counter[str] = Counter()
    total: Counter[str] = Counter()
    reasons: dict[str, Counter[str]] = {}
    for part in analysed:
        inside = np.zeros(part.found.last - part.found.first, bool)
        for reader in part.readers:
            inside[reader.frames] = True
        if not inside.any():
            continue
        for gated in part.measures.values():
            sides: list[int | None] = [0, 1] if gated.values.ndim == 2 else [None]
            for name, side in zip(gated.columns(), sides, strict=True):
                code = gated.side(side)[1][inside]
                total[name] += len(code)
                valid[name] += int((code == 0).sum())
                counts = np.bincount(code, minlength=1)
                for index in np.flatnonzero(counts[1:]):
                    text = gated.reasons[int(index)]
                    reasons.setdefault(name, Counter())[text] += int(counts[index + 1])
    return {
        name: Coverage(
            valid_fraction=valid[name] / total[name],
            reasons={k: v / total[name] for k, v in reasons.get(name, Counter()).items()},
        )
        for name in total
    }


def _frame_table(
    track: PoseTrack,
    posture: Posture,
    analysed: list[AnalysedSet],
    reps: list[RepRow],
    yaw: FloatArray,
) -> FrameTable:
    columns: dict[str, FloatArray] = {}
    for part in analysed:
        for gated in part.measures.values():
            for name, values in gated.columns().items():
                if name not in columns:
                    columns[name] = np.full(len(track), np.nan, np.float32)
                columns[name][part.found.first : part.found.last] = values
    columns["yaw_deg"] = np.where(posture.seen & ~posture.lying, yaw, np.nan)
    columns["rep_depth_ratio"] = np.asarray(posture.sink, np.float64)
    rep, phase = _phases(track.t_s, reps)
    return FrameTable(track.t_s, rep, phase, columns, track.xy_px)


def _phases(t_s: FloatArray, reps: list[RepRow]) -> tuple[NDArray[np.int64], tuple[str, ...]]:
    rep = np.zeros(len(t_s), np.int64)
    phase = np.full(len(t_s), "", dtype="<U8")
    for row in reps:
        down_s = row.start_s + row.descent_s
        inside = (t_s >= row.start_s) & (t_s <= row.end_s)
        rep[inside] = row.index
        phase[inside & (t_s < down_s)] = "descent"
        phase[inside & (t_s >= down_s) & (t_s <= down_s + row.hold_s)] = "hold"
        phase[inside & (t_s > down_s + row.hold_s)] = "ascent"
    return rep, tuple(str(p) for p in phase)

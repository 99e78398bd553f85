"""The pipeline over a whole track: smooth, recognise, measure, judge, tell.

Pure: landmarks in, :class:`~kneetrack.result.Result` out. Disk, video and the pose model are
elsewhere; stored landmarks can be analysed again with other settings or another exercise.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from kneetrack import signals
from kneetrack import skeleton as sk
from kneetrack.angles import middle
from kneetrack.baseline import (
    Baseline,
    facing_sign,
    measure_baseline,
    resting_frames,
    standing_frames,
)
from kneetrack.exercises.rules import Exercise
from kneetrack.judge import judge_rep, summarise
from kneetrack.measures import Gated, Scene, all_measures
from kneetrack.posture import Posture, describe
from kneetrack.reading import RepReader
from kneetrack.records import FloatArray, FrameTable, NobodySeenError, PoseTrack, SideName
from kneetrack.result import (
    Coverage,
    ExerciseName,
    People,
    Provenance,
    RepRow,
    Result,
    SetRow,
    Source,
    SummaryRow,
    Verdict,
    View,
)
from kneetrack.sets import Found, FoundRep, FoundSet, find_sets
from kneetrack.settings import Settings
from kneetrack.view import describe_view, near_side, yaw_deg

BridgeMode = Literal["low", "full"]
LEAST_SEEN = 0.9
"""A repetition with fewer valid frames is counted but not judged (MEASURES 6)."""


@dataclass(frozen=True, slots=True)
class Request:
    """What to analyse a track for, and what is known about where it came from."""

    source: Source
    provenance: Provenance
    settings: Settings
    exercise: ExerciseName | None = None
    bridge_mode: BridgeMode = "low"
    people: People = People()
    swaps_repaired: int = 0
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _AnalysedSet:
    found: FoundSet
    view: View
    measures: dict[str, Gated]
    readers: list[RepReader]
    verdicts: list[list[Verdict]]
    valid: list[bool]
    exercise: Exercise | None


def smooth_track(track: PoseTrack) -> PoseTrack:
    """Gaps up to 0.2 s filled, then zero-phase filtered; confidence as it was."""
    xy = _smooth(track.t_s, track.xy_px)
    xyz = None if track.xyz_m is None else _smooth(track.t_s, track.xyz_m)
    return replace(track, xy_px=xy, xyz_m=xyz)


def _smooth(t_s: FloatArray, values: FloatArray) -> FloatArray:
    flat = np.array(values, np.float64).reshape(len(t_s), -1)
    for column in np.flatnonzero(~np.isfinite(flat).all(axis=0)):
        flat[:, column] = signals.fill_gaps(t_s, flat[:, column])
    return signals.smooth(t_s, flat).reshape(values.shape)


def analyse_track(track: PoseTrack, request: Request) -> Result:
    """Everything that can be told of one person's track.

    Raises NobodySeenError when no frame shows hips, knees and ankles.
    """
    if len(track) < 5:
        raise NobodySeenError("the clip is too short: fewer than five frames could be read")
    smooth = smooth_track(track)
    posture = describe(smooth)
    if not posture.seen.any():
        raise NobodySeenError(
            "nobody was seen from hip to foot: keep the whole body in the picture, in good light"
        )
    yaw = yaw_deg(smooth.xy_px, smooth.xyz_m)
    settings = request.settings
    found = find_sets(posture, yaw, settings.reps, settings.recognise, request.exercise)
    sets = found.sets or [FoundSet("none", [], 0, len(track))]
    analysed = [_analyse_set(s, smooth, posture, yaw, request) for s in sets]
    return _result(smooth, track, posture, found, analysed, yaw, request)


def _analyse_set(
    found: FoundSet, track: PoseTrack, posture: Posture, yaw: FloatArray, request: Request
) -> _AnalysedSet:
    part = slice(found.first, found.last)
    inside = np.zeros(len(track), bool)
    inside[part] = posture.seen[part]
    lying = found.exercise == "glute_bridge" or (
        found.exercise == "none" and bool(posture.lying[inside].mean() > 0.5)
    )
    scene, view = _scene(found, track, posture, yaw, inside, lying, request)
    xy, confidence = track.xy_px[part], track.confidence[part]
    measures = all_measures(xy, confidence, scene)
    readers = [
        RepReader(rep, track.t_s[part], found.first, measures, posture, request.bridge_mode)
        for rep in found.reps
    ]
    exercise = request.settings.exercises.get(found.exercise)
    seen = _legs_seen(xy, confidence, scene)
    valid = [reader.seen_fraction(seen) >= LEAST_SEEN for reader in readers]
    verdicts = [
        _judge(reader, exercise, ok, request.bridge_mode) if exercise else []
        for reader, ok in zip(readers, valid, strict=True)
    ]
    return _AnalysedSet(found, view, measures, readers, verdicts, valid, exercise)


def _scene(
    found: FoundSet,
    track: PoseTrack,
    posture: Posture,
    yaw: FloatArray,
    inside: NDArray[np.bool_],
    lying: bool,
    request: Request,
) -> tuple[Scene, View]:
    xy = track.xy_px
    one_leg = found.exercise.startswith("single_leg")
    frames = (
        resting_frames(posture, inside)
        if lying
        else standing_frames(posture, inside, one_leg=one_leg)
    )
    baseline: Baseline = measure_baseline(xy, frames, inside)
    two_feet = standing_frames(posture, inside, one_leg=False) if not lying else frames
    shown = two_feet if two_feet.sum() >= 3 else _high_frames(posture, inside)
    angle = float(np.nanmedian(yaw[shown])) if np.isfinite(yaw[shown]).any() else float("nan")
    trunk = float(np.nanmedian(posture.trunk_legs[inside])) if inside.any() else 1.0
    view = describe_view(angle, lying=lying, trunk_legs=trunk)
    scene = Scene(
        exercise=found.exercise,
        view=view,
        lying=lying,
        forward=facing_sign(xy[inside]) if not lying else _bridge_forward(xy[inside]),
        baseline=baseline,
        limits=request.settings.view,
        size_px=track.size_px,
    )
    return scene, view


def _high_frames(posture: Posture, inside: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """The quarter of the frames in which the person stands tallest."""
    sink = np.where(inside, posture.sink, np.nan)
    if not np.isfinite(sink).any():
        return inside
    return np.asarray(np.nan_to_num(sink, nan=np.inf) <= np.nanpercentile(sink, 25) + 1e-9)


def _bridge_forward(xy: FloatArray) -> float:
    """+1 when the knees are to the right of the shoulders in the picture."""
    knees, shoulders = middle(xy, sk.KNEES)[:, 0], middle(xy, sk.SHOULDERS)[:, 0]
    return 1.0 if np.nanmedian(knees - shoulders) > 0 else -1.0


def _legs_seen(xy: FloatArray, confidence: FloatArray, scene: Scene) -> NDArray[np.bool_]:
    """(T, 2): hip, knee and ankle there and trusted; of the near leg alone in side views."""
    least = 0.3 if scene.lying else min(0.5, scene.limits.visibility)
    seen = np.ones((len(xy), 2), bool)
    for joint in (sk.HIPS, sk.KNEES, sk.ANKLES):
        points = list(joint)
        seen &= np.isfinite(xy[:, points]).all(axis=-1) & (confidence[:, points] >= least)
    if scene.lying:
        return np.repeat(seen.any(axis=1, keepdims=True), 2, axis=1)
    if scene.view.name == "side":
        return np.repeat(seen[:, [near_side(scene.yaw)]], 2, axis=1)
    return seen


def _judge(
    reader: RepReader, exercise: Exercise, valid: bool, bridge_mode: BridgeMode
) -> list[Verdict]:
    barred = "" if valid else "legs hidden or out of the picture in over 10 % of the repetition"
    return [
        verdict
        for rule in exercise.rules
        if rule.bridge_mode in (None, bridge_mode)
        for verdict in judge_rep(rule, reader, barred=barred)
    ]


# ------------------------------------------------------------------ putting the result together


def _result(
    track: PoseTrack,
    raw: PoseTrack,
    posture: Posture,
    found: Found,
    analysed: list[_AnalysedSet],
    yaw: FloatArray,
    request: Request,
) -> Result:
    counts = [len(a.found.reps) for a in analysed]
    main = analysed[int(np.argmax(counts))]
    reps = _rep_rows(analysed)
    sides = {a.found.side for a in analysed if a.found.reps}
    return Result(
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


def _rep_rows(analysed: list[_AnalysedSet]) -> list[RepRow]:
    rows: list[RepRow] = []
    for number, part in enumerate(analysed, 1):
        for reader, verdicts, valid in zip(part.readers, part.verdicts, part.valid, strict=True):
            dip = reader.found.dip
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
                    depth=dip.depth,
                    measures=_bottom_values(reader),
                    verdicts=verdicts,
                )
            )
    return rows


def _bottom_values(reader: RepReader) -> dict[str, float | None]:
    values: dict[str, float | None] = {}
    for key, gated in reader.measures.items():
        sides: list[int | None] = [0, 1] if gated.values.ndim == 2 else [None]
        for name, side in zip(gated.columns(), sides, strict=True):
            value = reader.at_bottom(key, side).value
            values[name] = round(value, 4) if np.isfinite(value) else None
    return values


def _set_row(number: int, part: _AnalysedSet, reps: list[RepRow]) -> SetRow:
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


def _summary(number: int, part: _AnalysedSet) -> list[SummaryRow]:
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


def _asymmetry(number: int, part: _AnalysedSet, rows: list[SummaryRow]) -> SummaryRow | None:
    """Right less left of the deciding alignment measure, in its own unit, never a percentage."""
    legs = {row.side: row for row in rows if row.rule == "knee_valgus"}
    left, right = legs.get("left"), legs.get("right")
    if part.found.exercise == "glute_bridge" or (left is None) != (right is None):
        return None
    if left is None or right is None:
        return None
    base = {"rule": "asymmetry", "side": "both", "information": True, "set": number}
    if left.value is None or right.value is None or left.measure != right.measure:
        return SummaryRow(
            **base, status="cannot_tell", measure="kfo", unit="ratio", reason=left.reason
        )
    if left.measure == "ktsr":
        reason = "only the distance between the knees is known in this view"
        return SummaryRow(
            **base, status="cannot_tell", measure="kfo", unit="ratio", reason=reason
        )
    return SummaryRow(
        **base,
        status="ok",
        measure=left.measure,
        value=right.value - left.value,
        unit=left.unit,
        error=float(np.hypot(left.error or 0, right.error or 0)),
        reason="right less left; a difference within its error is none",
        reps_valid=min(left.reps_valid, right.reps_valid),
        reps_total=max(left.reps_total, right.reps_total),
    )


def _coverage(analysed: list[_AnalysedSet], reps: list[RepRow]) -> dict[str, Coverage]:
    """Share of the frames in repetitions in which each column was valid, and why not."""
    valid: Counter[str] = Counter()
    total: Counter[str] = Counter()
    reasons: dict[str, Counter[str]] = {}
    for part in analysed:
        inside = np.zeros(part.found.last - part.found.first, bool)
        for reader in part.readers:
            inside |= reader.frames
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
    analysed: list[_AnalysedSet],
    reps: list[RepRow],
    yaw: FloatArray,
) -> FrameTable:
    columns: dict[str, NDArray[np.float64]] = {}
    for part in analysed:
        for gated in part.measures.values():
            for name, values in gated.columns().items():
                whole = columns.setdefault(name, np.full(len(track), np.nan))
                whole[part.found.first : part.found.last] = values
    columns["yaw_deg"] = np.where(posture.seen & ~posture.lying, yaw, np.nan)
    columns["rep_depth_ratio"] = posture.sink
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


def describe_reps(reps: list[FoundRep]) -> str:
    """A short plain list, for logs and tests."""
    return ", ".join(f"{r.exercise} {r.side} {r.dip.bottom_s:.2f}" for r in reps)

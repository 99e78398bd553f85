"""Made-up results that look like real ones, for the tests of the report room."""

from __future__ import annotations

import numpy as np

from kneetrack.records import FrameTable
from kneetrack.result import (
    Coverage,
    People,
    Provenance,
    Rejected,
    RepRow,
    Result,
    SetRow,
    Source,
    SummaryRow,
    Verdict,
    View,
)

FRONT = View(name="front", yaw_deg=1.6, yaw_error_deg=2.0)
SIDE = View(name="side", yaw_deg=88.0, yaw_error_deg=4.0)
NO_HEELS = "heels are not visible from the front: film a side take"
BANDS = {
    "knee_valgus": [
        _band
        for _band in (
            {"measure": "kfo", "unit": "ratio", "watch": 0.04, "flag": 0.10},
            {"measure": "ktsr", "unit": "ratio", "watch": 0.90, "flag": 0.80},
        )
    ],
    "knee_varus": {"measure": "kfo", "unit": "ratio", "watch": -0.08, "flag": -0.15},
    "trunk_lean": {"measure": "trunk_lean", "unit": "deg", "watch": 8.0, "flag": 12.0},
    "weight_shift": {"measure": "weight_shift", "unit": "ratio", "watch": 0.08, "flag": 0.15},
    "too_fast": {"measure": "descent", "unit": "s", "watch": 0.8, "flag": 0.5},
    "heel_lift": {"measure": "heel_lift", "unit": "ratio", "watch": 0.06, "flag": 0.10},
    "lunge_too_deep": {"measure": "knee_flexion", "unit": "deg", "watch": 100.0, "flag": 115.0},
}
REFERENCE = "Ageberg 2010; 2nd toe, medial border of the foot"


def provenance() -> Provenance:
    bands = {
        rule: [dict(b, reference=REFERENCE, confidence="L-M") for b in band]
        if isinstance(band, list)
        else dict(band, reference="heuristic", confidence="L")
        for rule, band in BANDS.items()
    }
    return Provenance(
        kneetrack="0.1.0",
        mediapipe="1.2.2",
        opencv="5.0.0",
        model_sha256="59f8" * 16,
        numpy="2.4.0",
        scipy="1.17.0",
        thresholds={"bands": bands, "smoothing_hz": 6.0},
    )


def source(file: str = "sq_in30_right_ben.mp4", frames: int = 165, fps: float = 30.0) -> Source:
    return Source(
        file=file,
        sha256="ab" * 32,
        fps=fps,
        duration_s=frames / fps,
        frames=frames,
        size_px=(720, 960),
        codec="h264",
    )


def shape(t_s: np.ndarray, reps: list[tuple[float, float, float]]) -> np.ndarray:
    """0 standing, 1 at every bottom, smooth."""
    depth = np.zeros_like(t_s)
    for start, bottom, end in reps:
        down = (t_s >= start) & (t_s <= bottom)
        up = (t_s > bottom) & (t_s <= end)
        depth[down] = 0.5 - 0.5 * np.cos(np.pi * (t_s[down] - start) / (bottom - start))
        depth[up] = 0.5 + 0.5 * np.cos(np.pi * (t_s[up] - bottom) / (end - bottom))
    return depth


def frame_table(
    reps: list[tuple[float, float, float]],
    n_frames: int,
    kfo: list[tuple[float, float]],
    fps: float = 30.0,
) -> FrameTable:
    """Per-frame numbers with the KFO (left, right) given for the bottom of each repetition."""
    t_s = np.arange(n_frames) / fps
    depth = shape(t_s, reps)
    rep = np.zeros(n_frames, np.int64)
    phase = ["rest"] * n_frames
    peak = np.zeros((n_frames, 2))
    for i, (start, bottom, end) in enumerate(reps):
        inside = (t_s >= start) & (t_s <= end)
        rep[inside] = i + 1
        peak[inside] = kfo[i]
        for j in np.flatnonzero(inside):
            phase[j] = "descent" if t_s[j] < bottom else "ascent"
    noise = 0.01 * np.sin(np.arange(n_frames)[:, None] * (0.9, 1.3))
    offset = -0.06 + depth[:, None] * (peak + 0.06) + noise
    gap = slice(n_frames // 2, n_frames // 2 + 8)
    flexion = np.where(depth[:, None] > 0.1, np.nan, depth[:, None]) * np.ones(2)
    columns = {
        "kfo_ratio_left": offset[:, 0],
        "kfo_ratio_right": offset[:, 1],
        "ktsr_ratio": 1.0 - 0.9 * depth * peak.mean(axis=1),
        "fppa_deg_left": -4 - 14 * depth,
        "fppa_deg_right": -3 + 20 * depth * peak[:, 1],
        "fppa_change_deg_left": -14 * depth,
        "fppa_change_deg_right": 20 * depth * peak[:, 1],
        "fppa_change_deg_mean": 10 * depth * peak.mean(axis=1) - 7 * depth,
        "knee_flexion_deg_left": flexion[:, 0],
        "knee_flexion_deg_right": flexion[:, 1],
        "knee_flexion_gate_deg_left": 66 * depth,
        "knee_flexion_gate_deg_right": 64 * depth,
        "depth_ratio": -1 + 0.7 * depth,
        "trunk_lean_deg": 2 * np.sin(t_s),
        "weight_shift_ratio": 0.02 * np.cos(t_s),
        "yaw_deg": np.full(n_frames, 1.6),
    }
    for name in ("kfo_ratio_left", "kfo_ratio_right", "ktsr_ratio"):
        columns[name][gap] = np.nan
    return FrameTable(t_s, rep, tuple(phase), columns)


def verdict(rule: str, side: str, status: str, measure: str, **more: object) -> Verdict:
    return Verdict.model_validate(
        {"rule": rule, "side": side, "status": status, "measure": measure, **more}
    )


def summary(rule: str, side: str, status: str, measure: str, **more: object) -> SummaryRow:
    return SummaryRow.model_validate(
        {"rule": rule, "side": side, "status": status, "measure": measure, **more}
    )


def knee_status(kfo: float) -> str:
    return "flag" if kfo - 0.04 > 0.10 else "watch" if kfo - 0.04 > 0.04 else "ok"


def knee(side: str, kfo: float) -> Verdict:
    return verdict(
        "knee_valgus", side, knee_status(kfo), "kfo", value=kfo, unit="ratio", error=0.04
    )


def plain_verdicts() -> list[Verdict]:
    return [
        verdict("trunk_lean", "both", "ok", "trunk_lean", value=1.8, unit="deg", error=0.8),
        verdict("too_fast", "both", "ok", "descent", value=1.02, unit="s", error=0.03),
        verdict("heel_lift", "left", "cannot_tell", "heel_lift", reason=NO_HEELS),
        verdict("heel_lift", "right", "cannot_tell", "heel_lift", reason=NO_HEELS),
    ]


def rep_row(
    index: int, times: tuple[float, float, float], verdicts: list[Verdict], **more: object
) -> RepRow:
    start, bottom, end = times
    kfo = {v.side: v.value for v in verdicts if v.measure == "kfo" and v.value is not None}
    fields = {
        "index": index,
        "exercise": "squat",
        "side": "both",
        "start_s": start,
        "bottom_s": bottom,
        "end_s": end,
        "descent_s": bottom - start,
        "hold_s": 0.1,
        "ascent_s": end - bottom - 0.1,
        "depth": 0.31,
        "measures": {"kfo_ratio_left": kfo.get("left"), "kfo_ratio_right": kfo.get("right")},
        "verdicts": verdicts,
    }
    return RepRow.model_validate(fields | more)


def one_knee_in(file: str = "sq_in30_right_ben.mp4") -> tuple[Result, FrameTable]:
    """Two squats: the right knee 30 % inside the toes, the left one fine; heels not seen."""
    times = [(0.5, 1.525, 2.55), (2.9, 3.925, 4.95)]
    kfo = [(-0.02, 0.28), (0.01, 0.32)]
    reps = [
        rep_row(i + 1, t, [knee("left", k[0]), knee("right", k[1]), *plain_verdicts()])
        for i, (t, k) in enumerate(zip(times, kfo, strict=True))
    ]
    counted = {"reps_valid": 2, "reps_total": 2}
    kfo_of = {"measure": "kfo", "unit": "ratio", "error": 0.04, **counted}
    rows = [
        summary("knee_valgus", "left", "ok", value=-0.005, **kfo_of),
        summary(
            "knee_valgus",
            "right",
            "flag",
            value=0.30,
            cue="Point your right kneecap at your second toe.",
            **kfo_of,
        ),
        summary("knee_varus", "left", "ok", value=-0.005, **kfo_of),
        summary("knee_varus", "right", "ok", value=0.30, **kfo_of),
        summary("trunk_lean", "both", "ok", "trunk_lean", value=1.8, unit="deg", error=0.8),
        summary("weight_shift", "both", "ok", "weight_shift", value=0.03, unit="ratio"),
        summary("too_fast", "both", "ok", "descent", value=1.03, unit="s", error=0.03),
        summary("heel_lift", "left", "cannot_tell", "heel_lift", reason=NO_HEELS),
        summary("heel_lift", "right", "cannot_tell", "heel_lift", reason=NO_HEELS),
        summary(
            "squat_depth",
            "both",
            "ok",
            "depth",
            value=-0.31,
            unit="ratio",
            error=0.1,
            reason="approximate from the front",
            information=True,
        ),
        summary(
            "asymmetry",
            "both",
            "ok",
            "kfo",
            value=0.30,
            unit="ratio",
            error=0.06,
            reason="the right knee is further in than the left",
            information=True,
        ),
    ]
    result = Result(
        exercise="squat",
        exercise_detected="squat",
        side="both",
        source=source(file),
        view=FRONT,
        sets=[
            SetRow(
                index=1,
                exercise="squat",
                side="both",
                start_s=0.5,
                end_s=4.95,
                reps=[1, 2],
                view=FRONT,
            )
        ],
        reps=reps,
        rejected=[Rejected(start_s=0.1, end_s=0.4, reason="too shallow to count")],
        summary=rows,
        coverage={
            "kfo": Coverage(valid_fraction=0.94, reasons={"a toe was hidden": 0.06}),
            "fppa": Coverage(valid_fraction=0.52, reasons={"outside 30 to 65 degrees": 0.48}),
        },
        people=People(people_seen=1, followed="the only person"),
        notes=["Filmed 3.3 m away."],
        provenance=provenance(),
    )
    return result, frame_table(times, 165, kfo)


def nothing_judged() -> tuple[Result, FrameTable]:
    """A squat filmed 45 degrees off axis: counted, not judged."""
    why = "the camera stood 45 degrees to your left: turn 45 degrees to your left to face it"
    view = View(name="oblique", yaw_deg=45.0, yaw_error_deg=5.0, reason=why)
    base, frames = one_knee_in("sq_yaw45_valgus10.mp4")
    untold = [
        v.model_copy(update={"status": "cannot_tell", "value": None, "error": None, "reason": why})
        for v in base.summary
        if not v.information
    ]
    reps = [
        r.model_copy(
            update={
                "measures": {},
                "verdicts": [
                    v.model_copy(
                        update={
                            "status": "cannot_tell",
                            "value": None,
                            "error": None,
                            "reason": why,
                        }
                    )
                    for v in r.verdicts
                ],
            }
        )
        for r in base.reps
    ]
    columns = {name: np.full(len(frames.t_s), np.nan) for name in frames.columns}
    columns["yaw_deg"] = np.full(len(frames.t_s), 45.0)
    columns["depth_ratio"] = frames.columns["depth_ratio"]
    set_row = base.sets[0].model_copy(update={"view": view})
    result = base.model_copy(
        update={"summary": untold, "reps": reps, "view": view, "sets": [set_row], "coverage": {}}
    )
    return result, FrameTable(frames.t_s, frames.rep, frames.phase, columns)


def lunges() -> tuple[Result, FrameTable]:
    """Eight lateral lunges, sides in turn; the left knee drifts in from rep to rep."""
    times = [(1 + 3.5 * i, 2.4 + 3.5 * i, 3.9 + 3.5 * i) for i in range(8)]
    reps, kfo = [], []
    for i, t in enumerate(times):
        side = "left" if i % 2 == 0 else "right"
        value = 0.05 + 0.02 * i if side == "left" else -0.03
        other = "right" if side == "left" else "left"
        kfo.append((value, -0.3) if side == "left" else (-0.3, value))
        verdicts = [
            knee(side, value),
            verdict(
                "lunge_too_deep", side, "cannot_tell", "knee_flexion", reason="film a side take"
            ),
            verdict(
                "trailing_knee_bent",
                other,
                "ok",
                "trailing_knee_flexion",
                value=6.0 + i,
                unit="deg",
                error=4.0,
            ),
            verdict("too_fast", "both", "ok", "descent", value=1.4, unit="s", error=0.03),
        ]
        reps.append(rep_row(i + 1, t, verdicts, exercise="lateral_lunge", side=side))
    reps[5] = reps[5].model_copy(update={"valid": False, "verdicts": []})
    counted = {"reps_valid": 4, "reps_total": 4}
    rows = [
        summary("knee_valgus", "left", "watch", "kfo", value=0.11, unit="ratio", error=0.04,
                cue="Push the floor away with the outer edge of your left foot.", **counted),
        summary("knee_valgus", "right", "ok", "kfo", value=-0.03, unit="ratio", error=0.04,
                reps_valid=3, reps_total=4),
        summary("lunge_too_deep", "left", "cannot_tell", "knee_flexion",
                reason="knee flexion cannot be measured from the front: film a side take"),
        summary("lunge_too_deep", "right", "cannot_tell", "knee_flexion",
                reason="knee flexion cannot be measured from the front: film a side take"),
        summary("trailing_knee_bent", "left", "ok", "trailing_knee_flexion", value=9.0,
                unit="deg", error=4.0, **counted),
        summary("trailing_knee_bent", "right", "ok", "trailing_knee_flexion", value=8.0,
                unit="deg", error=4.0, **counted),
        summary("too_fast", "both", "ok", "descent", value=1.4, unit="s", error=0.03),
        summary("step_width", "both", "ok", "step_width", value=0.92, unit="ratio",
                error=0.03, information=True),
    ]  # fmt: skip
    set_row = SetRow(
        index=1,
        exercise="lateral_lunge",
        side="alternating",
        start_s=1.0,
        end_s=28.4,
        reps=list(range(1, 9)),
        view=FRONT,
    )
    result = Result(
        exercise="lateral_lunge",
        exercise_detected="lateral_lunge",
        side="alternating",
        source=source("lunges.mov", 900),
        view=FRONT,
        sets=[set_row],
        reps=reps,
        summary=rows,
        swaps_repaired=3,
        provenance=provenance(),
    )
    return result, frame_table(times, 900, kfo)


def nothing_recognised() -> tuple[Result, FrameTable]:
    """Somebody walks about."""
    result = Result(
        exercise="none",
        exercise_detected="none",
        reason="the person walks; no squat, lunge or bridge was seen",
        source=source("walk.webm"),
        view=View(name=None, reason="the person never stands still facing the camera"),
        rejected=[Rejected(start_s=1.0, end_s=1.5, reason="shorter than 0.6 s")],
        provenance=provenance(),
    )
    return result, frame_table([], 165, [])


def two_sets() -> tuple[Result, FrameTable]:
    """Two squats, then two lateral lunges, in one clip."""
    squat, _ = one_knee_in("circuit.mp4")
    times = [*((r.start_s, r.bottom_s, r.end_s) for r in squat.reps), (7, 8.2, 9.5), (10, 11, 12)]
    lunge_rows = [
        summary("knee_valgus", "left", "ok", "kfo", value=0.02, unit="ratio", error=0.04, set=2,
                reps_valid=2, reps_total=2),
        summary("lunge_too_deep", "left", "cannot_tell", "knee_flexion", set=2,
                reason="knee flexion cannot be measured from the front: film a side take"),
    ]  # fmt: skip
    lunge_reps = [
        rep_row(i, times[i - 1], [knee("left", 0.02)], exercise="lateral_lunge", side="left", set=2)
        for i in (3, 4)
    ]
    second = SetRow(
        index=2,
        exercise="lateral_lunge",
        side="left",
        start_s=7.0,
        end_s=12.0,
        reps=[3, 4],
        view=FRONT,
    )
    result = squat.model_copy(
        update={
            "source": source("circuit.mp4", 390),
            "sets": [*squat.sets, second],
            "reps": [*squat.reps, *lunge_reps],
            "summary": [*squat.summary, *lunge_rows],
        }
    )
    kfo = [(-0.02, 0.28), (0.01, 0.32), (0.02, -0.3), (0.02, -0.3)]
    return result, frame_table(times, 390, kfo)


def side_take() -> tuple[Result, FrameTable]:
    """The side take of the squats of :func:`one_knee_in`: depth and heels, no knee alignment."""
    base, frames = one_knee_in("sq_side.mp4")
    why = "knees in line with the camera cannot be compared with the feet: film a front take"
    rows = [
        summary("knee_valgus", "left", "cannot_tell", "kfo", reason=why),
        summary("knee_valgus", "right", "cannot_tell", "kfo", reason=why),
        summary("trunk_lean", "both", "watch", "trunk_minus_shank", value=14.0, unit="deg",
                error=3.0, reps_valid=2, reps_total=2),
        summary("heel_lift", "left", "ok", "heel_lift", value=0.01, unit="ratio", error=0.02),
        summary("too_fast", "both", "ok", "descent", value=1.1, unit="s", error=0.03),
        summary("squat_depth", "both", "ok", "knee_flexion", value=88.0, unit="deg", error=5.0,
                information=True),
    ]  # fmt: skip
    reps = [
        r.model_copy(update={"measures": {"knee_flexion_deg_left": 88.0}, "verdicts": []})
        for r in base.reps
    ]
    depth = shape(frames.t_s, [(r.start_s, r.bottom_s, r.end_s) for r in reps])
    columns = {
        "knee_flexion_deg_left": 4 + 84 * depth,
        "depth_ratio": -1 + 0.8 * depth,
        "trunk_minus_shank_deg": 14 * depth,
    }
    set_row = base.sets[0].model_copy(update={"view": SIDE})
    result = base.model_copy(
        update={"summary": rows, "reps": reps, "view": SIDE, "sets": [set_row], "rejected": []}
    )
    return result, FrameTable(frames.t_s, frames.rep, frames.phase, columns)

"""A stick figure with a truth that can be worked out by hand, and results beside it. No model.

30 frames a second for 7 s; two repetitions, 1 to 3 s and 4 to 6 s, with the bottom in the middle;
knee flexion rises and falls evenly between 0 and ``DEPTH`` degrees.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from kneetrack.records import FrameTable, SideName, Status
from kneetrack.result import Coverage, Provenance, RepRow, Result, Source, SummaryRow, View
from kneetrack.validation.truth import Truth

FPS = 30
DEPTH = 70.0
T_S = np.arange(0, 7, 1 / FPS)
REPS = [{"start": 1.0, "bottom": 2.0, "end": 3.0}, {"start": 4.0, "bottom": 5.0, "end": 6.0}]
SHANK_PX = 200.0
FOCAL_PX = 1000.0
SIZE = (720, 960)
JOINTS = [
    f"{side}_{joint}"
    for joint in ("hip", "knee", "ankle", "heel", "foot_index", "shoulder")
    for side in ("left", "right")
] + ["mid_hip"]


def flexion() -> np.ndarray:
    """(T,) degrees: a triangle in each repetition."""
    bent = np.zeros(len(T_S))
    for rep in REPS:
        bent += np.clip(1 - np.abs(T_S - rep["bottom"]), 0, 1) * DEPTH
    return bent


def joints2d(inward: Sequence[float], middle_px: float = SIZE[0] / 2) -> np.ndarray:
    """(T, J, 2): knees ``inward`` (shank lengths, left and right) of the toes at the bottom.

    Standing, hip, knee, ankle and toe are in one vertical line, 60 pixels off the middle; the
    person's left is on the right of the picture.
    """
    xy = np.zeros((len(T_S), len(JOINTS), 2))
    bent = flexion() / DEPTH
    heights = {"hip": 300, "knee": 500, "ankle": 700, "heel": 705, "foot_index": 720,
               "shoulder": 100}  # fmt: skip
    for column, name in enumerate(JOINTS):
        if name == "mid_hip":
            xy[:, column] = (middle_px, 300)
            continue
        side, joint = name.split("_", 1)
        sign = 1 if side == "left" else -1
        xy[:, column] = (middle_px + 60 * sign, heights[joint])
        if joint == "knee":
            amount = inward[0] if side == "left" else inward[1]
            xy[:, column, 0] -= sign * amount * SHANK_PX * bent
    return xy


def truth(
    name: str = "clip",
    *,
    movement: str = "squat",
    side: str | None = None,
    yaw: float = 0.0,
    inward: Sequence[float] = (0.0, 0.0),
    body: str = "ann",
    **arrays: np.ndarray,
) -> Truth:
    """FPPA is 2 degrees standing, and grows by 0.2 (left) and 0.1 (right) a degree of flexion."""
    bent = flexion()
    info: dict[str, Any] = {
        "name": name,
        "figure": body,
        "movement": movement,
        "params": {} if side is None else {"side": side},
        "camera": {"yaw": yaw, "size": list(SIZE), "focal_px": FOCAL_PX, "roll": 0},
        "fps": FPS,
        "reps": REPS,
    }
    content: dict[str, Any] = {
        "time": T_S,
        "joint_names": np.array(JOINTS),
        "joints2d": joints2d(inward),
        "knee_flex_L": bent,
        "knee_flex_R": bent,
        "fppa2d_L": 2 + 0.2 * bent,
        "fppa2d_R": 2 + 0.1 * bent,
    }
    return Truth(name, info, content | arrays)


def save(known: Truth, folder: Path) -> Path:
    """Write NAME.json and NAME.npz; returns the first."""
    path = folder / f"{known.name}.json"
    path.write_text(json.dumps(known.info), encoding="utf-8")
    np.savez(path.with_suffix(".npz"), **known.arrays)
    return path


def rep(
    index: int,
    bottom_s: float,
    measures: Mapping[str, float | None] | None = None,
    errors: Mapping[str, float | None] | None = None,
) -> RepRow:
    return RepRow(
        index=index,
        exercise="squat",
        side="both",
        start_s=bottom_s - 1,
        bottom_s=bottom_s,
        end_s=bottom_s + 1,
        descent_s=1,
        hold_s=0,
        ascent_s=1,
        measures=dict(measures or {}),
        errors=dict(errors or {}),
    )


def row(rule: str, side: SideName, status: Status, *, information: bool = False) -> SummaryRow:
    told = status != "cannot_tell"
    return SummaryRow(
        rule=rule,
        side=side,
        status=status,
        measure="kfo",
        value=0.1 if told else None,
        error=0.03 if told else None,
        reason="" if told else "the feet are hidden",
        information=information,
    )


def result(
    reps: Sequence[RepRow] = (),
    summary: Sequence[SummaryRow] = (),
    columns: Mapping[str, np.ndarray] | None = None,
    **more: Any,
) -> Result:
    frames = FrameTable(T_S, np.zeros(len(T_S), int), ("",) * len(T_S), dict(columns or {}))
    facts: dict[str, Any] = {
        "exercise": "squat",
        "exercise_detected": "squat",
        "side": "both",
        "view": View(name="front", yaw_deg=1.5, yaw_error_deg=2.0),
        "coverage": {
            "kfo_ratio_left": Coverage(
                valid_fraction=0.0, reasons={"the foot is hidden": 0.9, "too far": 0.1}
            )
        },
    }
    return Result(
        source=Source(file="clip.mp4", sha256="", fps=FPS, duration_s=7, frames=len(T_S),
                      size_px=SIZE),
        provenance=Provenance(
            kneetrack="", mediapipe="", opencv="", model_sha256="", thresholds={}
        ),
        reps=list(reps),
        summary=list(summary),
        frames=frames,
        **(facts | more),
    )  # fmt: skip

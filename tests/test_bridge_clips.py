"""Rendered bridges with exact truth: the hip's line from the side, the knees from the foot end."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from kneetrack.recorded import analyse
from kneetrack.result import Result

pytestmark = pytest.mark.slow


def tops(clip: Path, truth: np.ndarray) -> np.ndarray:
    """The truth at the top of each repetition."""
    info = json.loads(clip.with_suffix(".json").read_text("utf-8"))
    return truth[[round(rep["bottom"] * info["fps"]) for rep in info["reps"]]]


def read(result: Result, measure: str) -> np.ndarray:
    return np.array([rep.measures[measure] for rep in result.reps], float)


@pytest.mark.parametrize("name", ["bridge_side_low", "bridge_side_normal", "bridge_side_overarch"])
def test_the_line_of_shoulder_hip_and_knee(shared: Path, name: str) -> None:
    clip = shared / "truth" / f"{name}.mp4"
    with np.load(clip.with_suffix(".npz")) as arrays:
        true = tops(clip, arrays["hip_ext_signed"])
    values = read(analyse(clip), "hip_extension_deg")
    assert np.abs(values - true).mean() <= 5


@pytest.mark.parametrize("name", ["bridge_foot_neutral", "bridge_foot_together"])
def test_knees_from_the_foot_end(shared: Path, name: str) -> None:
    clip = shared / "truth" / f"{name}.mp4"
    with np.load(clip.with_suffix(".npz")) as arrays:
        true = tops(clip, arrays["knee_sep_m"] / arrays["ankle_sep_m"])
    result = analyse(clip)
    values = read(result, "knee_ankle_separation_ratio")
    np.testing.assert_allclose(values, true, atol=0.08)
    together = [row.status for row in result.summary if row.rule == "knees_together"]
    assert together == ["flag" if name.endswith("together") else "ok"]

"""Corrections of real landmarks: two of the bundled samples through the pose model."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from kneetrack.clinic.again import Retake, settings_of
from kneetrack.clinic.hand import ReviewersHand
from kneetrack.clinic.landmark_moves import LandmarkMove
from kneetrack.outputs import write_data
from kneetrack.recorded import stored_landmarks
from kneetrack.result import Result
from kneetrack.skeleton import Landmark
from tests.sampled import sample


def again(name: str, folder: Path) -> Retake:
    """A sample as a trial keeps it."""
    write_data(sample(name), folder)
    original = Result.model_validate_json((folder / "result.json").read_bytes())
    landmarks = stored_landmarks(folder / "landmarks.npz")
    return Retake(landmarks, original.exercise, "low", settings_of(original), original)


@pytest.mark.parametrize("name", ["sq_in30_right_ben", "lunge_R_depth115"])
def test_without_a_correction_the_json_is_the_same(name: str, tmp_path: Path) -> None:
    kept = again(name, tmp_path)
    assert kept.analyse().to_json() == kept.original.to_json()
    empty = ReviewersHand(kept.settings, kept.exercise)
    assert kept.analyse(empty).to_json() == kept.original.to_json()


def test_a_knee_moved_by_30_pixels_is_shown_there(tmp_path: Path) -> None:
    kept = again("sq_in30_right_ben", tmp_path)
    before = kept.analyse()
    assert before.frames is not None
    assert before.frames.xy_px is not None
    row = before.reps[0]
    frame = int(np.abs(before.frames.t_s - row.bottom_s).argmin())
    x, y = (float(v) for v in before.frames.xy_px[frame, Landmark.RIGHT_KNEE])
    move = LandmarkMove(float(before.frames.t_s[frame]), Landmark.RIGHT_KNEE, (x - 30.0, y))
    after = kept.analyse(ReviewersHand(kept.settings, kept.exercise, moves=(move,)))
    assert after.frames is not None
    assert after.frames.xy_px is not None
    np.testing.assert_allclose(
        after.frames.xy_px[frame, Landmark.RIGHT_KNEE], (x - 30.0, y), atol=0.1
    )
    kfo = np.array([r.reps[0].measures["kfo_ratio_right"] for r in (before, after)], float)
    assert abs(np.diff(kfo)) > 0.1
    assert after.reps[1].measures == before.reps[1].measures

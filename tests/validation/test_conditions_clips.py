"""Real runs of the model on a clip filmed worse: what it takes, and what it refuses."""

from __future__ import annotations

from pathlib import Path

import pytest

import kneetrack
from kneetrack.recorded import ClipOptions
from kneetrack.records import NobodySeenError
from kneetrack.result import Result
from kneetrack.validation.conditions import conditions
from tests.sampled import SAMPLES, sample

pytestmark = pytest.mark.slow
NAME = "sq_in30_right_ben"


def filmed(samples: Path, condition: str) -> Result:
    source = conditions()[condition].source
    options = ClipOptions(through=source, end_s=3.0)
    return kneetrack.analyse(samples / f"{NAME}.mp4", options=options)


def knees(result: Result) -> dict[str, str]:
    return {v.side: v.status for v in result.summary if v.rule == "knee_valgus"}


def kfo(result: Result) -> list[float]:
    rep = result.reps[0].measures
    values = [rep["kfo_ratio_left"], rep["kfo_ratio_right"]]
    return [value for value in values if value is not None]


@pytest.mark.parametrize(("condition", "within"), [("height240", 0.03), ("fps15", 0.03)])
def test_small_and_slow_pictures_are_measured_alike(
    samples: Path, condition: str, within: float
) -> None:
    result = filmed(samples, condition)
    assert knees(result) == knees(sample(NAME)) == {"left": "ok", "right": "flag"}
    assert kfo(result) == pytest.approx(kfo(sample(NAME)), abs=within)
    assert result.source.picture is not None
    if condition == "fps15":
        assert result.source.fps == pytest.approx(15, abs=0.5)
    else:
        assert result.source.size_px == (180, 240)


@pytest.mark.parametrize("name", SAMPLES)
def test_a_sharp_clip_in_good_light_is_never_refused(name: str) -> None:
    """From the side, too, where there are few edges; with room to the limit."""
    result = sample(name)
    assert result.source.picture is not None
    assert result.source.picture.sharpness > 1.5
    assert not any(note.startswith("too ") for note in result.notes)


@pytest.mark.parametrize("deg", [-8, 8])
def test_a_tilted_camera_is_levelled(samples: Path, deg: int) -> None:
    result = filmed(samples, f"roll{deg:+d}")
    assert result.view.roll_deg == pytest.approx(deg, abs=1.2)
    assert f"camera tilted by {abs(deg)} degrees: levelled" in result.notes
    assert knees(result) == {"left": "ok", "right": "flag"}
    assert kfo(result) == pytest.approx(kfo(sample(NAME)), abs=0.05)


def test_a_level_camera_is_not_turned() -> None:
    told = sample(NAME)
    assert told.view.roll_deg == pytest.approx(0, abs=1.0)
    assert not any("tilted" in note for note in told.notes)


def test_a_blurred_picture_is_refused(samples: Path) -> None:
    result = filmed(samples, "blur-strong")
    assert set(knees(result).values()) == {"cannot_tell"}
    assert any(note.startswith("too blurred: ") for note in result.notes)


def test_what_is_seen_of_the_dark_is_kept(samples: Path) -> None:
    try:
        picture = filmed(samples, "very-dark").source.picture
    except NobodySeenError as error:
        assert "light" in str(error)
        return
    bright = sample(NAME).source.picture
    assert picture is not None
    assert bright is not None
    assert picture.contrast < 0.2 * bright.contrast
    assert picture.noise > bright.noise

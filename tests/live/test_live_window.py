"""Whole live sessions as they are used: the command, the real window on a screen, real keys."""

from __future__ import annotations

import json
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from kneetrack.ui.style import Style
from tests.live.real import Display, Live, share, x_display

pytestmark = pytest.mark.slow
FILES = {"frames.csv", "landmarks.npz", "report.html", "reps.csv", "result.json"}
FLAG, OK = Style().flag.colour, Style().ok.colour


@pytest.fixture(scope="module")
def display(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Display]:
    with x_display(tmp_path_factory.mktemp("screen")) as display:
        yield display


def right_knee_in(picture: NDArray[np.uint8]) -> bool:
    """Whether the right gauge shows a fault and the left one none, as in a mirror.

    The faded band of the other gauge has no such colour; a mark of a repetition lies higher.
    """
    height, width = picture.shape[0] * 680 // 768, picture.shape[1] * 1209 // 1366
    gauges = picture[int(0.7 * height) : int(0.9 * height), :width]
    left, right = gauges[:, : width // 4], gauges[:, -width // 4 :]
    return share(right, FLAG) > 0.02 > share(left, FLAG) and share(left, OK) > 0.02


def test_a_sample_from_start_to_summary(display: Display, tmp_path: Path, samples: Path) -> None:
    clip = samples / "sq_in30_right_ben.mp4"
    with Live(("--camera", clip, "--no-sound"), tmp_path, display) as live:
        live.until_said("Go")
        live.until_seen(right_knee_in)
        assert live.end() == 0
    said = "\n".join(live.said)
    steps = ["Stand still for two seconds", "three", "two", "one", "Go", "one", "two"]
    told = iter(live.said)
    assert all(step in told for step in steps), said
    assert "The recording is over." in live.said
    assert "Point your right knee over your second toe" in live.said
    assert "left knee" not in said
    assert "Traceback" not in said
    folder = live.session()
    assert FILES | {"session.landmarks"} == {path.name for path in folder.iterdir()}
    result = json.loads((folder / "result.json").read_text(encoding="utf-8"))
    assert result["exercise"] == "squat"
    assert len(result["reps"]) == 2
    knees = {
        row["side"]: row["status"] for row in result["summary"] if row["rule"] == "knee_valgus"
    }
    assert knees == {"left": "ok", "right": "flag"}
    assert any(str(folder / "report.html") in line for line in live.printed)


def test_closing_the_window_in_a_set_keeps_it(
    display: Display, tmp_path: Path, samples: Path
) -> None:
    clip = samples / "sq_good_anna.mp4"
    options = ("--camera", clip, "--exercise", "squat", "--no-sound")
    with Live(options, tmp_path, display) as live:
        live.until_said("one", times=2)
        live.close_window()
        assert live.end() == 0
    assert not any("Traceback" in line for line in live.said)
    assert "The recording is over." not in live.said
    folder = live.session()
    assert {path.name for path in folder.iterdir()} >= FILES
    result = json.loads((folder / "result.json").read_text(encoding="utf-8"))
    assert len(result["reps"]) >= 1


def test_q_before_the_first_set_keeps_nothing(
    display: Display, tmp_path: Path, samples: Path
) -> None:
    clip = samples / "bridge_side_low.mp4"
    with Live(("--camera", clip, "--no-sound"), tmp_path, display) as live:
        live.until_said("Lie still for two seconds")
        live.press("q")
        assert live.end() == 0
    assert live.said[-1] == "No set was done: nothing was kept."
    assert live.printed == []
    assert list((tmp_path / "sessions").iterdir()) == []


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="X is Linux's way")
def test_no_display_is_one_line(tmp_path: Path, samples: Path) -> None:
    with Live(("--camera", samples / "sq_good_anna.mp4"), tmp_path) as live:
        assert live.end() == 3
    reason = "DISPLAY is not set; use --no-window to go by ear alone"
    assert live.said == [f"kneetrack: no display: {reason}"]
    assert list(tmp_path.iterdir()) == []


def test_without_a_window_a_signal_ends_it_with_the_set_kept(tmp_path: Path, samples: Path) -> None:
    clip = samples / "lunge_good_L_anna.mp4"
    options = ("--camera", clip, "--exercise", "lateral_lunge", "--no-window", "--no-sound")
    with Live(options, tmp_path) as live:
        live.until_said("one", times=2)
        live.send(signal.SIGTERM)
        assert live.end() == 0
    assert "Ended." in live.said
    result = json.loads((live.session() / "result.json").read_text(encoding="utf-8"))
    assert [rep["side"] for rep in result["reps"]][:1] == ["left"]

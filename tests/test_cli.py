"""The command line as a user meets it: what it writes, what it says, how it ends."""

from __future__ import annotations

import csv
import json
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from kneetrack.result import Result
from kneetrack.sources.clip import ClipSource

COLUMNS = [
    "fppa_deg_left",
    "fppa_deg_right",
    "fppa_change_deg_left",
    "fppa_change_deg_right",
    "fppa_change_deg_mean",
    "knee_flexion_deg_left",
    "knee_flexion_gate_deg_right",
    "kfo_ratio_left",
    "kfo_ratio_right",
    "ktsr_ratio",
    "kasr_ratio",
    "depth_ratio",
    "trunk_lean_deg",
    "pelvic_obliquity_deg",
    "hip_extension_deg",
    "lift_ratio",
    "knee_separation_ratio",
    "yaw_deg",
]


def kneetrack(*arguments: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "kneetrack", *map(str, arguments)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        cwd=cwd,
        check=False,
    )


@pytest.fixture(scope="module")
def analysed(tmp_path_factory: pytest.TempPathFactory, samples: Path) -> Path:
    """The demo sample, copied under a difficult name, analysed by the command."""
    folder = tmp_path_factory.mktemp("José’s squats")
    clip = folder / "José squat.e 1.mp4"
    clip.write_bytes((samples / "sq_in30_right_ben.mp4").read_bytes())
    done = kneetrack("analyse", clip, "--trc", "--timings", cwd=folder)
    assert done.returncode == 0, done.stderr
    assert "knee_valgus" in done.stdout
    assert "\r" not in done.stderr, "no progress bar in a pipe"
    return folder / "José squat.e 1.mp4.kneetrack"


def test_all_files_are_there(analysed: Path) -> None:
    assert sorted(p.name for p in analysed.iterdir()) == [
        "annotated.mp4",
        "frames.csv",
        "landmarks.npz",
        "landmarks.trc",
        "report.html",
        "reps.csv",
        "result.json",
    ]


def test_result_tells_the_right_knee_alone(analysed: Path) -> None:
    result = Result.model_validate_json((analysed / "result.json").read_text(encoding="utf-8"))
    assert (result.exercise, result.side, len(result.reps)) == ("squat", "both", 2)
    status = {(row.rule, row.side): row.status for row in result.summary}
    assert status["knee_valgus", "right"] == "flag"
    assert status["knee_valgus", "left"] == "ok"
    assert result.view.name == "front"
    assert all(row.reason for row in result.summary if row.status == "cannot_tell")


def test_result_json_has_the_promised_keys(analysed: Path) -> None:
    data = json.loads((analysed / "result.json").read_text(encoding="utf-8"))
    assert data["schema"] == "kneetrack/result/1"
    assert {"kneetrack", "mediapipe", "opencv", "model sha256", "thresholds"} <= set(
        data["provenance"]
    )
    assert {"file", "sha256", "fps", "duration_s", "frames", "size_px", "rotation_deg"} <= set(
        data["source"]
    )
    assert data["source"]["file"] == "José squat.e 1.mp4"


def test_frames_csv_has_the_promised_columns(analysed: Path) -> None:
    with (analysed / "frames.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert len(rows) == 165
    assert set(COLUMNS) <= set(rows[0])
    assert {row["phase"] for row in rows} >= {"descent", "ascent", ""}
    assert rows[0]["knee_flexion_deg_left"] == "", "not valid from the front"


def test_annotated_video_plays_at_the_original_times(analysed: Path) -> None:
    with ClipSource(analysed / "annotated.mp4") as video:
        times = [frame.t_s for frame in video]
        info = video.info()
    assert info.codec.startswith("h264")
    assert len(times) == 165
    assert np.allclose(np.diff(times), 1 / 30, atol=1e-3)


def test_stored_landmarks_give_the_same_numbers(analysed: Path, tmp_path: Path) -> None:
    done = kneetrack(
        "analyse", analysed / "landmarks.npz", "--out", tmp_path / "again", cwd=tmp_path
    )
    assert done.returncode == 0, done.stderr
    first, again = (folder / "frames.csv" for folder in (analysed, tmp_path / "again"))
    assert first.read_bytes() == again.read_bytes()


def test_json_prints_the_result_and_nothing_else(analysed: Path, tmp_path: Path) -> None:
    done = kneetrack("analyse", analysed / "landmarks.npz", "--json", cwd=tmp_path)
    assert Result.model_validate_json(done.stdout).exercise == "squat"
    assert done.stderr == ""
    assert not list(analysed.parent.glob("landmarks*")), "nothing written without --out"


def test_other_bands_change_the_verdict(analysed: Path, tmp_path: Path) -> None:
    config = tmp_path / "mine.toml"
    config.write_text("[bands.squat.knee_valgus.kfo]\nwatch = 0.5\nflag = 0.9\n", encoding="utf-8")
    done = kneetrack(
        "analyse", analysed / "landmarks.npz", "--json", "--config", config, cwd=tmp_path
    )
    result = Result.model_validate_json(done.stdout)
    assert {r.status for r in result.summary if r.rule == "knee_valgus"} == {"ok"}
    bands = result.provenance.thresholds["bands"]["squat"]["knee_valgus"]["measures"]["kfo"]
    assert (bands["watch"], bands["flag"]) == (0.5, 0.9)


def test_no_exercise_is_exit_4_and_still_tells(analysed: Path, tmp_path: Path) -> None:
    done = kneetrack(
        "analyse",
        analysed / "landmarks.npz",
        "--exercise",
        "glute-bridge",
        "--json",
        cwd=tmp_path,
    )
    assert done.returncode == 4
    result = Result.model_validate_json(done.stdout)
    assert (result.exercise, result.exercise_detected) == ("none", "squat")
    assert len(done.stderr.strip().splitlines()) == 1


BAD_CALLS = {
    "missing clip": (["analyse", "nowhere.mp4"], 3, "nowhere.mp4"),
    "not a video": (["analyse", "text.mp4"], 3, "text.mp4"),
    "broken landmarks": (["analyse", "text.npz"], 3, "text.npz"),
    "no clip": (["analyse"], 2, "CLIP"),
    "unknown option": (["analyse", "--frnt", "x"], 2, "--frnt"),
    "unknown exercise": (["analyse", "x.mp4", "--exercise", "sqat"], 2, "sqat"),
    "unknown person": (["analyse", "x.mp4", "--person", "me"], 2, "me"),
    "unknown setting": (["analyse", "x.mp4", "--config", "bad.toml"], 2, "knee_valgus"),
    "missing settings": (["analyse", "x.mp4", "--config", "no.toml"], 2, "no.toml"),
    "one take of two": (["analyse", "--front", "x.mp4"], 2, "--side"),
    "bad model": (["analyse", "sample.mp4", "--model", "text.mp4"], 3, "text.mp4"),
    "bad span": (["analyse", "sample.mp4", "--start", "5", "--end", "2"], 2, "start"),
}


@pytest.mark.parametrize("name", BAD_CALLS)
def test_bad_input_is_one_line_and_its_code(name: str, tmp_path: Path, samples: Path) -> None:
    (tmp_path / "text.mp4").write_text("no video", encoding="utf-8")
    (tmp_path / "text.npz").write_text("no archive", encoding="utf-8")
    (tmp_path / "bad.toml").write_text("[bands.squat.knee_valguss]\n", encoding="utf-8")
    (tmp_path / "sample.mp4").write_bytes((samples / "sq_good_anna.mp4").read_bytes())
    arguments, code, word = BAD_CALLS[name]
    done = kneetrack(*arguments, cwd=tmp_path)
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr
    assert word in done.stderr
    if name != "unknown option":
        assert len(done.stderr.strip().splitlines()) == 1, done.stderr


def test_a_folder_that_cannot_be_made_is_exit_5(analysed: Path, tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file", encoding="utf-8")
    done = kneetrack("analyse", analysed / "landmarks.npz", "--out", "taken", cwd=tmp_path)
    assert done.returncode == 5
    assert "taken" in done.stderr
    assert "Traceback" not in done.stderr


def test_exercises_rules_lists_every_rule_with_its_reference(tmp_path: Path) -> None:
    done = kneetrack("exercises", "rules", cwd=tmp_path)
    assert done.returncode == 0
    for word in ("single-leg-stance", "knee_valgus", "trailing_knee_bent", "Escamilla", "0.04"):
        assert word in done.stdout
    one = kneetrack("exercises", "rules", "bridge", cwd=tmp_path)
    assert "bridge_too_high" in one.stdout
    assert "trailing_knee_bent" not in one.stdout


def test_version_and_alias(tmp_path: Path) -> None:
    assert re.fullmatch(
        r"kneetrack \d+\.\d+\.\d+\S*\n", kneetrack("--version", cwd=tmp_path).stdout
    )
    assert kneetrack("analyze", "--help", cwd=tmp_path).returncode == 0


def test_an_unknown_choice_is_one_line_and_2(tmp_path: Path) -> None:
    done = kneetrack("analyse", "a.mp4", "--quality", "superb", cwd=tmp_path)
    assert done.returncode == 2
    (line,) = done.stderr.strip().splitlines()
    assert "--quality" in line and "standard" in line and "best" in line


@pytest.mark.slow
def test_what_an_earlier_analysis_left_is_not_mixed_with_this_one(
    tmp_path: Path, samples: Path
) -> None:
    """An old video beside new numbers would be of another clip."""
    (tmp_path / "annotated.mp4").write_bytes(b"old")
    (tmp_path / "landmarks.trc").write_text("old")
    (tmp_path / "mine.txt").write_text("the user's own")
    clip = samples / "bridge_side_low.mp4"
    done = kneetrack("analyse", clip, "--no-video", "--out", tmp_path, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    kept = {file.name for file in tmp_path.iterdir()}
    assert {"mine.txt", "result.json", "report.html"} <= kept
    assert not {"annotated.mp4", "landmarks.trc"} & kept

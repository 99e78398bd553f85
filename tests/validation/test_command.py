"""``kneetrack validate`` as a user meets it."""

from __future__ import annotations

import csv
import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from kneetrack.progress import _rate


def kneetrack(*arguments: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "kneetrack", "validate", *map(str, arguments)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        cwd=cwd,
        check=False,
    )


@pytest.mark.slow
def test_a_set_with_truth_labels_and_a_broken_clip(tmp_path: Path, samples: Path) -> None:
    clips = tmp_path / "José’s clips"
    clips.mkdir()
    for part in samples.glob("sq_in30_right_ben.*"):
        shutil.copy(part, clips)
    for part in ("json", "npz"):
        shutil.copy(samples / f"sq_good_anna.{part}", clips)
    (clips / "sq_good_anna.mp4").write_bytes((samples / "sq_good_anna.mp4").read_bytes()[:5000])
    (clips / "labels.csv").write_text(
        "clip,rep,side,rule,status\n"
        "sq_in30_right_ben,all,right,knee_valgus,bad\n"
        "sq_in30_right_ben,all,left,knee_valgus,bad\n",
        encoding="utf-8",
    )
    done = kneetrack(clips, "--out", "found", "--jobs", "2", cwd=tmp_path)
    assert done.returncode == 1, done.stderr
    assert "1 of 2 clips could not be judged, such as sq_good_anna" in done.stderr
    assert "\r" not in done.stderr + done.stdout, "no progress bar in a pipe"
    assert "knee_valgus against the truth" in done.stdout
    with (tmp_path / "found" / "readings.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert {row["clip"] for row in rows} == {"sq_in30_right_ben"}
    kfo = [r for r in rows if r["measure"] == "kfo_bottom" and r["side"] == "right"]
    assert len(kfo) == 2
    assert all(abs(float(r["value"]) - float(r["truth"])) < 0.08 for r in kfo)
    tables = json.loads((tmp_path / "found/validation.json").read_text("utf-8"))["tables"]
    assert [row["clip"] for row in tables["failed"]["rows"]] == ["sq_good_anna"]
    (wrong,) = tables["disagreements"]["rows"]
    assert (wrong["side"], wrong["label"], wrong["verdict"]) == ("left", "bad", "ok")
    assert (tmp_path / "found" / "bland-altman.png").is_file()


@pytest.mark.slow
def test_json_alone_on_standard_output(tmp_path: Path, samples: Path) -> None:
    for part in samples.glob("bridge_side_low.*"):
        shutil.copy(part, tmp_path)
    done = kneetrack(tmp_path, "--json", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["clips"] == 1
    assert not (tmp_path / "validation").exists(), "files only with --out"


def test_what_cannot_be_run_is_one_line_and_its_exit_code(tmp_path: Path) -> None:
    (tmp_path / "a.mp4").write_bytes(b"")
    labels = tmp_path / "l.csv"
    labels.write_text("clip,rep,side,rule,status\na,1,left,knee_vagus,ok\n", encoding="utf-8")
    for arguments, code, said in (
        ([tmp_path / "none"], 3, "no such folder"),
        ([tmp_path], 3, "has truth"),
        ([tmp_path, "--labels", labels], 2, "line 2, column rule"),
    ):
        done = kneetrack(*arguments, cwd=tmp_path)
        assert done.returncode == code, done.stderr
        assert said in done.stderr
        assert len(done.stderr.splitlines()) == 1
    assert not (tmp_path / "validation").exists()


def test_the_bar_tells_clips_a_minute_and_frames_a_second() -> None:
    assert _rate("validating", 3, 90.0) == "2.0 clips/min"
    assert _rate("validating", 0, 90.0) == ""
    assert _rate("reading", 61, 2.0) == "30 frames/s"

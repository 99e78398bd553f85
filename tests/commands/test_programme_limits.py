"""A programme's limit on the bundled clips: in the terminal, in result.json, in the report."""

from __future__ import annotations

from pathlib import Path

import pytest

from kneetrack.result import Result
from tests.commands.conftest import Command
from tests.conftest import ROOT

LIMITED = (
    'title = "Knee first"\n[limits.lateral_lunge]\nknee_flexion_deg = 80\n[[part]]\n'
    'key = "lunge"\nexercise = "lateral_lunge"\nreps = 8\n'
)
NOTE = "Limits of the programme 'Knee first': lateral lunge no deeper than 80°"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("clip", "usual", "limited"),
    [("lunge_R_depth115", "watch", "flag"), ("lunge_good_L_anna", "ok", "watch")],
)
def test_the_deep_lunge_is_a_flag_and_the_good_one_is_not(
    clip: str,
    usual: str,
    limited: str,
    command: Command,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    programme, out = tmp_path / "knee.toml", tmp_path / "out"
    programme.write_text(LIMITED, "utf-8")
    video = ROOT / "samples" / f"{clip}.mp4"
    words = ("--programme", programme, "--no-video")
    assert command("analyse", video, *words, "--out", out) == 0
    assert f"note: {NOTE}" in capsys.readouterr().out
    result = told(out)
    assert depth(result) == limited
    assert NOTE in result.notes
    bands = result.provenance.thresholds["bands"]["lateral_lunge"]["lunge_too_deep"]["measures"]
    assert bands["lead_knee_flexion"]["watch"] == 80.0
    page = (out / "report.html").read_text("utf-8")
    assert NOTE.replace("'", "&#39;") in page
    again = tmp_path / "again"
    assert command("analyse", out / "landmarks.npz", "--no-report", "--out", again) == 0
    assert depth(told(again)) == usual
    assert not told(again).notes


def told(folder: Path) -> Result:
    return Result.model_validate_json((folder / "result.json").read_text("utf-8"))


def depth(result: Result) -> str:
    (row,) = [row for row in result.summary if row.rule == "lunge_too_deep"]
    return row.status

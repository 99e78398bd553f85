"""`kneetrack batch` as one types it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from kneetrack import cli
from kneetrack.batch.columns import measure_columns
from tests.clipmaking import pictures, write_clip

LIMIT_S = 120


def kneetrack(*arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "kneetrack", *arguments],
        cwd=folder, text=True, capture_output=True, timeout=LIMIT_S, check=False,
    )  # fmt: skip


def run(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    monkeypatch.setattr(sys, "argv", ["kneetrack", "batch", *arguments])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    return int(str(ended.value.code))


@pytest.mark.slow
def test_a_manifest_from_end_to_end(samples: Path, tmp_path: Path) -> None:
    write_clip(tmp_path / "empty room.mp4", pictures(20))
    (tmp_path / "list.csv").write_bytes(
        "clip;client;exercise;Größe cm\n"
        f"{samples / 'bridge_side_low.mp4'};C1;glute-bridge;180\n"
        "empty room.mp4;C2;;\n"
        "none.mp4;C3;;\n".encode("utf-8-sig")
    )
    done = kneetrack(
        "batch", "list.csv", "--out", "out", "--jobs", "1", "--keep", "report,result",
        folder=tmp_path,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stdout == ""
    assert done.stderr.startswith("3 clips: 1 analysed, 1 with nobody in them, 1 failed;")
    rows = pq.read_table(tmp_path / "out" / "clips.parquet").to_pylist()
    assert [row["status"] for row in rows] == ["analysed", "nobody", "error"]
    assert rows[0]["manifest_Größe cm"] == "180"
    assert (rows[0]["exercise"], rows[0]["reps"], rows[0]["view"]) == ("glute_bridge", 2, "side")
    kept = tmp_path / "out" / rows[0]["folder"]
    assert sorted(path.name for path in kept.iterdir()) == ["report.html", "result.json"]
    result = json.loads((kept / "result.json").read_text())
    reps = pq.read_table(tmp_path / "out" / "reps.parquet").to_pylist()
    assert set(result["reps"][0]["measures"]) <= set(measure_columns())
    for told, rep in zip(result["reps"], reps, strict=True):
        assert {name: rep[name] for name in told["measures"]} == told["measures"]
        assert {name: rep[f"{name}_error"] for name in told["errors"]} == told["errors"]
    page = (tmp_path / "out" / "cohort.html").read_text()
    again = kneetrack("batch", "--report-only", "--out", "out", "--json", folder=tmp_path)
    assert json.loads(again.stdout)["analysed"] == 1
    assert (tmp_path / "out" / "cohort.html").read_text() == page


def test_a_column_that_batch_does_not_use_is_told_of(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "list.csv").write_text("clip,speed\nnone.mp4,0.25\n")
    out = tmp_path / "out"
    assert run(monkeypatch, str(tmp_path / "list.csv"), "--out", str(out)) == 3
    first, summary = capsys.readouterr().err.splitlines()
    assert first.startswith("The manifest's column speed: not used by batch")
    assert summary.startswith("1 clip: 0 analysed, 1 failed; 0 of them done in this run.")
    (row,) = pq.read_table(out / "clips.parquet").to_pylist()
    assert (row["manifest_speed"], row["manifest_clip"]) == ("0.25", "none.mp4")


def test_every_mistake_is_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    out = str(tmp_path / "out")
    (tmp_path / "a.mp4").write_text("x")
    clip = str(tmp_path / "a.mp4")
    for code, arguments in (
        (3, ["--report-only", "--out", out]),
        (2, ["--report-only", clip, "--out", out]),
        (2, [str(tmp_path / "none"), "--out", out]),
        (2, ["--out", out]),
        (3, [str(tmp_path / "none*"), "--out", out]),
        (2, [clip, "--out", out, "--keep", "everything"]),
        (2, [clip, "--out", out, "--exercise", "handstand"]),
        (2, [clip, "--out", out, "--config", str(tmp_path / "none.toml")]),
        (3, [clip, "--out", out, "--model", clip]),
        (5, [clip, "--out", clip]),
    ):
        assert run(monkeypatch, *arguments) == code, arguments
        said = capsys.readouterr().err
        assert said.startswith("kneetrack: ") and said.count("\n") == 1, said
    assert [path.name for path in tmp_path.iterdir()] == ["a.mp4"]

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import numpy as np

from kneetrack.records import FrameTable
from kneetrack.report.tables import (
    frames_csv,
    number,
    reps_csv,
    write_frames_csv,
    write_reps_csv,
    write_result_json,
)
from tests.report.make_results import lunges, nothing_recognised, one_knee_in


def rows_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_frames_csv_keeps_the_columns_and_their_order() -> None:
    _, frames = one_knee_in()
    text = frames_csv(frames)
    assert text.splitlines()[0] == "frame,t_s,rep,phase," + ",".join(frames.columns)
    assert len(rows_of(text)) == 165
    assert "\r" not in text


def test_a_number_that_is_not_valid_is_empty_never_zero() -> None:
    table = FrameTable(
        np.array([0.0, 0.04]),
        np.array([0, 1]),
        ("", "descent"),
        {
            "kfo_ratio_left": np.array([np.nan, -0.00001]),
            "fppa_deg_left": np.array([1.006, np.inf]),
        },
    )
    assert frames_csv(table) == (
        "frame,t_s,rep,phase,kfo_ratio_left,fppa_deg_left\n"
        "0,0.0000,0,,,1.01\n"
        "1,0.0400,1,descent,0.0000,\n"
    )


def test_frames_csv_gives_the_numbers_back() -> None:
    _, frames = one_knee_in()
    rows = rows_of(frames_csv(frames))
    for name, values in frames.columns.items():
        read = np.array([float(row[name]) if row[name] else np.nan for row in rows])
        np.testing.assert_allclose(read, values, atol=0.005 if "_deg" in name else 0.00005)


def test_reps_csv_has_a_row_a_rep_with_measures_and_verdicts() -> None:
    result, _ = one_knee_in()
    first, second = rows_of(reps_csv(result))
    assert (first["rep"], first["exercise"], first["bottom_s"]) == ("1", "squat", "1.5250")
    assert first["kfo_ratio_right"] == "0.2800"
    assert first["knee_valgus_right_status"] == "flag"
    assert first["knee_valgus_right_measure"] == "kfo"
    assert (second["knee_valgus_right_value"], second["knee_valgus_right_error"]) == (
        "0.3200",
        "0.0400",
    )
    assert first["knee_valgus_left_status"] == "ok"
    assert (first["heel_lift_left_status"], first["heel_lift_left_value"]) == ("cannot_tell", "")
    assert first["trunk_lean_both_value"] == "1.80"


def test_reps_csv_leaves_what_was_not_looked_at_empty() -> None:
    result, _ = lunges()
    rows = rows_of(reps_csv(result))
    assert [row["side"] for row in rows] == ["left", "right"] * 4
    assert rows[0]["knee_valgus_right_status"] == ""
    assert rows[5]["valid"] == "no"
    assert rows[5]["knee_valgus_right_status"] == ""


def test_reps_csv_without_reps_is_its_header() -> None:
    result, _ = nothing_recognised()
    assert reps_csv(result).count("\n") == 1


def test_minus_zero_is_zero() -> None:
    assert number(-0.0001, 2) == "0.00"
    assert number(-0.5, 2) == "-0.50"
    assert number(None, 2) == ""


def test_files_are_written(tmp_path: Path) -> None:
    result, frames = one_knee_in()
    assert write_frames_csv(frames, tmp_path / "frames.csv").read_text("utf-8") == frames_csv(
        frames
    )
    assert write_reps_csv(result, tmp_path / "reps.csv").read_text("utf-8") == reps_csv(result)
    written = json.loads(write_result_json(result, tmp_path / "result.json").read_text("utf-8"))
    assert written["schema"] == "kneetrack/result/1"
    assert "frames" not in written

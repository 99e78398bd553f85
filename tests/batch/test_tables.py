"""The Parquet files: their schema is what the documentation says, and null is null."""

from __future__ import annotations

import math
import re
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from kneetrack.batch.columns import SCHEMA_VERSION, columns, measure_columns
from kneetrack.batch.entries import Entry, How, Plan, Row
from kneetrack.batch.ledger import Ledger
from kneetrack.batch.places import place_of
from kneetrack.batch.rows import clip_cells, finite, reading_cells, rep_cells, verdict_cells
from kneetrack.batch.tables import TABLES, write_tables
from kneetrack.report.overview import rep_status
from tests.batch.faking import fake_record
from tests.report.make_results import one_knee_in


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return Ledger(place_of(str(tmp_path)))


def table(folder: Path, name: str) -> Any:
    return pq.read_table(folder / f"{name}.parquet")


def plan_of(*rows: Row) -> Plan:
    return Plan(rows, How(settings_sha256="5", model_sha256="6"))


def test_the_documentation_lists_every_column_in_order(root: Path) -> None:
    page = (root / "docs" / "batch.md").read_text("utf-8")
    for name in TABLES:
        part = page.split(f"### {name}.parquet")[1].split("\n### ")[0].split("\n## ")[0]
        named = [cell.strip("`") for cell in re.findall(r"(?m)^\| (`[^|]+`) \|", part)]
        known = [c.name for c in columns(name) if name != "reps" or not _measured(c.name)]
        assert named == known, name


def _measured(column: str) -> bool:
    return column.removesuffix("_error") in measure_columns()


def test_units_and_meaning_travel_with_the_columns(ledger: Ledger, tmp_path: Path) -> None:
    ledger.write(fake_record("a" * 64, "1"))
    write_tables(plan_of(Row(Entry("a.mp4"), "a" * 64, "1")), ledger)
    schema = table(tmp_path, "reps").schema
    assert schema.field("kfo_ratio_left").metadata[b"unit"] == b"ratio"
    assert schema.field("knee_flexion_deg_right_error").metadata[b"unit"] == b"deg"
    assert schema.metadata[b"kneetrack_schema"] == f"kneetrack/batch/reps/{SCHEMA_VERSION}".encode()
    assert [field.name for field in schema] == [column.name for column in columns("reps")]
    for name in TABLES:
        assert all(field.metadata[b"description"] for field in table(tmp_path, name).schema)


def test_the_empty_tables_have_the_same_schema(ledger: Ledger, tmp_path: Path) -> None:
    write_tables(plan_of(Row(Entry("a.mp4"))), ledger)
    assert table(tmp_path, "reps").num_rows == 0
    assert table(tmp_path, "clips").column("status").to_pylist() == ["pending"]
    assert "kfo_ratio_left" in table(tmp_path, "reps").schema.names


def test_rows_of_a_manifest_with_its_own_columns(ledger: Ledger, tmp_path: Path) -> None:
    key = "a" * 64
    ledger.write(fake_record(key, "1", kfo=None))
    first = Entry("a.mp4", "C1", "squat", "left", (("age", "30"), ("site", "")))
    write_tables(
        plan_of(
            Row(first, key, "1"),
            Row(Entry("copy.mp4", "C2"), key, "1"),
            Row(Entry("x.mp4", problem="unknown exercise 'x'"), problem="unknown exercise 'x'"),
            Row(Entry("gone.mp4"), problem="gone.mp4: no such file"),
        ),
        ledger,
    )
    rows = table(tmp_path, "clips").to_pylist()
    assert [row["row"] for row in rows] == [1, 2, 3, 4]
    assert [row["duplicate_of"] for row in rows] == [None, 1, None, None]
    assert (rows[0]["manifest_age"], rows[0]["manifest_site"]) == ("30", None)
    assert (rows[0]["client"], rows[0]["exercise_asked"], rows[0]["side_asked"]) == (
        "C1", "squat", "left",
    )  # fmt: skip
    assert rows[1]["exercise_asked"] == "auto"
    assert [row["status"] for row in rows] == ["analysed", "analysed", "error", "error"]
    assert [row["error_kind"] for row in rows] == [None, None, "settings", "clip"]
    assert [row["exit_code"] for row in rows] == [0, 0, 2, 3]
    reps = table(tmp_path, "reps").to_pylist()
    assert [rep["clip_row"] for rep in reps] == [1, 1]
    assert reps[0]["kfo_ratio_left"] is None and reps[0]["kfo_ratio_left_error"] == 0.03
    verdicts = table(tmp_path, "verdicts").to_pylist()
    assert len(verdicts) == 4 and verdicts[1]["value"] is None


def test_every_measure_of_a_result_has_its_column() -> None:
    result, _ = one_knee_in()
    known = set(measure_columns())
    for rep, cells in zip(result.reps, rep_cells(result), strict=True):
        told = {name: value for name, value in rep.measures.items() if value is not None}
        assert {name: cells.get(name) for name in told if name in known} == {
            name: value for name, value in told.items() if name in known
        }
        assert cells["status"] == rep_status(rep)
    assert {c for cells in rep_cells(result) for c in cells} <= {c.name for c in columns("reps")}
    assert set(clip_cells(result)) <= {c.name for c in columns("clips")}
    own = {"work_key", "clip_row"}
    for cells in verdict_cells(result):
        assert set(cells) | own == {c.name for c in columns("verdicts")}
    assert len(verdict_cells(result)) == sum(len(rep.verdicts) for rep in result.reps)
    assert all(len(reading) == 6 for reading in reading_cells(result))


def test_what_is_not_a_number_is_null_and_never_zero() -> None:
    assert finite({"a": math.nan, "b": math.inf, "c": 0.0, "d": "nan", "e": None}) == {
        "a": None, "b": None, "c": 0.0, "d": "nan", "e": None,
    }  # fmt: skip

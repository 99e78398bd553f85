"""Tables by condition, from runs that are made up."""

from __future__ import annotations

import csv
import json
from datetime import date
from pathlib import Path

from kneetrack.recorded import Progress
from kneetrack.validation.by_condition import run_conditions
from kneetrack.validation.command import ValidateJob
from kneetrack.validation.conditions import chosen
from kneetrack.validation.outcome import ClipOutcome, LegVerdict, Reading
from kneetrack.validation.run import STAGE
from kneetrack.validation.summary import Validation


def reading(measure: str, value: float | None, truth: float) -> Reading:
    return Reading("a", "ann", "squat", "front", 0, 70, 1, "left", measure, "ratio", value, truth)


def made_up(job: ValidateJob, progress: Progress | None) -> Validation:
    """As filmed everything is right; in the dark one of two knees is off, one cannot be told."""
    assert job.how.condition is not None
    if progress is not None:
        progress(STAGE, 2, 2)
    dark = job.how.condition.name == "dark"
    legs = tuple(
        LegVerdict("a", "ann", "squat", 0, side, 0.2, status)
        for side, status in (("left", "flag"), ("right", "cannot_tell" if dark else "flag"))
    )
    readings = (
        reading("kfo_bottom", 0.26 if dark else 0.2, 0.2),
        reading("kfo_bottom", None if dark else 0.1, 0.1),
        reading("repetitions", 1 if dark else 2, 2),
    )
    gone = ClipOutcome("b", failure="nobody was seen")
    outcomes = (ClipOutcome("a", readings, legs), *([gone] if dark else []))
    return Validation(outcomes, date(2026, 1, 1))


def test_each_condition_has_its_rows(tmp_path: Path) -> None:
    told: list[tuple[int, int | None]] = []
    job = ValidateJob([tmp_path], out=tmp_path)
    found = run_conditions(
        job,
        chosen("as filmed,dark"),
        lambda _, done, total: told.append((done, total)),
        run_one=made_up,
    )
    assert told == [(2, 4), (4, 4)]
    with (tmp_path / "conditions.csv").open(encoding="utf-8", newline="") as stream:
        plain, dark = csv.DictReader(stream)
    assert (plain["condition"], plain["n"], plain["not_measured"]) == ("as filmed", "2", "0")
    assert (dark["condition"], dark["n"], dark["not_measured"]) == ("dark", "1", "1")
    assert float(plain["mean_absolute_error"]) == 0
    assert float(dark["worst"]) == 0.06
    rows = json.loads(found.json())["tables"]["detection"]["rows"]
    assert [row["sensitivity"] for row in rows] == [1.0, 0.5]
    assert [row["clips_failed"] for row in rows] == [0, 1]
    assert [row["reps_right"] for row in rows] == [1, 0]
    assert "| dark |" in (tmp_path / "conditions.md").read_text("utf-8")
    assert "dark" in found.text()

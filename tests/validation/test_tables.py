"""Tables, targets, pages and plots made from readings that are known."""

from __future__ import annotations

import csv
import io
import json
import math
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from kneetrack.validation.agreement import Share
from kneetrack.validation.command import PLOT, write
from kneetrack.validation.outcome import (
    ClipOutcome,
    Labelled,
    LegVerdict,
    Reading,
    Recognised,
    Tracking,
)
from kneetrack.validation.page import accuracy_page, validation_page
from kneetrack.validation.plots import bland_altman_png
from kneetrack.validation.summary import TABLES, Validation
from kneetrack.validation.table import Column, Table
from kneetrack.validation.tables import (
    band,
    coverage_by_body_table,
    coverage_table,
    honest,
    measure_table,
    split_table,
    worth_reading,
)
from kneetrack.validation.targets import Target, targets


def reading(measure: str, off: float | None, **more: object) -> Reading:
    """A reading that is ``off`` by so much, or not measured."""
    unit = "ratio" if measure in ("kfo_bottom", "knee_ankle_separation_top") else "deg"
    truth = float(more.pop("truth", 10.0))  # type: ignore[arg-type]
    plain = Reading(
        clip="clip",
        body="ann",
        exercise="squat",
        view="front",
        yaw_deg=0.0,
        flexion_deg=50.0,
        rep=1,
        side="left",
        measure=measure,
        unit=unit,
        value=None if off is None else truth + off,
        truth=truth,
        reason="hidden" if off is None else "",
    )
    return replace(plain, **more)


def outcome(*readings: Reading, failure: str = "") -> ClipOutcome:
    seen = None if failure else Recognised("clip", "squat", "squat", None, None)
    return ClipOutcome("clip", readings=readings, recognised=seen, failure=failure)


def by_key(table: Table, row: int) -> dict[str, object]:
    return dict(zip([c.key for c in table.columns], table.rows[row], strict=True))


def test_a_measure_counts_what_it_has_and_what_it_has_not() -> None:
    table = measure_table([reading("fppa", 1), reading("fppa", -3), reading("fppa", None)])
    row = by_key(table, 0)
    assert (row["n"], row["not_measured"], row["unit"]) == (2, 1, "deg")
    assert (row["bias"], row["mean_absolute_error"], row["worst"]) == (-1, 2, -3)


def test_groups_by_yaw_and_body() -> None:
    readings = [
        reading("fppa", 1, yaw_deg=-5.0),
        reading("fppa", 2, yaw_deg=5.1, body="ben"),
        reading("fppa", None, yaw_deg=20.0),
        reading("kfo_bottom", 0.1),
    ]
    table = split_table(readings, "yaw")
    groups = [(by_key(table, i)["yaw"], by_key(table, i)["n"]) for i in range(4)]
    assert groups == [("0-5°", 1), ("5-10°", 1), ("15-30°", 0), ("0-5°", 1)]
    assert len(worth_reading(table).rows) == 3, "one group alone says nothing new"
    bodies = split_table(readings, "body")
    assert [by_key(bodies, i)["body"] for i in range(3)] == ["ann", "ben", "ann"]


def test_bands_hold_their_upper_edge() -> None:
    edges = (0, 5, 15)
    assert [band(v, edges) for v in (0, 5, 5.01, 15, 16)] == [
        "0-5°", "0-5°", "5-15°", "5-15°", "over 15°"
    ]  # fmt: skip


def test_coverage_in_all_by_measure_and_by_body() -> None:
    readings = [
        reading("fppa", 1.0, error=1.0),
        reading("fppa", 3.0, error=1.0, body="ben"),
        reading("fppa", 3.0),
        reading("fppa", None, error=1.0),
        reading("kfo_bottom", 0.0, error=0.01),
    ]
    rows = [(row[0], row[1], row[2]) for row in coverage_table(readings).rows]
    assert rows == [
        ("everything", 2, 3),
        ("ann", 2, 2),
        ("ben", 0, 1),
        ("FPPA, at 45-60°", 1, 2),
        ("KFO at the bottom", 1, 1),
    ]
    each = [row[1:4] for row in coverage_by_body_table(readings).rows]
    assert each == [("ann", 1, 1), ("ben", 0, 1), ("ann", 1, 1)]


@pytest.mark.parametrize(
    ("count", "n", "said"),
    [
        (90, 100, "yes"),
        (98, 100, "yes"),
        (89, 100, "below, may be chance"),
        (70, 100, "no, below"),
        (5, 5, "above, may be chance"),
        (1000, 1000, "no, above"),
    ],
)
def test_an_honest_error_holds_90_to_98_percent(count: int, n: int, said: str) -> None:
    assert honest(Share(count, n)) == said


def found_target(words: str, *rows: Reading, **more: list) -> Target:
    every = targets(list(rows), more.get("legs", []), more.get("tracking", []))
    return next(t for t in every if t.what.startswith(words))


def test_targets_reached_missed_and_not_here() -> None:
    near = [reading("fppa_change", 1.0), reading("fppa_change", -1.0)]
    assert found_target("FPPA change,", *near).reached is True
    assert found_target("FPPA change,", *near, reading("fppa_change", 3.0)).reached is False
    biased = [reading("fppa_change", 0.6), reading("fppa_change", 0.6)]
    assert found_target("FPPA change,", *biased).reached is False, "the bias is 0.6"
    off = reading("fppa_change", 50.0, yaw_deg=6.0)
    assert found_target("FPPA change,", *near, off).n == 2, "6 degrees of yaw do not count"
    assert found_target("FPPA change,").verdict == "not in this set"
    hidden = found_target("FPPA change,", reading("fppa_change", None))
    assert (hidden.verdict, hidden.left_out) == ("not in this set", 1)


def test_targets_of_yaw() -> None:
    rows = [
        reading("camera_yaw", off, truth=truth, side="both")
        for truth, off in ((7.0, -6.0), (-10.0, 1.0), (2.0, -3.0))
    ]
    assert found_target("camera yaw, median", *rows).found == "3.0"
    sign = found_target("camera yaw, sign", *rows)
    assert (sign.found, sign.reached) == ("2 of 2", True)
    wrong = found_target("camera yaw, sign", *rows, reading("camera_yaw", -8.0, truth=7.0))
    assert wrong.reached is False


def test_the_bridge_may_answer_that_it_cannot_tell() -> None:
    words = "bridge: knee to ankle"
    assert found_target(words, reading("knee_ankle_separation_top", None)).reached is True
    assert found_target(words, reading("knee_ankle_separation_top", 0.09)).reached is False


def test_false_alarms_count_the_knees_of_squats() -> None:
    def clip(yaw: float, *raised: tuple[str, str, str], exercise: str = "squat") -> Tracking:
        return Tracking("clip", "ann", exercise, yaw, 70.0, 0.0, raised)

    flag, lean = ("knee_valgus", "left", "flag"), ("trunk_lean", "both", "flag")
    words = "knees watch or flag"
    quiet = found_target(words, tracking=[clip(-45, lean), clip(60, flag)])
    assert (quiet.n, quiet.reached) == (1, True)
    loud = found_target(words, tracking=[clip(0, flag), clip(0)])
    assert (loud.found, loud.n, loud.reached) == ("1 clips", 2, False)
    assert found_target(words, tracking=[clip(0, flag, exercise="lateral_lunge")]).n == 0


def test_a_table_reads_the_same_in_every_form() -> None:
    table = Table(
        "t",
        "T",
        (Column("a", "a|b"), Column("unit", "unit"), Column("x", "x", "signed"),
         Column("s", "s", "share")),
        (("left|right", "deg", -0.04, 0.5), ("q", "ratio", math.nan, None)),
    )  # fmt: skip
    assert table.markdown().splitlines()[2:] == [
        "| left\\|right | deg | +0.0 | 50 % |",
        "| q | ratio |  |  |",
    ]
    assert list(csv.reader(io.StringIO(table.csv()))) == [
        ["a", "unit", "x", "s"],
        ["left|right", "deg", "-0.04", "0.5"],
        ["q", "ratio", "", ""],
    ]
    assert table.as_dict()["rows"][1] == {"a": "q", "unit": "ratio", "x": None, "s": None}
    assert table.text().splitlines()[1] == "left|right  deg    +0.0  50 %"


def everything() -> Validation:
    """A validation in which every table has rows."""
    rng = np.random.default_rng(1)
    readings = [
        reading("kfo_bottom", float(x), error=0.02, body=body)
        for body in ("ann", "ben")
        for x in rng.normal(0, 0.02, 6)
    ]
    whole = ClipOutcome(
        "a|b",
        readings=(*readings, reading("repetitions", 1.0, truth=2.0)),
        legs=(LegVerdict("a|b", "ann", "squat", 0.0, "left", 0.2, "ok"),),
        tracking=Tracking("a|b", "ann", "squat", 0.0, 70.0, 0.0, ()),
        recognised=Recognised("a|b", "squat", "none", "left", None),
        labelled=(Labelled("a|b", 0, "left", "knee_valgus", "bad", "ok"),),
    )
    return Validation((whole, outcome(failure="broken")), date(2026, 1, 2))


def test_every_table_is_known_and_written(tmp_path: Path) -> None:
    found = everything()
    assert set(found.tables) == set(TABLES)
    files = {path.name for path in write(found, tmp_path)}
    assert files == {p.name for p in tmp_path.iterdir()}
    assert files >= {f"{name}.csv" for name in TABLES} | {PLOT, "readings.csv", "verdicts.csv"}
    page = (tmp_path / "validation.md").read_text(encoding="utf-8")
    assert f"]({PLOT})" in page
    for name in set(TABLES) - {f"by_{n}" for n in ("exercise", "view", "yaw", "depth")}:
        assert found.tables[name].title in page, name
    summary = json.loads((tmp_path / "validation.json").read_text(encoding="utf-8"))
    assert (summary["clips"], summary["clips_failed"], summary["made"]) == (2, 1, "2026-01-02")
    assert set(summary["tables"]) == set(TABLES)


def test_what_an_earlier_run_left_does_not_stay(tmp_path: Path) -> None:
    write(everything(), tmp_path)
    (tmp_path / "mine.csv").write_text("kept", encoding="utf-8")
    write(Validation((outcome(reading("kfo_bottom", 0.0)),), date(2026, 1, 3)), tmp_path)
    left = {path.name for path in tmp_path.iterdir()}
    assert "mine.csv" in left
    assert not left & {"failed.csv", "disagreements.csv", "verdicts.csv", PLOT}


def test_the_exit_code_tells_of_a_clip_that_failed() -> None:
    found = everything()
    assert found.exit_code == 1
    assert "1 of 2 clips could not be judged, such as clip: broken" in found.complaint()
    assert Validation((outcome(),), date(2026, 1, 2)).exit_code == 0


def test_pages_carry_no_folder_and_say_what_they_do_not_show() -> None:
    page = accuracy_page(everything(), "pictures/x.png", "Rendered people", "x86_64, 2 cores")
    assert page.startswith("# Accuracy\n\nMade by `make accuracy` on 2026-01-02 (x86_64, 2 cores")
    assert "What these figures do and do not show" in page
    assert "](pictures/x.png)" in page
    assert "Bland-Altman" not in validation_page(everything())


def test_a_plot_needs_three_readings_and_is_a_picture() -> None:
    assert bland_altman_png([reading("fppa", 1.0), reading("fppa", 2.0)]) is None
    assert bland_altman_png([reading("bottom_time", 0.1)] * 5) is None, "times have no panel"
    picture = bland_altman_png([reading("fppa", float(i), body=f"b{i}") for i in range(12)])
    assert picture is not None
    assert picture.startswith(b"\x89PNG")
    same = bland_altman_png([reading("fppa", 0.0)] * 3)
    assert same is not None, "no spread at all"


def test_a_handful_of_readings_is_too_few_to_say() -> None:
    few = found_target("FPPA change,", *[reading("fppa_change", 0.1)] * 3)
    assert (few.reached, few.verdict) == (True, "yes, but too few to say")
    many = found_target("FPPA change,", *[reading("fppa_change", 0.1)] * 10)
    assert many.verdict == "yes"
    assert found_target("FPPA change,").verdict == "not in this set"

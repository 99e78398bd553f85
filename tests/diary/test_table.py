"""The table, read back."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date

from kneetrack.clinic_records.practice import PracticeRecord, SignFound
from kneetrack.diary.table import OF_A_PART, OF_A_PRACTICE, diary_csv
from tests.diary.made import BRIDGE, KFO, RELEASE, bridge, lunge, many, on


def read(records: list[PracticeRecord]) -> list[dict[str, str]]:
    text = diary_csv(records, UTC).decode("utf-8")
    return list(csv.DictReader(io.StringIO(text)))


def test_a_row_a_part() -> None:
    records = [on(date(2026, 11, 2), 1, pain=(3, 2, None), parts=(RELEASE, lunge(*KFO)))]
    release, lunges = read(records)
    assert (release["practice"], release["day"], release["time"]) == ("1", "2026-11-02", "18:05")
    assert (release["pain_before"], release["pain_next_morning"]) == ("3", "")
    assert (release["part"], release["seconds"], release["kfo_ratio_left"]) == (
        "release",
        "180",
        "",
    )
    assert (lunges["sets_asked"], lunges["reps_asked"], lunges["reps_done"]) == ("2", "8", "32")
    assert (lunges["kfo_ratio_left"], lunges["kfo_ratio_left_error"]) == ("0.08", "0.02")
    assert "lunge_too_deep" not in " ".join(lunges)


def test_a_practice_without_parts_has_a_row() -> None:
    signs = (SignFound("one_leg", "yes"),)
    stopped = on(date(2026, 11, 2), 1, parts=(), ended="stopped")
    check = on(date(2026, 11, 3), 2, kind="selfcheck", signs=signs)
    rows = read([stopped, check, on(date(2026, 11, 4), 3, parts=(bridge(*BRIDGE),))])
    assert [row["part"] for row in rows] == ["", "", "bridge"]
    assert rows[0]["ended"] == "stopped" and rows[1]["signs"] == "one_leg yes"
    assert rows[0]["lift_ratio"] == "" and rows[2]["lift_ratio"] == "0.24"


def test_no_cell_is_a_formula() -> None:
    evil = '=HYPERLINK("http://x","y")'
    part = lunge(part="@sum", exercise="+1", why="-2+3")
    row = read([on(date(2026, 11, 2), 1, note=evil, parts=(part,))])[0]
    assert row["note"] == "'" + evil
    assert (row["part"], row["exercise"], row["why"]) == ("'@sum", "'+1", "'-2+3")


def test_every_row_has_every_column() -> None:
    records = many(30)
    lines = list(csv.reader(io.StringIO(diary_csv(records, UTC).decode())))
    assert {len(line) for line in lines} == {len(lines[0])}
    assert lines[0][: len(OF_A_PRACTICE) + len(OF_A_PART)] == [*OF_A_PRACTICE, *OF_A_PART]
    assert len(set(lines[0])) == len(lines[0])
    assert len(lines) == 1 + sum(len(r.parts) for r in records)


def test_the_columns_are_in_the_guide() -> None:
    from pathlib import Path

    guide = (Path(__file__).resolve().parents[2] / "docs" / "files.md").read_text("utf-8")
    assert [name for name in (*OF_A_PRACTICE, *OF_A_PART) if f"`{name}`" not in guide] == []

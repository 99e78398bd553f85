"""The cohort report: its sums, its words, and nothing from outside that is not escaped."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from kneetrack.batch.cohort import Cohort
from kneetrack.batch.entries import Counts, Entry, How, Plan, Row
from kneetrack.batch.ledger import Record
from kneetrack.batch.sums import without_path
from kneetrack.report.cohort.html import percent, shares
from kneetrack.report.cohort.shape import limits, shape_of
from tests.batch.faking import fake_record
from tests.test_wording import offences

TODAY = date(2026, 11, 29)


def page_of(*found: tuple[Row, Record | None, bool], counts: Counts, how: How | None = None) -> str:
    plan = Plan(tuple(row for row, _, _ in found), how or How(settings_sha256="5" * 64))
    cohort = Cohort(plan)
    for number, (row, record, duplicate) in enumerate(found, 1):
        cohort.add(number, row, record, duplicate)
    return cohort.page(counts, TODAY)


def row(name: str, key: str = "k", problem: str = "") -> Row:
    return Row(Entry(name), key, "s", problem)


def words(page: str) -> str:
    body = re.sub(r"<style>.*?</style>", " ", page, flags=re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", body).split())


def whole() -> str:
    many = [
        (row(f"{i}.mp4", f"k{i}"), fake_record(f"k{i}", "s", 0.01 * i), False) for i in range(9)
    ]
    untold = (row("u.mp4", "ku"), fake_record("ku", "s", None), False)
    again = (row("again.mp4", "k1"), many[1][1], True)
    nobody = replace(fake_record("n", "s"), status="nobody", reps=(), verdicts=(), readings=())
    nobody = replace(nobody, clip={"reason": "nobody was seen in the clip"})
    broken = Record("b", "s", "error", "clip", "broken.mp4: it has no <picture>", 3)
    return page_of(
        *many, untold, again,
        (row("empty.mp4", "n"), nobody, False),
        (row("<b>broken</b>.mp4", "b"), broken, False),
        (row("gone.mp4", "", "gone.mp4: no such file"), None, False),
        (row("later.mp4", "l"), None, False),
        counts=Counts(rows=15, analysed=11, nobody=1, failed=2, pending=1, duplicates=1),
        how=How(settings_toml="[view]\nfppa_yaw_deg = 5", settings_sha256="5" * 64),
    )  # fmt: skip


def test_its_sums() -> None:
    told = words(whole())
    assert "15 clips 11 analysed" in told
    assert "20 repetitions 20 of these judged" in told
    assert "Squat 20 repetitions in 10 clips" in told
    assert "50 % OK 10" in told and "50 % flag 10" in told
    assert "18 of 20" in told  # repetitions with a value
    assert "+4 %" in told and "+2 % to +6 %" in told  # median and middle half of 0 ... 8 %
    assert "± 3 %" in told
    assert "1 row repeats a clip of an earlier row" in told
    assert "fppa_yaw_deg = 5" in told


def test_why_not_with_alike_reasons_together() -> None:
    told = words(whole())
    assert "Camera …° to your left: turn …° to your left Heel lift 20 50 % of all 20 10" in told


def test_clips_that_need_a_look() -> None:
    told = words(whole())
    assert "Clips that could not be analysed 2" in told
    assert "13 &lt;b&gt;broken&lt;/b&gt;.mp4 broken.mp4: it has no &lt;picture&gt;" in told
    assert "gone.mp4 no such file" in told
    assert "Clips with nobody in them 1" in told
    assert "Clips that are not done yet 1" in told
    assert "Slowest clips 10" in told and "1.5 s for 4.0 s of video" in told
    assert "40 s of video" in told and "16 s of work" in told
    few = [(row(f"{n}.mp4", f"{n}"), fake_record(f"{n}", "s"), False) for n in range(10)]
    assert "Slowest" not in words(page_of(*few, counts=Counts(10)))


@pytest.mark.parametrize(
    ("text", "bare"),
    [
        ("/a b/c.mp4: no such file", "no such file"),
        ("it cannot be read: /a b/c.mp4", "it cannot be read: c.mp4"),
        ("/mnt/x/c.mp4: it has no picture", "it has no picture"),
        ("the disk is full", "the disk is full"),
    ],
)
def test_what_is_said_of_a_clip_leaves_out_where_it_is(text: str, bare: str) -> None:
    assert without_path(text, "/a b/c.mp4") == bare


def test_its_words_and_that_it_stands_alone() -> None:
    page = whole()
    assert offences(words(page)) == []
    assert "Not a medical device" in page
    assert not re.search(r"(?:src|href)=|https?://|url\(", page)
    assert "nan" not in re.findall(r"\bnan\b", words(page).lower())


def test_a_batch_in_which_nothing_was_found() -> None:
    page = page_of((row("a.mp4", "", "a.mp4: no such file"), None, False), counts=Counts(1))
    assert "No repetition was found" in page


def test_a_batch_that_was_interrupted_before_anything_was_done() -> None:
    told = words(page_of((row("a.mp4"), None, False), counts=Counts(1, pending=1)))
    assert "Nothing has been looked at yet" in told and "No repetition" not in told
    empty = replace(fake_record("n", "s"), status="no_exercise", reps=(), verdicts=(), readings=())
    found = [(row("a.mp4", "n"), empty, False), (row("b.mp4", "l"), None, False)]
    assert "No repetition was found so far" in words(page_of(*found, counts=Counts(2, pending=1)))


def test_clips_in_which_something_else_was_recognised_than_asked_for() -> None:
    record = fake_record("k", "s")
    lunge = replace(record, clip=record.clip | {"exercise_detected": "lateral_lunge"})
    left = replace(record, clip=record.clip | {"side": "left"})
    none = replace(record, clip=record.clip | {"exercise_detected": "none"})
    found = [
        (Row(Entry("asked.mp4", exercise="squat"), "a", "s"), lunge, False),
        (Row(Entry("whatever.mp4"), "b", "s"), lunge, False),
        (Row(Entry("right.mp4", side="R"), "c", "s"), left, False),
        (Row(Entry("same.mp4", exercise="squat", side="left"), "d", "s"), left, False),
        (Row(Entry("unknown.mp4", exercise="single-leg-squat"), "e", "s"), none, False),
    ]
    told = words(page_of(*found, counts=Counts(5, analysed=5)))
    heading = "Asked for one exercise or side, recognised another 2"
    assert heading in told and told.index(heading) < told.index("Squat 10 repetitions")
    assert "1 asked.mp4 asked for squat, recognised lateral lunge" in told
    assert "3 right.mp4 asked for side right, recognised left" in told
    everywhere = words(page_of(*found[:2], counts=Counts(2), how=How(exercise="squat")))
    assert "recognised another 2" in everywhere
    assert "recognised another" not in words(page_of(found[3], counts=Counts(1)))


def test_a_measure_by_which_nothing_was_judged_is_left_out_with_its_reason() -> None:
    record = fake_record("k", "s")
    why = "seen like this a bent knee can look straight"
    unsure = [v | {"status": "cannot_tell", "reason": why} for v in record.verdicts]
    told = words(page_of((row("a.mp4"), replace(record, verdicts=unsure), False), counts=Counts(1)))
    assert f"Knee over foot (KFO) is left out, no repetition was judged by it: {why}" in told
    assert "+5 %" not in told
    kept = [*unsure[:2], *record.verdicts[2:]]
    told = words(page_of((row("a.mp4"), replace(record, verdicts=kept), False), counts=Counts(1)))
    assert "is left out" not in told and "+5 %" in told


def test_few_values_have_no_distribution_and_a_bridge_is_read_at_the_top() -> None:
    record = fake_record("k", "s")
    page = page_of((row("a.mp4"), record, False), counts=Counts(1))
    assert words(page).count("n = 2: too few for a distribution") == 2
    assert 'class="histogram"' not in page and "Shaded" not in page and "+5 % to" not in page
    assert "Measures at the bottom of the repetition" in page
    bridge = replace(
        record,
        reps=[rep | {"exercise": "glute_bridge"} for rep in record.reps],
        verdicts=[],
        readings=[["glute_bridge", "lift", "both", "side", 0.5, 0.1]],
    )
    page = page_of((row("b.mp4"), bridge, False), counts=Counts(1))
    assert "Measures at the top of the bridge" in page and "at the bottom of" not in page


def test_legs_stand_together_and_depth_has_a_unit() -> None:
    record = fake_record("k", "s")
    more = [
        ["squat", "kfo", "both", "front", 0.05, 0.03],
        ["squat", "depth", "both", "side", 0.1, 0.1],
    ]
    found = (row("a.mp4"), replace(record, readings=[*record.readings, *more]), False)
    told = words(page_of(found, counts=Counts(1)))
    legs = re.findall(r"\b(Left|Right|Both) n =", told)
    assert legs == ["Left", "Right", "Both", "Both"]
    assert told.count("Knee over foot (KFO), of") == 1
    assert "Depth, in thigh lengths" in told


def test_shares_and_percentages() -> None:
    assert [percent(n, 1000) for n in (0, 1, 10, 500, 999, 1000)] == [
        "0 %", "<1 %", "1 %", "50 %", ">99 %", "100 %",
    ]  # fmt: skip
    assert percent(0, 0) == "–"
    assert shares({"ok": 1, "watch": 0, "flag": 1, "cannot_tell": 2}) == [
        ("ok", 1, 0.0, 25.0), ("watch", 0, 25.0, 0.0), ("flag", 1, 25.0, 25.0),
        ("cannot_tell", 2, 50.0, 50.0),
    ]  # fmt: skip


def test_histograms_are_no_finer_than_the_error_and_tell_what_lies_beyond() -> None:
    assert limits([1.0, 1.001], least=0.6) == pytest.approx((0.7005, 1.3005))
    values = [*([0.0, 1.0, 2.0, 3.0] * 25), 500.0]
    span = limits(values)
    assert span == (0.0, 9.0)
    shape = shape_of(values, span, lambda v: f"{v:.1f}")
    assert (shape.beyond, shape.low, shape.high) == (1, "0.0", "9.0")
    assert len(shape.heights) == 24 and max(shape.heights) == 1.0
    assert shape_of([-1.0, 1.0], (-1.0, 1.0), str).zero == 0.5
    low, high = limits([0.0])
    assert low < 0 < high


def test_the_page_has_a_bounded_number_of_lines(tmp_path: Path) -> None:
    gone = [(row(f"{i}.mp4", "", f"{i}.mp4: no such file"), None, False) for i in range(500)]
    page = page_of(*gone, counts=Counts(500, failed=500))
    assert "400 more are in clips.parquet" in words(page)
    assert len(page) < 60_000

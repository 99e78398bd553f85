"""The picture draws whatever a diary holds."""

from __future__ import annotations

import io
import xml.etree.ElementTree as ET
from datetime import UTC, date, timedelta

import pytest
from PIL import Image

from kneetrack.clinic_records.practice import PartMeasure, PracticeRecord
from kneetrack.diary.days import local_day
from kneetrack.diary.pains import pain_points
from kneetrack.diary.picture import picture_bytes, picture_svg
from kneetrack.diary.picture_places import (
    NOON,
    band_edges,
    measure_groups,
    pain_places,
    places,
    weeks_shown,
    within_weeks,
)
from kneetrack.diary.picture_style import SIDE_MARKS
from tests.diary.made import BRIDGE, KFO, bridge, lunge, many, on

DIARIES: dict[str, list[PracticeRecord]] = {
    "one": [on(date(2026, 11, 2), 1, parts=(bridge(*BRIDGE), lunge(*KFO)), pain=(3, 2, None))],
    "no pain": [on(date(2026, 11, 2), 1), on(date(2026, 11, 20), 2)],
    "no camera": many(5, camera=False),
    "sixty": many(60),
    "only a self-check": [on(date(2026, 11, 2), 1, kind="selfcheck")],
    "nothing done": [on(date(2026, 11, 2), 1, parts=(), ended="stopped")],
}


@pytest.mark.parametrize("name", DIARIES)
def test_it_is_drawn(name: str) -> None:
    records = DIARIES[name]
    today = local_day(records[-1].practice.at, UTC) + timedelta(days=1)
    text = picture_svg(records, today=today, zone=UTC)
    assert text.startswith("<svg ") and 'role="img"' in text
    ET.fromstring(text)


def test_words_and_numbers_of_another_computer_do_no_harm() -> None:
    strange = PartMeasure("x", "both", "ok", "$\\frac$", "", 3.0, 1.0)
    huge = PartMeasure("knee_valgus", "left", "ok", "kfo", "ratio", 1e308, 1e308)
    unsure = PartMeasure("knee_valgus", "right", "ok", "kfo", "ratio", 0.1, 1e308)
    part = lunge(strange, huge, unsure, exercise="$\\frac{$")
    picture_svg([on(date(2026, 11, 2), 1, parts=(part,))], today=date(2026, 11, 3), zone=UTC)


def test_a_picture_file() -> None:
    data = picture_bytes(DIARIES["one"], "png", today=date(2026, 11, 3), zone=UTC)
    with Image.open(io.BytesIO(data)) as picture:
        assert picture.size[0] == 1350


def test_a_new_diary_has_no_empty_weeks() -> None:
    assert weeks_shown(DIARIES["one"], date(2026, 11, 3), None, UTC) == [date(2026, 11, 2)]


def test_a_practice_stands_at_one_place_in_every_panel() -> None:
    (point,) = pain_points(DIARIES["one"], UTC)
    (at, _), (after, _), _ = pain_places(point)
    assert at == after == places([point.day])[0][0]
    assert all(abs(part_of_day - NOON) < 0.1 for _, _, _, part_of_day, _ in SIDE_MARKS.values())


def test_a_long_diary_shows_half_a_year_unless_asked() -> None:
    records = [on(date(2025, 1, 6), 1), on(date(2026, 11, 2), 2)]
    assert len(weeks_shown(records, date(2026, 11, 3), None, UTC)) == 26
    assert weeks_shown(records, date(2026, 11, 3), 2, UTC) == [
        date(2026, 10, 26),
        date(2026, 11, 2),
    ]


def test_a_practice_of_a_clock_that_was_set_wrong_does_not_push_the_others_out() -> None:
    records = [on(date(2026, 11, 2), 1), on(date(2033, 1, 3), 2)]
    mondays = weeks_shown(records, date(2026, 11, 3), None, UTC)
    assert mondays[0] == date(2026, 11, 2)
    assert within_weeks(records, mondays, UTC) == records[:1]
    picture_svg(records[1:], today=date(2026, 11, 3), zone=UTC)


def test_repetitions_fill_the_room_that_measures_leave() -> None:
    of_one = measure_groups(DIARIES["one"], None)
    assert [(g[0].exercise, g[0].measure) for g in of_one] == [
        ("lateral_lunge", "kfo"),
        ("glute_bridge", "lift"),
        ("glute_bridge", "hold"),
    ]
    without = measure_groups(DIARIES["no camera"], None)
    assert [g[0].measure for g in without] == ["reps", "reps"]
    assert len(measure_groups(many(10), None)) == 4


def test_a_low_bridge_has_no_band_of_the_full_one() -> None:
    line = PartMeasure("bridge_over_arched", "both", "ok", "hip_extension", "deg", 142.7, 4.0)
    full = PartMeasure("bridge_incomplete", "both", "watch", "hip_extension", "deg", 160.0, 4.0)
    first, second = (
        on(date(2026, 11, 2 + n), n + 1, parts=(bridge(*rows),))
        for n, rows in enumerate(((line,), (line, full)))
    )
    assert band_edges(measure_groups([first], None)[0][0], None) == (None, 184.0)
    assert band_edges(measure_groups([first, second], None)[0][0], None) == (168.0, 184.0)
    low_again = on(date(2026, 11, 5), 3, parts=(bridge(line),))
    assert band_edges(measure_groups([second, low_again], None)[0][0], None) == (None, 184.0)


def test_where_the_band_is() -> None:
    (kfo, lift, hold) = (group[0] for group in measure_groups(DIARIES["one"], None))
    assert band_edges(kfo, None) == (None, 4.0)
    assert band_edges(lift, None) == (None, 35.0)
    assert band_edges(hold, None) == (2.0, None)
    assert band_edges(hold, {}) == (None, None)


def test_the_morning_stands_on_its_own_day() -> None:
    (point,) = pain_points(DIARIES["one"], UTC)
    day = date(2026, 11, 2).toordinal()
    (before, after, morning) = (int(x) - day for x, _ in pain_places(point))
    assert (before, after, morning) == (0, 0, 1)

"""To which day, week and morning a practice belongs."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kneetrack.clinic_records.practice import NOT_BEGUN
from kneetrack.diary.days import (
    diary_days,
    local_day,
    morning_after,
    practice_days,
    practised,
    state_of,
    week_of,
    weeks_between,
)
from kneetrack.diary.pains import mornings
from kneetrack.diary.words import clean_text, outcome_text, part_title, parts_text, state_text
from kneetrack.red_flags import SEE_A_DOCTOR
from tests.diary.made import EVENING, RELEASE, lunge, on, row

BERLIN = ZoneInfo("Europe/Berlin")
AUCKLAND = ZoneInfo("Pacific/Auckland")


def berlin(*parts: int, fold: int = 0) -> datetime:
    return datetime(*parts, tzinfo=BERLIN, fold=fold).astimezone(UTC)  # type: ignore[arg-type,misc]


def test_ten_to_midnight_is_of_that_day() -> None:
    late = berlin(2026, 11, 27, 23, 50)
    assert local_day(late, BERLIN) == date(2026, 11, 27)
    assert local_day(late, AUCKLAND) == date(2026, 11, 28)
    assert local_day(berlin(2026, 11, 28, 0, 5), BERLIN) == date(2026, 11, 28)


def test_the_morning_after_a_night_is_of_the_same_date() -> None:
    assert morning_after(berlin(2026, 11, 27, 23, 50), BERLIN) == date(2026, 11, 28)
    assert morning_after(berlin(2026, 11, 28, 0, 30), BERLIN) == date(2026, 11, 28)
    assert morning_after(berlin(2026, 11, 28, 6, 0), BERLIN) == date(2026, 11, 29)


def test_clocks_that_change_lose_no_day() -> None:
    twice = [berlin(2026, 10, 25, 2, 30, fold=fold) for fold in (0, 1)]
    assert twice[1] - twice[0] == timedelta(hours=1)
    assert {local_day(at, BERLIN) for at in twice} == {date(2026, 10, 25)}
    assert {morning_after(at, BERLIN) for at in twice} == {date(2026, 10, 25)}
    evening = berlin(2026, 3, 28, 23, 30)
    assert local_day(evening, BERLIN) == date(2026, 3, 28)
    assert morning_after(evening, BERLIN) == date(2026, 3, 29)


@given(st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC)))
def test_a_morning_is_the_same_or_the_next_date(at: datetime) -> None:
    for zone in (BERLIN, AUCKLAND, ZoneInfo("America/New_York")):
        gap = morning_after(at, zone) - local_day(at, zone)
        assert gap in (timedelta(0), timedelta(days=1))
        assert (gap == timedelta(0)) == (at.astimezone(zone).hour < 4)


def test_weeks_run_over_the_end_of_a_year() -> None:
    assert week_of(date(2027, 1, 1)) == date(2026, 12, 28)
    assert weeks_between(date(2026, 12, 27), date(2027, 1, 4)) == [
        date(2026, 12, 21),
        date(2026, 12, 28),
        date(2027, 1, 4),
    ]


@pytest.mark.parametrize(
    ("changes", "state", "counts"),
    [
        ({}, "done", True),
        ({"ended": "under_way", "ended_at": None}, "partly", True),
        ({"ended": "left"}, "partly", True),
        ({"parts": (RELEASE, lunge(status="skipped"))}, "partly", True),
        ({"ended": "pain"}, "pain", True),
        ({"parts": (RELEASE, lunge(status="pain"))}, "pain", True),
        ({"parts": (), "ended": "stopped"}, "nothing", False),
        ({"parts": (lunge(status="skipped"),)}, "nothing", False),
        ({"parts": (), "ended": "under_way", "ended_at": None}, "nothing", False),
        ({"kind": "selfcheck", "parts": (lunge(),)}, "done", False),
    ],
)
def test_states(changes: dict[str, object], state: str, counts: bool) -> None:
    record = row(**changes)  # type: ignore[arg-type]
    assert state_of(record) == state
    assert practised(record) == counts


def test_a_day_with_several_practices() -> None:
    day = date(2026, 11, 3)
    records = [
        on(day, 1, ended="pain"),
        on(day, 2),
        on(day, 3, kind="selfcheck"),
        on(date(2026, 11, 5), 4, kind="selfcheck"),
    ]
    days = diary_days(records, UTC)
    assert [d.state for d in days.values()] == ["pain", None]
    assert all(d.selfcheck for d in days.values())
    assert practice_days(records, UTC) == {day}


def test_a_part_that_was_begun_and_not_done_makes_no_day_of_practice() -> None:
    nothing = lunge(status="pain", sets_done=0, reps_done=0, seconds=0.0)
    assert not practised(row(parts=(nothing,), ended="pain"))
    assert practised(row(parts=(lunge(status="pain", reps_done=1),), ended="pain"))


def test_what_never_came_to_its_turn_is_counted_and_named() -> None:
    coming = lunge(status="skipped", why=NOT_BEGUN, sets_done=0, reps_done=0, seconds=0.0)
    record = row(parts=(RELEASE, coming, replace(coming, part="bridge")), ended="stopped")
    assert parts_text(record) == "1 of 3 parts"
    assert outcome_text(coming) == "not begun"
    takes = (
        lunge(judged_by="camera", status="partly"),
        lunge(judged_by="nobody", status="skipped"),
    )
    assert parts_text(row(kind="selfcheck", parts=takes)) == "1 of 2 takes"
    assert outcome_text(lunge(status="skipped")) == "left out"


def test_a_take_on_one_leg_is_called_by_its_leg() -> None:
    balance = lunge(part="stance_left", exercise="single_leg_stance")
    assert part_title(balance) == "Balance on the left leg"
    assert part_title(lunge()) == "Lateral lunge"


def test_what_was_not_begun_for_pain_or_a_red_flag_is_called_so() -> None:
    pain = row(parts=(), ended="pain", pain=(8, None, None))
    flag = row(parts=(), ended="stopped", note="Please see a doctor this week. Knee gives way.")
    assert state_text(pain) == "not begun: pain before"
    assert state_text(flag) == "not begun: a doctor first: see its note"
    asked = row(kind="selfcheck", parts=(), ended="stopped", note=f"{SEE_A_DOCTOR} Knee gives way.")
    assert state_text(asked) == "self-check, a doctor first: see its note"
    assert state_text(row(parts=(lunge(status="pain"),), ended="pain")) == "stopped by pain"
    assert mornings([pain, flag], EVENING + timedelta(days=3)) == []


def test_what_is_held_by_the_clock_is_timed_and_not_clean() -> None:
    assert clean_text(RELEASE) == "timed"
    assert clean_text(replace(RELEASE, status="partly", clean="no")) == "timed"
    assert clean_text(replace(RELEASE, status="skipped")) == ""
    assert clean_text(lunge()) == "clean (own word)"

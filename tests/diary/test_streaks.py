"""Days and weeks in a row, held against counting on fingers."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from kneetrack.diary.days import practice_days, week_of
from kneetrack.diary.streaks import streaks
from tests.diary.made import row

TODAY = date(2026, 11, 29)  # a Sunday
DAYS = st.sets(st.integers(-40, 120).map(lambda n: date(2027, 1, 4) - timedelta(days=n)))


def ago(*days: int) -> set[date]:
    return {TODAY - timedelta(days=n) for n in days}


def test_nothing_yet() -> None:
    found = streaks(set(), TODAY)
    assert (found.days, found.weeks, found.this_week, found.longest_weeks) == (0, 0, 0, 0)


def test_today_still_has_time() -> None:
    assert streaks(ago(1, 2, 3), TODAY).days == 3
    assert streaks(ago(0, 1, 2, 3), TODAY).days == 4
    assert streaks(ago(2, 3), TODAY).days == 0
    assert streaks(ago(2, 3), TODAY).longest_days == 2


def test_rest_days_are_fine_in_weeks() -> None:
    three_a_week = ago(*(7 * week + day for week in range(5) for day in (2, 4, 6)))
    found = streaks(three_a_week, TODAY)
    assert (found.weeks, found.longest_weeks, found.this_week) == (5, 5, 3)
    assert found.longest_days == 1
    assert streaks(three_a_week, TODAY, aim=4).weeks == 0


def test_this_week_still_has_time() -> None:
    monday = TODAY + timedelta(days=1)
    three_a_week = ago(*(7 * week + day for week in range(5) for day in (2, 4, 6)))
    assert streaks(three_a_week, monday).weeks == 5
    assert streaks(three_a_week, monday + timedelta(weeks=1)).weeks == 0
    assert streaks(three_a_week, monday + timedelta(weeks=1)).longest_weeks == 5


def test_a_run_over_the_end_of_a_year() -> None:
    days = {date(2026, 12, 21) + timedelta(days=n) for n in range(21)}
    found = streaks(days, date(2027, 1, 10), aim=7)
    assert (found.days, found.weeks) == (21, 3)


def test_a_run_over_days_of_23_and_25_hours() -> None:
    zone = ZoneInfo("Europe/Berlin")
    for change in (date(2026, 3, 29), date(2026, 10, 25)):
        evenings = (
            datetime(d.year, d.month, d.day, 23, 50, tzinfo=zone).astimezone(UTC)
            for d in (change + timedelta(days=n) for n in range(-3, 4))
        )
        records = [row(n, at) for n, at in enumerate(evenings, 1)]
        assert streaks(practice_days(records, zone), change + timedelta(days=3)).days == 7


@given(DAYS, st.integers(1, 7))
def test_against_counting(days: set[date], aim: int) -> None:
    today = date(2027, 1, 4)
    found = streaks(days, today, aim)
    past = {day for day in days if day <= today}

    def enough(monday: date) -> bool:
        return sum(week_of(day) == monday for day in past) >= aim

    at, run = today, 0
    while at in past or at == today:
        run += at in past
        at -= timedelta(days=1)
    assert found.days == run
    monday, weeks = week_of(today), 0
    while enough(monday) or monday == week_of(today):
        weeks += enough(monday)
        monday -= timedelta(weeks=1)
    assert found.weeks == weeks
    assert found.longest_days >= found.days and found.longest_weeks >= found.weeks
    assert found.this_week == sum(week_of(day) == week_of(today) for day in past)


@given(DAYS, st.integers(1, 7), st.integers(-53, 53))
def test_whole_weeks_later_it_is_the_same(days: set[date], aim: int, weeks: int) -> None:
    today, shift = date(2027, 1, 4), timedelta(weeks=weeks)
    moved = {day + shift for day in days}
    assert streaks(moved, today + shift, aim) == streaks(days, today, aim)


@given(DAYS, st.integers(2, 7))
def test_a_lower_aim_is_reached_sooner(days: set[date], aim: int) -> None:
    strict, mild = (streaks(days, date(2027, 1, 4), a) for a in (aim, aim - 1))
    assert mild.longest_weeks >= strict.longest_weeks and mild.weeks >= strict.weeks

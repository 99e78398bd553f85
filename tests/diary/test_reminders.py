"""Reminders, read back by a parser and line by line."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from dateutil.rrule import rrulestr
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from kneetrack.diary.reminders import ReminderPlan, read_days, read_time, reminders_ics
from kneetrack.diary.zones import clock_changes, known_zone, yearly
from kneetrack.records import SettingsError

NOW = datetime(2026, 9, 30, 12, tzinfo=UTC)
BERLIN = "Europe/Berlin"


def plan(**changes: Any) -> ReminderPlan:
    values: dict[str, Any] = {
        "at": time(18),
        "days": (0, 2, 4),
        "weeks": 12,
        "start": date(2026, 10, 1),
        "zone": BERLIN,
    }
    return ReminderPlan(**values | changes)


def events(data: bytes) -> list[Any]:
    return list(Calendar.from_ical(data).walk("VEVENT"))


def times(event: Any) -> list[datetime]:
    """Every time at which an event begins, expanded by another library."""
    rule = event["RRULE"].to_ical().decode()
    return list(rrulestr(rule, dtstart=event["DTSTART"].dt))


def made(**changes: Any) -> bytes:
    return reminders_ics(plan(**changes), key="k", now=NOW)


def test_six_in_the_evening_stays_so_when_clocks_change() -> None:
    practice, morning = events(made())
    begins = times(practice)
    assert len(begins) == 36
    assert begins[0] == datetime(2026, 10, 2, 18, tzinfo=ZoneInfo(BERLIN))
    assert {b.strftime("%H:%M") for b in begins} == {"18:00"}
    assert {b.weekday() for b in begins} == {0, 2, 4}
    assert {b.utcoffset() for b in begins} == {timedelta(hours=2), timedelta(hours=1)}
    mornings = times(morning)
    assert [m.date() for m in mornings] == [b.date() + timedelta(days=1) for b in begins]
    assert {m.strftime("%H:%M") for m in mornings} == {"09:00"}


def test_every_event_has_what_the_standard_asks_for() -> None:
    data = made()
    calendar = Calendar.from_ical(data)
    assert calendar["VERSION"] == "2.0" and calendar["PRODID"]
    for event in events(data):
        for name in ("UID", "DTSTAMP", "DTSTART", "DTEND", "SUMMARY", "SEQUENCE"):
            assert name in event
        assert event["DTEND"].dt > event["DTSTART"].dt
        (alarm,) = event.walk("VALARM")
        assert alarm["ACTION"] == "DISPLAY" and alarm["DESCRIPTION"]
        assert alarm["TRIGGER"].dt == timedelta(0)
        assert event["DTSTART"].params["TZID"] == BERLIN
    assert [str(zone["TZID"]) for zone in calendar.walk("VTIMEZONE")] == [BERLIN]


def test_lines_are_as_the_standard_asks() -> None:
    data = made(title="A title; with, signs " + "ä" * 50)
    assert data.endswith(b"END:VCALENDAR\r\n")
    assert b"\n" not in data.replace(b"\r\n", b"")
    assert all(len(line) <= 75 for line in data.split(b"\r\n"))
    assert b"TRIGGER:PT0S\r\n" in data
    assert b"SUMMARY:A title\\; with\\, signs" in data


def test_it_can_be_imported_again() -> None:
    first, again = made(), reminders_ics(plan(at=time(7, 30)), key="k", now=NOW + timedelta(days=1))
    for old, new in zip(events(first), events(again), strict=True):
        assert old["UID"] == new["UID"]
        assert new["SEQUENCE"] > old["SEQUENCE"]
    others = events(reminders_ics(plan(), key="another", now=NOW)) + events(made(title="Mine"))
    uids = [str(e["UID"]) for e in [*events(first), *others]]
    assert len(set(uids)) == 6


def test_nothing_private_is_in_it() -> None:
    text = made().decode().lower()
    for word in ("pain", "knee hurts", "client", "consent"):
        assert word not in text
    assert text.count("class:private") == 2


def test_without_a_zone_the_times_float() -> None:
    data = made(zone=None)
    assert b"VTIMEZONE" not in data and b"X-WR-TIMEZONE" not in data
    assert b"DTSTART:20261002T180000\r\n" in data


def test_the_morning_can_be_left_out() -> None:
    (practice,) = events(made(morning=None))
    assert practice["SUMMARY"] == "kneetrack: hip programme"


@pytest.mark.parametrize(
    "zone",
    [BERLIN, "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "Africa/Casablanca"],
)
def test_the_rules_in_the_file_are_those_of_the_zone(zone: str) -> None:
    """Offsets by the file's own VTIMEZONE, as a calendar without the zone's name works them out."""
    calendar = Calendar.from_ical(made(zone=zone, weeks=40))
    (component,) = calendar.walk("VTIMEZONE")
    steps = [
        (begin, part["TZOFFSETFROM"].td, part["TZOFFSETTO"].td)
        for part in component.subcomponents
        for begin in _begins(part)
    ]
    for event in events(made(zone=zone, weeks=40)):
        for at in times(event):
            wall = at.replace(tzinfo=None)
            past = [step for step in steps if step[0] <= wall]
            offset = max(past)[2] if past else min(steps)[1]
            assert offset == at.utcoffset(), at


def _begins(part: Any) -> list[datetime]:
    begin = part["DTSTART"].dt
    if "RRULE" not in part:
        return [begin]
    rule = part["RRULE"].to_ical().decode()
    return list(rrulestr(rule, dtstart=begin).between(datetime(2020, 1, 1), datetime(2029, 1, 1)))


def test_a_zone_with_yearly_rules_has_no_list_of_dates() -> None:
    text = made().decode()
    assert "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3" in text and "RDATE" not in text


def test_clock_changes() -> None:
    changes = clock_changes(ZoneInfo(BERLIN), date(2026, 1, 1), date(2026, 12, 31))
    assert [c.at for c in changes] == [datetime(2026, 3, 29, 2), datetime(2026, 10, 25, 3)]
    assert clock_changes(ZoneInfo("Asia/Kolkata"), date(2026, 1, 1), date(2026, 12, 31)) == []
    ramadan = clock_changes(ZoneInfo("Africa/Casablanca"), date(2025, 1, 1), date(2027, 12, 31))
    assert ramadan and yearly(ramadan) is None


@given(
    st.sets(st.integers(0, 6), min_size=1),
    st.integers(1, 20),
    st.dates(date(2026, 1, 1), date(2029, 12, 31)),
    st.times().map(lambda t: t.replace(second=0, microsecond=0)),
)
def test_so_many_on_those_days_from_then_on(
    days: set[int], weeks: int, start: date, at: time
) -> None:
    chosen = plan(days=tuple(sorted(days)), weeks=weeks, start=start, at=at, zone=None)
    practice, morning = events(reminders_ics(chosen, key="k", now=NOW))
    begins = times(practice)
    assert len(begins) == weeks * len(days)
    assert {b.weekday() for b in begins} == days
    assert start <= begins[0].date() < start + timedelta(days=7)
    assert all(b > a for a, b in pairwise(begins))
    assert begins[-1] < begins[0] + timedelta(weeks=weeks)
    assert [m.date() for m in times(morning)] == [b.date() + timedelta(days=1) for b in begins]


def test_days_and_times_are_read() -> None:
    assert read_days("fri, MON wed") == (0, 2, 4)
    assert read_days("Saturday,su") == (5, 6)
    assert read_time("7:05") == time(7, 5)


@pytest.mark.parametrize("text", ["", "someday", "mon,tuu", "m"])
def test_days_that_there_are_not(text: str) -> None:
    with pytest.raises(SettingsError, match="day"):
        read_days(text)


@pytest.mark.parametrize("text", ["", "18", "6pm", "25:00", "18:5", "18:60", "-1:00"])
def test_times_that_there_are_not(text: str) -> None:
    with pytest.raises(SettingsError, match="write it as 18:00"):
        read_time(text)


@pytest.mark.parametrize(
    "changes",
    [{"weeks": 0}, {"weeks": 105}, {"title": " "}, {"title": "a\nb"}, {"title": "x" * 81}],
)
def test_plans_that_there_are_not(changes: dict[str, Any]) -> None:
    with pytest.raises(SettingsError):
        plan(**changes)


def test_zones_by_name() -> None:
    assert known_zone("europe/berlin") == BERLIN
    with pytest.raises(SettingsError, match="did you mean 'Europe/Berlin'"):
        known_zone("Europe/Berlinn")

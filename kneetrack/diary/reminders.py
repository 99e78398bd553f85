"""Reminders for a calendar (RFC 5545): days of practice, and the question of the next morning.

The only file that imports icalendar. Two events that come back every week, at the same time by
the clock of the time zone whatever clocks do: with the zone's rules in the file, as Outlook wants
them. Without a zone the times float, which some calendars take for Greenwich time.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

from kneetrack.diary.zones import ClockChange, YearlyChange, clock_changes, yearly
from kneetrack.nearest import did_you_mean
from kneetrack.records import SettingsError

if TYPE_CHECKING:
    from icalendar import Calendar, Event, Timezone

TITLE: Final = "kneetrack: hip programme"
LONGEST_TITLE: Final = 80
MOST_WEEKS: Final = 104
LASTS: Final = timedelta(minutes=30)
MORNING_LASTS: Final = timedelta(minutes=5)
DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_CODES: Final = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_PRODID: Final = "-//kneetrack//hip programme//EN"
_OURS: Final = uuid.UUID("5d0f3b0e-6c0a-5a0c-9f1e-3f2a4a7d9b61")
_COUNTED_FROM: Final = datetime(2026, 1, 1, tzinfo=UTC)
_OUTLOOKS_YEAR: Final = 1970


@dataclass(frozen=True, slots=True)
class ReminderPlan:
    """When to be reminded. Raises SettingsError.

    days: 0 is Monday. weeks: for how many. start: the first day that may have one. morning: when
    the morning after is asked for, None: not at all. zone: such as "Europe/Berlin"; None: the
    times float.
    """

    at: time
    days: tuple[int, ...]
    weeks: int
    start: date
    title: str = TITLE
    morning: time | None = time(9)
    zone: str | None = None

    def __post_init__(self) -> None:
        if not 1 <= self.weeks <= MOST_WEEKS:
            raise SettingsError(f"--weeks {self.weeks}: use 1 to {MOST_WEEKS}")
        title = self.title.strip()
        if not title or len(title) > LONGEST_TITLE or not title.isprintable():
            raise SettingsError(f"a title is one line of 1 to {LONGEST_TITLE} characters")

    @property
    def first(self) -> date:
        """The first day of practice."""
        every = (self.start + timedelta(days=i) for i in range(7))
        return next(day for day in every if day.weekday() in self.days)

    @property
    def count(self) -> int:
        """How many there are."""
        return self.weeks * len(self.days)


def read_time(text: str) -> time:
    """ "18:00". Raises SettingsError."""
    hours, colon, minutes = text.strip().partition(":")
    try:
        if colon and hours.isdecimal() and minutes.isdecimal() and len(minutes) == 2:
            return time(int(hours), int(minutes))
    except ValueError:
        pass
    raise SettingsError(f"cannot read the time {text!r}: write it as 18:00")


def read_days(text: str) -> tuple[int, ...]:
    """ "mon,wed,fri" as numbers, 0 is Monday. Raises SettingsError."""
    words = [word for word in text.lower().replace(",", " ").split() if word]
    if not words:
        raise SettingsError("--days is empty: name days such as mon,wed,fri")
    found = {_day(word) for word in words}
    return tuple(sorted(found))


def _day(word: str) -> int:
    full = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
    for number, name in enumerate(full):
        if len(word) >= 2 and name.startswith(word):
            return number
    raise SettingsError(f"unknown day {word!r}: {did_you_mean(word, DAYS)}")


def reminders_ics(plan: ReminderPlan, *, key: str, now: datetime) -> bytes:
    """The file. key: whose reminders they are; with it and the title the events keep their UIDs.

    A calendar that knows them already takes the file as their new times.
    """
    from icalendar import Calendar

    calendar = Calendar()
    calendar.add("prodid", _PRODID)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    if plan.zone is not None:
        calendar.add("x-wr-timezone", plan.zone)
        calendar.add_component(_timezone(plan.zone, plan.first, plan.weeks))
    _add_events(calendar, plan, key, now)
    return bytes(calendar.to_ical())


def _add_events(calendar: Calendar, plan: ReminderPlan, key: str, now: datetime) -> None:
    name = f"{key}/{plan.title.strip()}"
    practice = _event(plan, plan.first, plan.days, plan.at, LASTS)
    practice.add("summary", plan.title.strip())
    practice.add("description", "kneetrack programme")
    _finish(practice, f"{name}/practice", plan.title.strip(), now)
    calendar.add_component(practice)
    if plan.morning is None:
        return
    days = tuple(sorted((day + 1) % 7 for day in plan.days))
    first = plan.first + timedelta(days=1)
    morning = _event(plan, first, days, plan.morning, MORNING_LASTS)
    title = f"{plan.title.strip()}, the morning after"
    morning.add("summary", title)
    morning.add(
        "description", "Tell the diary how this morning is: kneetrack diary (it says what to type)"
    )
    _finish(morning, f"{name}/morning", title, now)
    calendar.add_component(morning)


def _event(
    plan: ReminderPlan, first: date, days: tuple[int, ...], at: time, lasts: timedelta
) -> Event:
    from icalendar import Event

    zone = None if plan.zone is None else ZoneInfo(plan.zone)
    begin = datetime.combine(first, at)
    event = Event()
    event.add("dtstart", begin.replace(tzinfo=zone))
    event.add("dtend", (begin + lasts).replace(tzinfo=zone))
    by_day = [_CODES[day] for day in days]
    event.add("rrule", {"freq": "weekly", "count": plan.count, "byday": by_day})
    return event


def _finish(event: Event, name: str, title: str, now: datetime) -> None:
    """What every event has: its UID, when it was made, and the alarm at its beginning."""
    from icalendar import Alarm, vText

    stamp = now.astimezone(UTC).replace(microsecond=0)
    event.add("uid", str(uuid.uuid5(_OURS, name)))
    event.add("sequence", max(0, int((stamp - _COUNTED_FROM).total_seconds())))
    event.add("dtstamp", stamp)
    event.add("last-modified", stamp)
    event.add("class", "PRIVATE")
    event.add("transp", "TRANSPARENT")
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", title)
    alarm.add("trigger", vText("PT0S"))
    event.add_component(alarm)


def _timezone(name: str, first: date, weeks: int) -> Timezone:
    """The zone's rules, yearly where they are so: Outlook passes over dates that are listed."""
    from icalendar import Timezone

    zone = ZoneInfo(name)
    made = Timezone()
    made.add("tzid", name)
    last = first + timedelta(weeks=weeks)
    changes = clock_changes(zone, date(first.year - 1, 1, 1), date(last.year + 1, 12, 31))
    rules = yearly(changes)
    if not changes:
        at = datetime(_OUTLOOKS_YEAR, 1, 1)
        offset = datetime.combine(first, time(), zone).utcoffset() or timedelta(0)
        made.add_component(_part(ClockChange(at, offset, offset, zone.tzname(at) or name), {}))
    elif rules is not None:
        for rule in rules:
            made.add_component(_yearly_part(rule))
    else:
        for change in changes:
            made.add_component(_part(change, {}))
    return made


def _yearly_part(rule: YearlyChange) -> Any:
    change = rule.change
    begin = datetime.combine(rule.day(_OUTLOOKS_YEAR), change.at.time())
    by_day = f"{rule.nth}{_CODES[rule.weekday]}"
    repeated = {"freq": "yearly", "bymonth": rule.month, "byday": by_day}
    return _part(ClockChange(begin, change.before, change.after, change.name), repeated)


def _part(change: ClockChange, repeated: dict[str, Any]) -> Any:
    from icalendar import TimezoneDaylight, TimezoneStandard

    made = TimezoneDaylight() if change.after > change.before else TimezoneStandard()
    made.add("dtstart", change.at)
    if repeated:
        made.add("rrule", repeated)
    made.add("tzoffsetfrom", change.before)
    made.add("tzoffsetto", change.after)
    if change.name:
        made.add("tzname", change.name)
    return made

"""Days and weeks of a diary, by the clock of whoever practises.

zone: None is this computer's own time zone.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from typing import Final, Literal

from kneetrack.clinic_records.practice import PracticeRecord

State = Literal["done", "partly", "pain", "nothing"]
"""partly: broken off, or with parts left out. pain: stopped by it. nothing: no part was done."""

NIGHT_ENDS: Final = timedelta(hours=4)
"""A practice before 4 o'clock belongs to the night: its morning is that of the same date."""
_DONE_OF_IT: Final = ("done", "partly")


@dataclass(frozen=True, slots=True)
class DiaryDay:
    """What was done on a day. state: of its practices of the programme, None without one.

    Of several the one that was stopped by pain counts, then the one that went furthest.
    """

    day: date
    state: State | None
    selfcheck: bool
    records: tuple[PracticeRecord, ...]


def local_day(at: datetime, zone: tzinfo | None = None) -> date:
    """The date on the calendar at a time."""
    return at.astimezone(zone).date()


def week_of(day: date) -> date:
    """The Monday of a day's week."""
    return day - timedelta(days=day.weekday())


def morning_after(at: datetime, zone: tzinfo | None = None) -> date:
    """The date of the first morning after a practice."""
    return last_morning(at, zone) + timedelta(days=1)


def last_morning(at: datetime, zone: tzinfo | None = None) -> date:
    """The date of the last morning that has come by a time."""
    return (at.astimezone(zone).replace(tzinfo=None) - NIGHT_ENDS).date()


def state_of(record: PracticeRecord) -> State:
    """How a practice went, in one word."""
    practice, parts = record.practice, record.parts
    if practice.ended == "pain" or any(part.status == "pain" for part in parts):
        return "pain"
    if not any(part.status in _DONE_OF_IT for part in parts):
        return "done" if practice.facts.kind == "selfcheck" and record.signs else "nothing"
    whole = practice.ended == "done" and all(part.status == "done" for part in parts)
    return "done" if whole else "partly"


def practised(record: PracticeRecord) -> bool:
    """Whether something of the programme was done. A self-check is no practice."""
    if record.practice.facts.kind != "programme":
        return False
    return any(part.anything for part in record.parts)


def never_begun(record: PracticeRecord) -> bool:
    """Whether what was told before a practice kept it from being begun."""
    practice, ended = record.practice, record.practice.ended
    begun = bool(record.parts) or practice.facts.kind != "programme"
    return not begun and (ended == "pain" or (ended == "stopped" and bool(practice.note)))


def practice_days(records: Iterable[PracticeRecord], zone: tzinfo | None = None) -> frozenset[date]:
    """Days on which something of the programme was done."""
    return frozenset(local_day(r.practice.at, zone) for r in records if practised(r))


def diary_days(
    records: Sequence[PracticeRecord], zone: tzinfo | None = None
) -> dict[date, DiaryDay]:
    """Every day with a row in the diary, oldest first."""
    found: dict[date, list[PracticeRecord]] = {}
    for record in sorted(records, key=lambda r: r.practice.at):
        found.setdefault(local_day(record.practice.at, zone), []).append(record)
    return {day: _day(day, own) for day, own in found.items()}


def _day(day: date, records: Sequence[PracticeRecord]) -> DiaryDay:
    order: tuple[State, ...] = ("pain", "done", "partly", "nothing")
    states = [state_of(r) for r in records if r.practice.facts.kind == "programme"]
    selfcheck = any(r.practice.facts.kind == "selfcheck" for r in records)
    return DiaryDay(day, min(states, key=order.index, default=None), selfcheck, tuple(records))


def weeks_between(first: date, last: date) -> list[date]:
    """Mondays of all weeks from that of ``first`` to that of ``last``."""
    start, end = week_of(first), week_of(last)
    return [start + timedelta(weeks=i) for i in range((end - start).days // 7 + 1)]

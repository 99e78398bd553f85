"""Time zones: which one this computer is in, and when its clocks change."""

from __future__ import annotations

import os
from calendar import monthrange
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from kneetrack.records import SettingsError

_LOCALTIME: Final = Path("/etc/localtime")
_FOLDER: Final = "zoneinfo/"
_NOBODY_LIVES_BY: Final = {"UTC", "Etc/UTC", "Etc/UCT", "Universal", "Zulu", "GMT", "Etc/GMT"}
"""Of computers that were told no time zone."""
_LAST: Final = -1


@dataclass(frozen=True, slots=True)
class ClockChange:
    """Clocks go from one offset to another. at: by the clock before it."""

    at: datetime
    before: timedelta
    after: timedelta
    name: str


@dataclass(frozen=True, slots=True)
class YearlyChange:
    """The same every year: the ``nth`` weekday of a month, -1 the last. weekday: 0 is Monday."""

    change: ClockChange
    nth: int

    @property
    def month(self) -> int:
        """1 to 12."""
        return self.change.at.month

    @property
    def weekday(self) -> int:
        """0 is Monday."""
        return self.change.at.weekday()

    def day(self, year: int) -> date:
        """Its day in a year."""
        return _nth_weekday(year, self.month, self.weekday, self.nth)


def computer_zone() -> str | None:
    """This computer's time zone, such as "Europe/Berlin"; None where it cannot be told."""
    told = os.environ.get("TZ", "").removeprefix(":") or _linked()
    if not told or told in _NOBODY_LIVES_BY:
        return None
    now = datetime.now(UTC)
    try:
        same = now.astimezone(ZoneInfo(told)).utcoffset() == now.astimezone().utcoffset()
    except (KeyError, ValueError, OSError):
        return None
    return told if same else None


def _linked() -> str:
    try:
        target = _LOCALTIME.resolve().as_posix()
    except OSError:
        return ""
    return target.partition(_FOLDER)[2].removeprefix("posix/").removeprefix("right/")


def known_zone(name: str) -> str:
    """The name of a time zone that there is. Raises SettingsError."""
    from zoneinfo import available_timezones

    from kneetrack.nearest import did_you_mean

    names = sorted(available_timezones())
    found = next((zone for zone in names if zone.lower() == name.strip().lower()), None)
    if found is not None:
        return found
    told = did_you_mean(name.strip(), names)
    more = told if told.startswith("did") else "use one such as Europe/Berlin"
    raise SettingsError(f"unknown time zone {name!r}: {more}")


def clock_changes(zone: tzinfo, first: date, last: date) -> list[ClockChange]:
    """Every change of its clocks between two days."""
    return list(_changes(zone, first, last))


def _changes(zone: tzinfo, first: date, last: date) -> Iterator[ClockChange]:
    day = timedelta(days=1)
    at = datetime(first.year, first.month, first.day, tzinfo=UTC)
    end = datetime(last.year, last.month, last.day, tzinfo=UTC)
    while at < end:
        if _offset(zone, at) != _offset(zone, at + day):
            moment = _moment(zone, at, at + day)
            before, after = _offset(zone, at), _offset(zone, at + day)
            name = moment.astimezone(zone).tzname() or ""
            yield ClockChange((moment + before).replace(tzinfo=None), before, after, name)
        at += day


def _moment(zone: tzinfo, low: datetime, high: datetime) -> datetime:
    """The first minute with the offset of ``high``."""
    old, minute = _offset(zone, low), timedelta(minutes=1)
    while high - low > minute:
        middle = low + (high - low) // minute // 2 * minute
        low, high = (middle, high) if _offset(zone, middle) == old else (low, middle)
    return high


def _offset(zone: tzinfo, at: datetime) -> timedelta:
    return at.astimezone(zone).utcoffset() or timedelta(0)


def yearly(changes: Sequence[ClockChange]) -> list[YearlyChange] | None:
    """The same changes as rules; None where they do not come back in the same way every year."""
    of_month: dict[int, list[ClockChange]] = {}
    for change in changes:
        of_month.setdefault(change.at.month, []).append(change)
    years = {change.at.year for change in changes}
    found = [_rule(own, years) for own in of_month.values()]
    rules = [rule for rule in found if rule is not None]
    return rules if len(rules) == len(found) else None


def _rule(own: Sequence[ClockChange], years: set[int]) -> YearlyChange | None:
    first = own[0]
    alike = {(c.at.time(), c.at.weekday(), c.before, c.after) for c in own}
    if len(alike) != 1 or len(own) != len(years):
        return None
    for nth in ((first.at.day - 1) // 7 + 1, _LAST):
        rule = YearlyChange(first, nth)
        if all(rule.day(c.at.year) == c.at.date() for c in own):
            return rule
    return None


def _nth_weekday(year: int, month: int, weekday: int, nth: int) -> date:
    if nth == _LAST:
        last = date(year, month, monthrange(year, month)[1])
        return last - timedelta(days=(last.weekday() - weekday) % 7)
    first = date(year, month, 1)
    return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (nth - 1))

"""How regularly somebody practises: days in a row, and weeks in a row with days enough."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from kneetrack.diary.days import week_of

AIM: Final = 3
"""Days of practice a week, usually: a rest day is fine."""
_DAY: Final = timedelta(days=1)
_WEEK: Final = timedelta(weeks=1)


@dataclass(frozen=True, slots=True)
class Streaks:
    """Runs that go on, and the longest there were. aim: days of practice a week.

    A run goes on until a day, or a week, has passed without: today and this week still have time.
    """

    aim: int
    days: int
    longest_days: int
    weeks: int
    longest_weeks: int
    this_week: int


def streaks(days: Collection[date], today: date, aim: int = AIM) -> Streaks:
    """Streaks of the days of practice up to today. Days after it do not count."""
    past = {day for day in days if day <= today}
    a_week = Counter(week_of(day) for day in past)
    enough = {week for week, count in a_week.items() if count >= aim}
    return Streaks(
        aim=aim,
        days=_going_on(past, today, _DAY),
        longest_days=_longest(past, _DAY),
        weeks=_going_on(enough, week_of(today), _WEEK),
        longest_weeks=_longest(enough, _WEEK),
        this_week=a_week[week_of(today)],
    )


def _going_on(found: Collection[date], now: date, step: timedelta) -> int:
    at = now if now in found else now - step
    count = 0
    while at in found:
        count, at = count + 1, at - step
    return count


def _longest(found: Collection[date], step: timedelta) -> int:
    longest = run = 0
    before: date | None = None
    for at in sorted(found):
        run = run + 1 if before is not None and at - before == step else 1
        longest, before = max(longest, run), at
    return longest

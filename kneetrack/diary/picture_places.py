"""What the picture of a diary shows, and where: weeks, measures, places, without drawing it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta, tzinfo
from typing import Final

from kneetrack.clinic_records.practice import PracticeRecord
from kneetrack.diary.days import local_day, week_of, weeks_between
from kneetrack.diary.measured import REPS, Series, all_series, bands_of
from kneetrack.diary.pains import PainPoint
from kneetrack.exercises.rules import Exercise

MOST_WEEKS: Final = 26
NOON: Final = 0.5
"""Part of the day at which a practice stands in every panel."""
MOST_MEASURES: Final = 4


def weeks_shown(
    records: Sequence[PracticeRecord], today: date, weeks: int | None, zone: tzinfo | None
) -> list[date]:
    """Mondays of the weeks up to this one, of a new diary few: they fill the width.

    What lies further ahead has the date of a clock that was set wrong.
    """
    if weeks is not None:
        return [week_of(today) - timedelta(weeks=i) for i in reversed(range(weeks))]
    days = (local_day(r.practice.at, zone) for r in records)
    return weeks_between(min([*days, today]), today)[-MOST_WEEKS:]


def within_weeks(
    records: Sequence[PracticeRecord], mondays: Sequence[date], zone: tzinfo | None
) -> list[PracticeRecord]:
    """The practices of these weeks."""
    end = mondays[-1] + timedelta(weeks=1)
    return [r for r in records if mondays[0] <= local_day(r.practice.at, zone) < end]


def measure_groups(
    records: Sequence[PracticeRecord], exercises: Mapping[str, Exercise] | None
) -> list[list[Series]]:
    """Series of one measure together, only those with a number.

    Repetitions where there is room.
    """
    found: dict[tuple[str, str], list[Series]] = {}
    for series in all_series(records, exercises):
        found.setdefault((series.exercise, series.measure), []).append(series)
    groups = [group for group in found.values() if any(s.values for s in group)]
    measured = [g for g in groups if g[0].measure != REPS][:MOST_MEASURES]
    counted = [g for g in groups if g[0].measure == REPS]
    return measured + counted[: max(0, 2 - len(measured))]


def places(days: Sequence[date]) -> tuple[list[float], list[int]]:
    """In the middle of the day, as in every panel, and at the height of the day of the week."""
    return [d.toordinal() + NOON for d in days], [d.weekday() for d in days]


def known(at: Sequence[tuple[float, int | None]]) -> tuple[list[float], list[int]]:
    """Places with a value."""
    told = [(x, y) for x, y in at if y is not None]
    return [x for x, _ in told], [y for _, y in told]


def pain_places(point: PainPoint) -> list[tuple[float, int | None]]:
    """Of before, after and the next morning."""
    day, morning = float(point.day.toordinal()), float(point.morning.toordinal())
    return [(day + NOON, point.before), (day + NOON, point.after), (morning + NOON, point.next)]


def reach(group: Sequence[Series]) -> tuple[float, float]:
    """From where to where its values with their errors run, with room."""
    ends = [
        (t.value + sign * (t.error or 0.0)) * s.factor
        for s in group
        for t in s.told
        if t.value is not None
        for sign in (-1, 1)
    ]
    low, high = min(ends), max(ends)
    room = (high - low) or abs(high) or 1.0
    return low - 0.25 * room, high + 0.2 * room


def band_edges(
    series: Series, exercises: Mapping[str, Exercise] | None
) -> tuple[float | None, float | None]:
    """From where to where values are within the coaching band, as shown; None: no edge there."""
    bands = bands_of(series.exercise, series.measure, exercises, series.rules)
    upper = [band.watch * series.factor for band in bands if band.higher_is_worse]
    lower = [band.watch * series.factor for band in bands if not band.higher_is_worse]
    return max(lower, default=None), min(upper, default=None)

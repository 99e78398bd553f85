"""The diary laid out as a page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, tzinfo

from kneetrack.clinic_records.practice import PartDone, PracticeRecord
from kneetrack.diary import words
from kneetrack.diary.days import local_day, practice_days, state_of
from kneetrack.diary.measured import REPS, Series, Told, all_series, number_text
from kneetrack.diary.picture import picture_svg
from kneetrack.diary.streaks import AIM, Streaks, streaks
from kneetrack.exercises.rules import Exercise
from kneetrack.report.diary.page import DiaryPage, MeasureLine, PracticeLine


def diary_page(
    title: str,
    records: Sequence[PracticeRecord],
    now: datetime,
    *,
    aim: int = AIM,
    weeks: int | None = None,
    zone: tzinfo | None = None,
    exercises: Mapping[str, Exercise] | None = None,
    warnings: Sequence[str] = (),
) -> DiaryPage:
    """The page of a diary with at least one practice. warnings: to stand on top."""
    today = local_day(now, zone)
    days = practice_days(records, zone)
    first, last = (local_day(r.practice.at, zone) for r in (records[0], records[-1]))
    svg = picture_svg(records, today=today, weeks=weeks, zone=zone, exercises=exercises, aim=aim)
    every = _by_exercise(all_series(records, exercises))
    measured = [series for series in every if series.measure != REPS]
    return DiaryPage(
        title=title,
        days=_from_to(first, last),
        made_on=words.day_text(today, year=True),
        figures=_figures(streaks(days, today, aim), len(days), records),
        picture=svg,
        lines=tuple(_line(r, zone) for r in reversed(records)),
        measures=tuple(_measure(s, zone) for s in measured if s.values),
        untold=tuple(_name(s) for s in measured if not s.values),
        legend=legend(records),
        warnings=tuple(warnings),
    )


def legend(records: Sequence[PracticeRecord]) -> tuple[tuple[str, str], ...]:
    """Symbols that stand in a diary, and what they mean."""
    found = {state_of(r) for r in records if r.practice.facts.kind == "programme"}
    lines = [
        (words.SYMBOLS[state], words.STATES[state]) for state in words.SYMBOLS if state in found
    ]
    if any(r.practice.facts.kind == "selfcheck" for r in records):
        lines.append((words.SELFCHECK, "self-check"))
    return tuple(lines)


def _from_to(first: date, last: date) -> str:
    if first == last:
        return words.day_text(first, year=True)
    return f"{words.day_text(first, year=True)} to {words.day_text(last, year=True)}"


def _figures(
    found: Streaks, days: int, records: Sequence[PracticeRecord]
) -> tuple[tuple[str, str], ...]:
    figures = [
        (str(days), "days of practice"),
        (f"{found.this_week} of {found.aim}", "days this week"),
        (str(found.weeks), f"weeks in a row with {found.aim} days or more"),
        (str(found.longest_weeks), "the longest such run"),
    ]
    told = [r.practice for r in records if words.pain_text(r.practice)]
    if told:
        last = told[-1]
        what = f"pain in practice {last.number}, 0 to 10: before → after → the next morning"
        figures.append((words.pain_text(last), what))
    return tuple(figures)


def _line(record: PracticeRecord, zone: tzinfo | None) -> PracticeLine:
    p = record.practice
    took = words.minutes(p)
    selfcheck = p.facts.kind == "selfcheck"
    return PracticeLine(
        number=p.number,
        day=words.day_text(local_day(p.at, zone)),
        time=words.time_text(p.at, zone),
        state="selfcheck" if selfcheck else state_of(record),
        symbol=words.symbol_of(record),
        how=words.state_text(record),
        minutes="" if took is None else f"{took} min",
        pain=words.pain_text(p),
        parts=tuple(_part(part) for part in record.parts),
        note=p.note,
    )


def _part(part: PartDone) -> tuple[str, str, str, str]:
    done = words.outcome_text(part)
    title = words.part_title(part)
    return words.PART_SYMBOLS[part.status], title, done, words.clean_text(part, judge=False)


def _by_exercise(series: Sequence[Series]) -> list[Series]:
    """Exercise by exercise, in the order in which they tell most."""
    order = list(dict.fromkeys(s.exercise for s in series))
    return sorted(series, key=lambda s: order.index(s.exercise))


def _name(series: Series) -> str:
    return series.title if series.side == "both" else f"{series.title}, {series.side}"


def _measure(series: Series, zone: tzinfo | None) -> MeasureLine:
    told = [t for t in series.told if t.value is not None]

    def on(at: Told) -> str:
        return words.day_text(local_day(at.at, zone))

    return MeasureLine(
        title=series.title,
        side="" if series.side == "both" else series.side,
        first=number_text(series, told[0]),
        first_on=on(told[0]),
        last=number_text(series, told[-1]) if len(told) > 1 else "",
        last_on=on(told[-1]) if len(told) > 1 else "",
        told=len(told),
        tries=len(series.told),
    )

"""What the terminal shows of a diary: the calendar, the last practices, what is due."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Final

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from kneetrack.console import standard_output as out
from kneetrack.diary import words
from kneetrack.diary.days import (
    DiaryDay,
    State,
    diary_days,
    local_day,
    practice_days,
    state_of,
    week_of,
)
from kneetrack.diary.page import legend
from kneetrack.diary.pains import due, last_told
from kneetrack.diary.streaks import Streaks, streaks

if TYPE_CHECKING:
    from kneetrack.clinic_records.practice import PracticeRecord
    from kneetrack.commands.whose_diary import Diary

COLOURS: Final[dict[State, str]] = {
    "done": "green",
    "partly": "cyan",
    "pain": "bold red",
    "nothing": "dim",
}
CHECK_COLOUR: Final = "magenta"
LAST: Final = 5
_WHEN: Final = {"before": "before practice", "after": "after practice"}
NARROW: Final = 66
"""With fewer columns days stand closer, and a practice takes lines instead of columns."""
_WEEKDAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def show_diary(
    diary: Diary,
    now: datetime,
    *,
    weeks: int,
    aim: int,
    warnings: Sequence[str] = (),
    console: Console | None = None,
) -> None:
    """Warnings, calendar and streaks first, then the last practices, then what is due."""
    console = console or out()
    records, today = diary.records, local_day(now)
    days = practice_days(records)
    console.print(f"[bold]{escape(diary.title)}[/]")
    for line in warnings:
        console.print(f"[bold red]▲ {escape(line)}[/]", soft_wrap=True)
    for line in streak_lines(streaks(days, today, aim)):
        console.print(line)
    console.print()
    mondays = [week_of(today) - timedelta(weeks=i) for i in reversed(range(weeks))]
    narrow = console.width < NARROW
    console.print(_calendar(records, mondays, today, days, aim, narrow=narrow))
    marks = [f"{escape(symbol)} {what}" for symbol, what in legend(_shown(records, mondays))]
    marks += ["· no practice", "> today" if narrow else r"\[ ] today"]
    console.print("  ".join(marks), style="dim", soft_wrap=not narrow)
    console.print()
    _show_last(records[-LAST:], console, narrow=narrow)
    console.print("pain, 0 to 10: before → after → the next morning; – not told", style="dim")
    _show_pain(records, now, console)


def _shown(records: Sequence[PracticeRecord], mondays: Sequence[date]) -> list[PracticeRecord]:
    return [r for r in records if local_day(r.practice.at) >= mondays[0]]


def streak_lines(found: Streaks) -> Iterable[str]:
    """How regular it is, in words."""
    week = words.how_many(found.this_week, "day")
    yield f"This week: {week} of practice; the aim is {found.aim}."
    run = words.how_many(found.weeks, "week")
    enough = f"{found.aim} days or more" if found.aim > 1 else "a day or more"
    yield f"In a row: {run} with {enough} (the longest such run: {found.longest_weeks})."
    if found.days > 1:
        yield f"{found.days} days in a row (the longest such run: {found.longest_days})."


def _calendar(
    records: Sequence[PracticeRecord],
    mondays: Sequence[date],
    today: date,
    practised: frozenset[date],
    aim: int,
    *,
    narrow: bool,
) -> Table:
    """A row a week, its number of days at the end."""
    days = diary_days(records)
    first = min(days, default=today)
    gap = 0 if narrow else 1
    table = Table(box=None, pad_edge=False, padding=(0, gap, 0, 0), header_style="dim")
    table.add_column("", width=3 + gap)
    for name in _WEEKDAYS:
        table.add_column(f" {name}", width=5 if narrow else 7, no_wrap=True)
    table.add_column("" if narrow else "days", justify="right")
    for i, monday in enumerate(mondays):
        own = [monday + timedelta(days=n) for n in range(7)]
        count = sum(day in practised for day in own)
        cells = [_day_cell(day, days.get(day), today, first, narrow=narrow) for day in own]
        style = "bold" if count >= aim else ""
        told = "" if own[-1] < first else f"[{style or 'none'}]{count}[/]"
        table.add_row(_month(own, first_row=i == 0), *cells, told)
    return table


def _month(days: Sequence[date], *, first_row: bool) -> str:
    """The month, in the week with its first day and in the first row."""
    if first_row:
        return f"{days[0]:%b}"
    return next((f"{day:%b}" for day in days if day.day == 1), "")


def _day_cell(day: date, found: DiaryDay | None, today: date, first: date, *, narrow: bool) -> str:
    before, after = (">", "") if narrow else (r"\[", "]")
    number = f"{before}{day.day:2d}{after}" if day == today else f" {day.day:2d}{' ' * len(after)}"
    if day > today:
        return f"[dim]{number}[/]"
    if found is None:
        return f"{number}[dim]·[/]" if day >= first else f"[dim]{number}[/]"
    marks = []
    if found.state is not None:
        marks.append(f"[{COLOURS[found.state]}]{words.SYMBOLS[found.state]}[/]")
    if found.selfcheck:
        marks.append(f"[{CHECK_COLOUR}]{words.SELFCHECK}[/]")
    return f"{number}{''.join(marks)}"


def _show_last(records: Sequence[PracticeRecord], console: Console, *, narrow: bool) -> None:
    if not narrow:
        console.print(_last_practices(records))
        return
    for record in reversed(records):
        number, day, at, how, parts, took, pain = _practice_cells(record)
        console.print(f"{number}. {day} {at}  {how}")
        told = [parts, f"{took} min" if took else "", f"pain {pain}" if pain else ""]
        console.print(f"   {', '.join(each for each in told if each)}")


def _last_practices(records: Sequence[PracticeRecord]) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    for heading in ("no.", "day", "", "how it went", "parts", "min", "pain"):
        table.add_column(heading, no_wrap=heading != "how it went")
    for record in reversed(records):
        table.add_row(*_practice_cells(record))
    return table


def _practice_cells(record: PracticeRecord) -> Iterable[str]:
    p = record.practice
    took = words.minutes(p)
    yield f"{p.number}"
    yield words.day_text(local_day(p.at))
    yield words.time_text(p.at)
    brought = ", brought" if p.brought else ""
    yield f"{mark_of(record)} {words.state_text(record)}{brought}"
    yield words.parts_text(record)
    yield "" if took is None else f"{took}"
    yield words.pain_text(p)


def mark_of(record: PracticeRecord) -> str:
    """The symbol of a practice in its colour."""
    selfcheck = record.practice.facts.kind == "selfcheck"
    colour = CHECK_COLOUR if selfcheck else COLOURS[state_of(record)]
    return f"[{colour}]{words.symbol_of(record)}[/]"


def _show_pain(records: Sequence[PracticeRecord], now: datetime, console: Console) -> None:
    told = last_told(records)
    if told is not None:
        when = _WHEN.get(told.when, "the morning after practice")
        console.print(
            f"\nPain told last: [bold]{told.pain}[/] of 10, {when} {told.number}, "
            f"{words.day_text(told.day)}."
        )
    waiting = due(records, now)
    if waiting is not None:
        on = words.day_text(waiting.practised_on)
        console.print(
            f"[bold]Due:[/] how was it the morning after {on}? kneetrack diary pain 0-10",
            soft_wrap=console.width >= NARROW,
        )

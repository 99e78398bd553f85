"""``kneetrack diary picture``, ``page``, ``csv``, ``reminders``, ``pack`` and ``bring``: files."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from kneetrack.commands import diary_bringing
from kneetrack.commands.opening import DbOption, opened_store
from kneetrack.commands.whose_diary import (
    ClientOption,
    diary_of,
    exercises_of,
    filled_diary_of,
    warnings_of,
)
from kneetrack.records import SettingsError
from kneetrack.report.writing import write_private

if TYPE_CHECKING:
    from kneetrack.commands.whose_diary import Diary
    from kneetrack.diary.reminders import ReminderPlan
    from kneetrack.store import Store

_HEALTH: Final = "It is about a person's health: keep it locked."
WeeksOption = Annotated[
    int | None,
    typer.Option(min=1, max=104, help=r"How many weeks up to this one \[all, at most 26]."),
]


def picture(
    out: Annotated[Path, typer.Option(metavar="FILE", help="Where to, ending in .png or .svg.")],
    weeks: WeeksOption = None,
    client: ClientOption = None,
    db: DbOption = None,
) -> None:
    """Draw the diary: practices, pain, and measures with their errors, over the same weeks."""
    from kneetrack.diary.picture import picture_bytes

    ending = _ending(out, ".png", ".svg")
    with opened_store(db) as store:
        found = filled_diary_of(store, client)
        data = picture_bytes(
            found.records,
            "svg" if ending == ".svg" else "png",
            today=date.today(),
            weeks=weeks,
            exercises=exercises_of(store, found),
        )
        write_private(out, data)
        _note(store, found, "picture")
    typer.echo(f"Wrote {out}")


def page(
    out: Annotated[Path, typer.Option(metavar="FILE.html", help="Where to.")],
    weeks: WeeksOption = None,
    client: ClientOption = None,
    db: DbOption = None,
) -> None:
    """Write the diary as a page to print: the picture, the measures, every practice."""
    from kneetrack.diary.page import diary_page
    from kneetrack.report.diary.html import render_diary

    _ending(out, ".html")
    with opened_store(db) as store:
        found = filled_diary_of(store, client)
        made = diary_page(
            "Diary" if found.own else found.title,
            found.records,
            datetime.now(UTC),
            weeks=weeks,
            exercises=exercises_of(store, found),
            warnings=warnings_of(store, found),
        )
        write_private(out, render_diary(made).encode("utf-8"))
        _note(store, found, "page")
    typer.echo(f"Wrote {out}. Open it in a browser to read or print it.")


def csv(
    out: Annotated[Path, typer.Option(metavar="FILE.csv", help="Where to.")],
    client: ClientOption = None,
    db: DbOption = None,
) -> None:
    """Write the diary as a table for a spreadsheet, one row a part."""
    from kneetrack.diary.table import diary_csv

    _ending(out, ".csv")
    with opened_store(db) as store:
        found = filled_diary_of(store, client)
        write_private(out, diary_csv(found.records))
        _note(store, found, "csv")
    typer.echo(f"Wrote {out}. {_HEALTH}")


def reminders(
    out: Annotated[Path, typer.Option(metavar="FILE.ics", help="Where to.")],
    at: Annotated[str, typer.Option(metavar="TIME", help="When to practise.")] = "18:00",
    days: Annotated[
        str, typer.Option(metavar="DAYS", help="On which days, with commas between them.")
    ] = "mon,wed,fri",
    weeks: Annotated[int, typer.Option(help="For how many weeks.")] = 12,
    morning: Annotated[
        str, typer.Option(metavar="TIME", help="When to ask for the morning after; none: not.")
    ] = "09:00",
    title: Annotated[
        str | None,
        typer.Option(metavar="TEXT", help=r"What the calendar shows \[kneetrack: hip programme]."),
    ] = None,
    zone: Annotated[
        str | None,
        typer.Option(metavar="ZONE", help=r"Such as Europe/Berlin \[this computer's]."),
    ] = None,
    client: ClientOption = None,
    db: DbOption = None,
) -> None:
    """Write reminders for a calendar: days of practice, and the question of the morning after.

    Import the file once. Another time or other days: write it again, and import it again.
    """
    from kneetrack.diary.reminders import reminders_ics
    from kneetrack.report.writing import write_bytes

    _ending(out, ".ics")
    now = datetime.now(UTC)
    plan = _reminder_plan(at, days, weeks, morning, title, zone, now)
    key = "own" if client is None else _client_id(db, client)
    write_bytes(out, reminders_ics(plan, key=key, now=now))
    first = f"the first on {plan.first:%A} {plan.first.day} {plan.first:%B}"
    typer.echo(f"Wrote {out}: {plan.count} reminders at {plan.at:%H:%M}, {first}.")
    if plan.zone is None:
        typer.echo(
            "This computer tells no time zone, and some calendars move such times: "
            "name yours with --zone, such as --zone Europe/Berlin."
        )
    else:
        typer.echo(f"Times of {plan.zone}, also when clocks change. Open it with your calendar.")


def pack(
    out: Annotated[Path, typer.Option(metavar="FILE", help="Where to.")],
    client: ClientOption = None,
    db: DbOption = None,
) -> None:
    """Pack the diary into one file, to bring it to a clinician. Without names and pictures."""
    from kneetrack.diary.bringing import pack as packed

    with opened_store(db) as store:
        found = filled_diary_of(store, client)
        text = packed(found.records, _programme_text(store, found))
        write_private(out, text.encode("utf-8"))
        _note(store, found, "packed")
    count = len(found.records)
    typer.echo(
        f"Wrote {out}: {count} {'practice' if count == 1 else 'practices'}, readable by you "
        f"alone. {_HEALTH}"
    )


def _ending(path: Path, *endings: str) -> str:
    ending = path.suffix.lower()
    if ending not in endings:
        raise SettingsError(f"--out must end in {' or '.join(endings)}: {path.name}")
    return ending


def _note(store: Store, found: Diary, what: str) -> None:
    if found.client is not None:
        store.note_audit("exported", "client", found.client.id, f"diary, {what}")


def _client_id(db: str | None, code: str) -> str:
    with opened_store(db) as store:
        found = diary_of(store, code)
    return "own" if found.own or found.client is None else found.client.id


def _reminder_plan(
    at: str,
    days: str,
    weeks: int,
    morning: str,
    title: str | None,
    zone: str | None,
    now: datetime,
) -> ReminderPlan:
    from datetime import timedelta
    from zoneinfo import ZoneInfo

    from kneetrack.diary.reminders import TITLE, ReminderPlan, read_days, read_time
    from kneetrack.diary.zones import computer_zone, known_zone

    name = computer_zone() if zone is None else known_zone(zone)
    clock = read_time(at)
    here = now.astimezone(None if name is None else ZoneInfo(name))
    passed = here.time() >= clock
    return ReminderPlan(
        clock,
        read_days(days),
        weeks,
        here.date() + timedelta(days=1 if passed else 0),
        TITLE if title is None else title,
        None if morning.strip().lower() == "none" else read_time(morning),
        name,
    )


def _programme_text(store: Store, found: Diary) -> str:
    """The TOML of the programme that is followed; "" for the default one."""
    from kneetrack.programme.own import own_path, own_programme

    prescribed = None if found.client is None else store.prescription_now(found.client.id)
    if prescribed is not None:
        return prescribed.text
    if found.own and own_programme() is not None:
        return own_path().read_text("utf-8")
    return ""


def add_to(group: typer.Typer) -> None:
    """The commands that write or read a file."""
    for command in (picture, page, csv, reminders, pack, diary_bringing.bring):
        group.command()(command)

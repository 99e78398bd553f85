"""``kneetrack diary``: what was practised, how it went, and how the knees felt."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer
from typer.core import TyperCommand

from kneetrack.commands import diary_files
from kneetrack.commands.opening import DbOption, JsonOption, opened_store
from kneetrack.commands.whose_diary import (
    ClientOption,
    diary_of,
    filled_diary_of,
    warnings_of,
)
from kneetrack.diary.streaks import AIM
from kneetrack.records import SettingsError

if TYPE_CHECKING:
    from datetime import date

    from kneetrack.clinic_records.practice import Practice
    from kneetrack.commands.whose_diary import Diary
    from kneetrack.store import Store

WEEKS: Final = 5
group = typer.Typer(invoke_without_command=True)
Day = Annotated[
    str | None,
    typer.Option(metavar="DAY", help=r"Of the practice of this day, such as 2026-11-27 \[last]."),
]


@group.callback()
def diary(
    ctx: typer.Context,
    weeks: Annotated[
        int, typer.Option(min=1, max=104, help="How many weeks the calendar shows.")
    ] = WEEKS,
    aim: Annotated[
        int, typer.Option(min=1, max=7, help="On how many days a week you mean to practise.")
    ] = AIM,
    json: JsonOption = False,
    client: ClientOption = None,
    db: DbOption = None,
) -> None:
    """Show the diary: a calendar, how regular it is, the last practices, what is still to be told.

    A part of it: show, pain, picture, page, csv, reminders. To a clinician: pack, bring.
    """
    if ctx.invoked_subcommand is not None:
        if client or db or json or (weeks, aim) != (WEEKS, AIM):
            told = f"kneetrack diary {ctx.invoked_subcommand} ..."
            raise SettingsError(f"write the options behind the command: {told}")
        return
    now = datetime.now(UTC)
    with opened_store(db) as store:
        found = diary_of(store, client)
        warned = warnings_of(store, found) if found.records and not json else ()
    if json:
        from kneetrack.commands.client_tables import print_json
        from kneetrack.diary.plain import diary_dict

        print_json(diary_dict(found.code, found.records, now, aim=aim))
    elif not found.records:
        typer.echo(f"{found.empty_words[:1].upper()}{found.empty_words[1:]}.")
    else:
        from kneetrack.commands.diary_view import show_diary

        show_diary(found, now, weeks=weeks, aim=aim, warnings=warned)


@group.command()
def show(
    which: Annotated[
        str | None,
        typer.Argument(metavar="[NUMBER|DAY]", help=r"Which practice \[the last one]."),
    ] = None,
    json: JsonOption = False,
    client: ClientOption = None,
    db: DbOption = None,
) -> None:
    """Show one practice whole: parts, doses, measures with their errors, where its page is."""
    from kneetrack.diary.finding import find_practice
    from kneetrack.store.cleaning import practice_place

    with opened_store(db) as store:
        record = find_practice(filled_diary_of(store, client).records, which)
        folder = practice_place(store.files, record.practice.client_id, record.practice.id)
    if json:
        from kneetrack.commands.client_tables import print_json
        from kneetrack.diary.plain import practice_dict

        print_json(practice_dict(record))
    else:
        from kneetrack.commands.diary_practice import pages_of, show_practice

        show_practice(record, pages_of(folder))


class _PainCommand(TyperCommand):
    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """A number below 0 is no option."""
        for word in args:
            if word.startswith("-") and word[1:].isdecimal():
                _pain(word)
        return super().parse_args(ctx, args)


@group.command(cls=_PainCommand)
def pain(
    pain: Annotated[str, typer.Argument(metavar="0-10", help="0: none. 10: the worst.")],
    day: Day = None,
    after: Annotated[
        bool, typer.Option("--after", help="It is the pain after the practice, told later.")
    ] = False,
    client: ClientOption = None,
    db: DbOption = None,
) -> None:
    """Tell the pain of the morning after the last practice, 0 to 10.

    Whether it grows or shrinks decides what the next practice asks for.
    """
    from kneetrack.diary.finding import read_day

    told, of_day = _pain(pain), None if day is None else read_day(day)
    with opened_store(db) as store:
        found = filled_diary_of(store, client)
        tell = _tell_after if after else _tell_morning
        for line in tell(store, found, told, of_day):
            typer.echo(line)


def _pain(text: str) -> int:
    from kneetrack.clinic_records.practice import PAIN_MOST

    plain = text.strip().lstrip("0") or "0"
    if text.strip().isdecimal() and len(plain) <= 2 and int(plain) <= PAIN_MOST:
        return int(plain)
    raise SettingsError(
        f"pain {text[:20]!r}: tell it as a whole number from 0 (none) to 10 (worst)"
    )


def _tell_after(store: Store, found: Diary, pain: int, day: date | None) -> list[str]:
    from kneetrack.diary.pains import practice_to_tell
    from kneetrack.diary.words import day_text
    from kneetrack.programme.pain import after_advice

    before = practice_to_tell(found.records, day).practice
    practice = store.tell_pain(before.id, after=pain)
    on = day_text(practice.at.astimezone().date())
    line = f"Pain after the practice of {on}: {pain} of 10{_was(before.pain_after, pain)}."
    follows = _follows(store, practice)
    return [line, after_advice(practice.facts.pain_before, pain, follows).text]


def _follows(store: Store, practice: Practice) -> str:
    from kneetrack.programme.following import follows_of

    client = store.client(practice.client_id)
    return follows_of(store, client, practice.id, datetime.now().date())


def _tell_morning(store: Store, found: Diary, pain: int, day: date | None) -> list[str]:
    from kneetrack.diary.pains import morning_to_tell
    from kneetrack.diary.words import day_text
    from kneetrack.programme.pain import next_morning_advice, rose_again

    now = datetime.now(UTC)
    morning = morning_to_tell(found.records, now, day)
    today = now.astimezone().date()
    told: list[Practice] = [
        store.tell_next_morning(record.practice.id, pain, today) for record in morning.records
    ]
    on = day_text(morning.practised_on)
    again = rose_again(store.practice_records(told[-1].client_id))
    line = f"The morning after {on}: {pain} of 10{_was(morning.told, pain)}."
    return [
        line,
        next_morning_advice(told[-1], _follows(store, told[-1])).text,
        *([again] if again else []),
    ]


def _was(before: int | None, now: int) -> str:
    return "" if before is None or before == now else f" (it was {before})"


def add_to(app: typer.Typer) -> None:
    """Put the command and those below it on the command line."""
    diary_files.add_to(group)
    app.add_typer(group, name="diary")

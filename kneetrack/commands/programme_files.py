"""``kneetrack programme show``, ``use``, ``reset``, ``check`` and ``write``."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kneetrack.cli_options import ProgrammeOption
from kneetrack.commands.opening import DbOption, JsonOption, opened_store
from kneetrack.records import OutputError

if TYPE_CHECKING:
    from kneetrack.clinic_records.people import Client
    from kneetrack.programme.values import Programme
    from kneetrack.store import Store

File = Annotated[Path, typer.Argument(metavar="FILE", help="A programme, as a TOML file.")]


def show(
    client: Annotated[
        str, typer.Option(metavar="CODE", help=r"Code of a client \[who practises here].")
    ] = "",
    programme: ProgrammeOption = None,
    db: DbOption = None,
    json: JsonOption = False,
) -> None:
    """Show today's doses, and why they are more, less, or as last time."""
    from datetime import datetime

    from kneetrack.commands.client_tables import print_json
    from kneetrack.commands.programme_shown import planned_json, show_planned
    from kneetrack.programme.doses import planned
    from kneetrack.programme.own import programme_for
    from kneetrack.programme.pain import rose_again

    with opened_store(db) as store:
        who = store.client(client) if client else store.own_client()
        followed, _ = programme_for(store, who, programme)
        history = [] if who is None else store.practice_records(who.id)
        origin = _origin(store, who, followed, programme)
    today = planned(followed, history, datetime.now().date())
    notes = [words for words in (rose_again(history),) if words]
    if json:
        print_json(planned_json(followed, today, notes))
    else:
        show_planned(followed, origin, today, notes)


def _origin(store: Store, client: Client | None, programme: Programme, file: Path | None) -> str:
    from kneetrack.commands.client_tables import day
    from kneetrack.programme.own import own_path

    if file is not None:
        return f"of {file}"
    if programme.prescription is not None and client is not None:
        prescribed = store.prescription_now(client.id)
        when = "" if prescribed is None else f" on {day(prescribed.at)}"
        return f"prescribed{when}, number {programme.prescription}"
    return f"your own, {own_path()}" if programme.by == "own" else "the default programme"


def use(file: File) -> None:
    """Follow this programme from now on; live and selfcheck keep to its limits, too."""
    from kneetrack.commands.programme_shown import show_programme
    from kneetrack.programme.own import adopt

    programme = adopt(file)
    typer.echo(f"From now on: {programme.title}.")
    show_programme(programme)
    typer.echo("Back to the default one: kneetrack programme reset")


def reset() -> None:
    """Follow the default programme again."""
    from kneetrack.programme.own import forget

    if forget():
        typer.echo("The default programme is followed again.")
    else:
        typer.echo("The default programme is followed already.")


def check(file: File) -> None:
    """Check a programme's file, and show what it asks for."""
    from kneetrack.commands.programme_shown import show_programme
    from kneetrack.programme.reading import load_programme

    programme = load_programme(file)
    typer.echo(f"{programme.title}: nothing is wrong with {file}.")
    show_programme(programme)


def write(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Where to, ending in .toml.")],
) -> None:
    """Write the default programme as a file to edit."""
    from kneetrack.programme.reading import default_text

    file = _as_toml(file)
    write_new(file, default_text())
    typer.echo(f"Wrote {file}. Edit it, then: kneetrack programme use {shlex.quote(str(file))}")


def _as_toml(file: Path) -> Path:
    """With ``.toml`` where no ending was given. Raises OutputError for another ending."""
    if not file.suffix:
        return file.with_name(f"{file.name}.toml")
    if file.suffix.lower() != ".toml":
        raise OutputError(f"{file} does not end in .toml: name it {file.stem}.toml")
    return file


def write_new(file: Path, text: str) -> None:
    """Write a file that is not there yet, for this user alone. Raises OutputError."""
    from kneetrack.report.writing import write_private

    if file.exists():
        raise OutputError(f"{file} is there already: name another file, or move it away")
    write_private(file, text.encode("utf-8"))


def add_to(group: typer.Typer) -> None:
    """Put the commands about programmes beside the one that does them."""
    for command in (show, use, reset, check, write):
        group.command()(command)

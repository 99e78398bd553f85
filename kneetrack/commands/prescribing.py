"""``kneetrack prescribe``: which programme a client is to follow."""

from __future__ import annotations

import shlex
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kneetrack.commands.opening import DbOption, opened_store
from kneetrack.records import SettingsError, UnknownRecordError

if TYPE_CHECKING:
    from kneetrack.clinic_records.people import Client
    from kneetrack.clinic_records.practice import Prescription
    from kneetrack.store import Store


def prescribe(
    code: Annotated[str, typer.Argument(metavar="CODE", help="The client's code.")],
    file: Annotated[
        Path | None, typer.Argument(metavar="FILE", help="The programme, as a TOML file.")
    ] = None,
    note: Annotated[
        str,
        typer.Option(metavar="TEXT", help="On record, for clinicians; the client never sees it."),
    ] = "",
    for_client: Annotated[
        str, typer.Option(metavar="TEXT", help="A note to the client: it goes into the file.")
    ] = "",
    show: Annotated[bool, typer.Option("--show", help="Show what is prescribed.")] = False,
    withdraw: Annotated[
        bool, typer.Option("--withdraw", help="The default programme holds again.")
    ] = False,
    out: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write it as a file to take home.")
    ] = None,
    db: DbOption = None,
) -> None:
    """Prescribe a programme to a client: exercises, doses, and limits.

    It takes the place of the one before. Without a file: --show, --withdraw, or --out FILE.
    """
    asked = [file is not None, show, withdraw, out is not None and file is None]
    if sum(asked) != 1 or (out is not None and (show or withdraw)):
        raise SettingsError("give a FILE to prescribe, or one of --show, --withdraw, --out FILE")
    if (note or for_client) and file is None:
        raise SettingsError("notes are about what is prescribed: give a FILE, too")
    with opened_store(db) as store:
        client = store.client(code)
        if file is not None:
            _prescribe(store, client, file, note, for_client)
        if show:
            _show(store, client)
        elif withdraw:
            prescribed = _holding(store, client)
            store.withdraw_prescription(prescribed.id)
            typer.echo(f"Withdrawn for {client.code}: {prescribed.title}.")
        elif out is not None:
            _write(_holding(store, client), out)


def _prescribe(store: Store, client: Client, file: Path, note: str, for_client: str) -> None:
    from kneetrack.commands.programme_shown import show_programme
    from kneetrack.programme.client_note import with_client_note
    from kneetrack.programme.reading import checked, programme_text

    text = programme_text(file)
    checked(text, "clinician", str(file))
    text = with_client_note(text, for_client)
    programme = checked(text, "clinician", str(file))
    before = store.prescription_now(client.id)
    made = store.prescribe(client.id, programme.title, text, note)
    instead = "" if before is None else f", in the place of number {before.number}"
    typer.echo(f"Prescribed to {client.code}: {programme.title}, number {made.number}{instead}.")
    show_programme(programme)
    typer.echo(
        f"To take home: kneetrack prescribe {shlex.quote(client.code)} --out FILE; there: "
        "kneetrack programme use FILE"
    )


def _holding(store: Store, client: Client) -> Prescription:
    prescribed = store.prescription_now(client.id)
    if prescribed is None:
        raise UnknownRecordError(f"nothing is prescribed to {client.code}")
    return prescribed


def _show(store: Store, client: Client) -> None:
    from rich.markup import escape

    from kneetrack.commands.client_tables import day, table
    from kneetrack.commands.programme_shown import show_programme
    from kneetrack.console import standard_output
    from kneetrack.programme.doses import planned
    from kneetrack.programme.own import prescribed_programme

    every = store.prescriptions(client.id)
    if not every:
        typer.echo(f"Nothing is prescribed to {client.code}: the default programme holds.")
        return
    console = standard_output()
    made = table("number", "prescribed on", "by", "withdrawn on", "programme", "note on record")
    for each in every:
        until = "" if each.withdrawn_at is None else day(each.withdrawn_at)
        words = (each.by, until, each.title, each.note)
        made.add_row(str(each.number), day(each.at), *map(escape, words))
    console.print(made)
    now = store.prescription_now(client.id)
    if now is None:
        typer.echo("None of them holds: the default programme does.")
        return
    console.print(f"\n[bold]{escape(now.title)}[/bold], number {now.number}, holds.")
    programme = prescribed_programme(now)
    history = store.practice_records(client.id)
    show_programme(programme, planned(programme, history, datetime.now().date()))


def _write(prescribed: Prescription, out: Path) -> None:
    from kneetrack.report.writing import write_private

    write_private(out, prescribed.text.encode("utf-8"))
    typer.echo(f"Wrote {out}. At home: kneetrack programme use {shlex.quote(out.name)}")


def add_to(app: typer.Typer) -> None:
    """Put the command into the command line."""
    app.command()(prescribe)

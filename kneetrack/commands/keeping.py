"""``kneetrack expire`` and ``kneetrack audit``: for how long, and who did what."""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from kneetrack.commands.clients import report_deletion
from kneetrack.commands.opening import DbOption, JsonOption, opened_store
from kneetrack.records import SettingsError, UnknownRecordError

if TYPE_CHECKING:
    from kneetrack.clinic_records.people import Deleted
    from kneetrack.store import Store


def expire(
    delete: Annotated[
        bool, typer.Option("--delete", help="Delete them, with everything of theirs; asks first.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask before deleting.")] = False,
    db: DbOption = None,
    json: JsonOption = False,
) -> None:
    """List the clients whose time of keeping is over; delete them on request.

    It is over when the newest consent was withdrawn, or when its last day is past.
    """
    from datetime import date

    from kneetrack.commands.client_tables import allowed, print_json, table
    from kneetrack.console import standard_output as out

    today = date.today()
    with opened_store(db) as store:
        over = [(client, store.consents(client.id)[0]) for client in store.expired(today)]
        kept = [(len(store.sessions(c.id)), len(store.practices(c.id))) for c, _ in over]
        place = store.place
        if delete and over and not yes:
            _make_sure([client.code for client, _ in over], place)
        last = len(over) - 1
        gone = [
            store.delete_client(client.id, scrub=n == last)
            for n, (client, _) in enumerate(over)
            if delete
        ]
    told = [
        {
            "code": client.code,
            "why": allowed(consent, today),
            "sessions": visits,
            "practices": practised,
        }
        for (client, consent), (visits, practised) in zip(over, kept, strict=True)
    ]
    if json:
        print_json({"store": place, "expired": told, "deleted": delete})
    elif not told:
        typer.echo(f"Nobody's time of keeping is over in {place}.")
    elif not delete:
        made = table("code", "consent", "sessions", "practices")
        for line in told:
            made.add_row(*map(str, line.values()))
        out().print(made)
        typer.echo("Delete them for good: kneetrack expire --delete")
    _report([client.code for client, _ in over], gone, quiet=json)


def _make_sure(codes: list[str], place: str) -> None:
    """Raises SettingsError unless somebody at a terminal agrees."""
    from kneetrack.diary.words import how_many

    if not sys.stdin.isatty():
        raise SettingsError(f"deleting {how_many(len(codes), 'client')} is for good: add --yes")
    who = f"{how_many(len(codes), 'client')} in {place}"
    typer.echo(f"Everything of {who} would be gone for good: {', '.join(codes)}.")
    if not typer.confirm("Delete them?", default=False):
        raise SettingsError("nothing was deleted")


def _report(codes: list[str], gone: list[Deleted], *, quiet: bool) -> None:
    failed: typer.Exit | None = None
    for code, what in zip(codes, gone, strict=False):
        if quiet and not what.left:
            continue
        try:
            report_deletion(code, what)
        except typer.Exit as end:
            failed = end
    if failed is not None:
        raise failed


def audit(
    code: Annotated[
        str, typer.Argument(metavar="[CODE]", help="Only of this client; an id of a deleted one.")
    ] = "",
    limit: Annotated[int, typer.Option(min=1, help="How many lines, newest first.")] = 50,
    db: DbOption = None,
    json: JsonOption = False,
) -> None:
    """Show who changed which record of whom when; never what it held.

    A client who was deleted has no code any more, only an id.
    """
    from kneetrack.commands.client_tables import audit_json, print_json, show_audit

    with opened_store(db) as store:
        lines = store.audit(record_id=_record(store, code) if code else "", limit=limit)
        codes = store.codes_of(line.client_id for line in lines)
        place = store.place
    if json:
        print_json({"store": place, "audit": [audit_json(line, codes) for line in lines]})
    else:
        show_audit(lines, place, codes)


def _record(store: Store, code: str) -> str:
    try:
        return store.client(code).id
    except UnknownRecordError:
        if re.fullmatch(r"[0-9a-f]{32}", code):
            return code
        raise


def add_to(app: typer.Typer) -> None:
    """Put both commands into the command line."""
    app.command()(expire)
    app.command()(audit)

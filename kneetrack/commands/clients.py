"""``kneetrack clients`` and ``kneetrack client``: who is in the store."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kneetrack.commands.opening import DbOption, JsonOption, opened_store
from kneetrack.records import SettingsError

if TYPE_CHECKING:
    from kneetrack.clinic_records.people import Client, Deleted
    from kneetrack.store import Store

EVERYBODY = 1_000_000
Code = Annotated[str, typer.Argument(metavar="CODE", help="The client's code.")]
Initials = Annotated[str | None, typer.Option(help="At most 8 characters, no full name.")]
Born = Annotated[int | None, typer.Option(metavar="YEAR", help="Year of birth.")]
Side = Annotated[
    str | None, typer.Option(metavar="SIDE", help="Side of complaint: none, left, right or both.")
]
Notes = Annotated[str | None, typer.Option(help="Notes, as little as possible.")]
Anyway = Annotated[
    bool, typer.Option("--anyway", help="Take a code that looks like a name, or holds a day.")
]


def clients(
    text: Annotated[
        str, typer.Argument(metavar="[TEXT]", help="Only those whose code or initials hold it.")
    ] = "",
    db: DbOption = None,
    json: JsonOption = False,
) -> None:
    """List clients: last measured first, with what each consent allows until when."""
    from datetime import date

    from kneetrack.commands.client_tables import line_json, print_json, show_clients

    with opened_store(db) as store:
        lines = store.client_lines(text, limit=EVERYBODY)
        place = store.place
    today = date.today()
    if json:
        print_json({"store": place, "clients": [line_json(line, today) for line in lines]})
    else:
        show_clients(lines, place, today)


def add(
    code: Code,
    initials: Initials = None,
    born: Born = None,
    side: Side = None,
    notes: Notes = None,
    anyway: Anyway = False,
    db: DbOption = None,
) -> None:
    """Add a client: a code, and nothing that is not needed."""
    from kneetrack.clinic_records.people import ClientFacts

    _no_name(code, anyway)
    facts = ClientFacts(code, **_given(initials, born, side, notes))
    with opened_store(db) as store:
        store.add_client(facts)
        place = store.place
    typer.echo(f"Added {code} to {place}.")
    typer.echo(f"Next, what the client agrees to: kneetrack client consent {_quoted(code)}")


def show(code: Code, db: DbOption = None, json: JsonOption = False) -> None:
    """Show a client: facts, consents, sessions, and what they practise."""
    from datetime import date

    from kneetrack.clinic.protocols import protocol_of
    from kneetrack.clinic.visit import good_trials
    from kneetrack.commands.client_tables import client_json, consent_json, print_json, show_client

    with opened_store(db) as store:
        client = store.client(code)
        consents = store.consents(client.id)
        visits = [(s, store.trials(s.id)) for s in store.sessions(client.id)]
        practised = store.practices(client.id)
        prescribed = store.prescription_now(client.id)
    today = date.today()
    counted = [
        (s, len(good_trials(trials)), len(protocol_of(s, trials).takes())) for s, trials in visits
    ]
    if not json:
        show_client(client, consents, counted, today, practised, prescribed)
        return
    print_json(
        {
            **client_json(client),
            "consents": [consent_json(consent, today) for consent in consents],
            "sessions": [
                {
                    "id": session.id,
                    "number": session.number,
                    "at": session.at.isoformat(),
                    "protocol": session.protocol,
                    "takes_good": good,
                    "takes": total,
                    "closed": session.closed_at is not None,
                }
                for session, good, total in counted
            ],
            "practices": len(practised),
            "last_practice_at": practised[-1].at.isoformat() if practised else None,
            "prescription": None if prescribed is None else prescribed.number,
        }
    )


def change(
    code: Code,
    new_code: Annotated[
        str | None, typer.Option("--code", metavar="CODE", help="Another code.")
    ] = None,
    initials: Initials = None,
    born: Born = None,
    side: Side = None,
    notes: Notes = None,
    anyway: Anyway = False,
    db: DbOption = None,
) -> None:
    """Change what is known of a client; what is not named stays."""
    from dataclasses import replace

    from kneetrack.clinic_records.people import changed_fields

    given = _given(initials, born, side, notes)
    if new_code is not None:
        _no_name(new_code, anyway)
        given["code"] = new_code
    if not given:
        raise SettingsError("nothing to change: --code, --initials, --born, --side or --notes")
    with opened_store(db) as store:
        client = store.client(code)
        facts = replace(client.facts, **given)
        store.change_client(client.id, facts)
    what = changed_fields(client.facts, facts).replace("_", " ") or "nothing"
    typer.echo(f"Changed {what} of {facts.code}.")


def delete(
    code: Code,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    db: DbOption = None,
) -> None:
    """Delete a client for good: records, numbers, landmarks, clips, reports and the diary."""
    with opened_store(db) as store:
        client = store.client(code)
        if not yes:
            _make_sure(store, client)
        report_deletion(client.code, store.delete_client(client.id))


def report_deletion(code: str, gone: Deleted) -> None:
    """Say what went; exit as an error of the store when something could not go."""
    from kneetrack.console import complain
    from kneetrack.diary.words import how_many
    from kneetrack.records import StoreError

    practised = f"{how_many(gone.practices, 'practice')}, " if gone.practices else ""
    typer.echo(
        f"Deleted {code}: {how_many(gone.sessions, 'session')}, {how_many(gone.trials, 'take')}, "
        f"{practised}{how_many(gone.files, 'file')}."
    )
    for line in gone.left:
        complain(f"not removed yet: {line}")
    if gone.left:
        raise typer.Exit(StoreError.exit_code)


def _make_sure(store: Store, client: Client) -> None:
    if not sys.stdin.isatty():
        raise SettingsError(f"deleting {client.code} is for good: add --yes")
    visits, practised = len(store.sessions(client.id)), len(store.practices(client.id))
    what = f"{visits} session(s){f', {practised} practice(s)' if practised else ''}"
    typer.echo(f"{client.code}: {what} in {store.place} would be gone for good.")
    typed = typer.prompt("Type the code to delete", default="", show_default=False)
    if typed.strip().casefold() != client.code.casefold():
        raise SettingsError("that is not the code: nothing was deleted")


def _no_name(code: str, anyway: bool) -> None:
    """A code stands in every list: it should not tell who it is. Raises SettingsError."""
    from kneetrack.clinic_records.entering import like_a_name

    if not anyway and like_a_name(code):
        raise SettingsError(
            "a code, not a name or a day of birth, such as KT-018: add --anyway if it is one"
        )


def _given(
    initials: str | None, born: int | None, side: str | None, notes: str | None
) -> dict[str, Any]:
    named = {"initials": initials, "birth_year": born, "complaint": side, "notes": notes}
    return {name: value for name, value in named.items() if value is not None}


def _quoted(code: str) -> str:
    import shlex

    return shlex.quote(code)


def add_to(app: typer.Typer) -> None:
    """Put the commands about clients into the command line."""
    from kneetrack.commands import consenting

    app.command()(clients)
    group = typer.Typer(no_args_is_help=True, help="Add, show, change or delete one client.")
    for command in (add, show, change, delete):
        group.command()(command)
    consenting.add_to(group)
    app.add_typer(group, name="client")

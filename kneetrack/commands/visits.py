"""Looking at what was measured: a client's sessions, one of them, and its trials."""

from __future__ import annotations

import json as json_text
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated

import typer

from kneetrack.commands.opening import DbOption, JsonOption, opened_store
from kneetrack.console import inform
from kneetrack.records import SettingsError

if TYPE_CHECKING:
    from kneetrack.clinic_records.visits import Trial
    from kneetrack.store import Store

ClientArgument = Annotated[str, typer.Argument(help="The client's code.", metavar="CLIENT")]
NumberArgument = Annotated[
    str, typer.Argument(help="Number or day of the session: 2, 2026-05-03.", metavar="SESSION")
]
TakesArgument = Annotated[
    list[str],
    typer.Argument(
        help="STEP:VIEW such as squat:front, the newest attempt; squat:front#1 the first.",
        metavar="TAKE...",
    ),
]


def sessions(client: ClientArgument, json: JsonOption = False, db: DbOption = None) -> None:
    """List a client's sessions."""
    from kneetrack.clinic.protocols import protocol_of
    from kneetrack.clinic.visit_rows import session_dict
    from kneetrack.commands.session_table import show_sessions

    with opened_store(db) as store:
        found = store.client(client)
        rows = []
        for session in store.sessions(found.id):
            trials = store.trials(session.id)
            rows.append((session, trials, len(protocol_of(session, trials).takes())))
    if json:
        _print_json([session_dict(found.code, session) for session, _, _ in rows])
    else:
        show_sessions(found, rows)


def session(
    client: ClientArgument,
    number: Annotated[
        str | None,
        typer.Argument(help=r"Number or day of the session \[the newest].", metavar="SESSION"),
    ] = None,
    facts: Annotated[
        list[str] | None,
        typer.Option(
            "--set",
            metavar="FACT=VALUE",
            help="Correct the set-up, such as distance=4 or footwear=; several times.",
        ),
    ] = None,
    on: Annotated[
        str | None,
        typer.Option("--date", metavar="DATE", help="Put it on the day that is right."),
    ] = None,
    delete: Annotated[
        bool, typer.Option("--delete", help="Delete it, with its takes and files, for good.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask before deleting.")] = False,
    json: JsonOption = False,
    db: DbOption = None,
) -> None:
    """Show one session: a row a step, front and side joined, every number with view and error.

    Or correct its day or its set-up, or delete it.
    """
    from kneetrack.clinic.naming import find_session
    from kneetrack.clinic.protocols import protocol_of
    from kneetrack.clinic.setup_facts import with_facts
    from kneetrack.clinic.visit_rows import step_rows, visit_dict
    from kneetrack.commands.session_changing import delete_session, redate
    from kneetrack.commands.session_table import show_session

    if delete and (number is None or on is not None or facts or json):
        raise SettingsError("to delete a session, say which one, and nothing else to be done")
    with opened_store(db) as store:
        found = find_session(store, client, number)
        code = store.client(client).code
        if delete:
            delete_session(store, code, found, yes=yes)
            return
        if facts:
            setup = with_facts(found.setup, facts)
            found = store.change_session(found.id, setup=setup)
        if on is not None:
            found = redate(store, found, on)
        protocol = protocol_of(found, store.trials(found.id))
        rows = step_rows(store, found, protocol)
        if json:
            _print_json(visit_dict(store, code, found, rows))
        else:
            show_session(code, found, protocol.title, rows)


trial_app = typer.Typer(
    help="Reject, restore or annotate the takes of a session.", no_args_is_help=True
)


@trial_app.command("reject")
def reject(
    client: ClientArgument,
    number: NumberArgument,
    takes: TakesArgument,
    reason: Annotated[str, typer.Option(help="Why; it is kept with the take.")],
    db: DbOption = None,
) -> None:
    """Take it out of the numbers. It is kept and can be restored."""
    _each(client, number, takes, db, lambda store, t: store.reject_trial(t.id, reason))


@trial_app.command("restore")
def restore(
    client: ClientArgument, number: NumberArgument, takes: TakesArgument, db: DbOption = None
) -> None:
    """Let a rejected take count again; another one of the same step and view gives way."""
    from kneetrack.clinic.intake import restore_trial

    _each(client, number, takes, db, restore_trial)


@trial_app.command("note")
def note(
    client: ClientArgument,
    number: NumberArgument,
    takes: TakesArgument,
    text: Annotated[str, typer.Option(help="The note.")],
    replace: Annotated[
        bool, typer.Option("--replace", help="In place of what is noted already.")
    ] = False,
    db: DbOption = None,
) -> None:
    """Note something on a take."""
    from kneetrack.clinic.intake import joined_notes

    def noted(store: Store, trial: Trial) -> Trial:
        return store.note_trial(trial.id, text if replace else joined_notes(trial.note, text))

    _each(client, number, takes, db, noted)


def _each(
    client: str,
    number: str,
    takes: list[str],
    db: str | None,
    act: Callable[[Store, Trial], Trial],
) -> None:
    """Do it to every take named; all names are looked up before anything is done."""
    from kneetrack.clinic.naming import find_session, pick_trial
    from kneetrack.commands.session_table import said_of

    with opened_store(db) as store:
        found = find_session(store, client, number)
        trials = store.trials(found.id)
        chosen = [pick_trial(trials, text, f"session {found.number}") for text in takes]
        for trial in chosen:
            inform(said_of(act(store, trial), trials))


def _print_json(value: object) -> None:
    sys.stdout.write(json_text.dumps(value, ensure_ascii=False, indent=1) + "\n")


def add_to(app: typer.Typer) -> None:
    """Put the commands on the command line."""
    app.command()(sessions)
    app.command()(session)
    app.add_typer(trial_app, name="trial")

"""A session that is deleted, or was on another day than it says."""

from __future__ import annotations

import sys
from datetime import date
from typing import TYPE_CHECKING

import typer

from kneetrack.records import SettingsError, StoreError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kneetrack.clinic_records.visits import Session
    from kneetrack.store import Store


def delete_session(store: Store, code: str, session: Session, *, yes: bool) -> None:
    """With its takes and files, for good; asks first. Raises SettingsError, UnknownRecordError."""
    from kneetrack.commands.client_tables import day
    from kneetrack.console import complain
    from kneetrack.diary.words import how_many

    takes = store.trials(session.id)
    name = f"session {session.number} of {code} ({day(session.at)}, {how_many(len(takes), 'take')})"
    if not yes:
        if not sys.stdin.isatty():
            raise SettingsError(f"deleting {name} is for good: add --yes")
        typer.echo(f"{name[0].upper()}{name[1:]} in {store.place} would be gone for good.")
        if not typer.confirm("Delete it?", default=False):
            raise SettingsError("nothing was deleted")
    before = store.sessions(session.client_id)
    gone = store.delete_session(session.id)
    typer.echo(f"Deleted {name}: {how_many(gone.files, 'file')}.")
    _say_numbers(before, store.sessions(session.client_id))
    for line in gone.left:
        complain(f"not removed yet: {line}")
    if gone.left:
        raise typer.Exit(StoreError.exit_code)


def redate(store: Store, session: Session, text: str) -> Session:
    """The session on another day; the numbers go by day. Raises SettingsError."""
    from kneetrack.clinic.visit import day_of, next_on

    try:
        on = date.fromisoformat(text.strip())
    except ValueError:
        raise SettingsError(f"cannot read --date {text!r}: write it like 2026-05-03") from None
    if on == day_of(session):
        return session
    before = store.sessions(session.client_id)
    changed = store.change_session(session.id, at=next_on(store, session.client_id, on))
    typer.echo(f"Session {session.number} of {day_of(session)} is now of {on}.", err=True)
    _say_numbers(before, store.sessions(session.client_id))
    return changed


def _say_numbers(before: Sequence[Session], after: Sequence[Session]) -> None:
    """Which sessions have another number now: they are numbered by time."""
    old = {session.id: session.number for session in before}
    moved = [
        f"{old[session.id]} is now {session.number}"
        for session in after
        if old.get(session.id, session.number) != session.number
    ]
    if moved:
        typer.echo(f"Sessions are numbered by day: {', '.join(moved)}.", err=True)

"""What the terminal shows of clients, consents and audit lines; and the same as JSON."""

from __future__ import annotations

import json
import shlex
import sys
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from kneetrack.clinic_records.people import AuditLine, Client, ClientLine, Consent
from kneetrack.clinic_records.practice import Practice, Prescription
from kneetrack.clinic_records.visits import Session
from kneetrack.console import standard_output as out
from kneetrack.diary.words import how_many


def print_json(value: object) -> None:
    """One JSON document, and nothing else."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=1) + "\n")


def day(at: datetime | None) -> str:
    """The day of a time, here."""
    return "" if at is None else at.astimezone().date().isoformat()


def allowed(consent: Consent | None, on: date) -> str:
    """What a consent allows until when: "measurements, video until 2027-05-29"."""
    if consent is None:
        return "no consent"
    facts = consent.facts
    if consent.withdrawn_on is not None:
        return f"withdrawn on {consent.withdrawn_on}"
    if not consent.holds(on):
        return f"ran out on {facts.keep_until}"
    until = "withdrawn" if facts.keep_until is None else facts.keep_until
    return f"{', '.join(in_order(consent))} until {until}"


def in_order(consent: Consent) -> list[str]:
    """What it allows, the least first."""
    from kneetrack.clinic_records.kinds import PURPOSES

    return [purpose for purpose in PURPOSES if purpose in consent.facts.allows]


def table(*headings: str) -> Table:
    """An empty table in the style of the other commands."""
    made = Table(box=None, pad_edge=False, header_style="bold")
    for heading in headings:
        made.add_column(heading, no_wrap=heading not in ("detail", "purpose", "what it allows"))
    return made


def show_clients(lines: Sequence[ClientLine], place: str, on: date) -> None:
    """One line a client, those without a consent in force marked."""
    console = out()
    practise = any(line.practices or line.own for line in lines)
    more = ("practices", "last practised") if practise else ()
    made = table("code", "initials", "sessions", "last measured", *more, "what it allows")
    for line in lines:
        words = escape(allowed(line.newest, on))
        made.add_row(
            f"{escape(line.client.code)}{' (you)' if line.own else ''}",
            escape(line.client.facts.initials),
            str(line.sessions),
            day(line.last_session_at),
            *((str(line.practices), day(line.last_practice_at)) if practise else ()),
            words if line.consent is not None else f"[yellow]! {words}[/yellow]",
        )
    if lines:
        console.print(made)
    console.print(f"{how_many(len(lines), 'client')} in {escape(place)}", soft_wrap=True)


def client_json(client: Client) -> dict[str, Any]:
    """A client's facts."""
    facts = client.facts
    return {
        "code": facts.code,
        "id": client.id,
        "initials": facts.initials,
        "birth_year": facts.birth_year,
        "complaint": facts.complaint,
        "notes": facts.notes,
        "created_at": client.created_at.isoformat(),
    }


def consent_json(consent: Consent, on: date) -> dict[str, Any]:
    """A consent, and whether it holds."""
    facts = consent.facts
    return {
        "id": consent.id,
        "given_on": facts.given_on.isoformat(),
        "purpose": facts.purpose,
        "allows": in_order(consent),
        "keep_until": None if facts.keep_until is None else facts.keep_until.isoformat(),
        "guardian": facts.guardian,
        "withdrawn_on": None if consent.withdrawn_on is None else consent.withdrawn_on.isoformat(),
        "holds": consent.holds(on),
    }


def line_json(line: ClientLine, on: date) -> dict[str, Any]:
    """A client in a list."""
    last, practised = line.last_session_at, line.last_practice_at
    return {
        **client_json(line.client),
        "own": line.own,
        "sessions": line.sessions,
        "last_session_at": None if last is None else last.isoformat(),
        "practices": line.practices,
        "last_practice_at": None if practised is None else practised.isoformat(),
        "consent": None if line.newest is None else consent_json(line.newest, on),
    }


def show_client(
    client: Client,
    consents: Sequence[Consent],
    visits: Sequence[tuple[Session, int, int]],
    on: date,
    practised: Sequence[Practice] = (),
    prescribed: Prescription | None = None,
) -> None:
    """All of one client but numbers. visits: session, takes measured, takes asked."""
    console = out()
    facts = client.facts
    console.print(f"[bold]{escape(facts.code)}[/bold]  {escape(facts.initials)}".rstrip())
    born = "not told" if facts.birth_year is None else str(facts.birth_year)
    console.print(f"born {born}, complaint: {facts.complaint}, since {day(client.created_at)}")
    if facts.notes:
        console.print(escape(facts.notes), soft_wrap=True)
    _show_consents(console, facts.code, consents, on)
    made = table("session", "measured on", "protocol", "takes")
    for session, good, total in visits:
        state = "" if session.closed_at is not None else " open"
        takes = f"{good} of {total}{state}"
        made.add_row(str(session.number), day(session.at), escape(session.protocol), takes)
    if visits:
        console.print(made)
    else:
        console.print("no session yet")
    if practised:
        told = f"{how_many(len(practised), 'practice')}, the last on {day(practised[-1].at)}"
        console.print(f"{told}: kneetrack diary --client {_quoted(facts.code)}", soft_wrap=True)
    if prescribed is not None:
        told = f"prescribed on {day(prescribed.at)}: {escape(prescribed.title)}"
        console.print(f"{told}: kneetrack prescribe {_quoted(facts.code)} --show", soft_wrap=True)


def _quoted(code: str) -> str:
    return escape(shlex.quote(code))


def _show_consents(console: Console, code: str, consents: Sequence[Consent], on: date) -> None:
    if not consents:
        console.print(f"[yellow]! no consent[/yellow]: kneetrack client consent {escape(code)}")
    newest = next((c for c in consents if c.withdrawn_on is None), None)
    for consent in consents:
        told = escape(allowed(consent, on))
        if consent is not newest and consent.withdrawn_on is None:
            told = "replaced by a newer one"
        who = f", by {escape(consent.facts.guardian)}" if consent.facts.guardian else ""
        console.print(f"consent of {consent.facts.given_on}{who}: {told}", soft_wrap=True)
        console.print(f"  {escape(consent.facts.purpose)}", soft_wrap=True)


def show_audit(lines: Sequence[AuditLine], place: str, codes: Mapping[str, str]) -> None:
    """Who changed which record of which client when. codes: by client id, of those still there."""
    console = out()
    made = table("when", "who", "client", "what", "id", "detail")
    for column in made.columns:
        column.no_wrap, column.overflow = column.header == "id", "fold"
    for line in lines:
        when = line.at.astimezone().strftime("%Y-%m-%d %H:%M:%S")
        client = codes.get(line.client_id, "deleted" if line.client_id else "")
        cells = (when, line.by, client, what_words(line), line.record_id, line.detail)
        made.add_row(*map(escape, cells))
    if lines:
        console.print(made)
    console.print(
        f"{how_many(len(lines), 'line')} of {escape(place)}, newest first", soft_wrap=True
    )


def what_words(line: AuditLine) -> str:
    """What was done to what: "consent added", "report written"."""
    if (line.what, line.kind) == ("exported", "session"):
        return "report written"
    return f"{line.kind} {line.what}"


def audit_json(line: AuditLine, codes: Mapping[str, str]) -> dict[str, str]:
    """An audit line. client: the code, "" where there is none (any more)."""
    return {
        "at": line.at.isoformat(),
        "by": line.by,
        "what": line.what,
        "kind": line.kind,
        "record_id": line.record_id,
        "client": codes.get(line.client_id, ""),
        "client_id": line.client_id,
        "detail": line.detail,
    }

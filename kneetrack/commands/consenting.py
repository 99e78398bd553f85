"""``kneetrack client consent`` and ``withdraw``: what a client agreed to."""

from __future__ import annotations

import calendar
import sys
from datetime import date
from typing import TYPE_CHECKING, Annotated, Final

import typer

from kneetrack.commands.opening import DbOption, opened_store
from kneetrack.records import SettingsError, UnknownRecordError

if TYPE_CHECKING:
    from kneetrack.clinic_records.people import ConsentFacts, Losing

PURPOSE: Final = (
    "To measure how my knees move in a few exercises, to compare that with later visits, and to "
    "talk it over with my clinician."
)
"""Unless another one is given: what the program does, and no more."""
EXPLAINED: Final = {
    "video": "Keep the clips, too, with blurred faces?",
    "faces": "Show the face in pictures and clips?",
    "cohort": "Take the numbers, without the code, into a table of many clients?",
}
Code = Annotated[str, typer.Argument(metavar="CODE", help="The client's code.")]


def consent(
    code: Code,
    purpose: Annotated[
        str | None, typer.Option(metavar="TEXT", help="What for, in the client's own words.")
    ] = None,
    allow: Annotated[
        str | None,
        typer.Option(metavar="LIST", help="measurements, and any of video, faces, cohort."),
    ] = None,
    until: Annotated[
        str | None, typer.Option(metavar="DATE", help="Last day of keeping, such as 2027-05-31.")
    ] = None,
    months: Annotated[
        int | None, typer.Option(min=1, max=600, help="Or for how many months from today.")
    ] = None,
    guardian: Annotated[
        str, typer.Option(metavar="ROLE", help="Who agreed for a minor, such as mother.")
    ] = "",
    yes: Annotated[
        bool, typer.Option("--yes", help="Do not ask before deleting what it does not allow.")
    ] = False,
    db: DbOption = None,
) -> None:
    """Record what a client agreed to today; it replaces what was agreed before.

    Without --purpose the one on record stays. Clips and stills that it allows no more are deleted.
    """
    from kneetrack.clinic_records.people import ConsentFacts
    from kneetrack.commands.client_tables import allowed

    today = date.today()
    if until is not None and months is not None:
        raise SettingsError("give --until or --months, not both")
    if allow is not None and not _words(allow):
        raise SettingsError("--allow is empty: measurements, and any of video, faces, cohort")
    with opened_store(db) as store:
        client = store.client(code)
        before = next(iter(store.consents(client.id)), None)
        recorded = PURPOSE if before is None else before.facts.purpose
        if not any((purpose, allow, until, months)):
            facts = _asked(client.code, guardian, today, recorded)
        else:
            end = _day(until) if until is not None else _after(today, months)
            wanted = frozenset({"measurements", *_words(allow or "")})
            facts = ConsentFacts(today, purpose or recorded, wanted, end, guardian)  # type: ignore[arg-type]
        losing = store.would_lose(client.id, facts.allows)
        if losing and not yes:
            _make_sure(client.code, losing)
        given = store.give_consent(client.id, facts)
    typer.echo(f"{client.code} agreed: {allowed(given, today)}.")
    typer.echo(f"Purpose: {facts.purpose}")
    if losing:
        typer.echo(f"Deleted, as it is not allowed any more: {losing}.")


def _make_sure(code: str, losing: Losing) -> None:
    """Raises SettingsError unless somebody at a terminal agrees to the deletion."""
    told = f"with no more allowed than that, {losing} of {code} would be deleted for good"
    if not sys.stdin.isatty():
        raise SettingsError(
            f"{told}: add --yes, or allow more, such as --allow measurements,video (nothing was "
            "recorded)"
        )
    typer.echo(f"{told[0].upper()}{told[1:]}.")
    if not typer.confirm("Record it, and delete them?", default=False):
        raise SettingsError("nothing was recorded, and nothing deleted")


def withdraw(
    code: Code,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask before deleting clips.")] = False,
    db: DbOption = None,
) -> None:
    """Withdraw a client's consent: nothing more is measured, kept clips are deleted."""
    with opened_store(db) as store:
        client = store.client(code)
        standing = [c for c in store.consents(client.id) if c.withdrawn_on is None]
        if not standing:
            raise UnknownRecordError(f"{client.code} has no consent that could be withdrawn")
        losing = store.would_lose(client.id, frozenset())
        if losing and not yes:
            _make_sure(client.code, losing)
        visits = store.sessions(client.id)
        clips = sum(trial.clip_kept for s in visits for trial in store.trials(s.id))
        store.withdraw_consent(standing[0].id)
    typer.echo(f"Withdrawn for {client.code}: nothing more is measured.")
    if clips:
        typer.echo(f"Clips deleted: {clips}.")
    typer.echo(
        "Numbers, landmarks, the diary with its pain, prescriptions and notes stay until the "
        f"client is deleted: "
        f"kneetrack client delete {client.code}"
    )


def _asked(code: str, guardian: str, today: date, recorded: str) -> ConsentFacts:
    from kneetrack.clinic_records.people import ConsentFacts

    if not sys.stdin.isatty():
        raise SettingsError("say what was agreed to: --allow measurements,video --months 24")
    typer.echo(f"What {code} agrees to. Numbers and landmarks are always kept with it.")
    purpose = typer.prompt("Purpose", default=recorded)
    wanted = {"measurements"}
    for name, question in EXPLAINED.items():
        if name == "faces" and "video" not in wanted:
            continue
        if typer.confirm(question, default=False):
            wanted.add(name)
    text = typer.prompt("Keep for how many months (0: until withdrawn)", default=24, type=int)
    if not guardian and typer.confirm("Does somebody else agree for a minor?", default=False):
        guardian = typer.prompt("Who, by role, such as mother")
    end = _after(today, text if text > 0 else None)
    return ConsentFacts(today, purpose, frozenset(wanted), end, guardian)  # type: ignore[arg-type]


def _words(text: str) -> list[str]:
    return [word.strip().lower() for word in text.split(",") if word.strip()]


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise SettingsError(f"{text!r} is not a day: write it like 2027-05-31") from None


def _after(today: date, months: int | None) -> date | None:
    if months is None:
        return None
    year, month = divmod(today.year * 12 + today.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(today.day, last))


def add_to(group: typer.Typer) -> None:
    """Put the commands about consent beside the others about one client."""
    group.command()(consent)
    group.command()(withdraw)

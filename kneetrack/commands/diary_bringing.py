"""``kneetrack diary bring``: a diary that a client kept on another computer."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from kneetrack.commands.opening import DbOption, opened_store
from kneetrack.records import SettingsError, SourceError, UnknownRecordError

if TYPE_CHECKING:
    from kneetrack.clinic_records.practice import Prescription
    from kneetrack.diary.bringing import Brought

LARGEST_BYTES: Final = 64_000_000
"""No diary is longer: one of ten years has some 5 MB."""


def bring(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="What diary pack wrote.")],
    client: Annotated[str, typer.Option("--client", metavar="CODE", help="Whose diary it is.")],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask whether it is theirs.")] = False,
    db: DbOption = None,
) -> None:
    """Take in a diary that a client brought. It needs the client's consent.

    What is in it is shown first: the file holds no name, so say whether it is theirs. A diary that
    was brought before is brought up to date: nothing is there twice.
    """
    from kneetrack.diary.bringing import unpack
    from kneetrack.diary.bringing_words import changed, preview
    from kneetrack.diary.followed import numbered

    brought = unpack(_text_of(file))
    if not brought.records:
        raise UnknownRecordError(f"{file.name} holds no practices: nothing to take in")
    with opened_store(db) as store:
        known = store.client(client)
        before = store.practice_records(known.id)
        _make_sure(known.code, preview(brought.records, before), yes)
        prescriptions = store.prescriptions(known.id)
        new = store.add_brought(known.id, numbered(brought, prescriptions))
        differ = changed(before, store.practice_records(known.id))
        told_followed = _followed(brought, prescriptions)
    count = len(brought.records)
    older = f", {count - new} were there already" if new < count else ""
    told = f", {differ} of those changed" if differ else ""
    typer.echo(f"{known.code}: {new} new of {count} practices{older}{told}.")
    typer.echo(told_followed)
    typer.echo(f"See them: kneetrack diary --client {known.code!r}")


def _make_sure(code: str, lines: Sequence[str], yes: bool) -> None:
    """Shows what is in it. Raises SettingsError unless somebody agrees that it is theirs."""
    for line in lines:
        typer.echo(line)
    if yes:
        return
    if not sys.stdin.isatty():
        told = f"is it the diary of {code}? The file does not tell: add --yes"
        raise SettingsError(f"{told} (nothing was taken in)")
    if not typer.confirm(f"Is it the diary of {code}?", default=False):
        raise SettingsError("nothing was taken in")


def _followed(brought: Brought, prescriptions: Sequence[Prescription]) -> str:
    """By which programme they were done, as the file tells, beside what is prescribed here."""
    from kneetrack.diary.followed import followed_prescription

    prescribed = next((p for p in prescriptions if p.withdrawn_at is None), None)
    if prescribed is not None and followed_prescription(brought, prescriptions) == prescribed:
        return f"They follow what is prescribed here, number {prescribed.number}."
    followed = "the default programme" if not brought.programme else _title(brought.programme)
    here = "" if prescribed is None else f", not what is prescribed here, {prescribed.title!r}"
    return f"They follow {followed}{here}."


def _title(programme: str) -> str:
    from kneetrack.programme.reading import programme_from

    try:
        return f"a programme of their own, {programme_from(programme, 'own').title!r}"
    except SettingsError:
        return "a programme of their own, which cannot be read here"


def _text_of(file: Path) -> str:
    try:
        if file.is_file() and file.stat().st_size > LARGEST_BYTES:
            raise SettingsError(f"{file.name} is too long for a diary")
        return file.read_bytes().decode("utf-8", "replace")
    except FileNotFoundError:
        raise SourceError(f"there is no file {file}") from None
    except OSError as error:
        raise SourceError(f"cannot read {file}: {error.strerror or error}") from error

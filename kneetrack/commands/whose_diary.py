"""Whose diary a command is about: the client that is named, else who practises here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

import typer

from kneetrack.records import SettingsError, UnknownRecordError

if TYPE_CHECKING:
    from kneetrack.clinic_records.people import Client
    from kneetrack.clinic_records.practice import PracticeRecord
    from kneetrack.exercises.rules import Exercise
    from kneetrack.store import Store

ClientOption = Annotated[
    str | None,
    typer.Option("--client", metavar="CODE", help=r"Whose diary \[your own on this computer]."),
]
BEGIN = "begin with kneetrack selfcheck, then kneetrack programme"


@dataclass(frozen=True, slots=True)
class Diary:
    """A diary as it stands, oldest first. client None: nobody practises at this computer yet."""

    client: Client | None
    own: bool
    records: list[PracticeRecord]

    @property
    def code(self) -> str:
        """The client's code, "" for nobody."""
        return "" if self.client is None else self.client.code

    @property
    def title(self) -> str:
        """ "Your diary", "Diary of KT-017"."""
        return "Your diary" if self.own else f"Diary of {self.code}"

    @property
    def empty_words(self) -> str:
        """That there is nothing, and how to begin."""
        if self.own:
            return f"your diary is empty: {BEGIN}"
        return (
            f"the diary of {self.code} is empty: kneetrack programme --client {self.code!r}, "
            f"or kneetrack diary bring FILE --client {self.code!r}"
        )


def diary_of(store: Store, code: str | None) -> Diary:
    """A diary, which may be empty. Raises UnknownRecordError for a code that is not known."""
    own = store.own_client()
    client = own if code is None else store.client(code)
    is_own = code is None or (own is not None and client is not None and own.id == client.id)
    records = [] if client is None else store.practice_records(client.id)
    return Diary(client, is_own, records)


def filled_diary_of(store: Store, code: str | None) -> Diary:
    """A diary with at least one practice. Raises UnknownRecordError."""
    diary = diary_of(store, code)
    if not diary.records:
        raise UnknownRecordError(diary.empty_words)
    return diary


def warnings_of(store: Store, diary: Diary) -> tuple[str, ...]:
    """What is to be seen first of a diary: pain that rose, parts that are less next time."""
    from datetime import date

    from kneetrack.diary.warning import warnings
    from kneetrack.programme.own import programme_for

    try:
        programme, _ = programme_for(store, diary.client, None)
    except SettingsError:
        return warnings(diary.records, None, date.today())
    return warnings(diary.records, programme, date.today())


def exercises_of(store: Store, diary: Diary) -> Mapping[str, Exercise]:
    """The exercises with the bands of the programme that is followed. Raises SettingsError."""
    from kneetrack.programme.limits import with_programme
    from kneetrack.programme.own import programme_for
    from kneetrack.settings import Settings

    programme, _ = programme_for(store, diary.client, None)
    return with_programme(Settings(), programme).exercises

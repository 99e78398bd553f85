"""Practices: begun, filled part by part, ended, and what was told about pain."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, insert

from kneetrack.clinic_records.practice import (
    HowEnded,
    PartDone,
    Practice,
    PracticeFacts,
    PracticeKind,
    PracticeRecord,
    SignFound,
    check_pain,
)
from kneetrack.records import SettingsError
from kneetrack.store import files as on_disk
from kneetrack.store.base import StoreBase, new_id, now_utc, row_of, set_row
from kneetrack.store.cleaning import forbidden_of_practice, practice_place
from kneetrack.store.consents import in_force, needed
from kneetrack.store.practice_rows import (
    one_practice,
    practices_of,
    put_part,
    put_signs,
    records_of,
    values_of,
)
from kneetrack.store.practice_tables import practices
from kneetrack.store.tables import clients

LONGEST_NOTE: Final = 4000


class Practices(StoreBase):
    """The diary of each client."""

    def begin_practice(
        self, client_id: str, facts: PracticeFacts, *, at: datetime | None = None
    ) -> Practice:
        """A new practice, under way. Raises ConsentError."""
        made = Practice(new_id(), client_id, 0, at or now_utc(), facts)
        with self._writing() as connection:
            row_of(connection, clients, client_id, "client")
            needed(connection, client_id)
            connection.execute(insert(practices).values(client_id=client_id, **values_of(made)))
            self._note(connection, "added", "practice", made.id, facts.kind, client_id=client_id)
            return one_practice(connection, made.id)

    def add_part(self, practice_id: str, part: PartDone) -> None:
        """A part that was done or skipped; an older one of the same key is replaced by it.

        Raises ConsentError where the consent has ended meanwhile.
        """
        with self._changing(practice_id, "part") as (connection, before):
            needed(connection, before.client_id)
            put_part(connection, practice_id, part)

    def set_signs(self, practice_id: str, signs: Sequence[SignFound]) -> None:
        """The signs of a self-check, in the place of those that stand. Raises ConsentError."""
        with self._changing(practice_id, "signs") as (connection, before):
            needed(connection, before.client_id)
            put_signs(connection, practice_id, signs)

    def tell_pain(
        self, practice_id: str, *, before: int | None = None, after: int | None = None
    ) -> Practice:
        """Pain of 0 to 10; what is None stays as it is. Raises SettingsError, ConsentError."""
        told = {"pain_before": before, "pain_after": after}
        return self._tell(practice_id, {n: pain for n, pain in told.items() if pain is not None})

    def tell_next_morning(self, practice_id: str, pain: int, on: date) -> Practice:
        """Pain of 0 to 10 on the morning after. Raises SettingsError, ConsentError."""
        began = self.practice(practice_id).at.astimezone().date()
        if on < began:
            raise SettingsError(f"the morning of {on} lies before the practice of {began}")
        return self._tell(practice_id, {"pain_next": pain}, pain_next_on=on)

    def end_practice(
        self, practice_id: str, ended: HowEnded, *, note: str = "", at: datetime | None = None
    ) -> Practice:
        """How it ended; what the consent, as it is by now, does not cover is taken away.

        A note is not written down where the consent has ended.
        """
        told: dict[str, Any] = {"note": check_note(note)} if note else {}
        told |= {"ended": ended, "ended_at": at or now_utc()}
        with self._changing(practice_id, "ended") as (connection, before):
            if in_force(connection, before.client_id) is None:
                told.pop("note", None)
            set_row(connection, practices, practice_id, **told)
            self._to_remove(connection, _not_allowed(connection, self.files, before))
        self._remove_marked()
        return self.practice(practice_id)

    def note_practice(self, practice_id: str, note: str) -> Practice:
        """Another note. Raises ConsentError, and SettingsError for one that is too long."""
        with self._changing(practice_id, "note") as (connection, before):
            needed(connection, before.client_id)
            set_row(connection, practices, practice_id, note=check_note(note))
        return self.practice(practice_id)

    # -- what is there ---------------------------------------------------------------------------

    def practice(self, practice_id: str) -> Practice:
        """By id."""
        with self._reading() as connection:
            return one_practice(connection, practice_id)

    def practices(self, client_id: str, *, kind: PracticeKind | None = None) -> list[Practice]:
        """By time, oldest first."""
        with self._reading() as connection:
            row_of(connection, clients, client_id, "client")
            return practices_of(connection, client_id, kind)

    def practice_record(self, practice_id: str) -> PracticeRecord:
        """With its parts, measures and signs."""
        with self._reading() as connection:
            return records_of(connection, [one_practice(connection, practice_id)])[0]

    def practice_records(
        self, client_id: str, *, kind: PracticeKind | None = None, last: int | None = None
    ) -> list[PracticeRecord]:
        """By time, oldest first. last: only so many, the newest."""
        with self._reading() as connection:
            row_of(connection, clients, client_id, "client")
            return records_of(connection, practices_of(connection, client_id, kind, last))

    def practice_folder(self, practice_id: str) -> Path:
        """Where its files are, made for this user alone. Raises StoreError."""
        folder = practice_place(self.files, self.practice(practice_id).client_id, practice_id)
        with on_disk.told_of_files(folder):
            on_disk.make_private(folder)
        return folder

    # -- how -------------------------------------------------------------------------------------

    def _tell(self, practice_id: str, pains: Mapping[str, int], **more: Any) -> Practice:
        if not pains:
            return self.practice(practice_id)
        for pain in pains.values():
            check_pain(pain)
        with self._changing(practice_id, ", ".join(pains)) as (connection, before):
            needed(connection, before.client_id)
            set_row(connection, practices, practice_id, **pains, **more)
        return self.practice(practice_id)

    @contextlib.contextmanager
    def _changing(self, practice_id: str, what: str) -> Iterator[tuple[Connection, Practice]]:
        """A transaction that changes a practice; its audit line names what."""
        with self._of_known(practice_id), self._writing() as connection:
            row_of(connection, practices, practice_id, "practice")
            before = one_practice(connection, practice_id)
            yield connection, before
            client_id = before.client_id
            self._note(connection, "changed", "practice", practice_id, what, client_id=client_id)


def check_note(note: str) -> str:
    """Raises SettingsError for one that is too long."""
    if len(note) > LONGEST_NOTE:
        raise SettingsError(f"a note is at most {LONGEST_NOTE} characters")
    return note


def _not_allowed(connection: Connection, files: Path, practice: Practice) -> list[Path]:
    """Files of a practice that the consent, as it is by now, does not cover."""
    consent = in_force(connection, practice.client_id)
    allows = frozenset() if consent is None else consent.facts.allows
    place = practice_place(files, practice.client_id, practice.id)
    return forbidden_of_practice(place, allows)

"""Practices that a client brings from another computer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import Connection, delete, select

from kneetrack.clinic_records.practice import PracticeRecord
from kneetrack.records import SettingsError
from kneetrack.store.base import StoreBase, row_of
from kneetrack.store.consents import needed
from kneetrack.store.numbers import in_pieces
from kneetrack.store.practice_rows import practices_of, put_records, records_of
from kneetrack.store.practice_tables import practices
from kneetrack.store.tables import clients


class Bringing(StoreBase):
    """A diary that was kept elsewhere."""

    def add_brought(self, client_id: str, records: Sequence[PracticeRecord]) -> int:
        """Practices from another computer; how many of them are new.

        One that was brought before is brought up to date: what is not told anew stays, and an
        older diary undoes nothing. One that was made here stays as it is. Raises ConsentError, and
        SettingsError, with nothing taken, where one is another client's.
        """
        with self._writing() as connection:
            row_of(connection, clients, client_id, "client")
            needed(connection, client_id)
            ids = [record.practice.id for record in records]
            _refuse_others(connection, client_id, ids)
            there = {
                record.practice.id: record
                for record in records_of(connection, practices_of(connection, client_id))
            }
            arriving = [_arriving(record, client_id) for record in records]
            new = [record for record in arriving if record.practice.id not in there]
            again = [record for record in arriving if record.practice.id in there]
            merged = [(there[r.practice.id], _merged(there[r.practice.id], r)) for r in again]
            changed = [after for before, after in merged if after != before]
            _remove(connection, [record.practice.id for record in changed])
            put_records(connection, client_id, [*new, *changed])
            for what, some in (("added", new), ("changed", changed)):
                for record in some:
                    told = ("practice", record.practice.id, "brought")
                    self._note(connection, what, *told, client_id=client_id)
        return len(new)


def _refuse_others(connection: Connection, client_id: str, ids: Sequence[str]) -> None:
    for some in in_pieces(ids):
        query = select(practices.c.client_id).where(practices.c.id.in_(some or ()))
        if set(connection.execute(query).scalars()) - {client_id}:
            raise SettingsError("this diary is in the store already, as that of another client")


def _arriving(record: PracticeRecord, client_id: str) -> PracticeRecord:
    practice = replace(record.practice, client_id=client_id, brought=True)
    return replace(
        record,
        practice=practice,
        parts=tuple(replace(part, folders=()) for part in record.parts),
    )


def _merged(there: PracticeRecord, record: PracticeRecord) -> PracticeRecord:
    """What is to stand of a practice that is there and is brought again."""
    old, new = there.practice, record.practice
    if not old.brought or (new.ended == "under_way" and old.ended != "under_way"):
        return there
    told = replace(
        new,
        number=old.number,
        pain_after=old.pain_after if new.pain_after is None else new.pain_after,
        pain_next=old.pain_next if new.pain_next is None else new.pain_next,
        pain_next_on=old.pain_next_on if new.pain_next is None else new.pain_next_on,
        note=new.note or old.note,
    )
    return replace(record, practice=told)


def _remove(connection: Connection, ids: Sequence[str]) -> None:
    for some in in_pieces(ids):
        connection.execute(delete(practices).where(practices.c.id.in_(some or ())))

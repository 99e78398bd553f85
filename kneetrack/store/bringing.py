"""Practices that a client brings from another computer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime

from sqlalchemy import Connection, delete, select

from kneetrack.clinic_records.practice import Practice, PracticeRecord
from kneetrack.records import SettingsError
from kneetrack.store.base import StoreBase, row_of
from kneetrack.store.consents import needed
from kneetrack.store.numbers import in_pieces
from kneetrack.store.practice_rows import practices_of, put_records, records_of
from kneetrack.store.practice_tables import practices
from kneetrack.store.tables import clients


class Bringing(StoreBase):
    """A diary that was kept elsewhere."""

    def may_bring(self, client_id: str, records: Sequence[PracticeRecord]) -> None:
        """Raises what :meth:`add_brought` would raise, and takes nothing."""
        with self._reading() as connection:
            _check(connection, client_id, records)

    def add_brought(self, client_id: str, records: Sequence[PracticeRecord]) -> int:
        """Practices from another computer; how many of them are new.

        One that was brought before is brought up to date: what is not told anew stays, and an
        older diary undoes nothing. One that was made here stays as it is. Raises ConsentError, and
        SettingsError, with nothing taken, where one is another client's.
        """
        with self._writing() as connection:
            _check(connection, client_id, records)
            there = {
                record.practice.id: record
                for record in records_of(connection, practices_of(connection, client_id))
            }
            arriving = [_arriving(record, client_id) for record in records]
            older = _last_known(arriving) < _last_known(there.values())
            new = [record for record in arriving if record.practice.id not in there]
            again = [record for record in arriving if record.practice.id in there]
            merged = [
                (there[r.practice.id], _merged(there[r.practice.id], r, older)) for r in again
            ]
            changed = [after for before, after in merged if after != before]
            _remove(connection, [record.practice.id for record in changed])
            put_records(connection, client_id, [*new, *changed])
            for what, some in (("added", new), ("changed", changed)):
                for record in some:
                    told = ("practice", record.practice.id, "brought")
                    self._note(connection, what, *told, client_id=client_id)
        return len(new)


def _check(connection: Connection, client_id: str, records: Sequence[PracticeRecord]) -> None:
    row_of(connection, clients, client_id, "client")
    needed(connection, client_id)
    _refuse_others(connection, client_id, [record.practice.id for record in records])


def _last_known(records: Iterable[PracticeRecord]) -> datetime:
    """The last moment that the practices of another computer tell of."""
    brought = [record.practice for record in records if record.practice.brought]
    moments = [moment for p in brought for moment in (p.at, p.ended_at) if moment is not None]
    mornings = [p.pain_next_on for p in brought if p.pain_next_on is not None]
    days = [datetime(day.year, day.month, day.day, tzinfo=UTC) for day in mornings]
    return max([*moments, *days], default=datetime.min.replace(tzinfo=UTC))


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


def _merged(there: PracticeRecord, record: PracticeRecord, older: bool) -> PracticeRecord:
    """What is to stand of a practice that is there and is brought again.

    older: it comes with a diary that was packed before the one that is there: it only fills gaps.
    """
    old, new = there.practice, record.practice
    if older or (old.pain_next_on or date.min) > (new.pain_next_on or date.max):
        return _filled(there, new) if old.brought else there
    if not old.brought or (new.ended == "under_way" and old.ended != "under_way"):
        return there
    known = new.facts.prescription or old.facts.prescription
    told = replace(
        new,
        facts=replace(new.facts, prescription=known),
        number=old.number,
        pain_after=old.pain_after if new.pain_after is None else new.pain_after,
        pain_next=old.pain_next if new.pain_next is None else new.pain_next,
        pain_next_on=old.pain_next_on if new.pain_next is None else new.pain_next_on,
        note=new.note or old.note,
    )
    return replace(record, practice=told)


def _filled(there: PracticeRecord, new: Practice) -> PracticeRecord:
    """What is there, with what was not told yet."""
    old = there.practice
    known = old.facts.prescription or new.facts.prescription
    told = replace(
        old,
        facts=replace(old.facts, prescription=known),
        pain_after=new.pain_after if old.pain_after is None else old.pain_after,
        pain_next=new.pain_next if old.pain_next is None else old.pain_next,
        pain_next_on=new.pain_next_on if old.pain_next is None else old.pain_next_on,
        note=old.note or new.note,
    )
    return replace(there, practice=told)


def _remove(connection: Connection, ids: Sequence[str]) -> None:
    for some in in_pieces(ids):
        connection.execute(delete(practices).where(practices.c.id.in_(some or ())))

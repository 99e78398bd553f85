"""Practices that a client brings from another computer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import Connection, delete, insert, select

from kneetrack.clinic_records.practice import PracticeRecord
from kneetrack.records import SettingsError
from kneetrack.store.base import StoreBase, row_of, set_row
from kneetrack.store.consents import needed
from kneetrack.store.practice_rows import put_part, put_signs, values_of
from kneetrack.store.practice_tables import parts, practices
from kneetrack.store.tables import clients


class Bringing(StoreBase):
    """A diary that was kept elsewhere."""

    def add_brought(self, client_id: str, records: Sequence[PracticeRecord]) -> int:
        """Practices from another computer; how many of them are new.

        One that was brought before is brought up to date, one that was made here stays as it is.
        Raises ConsentError, and SettingsError, with nothing taken, where one is another client's.
        """
        new = 0
        with self._writing() as connection:
            row_of(connection, clients, client_id, "client")
            needed(connection, client_id)
            for record in records:
                new += self._bring(connection, client_id, record)
        return new

    def _bring(self, connection: Connection, client_id: str, record: PracticeRecord) -> bool:
        practice = replace(record.practice, brought=True)
        known = connection.execute(select(practices).where(practices.c.id == practice.id)).first()
        if known is not None and known.client_id != client_id:
            raise SettingsError("this diary is in the store already, as that of another client")
        if known is None:
            row = {"client_id": client_id, **values_of(practice)}
            connection.execute(insert(practices).values(**row))
        elif known.brought:
            set_row(connection, practices, practice.id, **values_of(practice))
            connection.execute(delete(parts).where(parts.c.practice_id == practice.id))
        else:
            return False
        for part in record.parts:
            put_part(connection, practice.id, replace(part, folders=()))
        put_signs(connection, practice.id, record.signs)
        what = "added" if known is None else "changed"
        self._note(connection, what, "practice", practice.id, "brought", client_id=client_id)
        return known is None

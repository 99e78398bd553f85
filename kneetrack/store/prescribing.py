"""Prescriptions: programmes that a clinician gave a client. At most one holds at a time."""

from __future__ import annotations

from dataclasses import fields
from typing import Any, Final

from sqlalchemy import Connection, Row, insert, select

from kneetrack.clinic_records.practice import Prescription
from kneetrack.records import SettingsError
from kneetrack.store.base import StoreBase, new_id, next_number, now_utc, row_of, set_row
from kneetrack.store.consents import needed
from kneetrack.store.practice_tables import prescriptions
from kneetrack.store.practices import check_note
from kneetrack.store.tables import clients

LONGEST_TEXT: Final = 100_000
_FIELDS: Final = tuple(f.name for f in fields(Prescription))


def _prescription(row: Row[Any]) -> Prescription:
    return Prescription(**{name: getattr(row, name) for name in _FIELDS})


class Prescribing(StoreBase):
    """What clients are to practise."""

    def prescribe(self, client_id: str, title: str, text: str, note: str = "") -> Prescription:
        """From now on it holds, in the place of the one before. text: its TOML, checked already.

        Raises ConsentError, SettingsError.
        """
        if not text.strip() or len(text) > LONGEST_TEXT:
            raise SettingsError(f"a programme is a text of at most {LONGEST_TEXT} characters")
        check_note(note)
        with self._writing() as connection:
            row_of(connection, clients, client_id, "client")
            needed(connection, client_id)
            for holding in _holding(connection, client_id):
                self._withdraw(connection, holding)
            number = next_number(
                connection, prescriptions.c.number, prescriptions.c.client_id == client_id
            )
            made = Prescription(new_id(), client_id, number, title, text, now_utc(), self.by, note)
            row = {name: getattr(made, name) for name in _FIELDS}
            connection.execute(insert(prescriptions).values(**row))
            self._note(connection, "added", "prescription", made.id, client_id=client_id)
        return made

    def prescription(self, prescription_id: str) -> Prescription:
        """By id, also one that is withdrawn."""
        with self._reading() as connection:
            return _prescription(row_of(connection, prescriptions, prescription_id, "prescription"))

    def prescription_now(self, client_id: str) -> Prescription | None:
        """The one that holds."""
        with self._reading() as connection:
            row_of(connection, clients, client_id, "client")
            return next(iter(_holding(connection, client_id)), None)

    def prescriptions(self, client_id: str) -> list[Prescription]:
        """Oldest first, those that do not hold any more, too."""
        with self._reading() as connection:
            row_of(connection, clients, client_id, "client")
            return _all(connection, client_id)

    def withdraw_prescription(self, prescription_id: str) -> Prescription:
        """It does not hold any more, and none of those before it does; it stays on record."""
        with self._writing() as connection:
            row = row_of(connection, prescriptions, prescription_id, "prescription")
            if row.withdrawn_at is None:
                self._withdraw(connection, _prescription(row))
            return _prescription(row_of(connection, prescriptions, prescription_id, "prescription"))

    def _withdraw(self, connection: Connection, prescription: Prescription) -> None:
        set_row(connection, prescriptions, prescription.id, withdrawn_at=now_utc())
        whose = prescription.client_id
        self._note(connection, "withdrawn", "prescription", prescription.id, client_id=whose)


def _all(connection: Connection, client_id: str) -> list[Prescription]:
    query = select(prescriptions).where(prescriptions.c.client_id == client_id)
    return [
        _prescription(row) for row in connection.execute(query.order_by(prescriptions.c.number))
    ]


def _holding(connection: Connection, client_id: str) -> list[Prescription]:
    return [one for one in _all(connection, client_id)[::-1] if one.withdrawn_at is None]

"""Deletion: rows, files, and what the database's file would still tell."""

from __future__ import annotations

import sqlite3
from datetime import timedelta
from typing import Final

from sqlalchemy import ColumnElement, Connection, Table, delete, func, select, text
from sqlalchemy.exc import DBAPIError

from kneetrack.clinic_records.people import Deleted
from kneetrack.records import StoreError
from kneetrack.store import files as on_disk
from kneetrack.store.base import StoreBase, now_utc, row_of
from kneetrack.store.cleaning import arriving_clips, practice_place
from kneetrack.store.engines import on_disk_beside
from kneetrack.store.practice_tables import practices
from kneetrack.store.tables import OWN_CLIENT, clients, removals, sessions, store_facts, trials

_WRITTEN_LATE: Final = timedelta(days=2)
"""For how long after a deletion the folder is looked for again: somebody may still have been
writing into it."""
_SCRUB: Final = select(store_facts.c.value).where(store_facts.c.key == "scrub")
_TOUCHED: Final = (
    *("clients", "consents", "sessions", "trials", "reps", "readings", "verdicts"),
    *("corrections", "scores", "score_items", "practices", "practice_parts", "part_measures"),
    *("practice_signs", "prescriptions"),
)


class Deleting(StoreBase):
    """What goes for good."""

    def delete_client(self, client_id: str, *, scrub: bool = True) -> Deleted:
        """Everything of theirs, files too; nothing readable is left in the database's file.

        scrub: False leaves that last part to the next deletion, or the next opening of the store:
        for all but the last of many.
        """
        with self._writing() as connection:
            row_of(connection, clients, client_id, "client")
            visits = _count(connection, sessions, client_id)
            practised = _count(connection, practices, client_id)
            takes = _count_trials(connection, sessions.c.client_id == client_id)
            folder = self.files / client_id
            n_files = on_disk.count_files(folder)
            arriving = arriving_clips(connection, self.files, client_id)
            connection.execute(delete(clients).where(clients.c.id == client_id))
            own = (store_facts.c.key == OWN_CLIENT, store_facts.c.value == client_id)
            connection.execute(delete(store_facts).where(*own))
            self._to_remove(connection, [folder, *arriving])
            self._wants_scrub(connection)
            self._note(connection, "deleted", "client", client_id, client_id=client_id)
        left = self._take_all_away() if scrub else self._remove_marked()
        return Deleted(1, visits, takes, n_files, tuple(left), practised)

    def delete_session(self, session_id: str) -> Deleted:
        """With its trials and files."""
        with self._writing() as connection:
            client_id = row_of(connection, sessions, session_id, "session").client_id
            query = select(trials.c.id).where(trials.c.session_id == session_id)
            ids = list(connection.execute(query).scalars())
            folders = [self.files / client_id / trial_id for trial_id in ids]
            n_files = sum(map(on_disk.count_files, folders))
            connection.execute(delete(sessions).where(sessions.c.id == session_id))
            self._to_remove(connection, [*folders, self.files / on_disk.INCOMING / session_id])
            self._wants_scrub(connection)
            self._note(connection, "deleted", "session", session_id, client_id=client_id)
        return Deleted(0, 1, len(ids), n_files, tuple(self._take_all_away()))

    def delete_practice(self, practice_id: str) -> Deleted:
        """With its parts, signs and files."""
        with self._writing() as connection:
            client_id = row_of(connection, practices, practice_id, "practice").client_id
            folder = practice_place(self.files, client_id, practice_id)
            n_files = on_disk.count_files(folder)
            connection.execute(delete(practices).where(practices.c.id == practice_id))
            self._to_remove(connection, [folder])
            self._wants_scrub(connection)
            self._note(connection, "deleted", "practice", practice_id, client_id=client_id)
        return Deleted(0, 0, 0, n_files, tuple(self._take_all_away()), practices=1)

    def _take_all_away(self) -> list[str]:
        left = self._remove_marked()
        if not self._scrub():
            left.append(
                f"{self._engine.url.database}: busy, so deleted words may still be readable in "
                "it; cleaned when the store is opened next"
            )
        return left

    def finish_deletions(self) -> None:
        """What an earlier run could not finish, and what was written too late."""
        with self._reading() as connection:
            late = removals.c.at > now_utc() - _WRITTEN_LATE
            query = select(removals.c.path).where(removals.c.done.is_(True), late)
            again = [
                self.files / path
                for path in connection.execute(query).scalars()
                if (self.files / path).exists()
            ]
            waiting = connection.execute(
                select(func.count()).select_from(removals).where(removals.c.done.is_(False))
            ).scalar_one()
            past = (removals.c.done.is_(True), removals.c.at <= now_utc() - _WRITTEN_LATE)
            old = connection.execute(select(removals.c.path).where(*past).limit(1)).first()
        if again or old is not None:
            with self._writing() as connection:
                self._to_remove(connection, again)
                connection.execute(delete(removals).where(*past))
        if again or waiting:
            self._remove_marked()
        self._scrub()

    def _scrub(self) -> bool:
        """Write the database anew without what was deleted; whether that could be done now."""
        with self._reading() as connection:
            asked = connection.execute(_SCRUB).scalar()
        if asked is None:
            return True
        try:
            done = self._vacuum_sqlite() if self._sqlite else self._vacuum()
            if done:
                same = (store_facts.c.key == "scrub", store_facts.c.value == asked)
                with self._writing() as connection:
                    connection.execute(delete(store_facts).where(*same))
        except (DBAPIError, sqlite3.Error, StoreError):
            return False
        return done

    def _vacuum_sqlite(self) -> bool:
        with self._engine.connect() as connection:
            cursor = connection.connection.cursor()  # outside any transaction
            with on_disk_beside(cursor, self._engine.url):
                cursor.execute("VACUUM")
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            busy = cursor.fetchone()
            return busy is not None and busy[0] == 0

    def _vacuum(self) -> bool:
        """A table of somebody else is left as it is; PostgreSQL itself says so in its log."""
        with self._engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("SET lock_timeout = '5s'"))
            try:
                for name in _TOUCHED:
                    connection.execute(text(f"VACUUM (FULL) {name}"))
            finally:
                connection.execute(text("RESET lock_timeout"))
        return True


def _count(connection: Connection, of: Table, client_id: str) -> int:
    query = select(func.count()).select_from(of).where(of.c.client_id == client_id)
    return int(connection.execute(query).scalar_one())


def _count_trials(connection: Connection, where: ColumnElement[bool]) -> int:
    query = select(func.count()).select_from(trials.join(sessions)).where(where)
    return int(connection.execute(query).scalar_one())

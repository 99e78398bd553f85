"""Sessions: the visits of a client."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, func, insert, or_, select

from kneetrack.clinic_records.people import changed_fields
from kneetrack.clinic_records.visits import Session, SetupFacts
from kneetrack.records import UnknownRecordError
from kneetrack.store.base import StoreBase, new_id, now_utc, row_of, set_row
from kneetrack.store.consents import needed
from kneetrack.store.tables import clients, sessions

_SETUP = ("distance_m", "camera_height_m", "footwear", "stance", "clothing", "camera")


def _query() -> Select[Any]:
    """Sessions with their number: how many of the client are not later."""
    other = sessions.alias("other")
    earlier = or_(
        other.c.at < sessions.c.at, (other.c.at == sessions.c.at) & (other.c.id <= sessions.c.id)
    )
    number = (
        select(func.count())
        .where(other.c.client_id == sessions.c.client_id, earlier)
        .correlate(sessions)
        .scalar_subquery()
    )
    return select(sessions, number.label("number"))


def session_from(row: Row[Any]) -> Session:
    """A session from its row."""
    return Session(
        row.id,
        row.client_id,
        row.number,
        row.at,
        row.protocol,
        row.protocol_version,
        SetupFacts(**{name: getattr(row, name) for name in _SETUP}),
        row.notes,
        row.by,
        row.closed_at,
    )


def _one(connection: Connection, session_id: str) -> Session:
    row = connection.execute(_query().where(sessions.c.id == session_id)).first()
    if row is None:
        raise UnknownRecordError(f"no session is known by {session_id!r}")
    return session_from(row)


class Sessions(StoreBase):
    """Visits in the store."""

    def begin_session(
        self,
        client_id: str,
        protocol: str,
        protocol_version: int,
        setup: SetupFacts,
        *,
        notes: str = "",
        at: datetime | None = None,
    ) -> Session:
        """A new session. Raises ConsentError."""
        session_id = new_id()
        with self._writing() as connection:
            row_of(connection, clients, client_id, "client")
            needed(connection, client_id)
            row = {
                "id": session_id,
                "client_id": client_id,
                "at": at or now_utc(),
                "protocol": protocol,
                "protocol_version": protocol_version,
                "notes": notes,
                "by": self.by,
                **{name: getattr(setup, name) for name in _SETUP},
            }
            connection.execute(insert(sessions).values(**row))
            self._note(connection, "added", "session", session_id, client_id=client_id)
            return _one(connection, session_id)

    def session(self, session_id: str) -> Session:
        """By id."""
        with self._reading() as connection:
            return _one(connection, session_id)

    def sessions(self, client_id: str) -> list[Session]:
        """By time, oldest first."""
        with self._reading() as connection:
            row_of(connection, clients, client_id, "client")
            query = _query().where(sessions.c.client_id == client_id)
            rows = connection.execute(query.order_by(sessions.c.at, sessions.c.id))
            return [session_from(row) for row in rows]

    def recent_sessions(self, limit: int = 20) -> list[Session]:
        """Of all clients, newest first."""
        with self._reading() as connection:
            query = _query().order_by(sessions.c.at.desc(), sessions.c.id.desc()).limit(limit)
            return [session_from(row) for row in connection.execute(query)]

    def change_session(
        self,
        session_id: str,
        *,
        setup: SetupFacts | None = None,
        notes: str | None = None,
        at: datetime | None = None,
    ) -> Session:
        """Other setup facts, notes or time; another time may change the numbers of sessions."""
        with self._writing() as connection:
            row_of(connection, sessions, session_id, "session")
            before = _one(connection, session_id)
            changed = []
            if setup is not None and setup != before.setup:
                values = {name: getattr(setup, name) for name in _SETUP}
                set_row(connection, sessions, session_id, **values)
                changed.append(changed_fields(before.setup, setup))
            if notes is not None and notes != before.notes:
                set_row(connection, sessions, session_id, notes=notes)
                changed.append("notes")
            if at is not None and at != before.at:
                set_row(connection, sessions, session_id, at=at)
                changed.append("at")
            if changed:
                self._note_session(connection, "changed", before, ", ".join(changed))
            return _one(connection, session_id)

    def close_session(self, session_id: str, *, closed: bool = True) -> Session:
        """Done for today; or opened again."""
        with self._writing() as connection:
            row_of(connection, sessions, session_id, "session")
            before = _one(connection, session_id)
            if (before.closed_at is not None) != closed:
                set_row(connection, sessions, session_id, closed_at=now_utc() if closed else None)
                self._note_session(connection, "closed" if closed else "opened", before)
            return _one(connection, session_id)

    def _note_session(
        self, connection: Connection, what: str, session: Session, detail: str = ""
    ) -> None:
        self._note(connection, what, "session", session.id, detail, client_id=session.client_id)

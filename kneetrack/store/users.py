"""Who may sign in, and who did what."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, or_, select, update

from kneetrack.clinic_records.kinds import Role
from kneetrack.clinic_records.people import AuditLine, User
from kneetrack.records import SettingsError, UnknownRecordError
from kneetrack.store.base import StoreBase, name_key, new_id, now_utc, row_of, set_row, unique
from kneetrack.store.tables import audit, sessions, sign_ins, users


def _user(row: Row[Any]) -> User:
    return User(row.id, row.name, row.role, row.active)


class Users(StoreBase):
    """Users, their sign-ins, and the audit lines."""

    def note_audit(self, what: str, kind: str, record_id: str, detail: str = "") -> None:
        """An audit line for what changes no row, such as an export."""
        with self._writing() as connection:
            client_id = record_id if kind == "client" else ""
            if kind == "session":
                query = select(sessions.c.client_id).where(sessions.c.id == record_id)
                client_id = connection.execute(query).scalar() or ""
            self._note(connection, what, kind, record_id, detail, client_id=client_id)

    def audit(
        self, *, record_id: str = "", kind: str = "", offset: int = 0, limit: int = 100
    ) -> list[AuditLine]:
        """Newest first. Lines of a deleted client stay: they hold ids, no facts.

        record_id: of a client: the lines of everything that is theirs, too.
        """
        query = select(audit)
        if record_id:
            query = query.where(or_(audit.c.record_id == record_id, audit.c.client_id == record_id))
        if kind:
            query = query.where(audit.c.kind == kind)
        with self._reading() as connection:
            rows = connection.execute(query.order_by(audit.c.n.desc()).offset(offset).limit(limit))
            return [
                AuditLine(r.at, r.by, r.what, r.kind, r.record_id, r.detail, r.client_id)
                for r in rows
            ]

    def add_user(self, name: str, role: Role, password_hash: str) -> User:
        """Raises SettingsError when the name is taken."""
        user = User(new_id(), name, role)
        with self._writing() as connection:
            row = {
                "id": user.id,
                "name": name,
                "name_key": name_key(name),
                "role": role,
                "active": True,
                "password_hash": password_hash,
            }
            with unique(SettingsError(f"the name {name!r} is taken: another user has it")):
                connection.execute(insert(users).values(**row))
            self._note(connection, "added", "user", user.id, role)
        return user

    def user(self, name: str) -> User:
        """By name, without regard to case."""
        with self._reading() as connection:
            row = _by_name(connection, name)
        if row is None:
            raise UnknownRecordError(f"no user is known by {name!r}")
        return _user(row)

    def users(self) -> list[User]:
        """By name."""
        with self._reading() as connection:
            rows = connection.execute(select(users).order_by(users.c.name_key))
            return [_user(row) for row in rows]

    def change_user(
        self,
        user_id: str,
        *,
        role: Role | None = None,
        active: bool | None = None,
        password_hash: str | None = None,
    ) -> User:
        """Ends all their sign-ins. Raises SettingsError rather than lose the last clinician."""
        given = {"role": role, "active": active, "password_hash": password_hash}
        values = {name: value for name, value in given.items() if value is not None}
        with self._writing() as connection:
            # All of them are locked: two of the last two may not both go.
            everybody = connection.execute(select(users).order_by(users.c.id).with_for_update())
            able = {r.id for r in everybody if r.active and r.role == "clinician"}
            before = row_of(connection, users, user_id, "user")
            User(before.id, before.name, role or before.role)
            if values:
                set_row(connection, users, user_id, **values)
            after = row_of(connection, users, user_id, "user")
            if able == {user_id} and not (after.active and after.role == "clinician"):
                raise SettingsError("this is the last clinician: make another one first")
            connection.execute(delete(sign_ins).where(sign_ins.c.user_id == user_id))
            self._note(connection, "changed", "user", user_id, ", ".join(values))
            return _user(after)

    def password_hash(self, name: str) -> str | None:
        """Of an active user; None when there is no such."""
        with self._reading() as connection:
            row = _by_name(connection, name)
        return str(row.password_hash) if row is not None and row.active else None

    def save_sign_in(self, token_sha256: str, user_id: str, expires_at: datetime) -> None:
        """Somebody signed in; of a sign-in that is known the expiry changes."""
        where = sign_ins.c.token_sha256 == token_sha256
        with self._writing() as connection:
            row_of(connection, users, user_id, "user")
            connection.execute(delete(sign_ins).where(sign_ins.c.expires_at < now_utc()))
            known = connection.execute(update(sign_ins).where(where).values(expires_at=expires_at))
            if not known.rowcount:
                row = {"token_sha256": token_sha256, "user_id": user_id, "expires_at": expires_at}
                connection.execute(insert(sign_ins).values(**row))
                self._note(connection, "signed in", "user", user_id)

    def renew_sign_in(self, token_sha256: str, expires_at: datetime) -> None:
        """Makes the expiry of a sign-in later; one that was ended meanwhile stays ended."""
        where = sign_ins.c.token_sha256 == token_sha256
        with self._writing() as connection:
            connection.execute(update(sign_ins).where(where).values(expires_at=expires_at))

    def signed_in(self, token_sha256: str, now: datetime) -> User | None:
        """Who that is; None when unknown, over, or not active any more."""
        query = (
            select(users)
            .join(sign_ins)
            .where(
                sign_ins.c.token_sha256 == token_sha256,
                sign_ins.c.expires_at > now,
                users.c.active.is_(True),
            )
        )
        with self._reading() as connection:
            row = connection.execute(query).first()
        return None if row is None else _user(row)

    def end_sign_in(self, token_sha256: str) -> None:
        """Signed out."""
        where = sign_ins.c.token_sha256 == token_sha256
        with self._writing() as connection:
            user_id = connection.execute(select(sign_ins.c.user_id).where(where)).scalar()
            if user_id is not None:
                connection.execute(delete(sign_ins).where(where))
                self._note(connection, "signed out", "user", user_id)


def _by_name(connection: Connection, name: str) -> Row[Any] | None:
    query = select(users).where(users.c.name_key == name_key(name.strip()))
    return connection.execute(query).first()

"""Clients: added, found, listed, changed."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from datetime import date
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    and_,
    case,
    exists,
    func,
    insert,
    or_,
    select,
    true,
)

from kneetrack.clinic_records.entering import check_client
from kneetrack.clinic_records.people import Client, ClientFacts, ClientLine, changed_fields
from kneetrack.records import SettingsError, UnknownRecordError
from kneetrack.store.base import StoreBase, name_key, new_id, now_utc, row_of, set_row, unique
from kneetrack.store.consents import consent_from
from kneetrack.store.practice_tables import practices
from kneetrack.store.tables import OWN_CLIENT, clients, consents, sessions, store_facts, trials

_AT_ONCE: Final = 500
"""Ids in one query; a database takes only so many."""
OWN_ID: Final = select(store_facts.c.value).where(store_facts.c.key == OWN_CLIENT)
"""Asks for the id of who practises at this computer."""


def client_from(row: Row[Any]) -> Client:
    """A client from their row."""
    m = row._mapping
    facts = ClientFacts(
        m[clients.c.code],
        m[clients.c.initials],
        m[clients.c.birth_year],
        m[clients.c.complaint],
        m[clients.c.notes],
    )
    return Client(m[clients.c.id], facts, m[clients.c.created_at])


def _values(facts: ClientFacts) -> dict[str, Any]:
    return {
        "code": facts.code,
        "code_key": name_key(facts.code),
        "initials": facts.initials,
        "initials_key": name_key(facts.initials),
        "birth_year": facts.birth_year,
        "complaint": facts.complaint,
        "notes": facts.notes,
    }


def _holding(text: str) -> ColumnElement[bool]:
    key = name_key(text.strip())
    if not key:
        return true()
    return or_(
        clients.c.code_key.contains(key, autoescape=True),
        clients.c.initials_key.contains(key, autoescape=True),
    )


class Clients(StoreBase):
    """Clients in the store."""

    def add_client(self, facts: ClientFacts) -> Client:
        """A new client. Raises SettingsError when the code is taken (without regard to case)."""
        check_client(facts, date.today())
        client = Client(new_id(), facts, now_utc())
        with self._writing() as connection:
            self._put_client(connection, client)
        return client

    def _put_client(self, connection: Connection, client: Client) -> None:
        row = {"id": client.id, "created_at": client.created_at, **_values(client.facts)}
        with unique(_taken(client.code)):
            connection.execute(insert(clients).values(**row))
        self._note(connection, "added", "client", client.id, client_id=client.id)

    def client(self, code_or_id: str) -> Client:
        """By code (without regard to case) or id; an unknown one names the nearest code."""
        with self._reading() as connection:
            for where in (
                clients.c.code_key == name_key(code_or_id.strip()),
                clients.c.id == code_or_id,
            ):
                row = connection.execute(select(clients).where(where)).first()
                if row is not None:
                    return client_from(row)
            near = _nearest(connection, code_or_id)
        hint = f"; did you mean {near}?" if near else ""
        raise UnknownRecordError(f"no client is known by {code_or_id!r}{hint}")

    def codes_of(self, client_ids: Iterable[str]) -> dict[str, str]:
        """Id -> code of those clients that still are there."""
        wanted = sorted(set(client_ids))
        found: dict[str, str] = {}
        with self._reading() as connection:
            for start in range(0, len(wanted), _AT_ONCE):
                some = clients.c.id.in_(wanted[start : start + _AT_ONCE])
                rows = connection.execute(select(clients.c.id, clients.c.code).where(some))
                found.update({str(row.id): str(row.code) for row in rows})
        return found

    def client_lines(self, text: str = "", *, offset: int = 0, limit: int = 50) -> list[ClientLine]:
        """Clients whose code or initials hold ``text``, last measured first.

        Measured is who has a take that counts: a session without one is only begun.
        """
        counts = exists().where(trials.c.session_id == sessions.c.id, trials.c.status == "good")
        visits = (
            select(
                sessions.c.client_id,
                func.count().label("visits"),
                func.max(case((counts, sessions.c.at))).label("last_at"),
            )
            .group_by(sessions.c.client_id)
            .subquery()
        )
        newest = (
            select(func.max(consents.c.number))
            .where(consents.c.client_id == clients.c.id)
            .correlate(clients)
            .scalar_subquery()
        )
        practised = (
            select(
                practices.c.client_id,
                func.count().label("times"),
                func.max(practices.c.at).label("last_at"),
            )
            .group_by(practices.c.client_id)
            .subquery()
        )
        query = (
            select(
                *(clients, visits.c.visits, visits.c.last_at, consents, practised),
                OWN_ID.scalar_subquery().label("own_id"),
            )
            .outerjoin(visits, visits.c.client_id == clients.c.id)
            .outerjoin(practised, practised.c.client_id == clients.c.id)
            .outerjoin(
                consents, and_(consents.c.client_id == clients.c.id, consents.c.number == newest)
            )
            .where(_holding(text))
            .order_by(
                visits.c.last_at.desc().nulls_last(), clients.c.created_at.desc(), clients.c.id
            )
            .offset(offset)
            .limit(limit)
        )
        with self._reading() as connection:
            return [_line(row, visits, practised) for row in connection.execute(query)]

    def count_clients(self, text: str = "") -> int:
        """How many :meth:`client_lines` would give without a limit."""
        with self._reading() as connection:
            query = select(func.count()).select_from(clients).where(_holding(text))
            return int(connection.execute(query).scalar_one())

    def change_client(self, client_id: str, facts: ClientFacts) -> Client:
        """Other facts for the same client. Raises SettingsError when the code is taken."""
        with self._writing() as connection:
            before = client_from(row_of(connection, clients, client_id, "client"))
            if facts.birth_year != before.facts.birth_year:
                check_client(facts, date.today())
            with unique(_taken(facts.code)):
                set_row(connection, clients, client_id, **_values(facts))
            changed = changed_fields(before.facts, facts)
            if changed:
                self._note(connection, "changed", "client", client_id, changed, client_id=client_id)
        return Client(client_id, facts, before.created_at)


def _line(row: Row[Any], visits: Any, practised: Any) -> ClientLine:
    m = row._mapping
    newest = None if m[consents.c.id] is None else consent_from(row)
    held = newest if newest is not None and newest.holds(date.today()) else None
    client = client_from(row)
    return ClientLine(
        client,
        int(m[visits.c.visits] or 0),
        m[visits.c.last_at],
        held,
        newest,
        int(m[practised.c.times] or 0),
        m[practised.c.last_at],
        client.id == row.own_id,
    )


def _taken(code: str) -> SettingsError:
    return SettingsError(f"the code {code!r} is taken: another client has it")


def _nearest(connection: Connection, code: str) -> str:
    known = {
        str(key): str(name)
        for key, name in connection.execute(select(clients.c.code_key, clients.c.code))
    }
    near = difflib.get_close_matches(name_key(code), known, n=1)
    return known[near[0]] if near else ""

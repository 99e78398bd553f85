"""Who practises at this computer: the one client of a store that nobody had to add."""

from __future__ import annotations

import itertools
from datetime import date
from typing import Final

from sqlalchemy import Connection, delete, insert, select

from kneetrack.clinic_records.people import Client, ClientFacts, ConsentFacts
from kneetrack.store.base import name_key, new_id, now_utc
from kneetrack.store.clients import OWN_ID, Clients, client_from
from kneetrack.store.consents import Consents
from kneetrack.store.tables import OWN_CLIENT, clients, store_facts

OWN_CODE: Final = "me"
OWN_PURPOSE: Final = "My own training diary on this computer."


class Owning(Clients, Consents):
    """The own client."""

    def own_client(self) -> Client | None:
        """Who practises at this computer; None before the first time."""
        with self._reading() as connection:
            return _own(connection)

    def make_own_client(self) -> Client:
        """The own client, made with a consent of today where there is none yet."""
        with self._writing() as connection:
            _one_at_a_time(connection)
            known = _own(connection)
            if known is not None:
                return known
            client = Client(new_id(), ClientFacts(_free_code(connection)), now_utc())
            self._put_client(connection, client)
            self._put_consent(connection, client.id, ConsentFacts(date.today(), OWN_PURPOSE))
            connection.execute(delete(store_facts).where(store_facts.c.key == OWN_CLIENT))
            connection.execute(insert(store_facts).values(key=OWN_CLIENT, value=client.id))
        return client


def _one_at_a_time(connection: Connection) -> None:
    """Whoever else makes the own client now waits; SQLite lets only one write anyway."""
    query = select(store_facts.c.value).where(store_facts.c.key == "id")
    connection.execute(query.with_for_update())


def _own(connection: Connection) -> Client | None:
    query = select(clients).where(clients.c.id == OWN_ID.scalar_subquery())
    row = connection.execute(query).first()
    return None if row is None else client_from(row)


def _free_code(connection: Connection) -> str:
    keys = select(clients.c.code_key).where(clients.c.code_key.startswith(OWN_CODE))
    taken = set(connection.execute(keys).scalars())
    codes = (OWN_CODE if n == 1 else f"{OWN_CODE}-{n}" for n in itertools.count(1))
    return next(code for code in codes if name_key(code) not in taken)

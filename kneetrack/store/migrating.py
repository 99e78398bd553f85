"""Brings a database to this program's tables, once, however many programs open it."""

from __future__ import annotations

import sqlite3
import time
import uuid
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, Engine, inspect, select, table, text
from sqlalchemy.sql import column

from kneetrack.records import StoreError
from kneetrack.store import engines
from kneetrack.store.engines import WRITES, place
from kneetrack.store.tables import store_facts

REVISIONS: Final = ("0001", "0002")
"""Every revision of the tables, oldest first; the last one is this program's."""
_LOCK: Final = 0x6B6E6565
_VERSION: Final = table("alembic_version", column("version_num"))


def bring_up_to_date(engine: Engine) -> str:
    """Make or change the tables where needed; the id of the store. Raises StoreError.

    All of it is one transaction, under a lock.
    """
    with engine.connect() as connection, connection.begin():
        if _revision(connection) == REVISIONS[-1]:
            return _store_id(connection)
        _see_that_it_is_ours(connection)
    with engine.connect().execution_options(**{WRITES: True}) as connection:
        sqlite = connection.dialect.name == "sqlite"
        if sqlite:  # a table that is rebuilt must not take the rows of others along
            connection.connection.cursor().execute("PRAGMA foreign_keys=OFF")
            _keep_a_journal(connection)
        try:
            with connection.begin():
                if not sqlite:
                    connection.execute(text("SELECT pg_advisory_xact_lock(:n)"), {"n": _LOCK})
                _upgrade(connection)
                return _store_id(connection)
        finally:
            if sqlite:
                connection.connection.cursor().execute("PRAGMA foreign_keys=ON")


def _keep_a_journal(connection: Connection) -> None:
    """WAL, once for good. SQLite does not wait for another program here, so we do."""
    until = time.monotonic() + engines.BUSY_S
    while True:
        try:
            connection.connection.cursor().execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.OperationalError:
            if time.monotonic() > until:
                raise
            time.sleep(0.05)


def _upgrade(connection: Connection) -> None:
    if _revision(connection) == REVISIONS[-1]:  # another program was quicker
        return
    _see_that_it_is_ours(connection)
    from alembic import command

    command.upgrade(migration_settings(connection), "head")
    if _revision(connection) is None:
        raise StoreError("the tables of the store could not be made")
    if connection.execute(select(store_facts.c.value)).first() is None:
        connection.execute(store_facts.insert().values(key="id", value=uuid.uuid4().hex))


def _see_that_it_is_ours(connection: Connection) -> None:
    revision = _revision(connection)
    where = place(connection.engine.url)
    if revision is not None and revision not in REVISIONS:
        raise StoreError(f"the store {where} was made by a newer kneetrack: update this one")
    if revision is None and set(inspect(connection).get_table_names()) - {_VERSION.name}:
        raise StoreError(
            f"the store {where} is a database of another program: name another one with --db"
        )


def migration_settings(connection: Connection) -> Any:
    """Alembic's settings for our migrations over a connection."""
    from alembic.config import Config

    settings = Config()
    settings.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    settings.set_main_option("path_separator", "os")
    settings.attributes["connection"] = connection
    return settings


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    found = connection.execute(select(_VERSION.c.version_num)).scalar()
    return None if found is None else str(found)


def _store_id(connection: Connection) -> str:
    query = select(store_facts.c.value).where(store_facts.c.key == "id")
    return str(connection.execute(query).scalar_one())

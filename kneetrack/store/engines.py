"""Databases: their addresses, how they are opened, and what their errors mean in one line."""

from __future__ import annotations

import contextlib
import importlib.util
import os
import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from sqlalchemy import URL, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from kneetrack.folders import data_folder
from kneetrack.records import StoreError

DB_VARIABLE: Final = "KNEETRACK_DB"
DB_NAME: Final = "clinic.db"
BUSY_S: float = 10.0
"""How long to wait for another program that writes."""
WRITES: Final = "kneetrack_writes"
"""Execution option: the transaction is going to write, so it waits its turn at once."""

_TEMPORARY: Final = threading.Lock()
"""The folder of temporary files is that of the whole program: one at a time."""


def database_url(given: str | None) -> URL:
    """The address of the database, from what was given, the environment or the data folder.

    Raises StoreError; no message holds a password.
    """
    text = (given or os.environ.get(DB_VARIABLE, "")).strip()
    if not text:
        return _sqlite(data_folder() / DB_NAME)
    if "://" not in text:
        return _sqlite(Path(text).expanduser())
    try:
        url = make_url(text)
    except (ArgumentError, ValueError):
        raise StoreError(
            "the address of the database cannot be read: give a path, or "
            "postgresql://user:password@host/database"
        ) from None
    kind = url.get_backend_name()
    if kind == "sqlite":
        if not url.database or url.database == ":memory:":
            raise StoreError("a store needs a file: sqlite:///path/to/clinic.db, or just the path")
        return _sqlite(Path(url.database))
    if kind not in ("postgresql", "postgres"):
        raise StoreError(f"a store cannot be kept in {kind}: use a file or postgresql://")
    if url.drivername in ("postgresql", "postgres"):
        url = url.set(drivername="postgresql+psycopg")
    driver = url.drivername.partition("+")[2]
    if importlib.util.find_spec(driver) is None:
        raise StoreError("PostgreSQL needs its driver: pip install 'kneetrack[postgres]'")
    return url


def _sqlite(path: Path) -> URL:
    return URL.create("sqlite", database=str(path.absolute()))


def place(url: URL) -> str:
    """Where a store is, in words, without the password."""
    if url.get_backend_name() == "sqlite":
        return str(url.database)
    port = f":{url.port}" if url.port else ""
    return f"postgresql://{url.host or ''}{port}/{url.database or ''}"


def make_engine(url: URL) -> Engine:
    """Connections to a database; none is opened yet. Raises StoreError."""
    try:
        if url.get_backend_name() == "sqlite":
            engine = create_engine(url, connect_args={"timeout": BUSY_S}, hide_parameters=True)
            event.listen(engine, "connect", _prepare_sqlite)
            event.listen(engine, "begin", _begin_sqlite)
            return engine
        arguments: dict[str, Any] = {
            "connect_timeout": int(BUSY_S),
            "application_name": "kneetrack",
        }
        return create_engine(
            url,
            connect_args={k: v for k, v in arguments.items() if k not in url.query},
            pool_pre_ping=True,
            hide_parameters=True,
        )
    except (SQLAlchemyError, ImportError, ValueError, TypeError):
        raise StoreError(f"the store {place(url)} cannot be opened: check its address") from None


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # transactions begin where _begin_sqlite says
    cursor = connection.cursor()
    for pragma in (
        f"busy_timeout={int(BUSY_S * 1000)}",
        "synchronous=FULL",
        "foreign_keys=ON",
        "secure_delete=ON",
        "temp_store=MEMORY",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


@contextlib.contextmanager
def on_disk_beside(cursor: Any, url: URL) -> Iterator[None]:
    """Let SQLite keep what is temporary in a file beside the database instead of in memory.

    For the writing anew of a whole database, which else takes as much memory as it is large. The
    file holds what is kept, not what was deleted, and has no name: it is gone with the program,
    also when that is killed. Where the folder cannot be written it stays in memory.
    """
    folder = str(Path(str(url.database)).parent).replace("'", "''")
    with _TEMPORARY, contextlib.ExitStack() as after:
        with contextlib.suppress(sqlite3.Error):
            cursor.execute(f"PRAGMA temp_store_directory = '{folder}'")
            after.callback(cursor.execute, "PRAGMA temp_store_directory = ''")
            cursor.execute("PRAGMA temp_store = FILE")
            after.callback(cursor.execute, "PRAGMA temp_store = MEMORY")
        yield


def _begin_sqlite(connection: Any) -> None:
    writes = connection.get_execution_options().get(WRITES, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


@contextlib.contextmanager
def told(url: URL) -> Iterator[None]:
    """Turn what a database complains of into one line. Raises StoreError."""
    try:
        yield
    except PoolTimeoutError:
        raise StoreError(f"the store {place(url)} is busy: try again") from None
    except DBAPIError as error:
        raise StoreError(_in_words(url, str(error.orig))) from None
    except sqlite3.Error as error:
        raise StoreError(_in_words(url, str(error))) from None
    except SQLAlchemyError as error:
        name = type(error).__name__
        raise StoreError(f"the store {place(url)} does not answer as it should ({name})") from None


_SQLITE_WORDS: Final = {
    "locked": "is busy: another program writes to it; try again in a moment",
    "busy": "is busy: another program writes to it; try again in a moment",
    "full": "cannot be written: the disk is full",
    "readonly": "cannot be written: no permission",
    "unable to open": "cannot be opened: no such folder, or no permission",
    "not a database": "is not a database of kneetrack: name another file with --db",
    "malformed": "is damaged: bring back a copy of it",
    "disk i/o": "cannot be read or written: the disk reports an error",
    "no such table": "is not a database of kneetrack: name another file with --db",
    "no such column": "is not a database of kneetrack: name another file with --db",
}


def _in_words(url: URL, message: str) -> str:
    where = place(url)
    if url.get_backend_name() == "sqlite":
        for word, meaning in _SQLITE_WORDS.items():
            if word in message.lower():
                return f"the store {where} {meaning}"
    first = next((line.strip() for line in message.splitlines() if line.strip()), "no answer")
    if url.password:
        first = first.replace(str(url.password), "***")
    return f"the store {where} does not answer: {first}"

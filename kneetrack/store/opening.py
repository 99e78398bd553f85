"""Opening a store: found or made, brought up to date, what a crash left finished."""

from __future__ import annotations

import getpass
from pathlib import Path

from sqlalchemy import URL, select

from kneetrack.records import StoreError
from kneetrack.store.engines import database_url, make_engine, place, told
from kneetrack.store.files import (
    claim,
    files_folder,
    make_private,
    make_private_file,
    why,
)
from kneetrack.store.migrating import bring_up_to_date
from kneetrack.store.practice_tables import practices
from kneetrack.store.store import Store
from kneetrack.store.tables import trials


def open_store(url: str | None = None, *, files: Path | None = None, by: str = "") -> Store:
    """Open the store, make it where there is none, and bring an older one up to date.

    url: an SQLAlchemy URL, a path of an SQLite file, or None: KNEETRACK_DB, else ``clinic.db`` in
    the user's data folder. files: the folder of results, landmarks and clips; None:
    KNEETRACK_FILES, else ``<database>.files`` beside an SQLite file, ``clinic-files`` in the data
    folder for any other. by: who is at work, for audit lines; "" = the system's user name.
    Raises StoreError.
    """
    address = database_url(url)
    if address.get_backend_name() == "sqlite":
        _make_database_file(address)
    folder = files_folder(address, files)
    engine = make_engine(address)
    store = Store(engine, folder, (by or _user_name())[:80])
    try:
        with told(address):
            store_id = bring_up_to_date(engine)
            with engine.connect() as connection, connection.begin():
                filmed = select(practices.c.id).where(practices.c.camera.is_(True))
                in_use = any(
                    connection.execute(query.limit(1)).first() is not None
                    for query in (select(trials.c.id), filmed)
                )
        claim(folder, store_id, in_use=in_use)
        store.finish_deletions()
    except BaseException:
        engine.dispose()
        raise
    return store


def _make_database_file(address: URL) -> None:
    path = Path(str(address.database))
    try:
        make_private(path.parent)
        if path.is_dir():
            raise StoreError(f"the store {place(address)} is a folder: name a file with --db")
        make_private_file(path)
    except OSError as error:
        raise StoreError(f"the store {place(address)} cannot be opened: {why(error)}") from error


def _user_name() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return "unknown"

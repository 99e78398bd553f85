"""A store that an older kneetrack made is brought up to date, and loses nothing."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from sqlalchemy import Engine, Row, Table, func, inspect, select

from kneetrack.store import Store, engines, open_store
from kneetrack.store.columns import metadata
from kneetrack.store.migrating import REVISIONS, migration_settings
from tests.store.practising import full_practice
from tests.store.test_deleting import full_visit

OLD = REVISIONS[:-1]


def make_old(url: str, revision: str, newer: Store) -> list[Table]:
    """A database of an older revision, filled from a store of this one; its tables."""
    engine = engines.make_engine(engines.database_url(url))
    if engine.dialect.name == "sqlite":
        Path(url).parent.mkdir(parents=True, exist_ok=True)
    with engine.connect() as connection, connection.begin():
        command.upgrade(migration_settings(connection), revision)
        tables = [t for t in metadata.sorted_tables if inspect(connection).has_table(t.name)]
        with newer._reading() as reading:
            for table in tables:
                rows = [row._asdict() for row in reading.execute(select(table))]
                if rows:
                    connection.execute(table.insert(), rows)
                if rows and "n" in table.c and engine.dialect.name == "postgresql":
                    counter = func.pg_get_serial_sequence(table.name, "n")
                    connection.execute(select(func.setval(counter, max(r["n"] for r in rows))))
    engine.dispose()
    return tables


def rows(engine: Engine, tables: Sequence[Table]) -> dict[str, list[Row[Any]]]:
    with engine.connect() as connection:
        return {table.name: sorted(connection.execute(select(table)), key=repr) for table in tables}


@pytest.mark.parametrize("revision", OLD)
def test_a_filled_store_of_before_loses_nothing(
    revision: str, store_url: str, store_files: Path, tmp_path: Path
) -> None:
    with open_store(str(tmp_path / "newer.db"), by="Kim") as newer:
        clients = [full_visit(newer, n) for n in range(3)]
        newer.add_user("kim", "clinician", "hash")
        shutil.copytree(newer.files, store_files)
        tables = make_old(store_url, revision, newer)
        before = rows(newer._engine, tables)
    assert all(before[name] for name in ("clients", "trials", "readings", "score_items", "audit"))
    assert len(tables) < len(metadata.sorted_tables)
    for _ in range(2):
        with open_store(store_url, files=store_files, by="Kim") as store:
            assert rows(store._engine, tables) == before
            assert [store.client(c.code).id for c in clients] == [c.id for c in clients]
            assert store.practices(clients[0].id) == []
    with open_store(store_url, files=store_files, by="Kim") as store:
        full_practice(store, clients[0])
        store.prescribe(clients[0].id, "Hips", "title = 'Hips'")
        assert store.delete_client(clients[1].id).left == ()
        with store._engine.connect() as connection:
            if store._sqlite:
                assert not connection.exec_driver_sql("PRAGMA foreign_key_check").all()

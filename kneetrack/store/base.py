"""What every part of the store stands on: transactions, audit lines, what is to be removed."""

from __future__ import annotations

import contextlib
import uuid
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import (
    Column,
    Connection,
    Engine,
    Row,
    Table,
    delete,
    func,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy.exc import IntegrityError

from kneetrack.records import UnknownRecordError
from kneetrack.store import files as on_disk
from kneetrack.store.engines import WRITES, told
from kneetrack.store.tables import audit, removals, store_facts


def now_utc() -> datetime:
    """The time now."""
    return datetime.now(UTC)


def new_id() -> str:
    """32 hex digits without meaning."""
    return uuid.uuid4().hex


def name_key(name: str) -> str:
    """A name as it is compared: without regard to case."""
    import unicodedata

    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())


class StoreBase:
    """A database, a folder, and somebody at work."""

    by: str
    files: Path

    def __init__(self, engine: Engine, files: Path, by: str) -> None:
        self._engine = engine
        self._writer = engine.execution_options(**{WRITES: True})
        self.files = files
        self.by = by

    @property
    def _sqlite(self) -> bool:
        return self._engine.dialect.name == "sqlite"

    @contextlib.contextmanager
    def _reading(self) -> Iterator[Connection]:
        with told(self._engine.url), self._engine.connect() as connection, connection.begin():
            yield connection

    @contextlib.contextmanager
    def _writing(self) -> Iterator[Connection]:
        with told(self._engine.url), self._writer.connect() as connection, connection.begin():
            yield connection

    def _note(
        self,
        connection: Connection,
        what: str,
        kind: str,
        record_id: str,
        detail: str = "",
        *,
        client_id: str = "",
    ) -> None:
        line = {"at": now_utc(), "by": self.by, "what": what, "kind": kind, "detail": detail}
        connection.execute(insert(audit).values(record_id=record_id, client_id=client_id, **line))

    # -- what is to be removed -------------------------------------------------------------------

    def _to_remove(self, connection: Connection, paths: Iterable[Path]) -> None:
        """Mark files and folders as superfluous; :meth:`_remove_marked` takes them away."""
        for path in paths:
            relative = path.relative_to(self.files).as_posix()
            known = connection.execute(
                update(removals).where(removals.c.path == relative).values(done=False, at=now_utc())
            )
            if not known.rowcount:
                row = {"path": relative, "at": now_utc(), "done": False}
                connection.execute(insert(removals).values(**row))

    def _remove_marked(self) -> list[str]:
        """Take away what is marked; what could not be, with the reason."""
        with self._reading() as connection:
            query = select(removals.c.path).where(removals.c.done.is_(False))
            marked = list(connection.execute(query).scalars())
        left: list[str] = []
        gone: list[str] = []
        for relative in marked:
            try:
                on_disk.remove(self.files / relative)
                gone.append(relative)
            except OSError as error:
                left.append(f"{self.files / relative}: {on_disk.why(error)}")
        if gone:
            with self._writing() as connection:
                for relative in gone:
                    where = removals.c.path == relative
                    connection.execute(update(removals).where(where).values(done=True))
        return left

    @contextlib.contextmanager
    def _of_known(self, record_id: str) -> Iterator[None]:
        """What somebody still wrote for a record that turns out to be deleted goes at once."""
        try:
            yield
        except UnknownRecordError:
            with self._writing() as connection:
                gone = or_(
                    removals.c.path.endswith(record_id), removals.c.path.not_like("%/%")
                )  # of the record, its session, or the client
                query = select(removals.c.path).where(gone)
                paths = [self.files / path for path in connection.execute(query).scalars()]
                self._to_remove(connection, [path for path in paths if path.exists()])
            self._remove_marked()
            raise

    def _wants_scrub(self, connection: Connection) -> None:
        """What was deleted is also to go from the gaps of the database's file."""
        connection.execute(delete(store_facts).where(store_facts.c.key == "scrub"))
        connection.execute(insert(store_facts).values(key="scrub", value=new_id()))


def row_of(connection: Connection, table: Table, record_id: str, kind: str) -> Row[Any]:
    """A row by id, locked until the transaction ends where it writes. Raises UnknownRecordError."""
    query = select(table).where(table.c.id == record_id)
    if connection.get_execution_options().get(WRITES, False):
        query = query.with_for_update()
    row = connection.execute(query).first()
    if row is None:
        raise UnknownRecordError(f"no {kind} is known by {record_id!r}")
    return row


def set_row(connection: Connection, table: Table, record_id: str, **values: Any) -> None:
    """Other values in a row."""
    connection.execute(update(table).where(table.c.id == record_id).values(**values))


def next_number(connection: Connection, column: Column[Any], *where: Any) -> int:
    """One more than the largest there is."""
    found = connection.execute(select(func.max(column)).where(*where)).scalar()
    return int(found or 0) + 1


@contextlib.contextmanager
def unique(problem: Exception) -> Iterator[None]:
    """Raise ``problem`` where a row is there already."""
    try:
        yield
    except IntegrityError:
        raise problem from None

"""clips.parquet, reps.parquet and verdicts.parquet from the plan and the records, row by row.

What is in memory at a time is a row group of each, however many clips there are.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

from kneetrack import __version__
from kneetrack.batch.columns import EXTRA, SCHEMA_VERSION, Column, TableName, columns
from kneetrack.batch.entries import Counts, Plan, Row, Status
from kneetrack.batch.ledger import Ledger, Record
from kneetrack.batch.places import is_address
from kneetrack.report.writing import make_folder, output_error

Seen = Callable[[int, Row, Record | None, bool], None]
"""Called with every row's number, the row, its record if any, and whether it is a duplicate."""
TABLES: Final[tuple[TableName, ...]] = ("clips", "reps", "verdicts")
_GROUP: Final[dict[TableName, int]] = {"clips": 2_000, "reps": 2_000, "verdicts": 20_000}


def write_tables(plan: Plan, ledger: Ledger, seen: Seen | None = None) -> Counts:
    """Write the three tables into the batch's folder, each whole or not at all.

    seen: told of every row on the way. Raises OutputError, SourceError.
    """
    counts = dict.fromkeys(("analysed", "no_exercise", "nobody", "error", "pending"), 0)
    duplicates = 0
    with _scratch(ledger) as folder, ExitStack() as stack:
        names = extra_names(plan)
        writers = {
            name: stack.enter_context(_Writer(folder / f"{name}.parquet", name, names))
            for name in TABLES
        }
        for number, row, record, first in _joined(plan, ledger):
            cells = clip_row(number, row, record, first, plan, names)
            counts[cells["status"]] += 1
            duplicates += first is not None
            writers["clips"].add(cells)
            if record is not None and first is None:
                own = {"work_key": row.key, "clip_row": number}
                for cell in record.reps:
                    writers["reps"].add(own | cell)
                for cell in record.verdicts:
                    writers["verdicts"].add(own | cell)
            if seen is not None:
                seen(number, row, record, first is not None)
        stack.close()
        for name in TABLES:
            ledger.place.put(folder / f"{name}.parquet", f"{name}.parquet")
    counts["failed"] = counts.pop("error")
    return Counts(rows=len(plan.rows), duplicates=duplicates, **counts)


@contextmanager
def _scratch(ledger: Ledger) -> Iterator[Path]:
    """A folder to write in, on the same disk as the results where those are on this machine."""
    address = ledger.place.address
    beside = None if is_address(address) else make_folder(Path(address))
    try:
        with tempfile.TemporaryDirectory(prefix=".part-", dir=beside) as folder:
            yield Path(folder)
    except OSError as error:
        raise output_error(beside or Path(tempfile.gettempdir()), error) from error


def extra_names(plan: Plan) -> tuple[str, ...]:
    """The manifests' own columns, in the order in which they come."""
    return tuple(dict.fromkeys(name for row in plan.rows for name, _ in row.entry.extra))


def status_of(row: Row, record: Record | None) -> Status:
    """How far a row is."""
    if row.problem:
        return "error"
    return record.status if record is not None else "pending"


def clip_row(
    number: int,
    row: Row,
    record: Record | None,
    first: int | None,
    plan: Plan,
    extra: tuple[str, ...],
) -> dict[str, Any]:
    """The cells of a row of clips.parquet. first: the row that it repeats."""
    how, entry = plan.how, row.entry
    cells: dict[str, Any] = {
        "row": number,
        "clip": entry.address,
        "client": entry.client or None,
        "exercise_asked": entry.exercise or how.exercise,
        "side_asked": entry.side or None,
        "duplicate_of": first,
        "work_key": row.key or None,
        "content_sha256": row.sha256 or None,
        "status": status_of(row, record),
        "quality": how.quality,
        "bridge": how.bridge,
        "settings_sha256": how.settings_sha256 or None,
        "model_sha256": how.model_sha256 or None,
        "kneetrack": plan.kneetrack,
    }
    told = dict(entry.extra)
    cells |= {EXTRA + name: told.get(name) or None for name in extra}
    if row.problem:
        kind, code = ("settings", 2) if entry.problem else ("clip", 3)
        cells |= {"error_kind": kind, "error": row.problem, "exit_code": code}
    elif record is not None:
        cells |= record.clip
        cells |= {
            "error_kind": record.error_kind or None,
            "error": record.error or None,
            "exit_code": record.exit_code,
            "processing_s": record.seconds,
        }
    return cells


def _joined(plan: Plan, ledger: Ledger) -> Iterator[tuple[int, Row, Record | None, int | None]]:
    """Every row with its number, its record and the row it repeats."""
    first: dict[str, int] = {}
    records = ledger.read(row.key for row in plan.rows)
    for number, (row, record) in enumerate(zip(plan.rows, records, strict=True), 1):
        before = first.setdefault(row.key, number) if row.key else number
        yield number, row, record, before if before != number else None


class _Writer:
    """One Parquet file, a row group at a time."""

    def __init__(self, path: Path, name: TableName, extra: tuple[str, ...]) -> None:
        self._path, self._name = path, name
        self._schema = arrow_schema(name, extra)
        self._rows: list[dict[str, Any]] = []
        self._file: Any = None

    def __enter__(self) -> Self:
        from pyarrow.parquet import ParquetWriter

        self._file = ParquetWriter(self._path, self._schema, compression="zstd")
        return self

    def add(self, cells: dict[str, Any]) -> None:
        """Add a row; cells that are missing are null."""
        self._rows.append(cells)
        if len(self._rows) >= _GROUP[self._name]:
            self._flush()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if kind is None and self._rows:
            self._flush()
        try:
            self._file.close()
        except OSError as full:
            if kind is None:
                raise output_error(self._path, full) from full

    def _flush(self) -> None:
        import pyarrow as pa

        try:
            self._file.write_table(pa.Table.from_pylist(self._rows, schema=self._schema))
        except OSError as error:
            raise output_error(self._path, error) from error
        self._rows = []


def arrow_schema(name: TableName, extra: tuple[str, ...] = ()) -> Any:
    """The schema of a table, units and meaning in the fields' metadata."""
    import pyarrow as pa

    found = list(columns(name))
    if name == "clips":
        found += [Column(EXTRA + key, "text", "", "from the manifest") for key in extra]
    kinds = {
        "text": pa.string(),
        "whole": pa.int64(),
        "number": pa.float64(),
        "truth": pa.bool_(),
    }
    fields = [
        pa.field(c.name, kinds[c.kind], metadata={"unit": c.unit, "description": c.text})
        for c in found
    ]
    about = {
        "kneetrack_schema": f"kneetrack/batch/{name}/{SCHEMA_VERSION}",
        "kneetrack": __version__,
        "null": "not known or cannot tell; never zero",
    }
    return pa.schema(fields, metadata=about)

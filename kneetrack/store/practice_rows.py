"""Practices between their rows and the values that cross the border."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from typing import Any, Final

from sqlalchemy import Connection, Row, Select, Table, delete, func, insert, or_, select, update

from kneetrack.clinic_records.practice import (
    Dose,
    PartDone,
    PartMeasure,
    Practice,
    PracticeFacts,
    PracticeKind,
    PracticeRecord,
    SignFound,
)
from kneetrack.records import UnknownRecordError
from kneetrack.store.base import new_id, next_number
from kneetrack.store.numbers import in_pieces, plain_number
from kneetrack.store.practice_tables import measures, parts, practices, signs

_FACTS: Final = tuple(f.name for f in fields(PracticeFacts))
_DOSE: Final = tuple(f.name for f in fields(Dose))
_PART: Final = tuple(
    f.name for f in fields(PartDone) if f.name not in ("dose", "folders", "measures")
)
_MEASURE: Final = tuple(f.name for f in fields(PartMeasure))
_SIGN: Final = tuple(f.name for f in fields(SignFound))
_TOLD: Final = tuple(
    f.name for f in fields(Practice) if f.name not in ("id", "client_id", "number", "at", "facts")
)


def practices_of(
    connection: Connection,
    client_id: str,
    kind: PracticeKind | None = None,
    last: int | None = None,
) -> list[Practice]:
    """Practices of a client by time, oldest first. last: only so many, the newest."""
    in_order = (practices.c.at, practices.c.id)
    number = func.row_number().over(order_by=in_order).label("number")
    every = select(practices, number).where(practices.c.client_id == client_id).subquery()
    query = select(every).order_by(every.c.number.desc()).limit(last)
    if kind is not None:
        query = query.where(every.c.kind == kind)
    return [practice_from(row) for row in connection.execute(query)][::-1]


def _with_number() -> Select[Any]:
    """Practices with their number: how many of the client are not later."""
    other = practices.alias("other")
    earlier = or_(
        other.c.at < practices.c.at,
        (other.c.at == practices.c.at) & (other.c.id <= practices.c.id),
    )
    number = (
        select(func.count())
        .where(other.c.client_id == practices.c.client_id, earlier)
        .correlate(practices)
        .scalar_subquery()
    )
    return select(practices, number.label("number"))


def practice_from(row: Row[Any]) -> Practice:
    """A practice from its row."""
    facts = PracticeFacts(**{name: getattr(row, name) for name in _FACTS})
    told = {name: getattr(row, name) for name in _TOLD}
    return Practice(row.id, row.client_id, row.number, row.at, facts, **told)


def one_practice(connection: Connection, practice_id: str) -> Practice:
    """By id. Raises UnknownRecordError."""
    row = connection.execute(_with_number().where(practices.c.id == practice_id)).first()
    if row is None:
        raise UnknownRecordError(f"no practice is known by {practice_id!r}")
    return practice_from(row)


def values_of(practice: Practice) -> dict[str, Any]:
    """The row of a practice, without whose it is."""
    return {
        "id": practice.id,
        "at": practice.at,
        **{name: getattr(practice.facts, name) for name in _FACTS},
        **{name: getattr(practice, name) for name in _TOLD},
    }


def put_part(connection: Connection, practice_id: str, part: PartDone) -> None:
    """Write a part, in the place of an older one of the same key."""
    values = _part_row(part)
    here = parts.c.practice_id == practice_id
    known = connection.execute(select(parts.c.id).where(here, parts.c.part == part.part)).scalar()
    part_id = str(known or new_id())
    if known is None:
        number = next_number(connection, parts.c.number, here)
        row = {"id": part_id, "practice_id": practice_id, "number": number, **values}
        connection.execute(insert(parts).values(**row))
    else:
        connection.execute(update(parts).where(parts.c.id == part_id).values(**values))
        connection.execute(delete(measures).where(measures.c.part_id == part_id))
    _insert(connection, measures, _measure_rows(part_id, part))


def put_signs(connection: Connection, practice_id: str, found: Sequence[SignFound]) -> None:
    """Put these signs in the place of those that stand."""
    connection.execute(delete(signs).where(signs.c.practice_id == practice_id))
    _insert(connection, signs, _sign_rows(practice_id, found))


def put_records(connection: Connection, client_id: str, records: Sequence[PracticeRecord]) -> None:
    """Write practices that are not there yet, with all that belongs to them."""
    own = [{"client_id": client_id, **values_of(record.practice)} for record in records]
    done = [
        (part, {"id": new_id(), "practice_id": record.practice.id, "number": n, **_part_row(part)})
        for record in records
        for n, part in enumerate(record.parts, 1)
    ]
    _insert(connection, practices, own)
    _insert(connection, parts, [row for _, row in done])
    lines = [line for part, row in done for line in _measure_rows(str(row["id"]), part)]
    _insert(connection, measures, lines)
    told = [row for r in records for row in _sign_rows(r.practice.id, r.signs)]
    _insert(connection, signs, told)


def _part_row(part: PartDone) -> dict[str, Any]:
    values = {name: plain_number(getattr(part, name)) for name in _PART}
    values |= {name: plain_number(getattr(part.dose, name)) for name in _DOSE}
    return values | {"folders": list(part.folders)}


def _measure_rows(part_id: str, part: PartDone) -> list[dict[str, Any]]:
    return [
        {"part_id": part_id, **{name: plain_number(getattr(line, name)) for name in _MEASURE}}
        for line in part.measures
    ]


def _sign_rows(practice_id: str, found: Sequence[SignFound]) -> list[dict[str, Any]]:
    return [
        {"practice_id": practice_id, **{name: getattr(sign, name) for name in _SIGN}}
        for sign in found
    ]


def _insert(connection: Connection, table: Table, rows: list[dict[str, Any]]) -> None:
    if rows:
        connection.execute(insert(table), rows)


def records_of(connection: Connection, found: Sequence[Practice]) -> list[PracticeRecord]:
    """Practices with all that belongs to them."""
    ids = [practice.id for practice in found]
    done, told = _parts_of(connection, ids), _signs_of(connection, ids)
    return [
        PracticeRecord(practice, tuple(done[practice.id]), tuple(told[practice.id]))
        for practice in found
    ]


def _parts_of(connection: Connection, practice_ids: Sequence[str]) -> dict[str, list[PartDone]]:
    rows = _rows(connection, select(parts).order_by(parts.c.number), parts.c, practice_ids)
    lines = _measures_of(connection, [row.id for row in rows])
    found: dict[str, list[PartDone]] = {practice_id: [] for practice_id in practice_ids}
    for row in rows:
        done = PartDone(
            **{name: getattr(row, name) for name in _PART},
            dose=Dose(**{name: getattr(row, name) for name in _DOSE}),
            folders=tuple(row.folders),
            measures=tuple(lines[row.id]),
        )
        found[row.practice_id].append(done)
    return found


def _measures_of(connection: Connection, part_ids: Sequence[str]) -> dict[str, list[PartMeasure]]:
    found: dict[str, list[PartMeasure]] = {part_id: [] for part_id in part_ids}
    columns = (measures.c[name] for name in _MEASURE)
    query = select(measures.c.part_id, *columns).order_by(measures.c.n)
    for some in in_pieces(part_ids):
        for part_id, *values in connection.execute(query.where(measures.c.part_id.in_(some or ()))):
            found[part_id].append(PartMeasure(*values))
    return found


def _signs_of(connection: Connection, practice_ids: Sequence[str]) -> dict[str, list[SignFound]]:
    found: dict[str, list[SignFound]] = {practice_id: [] for practice_id in practice_ids}
    for row in _rows(connection, select(signs).order_by(signs.c.n), signs.c, practice_ids):
        found[row.practice_id].append(SignFound(**{name: getattr(row, name) for name in _SIGN}))
    return found


def _rows(
    connection: Connection, query: Select[Any], columns: Any, practice_ids: Sequence[str]
) -> list[Row[Any]]:
    return [
        row
        for some in in_pieces(practice_ids)
        for row in connection.execute(query.where(columns.practice_id.in_(some or ())))
    ]

"""Repetitions, readings and verdicts of trials."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import fields
from itertools import product
from typing import Any, Final

from sqlalchemy import Connection, Table, delete, insert, select

from kneetrack.clinic_records.numbers import Reading, TrialNumbers
from kneetrack.clinic_records.visits import RepLine, VerdictLine
from kneetrack.store.base import StoreBase, row_of, set_row
from kneetrack.store.tables import readings, reps, sessions, trials, verdicts

_MANY: Final = 500
_REP = tuple(f.name for f in fields(RepLine) if f.name != "trial_id")
_READING = tuple(f.name for f in fields(Reading) if f.name != "trial_id")
_VERDICT = tuple(f.name for f in fields(VerdictLine) if f.name != "trial_id")


def put_numbers(connection: Connection, trial_id: str, numbers: TrialNumbers) -> None:
    """Put these in the place of those that stand."""
    for table, names, lines in (
        (reps, _REP, numbers.reps),
        (readings, _READING, numbers.readings),
        (verdicts, _VERDICT, numbers.verdicts),
    ):
        connection.execute(delete(table).where(table.c.trial_id == trial_id))
        rows = [
            {"trial_id": trial_id, **{name: plain_number(getattr(line, name)) for name in names}}
            for line in lines
        ]
        if rows:
            connection.execute(insert(table), rows)
    set_row(
        connection,
        trials,
        trial_id,
        exercise=numbers.exercise,
        reps_valid=numbers.reps_valid,
        reps_total=len(numbers.reps),
    )


def plain_number(value: Any) -> Any:
    """What could not be told is NULL, never NaN; NumPy's numbers are plain ones."""
    plain = value.item() if hasattr(value, "item") else value
    return None if isinstance(plain, float) and math.isnan(plain) else plain


def _lines(connection: Connection, table: Table, names: Sequence[str], trial_id: str) -> Any:
    query = select(table.c.trial_id, *(table.c[name] for name in names))
    return connection.execute(query.where(table.c.trial_id == trial_id).order_by(table.c.n))


def in_pieces(ids: Sequence[str] | None) -> Iterator[Sequence[str] | None]:
    """Short lists in place of a long one: databases take only so many values at once."""
    if ids is None:
        yield None
        return
    once = list(dict.fromkeys(ids))
    for start in range(0, len(once), _MANY):
        yield once[start : start + _MANY]


class Numbers(StoreBase):
    """What was measured."""

    def rep_lines(self, trial_id: str) -> list[RepLine]:
        """Of the result as it now stands, corrections in it."""
        with self._reading() as connection:
            row_of(connection, trials, trial_id, "take")
            return [RepLine(*row) for row in _lines(connection, reps, _REP, trial_id)]

    def verdict_lines(self, trial_id: str) -> list[VerdictLine]:
        """Of the result as it now stands, corrections in it."""
        with self._reading() as connection:
            row_of(connection, trials, trial_id, "take")
            return [VerdictLine(*row) for row in _lines(connection, verdicts, _VERDICT, trial_id)]

    def readings(
        self,
        *,
        trial_ids: Sequence[str] | None = None,
        session_ids: Sequence[str] | None = None,
        client_ids: Sequence[str] | None = None,
        measures: Sequence[str] | None = None,
    ) -> list[Reading]:
        """Of good trials alone, unless trials are named; everything given must hold."""
        given = (
            (readings.c.trial_id, trial_ids),
            (trials.c.session_id, session_ids),
            (sessions.c.client_id, client_ids),
            (readings.c.measure, measures),
        )
        query = select(readings.c.trial_id, *(readings.c[name] for name in _READING))
        if trial_ids is None or session_ids is not None or client_ids is not None:
            query = query.join(trials, trials.c.id == readings.c.trial_id)
        if client_ids is not None:
            query = query.join(sessions, sessions.c.id == trials.c.session_id)
        if trial_ids is None:
            query = query.where(trials.c.status == "good")
        found: list[Reading] = []
        with self._reading() as connection:
            for parts in product(*(in_pieces(ids) for _, ids in given)):
                part = query
                for (column, _), ids in zip(given, parts, strict=True):
                    part = part if ids is None else part.where(column.in_(ids))
                rows = connection.execute(part.order_by(readings.c.n))
                found.extend(Reading(*row) for row in rows)
        return found

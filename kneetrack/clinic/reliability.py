"""A clinic's own reliability: ICC(2,1), SEM and MDC95 from sessions that were repeated.

MEASURES 6, after Weir 2005: a two-way analysis of variance over clients (rows) and sessions
(columns), with mean squares MSR, MSC and MSE::

    ICC(2,1) = (MSR - MSE) / (MSR + (k - 1) MSE + k (MSC - MSE) / n)
    SEM = sqrt(MSE)          MDC95 = 1.96 sqrt(2) SEM

The numbers that go in are sessions' means, so the MDC95 is that of a mean of as many repetitions
as the clinic records.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

import numpy as np

from kneetrack.clinic.change import protocol_of
from kneetrack.clinic.sessions import measured
from kneetrack.clinic.setupmatch import compare_setups
from kneetrack.clinic_records.numbers import MeasureKey, Reliability, SessionValue
from kneetrack.clinic_records.visits import Session
from kneetrack.records import FloatArray, SettingsError
from kneetrack.store.store import Store

WITHIN_DAYS: Final = 14
FEWEST_CLIENTS: Final = 3
ENOUGH_CLIENTS: Final = 15
_PAGE: Final = 200


@dataclass(frozen=True, slots=True)
class Icc:
    """icc: None with fewer than two rows, or where nothing varies. sem, mdc95: in the table's unit.

    With one row sem is the standard deviation within it: the typical error (MEASURES 6).
    """

    icc: float | None
    sem: float
    mdc95: float


@dataclass(frozen=True, slots=True)
class Refused:
    """A measure of which too few clients have two sessions. key: without step and side.

    typical_error: standard deviation within clients, in the measure's unit; None with no client.
    """

    key: MeasureKey
    clients: int
    typical_error: float | None

    @property
    def why(self) -> str:
        """The reason in words."""
        if not self.clients:
            return f"no client has it twice: at least {FEWEST_CLIENTS} are needed"
        who = "client has" if self.clients == 1 else "clients have"
        return f"{self.clients} {who} it twice: at least {FEWEST_CLIENTS} are needed"


@dataclass(frozen=True, slots=True)
class OwnReliability:
    """What a store's repeated sessions give. clients: with repeated sessions."""

    rows: tuple[Reliability, ...]
    clients: int
    within_days: int
    refused: tuple[Refused, ...] = ()
    warnings: tuple[str, ...] = ()


def icc21(table: FloatArray) -> Icc:
    """ICC(2,1), SEM and MDC95 of (n, k) values: n rows (clients), k columns (sessions).

    Raises ValueError for fewer than two columns, no row, or values that are not finite.
    """
    x = np.asarray(table, np.float64)
    if x.ndim != 2 or x.shape[0] < 1 or x.shape[1] < 2 or not np.isfinite(x).all():
        raise ValueError("ICC needs a table of one or more clients by two or more sessions")
    n, k = x.shape
    if n == 1:
        sem = float(np.std(x[0], ddof=1))
        return Icc(None, sem, mdc95(sem))
    rows, columns, mean = x.mean(axis=1), x.mean(axis=0), x.mean()
    msr = k * float(np.square(rows - mean).sum()) / (n - 1)
    msc = n * float(np.square(columns - mean).sum()) / (k - 1)
    rest = x - rows[:, None] - columns[None, :] + mean
    mse = float(np.square(rest).sum()) / ((n - 1) * (k - 1))
    below = msr + (k - 1) * mse + k * (msc - mse) / n
    nothing = below <= 1e-12 * max(1.0, float(np.square(x).max()))
    sem = math.sqrt(mse)
    return Icc(None if nothing else (msr - mse) / below, sem, mdc95(sem))


def mdc95(sem: float) -> float:
    """1.96 sqrt(2) SEM: the change that errors alone exceed in 5 of 100 comparisons."""
    return 1.96 * math.sqrt(2) * sem


def own_reliability(
    store: Store, *, within_days: int = WITHIN_DAYS, codes: Sequence[str] = ()
) -> OwnReliability:
    """Reliability of every measure from clients who were measured again within some days.

    Of each client the first run of two or more sessions counts that lies within ``within_days`` of
    its first, one a day, with a take that counts: a change is told from day to day, and twice on
    one day differs less. codes: these clients alone; empty: all. Each leg of a client is a row of
    its own: what is asked is how one leg's number varies from visit to visit. Clients with more
    sessions than the fewest that any has give their first ones. Raises SettingsError,
    UnknownRecordError.
    """
    if within_days < 1:
        raise SettingsError("--within-days must be 1 or more")
    ids = [store.client(code).id for code in codes] if codes else _all_clients(store)
    runs, one_day = _runs(store, dict.fromkeys(ids), within_days)
    tables: dict[MeasureKey, dict[tuple[str, ...], list[float]]] = {}
    for client_id, run in runs.items():
        protocol = protocol_of(store, run)
        for session in run:
            values = measured(store, session, protocol, reasons=False).values
            _put(tables, client_id, values)
    rows, refused = _reliabilities(tables)
    warnings = (
        *_warnings(rows, len(runs), within_days),
        *_other_setups(runs.values()),
        *_same_day(one_day),
    )
    return OwnReliability(rows, len(runs), within_days, refused, warnings)


def first_run(sessions: Sequence[Session], within_days: int) -> list[Session]:
    """The first two or more sessions within so many days of the first of them; empty: none.

    Of several on one day the first one.
    """
    by_day: dict[date, Session] = {}
    for session in sorted(sessions, key=lambda s: s.at):
        by_day.setdefault(session.at.astimezone().date(), session)
    ordered = list(by_day.values())
    for i, first in enumerate(ordered):
        run = [s for s in ordered[i:] if s.at - first.at <= timedelta(days=within_days)]
        if len(run) > 1:
            return run
    return []


def _runs(
    store: Store, client_ids: Iterable[str], within_days: int
) -> tuple[dict[str, list[Session]], int]:
    """The run of every client who has one, and how many were measured twice on one day alone."""
    runs: dict[str, list[Session]] = {}
    one_day = 0
    for client_id in client_ids:
        sessions = store.sessions(client_id)
        if len(sessions) < 2:
            continue
        days = len({s.at.astimezone().date() for s in sessions})
        if days > 1 and not first_run(sessions, within_days):
            continue
        counting = [s for s in sessions if any(t.status == "good" for t in store.trials(s.id))]
        run = first_run(counting, within_days)
        if run:
            runs[client_id] = run
        elif len(counting) > 1 and days == 1:
            one_day += 1
    return runs, one_day


def _same_day(clients: int) -> tuple[str, ...]:
    if not clients:
        return ()
    who = "1 client was" if clients == 1 else f"{clients} clients were"
    return (f"{who} measured twice on one day alone: left out, a change is from day to day",)


def _all_clients(store: Store) -> list[str]:
    ids: list[str] = []
    while len(page := store.client_lines(offset=len(ids), limit=_PAGE)) > 0:
        ids += [line.client.id for line in page]
    return ids


def _put(
    tables: dict[MeasureKey, dict[tuple[str, ...], list[float]]],
    client_id: str,
    values: Iterable[SessionValue],
) -> None:
    """Each value into its measure's table, in the row of its client, step and leg."""
    for value in values:
        if value.value is not None:
            key = replace(value.key, step="", side="both")
            step = value.key.step.removesuffix("_left").removesuffix("_right")
            row = (client_id, step, value.key.side)
            tables.setdefault(key, {}).setdefault(row, []).append(value.value)


def _reliabilities(
    tables: Mapping[MeasureKey, Mapping[tuple[str, ...], list[float]]],
) -> tuple[tuple[Reliability, ...], tuple[Refused, ...]]:
    rows: list[Reliability] = []
    refused: list[Refused] = []
    for key, table in tables.items():
        told = {row: values for row, values in table.items() if len(values) > 1}
        clients = len({row[0] for row in told})
        if clients < FEWEST_CLIENTS:
            refused.append(Refused(key, clients, _typical_error(list(told.values()))))
            continue
        k = min(len(values) for values in told.values())
        found = icc21(np.array([values[:k] for values in told.values()]))
        rows.append(
            Reliability(
                measure=key.measure,
                exercise=key.exercise,
                view=key.view,
                unit=key.unit,
                subjects=clients,
                sessions=k,
                icc=found.icc,
                sem=found.sem,
                mdc95=found.mdc95,
            )
        )
    return tuple(rows), tuple(refused)


def _other_setups(runs: Iterable[Sequence[Session]]) -> tuple[str, ...]:
    """A warning when clients were set up otherwise on another day, as far as it was told."""
    differ = sum(
        any(d.bars for later in run[1:] for d in compare_setups(run[0].setup, later.setup))
        for run in runs
    )
    if not differ:
        return ()
    who = "1 client was" if differ == 1 else f"{differ} clients were"
    return (f"{who} not set up alike on both days: that is in these numbers, too",)


def _typical_error(rows: list[list[float]]) -> float | None:
    """Of so few clients the spread within each can be told, and no more."""
    if not rows:
        return None
    return math.sqrt(statistics.fmean(icc21(np.array([row])).sem ** 2 for row in rows))


def _warnings(rows: Sequence[Reliability], clients: int, within_days: int) -> tuple[str, ...]:
    if not clients:
        return (f"no client has two sessions within {within_days} days",)
    if not rows:
        who = "client has" if clients == 1 else "clients have"
        return (
            f"{clients} {who} two sessions within {within_days} days: at least {FEWEST_CLIENTS} "
            f"are needed, {ENOUGH_CLIENTS} are better",
        )
    fewest = min(row.subjects for row in rows)
    if fewest < ENOUGH_CLIENTS:
        return (
            f"{fewest} clients are few: with fewer than {ENOUGH_CLIENTS} these numbers are rough",
        )
    return ()

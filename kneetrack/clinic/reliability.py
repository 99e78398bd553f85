"""A clinic's own reliability: ICC(2,1), SEM and MDC95 from sessions that were repeated.

The formulas are in icc.py. The numbers that go in are sessions' means, so the MDC95 is that of a
mean of as many repetitions as the clinic records.

Only clients whose consent is in force count, and of a measure only sessions that were set up alike:
where a trend would say "cannot tell", the two tell nothing of how reliable the measure is.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

import numpy as np

from kneetrack.clinic.catalogue import difference_text
from kneetrack.clinic.change import protocol_of
from kneetrack.clinic.icc import Icc, icc21, mdc95
from kneetrack.clinic.sessions import Measured, measured
from kneetrack.clinic.setupmatch import SetupMatch, match_setups
from kneetrack.clinic_records.numbers import MeasureKey, Reliability
from kneetrack.clinic_records.visits import Session
from kneetrack.records import SettingsError
from kneetrack.store.store import Store

__all__ = ["Doubt", "Icc", "OwnReliability", "Refused", "icc21", "mdc95", "own_reliability"]
WITHIN_DAYS: Final = 14
FEWEST_CLIENTS: Final = 3
ADOPTED_FROM: Final = 10
"""Clients; of fewer a measure is adopted only on demand."""
ENOUGH_CLIENTS: Final = 15
_PAGE: Final = 200
_Row = tuple[str, ...]
"""Client, step, leg."""


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
class Doubt:
    """A measure that is not to be adopted without being asked for, and why, the gravest first."""

    row: Reliability
    reasons: tuple[str, ...]

    @property
    def why(self) -> str:
        """All of it in words."""
        return "; ".join(self.reasons)


@dataclass(frozen=True, slots=True)
class OwnReliability:
    """What a store's repeated sessions give. clients: with repeated sessions. doubts: of rows."""

    rows: tuple[Reliability, ...]
    clients: int
    within_days: int
    refused: tuple[Refused, ...] = ()
    warnings: tuple[str, ...] = ()
    doubts: tuple[Doubt, ...] = ()

    @property
    def sound(self) -> tuple[Reliability, ...]:
        """The rows without a doubt."""
        doubtful = [doubt.row for doubt in self.doubts]
        return tuple(row for row in self.rows if row not in doubtful)


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
    agreed = [client_id for client_id in dict.fromkeys(ids) if store.consent_now(client_id)]
    runs, one_day = _runs(store, agreed, within_days)
    tables: dict[MeasureKey, dict[_Row, list[float]]] = {}
    otherwise: list[int] = []
    for client_id, run in runs.items():
        protocol = protocol_of(store, run)
        seen = [measured(store, session, protocol, reasons=False) for session in run]
        otherwise.append(_put(tables, client_id, seen))
    rows, refused, doubts = _reliabilities(tables)
    warnings = (
        *_warnings(rows, len(runs), within_days),
        *_other_setups(otherwise),
        *_same_day(one_day),
        *_not_agreed(len(dict.fromkeys(ids)) - len(agreed)),
    )
    return OwnReliability(rows, len(runs), within_days, refused, warnings, doubts)


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
    tables: dict[MeasureKey, dict[_Row, list[float]]], client_id: str, run: Sequence[Measured]
) -> int:
    """Each value into its measure's table, in the row of its client, step and leg.

    A value that a trend would not compare with one that is there already, since the set-up
    differs, is left out; returned is how many were.
    """
    kept: dict[tuple[MeasureKey, _Row], list[int]] = {}
    matches: dict[tuple[int, int], SetupMatch] = {}
    out = 0
    for number, session in enumerate(run):
        for value in session.values:
            if value.value is None:
                continue
            key = replace(value.key, step="", side="both")
            step = value.key.step.removesuffix("_left").removesuffix("_right")
            row = (client_id, step, value.key.side)
            before = kept.setdefault((key, row), [])
            for other in before:
                if (other, number) not in matches:
                    matches[other, number] = match_setups(run[other], session)
            if any(matches[other, number].barring(value.key) for other in before):
                out += 1
                continue
            before.append(number)
            tables.setdefault(key, {}).setdefault(row, []).append(value.value)
    return out


def _reliabilities(
    tables: Mapping[MeasureKey, Mapping[_Row, list[float]]],
) -> tuple[tuple[Reliability, ...], tuple[Refused, ...], tuple[Doubt, ...]]:
    rows: list[Reliability] = []
    refused: list[Refused] = []
    doubts: list[Doubt] = []
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
        reasons = tuple(_reasons(rows[-1], found))
        if reasons:
            doubts.append(Doubt(rows[-1], reasons))
    return tuple(rows), tuple(refused), tuple(doubts)


def _reasons(row: Reliability, found: Icc) -> list[str]:
    """Why a measure should not decide about changes, the gravest first."""
    said: list[str] = []
    if found.systematic:
        shift = difference_text(row.measure, found.shift)
        when = "in the second session" if row.sessions == 2 else "in a later session"
        said.append(f"all together {shift} {when}, beyond chance, which SEM and MDC95 leave out")
    if found.icc is None:
        said.append("nothing varies, so there is no ICC")
    elif found.icc < 0:
        said.append("the ICC is below nought: clients differ less than their own days do")
    if row.subjects < ADOPTED_FROM:
        said.append(f"from fewer than {ADOPTED_FROM} clients")
    return said


def _other_setups(left_out: Sequence[int]) -> tuple[str, ...]:
    """How many clients were set up otherwise on another day, and how many values that costs."""
    differ = sum(n > 0 for n in left_out)
    if not differ:
        return ()
    who = "1 client was" if differ == 1 else f"{differ} clients were"
    values = "1 value is" if sum(left_out) == 1 else f"{sum(left_out)} values are"
    return (
        f"{who} not set up alike on both days: {values} left out, as a trend cannot tell there",
    )


def _not_agreed(clients: int) -> tuple[str, ...]:
    if not clients:
        return ()
    who = "1 client has" if clients == 1 else f"{clients} clients have"
    return (f"{who} no consent in force: left out",)


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

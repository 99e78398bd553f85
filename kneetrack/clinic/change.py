"""What changed between two sessions, and whether that may be called real."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from kneetrack.clinic.catalogue import family, size_text, written
from kneetrack.clinic.filed import Filed
from kneetrack.clinic.joint import protocol_of, titles_of
from kneetrack.clinic.limits import NONE_KNOWN, from_errors, limit_for
from kneetrack.clinic.sessions import Measured, measured
from kneetrack.clinic.setupmatch import SetupMatch, bar_words, match_setups
from kneetrack.clinic.sides import side_differences
from kneetrack.clinic_records.numbers import (
    Answer,
    Change,
    Limit,
    MeasureKey,
    Reliability,
    SessionValue,
    SideDifference,
)
from kneetrack.clinic_records.people import Client
from kneetrack.clinic_records.plans import Protocol
from kneetrack.clinic_records.visits import Session
from kneetrack.records import SettingsError
from kneetrack.store.store import Store

__all__ = [
    "FEW_REPS",
    "TINY",
    "Trend",
    "TrendRow",
    "changes",
    "compare",
    "compared",
    "protocol_of",
    "remarks",
    "setup_of",
    "trend",
]
TINY: Final = 1e-9
"""A difference that is the limit but for the last digits of a float is at the limit, not beyond."""
ALSO: Final = "; also "
"""Between differences of the set-up that stand in the way together."""
FEW_REPS: Final = 3
"""Limits are of means of so many or more; of fewer a change is called real with that said."""


@dataclass(frozen=True, slots=True)
class TrendRow:
    """One measure over the sessions of a trend. values: one a session, None: not measured there.

    overall: from the first to the last session; latest: from the last but one. None with one
    session, and where neither session has it.
    """

    key: MeasureKey
    values: tuple[SessionValue | None, ...]
    overall: Change | None
    latest: Change | None


@dataclass(frozen=True, slots=True)
class Trend:
    """A client over time: sessions with at least one good trial, oldest first.

    setup_overall, setup_latest: how the set-up of the last session compares with that of the first,
    and of the last but one; None with one session. sides: right minus left in the last session.
    """

    client: Client
    protocol: Protocol
    sessions: tuple[Session, ...]
    rows: tuple[TrendRow, ...]
    setup_overall: SetupMatch | None = None
    setup_latest: SetupMatch | None = None
    sides: tuple[SideDifference, ...] = ()


def compare(store: Store, before: Session, after: Session, protocol: Protocol) -> list[Change]:
    """Every measure of two sessions of one client, in the protocol's order.

    Changed only where the difference is beyond the limit *and* the set-up is the same; every other
    answer says why. Raises StoreError.
    """
    return compared(store, before, after, protocol)[0]


def compared(
    store: Store, before: Session, after: Session, protocol: Protocol
) -> tuple[list[Change], SetupMatch]:
    """:func:`compare` and :func:`setup_of`, the sessions read once. Raises StoreError."""
    filed = Filed(store)
    old, new = (measured(store, session, protocol, filed) for session in (before, after))
    setup = match_setups(old, new, filed)
    return changes(old, new, setup, store.adopted_reliability()), setup


def setup_of(store: Store, before: Session, after: Session, protocol: Protocol) -> SetupMatch:
    """How the set-up of two sessions compares. Raises StoreError."""
    filed = Filed(store)
    old, new = (measured(store, session, protocol, filed) for session in (before, after))
    return match_setups(old, new, filed)


def trend(
    store: Store, client_id: str, *, first: int | None = None, last: int | None = None
) -> Trend:
    """All that was measured of a client, by the protocols of the sessions with a take that counts.

    first, last: numbers of the sessions to begin and end with. Raises SettingsError for a number
    that is not there, UnknownRecordError, StoreError.
    """
    client = store.client(client_id)
    chosen = [
        session
        for session in _chosen(store.sessions(client.id), first, last)
        if any(trial.status == "good" for trial in store.trials(session.id))
    ]
    filed = Filed(store)
    protocol = replace(protocol_of(store, chosen), title=titles_of(store, chosen))
    ends = {s.id for s in (*chosen[:1], *chosen[-2:])}
    seen = [
        m
        for m in (
            measured(store, session, protocol, filed, reasons=session.id in ends)
            for session in chosen
        )
        if m.trials
    ]
    adopted = store.adopted_reliability()
    if len(seen) < 2:
        sides = tuple(side_differences(seen[-1].values)) if seen else ()
        rows = _rows(seen, [], [])
        return Trend(client, protocol, tuple(m.session for m in seen), rows, sides=sides)
    whole, step = (match_setups(m, seen[-1], filed) for m in (seen[0], seen[-2]))
    overall = changes(seen[0], seen[-1], whole, adopted)
    latest = changes(seen[-2], seen[-1], step, adopted)
    rows = _rows(seen, overall, latest)
    sides = tuple(side_differences(seen[-1].values))
    return Trend(client, protocol, tuple(m.session for m in seen), rows, whole, step, sides)


def changes(
    before: Measured, after: Measured, setup: SetupMatch, adopted: Sequence[Reliability] = ()
) -> list[Change]:
    """:func:`compare` of what was measured."""
    old = {_loose(v.key): v for v in before.values}
    new = {_loose(v.key): v for v in after.values}
    return [
        _change(
            old.get(key) or _absent(before, new[key]),
            new.get(key) or _absent(after, old[key]),
            setup,
            adopted,
        )
        for key in dict.fromkeys((*new, *old))
    ]


def _chosen(sessions: list[Session], first: int | None, last: int | None) -> list[Session]:
    numbers = [s.number for s in sessions]
    for number in (first, last):
        if number is not None and number not in numbers:
            there = ", ".join(str(n) for n in numbers) or "none yet"
            raise SettingsError(f"there is no session {number}: there are {there}")
    if first is not None and last is not None and first > last:
        raise SettingsError(f"session {first} is later than session {last}: give the earlier first")
    return [
        s
        for s in sessions
        if (first is None or s.number >= first) and (last is None or s.number <= last)
    ]


def _loose(key: MeasureKey) -> MeasureKey:
    """The key with the view from which it was to be filmed: oblique counts as the front."""
    return replace(key, view=family(key.view))


def _absent(session: Measured, like: SessionValue) -> SessionValue:
    done = any(t.step == like.key.step for t in session.trials)
    why = "not told from this view in this session" if done else "not measured in this session"
    return SessionValue(session.session.id, like.key, None, None, None, 0, 0, why_not=why)


def _rows(
    seen: Sequence[Measured], overall: Sequence[Change], latest: Sequence[Change]
) -> tuple[TrendRow, ...]:
    """A row a measure that was told at least once, in the order of the last session."""
    tables = [{_loose(v.key): v for v in m.values} for m in seen]
    whole = {_loose(c.key): c for c in overall}
    step = {_loose(c.key): c for c in latest}
    keys = dict.fromkeys(key for table in reversed(tables) for key in table)
    rows = []
    for key in keys:
        values = tuple(table.get(key) for table in tables)
        told = [v for v in values if v is not None and v.value is not None]
        if told:
            rows.append(TrendRow(told[-1].key, values, whole.get(key), step.get(key)))
    return tuple(rows)


# -- one measure ---------------------------------------------------------------------------------


def _change(
    before: SessionValue, after: SessionValue, setup: SetupMatch, adopted: Sequence[Reliability]
) -> Change:
    key = after.key if after.value is not None else before.key
    if before.value is None or after.value is None:
        return Change(key, before, after, None, None, "cannot_tell", _missing(before, after))
    difference = after.value - before.value
    if before.key.view != after.key.view:
        why = f"seen from {before.key.view} before, from {after.key.view} now: not comparable"
        return Change(key, before, after, None, None, "cannot_tell", why)
    limit = limit_for(before, after, adopted)
    barred = setup.barring(key)
    if barred:
        why = f"{bar_words(barred)}: " + ALSO.join(d.says for d in barred)
        return Change(key, before, after, difference, limit, "cannot_tell", why)
    if limit is None:
        why = NONE_KNOWN
        least = from_errors(before, after)
        if least is not None and abs(difference) <= least + TINY:
            why = f"within the errors of the two values; {why}"
        return Change(key, before, after, difference, None, "cannot_tell", why)
    answer: Answer = "changed" if abs(difference) > limit.mdc95 + TINY else "no_real_change"
    if answer == "changed" and (lone := _lone(before, after)):
        return Change(key, before, after, difference, limit, "cannot_tell", lone)
    why = _verdict(key, difference, limit, answer)
    if answer == "changed":
        why += _remarks(before, after, setup)
    return Change(key, before, after, difference, limit, answer, why)


def _missing(before: SessionValue, after: SessionValue) -> str:
    if before.value is None and after.value is None and before.why_not == after.why_not:
        return before.why_not
    told = [("before", before), ("now", after)]
    return "; ".join(f"{when}: {v.why_not}" for when, v in told if v.value is None)


def _verdict(key: MeasureKey, difference: float, limit: Limit, answer: Answer) -> str:
    """ "+9.2° is beyond 8.5° (...)", with one more decimal where both would look the same."""
    same = size_text(key.measure, difference) == size_text(key.measure, limit.mdc95)
    more = 1 if same else 0
    shown = written(key.measure, difference, signed=True, more_places=more)
    most = written(key.measure, limit.mdc95, more_places=more)
    words = "beyond" if answer == "changed" else "within"
    return f"{shown} is {words} {most} ({limit.source})"


def remarks(change: Change) -> str:
    """What is to be known beside a change that is called real; "" when nothing is."""
    if change.answer != "changed" or change.difference is None or change.limit is None:
        return ""
    told = _verdict(change.key, change.difference, change.limit, "changed")
    return change.why.removeprefix(told).removeprefix("; ")


def _lone(before: SessionValue, after: SessionValue) -> str:
    """Why a single repetition on one of the days tells no change: its error has no spread in it.

    A balance is one long repetition.
    """
    days = [day for day, v in (("before", before), ("now", after)) if v.reps == 1]
    if not days or after.key.exercise == "single_leg_stance":
        return ""
    return (
        f"only one repetition could be read {' and '.join(days)}: how much one differs from the "
        f"next is not known, film at least {FEW_REPS}"
    )


def _remarks(before: SessionValue, after: SessionValue, setup: SetupMatch) -> str:
    """What is to be known beside a change that is called real."""
    notes = []
    if min(before.reps, after.reps) < FEW_REPS and after.key.exercise != "single_leg_stance":
        notes.append(f"from {min(before.reps, after.reps)} valid repetitions on one of the days")
    if setup.untold:
        notes.append(f"not told: {', '.join(setup.untold)}")
    notes += [d.says for d in setup.differences if d.what == "versions"]
    return "".join(f"; {note}" for note in notes)

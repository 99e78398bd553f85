"""One visit: which session to go on with, how it is set up, what is still missing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Final

from kneetrack.clinic.naming import find_session, take_name
from kneetrack.clinic.protocols import DEFAULT, keep_protocol, load_protocol
from kneetrack.clinic.setup_facts import merged, same_setup
from kneetrack.clinic_records.kinds import ViewAsked
from kneetrack.clinic_records.people import Client
from kneetrack.clinic_records.plans import Protocol, Step
from kneetrack.clinic_records.visits import Session, SetupFacts, Trial
from kneetrack.records import SettingsError

if TYPE_CHECKING:
    from kneetrack.store.store import Store

GO_ON_WITHIN: Final = timedelta(hours=12)
"""A session left open for longer belongs to another day: a new one is begun."""
Take = tuple[Step, ViewAsked]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a visit was asked for.

    number: go on with that session, named by its number or its day. new: begin a new one whatever
    is open. on: the day on which the clips were filmed; None: now. setup: what was told; its empty
    fields were not.
    """

    client: str
    protocol: Protocol
    number: int | str | None = None
    new: bool = False
    on: date | None = None
    setup: SetupFacts = field(default_factory=SetupFacts)
    notes: str = ""


@dataclass(frozen=True, slots=True)
class Visit:
    """The session that is measured. begun: it is a new one. remarks: sentences to be told."""

    client: Client
    session: Session
    protocol: Protocol
    begun: bool
    remarks: tuple[str, ...] = ()


def day_of(session: Session) -> date:
    """The day of a session, in local time."""
    return session.at.astimezone().date()


def day_words(day: date) -> str:
    """``3 May 2026``"""
    return f"{day.day} {day:%B %Y}"


def open_session(store: Store, wanted: Wanted, now: datetime) -> Session | None:
    """The session to go on with; None: a new one is to be begun.

    That of the number asked for; else the newest, while it is open, of the same protocol and of
    the same visit. Raises SettingsError when the number asked for has another protocol, or takes
    that were measured with another set-up than was told; UnknownRecordError when there is none.
    """
    session = _to_go_on_with(store, wanted, now)
    if session is not None:
        same_setup(store, wanted.client, session, wanted.setup)
    return session


def _to_go_on_with(store: Store, wanted: Wanted, now: datetime) -> Session | None:
    client = store.client(wanted.client)
    if wanted.number is not None:
        if wanted.new:
            raise SettingsError("give either --session or --new-session")
        session = find_session(store, client.code, wanted.number)
        if session.protocol != wanted.protocol.name:
            raise SettingsError(
                f"session {session.number} was measured with the protocol {session.protocol!r}: "
                f"add --protocol {session.protocol}"
            )
        return session
    sessions = store.sessions(client.id)
    if wanted.new or not sessions:
        return None
    day = wanted.on
    for session in reversed(sessions):
        same = (session.protocol, session.protocol_version) == (
            wanted.protocol.name,
            wanted.protocol.version,
        )
        here = day_of(session) == day if day else now - session.at <= GO_ON_WITHIN
        if same and here and session.closed_at is None:
            return session
    return None


def begin_visit(store: Store, wanted: Wanted, now: datetime | None = None) -> Visit:
    """Go on with a session, or begin a new one. Raises ConsentError, UnknownRecordError.

    The set-up of a session that goes on is filled in with what was told now.
    """
    now = now or datetime.now(UTC)
    client = store.client(wanted.client)
    store.need_consent(client.id)
    session = open_session(store, wanted, now)
    if session is None:
        left = _left_open(store, client, wanted, now)
        session = store.begin_session(
            client.id,
            wanted.protocol.name,
            wanted.protocol.version,
            wanted.setup,
            notes=wanted.notes,
            at=None if wanted.on is None else next_on(store, client.id, wanted.on),
        )
        moved = _moved(store, session)
        return Visit(client, session, wanted.protocol, True, (*left, *moved))
    setup = merged(wanted.setup, session.setup)
    if setup != session.setup or (wanted.notes and wanted.notes != session.notes):
        notes = wanted.notes or session.notes
        session = store.change_session(session.id, setup=setup, notes=notes)
    if session.closed_at is not None:
        session = store.close_session(session.id, closed=False)
    return Visit(client, session, wanted.protocol, False)


def _moved(store: Store, session: Session) -> tuple[str, ...]:
    """Sessions that have another number now, because an earlier one was added."""
    later = [s for s in store.sessions(session.client_id) if s.number > session.number]
    if not later:
        return ()
    told = ", ".join(f"{s.number - 1} of {day_words(day_of(s))} is now {s.number}" for s in later)
    return (
        f"sessions are numbered by day: session {told} (a day always names the same one: "
        f"{day_of(later[0])} in place of {later[0].number})",
    )


def noon(day: date) -> datetime:
    """The time given to a visit of which only the day is known. Raises SettingsError ahead."""
    if day > date.today():
        raise SettingsError(f"--date {day} lies ahead")
    return min(datetime.combine(day, time(12)).astimezone(UTC), datetime.now(UTC))


def next_on(store: Store, client_id: str, day: date) -> datetime:
    """Noon of that day, or a second after the last visit of it: the one begun later is later.

    Raises SettingsError for a day that lies ahead.
    """
    same = [session.at for session in store.sessions(client_id) if day_of(session) == day]
    return max([noon(day), *(at + timedelta(seconds=1) for at in same)])


def _left_open(store: Store, client: Client, wanted: Wanted, now: datetime) -> tuple[str, ...]:
    """An older session that still is open is named: it is not gone on with by itself."""
    if wanted.new or wanted.on is not None:
        return ()
    left = [s for s in store.sessions(client.id) if s.closed_at is None]
    if not left:
        return ()
    last = left[-1]
    return (
        f"session {last.number} of {day_words(day_of(last))} was left open; this is a new one "
        f"(to go on with that one: --session {last.number})",
    )


# -- takes --------------------------------------------------------------------------------------


def good_trials(trials: Sequence[Trial]) -> dict[tuple[str, ViewAsked], Trial]:
    """The trial that counts of every take that has one."""
    return {(trial.step, trial.view): trial for trial in trials if trial.status == "good"}


def missing_takes(protocol: Protocol, trials: Sequence[Trial]) -> list[Take]:
    """The takes without a trial that counts, in the order of the protocol."""
    done = good_trials(trials)
    return [(step, view) for step, view in protocol.takes() if (step.key, view) not in done]


def close_when_done(store: Store, visit: Visit) -> bool:
    """Close the session when nothing is missing that is not optional; whether it is closed."""
    missing = missing_takes(visit.protocol, store.trials(visit.session.id))
    if any(not step.optional for step, _ in missing):
        return False
    store.close_session(visit.session.id)
    return True


def missing_words(missing: Sequence[Take]) -> str:
    """``squat:side, bridge:foot-end``; "" when nothing is missing."""
    return ", ".join(take_name(step.key, view) for step, view in missing)


def protocol_for(
    store: Store,
    client_code: str,
    asked: str | None,
    number: int | str | None = None,
    now: datetime | None = None,
    *,
    new: bool = False,
    on: date | None = None,
) -> Protocol:
    """The protocol asked for; without one that of the session that is gone on with.

    That is session ``number``, or the newest while it is open and of this visit; else, and for a
    new session, the usual one. on: the day of the visit, None: now. Raises SettingsError,
    UnknownRecordError.
    """
    if asked:
        return keep_protocol(asked)
    if number is not None:
        return load_protocol(find_session(store, client_code, number).protocol)
    left = None if new else _left_of_visit(store, client_code, now or datetime.now(UTC), on)
    return load_protocol(DEFAULT if left is None else left.protocol)


def _left_of_visit(store: Store, code: str, now: datetime, on: date | None) -> Session | None:
    """The newest session, or the newest of a day, while it is open and of this visit."""
    sessions = store.sessions(store.client(code).id)
    if on is not None:
        sessions = [s for s in sessions if day_of(s) == on]
    if not sessions or sessions[-1].closed_at is not None:
        return None
    return sessions[-1] if on or now - sessions[-1].at <= GO_ON_WITHIN else None


def session_before(store: Store, session: Session) -> Session | None:
    """The client's session before this one; None when it is the first."""
    earlier = [s for s in store.sessions(session.client_id) if s.number < session.number]
    return earlier[-1] if earlier else None

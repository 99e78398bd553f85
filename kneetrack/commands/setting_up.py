"""What is asked and said around a visit: set-up, what differs from last time, what is missing."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import typer

from kneetrack.console import inform
from kneetrack.records import SettingsError

if TYPE_CHECKING:
    from kneetrack.clinic.visit import Visit, Wanted
    from kneetrack.clinic_records.visits import Session, SetupFacts
    from kneetrack.store import Store


def asked_setup(store: Store, wanted: Wanted, before: SetupFacts | None) -> SetupFacts:
    """What was not told is asked for at a terminal; last time's answer is offered."""
    from kneetrack.clinic.setup_facts import (
        SETUP_WORDS,
        fact_words,
        last_setup,
        merged,
        not_told,
    )

    setup = merged(wanted.setup, before) if before is not None else wanted.setup
    missing = not_told(setup)
    if not missing:
        return setup
    if not _at_terminal():
        names = ", ".join(SETUP_WORDS[name] for name in missing)
        inform(f"Not told: {names}. A change can only be relied on where they are the same.")
        return setup
    last = last_setup(store, store.client(wanted.client).id)
    inform("How is it set up? Enter takes what stands in brackets.")
    for name in missing:
        offered = fact_words(last, name) if last is not None else ""
        setup = _ask_fact(setup, name, offered)
    return setup


def _at_terminal() -> bool:
    return sys.stdin.isatty() and sys.stderr.isatty()


def _ask_fact(setup: SetupFacts, name: str, offered: str) -> SetupFacts:
    from kneetrack.clinic.setup_facts import SETUP_WORDS, with_fact

    while True:
        text = typer.prompt(
            f"  {SETUP_WORDS[name].capitalize()}", default=offered, show_default=bool(offered),
            err=True,
        )  # fmt: skip
        try:
            return with_fact(setup, name, str(text))
        except SettingsError as error:
            inform(f"  {error}")


def say_protocol(store: Store, wanted: Wanted, session: Session | None) -> None:
    """Which protocol it is, before the plan; and what of an open session with another one."""
    protocol = wanted.protocol
    goes_on = (
        "" if session is None else f", that of session {session.number}, which is gone on with"
    )
    inform(f"Protocol: {protocol.title} ({protocol.name}){goes_on}.")
    sessions = store.sessions(store.client(wanted.client).id)
    other = [s for s in sessions if s.closed_at is None and s.protocol != protocol.name]
    if other and not wanted.new:
        last = other[-1]
        inform(
            f"Session {last.number}, {last.protocol}, is open, too: to go on with that one, add "
            f"--session {last.number}."
        )


def say_setup(store: Store, visit: Visit) -> None:
    """Which session it is, and what differs from last time, before anything is measured."""
    from kneetrack.clinic.setupmatch import compare_setups
    from kneetrack.clinic.visit import session_before

    new = "new session" if visit.begun else "going on with session"
    inform(f"{visit.client.code}: {new} {visit.session.number}, {visit.protocol.title}")
    for remark in visit.remarks:
        inform(f"Note: {remark}.")
    last = session_before(store, visit.session)
    if last is None:
        return
    for difference in compare_setups(last.setup, visit.session.setup):
        if not difference.untold:
            then = "; changes will not be called real" if difference.bars else ""
            inform(f"Unlike session {last.number}: {difference.says}{then}.")


def fail_left(store: Store, visit: Visit) -> None:
    """What a crash left of this session has failed; the takes are measured anew."""
    from kneetrack.clinic.at_work import fail_left_over
    from kneetrack.clinic.naming import trial_name

    trials = store.trials(visit.session.id)
    for trial in fail_left_over(store, visit.session.id):
        inform(f"{trial_name(trial, trials)} was broken off last time; it is measured anew.")


def say_stopped(store: Store, visit: Visit, *, new: bool) -> None:
    """After Ctrl-C: how to go on. A new session in which nothing was finished is not kept."""
    from kneetrack.clinic.at_work import BROKEN_OFF

    trials = store.trials(visit.session.id)
    empty = all(t.status == "failed" and t.reason == BROKEN_OFF for t in trials)
    if visit.begun and empty:
        store.delete_session(visit.session.id)
        inform("Stopped. Nothing was measured yet: no session was kept.")
    elif new:
        instead = f"with --session {visit.session.number} in place of --new-session"
        inform(f"Stopped. The same command {instead} goes on with what is not measured yet.")
    else:
        inform("Stopped. The same command goes on with what is not measured yet.")


def say_end(store: Store, visit: Visit) -> None:
    """What is missing, and where to look."""
    from kneetrack.clinic.visit import close_when_done, missing_takes, missing_words

    trials = store.trials(visit.session.id)
    if visit.begun and not trials:
        store.delete_session(visit.session.id)
        inform("Nothing was measured: no session was kept.")
        return
    missing = missing_takes(visit.protocol, trials)
    code = f"'{visit.client.code}'" if " " in visit.client.code else visit.client.code
    if close_when_done(store, visit):
        optional = f" (left out: {missing_words(missing)})" if missing else ""
        inform(f"Session {visit.session.number} is complete{optional}.")
    else:
        inform(f"Session {visit.session.number} stays open: {missing_words(missing)} missing.")
    inform(f"Look at it: kneetrack session {code} {visit.session.number}")

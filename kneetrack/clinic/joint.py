"""One protocol for several sessions: what may be compared of sessions that had different ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from kneetrack.clinic_records.plans import Protocol, Step
from kneetrack.clinic_records.visits import Session
from kneetrack.records import KneetrackError
from kneetrack.store.store import Store


def protocol_of(store: Store, sessions: Sequence[Session]) -> Protocol:
    """The protocol of the last session, and after its steps those of the others that it has not.

    Where a protocol's file is gone, steps are made of what was measured.
    """
    if not sessions:
        return Protocol("", "", 1, ())
    steps: dict[str, Step] = {}
    last = _loaded(store, sessions[-1])
    for session in _newest_of_each(sessions):
        for step in (last if session.protocol == last.name else _loaded(store, session)).steps:
            steps.setdefault(step.key, step)
    return replace(last, steps=tuple(steps.values()))


def titles_of(store: Store, sessions: Sequence[Session]) -> str:
    """What the protocols of the sessions are called, that of the last session first."""
    titles = (_loaded(store, session).title for session in _newest_of_each(sessions))
    return ", ".join(dict.fromkeys(titles))


def _newest_of_each(sessions: Sequence[Session]) -> list[Session]:
    """The newest session of each protocol, newest first."""
    latest = {session.protocol: session for session in sessions}
    return sorted(latest.values(), key=lambda s: s.number, reverse=True)


def _loaded(store: Store, session: Session) -> Protocol:
    from kneetrack.clinic.protocols import load_protocol

    try:
        return load_protocol(session.protocol)
    except KneetrackError:
        steps: dict[str, Step] = {}
        for trial in (t for t in store.trials(session.id) if t.status == "good"):
            known = steps.get(trial.step)
            views = dict.fromkeys((*(known.views if known else ()), trial.view))
            title = trial.step.replace("_", " ").capitalize()
            steps[trial.step] = Step(trial.step, title, trial.exercise, tuple(views))
        return Protocol(
            session.protocol, session.protocol, session.protocol_version, tuple(steps.values())
        )

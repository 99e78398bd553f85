"""What a report rests on: the visit, the one it is compared with, and what was measured in both."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Final

from kneetrack.clinic.change import changes, protocol_of
from kneetrack.clinic.filed import Filed
from kneetrack.clinic.kept import current_result
from kneetrack.clinic.prescribed_limits import PrescribedLimits, held_at, limits_of
from kneetrack.clinic.sessions import Measured, measured
from kneetrack.clinic.setupmatch import SetupMatch, match_setups
from kneetrack.clinic_records.kinds import Purpose
from kneetrack.clinic_records.numbers import Change
from kneetrack.clinic_records.people import Client
from kneetrack.clinic_records.plans import Protocol, Step
from kneetrack.clinic_records.visits import Session, Trial
from kneetrack.records import KneetrackError, SettingsError
from kneetrack.result import Result
from kneetrack.store.store import Store

_LEG: Final = re.compile(r",? (?:on the |on your )?(?:left|right)(?: leg)?$", re.IGNORECASE)


@dataclass(frozen=True)
class Visit:
    """A session with everything that its report needs; before: the one it is compared with."""

    store: Store
    client: Client
    session: Session
    protocol: Protocol
    now: Measured
    before: Measured | None
    setup: SetupMatch | None
    changes: tuple[Change, ...]
    coaching: bool
    today: date

    @cached_property
    def allows(self) -> frozenset[Purpose]:
        """What the consent in force allows; nothing without one."""
        consent = self.store.consent_now(self.client.id)
        return frozenset() if consent is None else frozenset(consent.facts.allows)

    @cached_property
    def limits(self) -> PrescribedLimits | None:
        """How deep the client was to go at the time of the session; None: nothing prescribed."""
        return limits_of(held_at(self.store.prescriptions(self.client.id), self.session.at))

    @cached_property
    def results(self) -> dict[str, Result]:
        """Results as they now stand, by trial; a file that cannot be read is passed over."""
        found: dict[str, Result] = {}
        for trial in self.now.trials:
            try:
                found[trial.id] = current_result(self.store, trial.id)
            except KneetrackError:
                continue
        return found

    def title(self, step: str) -> str:
        """The title of a step; steps of one leg each share theirs."""
        return leg_free(self.full_title(step))

    def full_title(self, step: str) -> str:
        """The title of a step as it stands in the protocol."""
        known = self.protocol.step(step)
        return known.title if known else step.replace("_", " ").capitalize()

    def takes(self) -> Iterator[tuple[Step, Trial]]:
        """The good trials in the protocol's order of steps and views."""
        for step in self.protocol.steps:
            for view in step.views:
                for trial in self.now.trials:
                    if (trial.step, trial.view) == (step.key, view):
                        yield step, trial


def visit(
    store: Store, session_id: str, *, coaching: bool, today: date, compare: int | None = None
) -> Visit:
    """Everything about a session. compare: number of the session to compare with; None: the one
    before it with a take that counts. Raises SettingsError, UnknownRecordError, StoreError."""
    session = store.session(session_id)
    client = store.client(session.client_id)
    protocol = protocol_of(store, [session])
    filed = Filed(store)
    now = measured(store, session, protocol, filed)
    before = _before(store, session, protocol, compare, filed)
    setup = match_setups(before, now, filed) if before is not None else None
    adopted = store.adopted_reliability()
    found = changes(before, now, setup, adopted) if before is not None and setup else []
    return Visit(
        store, client, session, protocol, now, before, setup, tuple(found), coaching, today
    )


def _before(
    store: Store, session: Session, protocol: Protocol, compare: int | None, filed: Filed
) -> Measured | None:
    others = [s for s in store.sessions(session.client_id) if s.id != session.id]
    if compare is not None:
        chosen = [s for s in others if s.number == compare]
        if not chosen:
            there = ", ".join(str(s.number) for s in others if s.number < session.number)
            earlier_ones = f"earlier ones are {there}" if there else "there is no earlier one"
            raise SettingsError(f"there is no other session {compare}: {earlier_ones}")
        if compare > session.number:
            raise SettingsError(
                f"session {compare} is later than session {session.number}: make the report of "
                f"session {compare} and compare it with {session.number}"
            )
        return measured(store, chosen[0], protocol, filed)
    earlier = [s for s in others if s.number < session.number]
    for other in sorted(earlier, key=lambda s: -s.number):
        found = measured(store, other, protocol, filed)
        if found.trials:
            return found
    return None


def leg_free(title: str) -> str:
    """A title without its leg: "Single-leg squat, left" and "Balance on the left leg"."""
    return _LEG.sub("", title) or title


def group_of(step: str) -> str:
    """Steps of one leg each are shown side by side."""
    return step.removesuffix("_left").removesuffix("_right")


def day(at: datetime | date) -> str:
    """ "12 January 2027", where the reader is."""
    local = at.astimezone() if isinstance(at, datetime) else at
    return f"{local:%d %B %Y}".lstrip("0")


def view_word(view: str) -> str:
    """ "foot end" for "foot_end"."""
    return view.replace("_", " ")

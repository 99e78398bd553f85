"""One tidy table of the numbers of many clients, for those who agreed to it."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Final

from kneetrack.clinic.change import protocol_of
from kneetrack.clinic.plain_csv import safe_cell
from kneetrack.clinic.sessions import measured
from kneetrack.clinic_records.people import Client
from kneetrack.clinic_records.visits import Session
from kneetrack.recorded import Progress
from kneetrack.report.writing import whole_file
from kneetrack.store.store import Store

HEADER: Final = (
    *("client", "age_decade", "complaint", "session", "days_since_first", "protocol"),
    *("protocol_version", "footwear", "step", "exercise", "view", "measure", "side", "rep"),
    *("value", "error", "sd", "unit", "reps", "reps_total", "valid", "corrected", "why_not"),
)
"""rep: its number, or "mean" for the mean over the valid repetitions."""
_PAGE: Final = 200


def export_cohort(
    store: Store, path: Path, *, today: date | None = None, progress: Progress | None = None
) -> int:
    """Write one CSV of everybody whose consent in force allows "cohort"; returns how many.

    Neither code nor initials, notes, ids of the store or dates are in it: a pseudonym that stays
    the same from export to export, the decade of age, and days since the first visit. Whole or not
    at all. Leaves an audit line. Raises StoreError, OutputError.
    """
    on = today or date.today()
    chosen = [client for client in _clients(store) if _agreed(store, client, on)]
    with whole_file(path) as part, part.open("x", encoding="utf-8", newline="") as stream:
        table = csv.writer(stream, lineterminator="\n")
        table.writerow(HEADER)
        for number, client in enumerate(sorted(chosen, key=pseudonym), 1):
            for row in _rows(store, client):
                table.writerow([safe_cell(value) for value in row])
            if progress is not None:
                progress("exporting", number, len(chosen))
    store.note_audit("exported", "cohort", "", f"{len(chosen)} clients")
    return len(chosen)


def pseudonym(client: Client) -> str:
    """The same client's name in every table; only who has the store can tell whose it is."""
    return "c" + hashlib.sha256(f"kneetrack cohort {client.id}".encode()).hexdigest()[:12]


def age_decade(birth_year: int | None, at: date) -> str:
    """ "30-39" on that day, give or take the birthday; "" when not told."""
    if birth_year is None or at.year < birth_year:
        return ""
    first = (at.year - birth_year) // 10 * 10
    return f"{first}-{first + 9}"


def _clients(store: Store) -> Iterator[Client]:
    offset = 0
    while lines := store.client_lines(offset=offset, limit=_PAGE):
        yield from (line.client for line in lines)
        offset += len(lines)


def _agreed(store: Store, client: Client, on: date) -> bool:
    consent = store.consent_now(client.id, on)
    return consent is not None and "cohort" in consent.facts.allows


def _rows(store: Store, client: Client) -> Iterator[Sequence[Any]]:
    sessions = store.sessions(client.id)
    for session in sessions:
        facts = (
            *(pseudonym(client), age_decade(client.facts.birth_year, _day(session))),
            *(client.facts.complaint, session.number, (_day(session) - _day(sessions[0])).days),
            *(session.protocol, session.protocol_version, session.setup.footwear),
        )
        for row in _session_rows(store, session):
            yield (*facts, *row)


def _day(session: Session) -> date:
    """Where the clinic is."""
    return session.at.astimezone().date()


def _session_rows(store: Store, session: Session) -> Iterator[Sequence[Any]]:
    found = measured(store, session, protocol_of(store, [session]))
    steps = {trial.id: trial.step for trial in found.trials}
    for r in found.readings:
        if r.rep:
            yield (
                *(steps[r.trial_id], r.exercise, r.view, r.measure, r.side, r.rep, r.value),
                *(r.error, None, r.unit, None, None, r.valid, r.corrected, ""),
            )
    for v in found.values:
        key = v.key
        yield (
            *(key.step, key.exercise, key.view, key.measure, key.side, "mean", v.value, v.error),
            *(v.sd, key.unit, v.reps, v.reps_total, v.value is not None, v.corrected, v.why_not),
        )

"""The page of a session, and what is done to its takes."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from kneetrack.clinic import intake
from kneetrack.clinic.change import protocol_of
from kneetrack.clinic.sessions import session_values, side_differences
from kneetrack.clinic.trial_notes import noted, notes_of
from kneetrack.web.pages import go, page
from kneetrack.web.session.asked import Id, reason_of
from kneetrack.web.session.sessionview import (
    neighbours,
    setup_rows,
    step_rows,
)
from kneetrack.web.session.trialview import meanings
from kneetrack.web.visit import field_of, store_of

router = APIRouter()


@router.get("/sessions/{session_id}")
def session_page(request: Request, session_id: Id) -> Response:
    """A row a step: takes, numbers, scores; setup facts; the report."""
    store = store_of(request)
    session = store.session(session_id)
    trials = store.trials(session_id)
    protocol = protocol_of(store, [session])
    values = session_values(store, session, protocol)
    differences = side_differences(values)
    rows = step_rows(
        protocol,
        trials,
        values,
        differences,
        store.scores(session_id),
        {t.id: len(store.corrections(t.id)) for t in trials if t.status == "good"},
    )
    every = store.sessions(session.client_id)
    before, after = neighbours(every, session_id)
    return page(
        request,
        "session/session.html",
        session=session,
        client=store.client(session.client_id),
        protocol=protocol,
        rows=[row for row in rows if row.begun],
        missing=[row for row in rows if not row.begun],
        working=[trial for trial in trials if trial.status == "under_way"],
        corrected=any(number.corrected for row in rows for number in row.numbers),
        notes={trial.id: notes_of(store, trial, protocol.step(trial.step)) for trial in trials},
        meanings=meanings(number.measure for row in rows for number in row.numbers),
        setup=setup_rows(session.setup),
        sessions=len(every),
        before=before,
        after=after,
    )


@router.post("/sessions/{session_id}/close")
def close_session(request: Request, session_id: Id) -> Response:
    """Done for today, or opened again."""
    closed = field_of(request, "closed", "yes") == "yes"
    store_of(request).close_session(session_id, closed=closed)
    return go(request, f"/sessions/{session_id}", "session-closed" if closed else "session-opened")


@router.post("/trials/{trial_id}/note")
def note_trial(request: Request, trial_id: Id) -> Response:
    """A note of the clinician, beside what the take check wrote."""
    store = store_of(request)
    trial = store.trial(trial_id)
    protocol = protocol_of(store, [store.session(trial.session_id)])
    noted(store, trial, protocol.step(trial.step), field_of(request, "note")[:2000])
    return _back(request, trial_id, "trial-noted")


@router.post("/trials/{trial_id}/reject")
def reject_trial(request: Request, trial_id: Id) -> Response:
    """It is kept and does not count."""
    store_of(request).reject_trial(trial_id, reason_of(request, "leaving out a take"))
    return _back(request, trial_id, "trial-rejected")


@router.post("/trials/{trial_id}/restore")
def restore_trial(request: Request, trial_id: Id) -> Response:
    """It counts again."""
    store = store_of(request)
    intake.restore_trial(store, store.trial(trial_id))
    return _back(request, trial_id, "trial-restored")


def _back(request: Request, trial_id: str, said: str) -> Response:
    """To the page that the form was on: the trial's own, or its session's."""
    if field_of(request, "from") == "trial":
        return go(request, f"/trials/{trial_id}", said)
    trial = store_of(request).trial(trial_id)
    return go(request, f"/sessions/{trial.session_id}?said={said}#step-{trial.step}")

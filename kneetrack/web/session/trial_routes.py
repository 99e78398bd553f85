"""The page of one take."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from fastapi import APIRouter, Request, Response

from kneetrack.clinic.change import protocol_of
from kneetrack.clinic.correction_words import VERDICT_WORDS
from kneetrack.clinic.readings import numbers_of
from kneetrack.clinic.trial_notes import notes_of
from kneetrack.clinic_records.numbers import Reading
from kneetrack.clinic_records.plans import Step
from kneetrack.clinic_records.visits import Session, Trial
from kneetrack.records import UnknownRecordError
from kneetrack.report.take import view_text
from kneetrack.store import Store
from kneetrack.web.pages import page
from kneetrack.web.session.asked import Id
from kneetrack.web.session.reading import ShownTake, read_take
from kneetrack.web.session.sessionview import VIEW_TITLES, deepest
from kneetrack.web.session.takedata import landmark_title, shown_landmarks
from kneetrack.web.session.trialview import (
    RepNumbers,
    correction_view,
    meanings,
    recounted,
    rep_numbers,
)
from kneetrack.web.session.verdictview import overruled_of, verdict_views
from kneetrack.web.visit import field_of, store_of, visit_of

router = APIRouter()
FormName = Literal["landmark", "bounds", "verdict"]


@dataclass(frozen=True, slots=True)
class Refused:
    """A form of the page that was sent and not carried out, and why."""

    form: FormName
    reason: str


@router.get("/trials/{trial_id}")
def trial_page(request: Request, trial_id: Id, coaching: bool = False) -> Response:
    """Picture and curves in step, repetitions, corrections."""
    return show_trial(request, trial_id, coaching=coaching)


def show_trial(
    request: Request, trial_id: str, *, coaching: bool = False, refused: Refused | None = None
) -> Response:
    """The page of a take. refused: the form that opens with its reason and what was typed."""
    store = store_of(request)
    trial = store.trial(trial_id)
    if trial.status not in ("good", "rejected"):
        raise UnknownRecordError(
            f"this take has no numbers: {trial.reason or 'it is not finished'}"
        )
    shown = read_take(store, trial_id)
    session = shown.session
    result = shown.current
    step = _step(store, session, trial)
    readings = store.readings(trial_ids=[trial_id])
    verdicts = verdict_views(store.verdict_lines(trial_id), readings, overruled_of(result.reps))
    numbers = _numbers(shown, readings)
    return page(
        request,
        "session/trial.html",
        status=422 if refused else 200,
        refused=refused,
        typed={name: field_of(request, name) for name in visit_of(request).form},
        standing=standing_of(store, trial_id),
        trial=trial,
        session=session,
        client=store.client(session.client_id),
        step=step,
        notes=notes_of(store, trial, step),
        view_title=VIEW_TITLES[trial.view],
        seen=view_text(result.view),
        size=result.source.size_px,
        shown=shown.curves(coaching=coaching),
        coaching=coaching,
        numbers=numbers,
        meanings=meanings(column.measure for column in numbers.columns),
        recounted=recounted(shown.original.reps, result.reps),
        was_reps=len(shown.original.reps),
        timed=any(column.measure in ("descent", "ascent") for column in numbers.columns),
        corrections=[correction_view(c) for c in shown.corrections],
        verdicts=verdicts,
        states=list(VERDICT_WORDS.items()),
        landmarks=[(i, landmark_title(i)) for i in shown_landmarks(result.view.name)],
        sided=result.exercise in ("single_leg_squat", "lateral_lunge", "single_leg_stance"),
        deepest=deepest(result.exercise),
        correcting=refused is not None or "correcting" in request.query_params,
        compare=_compare_link(store, session, trial),
    )


def standing_of(store: Store, trial_id: str) -> str:
    """Tells one state of a take's corrections from another."""
    ids = ",".join(correction.id for correction in store.corrections(trial_id))
    return hashlib.sha256(ids.encode()).hexdigest()[:16]


def _numbers(shown: ShownTake, readings: Sequence[Reading]) -> RepNumbers:
    first = numbers_of(shown.trial.id, shown.original).readings
    return rep_numbers(shown.original.reps, shown.current.reps, readings, first)


def _step(store: Store, session: Session, trial: Trial) -> Step:
    protocol = protocol_of(store, [session])
    known = protocol.step(trial.step)
    return known or Step(trial.step, trial.step, trial.exercise, (trial.view,))


def _compare_link(store: Store, session: Session, trial: Trial) -> str:
    """Beside the session before (of the first one: after); "" when there is no other."""
    every = store.sessions(session.client_id)
    at = next(i for i, one in enumerate(every) if one.id == session.id)
    if len(every) < 2:
        return ""
    after = every[max(at, 1)]
    before = every[max(at, 1) - 1]
    where = f"before={before.id}&after={after.id}&step={trial.step}&view={trial.view}"
    return f"/clients/{session.client_id}/compare?{where}"

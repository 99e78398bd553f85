"""Sessions: to begin one, to change what was written down of it, to delete one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Final

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from kneetrack.clinic.protocols import (
    DEFAULT,
    known_protocols,
    load_protocol,
    protocol_names,
)
from kneetrack.clinic.setupmatch import compare_setups
from kneetrack.clinic_records.visits import Session, SetupFacts
from kneetrack.records import KneetrackError, SettingsError
from kneetrack.web.guard import clinician_only
from kneetrack.web.ids import Id
from kneetrack.web.incoming import Incoming
from kneetrack.web.pages import go, page
from kneetrack.web.seen import Differing, mark_of, overtaken, wrong_field
from kneetrack.web.visit import config_of, field_of, store_of

router = APIRouter(dependencies=[Depends(clinician_only)])
LONGEST_NOTES: Final = 4000
_TEXTS: Final = ("footwear", "stance", "clothing", "camera")
_LENGTHS: Final = {"distance_m": "distance", "camera_height_m": "camera height"}
_METRES: Final = re.compile(r"\s*(?:m|metres?|meters?)\.?$", re.IGNORECASE)
_TITLES: Final = {
    "distance_m": "Camera to client, metres",
    "camera_height_m": "Lens above the floor, metres",
    "footwear": "Footwear",
    "stance": "Stance",
    "clothing": "Clothing",
    "camera": "Camera",
    "notes": "Notes",
}
_FIELDS: Final = {
    "distance": "distance_m",
    "camera height": "camera_height_m",
    "footwear": "footwear",
    "stance": "stance",
    "clothing": "clothing",
    "camera:": "camera",
    "notes": "notes",
}
"""What a message speaks of -> the field of the form."""


@router.get("/clients/{client_id}/sessions/new")
def new_session(request: Request, client_id: Id) -> Response:
    """The form, filled with the setup of last time."""
    store = store_of(request)
    before = store.sessions(client_id)
    typed = _shown(before[-1].setup if before else SetupFacts())
    typed |= {"notes": "", "protocol": before[-1].protocol if before else DEFAULT}
    return _new_form(request, client_id, typed)


@router.post("/clients/{client_id}/sessions/new")
def begin_session(request: Request, client_id: Id) -> Response:
    """Begins one; clips come next."""
    store = store_of(request)
    name = field_of(request, "protocol")
    try:
        if name not in protocol_names():
            raise SettingsError("choose a protocol")
        session = store.begin_session(
            store.client(client_id).id,
            name,
            load_protocol(name).version,
            _setup(request),
            notes=_notes(request),
            at=config_of(request).now(),
        )
    except KneetrackError as error:
        return _new_form(request, client_id, _typed(request), str(error))
    return go(request, f"/sessions/{session.id}/upload", "session-begun")


@router.post("/clients/{client_id}/sessions/differs")
def differs(request: Request, client_id: Id) -> Response:
    """What is not as it was last time, as one types."""
    before = store_of(request).sessions(client_id)
    try:
        different = compare_setups(before[-1].setup, _setup(request)) if before else []
    except SettingsError as error:
        return page(request, "sessions/differs.html", different=[], problem=str(error))
    return page(request, "sessions/differs.html", different=different, problem="")


@router.get("/sessions/{session_id}/edit")
def edit_session(request: Request, session_id: Id) -> Response:
    """The form for other setup facts and notes."""
    session = store_of(request).session(session_id)
    return _edit_form(request, session_id, _written(session))


@router.post("/sessions/{session_id}/edit")
def change_session(request: Request, session_id: Id) -> Response:
    """Changes them, unless somebody else has done so since the form was shown."""
    session, typed = store_of(request).session(session_id), _typed(request)
    other = overtaken(request, _written(session), typed, _TITLES)
    if other:
        return _edit_form(request, session_id, typed, other=other)
    try:
        store_of(request).change_session(session_id, setup=_setup(request), notes=_notes(request))
    except SettingsError as error:
        return _edit_form(request, session_id, _typed(request), str(error))
    return go(request, f"/sessions/{session_id}", "session-changed")


@router.get("/sessions/{session_id}/delete")
def ask_delete(request: Request, session_id: Id) -> Response:
    """What would go, and the question."""
    store = store_of(request)
    session = store.session(session_id)
    return page(
        request,
        "sessions/delete.html",
        session=session,
        client=store.client(session.client_id),
        trials=len(store.trials(session_id)),
    )


@router.post("/sessions/{session_id}/delete")
def delete_session(request: Request, session_id: Id) -> Response:
    """Deletes it with its takes and files."""
    store = store_of(request)
    session = store.session(session_id)
    request.app.state.jobs.cancel({session_id})
    Incoming(store.files).drop_sessions({session_id})
    gone = store.delete_session(session_id)
    if gone.left:
        return page(request, "clients/left.html", gone=gone)
    return go(request, f"/clients/{session.client_id}", "session-deleted")


def _new_form(
    request: Request, client_id: str, typed: dict[str, str], problem: str = ""
) -> Response:
    store = store_of(request)
    before = store.sessions(client_id)
    values: dict[str, Any] = {
        "client": store.client(client_id),
        "consent": store.consent_now(client_id),
        "last": before[-1] if before else None,
        "protocols": known_protocols(),
    }
    return page(
        request,
        "sessions/new.html",
        status=422 if problem else 200,
        wrong=wrong_field(problem, _FIELDS),
        typed=typed,
        problem=problem,
        **values,
    )


def _edit_form(
    request: Request,
    session_id: str,
    typed: dict[str, str],
    problem: str = "",
    other: Sequence[Differing] = (),
) -> Response:
    store = store_of(request)
    session = store.session(session_id)
    return page(
        request,
        "sessions/edit.html",
        status=422 if problem else 409 if other else 200,
        seen=mark_of(_written(session)),
        other=other,
        wrong=wrong_field(problem, _FIELDS),
        session=session,
        client=store.client(session.client_id),
        typed=typed,
        problem=problem,
    )


def _shown(setup: SetupFacts) -> dict[str, str]:
    texts = {name: str(getattr(setup, name)) for name in _TEXTS}
    for name in _LENGTHS:
        value = getattr(setup, name)
        texts[name] = "" if value is None else f"{value:g}"
    return texts


def _written(session: Session) -> dict[str, str]:
    return _shown(session.setup) | {"notes": session.notes}


def _typed(request: Request) -> dict[str, str]:
    names = (*_LENGTHS, *_TEXTS, "notes", "protocol")
    return {name: field_of(request, name) for name in names}


def _setup(request: Request) -> SetupFacts:
    lengths = {name: _metres(field_of(request, name), said) for name, said in _LENGTHS.items()}
    texts = {name: field_of(request, name) for name in _TEXTS}
    return SetupFacts(
        distance_m=lengths["distance_m"], camera_height_m=lengths["camera_height_m"], **texts
    )


def _metres(text: str, what: str) -> float | None:
    if not text:
        return None
    try:
        return float(_METRES.sub("", text).replace(",", "."))
    except ValueError as error:
        raise SettingsError(f"the {what} must be a number of metres, such as 3.0") from error


def _notes(request: Request) -> str:
    notes = field_of(request, "notes")
    if len(notes) > LONGEST_NOTES:
        raise SettingsError(f"notes are at most {LONGEST_NOTES} characters")
    return notes

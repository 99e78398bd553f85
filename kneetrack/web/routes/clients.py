"""Clients: to find one, to look at one, to add, change and delete one."""

from __future__ import annotations

from contextlib import suppress
from typing import Any, Final

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from kneetrack.clinic_records.kinds import COMPLAINTS
from kneetrack.clinic_records.people import ClientFacts
from kneetrack.records import SettingsError, UnknownRecordError
from kneetrack.web.guard import clinician_only
from kneetrack.web.ids import Id
from kneetrack.web.incoming import Incoming, Upload
from kneetrack.web.pages import go, is_htmx, page
from kneetrack.web.seen import mark_of, overtaken, wrong_field
from kneetrack.web.visit import field_of, store_of, visit_of

router = APIRouter()
CLINICIANS: Final = [Depends(clinician_only)]
A_PAGE: Final = 25
NEW: Final = ClientFacts(code="x")
TITLES: Final = {
    "code": "Code",
    "initials": "Initials",
    "birth_year": "Year of birth",
    "complaint": "Side of complaint",
    "notes": "Notes",
}
FIELDS: Final = {
    "the code": "code",
    "initials": "initials",
    "year of birth": "birth_year",
    "side of complaint": "complaint",
    "notes": "notes",
}
"""What a message speaks of -> the field of the form."""


@router.get("/")
def start(request: Request) -> Response:
    """Search, clients measured last, recent sessions, uploads that are not done."""
    store = store_of(request)
    recent = [(s, store.client(s.client_id)) for s in store.recent_sessions(8)]
    waiting: dict[str, list[Upload]] = {}
    if visit_of(request).may_change:
        for upload in Incoming(store.files).all():
            waiting.setdefault(upload.session_id, []).append(upload)
    unfinished = []
    for session_id, uploads in waiting.items():
        with suppress(UnknownRecordError):  # deleted at another station
            session = store.session(session_id)
            unfinished.append((session, store.client(session.client_id), uploads))
    found = _found(request, "")
    return page(request, "start.html", recent=recent, unfinished=unfinished, text="", **found)


@router.post("/clients/search")
def search(request: Request) -> Response:
    """Clients as one types. By POST: what is typed must not stand in an address."""
    text = field_of(request, "text")[:40]
    template = "clients/found.html" if is_htmx(request) else "clients/list.html"
    return page(request, template, text=text, **_found(request, text))


@router.get("/clients")
def clients(request: Request) -> Response:
    """Every client, page by page."""
    return page(request, "clients/list.html", text="", **_found(request, ""))


@router.get("/clients/new", dependencies=CLINICIANS)
def new_client(request: Request) -> Response:
    """The form for a new client."""
    return _form(request, _shown(NEW) | {"code": ""})


@router.post("/clients/new")
def add_client(request: Request) -> Response:
    """Adds one; consent comes next."""
    try:
        client = store_of(request).add_client(_facts(request))
    except SettingsError as error:
        return _form(request, _typed(request), problem=str(error))
    return go(request, f"/clients/{client.id}/consent", "client-added")


@router.get("/clients/{client_id}")
def client_page(request: Request, client_id: Id) -> Response:
    """Facts, consent, sessions, and what can be done."""
    store = store_of(request)
    client = store.client(client_id)
    return page(
        request,
        "clients/client.html",
        client=client,
        consent=store.consent_now(client.id),
        consents=store.consents(client.id),
        sessions=store.sessions(client.id)[::-1],
        practices=store.practices(client.id),
        prescription=store.prescription_now(client.id),
    )


@router.get("/clients/{client_id}/edit", dependencies=CLINICIANS)
def edit_client(request: Request, client_id: Id) -> Response:
    """The form for other facts."""
    client = store_of(request).client(client_id)
    return _form(request, _shown(client.facts), client=client)


@router.post("/clients/{client_id}/edit")
def change_client(request: Request, client_id: Id) -> Response:
    """Changes the facts, unless somebody else has done so since the form was shown."""
    store = store_of(request)
    client = store.client(client_id)
    other = overtaken(request, _shown(client.facts), _typed(request), TITLES)
    if other:
        return _form(request, _typed(request), client=client, other=other)
    try:
        store.change_client(client.id, _facts(request))
    except SettingsError as error:
        return _form(request, _typed(request), client=client, problem=str(error))
    return go(request, f"/clients/{client.id}", "client-changed")


@router.get("/clients/{client_id}/delete", dependencies=CLINICIANS)
def ask_delete(request: Request, client_id: Id) -> Response:
    """What would go, and the question."""
    return _delete_page(request, client_id)


@router.post("/clients/{client_id}/delete")
def delete_client(request: Request, client_id: Id) -> Response:
    """Deletes everything of theirs, when the code was typed."""
    store = store_of(request)
    client = store.client(client_id)
    if field_of(request, "code").casefold() != client.code.casefold():
        return _delete_page(request, client_id, problem="The code is not the same.")
    sessions = {session.id for session in store.sessions(client.id)}
    request.app.state.jobs.cancel(sessions)
    Incoming(store.files).drop_sessions(sessions)
    gone = store.delete_client(client.id)
    if gone.left:
        return page(request, "clients/left.html", gone=gone)
    return go(request, "/clients", "client-deleted")


def _delete_page(request: Request, client_id: str, problem: str = "") -> Response:
    store = store_of(request)
    return page(
        request,
        "clients/delete.html",
        status=422 if problem else 200,
        client=store.client(client_id),
        sessions=len(store.sessions(client_id)),
        practices=len(store.practices(client_id)),
        problem=problem,
    )


def _form(request: Request, typed: dict[str, str], **values: Any) -> Response:
    values = {"client": None, "problem": "", "other": [], **values}
    client = values["client"]
    return page(
        request,
        "clients/form.html",
        status=422 if values["problem"] else 409 if values["other"] else 200,
        typed=typed,
        complaints=COMPLAINTS,
        wrong=wrong_field(values["problem"], FIELDS),
        seen=mark_of(_shown(client.facts)) if client else "",
        **values,
    )


def _shown(facts: ClientFacts) -> dict[str, str]:
    return {
        "code": facts.code,
        "initials": facts.initials,
        "birth_year": "" if facts.birth_year is None else str(facts.birth_year),
        "complaint": facts.complaint,
        "notes": facts.notes,
    }


def _typed(request: Request) -> dict[str, str]:
    return {name: field_of(request, name) for name in _shown(NEW)}


def _facts(request: Request) -> ClientFacts:
    typed = _typed(request)
    year = typed["birth_year"]
    if year and not (year.isdecimal() and len(year) == 4):
        raise SettingsError(f"year of birth {year[:20]!r}: write four digits, such as 1984")
    complaint = next((c for c in COMPLAINTS if c == (typed["complaint"] or "none")), None)
    if complaint is None:
        raise SettingsError("choose the side of complaint")
    return ClientFacts(
        code=typed["code"],
        initials=typed["initials"],
        birth_year=int(year) if year else None,
        complaint=complaint,
        notes=typed["notes"],
    )


def _found(request: Request, text: str) -> dict[str, Any]:
    store = store_of(request)
    number = request.query_params.get("page", "1")
    here = min(max(int(number), 1), 100_000) if number.isdecimal() and len(number) < 7 else 1
    lines = store.client_lines(text, offset=(here - 1) * A_PAGE, limit=A_PAGE)
    total = store.count_clients(text)
    return {"lines": lines, "total": total, "here": here, "pages": max(1, -(-total // A_PAGE))}

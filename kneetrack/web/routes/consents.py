"""Consent: to give, to withdraw, and whose has run out."""

from __future__ import annotations

from datetime import date
from typing import Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from kneetrack.clinic_records.kinds import PURPOSES
from kneetrack.clinic_records.people import ConsentFacts
from kneetrack.records import SettingsError, UnknownRecordError
from kneetrack.web.guard import clinician_only
from kneetrack.web.ids import Id
from kneetrack.web.incoming import Incoming
from kneetrack.web.pages import go, page
from kneetrack.web.visit import config_of, field_of, fields_of, store_of

router = APIRouter(dependencies=[Depends(clinician_only)])
YEARS = 2


@router.get("/clients/{client_id}/consent")
def consent_form(request: Request, client_id: Id) -> Response:
    """The form for a new consent."""
    today = _today(request)
    leap_day = (today.month, today.day) == (2, 29)
    until = today.replace(year=today.year + YEARS, day=28 if leap_day else today.day)
    typed = {"given_on": today.isoformat(), "keep_until": until.isoformat()}
    return _form(request, client_id, typed | {"purpose": "", "guardian": ""}, ["measurements"])


@router.post("/clients/{client_id}/consent")
def give_consent(request: Request, client_id: Id) -> Response:
    """Writes a new consent down: it holds from now on."""
    store = store_of(request)
    client = store.client(client_id)
    try:
        store.give_consent(client.id, _facts(request))
    except SettingsError as error:
        names = ("given_on", "keep_until", "purpose", "guardian")
        typed = {name: field_of(request, name) for name in names}
        return _form(request, client_id, typed, fields_of(request, "allows"), str(error))
    return go(request, f"/clients/{client.id}", "consent-given")


@router.get("/clients/{client_id}/consents/{consent_id}/withdraw")
def ask_withdraw(request: Request, client_id: Id, consent_id: Id) -> Response:
    """What a withdrawal does, and the question."""
    store = store_of(request)
    consent = next((c for c in store.consents(client_id) if c.id == consent_id), None)
    if consent is None:
        raise UnknownRecordError("there is no such consent")
    return page(request, "consents/withdraw.html", client=store.client(client_id), consent=consent)


@router.post("/clients/{client_id}/consents/{consent_id}/withdraw")
def withdraw(request: Request, client_id: Id, consent_id: Id) -> Response:
    """Withdraws it; clips on their way go, too."""
    store = store_of(request)
    if consent_id not in {c.id for c in store.consents(client_id)}:
        raise UnknownRecordError("there is no such consent")
    store.withdraw_consent(consent_id)
    if store.consent_now(client_id) is None:
        sessions = {s.id for s in store.sessions(client_id)}
        request.app.state.jobs.cancel(sessions)
        Incoming(store.files).drop_sessions(sessions)
    return go(request, f"/clients/{client_id}", "consent-withdrawn")


@router.get("/expiry")
def expiry(request: Request) -> Response:
    """Clients whose consents have all run out: their records are to be deleted."""
    store = store_of(request)
    rows = [(client, store.consents(client.id)[0]) for client in store.expired(_today(request))]
    return page(request, "consents/expiry.html", rows=rows)


def _today(request: Request) -> date:
    return config_of(request).now().astimezone().date()


def _form(
    request: Request, client_id: str, typed: dict[str, str], allows: list[str], problem: str = ""
) -> Response:
    client = store_of(request).client(client_id)
    values: dict[str, Any] = {"client": client, "typed": typed, "allows": allows}
    return page(
        request,
        "consents/form.html",
        status=422 if problem else 200,
        problem=problem,
        purposes=PURPOSES,
        **values,
    )


def _facts(request: Request) -> ConsentFacts:
    ticked = set(fields_of(request, "allows"))
    until = field_of(request, "keep_until")
    return ConsentFacts(
        given_on=_day(field_of(request, "given_on"), "the day of the consent"),
        purpose=field_of(request, "purpose"),
        allows=frozenset(p for p in PURPOSES if p in ticked or p == "measurements"),
        keep_until=_day(until, "the day until which records are kept") if until else None,
        guardian=field_of(request, "guardian"),
    )


def _day(text: str, what: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise SettingsError(f"{what} must be a day such as 2026-11-29") from error

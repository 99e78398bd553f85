"""Consent: to give, to withdraw, and whose has run out."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import Final

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from kneetrack.clinic_records.entering import check_consent
from kneetrack.clinic_records.kinds import PURPOSES, Purpose
from kneetrack.clinic_records.people import Consent, ConsentFacts
from kneetrack.records import SettingsError, UnknownRecordError
from kneetrack.web.guard import clinician_only
from kneetrack.web.ids import Id
from kneetrack.web.incoming import Incoming
from kneetrack.web.pages import go, page
from kneetrack.web.seen import Differing, mark_of, overtaken, wrong_field
from kneetrack.web.visit import config_of, field_of, fields_of, store_of
from kneetrack.web.words import PURPOSE_SHORT

router = APIRouter(dependencies=[Depends(clinician_only)])
YEARS: Final = 2
TITLES: Final = {
    "purpose": "Purpose",
    "allows": "Allows",
    "given_on": "Given on",
    "keep_until": "Keep until",
    "guardian": "Given by, for a minor",
}
FIELDS: Final = {
    "its purpose": "purpose",
    "a purpose is": "purpose",
    "be given on": "given_on",
    "day of the consent": "given_on",
    "kept until": "keep_until",
    "records are kept": "keep_until",
}
"""What a message speaks of -> the field of the form."""


@router.get("/clients/{client_id}/consent")
def consent_form(request: Request, client_id: Id) -> Response:
    """The form for a new consent, filled with the one that stands."""
    today, now = _today(request), _standing(request, client_id)
    leap_day = (today.month, today.day) == (2, 29)
    until = today.replace(year=today.year + YEARS, day=28 if leap_day else today.day)
    typed = {"purpose": "", "guardian": "", "keep_until": until.isoformat()}
    if now is not None:
        end = now.facts.keep_until
        kept = end is None or end >= today
        typed = _shown(now) | ({} if kept else {"keep_until": until.isoformat()})
    typed["given_on"] = today.isoformat()
    allows: list[str] = ["measurements"] if now is None else list(now.facts.allows)
    return _form(request, client_id, typed, allows)


@router.post("/clients/{client_id}/consent")
def give_consent(request: Request, client_id: Id) -> Response:
    """Writes a new consent down: it holds from now on. What it deletes is asked first."""
    store = store_of(request)
    client = store.client(client_id)
    typed, allows = _typed(request), fields_of(request, "allows")
    now = _written(_standing(request, client_id))
    said = typed | {"allows": _words(_ticked(request))}
    other = overtaken(request, now, said, TITLES)
    if other:
        return _form(request, client_id, typed, allows, other=other)
    try:
        facts = _facts(request)
        check_consent(facts, date.today())
        losing = str(store.would_lose(client.id, facts.allows))
        if losing and field_of(request, "deletes") != losing:
            return _form(request, client_id, typed, allows, deletes=losing)
        store.give_consent(client.id, facts)
    except SettingsError as error:
        return _form(request, client_id, typed, allows, str(error))
    return go(request, f"/clients/{client.id}", "consent-given")


@router.get("/clients/{client_id}/consents/{consent_id}/withdraw")
def ask_withdraw(request: Request, client_id: Id, consent_id: Id) -> Response:
    """What a withdrawal does, and the question."""
    store = store_of(request)
    consent = next((c for c in store.consents(client_id) if c.id == consent_id), None)
    if consent is None:
        raise UnknownRecordError("there is no such consent")
    return page(
        request,
        "consents/withdraw.html",
        client=store.client(client_id),
        consent=consent,
        losing=str(store.would_lose(client_id)) if consent.withdrawn_on is None else "",
    )


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


def _standing(request: Request, client_id: str) -> Consent | None:
    """The newest that was not withdrawn, also when it has run out."""
    consents = store_of(request).consents(client_id)
    return next((c for c in consents if c.withdrawn_on is None), None)


def _shown(consent: Consent) -> dict[str, str]:
    facts = consent.facts
    return {
        "purpose": facts.purpose,
        "guardian": facts.guardian,
        "keep_until": "" if facts.keep_until is None else facts.keep_until.isoformat(),
    }


def _written(consent: Consent | None) -> dict[str, str]:
    """What stands, under the names of :data:`TITLES`."""
    if consent is None:
        return dict.fromkeys(TITLES, "")
    given_on = consent.facts.given_on.isoformat()
    return _shown(consent) | {"given_on": given_on, "allows": _words(consent.facts.allows)}


def _words(allows: Collection[Purpose]) -> str:
    return ", ".join(PURPOSE_SHORT[p] for p in PURPOSES if p in allows)


def _typed(request: Request) -> dict[str, str]:
    return {name: field_of(request, name) for name in TITLES if name != "allows"}


def _ticked(request: Request) -> frozenset[Purpose]:
    ticked = set(fields_of(request, "allows"))
    return frozenset(p for p in PURPOSES if p in ticked or p == "measurements")


def _form(
    request: Request,
    client_id: str,
    typed: dict[str, str],
    allows: list[str],
    problem: str = "",
    *,
    other: Sequence[Differing] = (),
    deletes: str = "",
) -> Response:
    now = _standing(request, client_id)
    return page(
        request,
        "consents/form.html",
        status=422 if problem else 409 if other or deletes else 200,
        client=store_of(request).client(client_id),
        typed=typed,
        allows=allows,
        purposes=PURPOSES,
        problem=problem,
        wrong=wrong_field(problem, FIELDS),
        other=other,
        deletes=deletes,
        now=now,
        seen=mark_of(_written(now)),
    )


def _facts(request: Request) -> ConsentFacts:
    until = field_of(request, "keep_until")
    return ConsentFacts(
        given_on=_day(field_of(request, "given_on"), "the day of the consent"),
        purpose=field_of(request, "purpose"),
        allows=_ticked(request),
        keep_until=_day(until, "the day until which records are kept") if until else None,
        guardian=field_of(request, "guardian"),
    )


def _day(text: str, what: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise SettingsError(f"{what} must be a day such as 2026-11-29") from error

"""Prescriptions: to give one, to take one along, to withdraw one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from kneetrack.clinic_records.practice import Prescription
from kneetrack.programme.client_note import with_client_note
from kneetrack.programme.reading import default_text, programme_from
from kneetrack.records import ConsentError, SettingsError, UnknownRecordError
from kneetrack.store import Store
from kneetrack.web.guard import clinician_only
from kneetrack.web.ids import Id
from kneetrack.web.pages import go, page
from kneetrack.web.seen import Differing, mark_of, overtaken
from kneetrack.web.visit import field_of, store_of

router = APIRouter()
CLINICIANS: Final = [Depends(clinician_only)]
TITLES: Final = {"text": "Programme", "note": "Note on record"}


@router.get("/clients/{client_id}/prescription", dependencies=CLINICIANS)
def prescription_form(request: Request, client_id: Id) -> Response:
    """The form for a new prescription: filled with the one that holds, else the usual one."""
    now = store_of(request).prescription_now(client_id)
    typed = {"text": default_text(), "note": ""} if now is None else _written(now)
    return _form(request, client_id, typed)


@router.post("/clients/{client_id}/prescription")
def prescribe(request: Request, client_id: Id) -> Response:
    """Prescribes it, unless it cannot be read, or somebody else was quicker."""
    store = store_of(request)
    typed = {name: field_of(request, name).replace("\r\n", "\n") for name in TITLES}
    typed["for_client"] = field_of(request, "for_client").replace("\r\n", "\n")
    other = overtaken(request, _written(store.prescription_now(client_id)), typed, TITLES)
    if other:
        return _form(request, client_id, typed, other=other)
    try:
        programme_from(typed["text"], "clinician")
        text = with_client_note(typed["text"] + "\n", typed["for_client"])
        store.prescribe(client_id, programme_from(text, "clinician").title, text, typed["note"])
    except (SettingsError, ConsentError) as error:
        return _form(request, client_id, typed, str(error))
    return go(request, f"/clients/{client_id}/diary", "prescribed")


@router.get("/clients/{client_id}/prescriptions/{prescription_id}/programme.toml")
def toml(request: Request, client_id: Id, prescription_id: Id) -> Response:
    """The programme as a file, for the client to take along; its name tells nothing of them."""
    found = _prescription(store_of(request), client_id, prescription_id)
    return Response(
        found.text,
        media_type="application/toml",
        headers={
            "Content-Disposition": f'attachment; filename="programme-{found.number}.toml"',
            "Content-Security-Policy": "sandbox",
        },
    )


@router.get(
    "/clients/{client_id}/prescriptions/{prescription_id}/withdraw", dependencies=CLINICIANS
)
def ask_withdraw(request: Request, client_id: Id, prescription_id: Id) -> Response:
    """What a withdrawal does, and the question."""
    store = store_of(request)
    found = _prescription(store, client_id, prescription_id)
    return page(request, "diary/withdraw.html", client=store.client(client_id), prescription=found)


@router.post("/clients/{client_id}/prescriptions/{prescription_id}/withdraw")
def withdraw(request: Request, client_id: Id, prescription_id: Id) -> Response:
    """It does not hold any more."""
    store = store_of(request)
    store.withdraw_prescription(_prescription(store, client_id, prescription_id).id)
    holds = store.prescription_now(client_id) is not None
    said = "prescription-withdrawn-other" if holds else "prescription-withdrawn"
    return go(request, f"/clients/{client_id}/diary", said)


def _prescription(store: Store, client_id: str, prescription_id: str) -> Prescription:
    found = store.prescription(prescription_id)
    if found.client_id != store.client(client_id).id:
        raise UnknownRecordError("there is no such prescription")
    return found


def _written(now: Prescription | None) -> dict[str, str]:
    return {"text": "", "note": ""} if now is None else {"text": now.text, "note": now.note}


def _form(
    request: Request,
    client_id: str,
    typed: dict[str, str],
    problem: str = "",
    other: Sequence[Differing] = (),
) -> Response:
    store = store_of(request)
    now = store.prescription_now(client_id)
    return page(
        request,
        "diary/prescribe.html",
        status=422 if problem else 409 if other else 200,
        client=store.client(client_id),
        consent=store.consent_now(client_id),
        prescription=now,
        typed={"for_client": "", **typed},
        problem=problem,
        other=other,
        seen=mark_of(_written(now)),
    )

"""What a client practises at home: the diary, one practice, and a diary that is brought."""

from __future__ import annotations

from typing import Any, Final

from fastapi import APIRouter, Depends, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import Response

from kneetrack.clinic_records.people import Client
from kneetrack.clinic_records.practice import PracticeRecord
from kneetrack.diary.bringing import Brought, unpack
from kneetrack.diary.bringing_words import changed, preview
from kneetrack.diary.followed import followed_prescription, numbered
from kneetrack.diary.warning import warnings
from kneetrack.records import ConsentError, SettingsError, UnknownRecordError
from kneetrack.store import Store
from kneetrack.web.diaryview import (
    measure_rows,
    part_rows,
    practice_row,
    practice_rows,
    sign_rows,
    summary,
    took,
)
from kneetrack.web.guard import check_csrf, clinician_only
from kneetrack.web.ids import Id
from kneetrack.web.pages import go, page
from kneetrack.web.prescribed import exercises_of, followed, shown
from kneetrack.web.visit import config_of, field_of, store_of, visit_of
from kneetrack.web.waiting import WaitingFiles
from kneetrack.web.wholeform import Sink, WholeForm

router = APIRouter()
CLINICIANS: Final = [Depends(clinician_only)]
LAST: Final = 12


@router.get("/clients/{client_id}/diary")
def diary(request: Request, client_id: Id) -> Response:
    """The last practices, pain over weeks, and what is prescribed."""
    return _diary_page(request, client_id)


@router.get("/clients/{client_id}/diary/picture.png")
def picture(request: Request, client_id: Id) -> Response:
    """Practices, pain and measures of up to half a year in one picture."""
    from kneetrack.diary.picture import picture_bytes

    store = store_of(request)
    records = store.practice_records(client_id)
    if not records:
        raise UnknownRecordError("nothing was practised yet")
    today = config_of(request).now().astimezone().date()
    exercises = exercises_of(store, client_id)
    data = picture_bytes(records, "png", today=today, exercises=exercises)
    return Response(data, media_type="image/png")


@router.post("/clients/{client_id}/diary/bring")
async def bring(request: Request, client_id: Id) -> Response:
    """Shows what is in the file that a client brought, and asks whether it is theirs."""
    arriving = _Arriving(request)
    form = WholeForm(request.headers.get("content-type", ""), arriving.file)
    async for piece in request.stream():
        await run_in_threadpool(form.feed, piece)
    return await run_in_threadpool(_asked, request, client_id, bytes(arriving.data))


@router.post("/clients/{client_id}/diary/bring/confirm")
def confirm(request: Request, client_id: Id) -> Response:
    """Takes in the diary that was shown."""
    waiting: WaitingFiles = request.app.state.waiting
    data = waiting.take(field_of(request, "file"), client_id, visit_of(request).token)
    if data is None:
        problem = "the file is not here any more: choose it again"
        return _diary_page(request, client_id, problem=problem)
    return _brought(request, client_id, data)


@router.get("/clients/{client_id}/practices/{practice_id}")
def practice_page(request: Request, client_id: Id, practice_id: Id) -> Response:
    """One practice: parts, measures, signs and pain."""
    store = store_of(request)
    client, record = _record(store, client_id, practice_id)
    return page(
        request,
        "diary/practice.html",
        client=client,
        practice=record.practice,
        row=practice_row(record, config_of(request).now()),
        took=took(record.practice),
        parts=part_rows(record),
        measures=measure_rows(record),
        signs=sign_rows(record),
    )


@router.get("/clients/{client_id}/practices/{practice_id}/delete", dependencies=CLINICIANS)
def ask_delete(request: Request, client_id: Id, practice_id: Id) -> Response:
    """What would go, and the question."""
    client, record = _record(store_of(request), client_id, practice_id)
    return page(request, "diary/delete.html", client=client, practice=record.practice)


@router.post("/clients/{client_id}/practices/{practice_id}/delete")
def delete(request: Request, client_id: Id, practice_id: Id) -> Response:
    """Deletes one practice, with everything in it."""
    store = store_of(request)
    _record(store, client_id, practice_id)
    gone = store.delete_practice(practice_id)
    if gone.left:
        return page(request, "clients/left.html", gone=gone)
    return go(request, f"/clients/{client_id}/diary", "practice-deleted")


class _Arriving:
    """A diary that comes in a form; no byte of it is kept before the form is known to be ours."""

    def __init__(self, request: Request) -> None:
        self._request = request
        self.data = bytearray()

    def file(self, fields: dict[str, list[str]], _name: str) -> Sink:
        """The file begins; gives what takes its bytes."""
        visit_of(self._request).form = fields
        check_csrf(self._request, visit_of(self._request))
        return self.data.extend


def _asked(request: Request, client_id: str, data: bytes) -> Response:
    store, client = store_of(request), store_of(request).client(client_id)
    try:
        check_csrf(request, visit_of(request))
        found = _unpacked(data)
        if not found.records:
            raise SettingsError("this diary holds no practices: nothing to take in")
        store.may_bring(client_id, found.records)
    except (SettingsError, ConsentError) as error:
        return _diary_page(request, client_id, problem=str(error))
    waiting: WaitingFiles = request.app.state.waiting
    key = waiting.put(client_id, visit_of(request).token, data)
    shown_first = preview(found.records, store.practice_records(client_id))
    follows = _follows(store, client_id, found)
    return page(
        request, "diary/bring.html", client=client, preview=shown_first, follows=follows, key=key
    )


def _follows(store: Store, client_id: str, found: Brought) -> str:
    """Whether it follows what is prescribed here; "" where nothing is."""
    now = store.prescription_now(client_id)
    if now is None:
        return ""
    if _follows_another(store, client_id, found):
        return "It follows another programme than the one that is prescribed here."
    return f"It follows what is prescribed here, number {now.number}."


def _brought(request: Request, client_id: str, data: bytes) -> Response:
    store = store_of(request)
    before = store.practice_records(client_id)
    try:
        found = _unpacked(data)
        records = numbered(found, store.prescriptions(client_id))
        new = store.add_brought(client_id, records)
    except (SettingsError, ConsentError) as error:
        return _diary_page(request, client_id, problem=str(error))
    differ = changed(before, store.practice_records(client_id))
    said = "diary-brought-other" if _follows_another(store, client_id, found) else "diary-brought"
    return go(request, f"/clients/{client_id}/diary?new={new}&changed={differ}", said)


def _unpacked(data: bytes) -> Brought:
    if not data:
        raise SettingsError("choose the file that the client brought")
    try:
        return unpack(data.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise SettingsError("this file is no diary that kneetrack packed") from None


def _follows_another(store: Store, client_id: str, found: Brought) -> bool:
    """Whether they practise by another programme than the one that was prescribed here."""
    now = store.prescription_now(client_id)
    return now is not None and followed_prescription(found, store.prescriptions(client_id)) != now


def _record(store: Store, client_id: str, practice_id: str) -> tuple[Client, PracticeRecord]:
    client, record = store.client(client_id), store.practice_record(practice_id)
    if record.practice.client_id != client.id:
        raise UnknownRecordError("there is no such practice")
    return client, record


def _count(request: Request, name: str) -> int | None:
    told = request.query_params.get(name, "")
    return int(told) if told.isdecimal() and len(told) < 6 else None


def _diary_page(request: Request, client_id: str, problem: str = "") -> Response:
    store = store_of(request)
    client = store.client(client_id)
    whole = request.query_params.get("all") == "yes"
    records, now = store.practice_records(client.id), config_of(request).now()
    values: dict[str, Any] = {
        "client": client,
        "consent": store.consent_now(client.id),
        "rows": practice_rows(records if whole else records[-LAST:], now),
        "total": len(records),
        "summary": summary(records, now),
        "warnings": warnings(records, followed(store, client.id), now.astimezone().date()),
        "new": _count(request, "new"),
        "changed": _count(request, "changed"),
        "problem": problem,
        **shown(store, client.id, now.astimezone().date()),
    }
    return page(request, "diary/diary.html", status=422 if problem else 200, **values)

"""Clips for a session: sent in pieces, told which take they are, and measured in the background."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from fastapi import APIRouter, Depends, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse, Response

from kneetrack.clinic.change import protocol_of
from kneetrack.clinic_records.plans import Protocol
from kneetrack.clinic_records.visits import Session
from kneetrack.records import KneetrackError, SettingsError, SourceError
from kneetrack.web.clipcheck import check_clip
from kneetrack.web.guard import clinician_only
from kneetrack.web.ids import Id
from kneetrack.web.incoming import Incoming, Upload, key_of
from kneetrack.web.pages import go, is_htmx, page
from kneetrack.web.takes import guess_take, take_of
from kneetrack.web.visit import config_of, field_of, store_of, visit_of

router = APIRouter(dependencies=[Depends(clinician_only)])
_BUFFER_BYTES: Final = 1_000_000


@router.get("/sessions/{session_id}/upload")
def upload_page(request: Request, session_id: Id) -> Response:
    """Choose clips, say which take each is, have them measured."""
    return page(request, "upload/upload.html", **_values(request, session_id))


@router.get("/sessions/{session_id}/upload/list")
def upload_list(request: Request, session_id: Id) -> Response:
    """The clips that are not measured yet."""
    return page(request, "upload/list.html", **_values(request, session_id))


@router.get("/sessions/{session_id}/upload/progress")
def progress(request: Request, session_id: Id) -> Response:
    """How far the analysis is, and the takes that are there."""
    return page(request, "upload/progress.html", **_values(request, session_id))


@router.post("/sessions/{session_id}/upload/begin")
def begin(request: Request, session_id: Id) -> Response:
    """A clip is to come. The answer tells where to go on."""
    store = store_of(request)
    session, protocol = _of(request, session_id)
    store.need_consent(session.client_id)
    name, size_text = field_of(request, "name"), field_of(request, "size")
    size = int(size_text) if size_text.isdecimal() and len(size_text) < 16 else 0
    if size > config_of(request).most_clip_bytes:
        most = config_of(request).most_clip_bytes / 1e9
        raise SettingsError(f"a clip has at most {most:.0f} GB")
    asked = field_of(request, "take")
    guessed = take_of(asked, protocol) if asked else guess_take(name, protocol)
    incoming = Incoming(store.files)
    key = key_of(name, size, field_of(request, "modified"))
    upload = incoming.begin(session_id, size, key, visit_of(request).name, config_of(request).now())
    if guessed is not None and (asked or not upload.step):
        upload = incoming.save(replace(upload, step=guessed[0].key, view=guessed[1]))
    return JSONResponse({"id": upload.id, "offset": upload.received})


@router.put("/sessions/{session_id}/upload/{upload_id}/chunk")
async def chunk(request: Request, session_id: Id, upload_id: Id) -> Response:
    """The next bytes of a clip. What came before a connection broke is kept."""
    incoming = Incoming(config_of(request).store.files)
    offset = request.headers.get("upload-offset", "")
    busy: set[str] = request.app.state.busy
    if upload_id in busy:
        upload = await run_in_threadpool(incoming.find, upload_id, session_id)
        return JSONResponse({"offset": upload.received}, 409)
    busy.add(upload_id)  # before it is looked at: nobody else makes it longer from here on
    try:
        upload = await run_in_threadpool(incoming.find, upload_id, session_id)
        if upload.queued or upload.problem or offset != str(upload.received):
            return JSONResponse({"offset": upload.received}, 409)
        end = await _receive(request, incoming, upload)
        if end == upload.size:
            await run_in_threadpool(check_arrived, incoming, upload)
    finally:
        busy.discard(upload_id)
    return JSONResponse({"offset": end})


@router.post("/sessions/{session_id}/upload/{upload_id}/take")
def choose_take(request: Request, session_id: Id, upload_id: Id) -> Response:
    """Which take a clip is."""
    incoming = Incoming(store_of(request).files)
    upload = incoming.find(upload_id, session_id)
    _, protocol = _of(request, session_id)
    step, view = take_of(field_of(request, "take"), protocol)
    if not upload.queued:
        incoming.save(replace(upload, step=step.key, view=view))
    return Response(status_code=204)


@router.post("/sessions/{session_id}/upload/{upload_id}/cancel")
def cancel(request: Request, session_id: Id, upload_id: Id) -> Response:
    """Takes a clip away, whatever is done with it."""
    incoming = Incoming(store_of(request).files)
    upload = incoming.find(upload_id, session_id)
    request.app.state.jobs.cancel(uploads={upload_id})
    incoming.drop(upload)
    return _on(request, session_id, "upload-cancelled")


@router.post("/sessions/{session_id}/upload/measure")
def measure(request: Request, session_id: Id) -> Response:
    """Has every clip measured that is here; ``take-<id>`` of the form says which take it is."""
    store = store_of(request)
    session, protocol = _of(request, session_id)
    store.need_consent(session.client_id)
    incoming = Incoming(store.files)
    chosen = []
    for upload in incoming.of_session(session_id):
        if upload.ready:
            told = field_of(request, f"take-{upload.id}") or f"{upload.step}:{upload.view}"
            chosen.append((upload, *take_of(told, protocol)))
    if not chosen:
        raise SettingsError("no clip is here yet: choose some and wait until they are sent")
    for upload, step, view in chosen:
        incoming.save(replace(upload, step=step.key, view=view, queued=True, tries=0))
    request.app.state.jobs.look()
    return _on(request, session_id, "analysis-begun")


def check_arrived(incoming: Incoming, upload: Upload) -> Upload:
    """Looks whether what has arrived is a clip, and writes down how long, or that it is none."""
    try:
        length_s = check_clip(incoming.clip(upload)) or 0.0
    except SourceError as error:
        incoming.write_nothing(upload)
        return incoming.save(replace(incoming.find(upload.id), problem=str(error)))
    return incoming.save(replace(incoming.find(upload.id), length_s=length_s))


async def _receive(request: Request, incoming: Incoming, upload: Upload) -> int:
    """Writes what comes, never more than was announced; gives where it ends."""
    end, waiting = upload.received, bytearray()
    try:
        async for piece in request.stream():
            if end + len(waiting) + len(piece) > upload.size:
                raise SettingsError("more was sent than was announced")
            waiting += piece
            if len(waiting) >= _BUFFER_BYTES:
                end = await run_in_threadpool(incoming.write, upload, end, bytes(waiting))
                waiting.clear()
    finally:
        if waiting:
            end = await run_in_threadpool(incoming.write, upload, end, bytes(waiting))
    return end


def _on(request: Request, session_id: str, said: str) -> Response:
    """Back to the page; where clips may still be sent from it, only its lists are made anew."""
    if is_htmx(request):
        values = _values(request, session_id)
        return page(request, "upload/list.html", headers={"HX-Trigger": "measuring"}, **values)
    return go(request, f"/sessions/{session_id}/upload", said)


def _of(request: Request, session_id: str) -> tuple[Session, Protocol]:
    store = store_of(request)
    session = store.session(session_id)
    return session, protocol_of(store, [session])


def _values(request: Request, session_id: str) -> dict[str, Any]:
    store = store_of(request)
    session, protocol = _of(request, session_id)
    uploads = Incoming(store.files).of_session(session_id)
    jobs = request.app.state.jobs
    titles = {step.key: step.title for step in protocol.steps}
    try:
        consent = store.need_consent(session.client_id)
        refused = ""
    except KneetrackError as error:
        consent, refused = None, str(error)
    return {
        "session": session,
        "client": store.client(session.client_id),
        "protocol": protocol,
        "consent": consent,
        "refused": refused,
        "sending": [u for u in uploads if not u.queued],
        "queued": [(u, jobs.stage(u.id)) for u in uploads if u.queued],
        "trials": store.trials(session_id),
        "titles": titles,
    }

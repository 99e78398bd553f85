"""One clip sent by a plain form, for browsers without scripts; and a client's records to go."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path

from fastapi import APIRouter, Depends, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import FileResponse, Response
from starlette.background import BackgroundTask

from kneetrack.clinic.change import protocol_of
from kneetrack.records import SettingsError
from kneetrack.web.guard import check_csrf, clinician_only
from kneetrack.web.ids import Id
from kneetrack.web.incoming import Incoming, Upload, key_of
from kneetrack.web.pages import go
from kneetrack.web.routes.uploads import check_arrived
from kneetrack.web.takes import take_of
from kneetrack.web.visit import config_of, store_of, visit_of
from kneetrack.web.wholeform import Sink, WholeForm

router = APIRouter(dependencies=[Depends(clinician_only)])


@router.post("/sessions/{session_id}/upload/whole")
async def whole(request: Request, session_id: Id) -> Response:
    """Takes the clip in, looks whether it is one, and has it measured."""
    arriving = _Arriving(request, session_id)
    form = WholeForm(request.headers.get("content-type", ""), arriving.clip)
    try:
        async for piece in request.stream():
            await run_in_threadpool(form.feed, piece)
        queued = await run_in_threadpool(arriving.done)
    except BaseException:
        arriving.drop()
        raise
    request.app.state.jobs.look()
    return go(request, f"/sessions/{session_id}/upload", "analysis-begun" if queued else "")


class _Arriving:
    """A clip that comes in a form: nothing is written before the form is known to be ours."""

    def __init__(self, request: Request, session_id: str) -> None:
        self._request, self._session_id = request, session_id
        self._incoming = Incoming(config_of(request).store.files)
        self._upload: Upload | None = None
        self._at = 0

    def clip(self, fields: dict[str, list[str]], name: str) -> Sink:
        """The clip begins; gives what takes its bytes."""
        request, visit = self._request, visit_of(self._request)
        visit.form = fields
        check_csrf(request, visit)
        store = store_of(request)
        session = store.session(self._session_id)
        store.need_consent(session.client_id)
        step, view = take_of((fields.get("take") or [""])[0], protocol_of(store, [session]))
        length = request.headers.get("content-length", "")
        size, now = int(length) if length.isdecimal() else 1, config_of(request).now()
        upload = self._incoming.begin(
            session.id, size, key_of(name, size, now.isoformat()), visit.name, now
        )
        self._upload = self._incoming.save(replace(upload, step=step.key, view=view))
        return self._take

    def done(self) -> bool:
        """All of it is here. Whether it is a clip; if not, the page says so by itself.

        Raises SettingsError when nothing came.
        """
        if self._upload is None or not self._at:
            raise SettingsError("choose a clip to send")
        upload = self._incoming.save(replace(self._upload, size=self._at, received=self._at))
        checked = check_arrived(self._incoming, upload)
        if not checked.problem:
            self._incoming.save(replace(checked, queued=True))
        return not checked.problem

    def drop(self) -> None:
        """It did not work out."""
        if self._upload is not None:
            self._incoming.drop(self._upload)

    def _take(self, data: bytes) -> None:
        assert self._upload is not None
        self._at = self._incoming.write(self._upload, self._at, data)


@router.post("/clients/{client_id}/export")
def export(request: Request, client_id: Id) -> Response:
    """Everything that is kept of a client, in a zip that is deleted once it was sent."""
    from kneetrack.clinic.exporting import export_client

    store = store_of(request)
    client = store.client(client_id)
    folder = tempfile.TemporaryDirectory(prefix="kneetrack-")
    try:
        written = export_client(store, client.id, Path(folder.name) / "client.zip")
    except BaseException:
        folder.cleanup()
        raise
    return FileResponse(
        written,
        media_type="application/zip",
        filename=f"client-{client.id[:8]}.zip",
        background=BackgroundTask(folder.cleanup),
    )

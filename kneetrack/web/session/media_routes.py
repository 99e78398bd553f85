"""What a page plays: the kept clip, and the landmarks in time."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response
from fastapi.responses import FileResponse, JSONResponse

from kneetrack.clinic_records.visits import CLIP_FILE
from kneetrack.records import UnknownRecordError
from kneetrack.web.session.asked import Id
from kneetrack.web.session.reading import read_landmarks, read_take
from kneetrack.web.session.takedata import take_data
from kneetrack.web.visit import store_of

router = APIRouter()


@router.get("/trials/{trial_id}/clip")
def clip(request: Request, trial_id: Id) -> Response:
    """The kept clip, whole or the range asked for; never cached."""
    store = store_of(request)
    trial = store.trial(trial_id)
    path = store.trial_folder(trial_id) / CLIP_FILE
    if not trial.clip_kept or not path.is_file():
        raise UnknownRecordError("no clip of this take was kept")
    return FileResponse(path, media_type="video/mp4", headers={"Cache-Control": "no-store"})


@router.get("/trials/{trial_id}/take")
def take(request: Request, trial_id: Id) -> Response:
    """Landmarks, repetitions and curves of a take, for the browser."""
    store = store_of(request)
    shown = read_take(store, trial_id)
    track, moved = read_landmarks(store, shown)
    data = take_data(
        track,
        shown.current.reps,
        shown.curves(),
        view=shown.current.view.name,
        moved=moved,
    )
    return JSONResponse(data)

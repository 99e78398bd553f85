"""Score sheets: what the camera suggests, confirmed item by item."""

from __future__ import annotations

from typing import Literal

from fastapi import APIRouter, Request, Response

from kneetrack.clinic.change import protocol_of
from kneetrack.clinic.scores import confirm, in_words, sheet, suggest
from kneetrack.clinic_records.kinds import SheetName
from kneetrack.clinic_records.plans import Step
from kneetrack.clinic_records.visits import Session
from kneetrack.records import SettingsError, UnknownRecordError
from kneetrack.store import Store
from kneetrack.web.pages import go, page
from kneetrack.web.session.asked import Id
from kneetrack.web.session.scoreview import item_views
from kneetrack.web.visit import field_of, store_of

router = APIRouter(prefix="/sessions/{session_id}/scores/{step}/{name}/{side}")
Leg = Literal["left", "right"]


@router.get("")
def score_page(request: Request, session_id: Id, step: str, name: SheetName, side: Leg) -> Response:
    """Every item with its suggestion, why, and what was confirmed."""
    store = store_of(request)
    session = store.session(session_id)
    asked = _step(store, session, step, name, side)
    form = sheet(name)
    items = suggest(store, session_id, step, form, side)
    saved = [s for s in store.scores(session_id) if (s.step, s.sheet, s.side) == (step, name, side)]
    trials = [t for t in store.trials(session_id) if t.step == step and t.status == "good"]
    return page(
        request,
        "session/score.html",
        session=session,
        client=store.client(session.client_id),
        step=asked,
        side=side,
        sheet=form,
        items=item_views(form, items),
        total=in_words(saved[0]) if saved else "",
        trials=trials,
    )


@router.post("")
def confirm_item(
    request: Request, session_id: Id, step: str, name: SheetName, side: Leg
) -> Response:
    """One item confirmed, or taken back."""
    store = store_of(request)
    _step(store, store.session(session_id), step, name, side)
    key, text = field_of(request, "item"), field_of(request, "points")
    if text and not (text.isdecimal() and len(text) < 3):
        raise SettingsError("points are a whole number")
    confirm(store, session_id, step, name, side, {key: int(text) if text else None})
    return go(request, f"/sessions/{session_id}/scores/{step}/{name}/{side}?item={key}#{key}")


def _step(store: Store, session: Session, key: str, name: SheetName, side: Leg) -> Step:
    """The step, if that sheet may be filled in for that leg. Raises UnknownRecordError."""
    step = protocol_of(store, [session]).step(key)
    if step is None or name not in step.sheets or step.foot not in ("both", side):
        raise UnknownRecordError("this session has no such score")
    return step

"""The report of a session, to take along."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from kneetrack.clinic_records.visits import Session
from kneetrack.store import Store
from kneetrack.web.session.asked import Id
from kneetrack.web.visit import config_of, store_of

router = APIRouter()


@router.get("/sessions/{session_id}/report.pdf")
def pdf(request: Request, session_id: Id, coaching: bool = False) -> Response:
    """A4, to print or to send."""
    from kneetrack.clinic.reporting import report_pdf

    store = store_of(request)
    session = store.session(session_id)
    today = config_of(request).now().astimezone().date()
    data = report_pdf(store, session_id, coaching=coaching, today=today)
    return _download(store, session, data, "application/pdf", "pdf")


@router.get("/sessions/{session_id}/report.html")
def html(request: Request, session_id: Id, coaching: bool = False) -> Response:
    """One file that needs no network."""
    from kneetrack.clinic.reporting import report_html

    store = store_of(request)
    session = store.session(session_id)
    today = config_of(request).now().astimezone().date()
    text = report_html(store, session_id, coaching=coaching, today=today)
    return _download(store, session, text.encode(), "text/html; charset=utf-8", "html")


def _download(store: Store, session: Session, data: bytes, kind: str, ending: str) -> Response:
    """Under a name that tells nothing of the client."""
    store.note_audit("exported", "session", session.id, f"report, {ending}")
    name = f"kneetrack-report-{session.at.astimezone():%Y-%m-%d}.{ending}"
    return Response(
        data,
        media_type=kind,
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "Content-Security-Policy": "sandbox",
        },
    )

"""Clients: to find one, to look at one, to add, change and delete one."""

from __future__ import annotations

from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import Response

from kneetrack.web.pages import page
from kneetrack.web.visit import field_of, store_of

router = APIRouter()
A_PAGE: Final = 25


@router.get("/")
def start(request: Request) -> Response:
    """Search, clients measured last, recent sessions, uploads that are not done."""
    store = store_of(request)
    recent = [(s, store.client(s.client_id)) for s in store.recent_sessions(8)]
    return page(request, "start.html", recent=recent, text="", **_found(request, ""))


@router.post("/clients/search")
def search(request: Request) -> Response:
    """Clients as one types. By POST: what is typed must not stand in an address."""
    text = field_of(request, "text")[:40]
    found = _found(request, text)
    template = "clients/found.html" if request.headers.get("hx-request") else "clients/list.html"
    return page(request, template, text=text, **found)


@router.get("/clients")
def clients(request: Request) -> Response:
    """Every client, page by page."""
    return page(request, "clients/list.html", text="", **_found(request, ""))


def _found(request: Request, text: str) -> dict[str, object]:
    store = store_of(request)
    number = request.query_params.get("page", "1")
    here = min(max(int(number), 1), 100_000) if number.isdecimal() and len(number) < 7 else 1
    lines = store.client_lines(text, offset=(here - 1) * A_PAGE, limit=A_PAGE)
    total = store.count_clients(text)
    return {
        "lines": lines,
        "total": total,
        "here": here,
        "pages": max(1, -(-total // A_PAGE)),
    }

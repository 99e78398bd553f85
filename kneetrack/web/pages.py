"""From a template to a page."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from kneetrack import __version__
from kneetrack.web.visit import visit_of
from kneetrack.web.words import SAID, TITLES, words_filters

HERE: Final = Path(__file__).resolve().parent
STATIC: Final = HERE / "static"


def make_templates() -> Environment:
    """Templates of this room and of the session's pages; every value is escaped."""
    folders = [HERE / "templates", HERE / "session" / "templates"]
    templates = Environment(
        loader=FileSystemLoader(folders),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    templates.filters.update(day=day, moment=moment, file_size=file_size, **words_filters())
    return templates


def day(when: date | datetime | None) -> str:
    """A day as it is read: 24 Nov 2026; of a moment, the day here."""
    if when is None:
        return ""
    if isinstance(when, datetime):
        when = when.astimezone()
    return f"{when.day} {when:%b %Y}"


def moment(when: datetime | None) -> str:
    """A moment as the clock here shows it: 24 Nov 2026, 14:05."""
    return "" if when is None else f"{day(when)}, {when.astimezone():%H:%M}"


def file_size(size_bytes: float) -> str:
    """A size as it is read: 900 bytes, 24 kB, 3.4 MB, 120 MB, 1.2 GB."""
    if size_bytes < 1000:
        return f"{size_bytes:.0f} byte{'' if size_bytes == 1 else 's'}"
    units = {"kB": 1e3, "MB": 1e6, "GB": 1e9}
    unit = next((u for u, one in units.items() if size_bytes < 999.5 * one), "GB")
    number = size_bytes / units[unit]
    return f"{number:.{0 if number >= 9.95 else 1}f} {unit}"


def is_htmx(request: Request) -> bool:
    """Whether only a piece of a page is asked for."""
    return request.headers.get("hx-request") == "true"


def page(
    request: Request,
    template: str,
    *,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
    **values: Any,
) -> HTMLResponse:
    """A page, or a piece of one. Templates also know visit, csrf, path, said and version."""
    visit = visit_of(request)
    text = request.app.state.templates.get_template(template).render(
        visit=visit,
        csrf=visit.csrf,
        path=request.url.path,
        said=SAID.get(request.query_params.get("said", ""), ""),
        version=__version__,
        **values,
    )
    return HTMLResponse(text, status, headers=dict(headers or {}))


def go(request: Request, path: str, said: str = "") -> Response:
    """On to another page of ours, after something was done; ``said``: a key of words.SAID."""
    where = f"{path}{'&' if '?' in path else '?'}said={said}" if said else path
    if is_htmx(request):
        return Response(status_code=200, headers={"HX-Redirect": where})
    return RedirectResponse(where, status_code=303)


def problem_page(request: Request, status: int, reason: str) -> Response:
    """What went wrong, in words; inside an htmx swap only the words."""
    title = TITLES.get(status) or HTTPStatus(status).phrase
    sentence = reason[:1].upper() + reason[1:].rstrip(".") + "."
    template = "problem_piece.html" if is_htmx(request) else "problem.html"
    return page(request, template, status=status, title=title, reason=sentence)

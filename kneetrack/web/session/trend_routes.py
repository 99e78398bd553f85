"""A client over time."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from kneetrack.clinic.change import trend
from kneetrack.web.pages import page
from kneetrack.web.session.asked import Id
from kneetrack.web.session.trendchart import HEIGHT, WIDTH
from kneetrack.web.session.trendview import trend_groups
from kneetrack.web.visit import store_of

router = APIRouter()


@router.get("/clients/{client_id}/trend")
def trend_page(request: Request, client_id: Id) -> Response:
    """Per measure a small chart with error bars, a table, and the answer in words."""
    found = trend(store_of(request), client_id)
    groups = trend_groups(found)
    answers = [a.answer for _, measures in groups for m in measures for a in m.answers]
    return page(
        request,
        "session/trend.html",
        client=found.client,
        trend=found,
        groups=groups,
        setup=found.setup_overall.differences if found.setup_overall else (),
        tally={name: answers.count(name) for name in ("changed", "no_real_change", "cannot_tell")},
        box=(WIDTH, HEIGHT),
    )

"""A client over time."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from kneetrack.clinic.change import trend
from kneetrack.clinic.limits import NONE_KNOWN
from kneetrack.web.pages import page
from kneetrack.web.session.asked import Id
from kneetrack.web.session.compareview import setup_title
from kneetrack.web.session.trendchart import HEIGHT, WIDTH
from kneetrack.web.session.trendview import tally, trend_groups
from kneetrack.web.visit import store_of

router = APIRouter()


@router.get("/clients/{client_id}/trend")
def trend_page(request: Request, client_id: Id) -> Response:
    """Per measure a small chart with error bars, a table, and the answer in words."""
    found = trend(store_of(request), client_id)
    groups = trend_groups(found)
    told = [a for _, measures in groups for m in measures for a in m.answers]
    answers = [a.answer for a in told]
    return page(
        request,
        "session/trend.html",
        client=found.client,
        trend=found,
        groups=groups,
        setup=found.setup_overall.differences if found.setup_overall else (),
        tally={name: answers.count(name) for name in ("changed", "no_real_change", "cannot_tell")},
        counted=[tally(measures) for _, measures in groups],
        setup_title=setup_title(found.setup_overall) if found.setup_overall else "",
        unlimited=NONE_KNOWN if any(a.no_limit for a in told) else "",
        box=(WIDTH, HEIGHT),
    )

"""What this is, and what it is not."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response

from kneetrack.web.pages import page

router = APIRouter()


@router.get("/about")
def about(request: Request) -> Response:
    """The disclaimer, versions, licences."""
    return page(request, "about.html")

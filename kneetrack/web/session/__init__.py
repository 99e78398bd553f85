"""The pages about one visit and about several: trials, corrections, scores, comparing, trends."""

from __future__ import annotations

from fastapi import APIRouter


def routers() -> tuple[APIRouter, ...]:
    """Every address of this room."""
    from kneetrack.web.session import (
        compare_routes,
        correction_routes,
        media_routes,
        report_routes,
        score_routes,
        session_routes,
        trend_routes,
        trial_routes,
    )

    return (
        session_routes.router,
        report_routes.router,
        trial_routes.router,
        media_routes.router,
        correction_routes.router,
        score_routes.router,
        compare_routes.router,
        trend_routes.router,
    )

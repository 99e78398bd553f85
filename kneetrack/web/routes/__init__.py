"""The pages of the front desk, a file for each group of them."""

from __future__ import annotations

from fastapi import APIRouter


def routers() -> tuple[APIRouter, ...]:
    """Every group of pages."""
    from kneetrack.web.routes import (
        about,
        clients,
        consents,
        sessions,
        signing,
        uploads,
        users,
        whole,
    )

    return tuple(
        m.router for m in (about, signing, clients, consents, sessions, uploads, whole, users)
    )

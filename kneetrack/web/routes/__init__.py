"""The pages of the front desk, a file for each group of them."""

from __future__ import annotations

from fastapi import APIRouter


def routers() -> tuple[APIRouter, ...]:
    """Every group of pages."""
    from kneetrack.web.routes import (
        about,
        clients,
        consents,
        diary,
        prescriptions,
        sessions,
        signing,
        uploads,
        users,
        whole,
    )

    at_home = (diary, prescriptions)
    rooms = (about, signing, clients, consents, sessions, uploads, whole, *at_home, users)
    return tuple(room.router for room in rooms)

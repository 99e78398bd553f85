"""The pages about one visit and about several: trials, corrections, scores, comparing, trends."""

from __future__ import annotations

from fastapi import APIRouter


def routers() -> tuple[APIRouter, ...]:
    """Every group of these pages: the app puts them in."""
    return ()

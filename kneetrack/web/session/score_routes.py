"""Score sheets: what the camera suggests, confirmed item by item."""

from __future__ import annotations

from fastapi import APIRouter

router = APIRouter()

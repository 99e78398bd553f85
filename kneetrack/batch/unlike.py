"""Clips that show something else than was asked for."""

from __future__ import annotations

from kneetrack.batch.entries import Row
from kneetrack.batch.ledger import Record


def unlike(row: Row, record: Record, exercise: str) -> str:
    """What was asked for and what was recognised instead; "" where they agree or one is unknown."""
    asked = _plain(row.entry.exercise or exercise)
    found = _plain(str(record.clip.get("exercise_detected") or "none"))
    words = []
    if "auto" not in (asked, found) and "none" not in (asked, found) and asked and asked != found:
        words.append(f"asked for {asked}, recognised {found}")
    side = _plain(row.entry.side)
    side = {"l": "left", "r": "right"}.get(side, side)
    seen = str(record.clip.get("side") or "")
    if (side in ("left", "right") and seen in {"left", "right", "alternating"} - {side}) or (
        side == "both" and seen in ("left", "right")
    ):
        words.append(f"asked for side {side}, recognised {seen}")
    return "; ".join(words)


def _plain(name: str) -> str:
    return " ".join(name.lower().replace("_", " ").replace("-", " ").split())

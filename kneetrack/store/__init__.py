"""Clients, sessions, trials: the only room that talks to a database."""

from __future__ import annotations

from kneetrack.store.store import Store, open_store

__all__ = ["Store", "open_store"]

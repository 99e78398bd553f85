"""Fixtures of the tests of this room: a store of its own."""

from __future__ import annotations

from tests.storing import store, store_files, store_url

__all__ = ["store", "store_files", "store_url"]

"""Fixtures of the store's tests."""

from __future__ import annotations

from tests.storing import store, store_files, store_url

__all__ = ["store", "store_files", "store_url"]

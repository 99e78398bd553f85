"""Fixtures of the tests of this room: a store of its own, landmarks without a model's habits."""

from __future__ import annotations

from tests.motions import exact
from tests.storing import store, store_files, store_url

__all__ = ["exact", "store", "store_files", "store_url"]

"""Fixtures of the tests of this room: a store of its own, and data that are nobody's."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.storing import store, store_files, store_url

__all__ = ["store", "store_files", "store_url"]


@pytest.fixture(autouse=True)
def own_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The user's data folder."""
    monkeypatch.setenv("KNEETRACK_DATA", str(tmp_path / "data"))
    return tmp_path / "data"

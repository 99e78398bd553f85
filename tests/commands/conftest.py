"""Fixtures of the tests of this room: a store of its own, and the command line on it."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from kneetrack import cli
from kneetrack.store import Store
from tests.storing import store, store_files, store_url

__all__ = ["Command", "command", "store", "store_files", "store_url"]

Command = Callable[..., int]


@pytest.fixture
def command(
    store: Store,
    store_url: str,
    store_files: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Command:
    """Runs kneetrack with words, in this store; the exit code."""
    monkeypatch.setenv("KNEETRACK_DB", store_url)
    monkeypatch.setenv("KNEETRACK_FILES", str(store_files))
    monkeypatch.setenv("KNEETRACK_DATA", str(tmp_path / "data"))

    def run(*words: object) -> int:
        monkeypatch.setattr(sys, "argv", ["kneetrack", *map(str, words)])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        return int(ended.value.code or 0)

    return run

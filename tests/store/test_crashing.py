"""Killed at any moment, the store loses at most the trial under way and is never broken."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")


def crash(root: Path, *arguments: str | Path) -> list[str]:
    """What ``tests.store.crashing`` tells."""
    command = [sys.executable, "-m", "tests.store.crashing", *map(str, arguments)]
    running = subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        cwd=root,
        start_new_session=True,
    )
    try:
        told, _ = running.communicate(timeout=180)
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(running.pid, signal.SIGKILL)
        running.wait(10)
    return told.splitlines()


def test_at_many_steps(root: Path, store_url: str, store_files: Path) -> None:
    told = crash(root, "steps", store_url, store_files, "23", "0")
    assert len(told) == 1, told
    assert told[0].startswith("ended 0 after ")
    assert int(told[0].split()[3]) > 100


def test_at_random_moments(root: Path, store_url: str, store_files: Path) -> None:
    told = crash(root, "moments", store_url, store_files, "15", "7")
    assert len(told) == 1, told
    assert told[0].startswith("ended 0 after 15 kills")
    assert int(told[0].split()[5]) > 15


def test_while_it_is_made(root: Path, store_url: str, store_files: Path) -> None:
    told = crash(root, "births", store_url, store_files, "16", "0")
    assert told == ["ended 0 after 16 births"]

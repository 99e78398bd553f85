"""Processes that the tests left behind: found by a mark in their environment, and ended."""

from __future__ import annotations

import os
import secrets
import signal
from contextlib import suppress
from pathlib import Path

MARK = "KNEETRACK_TEST_RUN"


def mark_run() -> None:
    """Everything started from here on carries this run's mark."""
    os.environ.setdefault(MARK, secrets.token_hex(8))


def end_leftovers() -> list[str]:
    """Kill every other process of this run; returns their command lines. Linux alone."""
    wanted = f"{MARK}={os.environ.get(MARK, '')}".encode()
    ended = []
    for folder in Path("/proc").glob("[0-9]*"):
        pid = int(folder.name)
        with suppress(OSError):
            if pid == os.getpid() or wanted not in (folder / "environ").read_bytes().split(b"\0"):
                continue
            line = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
            if line.strip():
                os.kill(pid, signal.SIGKILL)
                ended.append(line.strip()[:200])
    return ended

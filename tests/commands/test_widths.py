"""Tables at the width of a terminal, and in a pipe."""

from __future__ import annotations

import os
import subprocess
import sys

from kneetrack.store import Store
from tests.commands.test_trends import shown, visit
from tests.storing import new_client


def test_at_80_columns_every_answer_and_its_reason_are_there(store: Store) -> None:
    client = new_client(store)
    visit(store, client, 0, 0.02)
    visit(store, client, 42, 0.30)
    lines = shown(store, client, 80).splitlines()
    assert all(len(line) <= 80 and "…" not in line for line in lines)
    row = next(line for line in lines if line.startswith("Knee over foot") and " R " in line)
    assert row.split()[-2] == "changed" and row.split()[-1].isdigit()


def test_a_pipe_that_is_closed_early_is_no_error(store: Store, store_url: str) -> None:
    client = new_client(store)
    visit(store, client, 0, 0.02)
    visit(store, client, 42, 0.30)
    words = [sys.executable, "-m", "kneetrack", "trend", client.code, "--db", store_url]
    env = {**os.environ, "KNEETRACK_FILES": str(store.files)}
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=env) as ran:
        assert ran.stdout is not None and ran.stderr is not None
        ran.stdout.close()
        try:
            assert ran.wait(60) == 0
            assert ran.stderr.read() == b""
        finally:
            ran.kill()

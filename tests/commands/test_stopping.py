"""Ctrl-C at kneetrack screen, with real signals: also where Python would forget it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from kneetrack.clinic.naming import trial_name
from kneetrack.store import Store
from tests.clinic.staged import clip
from tests.storing import needs_sqlite, new_client

ROOT = Path(__file__).resolve().parents[2]
SWALLOWING = """
import os, signal, sys, time
import kneetrack.recorded as recorded
from tests.clinic import staged

class Collected:
    def __del__(self):
        os.kill(os.getpid(), signal.SIGINT)
        time.sleep(0.05)

class Reader(staged.Reader):
    def __call__(self, path, options, progress=None):
        if WHERE in path.name and not self.read.count(path.name):
            sys.unraisablehook = lambda told: print("swallowed", told.exc_type.__name__)
            Collected()
        return super().__call__(path, options, progress)

recorded.read_landmarks = Reader()
from kneetrack.cli import main
main()
"""


@pytest.fixture
def screened(
    store: Store, store_url: str, store_files: Path, tmp_path: Path
) -> Callable[..., subprocess.CompletedProcess[str]]:
    new_client(store)
    folder = tmp_path / "clips"
    clip(folder, "squat-front.mp4", "squat front")
    clip(folder, "squat-side.mp4", "squat side")

    def run(where: str, *words: str) -> subprocess.CompletedProcess[str]:
        env = {
            **os.environ,
            "KNEETRACK_DB": store_url,
            "KNEETRACK_FILES": str(store_files),
            "KNEETRACK_DATA": str(tmp_path / "data"),
            "PYTHONPATH": str(ROOT),
        }
        code = SWALLOWING.replace("WHERE", repr(where))
        command = ["screen", "KT-017", "--clips", str(folder), "--protocol", "squat", *words]
        return subprocess.run(
            [sys.executable, "-c", code, *command],
            env=env, capture_output=True, text=True, timeout=100, check=False,
        )  # fmt: skip

    return run


@needs_sqlite
def test_ctrl_c_in_a_callback_of_the_collector_is_not_lost(
    store: Store, screened: Callable[..., subprocess.CompletedProcess[str]]
) -> None:
    ran = screened("squat-side", "--new-session")
    assert "swallowed KeyboardInterrupt" in ran.stdout
    assert ran.returncode == 130
    (session,) = store.sessions(store.client("KT-017").id)
    trials = store.trials(session.id)
    assert [(trial_name(t), t.status) for t in trials] == [
        ("squat:front", "good"),
        ("squat:side", "failed"),
    ]
    assert "with --session 1 in place of --new-session goes on" in ran.stderr
    assert screened("nowhere", "--session", "1").returncode == 0
    assert [t.status for t in store.trials(session.id)] == ["good", "failed", "good"]


@needs_sqlite
def test_stopped_before_anything_was_measured_no_session_is_left(
    store: Store, screened: Callable[..., subprocess.CompletedProcess[str]]
) -> None:
    ran = screened("squat-front", "--new-session")
    assert ran.returncode == 130
    assert "Nothing was measured yet: no session was kept." in ran.stderr
    assert store.sessions(store.client("KT-017").id) == []

"""At a terminal the commands ask: what was agreed to, and whether to delete."""

from __future__ import annotations

import contextlib
import os
import select
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from kneetrack.clinic_records.people import ClientFacts
from kneetrack.store import open_store
from tests.storing import finished_trial, needs_sqlite, new_client, new_session

pty = pytest.importorskip("pty")
pytestmark = needs_sqlite


def at_a_terminal(place: Path, *arguments: str, answers: str) -> tuple[int, str]:
    """Exit code, and everything that was to be read."""
    ours, theirs = pty.openpty()
    running = subprocess.Popen(
        [sys.executable, "-m", "kneetrack", *arguments, "--db", str(place)],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
    )
    os.close(theirs)
    told = b""
    until = time.monotonic() + 60
    try:
        os.write(ours, answers.encode())
        while time.monotonic() < until:
            if select.select([ours], [], [], 0.2)[0]:
                with contextlib.suppress(OSError):
                    got = os.read(ours, 4096)
                    told += got
                    continue
                break
        code = running.wait(10)
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(running.pid, signal.SIGKILL)
        running.wait(10)
        os.close(ours)
    return code, told.decode("utf-8", "replace")


def test_a_consent_is_asked_for(tmp_path: Path) -> None:
    place = tmp_path / "clinic.db"
    with open_store(str(place)) as store:
        client = store.add_client(ClientFacts("KT-017"))
    answers = "\ny\nn\nn\n12\ny\nmother\n"
    code, told = at_a_terminal(place, "client", "consent", "KT-017", answers=answers)
    assert code == 0, told
    with open_store(str(place)) as store:
        facts = store.consents(client.id)[0].facts
    assert facts.allows == {"measurements", "video"}
    assert facts.guardian == "mother"
    assert facts.purpose.startswith("To measure how my knees move")
    assert facts.keep_until is not None
    assert facts.keep_until.year == facts.given_on.year + 1


def test_clips_go_only_when_it_is_said(tmp_path: Path) -> None:
    place = tmp_path / "clinic.db"
    with open_store(str(place)) as store:
        client = new_client(store, allows=frozenset({"measurements", "video"}))
        trial = finished_trial(store, new_session(store, client), clip=True)
    consent = ("client", "consent", "KT-017", "--allow", "measurements")
    for answer, code, kept in (("n\n", 2, True), ("y\n", 0, False)):
        ended, told = at_a_terminal(place, *consent, answers=answer)
        assert ended == code, told
        assert "1 kept clip" in told
        with open_store(str(place)) as store:
            assert store.trial(trial.id).clip_kept is kept
            assert len(store.consents(client.id)) == 2 - kept


def test_expired_clients_go_only_when_it_is_said(tmp_path: Path) -> None:
    place = tmp_path / "clinic.db"
    with open_store(str(place)) as store:
        client = new_client(store)
        store.withdraw_consent(store.consents(client.id)[0].id)
    for answer, code, left in (("n\n", 2, 1), ("y\n", 0, 0)):
        ended, told = at_a_terminal(place, "expire", "--delete", answers=answer)
        assert ended == code, told
        assert "KT-017" in told
        with open_store(str(place)) as store:
            assert store.count_clients() == left


def test_only_the_code_itself_deletes(tmp_path: Path) -> None:
    place = tmp_path / "clinic.db"
    with open_store(str(place)) as store:
        new_client(store)
    code, told = at_a_terminal(place, "client", "delete", "KT-017", answers="yes\n")
    assert code == 2
    assert "nothing was deleted" in told
    code, told = at_a_terminal(place, "client", "delete", "KT-017", answers="kt-017\n")
    assert code == 0, told
    with open_store(str(place)) as store:
        assert store.count_clients() == 0

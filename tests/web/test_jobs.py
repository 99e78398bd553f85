"""Analysis in the background: to its end, over a crash of the worker, and of the server."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from kneetrack.clinic.at_work import BROKEN_OFF
from kneetrack.clinic_records.people import ClientFacts, ConsentFacts
from kneetrack.clinic_records.visits import SetupFacts
from kneetrack.store import Store, open_store
from kneetrack.web import jobs as jobs_module
from kneetrack.web.incoming import MOST_TRIES, Incoming, Upload
from kneetrack.web.jobs import ENDED, Jobs, workers_for
from kneetrack.web.worker import GAVE_UP
from tests.web.conftest import wait_until
from tests.web.fake_intake import GATE

FAKE = "tests.web.fake_intake:take_clip"
ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture
def session_id(store: Store) -> str:
    return begun(store)


def begun(store: Store) -> str:
    client = store.add_client(ClientFacts(code="K-014"))
    store.give_consent(client.id, ConsentFacts(date(2026, 11, 1), "To see how I move."))
    return store.begin_session(client.id, "lower-limb", 1, SetupFacts()).id


@pytest.fixture
def incoming(store: Store) -> Incoming:
    return Incoming(store.files)


@pytest.fixture
def jobs(store: Store, store_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Jobs]:
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    monkeypatch.setattr(jobs_module, "_LOOK_EVERY_S", 0.05)
    made = Jobs(
        store,
        store_url,
        now=lambda: datetime.now(UTC),
        keep=timedelta(hours=48),
        intake=FAKE,
        at_a_time=1,
    )
    try:
        yield made
    finally:
        made.stop()


def queue(incoming: Incoming, session_id: str, content: bytes = b"quick", **more: object) -> Upload:
    key = f"{content!r}{len(incoming.all())}"
    upload = incoming.begin(session_id, len(content), key, "tester", datetime.now(UTC))
    incoming.write(upload, 0, content)
    return incoming.save(replace(upload, step="squat", queued=True, **more))  # type: ignore[arg-type]


def test_clips_are_measured_one_after_the_other(
    jobs: Jobs, store: Store, session_id: str, incoming: Incoming
) -> None:
    queue(incoming, session_id)
    queue(incoming, session_id)
    jobs.start()
    wait_until(lambda: not incoming.all())
    first, second = store.trials(session_id)
    assert (first.status, first.reason) == ("rejected", "repeated")
    assert (second.status, second.reps_valid) == ("good", 5)


def test_how_far_it_is(
    jobs: Jobs, store: Store, session_id: str, incoming: Incoming, tmp_path: Path
) -> None:
    upload = queue(incoming, session_id, b"slow")
    assert jobs.stage(upload.id) is None
    jobs.start()
    wait_until(lambda: (at := jobs.stage(upload.id)) is not None and at.part == 0.25)
    (tmp_path / GATE).touch()
    wait_until(lambda: not incoming.all())


def test_a_worker_that_comes_down(
    jobs: Jobs, store: Store, session_id: str, incoming: Incoming
) -> None:
    upload = queue(incoming, session_id, b"crash")
    jobs.start()
    wait_until(lambda: not incoming.find(upload.id).queued)
    (trial,) = store.trials(session_id)
    assert (trial.status, trial.reason) == ("failed", ENDED)
    assert incoming.find(upload.id).ready


def test_a_worker_that_hangs_is_ended(
    jobs: Jobs,
    store: Store,
    session_id: str,
    incoming: Incoming,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    slow = queue(incoming, session_id, b"slow")
    jobs.start()
    wait_until(lambda: (at := jobs.stage(slow.id)) is not None and at.part == 0.25)
    monkeypatch.setattr(jobs_module, "SILENT_S", 0.2)
    wait_until(lambda: not incoming.find(slow.id).queued)
    (trial,) = store.trials(session_id)
    assert (trial.status, trial.reason) == ("failed", ENDED)


def test_no_room_is_not_the_clips_doing(
    jobs: Jobs, store: Store, session_id: str, incoming: Incoming
) -> None:
    upload = queue(incoming, session_id, b"full")
    jobs.start()
    wait_until(lambda: not incoming.find(upload.id).queued)
    assert incoming.find(upload.id).ready
    assert store.trials(session_id)[0].reason == "the disk is full"


def test_consent_withdrawn_meanwhile(
    jobs: Jobs, store: Store, session_id: str, incoming: Incoming
) -> None:
    queue(incoming, session_id, b"withdrawn")
    jobs.start()
    wait_until(lambda: not incoming.all())


def test_stopping_leaves_the_trial_under_way_and_starting_goes_on(
    jobs: Jobs, store: Store, session_id: str, incoming: Incoming, tmp_path: Path
) -> None:
    upload = queue(incoming, session_id, b"slow")
    jobs.start()
    wait_until(lambda: jobs.stage(upload.id) and jobs.stage(upload.id).part)  # type: ignore[union-attr]
    jobs.stop()
    (trial,) = store.trials(session_id)
    assert trial.status == "under_way"
    (tmp_path / GATE).touch()
    jobs.start()
    wait_until(lambda: not incoming.all())
    (trial,) = store.trials(session_id)
    assert trial.status == "good"


def test_cancelling_ends_the_analysis(
    jobs: Jobs, store: Store, session_id: str, incoming: Incoming
) -> None:
    upload = queue(incoming, session_id, b"slow")
    jobs.start()
    wait_until(lambda: jobs.stage(upload.id) and jobs.stage(upload.id).part)  # type: ignore[union-attr]
    jobs.cancel({session_id})
    incoming.drop_sessions({session_id})
    (trial,) = store.trials(session_id)
    assert trial.status == "failed"
    wait_until(lambda: jobs.stage(upload.id) is None)
    assert incoming.all() == []


def test_a_trial_that_others_called_broken_off_is_begun_anew(
    jobs: Jobs, store: Store, session_id: str, incoming: Incoming
) -> None:
    left = store.begin_trial(session_id, "squat", "front", "clip")
    store.fail_trial(left.id, BROKEN_OFF)
    queue(incoming, session_id, trial_id=left.id, tries=1)
    jobs.start()
    wait_until(lambda: not incoming.all())
    assert [t.status for t in store.trials(session_id)] == ["failed", "good"]


def test_a_trial_that_was_finished_is_not_measured_again(
    jobs: Jobs, store: Store, session_id: str, incoming: Incoming
) -> None:
    failed = store.begin_trial(session_id, "squat", "front", "clip")
    store.fail_trial(failed.id, "nobody was seen")
    queue(incoming, session_id, trial_id=failed.id, tries=1)
    jobs.start()
    wait_until(lambda: not incoming.all())
    assert [t.reason for t in store.trials(session_id)] == ["nobody was seen"]


def test_a_clip_that_brings_the_server_down_is_given_up(
    jobs: Jobs, store: Store, session_id: str, incoming: Incoming
) -> None:
    left = store.begin_trial(session_id, "squat", "front", "clip")
    queue(incoming, session_id, trial_id=left.id, tries=MOST_TRIES)
    jobs.start()
    wait_until(lambda: not incoming.all())
    assert store.trial(left.id).reason == GAVE_UP


def test_a_trial_that_was_begun_and_not_written_down_is_gone_on_with(
    jobs: Jobs, store: Store, session_id: str, incoming: Incoming
) -> None:
    left = store.begin_trial(session_id, "squat", "front", "clip")
    queue(incoming, session_id, tries=1)
    jobs.start()
    wait_until(lambda: not incoming.all())
    assert [(t.id, t.status) for t in store.trials(session_id)] == [(left.id, "good")]


def test_workers() -> None:
    assert [workers_for(n) for n in (None, 1, 2, 4, 16)] == [1, 1, 1, 2, 8]


# ------------------------------------------------------------------ a server of its own

SERVER = """
import sys
from kneetrack.store import open_store
from kneetrack.web.config import WebConfig
from kneetrack.web.server import Place, serve
db, port = sys.argv[1], int(sys.argv[2])
with open_store(db) as store:
    config = WebConfig(store, port=port, db=db, intake="tests.web.fake_intake:take_clip")
    serve(store, Place(port=port), config=config, say=lambda at: print(at, flush=True))
"""


class Running:
    """A server in a process of its own, which never outlives the test."""

    def __init__(self, db: Path, port: int) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", SERVER, str(db), str(port)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )
        assert self.process.stdout is not None
        self.address = self.process.stdout.readline().decode().strip()
        assert self.address, self.process.communicate(timeout=5)[1].decode()

    def end(self, number: int) -> bytes:
        self.process.send_signal(number)
        return self.process.communicate(timeout=20)[1]

    def __enter__(self) -> Running:
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.communicate(timeout=10)


def free_port() -> int:
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def is_running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().split(") ")[1][0] != "Z"
    except OSError:
        return False


def test_a_server_killed_during_an_analysis_goes_on_at_its_next_start(tmp_path: Path) -> None:
    db, port = tmp_path / "clinic.db", free_port()
    with open_store(str(db)) as store:
        session_id = begun(store)
        incoming = Incoming(store.files)
        queue(incoming, session_id, b"slow")
        with Running(db, port) as server:
            wait_until(lambda: list(store.files.glob("*/*/begun")), 30)
            (mark,) = store.files.glob("*/*/begun")
            wait_until(mark.read_text)
            worker = int(mark.read_text())
            server.end(signal.SIGKILL)
        wait_until(lambda: not is_running(worker))
        (trial,) = store.trials(session_id)
        assert trial.status == "under_way"
        assert [u.trial_id for u in incoming.all()] == [trial.id]
        (tmp_path / GATE).touch()
        with Running(db, port) as server:
            wait_until(lambda: not incoming.all(), 30)
            assert server.end(signal.SIGTERM) == b""
            assert server.process.returncode == 0
        assert [t.status for t in store.trials(session_id)] == ["good"]
        assert [t.id for t in store.trials(session_id)] == [trial.id]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_ends_within_seconds_with_open_connections(tmp_path: Path, number: int) -> None:
    import socket

    db, port = tmp_path / "clinic.db", free_port()
    with Running(db, port) as server, socket.create_connection(("127.0.0.1", port), 5) as idle:
        half = b"POST /clients/search HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 50\r\n"
        idle.sendall(half + b"Content-Type: application/x-www-form-urlencoded\r\n\r\ntext=")
        with httpx.Client(base_url=server.address, timeout=5) as kept:
            assert kept.get("/about").status_code == 200
            begun_at = time.monotonic()
            server.end(number)
            assert time.monotonic() - begun_at < 15
        assert server.process.returncode == 0

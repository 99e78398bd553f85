"""A real scheduler, real workers, and an object store, all on this machine; some are killed."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from kneetrack.batch.command import BatchJob, run
from kneetrack.batch.entries import ClusterError
from kneetrack.batch.ledger import Ledger
from kneetrack.batch.places import place_of
from kneetrack.records import OutputError, SettingsError
from tests.batch.faking import done_in, fake_work, make_clips
from tests.batch.test_processes import driven
from tests.conftest import ROOT

LIMIT_S = 60
OTHER_VERSION = "import kneetrack\nkneetrack.__version__ = '0.0.1'\n"

pytest.importorskip("distributed")
pytest.importorskip("s3fs")
moto_server = pytest.importorskip("moto.server")


class Machines:
    """A scheduler and workers, processes of this machine, ended at the end whatever happens."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._processes: list[subprocess.Popen[bytes]] = []
        file = folder / "scheduler.json"
        self.scheduler = self._start("dask_scheduler", "--port", "0", "--scheduler-file", str(file))
        until(lambda: file.is_file() and file.stat().st_size > 0)
        self.address = str(json.loads(file.read_text())["address"])

    def worker(self, preload: str = "") -> subprocess.Popen[bytes]:
        """One more worker."""
        more: list[str] = []
        if preload:
            script = self._folder / "preload.py"
            script.write_text(preload)
            more = ["--preload", str(script)]
        return self._start("dask_worker", self.address, "--nthreads", "1", "--no-nanny", *more)

    def _start(self, name: str, *arguments: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", f"distributed.cli.{name}", *arguments, "--no-dashboard"]
        process = subprocess.Popen(
            [*command, "--host", "127.0.0.1"], cwd=self._folder,
            env=os.environ | {"PYTHONPATH": str(ROOT)},
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        self._processes.append(process)
        return process

    def end(self) -> None:
        """Kill them all."""
        for process in reversed(self._processes):
            with suppress(ProcessLookupError):
                process.kill()
            process.wait(timeout=LIMIT_S)


def until(true: Callable[[], bool], seconds: float = LIMIT_S) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.05)


@pytest.fixture(scope="module")
def bucket() -> Iterator[str]:
    """An empty bucket of an object store on this machine; the environment leads to it."""
    server = moto_server.ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    patch = pytest.MonkeyPatch()
    told = {"AWS_ENDPOINT_URL": f"http://{host}:{port}", "AWS_ACCESS_KEY_ID": "a",
            "AWS_SECRET_ACCESS_KEY": "b", "AWS_DEFAULT_REGION": "us-east-1"}  # fmt: skip
    for name, value in told.items():
        patch.setenv(name, value)
    try:
        import s3fs

        s3fs.S3FileSystem().mkdir("archive")
        yield "s3://archive"
    finally:
        patch.undo()
        server.stop()


@pytest.fixture(scope="module")
def machines(bucket: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machines]:
    found = Machines(tmp_path_factory.mktemp("cluster"))
    try:
        found.worker()
        yield found
    finally:
        found.end()


def job(machines: Machines, source: str, out: str, **more: Any) -> BatchJob:
    return BatchJob([source], out, cluster=machines.address, **more)


def clips_of(out: str) -> list[dict[str, Any]]:
    import fsspec

    with fsspec.open(f"{out}/clips.parquet") as stream:
        return list(pq.read_table(stream).to_pylist())


def test_a_worker_killed_in_the_middle_costs_nothing(machines: Machines, tmp_path: Path) -> None:
    clips, out = tmp_path / "in", tmp_path / "out"
    make_clips(clips, *["sleep 0.2"] * 12)
    second = machines.worker()

    def told(done: int, total: int, failed: int) -> None:
        if second.poll() is None and second.pid in workers(clips):
            second.send_signal(signal.SIGKILL)

    def workers(folder: Path) -> set[int]:
        lines = (folder / "log").read_text().splitlines() if (folder / "log").exists() else []
        return {int(line.split()[1]) for line in lines}

    until(lambda: worker_count(machines) == 2)
    ended = run(job(machines, str(clips), str(out)), told, work=fake_work)
    assert second.wait(timeout=LIMIT_S) == -signal.SIGKILL
    assert (ended.counts.analysed, ended.counts.failed, ended.exit_code) == (12, 0, 0)
    reps = pq.read_table(out / "reps.parquet")
    assert reps.num_rows == 24
    assert len(set(reps.column("work_key").to_pylist())) == 12
    assert len(set(done_in(clips))) == 12
    again = run(job(machines, str(clips), str(out)), work=fake_work)
    assert again.counts.new == 0


def worker_count(machines: Machines) -> int:
    import distributed

    client: Any = distributed.Client
    with client(machines.address, timeout=10, set_as_default=False) as found:
        return len(found.nthreads())


def test_real_clips_from_an_object_store_and_back(
    machines: Machines, bucket: str, samples: Path, tmp_path: Path
) -> None:
    import s3fs

    import kneetrack

    files = s3fs.S3FileSystem()
    for name in ("deep/anna.mp4", "again.mp4"):
        files.put_file(str(samples / "sq_good_anna.mp4"), f"archive/in/{name}")
    files.pipe_file("archive/in/broken.mp4", b"not a video")
    files.pipe_file("archive/in/list.csv", b"clip,client\ndeep/anna.mp4,C1\nagain.mp4,C2\n")
    out = f"{bucket}/out"
    ended = run(job(machines, f"{bucket}/in", out))
    assert (ended.counts.analysed, ended.counts.failed, ended.counts.duplicates) == (2, 1, 1)
    rows = clips_of(out)
    assert [row["clip"] for row in rows] == [
        f"{bucket}/in/{name}" for name in ("again.mp4", "broken.mp4", "deep/anna.mp4")
    ]
    kept = json.loads(files.cat_file(f"archive/out/{rows[0]['folder']}/result.json"))
    alone = kneetrack.analyse(samples / "sq_good_anna.mp4")
    assert kept["reps"] == json.loads(alone.to_json())["reps"]
    listed = run(job(machines, f"{bucket}/in/list.csv", out))
    assert (listed.counts.rows, listed.counts.analysed, listed.counts.new) == (2, 2, 0)
    assert [row["client"] for row in clips_of(out)] == ["C1", "C2"]


def test_an_object_store_without_a_cluster(bucket: str, tmp_path: Path) -> None:
    import s3fs

    files = s3fs.S3FileSystem()
    files.pipe_file("archive/plain/a.mp4", b"ok # 1")
    files.pipe_file("archive/plain/b.mp4", b"ok # 1")
    source, out = f"{bucket}/plain/*.mp4", f"{bucket}/plain-out"
    for new in (1, 0):
        with driven(source, "--out", out, "--jobs", "1", "--json") as process:
            told, said = process.communicate(timeout=LIMIT_S)
            assert process.returncode == 0, said
        summary = json.loads(told)
        assert (summary["analysed"], summary["duplicates"], summary["new"]) == (2, 1, new)


def test_a_worker_of_another_version_is_refused(machines: Machines, tmp_path: Path) -> None:
    make_clips(tmp_path / "in", "ok")
    before = worker_count(machines)
    other = machines.worker(OTHER_VERSION)
    try:
        until(lambda: worker_count(machines) == before + 1)
        with pytest.raises(ClusterError, match=r"has kneetrack 0\.0\.1, here it is") as told:
            run(job(machines, str(tmp_path / "in"), str(tmp_path / "out")), work=fake_work)
        assert "\n" not in str(told.value)
    finally:
        other.kill()
        other.wait(timeout=LIMIT_S)
    until(lambda: worker_count(machines) == before)


def test_what_every_clip_would_meet_ends_it_there_too(machines: Machines, tmp_path: Path) -> None:
    make_clips(tmp_path / "in", "full", "ok")
    with pytest.raises(OutputError, match="the disk is full"):
        run(job(machines, str(tmp_path / "in"), str(tmp_path / "out")), work=fake_work)


def test_nobody_answers_at_the_address(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kneetrack.batch.cluster._CONNECT_S", 1)
    make_clips(tmp_path / "in", "ok")
    for address in ("tcp://127.0.0.1:9", "nonsense"):
        with pytest.raises(ClusterError, match="no Dask scheduler answers") as told:
            run(BatchJob([str(tmp_path / "in")], str(tmp_path / "out"), cluster=address))
        assert "\n" not in str(told.value)


def test_without_dask_one_line_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kneetrack.batch.cluster.find_spec", lambda name: None)
    make_clips(tmp_path / "in", "ok")
    with pytest.raises(SettingsError, match=r"pip install 'kneetrack\[cluster\]'"):
        run(BatchJob([str(tmp_path / "in")], str(tmp_path / "out"), cluster="tcp://127.0.0.1:9"))


def test_a_scheduler_that_is_lost_leaves_what_is_done(machines: Machines, tmp_path: Path) -> None:
    """The last test: it ends the scheduler of this module."""
    clips, out = tmp_path / "in", tmp_path / "out"
    make_clips(clips, "ok", "ok", *["sleep 5"] * 3)

    def told(done: int, total: int, failed: int) -> None:
        if done == 2:
            machines.scheduler.kill()

    with pytest.raises(ClusterError, match="was lost: what is done stays") as error:
        run(job(machines, str(clips), str(out)), told, work=fake_work)
    assert "\n" not in str(error.value)
    assert len(Ledger(place_of(str(out))).done()[0]) >= 2
    assert [row["status"] for row in clips_of(str(out))].count("analysed") >= 2

"""Real processes that die, are killed, are interrupted: what is done stays, nobody is left."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from kneetrack.batch.ledger import Ledger
from kneetrack.batch.places import place_of
from tests.batch.faking import done_in, make_clips
from tests.conftest import ROOT

LIMIT_S = 60

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="kills as POSIX does")


@contextmanager
def driven(*arguments: str) -> Iterator[subprocess.Popen[str]]:
    """The command line with the fake work, in a process group of its own that is ended."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.batch.driving", json.dumps(["batch", *arguments])],
        cwd=ROOT, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        start_new_session=True,
    )  # fmt: skip
    try:
        yield process
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate(timeout=LIMIT_S)


def until(true: Callable[[], bool], seconds: float = LIMIT_S) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.05)


def members(group: int) -> list[int]:
    """Processes of a group that run."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError, IndexError, ValueError):
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
            if int(fields[2]) == group and fields[0] != "Z":
                found.append(int(folder.name))
    return found


def asleep(clips: Path, process: subprocess.Popen[str]) -> Callable[[], bool]:
    """Whether the two clips that sleep are under way."""

    def both() -> bool:
        assert process.poll() is None, process.communicate(timeout=LIMIT_S)
        return {"clip02.mp4", "clip03.mp4"} <= set(done_in(clips))

    return both


def statuses(out: Path) -> list[str]:
    return list(pq.read_table(out / "clips.parquet").column("status").to_pylist())


def test_a_worker_that_dies_takes_nobody_along(tmp_path: Path) -> None:
    make_clips(tmp_path / "in", "ok", "die", "ok", "die once", "ok", "error")
    out = tmp_path / "out"
    with driven(str(tmp_path / "in"), "--out", str(out), "--jobs", "2", "--json") as process:
        told, said = process.communicate(timeout=LIMIT_S)
        assert process.returncode == 0, said
    assert said == ""
    summary = json.loads(told)
    assert (summary["analysed"], summary["failed"], summary["new"]) == (4, 2, 6)
    assert statuses(out) == ["analysed", "error", "analysed", "analysed", "analysed", "error"]
    worked = done_in(tmp_path / "in")
    assert worked.count("clip01.mp4") == 2 and worked.count("clip03.mp4") == 2
    assert worked.count("clip00.mp4") == 1
    assert (out / "cohort.html").is_file()


def test_ctrl_c_loses_only_what_is_under_way(tmp_path: Path) -> None:
    clips = tmp_path / "in"
    make_clips(clips, "ok", "ok", "sleep 50", "sleep 50", "ok")
    out = tmp_path / "out"
    with driven(str(clips), "--out", str(out), "--jobs", "2") as process:
        until(asleep(clips, process))
        os.killpg(process.pid, signal.SIGINT)
        _, said = process.communicate(timeout=LIMIT_S)
        assert process.returncode == 130, said
        until(lambda: members(process.pid) == [], 10)
    done = len(done_in(clips)) - 2
    assert f"{done} analysed, {5 - done} not done yet" in said
    assert "The same command goes on with the rest." in said
    assert said.endswith("kneetrack: interrupted; files already written are complete\n")
    assert "Traceback" not in said
    assert sorted(statuses(out)) == ["analysed"] * done + ["pending"] * (5 - done)


def test_killed_outright_it_goes_on_and_leaves_no_process(tmp_path: Path) -> None:
    clips, out = tmp_path / "in", tmp_path / "out"
    make_clips(clips, "ok", "ok", "sleep 50", "sleep 50", "ok")
    with driven(str(clips), "--out", str(out), "--jobs", "2") as process:
        until(asleep(clips, process))
        process.kill()
        until(lambda: members(process.pid) == [], 15)
    finished, _ = Ledger(place_of(str(out))).done()
    before = set(done_in(clips)) - {"clip02.mp4", "clip03.mp4"}
    assert len(finished) == len(before)
    for clip in ("clip02.mp4", "clip03.mp4"):
        (clips / clip).write_text(f"ok # changed {clip}")
    (clips / "log").unlink()
    with driven(str(clips), "--out", str(out), "--jobs", "2") as process:
        _, said = process.communicate(timeout=LIMIT_S)
        assert process.returncode == 0, said
    assert set(done_in(clips)) == {path.name for path in clips.glob("*.mp4")} - before
    assert len(done_in(clips)) == 5 - len(before)
    assert statuses(out) == ["analysed"] * 5


def test_a_full_disk_is_one_line_and_exit_code_5(tmp_path: Path) -> None:
    clips, out = tmp_path / "in", tmp_path / "out"
    make_clips(clips, "ok", "full", "ok")
    with driven(str(clips), "--out", str(out), "--jobs", "1") as process:
        _, said = process.communicate(timeout=LIMIT_S)
        assert process.returncode == 5
    assert said == "kneetrack: cannot write there: the disk is full\n"
    assert len(Ledger(place_of(str(out))).done()[0]) == 1


def test_two_batches_do_not_share_a_folder(tmp_path: Path) -> None:
    clips, out = tmp_path / "in", tmp_path / "out"
    make_clips(clips, "sleep 50")
    with driven(str(clips), "--out", str(out), "--jobs", "1") as first:
        until(lambda: len(done_in(clips)) == 1)
        with driven(str(clips), "--out", str(out)) as second:
            _, said = second.communicate(timeout=LIMIT_S)
            assert second.returncode == 5
        assert "another batch is at work" in said
        assert first.poll() is None


THREADS = """
import os, sys
from kneetrack.batch.pool import LocalPool
def threads(_):
    import cv2
    return cv2.getNumThreads(), os.environ.get("OMP_NUM_THREADS")
pool = LocalPool(1)
try:
    pool.submit(1, threads, None)
    print(pool.next_done(50).value)
finally:
    pool.close()
"""


def test_a_process_uses_one_thread_for_pictures_and_for_numbers() -> None:
    done = subprocess.run(
        [sys.executable, "-c", THREADS], cwd=ROOT, text=True, capture_output=True, timeout=LIMIT_S,
        check=False,
    )  # fmt: skip
    assert done.stdout == "(1, '1')\n", done.stderr

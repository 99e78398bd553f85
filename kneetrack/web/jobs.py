"""Analysis in the background: workers one after the other, and how far each of them is."""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Set
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import IO, Final

from kneetrack.clinic.at_work import failed, is_at_work
from kneetrack.records import ConsentError, KneetrackError, UnknownRecordError
from kneetrack.store.store import Store
from kneetrack.web.incoming import Incoming, Upload
from kneetrack.web.worker import INTAKE, Job

ENDED: Final = "the analysis ended unexpectedly; send the clip again"
SILENT_S: Final = 900.0
"""A worker that tells nothing for so long hangs, and is ended."""
_LOOK_EVERY_S: Final = 1.0
_TIDY_EVERY_S: Final = 1800.0
_log = logging.getLogger("kneetrack.web")


def workers_for(cpus: int | None) -> int:
    """How many clips at a time: reading, following and drawing keep two processors busy."""
    return max(1, (cpus or 1) // 2)


@dataclass(frozen=True, slots=True)
class Stage:
    """How far a clip is. part: 0 to 1, None = cannot tell yet."""

    name: str = ""
    part: float | None = None


class Jobs:
    """Has every queued clip of a store analysed. ``start`` and ``stop`` it."""

    def __init__(
        self,
        store: Store,
        db: str | None,
        *,
        now: Callable[[], datetime],
        keep: timedelta,
        intake: str = INTAKE,
        at_a_time: int | None = None,
    ) -> None:
        self._store, self._db, self._intake = store, db, intake
        self._now, self._keep = now, keep
        self._incoming = Incoming(store.files)
        self._count = at_a_time or workers_for(os.cpu_count())
        self._stopping = threading.Event()
        self._news = threading.Event()
        self._lock = threading.Lock()
        self._taken: dict[str, Stage] = {}
        self._processes: dict[str, subprocess.Popen[bytes]] = {}
        self._heard: dict[str, float] = {}
        self._threads: list[threading.Thread] = []

    def start(self) -> None:
        """Begin, also with what an earlier run has left."""
        self._stopping.clear()
        work = [(self._work, f"analysis {n + 1}") for n in range(self._count)]
        for target, name in [*work, (self._watch, "watching"), (self._tidy, "tidying")]:
            thread = threading.Thread(target=target, name=name, daemon=True)
            thread.start()
            self._threads.append(thread)

    def stop(self) -> None:
        """End at once; what is under way is gone on with at the next start."""
        self._stopping.set()
        self._news.set()
        with self._lock:
            for process in self._processes.values():
                process.kill()
        for thread in self._threads:
            thread.join(5)
        self._threads.clear()

    def look(self) -> None:
        """Something was queued."""
        self._news.set()

    def cancel(self, sessions: Set[str] = frozenset(), uploads: Set[str] = frozenset()) -> None:
        """End the analysis of clips that are to be deleted."""
        ids = {u.id for u in self._incoming.all() if u.session_id in sessions} | uploads
        with self._lock:
            ending = {i: self._processes[i] for i in ids if i in self._processes}
        for upload_id, process in ending.items():
            process.kill()
            with suppress(subprocess.TimeoutExpired):
                process.wait(5)
            self._ended(upload_id)

    def stage(self, upload_id: str) -> Stage | None:
        """How far a clip is; None when nobody is at it."""
        with self._lock:
            return self._taken.get(upload_id)

    def _work(self) -> None:
        while not self._stopping.is_set():
            upload = self._next()
            if upload is None:
                self._news.wait(_LOOK_EVERY_S)
                self._news.clear()
                continue
            try:
                self._run(upload)
            except (KneetrackError, OSError) as error:
                _log.error("analysis in the background: %s", type(error).__name__)
                self._stopping.wait(_LOOK_EVERY_S)
            finally:
                with self._lock:
                    self._taken.pop(upload.id, None)

    def _next(self) -> Upload | None:
        with self._lock:
            for upload in self._incoming.all():
                free = upload.queued and upload.id not in self._taken
                if free and not is_at_work(self._incoming.folder(upload)):
                    self._taken[upload.id] = Stage()
                    return upload
        return None

    def _run(self, upload: Upload) -> None:
        job = Job(self._db, str(self._store.files), upload.by, upload.id, self._intake)
        process = subprocess.Popen(
            [sys.executable, "-m", "kneetrack.web.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # Ctrl-C is for the server, which then ends this
        )
        with self._lock:
            self._heard[upload.id] = time.monotonic()
            self._processes[upload.id] = process
            if self._stopping.is_set():
                process.kill()
        try:
            code = self._see_through(process, job)
        finally:
            with self._lock:
                del self._processes[upload.id], self._heard[upload.id]
            process.kill()
            process.wait()
        if code and not self._stopping.is_set():
            self._ended(upload.id)

    def _see_through(self, process: subprocess.Popen[bytes], job: Job) -> int:
        """Tells a worker its job and listens until it ends; gives its exit code."""
        assert process.stdin is not None and process.stdout is not None
        with process.stdout:
            try:
                process.stdin.write(json.dumps(asdict(job)).encode() + b"\n")
                process.stdin.flush()
                self._follow(job.upload_id, process.stdout)
                return process.wait()
            except BrokenPipeError:
                return process.wait()
            finally:
                with suppress(BrokenPipeError):
                    process.stdin.close()

    def _follow(self, upload_id: str, lines: IO[bytes]) -> None:
        for line in lines:
            self._heard[upload_id] = time.monotonic()
            with suppress(ValueError, KeyError, TypeError):
                told = json.loads(line)
                if "error" in told:
                    _log.error("analysis in the background: %s", told["error"])
                    continue
                total = told["total"]
                stage = Stage(str(told["stage"]), min(1.0, told["done"] / total) if total else None)
                with self._lock:
                    self._taken[upload_id] = stage

    def _watch(self) -> None:
        """Ends workers that hang, so that the clips behind them have their turn."""
        while not self._stopping.wait(_LOOK_EVERY_S):
            latest = time.monotonic() - SILENT_S
            with self._lock:
                hung = [p for i, p in self._processes.items() if self._heard[i] < latest]
            for process in hung:
                process.kill()

    def _ended(self, upload_id: str) -> None:
        """A worker came down by itself: the trial says so, and the clip waits."""
        try:
            upload = self._incoming.find(upload_id)
        except UnknownRecordError:
            return
        with suppress(UnknownRecordError):
            if upload.trial_id and self._store.trial(upload.trial_id).status == "under_way":
                failed(self._store.acting_as(upload.by), upload.trial_id, ENDED)
        self._incoming.save(replace(upload, queued=False, trial_id="", tries=0))

    def _tidy(self) -> None:
        while not self._stopping.is_set():
            try:
                tidy(self._store, self._incoming, self._now(), self._keep)
                self._store.finish_deletions()
            except (KneetrackError, OSError) as error:
                _log.error("tidying: %s", type(error).__name__)
            self._stopping.wait(_TIDY_EVERY_S)


def tidy(store: Store, incoming: Incoming, now: datetime, keep: timedelta) -> int:
    """Delete clips that were forgotten, or whose session or consent is gone; how many."""
    known = set()
    for session_id in {upload.session_id for upload in incoming.all()}:
        with suppress(UnknownRecordError, ConsentError):
            session = store.session(session_id)
            store.need_consent(session.client_id)
            known.add(session_id)
    return incoming.tidy(now, keep, known)

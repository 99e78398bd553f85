"""Processes of this machine: each holds one clip, and one that dies takes no other along."""

from __future__ import annotations

import multiprocessing
import os
import queue
import signal
import sys
import threading
import time
import warnings
from collections.abc import Callable, Iterator
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final, Protocol

Call = Callable[[Any], Any]
ONE_THREAD: Final = {
    name: "1"
    for name in (
        "OMP_NUM_THREADS",
        "OPENBLAS_NUM_THREADS",
        "MKL_NUM_THREADS",
        "NUMEXPR_NUM_THREADS",
        "VECLIB_MAXIMUM_THREADS",
        "OPENCV_FOR_THREADS_NUM",
    )
}
"""With a process a core, threads below it only get in each other's way."""
_READERS: Final = 2
_LOOK_S: Final = 0.5
_ORPHANED: Final = 3


@dataclass(frozen=True, slots=True)
class Finished:
    """A call that ended: its value, or its error. died: the process ended before it answered."""

    token: int
    value: Any = None
    error: BaseException | None = None
    died: bool = False


class Pool(Protocol):
    """Where calls run. tries_again: a call whose process died is worth another try, alone."""

    tries_again: bool

    def room(self, *, light: bool = False) -> int:
        """How many more calls may be given now."""

    def submit(self, token: int, call: Call, argument: Any, *, light: bool = False) -> None:
        """Give a call; its token comes back with its end. light: it only reads a file."""

    def next_done(self, timeout_s: float) -> Finished | None:
        """The next call that ended, None after so many seconds without one."""

    def rest(self) -> None:
        """Give back the memory of processes that have nothing to do."""

    def close(self) -> None:
        """End every process at once."""


class _Slot:
    """One process, started when it is needed first and again when it died."""

    def __init__(self) -> None:
        self._executor: Any = None
        self.busy = False

    def submit(self, call: Call, argument: Any) -> Any:
        from joblib.externals.loky import ProcessPoolExecutor

        with _interrupts_are_ours():
            if self._executor is None:
                self._executor = ProcessPoolExecutor(1, initializer=_begin, env=ONE_THREAD)
            return self._executor.submit(call, argument)

    def end(self) -> None:
        executor, self._executor = self._executor, None
        if executor is not None:
            executor.shutdown(wait=True, kill_workers=True)


class LocalPool:
    """``jobs`` processes of joblib's loky, one executor each: who dies is known by its clip.

    Light calls run in two threads of this process.
    """

    tries_again = True

    def __init__(self, jobs: int) -> None:
        # A process that has grown by 300 MB is replaced between two clips: nothing to worry about.
        warnings.filterwarnings("ignore", message="A worker stopped while some jobs")
        self._slots = [_Slot() for _ in range(jobs)]
        self._ended: queue.SimpleQueue[tuple[int, _Slot | None, Any]] = queue.SimpleQueue()
        self._light_under_way = 0

    def room(self, *, light: bool = False) -> int:
        """Processes without a clip; of light calls, threads without a file."""
        if light:
            return _READERS - self._light_under_way
        return sum(not slot.busy for slot in self._slots)

    def submit(self, token: int, call: Call, argument: Any, *, light: bool = False) -> None:
        """Give a call to the first process that has none; a light one to a thread."""
        if light:
            self._light_under_way += 1
            arguments = (token, call, argument, self._ended)
            threading.Thread(target=_read, args=arguments, daemon=True).start()
            return
        slot = next(slot for slot in self._slots if not slot.busy)
        slot.busy = True
        try:
            future = slot.submit(call, argument)
        except BrokenProcessPool:  # it died while it had nothing to do
            slot.end()
            future = slot.submit(call, argument)
        future.add_done_callback(lambda ended: self._ended.put((token, slot, ended)))

    def next_done(self, timeout_s: float) -> Finished | None:
        """The next call that ended."""
        try:
            token, slot, future = self._ended.get(timeout=timeout_s)
        except queue.Empty:
            return None
        if slot is None:
            self._light_under_way -= 1
            return Finished(token, future.value, future.error)
        error = future.exception(timeout=timeout_s)
        died = isinstance(error, BrokenProcessPool)
        if died:
            slot.end()
        slot.busy = False
        return Finished(token, None if error else future.result(timeout=timeout_s), error, died)

    def rest(self) -> None:
        """End the processes that have nothing to do."""
        for slot in self._slots:
            if not slot.busy:
                slot.end()

    def close(self) -> None:
        """Kill every process, whatever it does; records are whole or not there."""
        for slot in self._slots:
            slot.end()


def _read(
    token: int, call: Call, argument: Any, ended: queue.SimpleQueue[tuple[int, Any, Any]]
) -> None:
    """A light call, in a thread that does not keep this process from ending."""
    try:
        found = Finished(token, call(argument))
    except Exception as error:
        found = Finished(token, error=error)
    ended.put((token, None, found))


def _begin() -> None:
    """In each process: Ctrl-C is for the parent; native talk goes nowhere; no life after it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    sys.stdout.flush()
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    os.close(nowhere)
    threading.Thread(target=_end_with, args=(os.getppid(),), daemon=True).start()


def _end_with(parent: int) -> None:
    """End this process when its parent has ended, however that came about."""
    known = multiprocessing.parent_process()
    if known is not None and sys.platform == "win32":
        known.join()
        os._exit(_ORPHANED)
    while os.getppid() == parent:
        time.sleep(_LOOK_S)
    os._exit(_ORPHANED)


@contextmanager
def _interrupts_are_ours() -> Iterator[None]:
    """Processes started meanwhile do not hear Ctrl-C; this one hears it afterwards."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)

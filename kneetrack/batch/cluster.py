"""The same work on a Dask cluster that the user has already.

A worker that dies is Dask's to replace: its clips go to another one, and since every clip has one
record by its content, each is in the results once.
"""

from __future__ import annotations

import logging
import os
import platform
import queue
import secrets
import threading
import time
import warnings
from contextlib import suppress
from functools import cache
from importlib import metadata
from importlib.util import find_spec
from typing import Any, Final

from kneetrack import __version__
from kneetrack.batch.entries import ClusterError
from kneetrack.batch.places import absolute, place_of
from kneetrack.batch.pool import ONE_THREAD, Call, Finished
from kneetrack.records import KneetrackError, SettingsError

_PACKAGES: Final = ("mediapipe", "opencv-python", "numpy", "scipy", "av")
_CONNECT_S: Final = 10
_FIRST_WORKER_S: Final = 30
_ANSWER_S: Final = 60
_LOOK_S: Final = 2.0
_NO_WORKER_S: Final = 120.0
_CLOSE_S: Final = 5
_A_WORKER: Final = 2
"""Clips given to each worker: one under way, one waiting, so that none stands idle."""
_ONE_CLIP: Final = threading.Lock()
"""Workers with several threads do one clip at a time all the same: one process, one core."""

Versions = dict[str, str]


class ClusterPool:
    """The workers of a scheduler. Raises ClusterError where they cannot be used."""

    tries_again = False

    def __init__(self, address: str, out: str) -> None:
        if find_spec("distributed") is None:
            raise SettingsError("--cluster needs Dask: pip install 'kneetrack[cluster]'")
        self._address = address
        self._ended: queue.SimpleQueue[tuple[int, Any]] = queue.SimpleQueue()
        self._futures: dict[int, Any] = {}
        self._run = secrets.token_hex(4)
        self._versions = versions()
        self._looked_s = self._manned_s = time.monotonic()
        self._client = _connected(address)
        try:
            self._workers = self._checked(out)
        except BaseException:
            self.close()
            raise

    def room(self, *, light: bool = False) -> int:
        """How many more clips the workers that there are now may be given."""
        self._look()
        return max(1, self._workers) * _A_WORKER * (2 if light else 1) - len(self._futures)

    def submit(self, token: int, call: Call, argument: Any, *, light: bool = False) -> None:
        """Give a call to the scheduler."""
        try:
            future = self._client.submit(
                _guarded,
                self._versions,
                call,
                argument,
                light,
                pure=False,
                key=f"kneetrack-{self._run}-{token}",
                priority=1 if light else 0,
            )
        except Exception as error:
            raise self._lost() from error
        self._futures[token] = future
        future.add_done_callback(lambda ended: self._ended.put((token, ended)))

    def next_done(self, timeout_s: float) -> Finished | None:
        """The next call that ended. Raises ClusterError when the scheduler is gone."""
        try:
            token, future = self._ended.get(timeout=timeout_s)
        except queue.Empty:
            self._look()
            return None
        from distributed import KilledWorker

        if future.status not in ("finished", "error"):
            raise self._lost()
        try:
            error = future.exception(timeout=_ANSWER_S)
            value = None if error else future.result(timeout=_ANSWER_S)
        except Exception as problem:
            raise self._lost() from problem
        del self._futures[token]
        if isinstance(error, ImportError):
            raise ClusterError(f"a worker cannot import kneetrack ({_short(error)}): install it")
        return Finished(token, value, error, died=isinstance(error, KilledWorker))

    def rest(self) -> None:
        """Workers are not ours to end."""

    def close(self) -> None:
        """Take back what is not under way yet, and leave."""
        with suppress(Exception):  # the scheduler may be gone: then there is nobody to tell
            if self._client.status == "running":
                self._client.cancel(list(self._futures.values()))
        with suppress(Exception):
            self._client.close(timeout=_CLOSE_S)

    def _look(self) -> None:
        """Now and then: is the scheduler there, are there workers."""
        now = time.monotonic()
        if self._client.status != "running":
            raise self._lost()
        if now - self._looked_s < _LOOK_S:
            return
        self._looked_s = now
        try:
            self._workers = len(self._client.nthreads())
        except Exception as error:
            raise self._lost() from error
        if self._workers:
            self._manned_s = now
        elif now - self._manned_s > _NO_WORKER_S:
            raise ClusterError(
                f"the cluster at {self._address} has had no worker for {_NO_WORKER_S:.0f} s: "
                "what is done stays; the same command goes on"
            )

    def _checked(self, out: str) -> int:
        """How many workers there are, all of them fit. Raises ClusterError."""
        try:
            self._client.wait_for_workers(1, timeout=_FIRST_WORKER_S)
        except Exception as error:
            raise ClusterError(
                f"the cluster at {self._address} has no worker: start one (dask worker ADDRESS)"
            ) from error
        token = f".seen-{self._run}"
        place = place_of(out)
        place.write(token, b"")
        try:
            told = self._client.run(worker_facts, absolute(out), token, on_error="return")
        except Exception as error:
            raise self._lost() from error
        finally:
            place.remove(token)
        for worker, facts in told.items():
            _check(worker, facts, self._versions, out)
        return len(told)

    def _lost(self) -> ClusterError:
        return ClusterError(
            f"the Dask scheduler at {self._address} was lost: what is done stays; "
            "the same command goes on"
        )


@cache
def versions() -> Versions:
    """What must be the same here and on the workers, for the same numbers."""
    told = {"kneetrack": __version__}
    told["Python"] = ".".join(platform.python_version_tuple()[:2])
    for package in _PACKAGES:
        try:
            told[package] = metadata.version(package)
        except metadata.PackageNotFoundError:
            told[package] = "none"
    return told


def worker_facts(out: str, token: str) -> tuple[Versions, bool, str]:
    """On a worker: its versions, whether it sees the results' folder, and why not."""
    try:
        return versions(), place_of(out).read(token) is not None, ""
    except KneetrackError as error:
        return versions(), False, str(error)


def _check(worker: str, facts: Any, own: Versions, out: str) -> None:
    if isinstance(facts, ImportError | AttributeError):
        raise ClusterError(
            f"worker {worker} cannot import kneetrack {__version__} ({_short(facts)}): "
            "install it there"
        )
    if isinstance(facts, BaseException):
        raise ClusterError(f"worker {worker} does not answer as it should: {_short(facts)}")
    theirs, sees, why = facts
    _same(worker, theirs, own)
    if not sees:
        raise ClusterError(
            f"worker {worker} does not see {out}: give --out on a shared disk, or an address"
            + (f" ({why})" if why else "")
        )


def _same(worker: str, theirs: Versions, own: Versions) -> None:
    for name, mine in own.items():
        if theirs.get(name) != mine:
            raise ClusterError(
                f"worker {worker} has {name} {theirs.get(name, 'none')}, here it is {mine}: "
                "install the same, or numbers would not be comparable"
            )


def _guarded(expected: Versions, call: Call, argument: Any, light: bool) -> Any:
    """On a worker: the call, if the worker is one that may do it."""
    _same(platform.node() or "of the cluster", versions(), expected)
    if light:
        return call(argument)
    for name, value in ONE_THREAD.items():
        os.environ.setdefault(name, value)
    with _ONE_CLIP:
        return call(argument)


def _connected(address: str) -> Any:
    import distributed

    _hush()
    client: Any = distributed.Client
    try:
        return client(address, timeout=_CONNECT_S, set_as_default=False)
    except Exception as error:
        raise ClusterError(
            f"no Dask scheduler answers at {address} ({_short(error)}): "
            "start one (dask scheduler), or name another address"
        ) from None


def _hush() -> None:
    """What Dask has to say to its own log is not for the terminal."""
    logging.getLogger("distributed").setLevel(logging.CRITICAL)
    warnings.filterwarnings("ignore", module=r"distributed\b.*")


def _short(error: BaseException) -> str:
    return (" ".join(str(error).split()) or type(error).__name__)[:120]

"""Whether somebody is at work on a trial, or a crash has left it: a lock that dies with its owner.

A trial is under way from its beginning to its end. Who works on it holds a lock on a file in its
folder; the system takes the lock away from a process that ends, however it ends.
"""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

from kneetrack.clinic_records.visits import Trial
from kneetrack.file_lock import free_lock, take_lock
from kneetrack.records import OutputError, UnknownRecordError

if TYPE_CHECKING:
    from kneetrack.store.store import Store

LOCK_FILE: Final = "at-work"
BROKEN_OFF: Final = "broken off: the program ended while it was being measured"


@contextlib.contextmanager
def at_work(folder: Path) -> Iterator[None]:
    """Hold the lock on a trial's folder; within another of this process it changes nothing.

    Raises OutputError when it cannot be written there.
    """
    path = folder / LOCK_FILE
    try:
        folder.mkdir(parents=True, exist_ok=True)
        stream = path.open("a+b")
    except OSError as error:
        raise OutputError(f"cannot write into the store's files: {error.strerror}") from error
    with stream:
        held = take_lock(stream)
        try:
            yield
        finally:
            if held:
                free_lock(stream)
                with contextlib.suppress(OSError):
                    path.unlink(missing_ok=True)


def is_at_work(folder: Path) -> bool:
    """Whether a process that still runs, this one included, holds the lock on a trial's folder."""
    try:
        with (folder / LOCK_FILE).open("r+b") as stream:
            free = take_lock(stream)
            if free:
                free_lock(stream)
            return not free
    except OSError:
        return False


def fail_left_over(store: Store, session_id: str | None = None) -> list[Trial]:
    """Trials under way on which nobody is at work, now failed as broken off.

    session_id: of this session alone; None: of every client.
    """
    left = []
    for trial in store.unfinished_trials():
        if session_id not in (None, trial.session_id) or is_at_work(store.trial_folder(trial.id)):
            continue
        with contextlib.suppress(UnknownRecordError):  # deleted meanwhile
            left.append(failed(store, trial.id, BROKEN_OFF))
    return left


def failed(store: Store, trial_id: str, reason: str) -> Trial:
    """Fail a trial: nothing stays in its folder that nobody would ever look at or delete.

    One that was finished by then keeps its files: only what came after it was cut short.
    """
    trial = store.fail_trial(trial_id, reason)
    if trial.status == "good" or trial.reps_total:
        return trial
    for path in store.trial_folder(trial_id).glob("*"):
        with contextlib.suppress(OSError):
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink()
    return trial

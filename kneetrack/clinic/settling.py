"""Corrections that a crash cut short: found without looking at every trial, and finished."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

from kneetrack.clinic.locking import locked
from kneetrack.records import KneetrackError, OutputError, UnknownRecordError

if TYPE_CHECKING:
    from kneetrack.store.store import Store

UNSETTLED: Final = "unsettled"
"""Folder beside those of the clients: an empty file, named by the trial, for each correction that
is under way, or that was when its program ended."""


@contextmanager
def under_way(store: Store, trial_id: str) -> Iterator[None]:
    """Hold the lock on a trial while it is corrected; what is not finished is found again.

    Raises StoreError when somebody else holds it for too long, OutputError when the store's files
    cannot be written.
    """
    with locked(store.trial_folder(trial_id)):
        mark = store.files / UNSETTLED / trial_id
        try:
            mark.parent.mkdir(mode=0o700, exist_ok=True)
            mark.touch()
        except OSError as error:
            raise OutputError(f"cannot write into the store's files: {error.strerror}") from error
        try:
            yield
        except Exception:
            if _is_settled(store, trial_id):
                mark.unlink(missing_ok=True)
            raise
        mark.unlink(missing_ok=True)


def _is_settled(store: Store, trial_id: str) -> bool:
    from kneetrack.clinic.correcting import is_settled

    try:
        return is_settled(store, trial_id)
    except KneetrackError:
        return False


def settle_left_over(store: Store) -> list[str]:
    """Finish every correction that a crash cut short; the trials' ids. Costs nothing without any.

    One that cannot be finished now is tried again next time.
    """
    done = []
    for mark in _marks(store):
        from kneetrack.clinic.correcting import settle

        try:
            settle(store, mark.name)
        except UnknownRecordError:  # deleted meanwhile
            mark.unlink(missing_ok=True)
        except KneetrackError:
            continue
        else:
            done.append(mark.name)
    return done


def _marks(store: Store) -> list[Path]:
    with suppress(OSError):
        return sorted((store.files / UNSETTLED).iterdir())
    return []

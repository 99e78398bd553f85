"""One hand at a time on the files of a trial, whichever process or station it belongs to."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from kneetrack.file_lock import take_lock
from kneetrack.records import OutputError, StoreError

LOCK_FILE: Final = ".lock"
"""Empty; the system lets go of it when its process ends, however that ends."""
WAIT_S: Final = 60.0


@contextmanager
def locked(folder: Path, wait_s: float = WAIT_S) -> Iterator[None]:
    """Wait until nobody else works on the folder. Raises StoreError when that takes too long."""
    deadline = time.monotonic() + wait_s
    try:
        file = (folder / LOCK_FILE).open("ab")
    except OSError as error:
        raise OutputError(f"cannot write into the take's folder: {error.strerror}") from error
    with file:
        while not take_lock(file):
            if time.monotonic() > deadline:
                raise StoreError(
                    "this take is being corrected by somebody else: try again in a moment"
                )
            time.sleep(0.02)
        yield

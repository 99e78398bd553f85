"""One hand at a time on the files of a trial, whichever process or station it belongs to."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from kneetrack.records import OutputError, StoreError

LOCK_FILE: Final = ".lock"
"""Empty; the system lets go of it when its process ends, however that ends."""
WAIT_S: Final = 60.0

if sys.platform == "win32":
    import msvcrt

    def _take(number: int) -> None:
        msvcrt.locking(number, msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _take(number: int) -> None:
        fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)


@contextmanager
def locked(folder: Path, wait_s: float = WAIT_S) -> Iterator[None]:
    """Wait until nobody else works on the folder. Raises StoreError when that takes too long."""
    deadline = time.monotonic() + wait_s
    try:
        file = (folder / LOCK_FILE).open("ab")
    except OSError as error:
        raise OutputError(f"cannot write into the take's folder: {error.strerror}") from error
    with file:
        while True:
            try:
                _take(file.fileno())
                break
            except OSError as error:
                if time.monotonic() > deadline:
                    raise StoreError(
                        "this take is being corrected by somebody else: try again in a moment"
                    ) from error
                time.sleep(0.02)
        yield

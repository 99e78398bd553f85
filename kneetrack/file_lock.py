"""A lock on an open file, which the system takes away from a process that ends, however it ends."""

from __future__ import annotations

import contextlib
import sys
from typing import IO

if sys.platform == "win32":
    import msvcrt

    def take_lock(stream: IO[bytes]) -> bool:
        """Take it if nobody has it, and tell whether it was taken."""
        stream.seek(0)
        try:
            msvcrt.locking(stream.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

    def free_lock(stream: IO[bytes]) -> None:
        """Let go of it."""
        stream.seek(0)
        with contextlib.suppress(OSError):
            msvcrt.locking(stream.fileno(), msvcrt.LK_UNLCK, 1)

else:
    import fcntl

    def take_lock(stream: IO[bytes]) -> bool:
        """Take it if nobody has it, and tell whether it was taken."""
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True

    def free_lock(stream: IO[bytes]) -> None:
        """Let go of it."""
        with contextlib.suppress(OSError):
            fcntl.flock(stream, fcntl.LOCK_UN)

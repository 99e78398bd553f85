"""Keep a native library's chatter off the user's terminal."""

from __future__ import annotations

import contextlib
import os
import sys
import threading
from collections.abc import Iterator

_STDERR_FD = 2
_one_at_a_time = threading.Lock()


@contextlib.contextmanager
def quiet_native_stderr() -> Iterator[None]:
    """Send what C and C++ code writes to standard error to nowhere, for as short as it takes.

    MediaPipe's library logs to file descriptor 2 while a model is made and offers no switch for
    it. Does nothing where there is no such descriptor (a windowed program on Windows).
    """
    with _one_at_a_time:
        if sys.stderr is not None:
            with contextlib.suppress(OSError, ValueError):
                sys.stderr.flush()
        try:
            saved = os.dup(_STDERR_FD)
        except OSError:
            yield
            return
        nowhere = os.open(os.devnull, os.O_WRONLY)
        try:
            os.dup2(nowhere, _STDERR_FD)
            yield
        finally:
            os.dup2(saved, _STDERR_FD)
            os.close(saved)
            os.close(nowhere)

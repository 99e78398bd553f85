"""Ctrl-C that cannot get lost.

Python raises KeyboardInterrupt wherever it is at that moment; within a callback of the garbage
collector or of a library it is printed and forgotten. So it is noted down as well.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable
from types import FrameType, TracebackType
from typing import Any

Reported = Callable[[str, int, "int | None"], None]


class CtrlC:
    """Within it an interrupt is raised at once, and again at every check until it got through."""

    def __init__(self) -> None:
        self._asked = False
        self._before: Any = None

    def __enter__(self) -> CtrlC:
        if threading.current_thread() is threading.main_thread():
            self._before = signal.signal(signal.SIGINT, self._noted)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._before is not None:
            signal.signal(signal.SIGINT, self._before)

    def _noted(self, number: int, frame: FrameType | None) -> None:
        self._asked = True
        raise KeyboardInterrupt

    def check(self) -> None:
        """Raises KeyboardInterrupt when it was pressed."""
        if self._asked:
            raise KeyboardInterrupt

    def checked(self, report: Reported) -> Reported:
        """A progress callback that checks, too."""

        def reported(stage: str, done: int, total: int | None) -> None:
            self.check()
            report(stage, done, total)

        return reported

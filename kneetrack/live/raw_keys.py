"""Single keys from a terminal, without Enter; it is as before on every way out."""

from __future__ import annotations

import re
import sys
from collections import deque
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final, Protocol, Self

if TYPE_CHECKING:
    from types import TracebackType

_NAMES: Final = {
    **{"\x1b": "esc", "\r": "enter", "\n": "enter", "\t": "tab"},
    **{"\x7f": "backspace", "\b": "backspace", "/": "?", "\x04": "close"},
}
_SEQUENCE: Final = re.compile(r"\x1b(\[[0-9;?]*[ -/]*[@-~]|O.|\x1b?.)", re.DOTALL)
"""Arrows, function keys, keys with Alt."""


class Keys(Protocol):
    """Where keys come from. Use it as a context manager."""

    def __enter__(self) -> Self:
        """Take the keyboard."""

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Give it back."""

    def read(self) -> str:
        """The next key by its plain name, as ``ui.window.key_name``; "" none. Never waits."""


def names_of(typed: str) -> list[str]:
    """The plain names of what was typed, in order; keys without one are left out."""
    plain = _SEQUENCE.sub("", typed)
    named = (_NAMES.get(sign, sign.lower() if sign.isprintable() else "") for sign in plain)
    return [name for name in named if name]


class PosixKeys:
    """Keys of a terminal's file descriptor. Ctrl-C and Ctrl-Z keep their meaning."""

    def __init__(self, fd: int) -> None:
        self._fd = fd
        self._before: list[Any] | None = None
        self._typed: deque[str] = deque()

    def __enter__(self) -> Self:
        import termios
        import tty

        if self._before is None:
            self._before = termios.tcgetattr(self._fd)
            tty.setcbreak(self._fd, termios.TCSAFLUSH)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        import termios

        before, self._before = self._before, None
        if before is not None:
            with suppress(termios.error):  # a terminal that is gone
                termios.tcsetattr(self._fd, termios.TCSADRAIN, before)

    def read(self) -> str:
        """The next key; "close" when the terminal is gone."""
        import os
        import select

        if not self._typed and select.select([self._fd], [], [], 0)[0]:
            try:
                typed = os.read(self._fd, 256)
            except OSError:
                typed = b""
            self._typed.extend(names_of(typed.decode("utf-8", "ignore")) if typed else ["close"])
        return self._typed.popleft() if self._typed else ""


class WindowsKeys:
    """Keys of a Windows console."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """There is nothing to give back."""

    def read(self) -> str:
        """The next key."""
        import importlib

        msvcrt = importlib.import_module("msvcrt")
        while msvcrt.kbhit():
            sign = msvcrt.getwch()
            if sign in ("\x00", "\xe0"):
                msvcrt.getwch()
            elif sign == "\x03":
                raise KeyboardInterrupt
            elif name := "".join(names_of(sign)):
                return name
        return ""


def terminal_keys() -> Keys | None:
    """Keys of standard input; None where that is no terminal."""
    if not sys.stdin or not sys.stdin.isatty():
        return None
    return WindowsKeys() if sys.platform == "win32" else PosixKeys(sys.stdin.fileno())

"""``kneetrack live`` as somebody uses it: a screen of its own, the real window, real keys."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import IO, Self

import numpy as np
import pytest
from numpy.typing import NDArray

from kneetrack.ui.style import Colour

HAND = Path(__file__).resolve().parent.parent / "ui"
SCREEN = "1366x768x24"
HIDDEN = frozenset({"DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM", "QT_LOGGING_RULES"})
PATIENCE_S = 90.0
"""For what takes a second or two on an idle computer."""


@dataclass(frozen=True, slots=True)
class Display:
    """An X display that nobody else uses; its picture lies in a file."""

    name: str
    memory: Path

    def picture(self) -> NDArray[np.uint8]:
        """What is on the screen now, (H, W, 3) uint8 blue-green-red."""
        data = self.memory.read_bytes()
        head = np.frombuffer(data, ">u4", 25)
        start, width, height, row_bytes = head[0] + 12 * head[19], head[4], head[5], head[12]
        pixels = np.frombuffer(data, np.uint8, row_bytes * height, start)
        return np.asarray(pixels.reshape(height, row_bytes // 4, 4)[:, :width, :3])

    def hand(self, does: str) -> None:
        """At the window's keys and close button, such as ``press("q")`` or ``close()``."""
        subprocess.run(
            [sys.executable, "-c", f"from hand import Hand; Hand('kneetrack').{does}"],
            cwd=HAND,
            env={**os.environ, "DISPLAY": self.name},
            timeout=PATIENCE_S,
            check=True,
        )


@contextmanager
def x_display(folder: Path) -> Iterator[Display]:
    """Start Xvfb, with its picture in ``folder``; skips where it is missing."""
    program = shutil.which("Xvfb")
    if program is None or not sys.platform.startswith("linux"):
        pytest.skip("needs Xvfb")
    told, tell = os.pipe()
    options = ["-screen", "0", SCREEN, "-fbdir", str(folder), "-nolisten", "tcp", "-noreset"]
    server = subprocess.Popen(
        [program, "-displayfd", str(tell), *options], pass_fds=(tell,), stderr=subprocess.DEVNULL
    )
    os.close(tell)
    try:
        with os.fdopen(told) as lines:
            yield Display(f":{lines.readline().strip()}", folder / "Xvfb_screen0")
    finally:
        server.terminate()
        server.wait(10)


@dataclass
class Live:
    """``kneetrack live`` in a process of its own. Use it in a ``with`` block.

    data: where it keeps its sessions. display: None for none.
    """

    arguments: tuple[str | Path, ...]
    data: Path
    display: Display | None = None
    said: list[str] = field(default_factory=list)
    printed: list[str] = field(default_factory=list)
    _news: threading.Condition = field(default_factory=threading.Condition)

    def __enter__(self) -> Self:
        kept = {name: value for name, value in os.environ.items() if name not in HIDDEN}
        if self.display is not None:
            kept["DISPLAY"] = self.display.name
        self._process = subprocess.Popen(
            [sys.executable, "-m", "kneetrack", "live", *map(str, self.arguments)],
            env={**kept, "KNEETRACK_DATA": str(self.data), "PYTHONUNBUFFERED": "1"},
            cwd=self.data,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )
        self._readers = [
            threading.Thread(target=self._read, args=pair)
            for pair in ((self._process.stderr, self.said), (self._process.stdout, self.printed))
        ]
        for reader in self._readers:
            reader.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._process.kill()
        self._process.wait(10)
        for reader in self._readers:
            reader.join(10)

    def _read(self, stream: IO[str], lines: list[str]) -> None:
        with stream:
            for line in stream:
                with self._news:
                    lines.append(line.rstrip("\n"))
                    self._news.notify_all()

    def until_said(self, line: str, times: int = 1) -> None:
        """Wait until it has said this line (so often)."""
        with self._news:
            came = self._news.wait_for(lambda: self.said.count(line) >= times, PATIENCE_S)
        assert came, f"{line!r} never came: {self.said}"

    def until_seen(self, true: Callable[[NDArray[np.uint8]], object]) -> NDArray[np.uint8]:
        """Wait until the screen is such; that picture."""
        assert self.display is not None
        end_s = time.monotonic() + PATIENCE_S
        while not true(picture := self.display.picture()):
            assert time.monotonic() < end_s, "it was never on the screen"
            assert self.running, f"ended before it was on the screen: {self.said}"
            time.sleep(0.1)
        return picture

    @property
    def running(self) -> bool:
        return self._process.poll() is None

    def press(self, key: str) -> None:
        """A key, by its X name."""
        assert self.display is not None
        self.display.hand(f"press({key!r})")

    def close_window(self) -> None:
        """What a window manager asks for when the close button is pressed."""
        assert self.display is not None
        self.display.hand("close()")

    def send(self, signal_number: int) -> None:
        self._process.send_signal(signal_number)

    def end(self) -> int:
        """Wait for the end: the exit code, negative where a signal ended it."""
        code = self._process.wait(PATIENCE_S)
        for reader in self._readers:
            reader.join(10)
        return code

    def session(self) -> Path:
        """The folder of the only session."""
        (folder,) = (self.data / "sessions").iterdir()
        return folder


def share(picture: NDArray[np.uint8], colour: Colour) -> float:
    """What part of a picture has very nearly this colour."""
    apart = np.abs(picture.astype(np.int16) - np.array(colour, np.int16)).max(axis=-1)
    return float((apart <= 3).mean())

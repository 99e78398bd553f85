"""A video file as if it were a camera: it waits at its first frame, then plays in real time."""

from __future__ import annotations

import math
import threading
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from types import TracebackType

import numpy as np
from numpy.typing import NDArray

from kneetrack.live_records import CameraFacts, Trouble
from kneetrack.records import Frame, KneetrackError, SettingsError
from kneetrack.sources import _camera_words as words
from kneetrack.sources._newest import Feed
from kneetrack.sources.clip import ClipSource

_JOIN_S = 2.0
_USUAL_FPS = 30.0
_HALT_S = 0.5
"""A clip that showed nothing for this long goes on where it stopped, instead of catching up."""


class VirtualCamera:
    """Plays ``path`` by :class:`ClipSource`; see :class:`kneetrack.sources.camera.Camera`.

    Frames are stamped with the moment at which they were due. speed: how much faster the clock
    runs than real time, so that movements keep their true duration on it. rate_fps: play the
    frames at this rate in place of the file's own times. loop: begin again at the end, for ever.
    """

    given_up = False
    virtual = True

    def __init__(
        self,
        path: Path,
        *,
        speed: float = 1.0,
        rate_fps: float | None = None,
        loop: bool = False,
    ) -> None:
        if not 0.01 <= speed <= 100:
            raise SettingsError(f"cannot play a clip at speed {speed:g}: give 0.01 to 100")
        if rate_fps is not None and not 0.1 <= rate_fps <= 1000:
            raise SettingsError(
                f"cannot play a clip at {rate_fps:g} frames a second: give 1 to 240"
            )
        self._path, self._speed, self._rate_fps, self._loop = path, speed, rate_fps, loop
        self._feed = Feed(speed)
        self._clip: ClipSource | None = None
        self._thread: threading.Thread | None = None
        self._playing = threading.Event()
        self._closing = threading.Event()
        self._interval_s = 1 / _USUAL_FPS
        self._due_s = self._shown_s = 0.0
        self._opened = False
        self._ended = False
        self._trouble: Trouble | None = None

    def __enter__(self) -> VirtualCamera:
        if self._thread is not None:
            raise RuntimeError("a camera is opened once: call open_camera again")
        self._clip = ClipSource(self._path).__enter__()
        self._interval_s = 1 / (self._rate_fps or self._clip.declared_fps or _USUAL_FPS)
        self._feed = Feed(self._speed)
        self._thread = threading.Thread(
            target=self._run, args=(self._clip,), name="kneetrack-camera", daemon=True
        )
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Stop the thread, wait for its end, close the file."""
        self._closing.set()
        self._playing.set()
        self._feed.close()
        if self._thread is not None:
            self._thread.join(_JOIN_S)

    def play(self) -> None:
        """Let the first frame go and play on, in real time."""
        self._playing.set()

    def newest(self, timeout_s: float) -> Frame | None:
        """The newest frame that was not given out yet, waited for up to ``timeout_s``."""
        if self._thread is None:
            raise RuntimeError("open the camera first: with open_camera(...) as camera: ...")
        return self._feed.take(timeout_s)

    def now_s(self) -> float:
        """The clock of the frames."""
        return self._feed.now_s()

    @property
    def opened(self) -> bool:
        """Whether there has been a picture."""
        return self._opened

    @property
    def ended(self) -> bool:
        """Whether the clip has been played to its end."""
        return self._ended

    @property
    def trouble(self) -> Trouble | None:
        """Why the file could not be read on."""
        return self._trouble

    @property
    def passed_over(self) -> int:
        """Frames that were due and that nobody took in time."""
        return self._feed.passed_over

    def facts(self) -> CameraFacts:
        """What the clip gives."""
        fps = math.nan if self._ended else self._feed.fps
        said = words.notes(None, self._feed.size_px, None, fps)
        return CameraFacts(self._path.name, self._feed.size_px, fps, 1 / self._interval_s, said)

    def _run(self, clip: ClipSource) -> None:
        try:
            self._show(clip)
            while self._loop and not self._closing.is_set():
                with ClipSource(self._path) as again:
                    self._play(iter(again))
        except KneetrackError as error:
            self._trouble = Trouble(str(error), self.now_s())
            self.given_up = True
        finally:
            clip.close()
        self._closing.wait(self._real_s_until(self._due_s))
        self._ended = self._trouble is None
        self._feed.end()

    def _show(self, clip: ClipSource) -> None:
        frames = iter(clip)
        first = next(frames)  # a clip without one raises
        self._hold(first)
        self._play(chain([first], frames))

    def _hold(self, first: Frame) -> None:
        """The first frame again and again at the clip's own rate, until play is called."""
        self._due_s = self.now_s()
        while not self._playing.is_set():
            self._give(first.image.copy(), self._due_s)
            self._playing.wait(self._real_s_until(self._due_s))

    def _play(self, frames: Iterator[Frame]) -> None:
        """Every frame when it is due.

        One that is late by an interval is passed over; after a long halt the rest comes later.
        """
        began_s, zero_s = max(self._due_s, self.now_s()), None
        for number, frame in enumerate(frames):
            zero_s = frame.t_s if zero_s is None else zero_s
            offset_s = number / self._rate_fps if self._rate_fps else frame.t_s - zero_s
            late_s = self.now_s() - (began_s + offset_s)
            if late_s > self._interval_s and self.now_s() - self._shown_s > _HALT_S * self._speed:
                began_s += late_s
            elif late_s > self._interval_s:
                self._feed.skip(began_s + offset_s)
                continue
            self._closing.wait(self._real_s_until(began_s + offset_s))
            if self._closing.is_set():
                return
            self._give(frame.image, began_s + offset_s)

    def _give(self, image: NDArray[np.uint8], due_s: float) -> None:
        self._feed.put(image, due_s)
        self._opened = True
        self._shown_s = self.now_s()
        self._due_s = due_s + self._interval_s

    def _real_s_until(self, t_s: float) -> float:
        return max(0.0, (t_s - self.now_s()) / self._speed)

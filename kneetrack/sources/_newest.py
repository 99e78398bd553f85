"""The newest frame of a camera, its clock and its rate: one place, nothing queues."""

from __future__ import annotations

import math
import threading
import time
from collections import deque

import numpy as np
from numpy.typing import NDArray

from kneetrack.records import Frame

_RATE_OVER_S = 3.0
_RATE_FROM_S = 1.0
"""A rate is told once frames over this long are in."""


class Feed:
    """Holds the newest frame until it is taken; a newer one replaces it.

    The clock starts at 0 when the feed is made. It is steady and of high resolution on every
    system. speed: seconds of this clock for one real second.
    """

    def __init__(self, speed: float = 1.0) -> None:
        self._speed = speed
        self._zero = time.perf_counter()
        self._changed = threading.Condition()
        self._waiting: Frame | None = None
        self._times_s: deque[float] = deque()
        self._last_s = -math.inf
        self._size_px = (0, 0)
        self._grabbed = 0
        self._passed_over = 0
        self._ended = False
        self._closed = False

    def now_s(self) -> float:
        """Seconds on this clock since the feed was made."""
        return (time.perf_counter() - self._zero) * self._speed

    def put(self, image: NDArray[np.uint8], t_s: float) -> None:
        """A frame grabbed at ``t_s``; times that do not rise are moved just behind the last."""
        with self._changed:
            self._last_s = max(t_s, self._last_s + 1e-6)
            if self._waiting is not None:
                self._passed_over += 1
            self._waiting = Frame(image, self._last_s, self._grabbed)
            self._size_px = self._waiting.size_px
            self._note()
            self._changed.notify_all()

    def skip(self, t_s: float) -> None:
        """A frame that came at ``t_s`` but was passed over at once."""
        with self._changed:
            self._last_s = max(t_s, self._last_s + 1e-6)
            self._passed_over += 1
            self._note()

    def take(self, timeout_s: float) -> Frame | None:
        """The frame that waits, or the next one within ``timeout_s`` real seconds; else None.

        Wakes with None when the feed ends or is closed meanwhile. Once it has ended, None comes
        after ``timeout_s``, so that a loop around it keeps its pace; once closed, at once.
        """
        with self._changed:
            over = self._ended
            self._changed.wait_for(
                lambda: self._waiting is not None or self._closed or self._ended != over, timeout_s
            )
            frame, self._waiting = self._waiting, None
            return frame

    def end(self) -> None:
        """No more frames will come. One that waits can still be taken."""
        with self._changed:
            self._ended = True
            self._changed.notify_all()

    def close(self) -> None:
        """Drop what waits and wake who waits for it. May be called twice."""
        with self._changed:
            self._closed = True
            self._waiting = None
            self._changed.notify_all()

    def forget_rate(self) -> None:
        """Measure the rate anew, after a gap."""
        with self._changed:
            self._times_s.clear()

    @property
    def passed_over(self) -> int:
        """Frames that came and that nobody took in time."""
        return self._passed_over

    @property
    def size_px(self) -> tuple[int, int]:
        """(width, height) of the last frame; (0, 0) before the first."""
        return self._size_px

    @property
    def fps(self) -> float:
        """Frames a second over the last three seconds; NaN while that is too little to tell."""
        with self._changed:
            since_s = self.now_s() - _RATE_OVER_S
            times_s = [t for t in self._times_s if t >= since_s]
        if len(times_s) < 3 or times_s[-1] - times_s[0] < _RATE_FROM_S:
            return math.nan
        return (len(times_s) - 1) / (times_s[-1] - times_s[0])

    def _note(self) -> None:
        self._grabbed += 1
        self._times_s.append(self._last_s)
        while self._times_s[0] < self._last_s - _RATE_OVER_S:
            self._times_s.popleft()

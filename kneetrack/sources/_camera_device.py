"""A webcam or network camera that is watched, and opened again when it is lost."""

from __future__ import annotations

import contextlib
import math
import threading
from dataclasses import dataclass
from types import TracebackType

from kneetrack.live_records import CameraFacts, Trouble
from kneetrack.records import Frame
from kneetrack.sources import _camera_words as words
from kneetrack.sources._camera_attempt import Attempt
from kneetrack.sources._camera_capture import CaptureFactory, Image, Wish, opencv_capture
from kneetrack.sources._camera_quiet import quiet_opencv
from kneetrack.sources._camera_same import Sameness
from kneetrack.sources._camera_spec import Device, Stream, Target, find_again
from kneetrack.sources._newest import Feed


@dataclass(frozen=True, slots=True)
class Patience:
    """How long is waited for what, in seconds.

    retry: for a lost camera, before it is given up. retry_every: between two tries. frozen: for
    a new picture. opening: before a camera that is being opened counts as lost. stuck: for a
    thread that hangs in the driver, before the camera is opened beside it. look: between two
    looks at all this. join: for the threads when the camera is closed.
    """

    retry_s: float = 30.0
    retry_every_s: float = 1.5
    frozen_s: float = 3.0
    opening_s: float = 15.0
    stuck_s: float = 6.0
    look_s: float = 0.1
    join_s: float = 1.0


_STRAYS = 2
"""No more threads than this are left hanging in a driver."""


class DeviceCamera:
    """A camera by OpenCV; see :class:`kneetrack.sources.camera.Camera`."""

    virtual = False
    ended = False

    def __init__(
        self,
        target: Target,
        wish: Wish,
        patience: Patience,
        factory: CaptureFactory = opencv_capture,
    ) -> None:
        self._target, self._wish, self._patience, self._factory = target, wish, patience, factory
        self._lock = threading.Lock()
        self._closing = threading.Event()
        self._quiet = contextlib.ExitStack()
        self._feed = Feed()
        self._same = Sameness()
        self._watch: threading.Thread | None = None
        self._attempt: Attempt | None = None
        self._strays: list[Attempt] = []
        self._next_try_s = 0.0
        self._free_at_s = -math.inf
        self._fps_promised: float | None = None
        self._opened = False
        self._trouble: Trouble | None = None
        self._given_up = False

    def __enter__(self) -> DeviceCamera:
        if self._watch is not None:
            raise RuntimeError("a camera is opened once: call open_camera again")
        self._quiet.enter_context(quiet_opencv())
        self._feed = Feed()
        self._watch = threading.Thread(
            target=self._watch_over, name="kneetrack-camera-watch", daemon=True
        )
        self._watch.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Stop the threads and wait for them, but not for a driver that hangs."""
        self._closing.set()
        self._feed.close()
        if self._watch is not None:
            self._watch.join(self._patience.join_s)
        with self._lock:
            attempts = [*self._strays, *([self._attempt] if self._attempt else [])]
            self._attempt, self._strays = None, []
        for attempt in attempts:
            attempt.leave()
        for attempt in attempts:
            attempt.join(self._patience.join_s)
        self._quiet.close()

    def play(self) -> None:
        """Nothing: a real camera runs by itself."""

    def newest(self, timeout_s: float) -> Frame | None:
        """The newest frame that was not given out yet, waited for up to ``timeout_s``."""
        if self._watch is None:
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
    def trouble(self) -> Trouble | None:
        """What is wrong now."""
        return self._trouble

    @property
    def given_up(self) -> bool:
        """Whether it is not tried again any more."""
        return self._given_up

    @property
    def passed_over(self) -> int:
        """Frames that came and that nobody took in time."""
        return self._feed.passed_over

    def facts(self) -> CameraFacts:
        """What the camera gives, as far as it is known by now."""
        fps = math.nan if self._trouble else self._feed.fps
        size_px, wish = self._feed.size_px, self._wish
        asked_px = None if isinstance(self._target, Stream) else wish.size_px
        said = words.notes(asked_px, size_px, wish.fps, fps)
        return CameraFacts(self._target.name, size_px, fps, self._fps_promised, said)

    def _watch_over(self) -> None:
        while True:
            with self._lock:
                if self._closing.is_set() or self._given_up:
                    return
                self._look(self.now_s())
            self._closing.wait(self._patience.look_s)

    def _look(self, now_s: float) -> None:
        """One look at how things stand; with the lock held."""
        attempt, patience = self._attempt, self._patience
        if attempt is None:
            self._try_again(now_s)
        elif attempt.failure is not None:
            self._lose(self._why_failed(attempt), now_s)
        elif attempt.opened:
            if now_s - attempt.last_s > patience.frozen_s:
                self._lose(self._why_silent(), now_s)
        elif now_s - attempt.began_s > patience.opening_s:
            self._complain(words.slow_to_open(self._target.name), now_s)
        if self._trouble and now_s - self._trouble.since_s >= patience.retry_s:
            self._given_up = True
            self._drop()

    def _try_again(self, now_s: float) -> None:
        self._strays = [stray for stray in self._strays if stray.alive]
        held = bool(self._strays) and now_s < self._free_at_s
        if now_s < self._next_try_s or held or len(self._strays) >= _STRAYS:
            return
        if isinstance(self._target, Device):
            self._target = find_again(self._target)
        self._attempt = Attempt(
            self._target, self._wish, self._factory, self._feed.now_s, self._deliver
        )

    def _lose(self, text: str, now_s: float) -> None:
        """The attempt is over: say why, and plan the next."""
        self._complain(text, now_s)
        self._drop()
        self._next_try_s = now_s + self._patience.retry_every_s
        self._free_at_s = now_s + self._patience.stuck_s

    def _drop(self) -> None:
        if self._attempt is not None:
            self._attempt.leave()
            self._strays.append(self._attempt)
            self._attempt = None

    def _complain(self, text: str, now_s: float) -> None:
        """Trouble counts from when it began; while a thread still hangs, its first text stays."""
        if self._trouble is None:
            self._trouble = Trouble(text, now_s)
        elif not any(stray.alive for stray in self._strays):
            self._trouble = Trouble(text, self._trouble.since_s)

    def _why_failed(self, attempt: Attempt) -> str:
        name = self._target.name
        if isinstance(self._target, Stream):
            return words.stream_down(name) if self._opened else words.no_stream(name)
        if self._gone:
            return words.unplugged(name)
        if attempt.failure == "silent":
            return words.silent(name)
        if attempt.failure == "stopped":
            return words.stopped(name)
        if self._target.path is None and not self._opened:
            return words.closed(name)
        return words.busy(name)

    def _why_silent(self) -> str:
        name = self._target.name
        if isinstance(self._target, Stream):
            return words.stream_down(name)
        return words.unplugged(name) if self._gone else words.frozen(name)

    @property
    def _gone(self) -> bool:
        """Whether the device file has vanished."""
        path = self._target.path if isinstance(self._target, Device) else None
        return path is not None and not path.exists()

    def _deliver(self, attempt: Attempt, image: Image, t_s: float) -> None:
        """A picture has come, in the thread of ``attempt``."""
        with self._lock:
            if attempt is not self._attempt or self._closing.is_set():
                return
            self._opened = True
            self._fps_promised = attempt.fps_promised
            same_s = self._same.same_for_s(image, t_s)
            if same_s == 0 and self._trouble is not None:
                self._trouble = None
                self._feed.forget_rate()
            elif same_s > self._patience.frozen_s:
                self._stands_still(t_s)
            if self._trouble is None:
                self._feed.put(image, t_s)

    def _stands_still(self, t_s: float) -> None:
        """A blank picture is waited out; any other may come alive when it is opened again."""
        if self._same.blank:
            self._complain(words.covered(self._target.name), t_s)
        else:
            stream = isinstance(self._target, Stream)
            said = words.stream_frozen if stream else words.frozen
            self._lose(said(self._target.name), t_s)

"""Camera frames with their poses: one after the other, or the pose model in a thread of its own.

In a thread the next picture is already looked at while this one is drawn; what is shown is as
fresh as before, and more pictures a second are shown. Nothing queues: the thread waits until its
last pose has been taken before it takes the newest picture.
"""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from types import TracebackType
from typing import TYPE_CHECKING, Self

import numpy as np

from kneetrack.records import Frame, Pose
from kneetrack.ui.overlay import fit

if TYPE_CHECKING:
    from kneetrack.sources.camera import Camera

POLL_S = 0.05
_JOIN_S = 5.0


@dataclass(frozen=True, slots=True)
class Looked:
    """A picture and who is in it. waited_s: from the grab until it was taken."""

    frame: Frame
    pose: Pose
    waited_s: float
    inference_s: float


class Looker:
    """Use it in a ``with`` block; ``pose_of`` is called with frames in order, in one thread.

    All pictures have the size of the first: a camera that was lost may come back in another.
    """

    def __init__(
        self, camera: Camera, pose_of: Callable[[Frame], Pose], *, threaded: bool = True
    ) -> None:
        self._camera = camera
        self._pose_of = pose_of
        self._size_px: tuple[int, int] | None = None
        self._stop = threading.Event()
        self._error: BaseException | None = None
        self._ready: queue.Queue[Looked] = queue.Queue(maxsize=1)
        self._thread: threading.Thread | None = None
        if threaded:
            self._thread = threading.Thread(target=self._run, name="pose", daemon=True)

    def __enter__(self) -> Self:
        if self._thread is not None:
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
        """End the thread: ``pose_of`` is not called any more. Calling it twice does no harm."""
        self._stop.set()
        if self._thread is not None and self._thread.is_alive():
            self._thread.join(_JOIN_S)

    def next(self) -> Looked | None:
        """The next picture with its pose; None when none came for a moment.

        Raises what ``pose_of`` raised.
        """
        if self._thread is None:
            return self._look()
        try:
            return self._ready.get(timeout=POLL_S)
        except queue.Empty:
            if self._error is not None:
                raise self._error from None
            return None

    def _run(self) -> None:
        try:
            while not self._stop.is_set():
                looked = self._look()
                while looked is not None and not self._stop.is_set():
                    try:
                        self._ready.put(looked, timeout=POLL_S)
                        looked = None
                    except queue.Full:
                        continue
        except BaseException as error:  # whatever it is, the session's own thread is to meet it
            self._error = error

    def _look(self) -> Looked | None:
        frame = self._camera.newest(POLL_S)
        if frame is None:
            return None
        waited_s = self._camera.now_s() - frame.t_s
        self._size_px = self._size_px or frame.size_px
        if frame.size_px != self._size_px:
            image, _ = fit(frame.image, np.empty((0, 2)), self._size_px)
            frame = replace(frame, image=image)
        start = time.perf_counter()
        pose = self._pose_of(frame)
        return Looked(frame, pose, waited_s, time.perf_counter() - start)

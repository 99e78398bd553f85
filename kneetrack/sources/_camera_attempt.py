"""One opening of a camera, read in a thread of its own until it fails or is left."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Literal

from kneetrack.sources._camera_capture import (
    CaptureFactory,
    Grabber,
    Image,
    NoPictureError,
    Wish,
    connect,
)
from kneetrack.sources._camera_spec import Target

Failure = Literal["closed", "silent", "stopped"]
"""It did not open; it opened without giving pictures; it gave pictures and stopped."""

_MISSING_S = 0.5
"""A camera that gives nothing for this long, again and again, has stopped."""
_PAUSE_S = 0.02

Deliver = Callable[["Attempt", Image, float], None]


class Attempt:
    """Opens ``target`` and hands every picture to ``deliver`` with the time of its grab.

    The thread may block in a driver for good: :meth:`leave` asks it to end as soon as it returns,
    and what it still delivers comes with the attempt itself, to be told from a newer one.
    """

    def __init__(
        self,
        target: Target,
        wish: Wish,
        factory: CaptureFactory,
        now_s: Callable[[], float],
        deliver: Deliver,
    ) -> None:
        self.began_s = now_s()
        self.opened = False
        self.last_s = self.began_s
        self.failure: Failure | None = None
        self.fps_promised: float | None = None
        self._target, self._wish, self._factory = target, wish, factory
        self._now_s, self._deliver = now_s, deliver
        self._left = threading.Event()
        self._thread = threading.Thread(target=self._run, name="kneetrack-camera", daemon=True)
        self._thread.start()

    def leave(self) -> None:
        """End as soon as the driver lets go; does not wait."""
        self._left.set()

    def join(self, timeout_s: float) -> None:
        """Wait for the end of the thread, at most ``timeout_s``."""
        self._thread.join(timeout_s)

    @property
    def alive(self) -> bool:
        """Whether the thread still runs."""
        return self._thread.is_alive()

    def _run(self) -> None:
        try:
            grabber = connect(self._target, self._wish, self._factory, self._left)
        except NoPictureError as error:
            self.failure = "silent" if error.opened else "closed"
        except Exception:  # whatever a driver's binding raises, the camera cannot be had
            self.failure = "closed"
        else:
            self._read_all(grabber)

    def _read_all(self, grabber: Grabber) -> None:
        try:
            self.fps_promised = grabber.fps_promised
            self.last_s = self._now_s()
            self.opened = True
            self._read(grabber)
        except Exception:
            self.failure = "stopped"
        finally:
            grabber.close()

    def _read(self, grabber: Grabber) -> None:
        missing_since_s: float | None = None
        while not self._left.is_set():
            grabbed = grabber.grab()
            t_s = self._now_s()
            image = grabber.retrieve() if grabbed else None
            if image is not None:
                missing_since_s = None
                self.last_s = t_s
                self._deliver(self, image, t_s)
            elif missing_since_s is None:
                missing_since_s = t_s
            elif t_s - missing_since_s > _MISSING_S:
                self.failure = "stopped"
                return
            else:
                self._left.wait(_PAUSE_S)

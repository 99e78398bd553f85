"""Opening a camera or stream by OpenCV, in the way that gives the rate asked for."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from kneetrack.sources._camera_spec import Stream, Target

Image = NDArray[np.uint8]

_FIRST_PICTURE_S = 3.0
_PAUSE_S = 0.03
_STREAM_TIMEOUT_MS = 5000
_BUFFERS = 2
"""One to fill, one to read. With a single one the driver drops every other picture."""


class Capture(Protocol):
    """The part of ``cv2.VideoCapture`` that is used."""

    def isOpened(self) -> bool: ...  # noqa: N802
    def grab(self) -> bool: ...
    def retrieve(self) -> tuple[bool, Any]: ...
    def get(self, prop: int, /) -> float: ...
    def set(self, prop: int, value: float, /) -> bool: ...
    def release(self) -> None: ...


CaptureFactory = Callable[[int | str, int, Sequence[int]], Capture]
"""(source, OpenCV backend, open parameters) -> an opened capture, or one that is not open."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked of a device."""

    size_px: tuple[int, int] = (1280, 720)
    fps: float = 30.0


class NoPictureError(Exception):
    """It did not open, or opened and gave no picture."""

    def __init__(self, opened: bool) -> None:
        super().__init__()
        self.opened = opened


def opencv_capture(source: int | str, backend: int, parameters: Sequence[int]) -> Capture:
    """A ``cv2.VideoCapture``; opening may take seconds."""
    import cv2

    capture: Capture = cv2.VideoCapture(source, backend, list(parameters))
    return capture


class Grabber:
    """An open camera that has given its first picture, which is the first to be grabbed."""

    def __init__(self, capture: Capture, first: Image) -> None:
        import cv2

        self._capture = capture
        self._first: Image | None = first
        fps = capture.get(cv2.CAP_PROP_FPS)
        self.fps_promised = float(fps) if 1 <= fps <= 1000 else None

    def grab(self) -> bool:
        """Wait for the next picture; False when none came. May block for seconds."""
        return self._first is not None or self._capture.grab()

    def retrieve(self) -> Image | None:
        """The picture just grabbed, (H, W, 3) BGR; None when it cannot be decoded."""
        first, self._first = self._first, None
        return _picture(self._capture) if first is None else first

    def close(self) -> None:
        """Give the camera back."""
        self._capture.release()


def connect(target: Target, wish: Wish, factory: CaptureFactory, left: threading.Event) -> Grabber:
    """Open ``target`` and wait for its first picture; blocks for seconds.

    left: set from outside to give up. Raises NoPictureError.
    """
    opened = False
    for backend, parameters, motion_jpeg in _ways(target):
        if left.is_set():
            break
        capture = factory(target.source, backend, parameters)
        try:
            if capture.isOpened():
                opened = True
                _ask(capture, target, wish, motion_jpeg)
                first = _first_picture(capture, target, left)
                if first is not None:
                    return Grabber(capture, first)
        except BaseException:
            capture.release()
            raise
        capture.release()
    raise NoPictureError(opened)


def _ways(target: Target) -> Iterator[tuple[int, tuple[int, ...], bool]]:
    """(backend, open parameters, whether to ask for motion JPEG), the best first."""
    import cv2

    if isinstance(target, Stream):
        timeouts = (
            *(cv2.CAP_PROP_OPEN_TIMEOUT_MSEC, _STREAM_TIMEOUT_MS),
            *(cv2.CAP_PROP_READ_TIMEOUT_MSEC, _STREAM_TIMEOUT_MS),
        )
        one_thread = (cv2.CAP_PROP_N_THREADS, 1)  # each further one holds back a picture
        yield cv2.CAP_FFMPEG, (*timeouts, *one_thread), False
    elif sys.platform == "win32":
        for backend in (cv2.CAP_DSHOW, cv2.CAP_MSMF):
            yield backend, (), True
            yield backend, (), False
    elif sys.platform == "darwin":
        yield cv2.CAP_AVFOUNDATION, (), False
    else:
        yield cv2.CAP_V4L2, (), True
        yield cv2.CAP_V4L2, (), False


def _ask(capture: Capture, target: Target, wish: Wish, motion_jpeg: bool) -> None:
    """Ask a device for format, size and rate; it gives what it can."""
    import cv2

    if isinstance(target, Stream):
        return
    jpeg = cv2.VideoWriter.fourcc(*"MJPG")
    if motion_jpeg:
        capture.set(cv2.CAP_PROP_FOURCC, jpeg)
    capture.set(cv2.CAP_PROP_FRAME_WIDTH, wish.size_px[0])
    capture.set(cv2.CAP_PROP_FRAME_HEIGHT, wish.size_px[1])
    capture.set(cv2.CAP_PROP_FPS, wish.fps)
    if motion_jpeg and int(capture.get(cv2.CAP_PROP_FOURCC)) != jpeg:
        capture.set(cv2.CAP_PROP_FOURCC, jpeg)  # some drivers fall back when the size is set
    capture.set(cv2.CAP_PROP_BUFFERSIZE, _BUFFERS)


def _first_picture(capture: Capture, target: Target, left: threading.Event) -> Image | None:
    end = time.perf_counter() + _FIRST_PICTURE_S
    while not left.is_set():
        image = _picture(capture) if capture.grab() else None
        if image is not None or isinstance(target, Stream) or time.perf_counter() > end:
            return image
        left.wait(_PAUSE_S)
    return None


def _picture(capture: Capture) -> Image | None:
    import cv2

    good, image = capture.retrieve()
    if not good or image is None or image.size == 0:
        return None
    if image.ndim == 2 or image.shape[2] == 1:
        image = cv2.cvtColor(image, cv2.COLOR_GRAY2BGR)
    elif image.shape[2] == 4:
        image = cv2.cvtColor(image, cv2.COLOR_BGRA2BGR)
    bgr: Image = image
    return bgr

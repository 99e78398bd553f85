"""Live video into a file that plays whatever ends the session.

While it grows the file is a fragmented MP4, a fragment a quarter of a second, each handed to the
system at once: what a kill -9 leaves can be played but for the last fragment. A recording that is
ended properly becomes a plain MP4, in which players can jump.
"""

from __future__ import annotations

import math
import threading
from collections import deque
from contextlib import suppress
from io import FileIO
from pathlib import Path
from types import TracebackType
from typing import Any, Final

import av
import numpy as np
from numpy.typing import NDArray

from kneetrack.report.h264 import TICKS_PER_S, PictureStream, check_picture, encoder_errors
from kneetrack.report.writing import output_error

_WAITING: Final = 8
"""Pictures that may wait for the encoder."""
_KEYFRAME_EVERY_S: Final = 1.0
_CONTAINER: Final = {
    "movflags": "+hybrid_fragmented+frag_keyframe+empty_moov+default_base_moof",
    "frag_duration": "250000",
    "flush_packets": "1",
    "fflags": "+bitexact",
}
_ENCODER: Final = {"preset": "ultrafast", "tune": "zerolatency", "bf": "0"}
"""Ultrafast takes less than half of superfast's work for a file of the same size."""


class LiveVideo:
    """Records: ``with LiveVideo(path, size_px, fps=30) as video: video.write(image, t_s)``.

    H.264 in yuv420p with the pictures' own times, no sound, nothing about device or person. It
    is encoded in a thread of its own; :meth:`write` never waits for it: with eight pictures
    waiting further ones are left out and counted in ``dropped``.

    path: a new .mp4. size_px: (width, height) of all pictures. fps: the usual rate, a hint only.
    crf: x264 quality, lower is better and larger. ``origin_s``: time of the first picture, which
    the video shows at its second 0. What was recorded is kept however the block ends; without
    any picture there is no file.

    Raises OutputError when the file cannot be made, or, once, when the disk no longer takes it;
    after that pictures are dropped in silence (see ``failed``) and what is there can be played.
    """

    def __init__(
        self, path: Path, size_px: tuple[int, int], *, fps: float = 30.0, crf: int = 23
    ) -> None:
        self._path = Path(path)
        self._size_px = size_px
        self._fps = fps
        self._options = _ENCODER | {"crf": str(crf)}
        self._file: _Tap | None = None
        self._waiting: deque[tuple[NDArray[np.uint8], float]] = deque()
        self._spare: list[NDArray[np.uint8]] = []
        self._news = threading.Condition()
        self._leaving = False
        self._error: Exception | None = None
        self._last_s = -math.inf
        self._thread = threading.Thread(target=self._run, name="live video", daemon=True)
        self.origin_s: float | None = None
        self.frames = 0
        self.dropped = 0
        self.failed = False

    def __enter__(self) -> LiveVideo:
        try:
            self._file = _Tap(self._path)
        except OSError as error:
            raise output_error(self._path, error) from error
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._file is None:
            return
        with self._news:
            self._leaving = True
            self._news.notify()
        self._thread.join()
        file, self._file = self._file, None
        file.close()
        if self.origin_s is None:
            with suppress(OSError):
                self._path.unlink()
        if kind is None:
            self._tell()

    def write(self, image: NDArray[np.uint8], t_s: float) -> bool:
        """Record one picture, shown from ``t_s`` until the next one; False when it was left out.

        image: (H, W, 3) uint8 BGR; or, with even sides, (H * 3 / 2, W) uint8 I420 planes of
        BT.601 in limited range, as OpenCV's BGR2YUV_I420 makes them, which spares the encoder's
        thread 2 ms at 720p. All pictures are of one kind. It is copied. A picture that is not
        later than the one before is left out. Raises ValueError for another size.
        """
        if self._file is None:
            raise RuntimeError("open the video first: with LiveVideo(...) as video: ...")
        check_picture(image, self._size_px)
        self._tell()
        if self.failed or not (math.isfinite(t_s) and t_s - self._last_s > 2 / TICKS_PER_S):
            return False
        with self._news:
            if len(self._waiting) >= _WAITING:
                self.dropped += 1
                return False
            spare = self._spare.pop() if self._spare else None
        if spare is None or spare.shape != image.shape:
            spare = np.empty(image.shape, np.uint8)
        np.copyto(spare, image)
        self._last_s = t_s
        if self.origin_s is None:
            self.origin_s = t_s
        with self._news:
            self._waiting.append((spare, t_s))
            self._news.notify()
        return True

    def _tell(self) -> None:
        """Raise what went wrong in the thread, once."""
        error, self._error = self._error, None
        if isinstance(error, OSError):
            raise output_error(self._path, error) from error
        if error is not None:
            raise error

    def _run(self) -> None:
        """The encoder's thread."""
        assert self._file is not None
        try:
            with (
                encoder_errors(self._path),
                av.open(self._file, mode="w", format="mp4", options=_CONTAINER) as container,
            ):
                try:
                    self._encode_all(container)
                except BaseException:
                    self._file.dead = True
                    raise
        except Exception as error:
            self._error = self._file.error or error
            self.failed = True

    def _encode_all(self, container: av.container.OutputContainer) -> None:
        stream = PictureStream(
            container,
            self._size_px,
            fps=self._fps,
            keyframe_every_s=_KEYFRAME_EVERY_S,
            options=self._options,
            threads=1,
        )
        while (picture := self._next()) is not None:
            image, t_s = picture
            for packet in stream.packets(stream.picture(image, t_s)):
                container.mux(packet)
            self.frames += 1
            with self._news:
                self._spare.append(image)
        if self.frames:
            for packet in stream.packets(None):
                container.mux(packet)

    def _next(self) -> tuple[NDArray[np.uint8], float] | None:
        """The next picture, once there is one; None at the end."""
        with self._news:
            self._news.wait_for(lambda: self._waiting or self._leaving)
            return self._waiting.popleft() if self._waiting else None


class _Tap:
    """The file as the container writes it, until the disk refuses: then it is left as it is.

    A container that is closed after an error would otherwise spoil the fragments that are there.
    """

    def __init__(self, path: Path) -> None:
        self._file = FileIO(path, "x")
        self.dead = False
        self.error: OSError | None = None

    def write(self, data: Any) -> int:
        size = len(data)
        if self.dead:
            return size
        rest = memoryview(data)
        try:
            while rest:
                rest = rest[self._file.write(rest) :]
        except OSError as error:
            self.dead, self.error = True, error
            raise
        return size

    def seek(self, offset: int, whence: int = 0) -> int:
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        return self._file.tell()

    def close(self) -> None:
        self._file.close()

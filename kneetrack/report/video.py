"""H.264 video that plays anywhere: annotated frames in, an mp4 with their own timing out."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from types import TracebackType

import av
import numpy as np
from av.container import OutputContainer
from numpy.typing import NDArray

from kneetrack.records import OutputError
from kneetrack.report.h264 import PictureStream, encoder_errors
from kneetrack.report.writing import whole_file

_QUICKER = "subme=1:me=dia:weightp=0"
"""A plainer motion search: a seventh less work for files 6 % larger."""
_KEYFRAME_EVERY_S = 2.0
"""Short enough that a browser jumps to a repetition at once."""


class VideoWriter:
    """Writes an mp4: ``with VideoWriter(path, size_px) as video: video.write(image, t_s)``.

    H.264 in yuv420p, index in front (plays while loading), colours tagged, variable frame rate
    kept. The file appears under its name when the block ends well; before, and after any
    exception, whatever stood there is untouched. Encoding uses all cores on its own and leaves
    the interpreter free meanwhile.

    size_px: (width, height) of the images; an odd side gains one repeated row or column.
    fps: the usual frame rate, a hint only; timing comes from the times. crf: x264 quality,
    lower is better and larger. preset: x264 speed.

    ``origin_s`` is the time of the first frame, which the video shows at its second 0.
    Raises OutputError when the file cannot be written, also when no frame was.
    """

    def __init__(
        self,
        path: Path,
        size_px: tuple[int, int],
        *,
        fps: float = 30.0,
        crf: int = 23,
        preset: str = "veryfast",
    ) -> None:
        self._path = Path(path)
        self._size_px = size_px
        self._fps = fps
        self._options = {"crf": str(crf), "preset": preset, "bf": "0", "x264-params": _QUICKER}
        self._stack: ExitStack | None = None
        self.origin_s: float | None = None
        self.frames = 0

    def __enter__(self) -> VideoWriter:
        with ExitStack() as stack:
            stack.enter_context(encoder_errors(self._path))
            part = stack.enter_context(whole_file(self._path))
            self._container: OutputContainer = stack.enter_context(
                av.open(f"file:{part}", mode="w", format="mp4", options={"movflags": "+faststart"})
            )
            self._stream = PictureStream(
                self._container,
                self._size_px,
                fps=self._fps,
                keyframe_every_s=_KEYFRAME_EVERY_S,
                options=self._options,
            )
            stack.push(self._finish)
            self._stack = stack.pop_all()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._stack is not None:
            stack, self._stack = self._stack, None
            stack.__exit__(kind, error, trace)

    def write(self, image: NDArray[np.uint8], t_s: float) -> None:
        """Append one picture, shown from ``t_s`` until the next one.

        image: (H, W, 3) uint8 BGR; or, with even sides, (H * 3 / 2, W) uint8 I420 planes of
        BT.601 in limited range, as OpenCV's BGR2YUV_I420 makes them, which saves 2 ms at 720p.
        All pictures are of one kind. The array may be changed afterwards. Raises ValueError for
        another size or a time that is not later than the one before, OutputError when the disk
        does not take it.
        """
        if self._stack is None:
            raise RuntimeError("open the video first: with VideoWriter(...) as video: ...")
        frame = self._stream.picture(image, t_s)
        self.origin_s = self._stream.origin_s
        with encoder_errors(self._path):
            self._encode(frame)
        self.frames += 1

    def _encode(self, frame: av.VideoFrame | None) -> None:
        for packet in self._stream.packets(frame):
            self._container.mux(packet)

    def _finish(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Called first on the way out: what the encoder still holds goes into the file."""
        if kind is not None:
            return
        if not self.frames:
            raise OutputError(f"cannot write {self._path}: there is no frame to show")
        self._encode(None)

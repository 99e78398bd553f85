"""H.264 video that plays anywhere: annotated frames in, an mp4 with their own timing out."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from fractions import Fraction
from pathlib import Path
from types import TracebackType

import av
import numpy as np
from av.container import OutputContainer
from av.video.reformatter import ColorPrimaries, ColorRange, Colorspace, ColorTrc, VideoReformatter
from av.video.stream import VideoStream
from numpy.typing import NDArray

from kneetrack.records import OutputError
from kneetrack.report.writing import whole_file

_TICKS_PER_S = 90_000
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
        self._fps = min(max(fps, 1.0), 1000.0)
        self._options = {"crf": str(crf), "preset": preset, "bf": "0", "x264-params": _QUICKER}
        self._reformatter = VideoReformatter()
        self._i420: bool | None = None
        self._stack: ExitStack | None = None
        self._last_tick = -1
        self._interval_ticks = round(_TICKS_PER_S / self._fps)
        self.origin_s: float | None = None
        self.frames = 0

    def __enter__(self) -> VideoWriter:
        with ExitStack() as stack:
            stack.enter_context(_encoder_errors(self._path))
            part = stack.enter_context(whole_file(self._path))
            self._container: OutputContainer = stack.enter_context(
                av.open(f"file:{part}", mode="w", format="mp4", options={"movflags": "+faststart"})
            )
            self._stream = self._add_stream()
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
        frame = self._picture(image)
        frame.pts, frame.time_base = self._tick(t_s), self._stream.codec_context.time_base
        with _encoder_errors(self._path):
            self._encode(frame)
        self.frames += 1

    def _picture(self, image: NDArray[np.uint8]) -> av.VideoFrame:
        """The picture in the colours of the video, which the first one settles."""
        width, height = self._size_px
        i420 = image.ndim == 2
        allowed = (height * 3 // 2, width) if i420 else (height, width, 3)
        if image.shape != allowed or (i420 and (width % 2 or height % 2)):
            raise ValueError(f"image has shape {image.shape}, expected {allowed}")
        if self._i420 is None:
            self._i420 = i420
            matrix = Colorspace.ITU601 if i420 else Colorspace.ITU709
            self._stream.codec_context.colorspace = matrix
        if i420 is not self._i420:
            raise ValueError("a video is written from BGR or from I420 pictures, not from both")
        if i420:
            return av.VideoFrame.from_numpy_buffer(np.ascontiguousarray(image), format="yuv420p")
        return self._reformatter.reformat(
            av.VideoFrame.from_numpy_buffer(_even(image), format="bgr24"),
            format="yuv420p",
            dst_colorspace=Colorspace.ITU709,
            dst_color_range=ColorRange.MPEG,
        )

    def _tick(self, t_s: float) -> int:
        """``t_s`` on the video's clock."""
        if self.origin_s is None:
            self.origin_s = t_s
        tick = round((t_s - self.origin_s) * _TICKS_PER_S)
        if tick <= self._last_tick:
            raise ValueError(f"t_s {t_s} is not later than that of the frame before")
        if self._last_tick >= 0:
            self._interval_ticks = tick - self._last_tick
        self._last_tick = tick
        return tick

    def _add_stream(self) -> VideoStream:
        stream = self._container.add_stream(
            "libx264",
            rate=Fraction(self._fps).limit_denominator(1001),
            options=self._options,
        )
        width, height = self._size_px
        stream.width, stream.height = width + width % 2, height + height % 2
        stream.pix_fmt = "yuv420p"
        context = stream.codec_context
        context.time_base = Fraction(1, _TICKS_PER_S)
        context.gop_size = max(1, round(_KEYFRAME_EVERY_S * self._fps))
        context.color_range = ColorRange.MPEG
        context.color_primaries = ColorPrimaries.BT709
        context.color_trc = ColorTrc.BT709
        return stream

    def _encode(self, frame: av.VideoFrame | None) -> None:
        """Encode a frame, or with None what is left; the last packet lasts as long as the one
        before, so that the last picture is seen."""
        for packet in self._stream.encode(frame):
            packet.duration = self._interval_ticks
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


def _even(image: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The image with even sides, contiguous; the last row or column is repeated."""
    height, width = image.shape[:2]
    if height % 2 or width % 2:
        image = np.pad(image, ((0, height % 2), (0, width % 2), (0, 0)), mode="edge")
    return np.ascontiguousarray(image)


@contextmanager
def _encoder_errors(path: Path) -> Iterator[None]:
    """Errors of FFmpeg that are not the disk's become OutputError; the disk's pass as OSError."""
    try:
        yield
    except OSError:
        raise
    except av.FFmpegError as error:
        raise OutputError(
            f"cannot write {path}: the video encoder failed ({error.strerror}); "
            "run kneetrack doctor"
        ) from error

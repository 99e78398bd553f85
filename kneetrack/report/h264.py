"""Pictures with their times into an H.264 stream of a container, colours tagged."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from av.container import OutputContainer
from av.video.reformatter import ColorPrimaries, ColorRange, Colorspace, ColorTrc, VideoReformatter
from av.video.stream import VideoStream
from numpy.typing import NDArray

from kneetrack.records import OutputError

TICKS_PER_S = 90_000


class PictureStream:
    """The only stream of ``container``: yuv420p, at the times of its pictures.

    size_px: (width, height) of the pictures; an odd side gains one repeated row or column. fps:
    the usual frame rate, a hint only. options: those of the encoder. threads: of the encoder, 0
    for as many as it likes. ``origin_s`` is the time of the first picture, the video's second 0.
    """

    def __init__(
        self,
        container: OutputContainer,
        size_px: tuple[int, int],
        *,
        fps: float,
        keyframe_every_s: float,
        options: Mapping[str, str],
        threads: int = 0,
    ) -> None:
        self._size_px = size_px
        self._fps = min(max(fps, 1.0), 1000.0)
        self._stream = self._add(container, dict(options), keyframe_every_s, threads)
        self._reformatter = VideoReformatter()
        self._i420: bool | None = None
        self._last_tick = -1
        self._interval_ticks = round(TICKS_PER_S / self._fps)
        self.origin_s: float | None = None

    def picture(self, image: NDArray[np.uint8], t_s: float) -> av.VideoFrame:
        """The picture as the encoder wants it. The first one settles the kind.

        image: (H, W, 3) uint8 BGR, or (H * 3 / 2, W) uint8 I420 planes of BT.601 in limited
        range. Raises ValueError for another size or kind, or a time that is not later than the
        one before.
        """
        frame = self._converted(image)
        frame.pts, frame.time_base = self._tick(t_s), self._stream.codec_context.time_base
        return frame

    def packets(self, frame: av.VideoFrame | None) -> Iterator[av.Packet[VideoStream]]:
        """Encode a frame, or with None what is left; the last packet lasts as long as the one
        before, so that the last picture is seen."""
        for packet in self._stream.encode(frame):
            packet.duration = self._interval_ticks
            yield packet

    def _converted(self, image: NDArray[np.uint8]) -> av.VideoFrame:
        check_picture(image, self._size_px)
        i420 = image.ndim == 2
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
        tick = round((t_s - self.origin_s) * TICKS_PER_S)
        if tick <= self._last_tick:
            raise ValueError(f"t_s {t_s} is not later than that of the frame before")
        if self._last_tick >= 0:
            self._interval_ticks = tick - self._last_tick
        self._last_tick = tick
        return tick

    def _add(
        self,
        container: OutputContainer,
        options: dict[str, str],
        keyframe_every_s: float,
        threads: int,
    ) -> VideoStream:
        rate = Fraction(self._fps).limit_denominator(1001)
        stream = container.add_stream("libx264", rate=rate, options=options)
        width, height = self._size_px
        stream.width, stream.height = width + width % 2, height + height % 2
        stream.pix_fmt = "yuv420p"
        context = stream.codec_context
        if threads:
            context.thread_count = threads
        context.time_base = Fraction(1, TICKS_PER_S)
        context.gop_size = max(1, round(keyframe_every_s * self._fps))
        context.color_range = ColorRange.MPEG
        context.color_primaries = ColorPrimaries.BT709
        context.color_trc = ColorTrc.BT709
        return stream


def check_picture(image: NDArray[np.uint8], size_px: tuple[int, int]) -> None:
    """Raises ValueError when the picture is neither BGR nor I420 of that (width, height)."""
    width, height = size_px
    i420 = image.ndim == 2
    allowed = (height * 3 // 2, width) if i420 else (height, width, 3)
    if image.shape != allowed or (i420 and (width % 2 or height % 2)):
        raise ValueError(f"image has shape {image.shape}, expected {allowed}")


def _even(image: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The image with even sides, contiguous; the last row or column is repeated."""
    height, width = image.shape[:2]
    if height % 2 or width % 2:
        image = np.pad(image, ((0, height % 2), (0, width % 2), (0, 0)), mode="edge")
    return np.ascontiguousarray(image)


@contextmanager
def encoder_errors(path: Path) -> Iterator[None]:
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

"""Makes the clips that nobody supplies: turned, mirrored, of any rate and codec, cut off, odd.

Everything starts from ``(image, t_s)`` pairs: synthetic ones (:func:`pictures`, small and quick)
or those of a real clip (:func:`frames_of`). :func:`write_clip` writes them; the named helpers
below make one kind of trouble each, from a clip file to a clip file.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterable, Iterator
from fractions import Fraction
from itertools import count, islice
from pathlib import Path

import av
import cv2
import numpy as np
from numpy.typing import NDArray

Image = NDArray[np.uint8]
Frames = Iterable[tuple[Image, float]]

CODEC_OF = {
    ".mp4": "libx264",
    ".mov": "libx264",
    ".mkv": "libx264",
    ".ts": "libx264",
    ".webm": "libvpx-vp9",
    ".avi": "mpeg4",
    ".gif": "gif",
}
OPTIONS_OF = {
    "libx264": {"preset": "ultrafast"},
    "libx265": {"preset": "ultrafast", "x265-params": "log-level=none:crf=12"},
    "libvpx-vp9": {"deadline": "realtime", "cpu-used": "8"},
    "libsvtav1": {"preset": "12"},
    "mpeg4": {"b": "8000000"},
}
PIXELS_OF = {"gif": "rgb8", "mjpeg": "yuvj420p", "prores_ks": "yuv422p10le"}

RED, GREEN, BLUE, WHITE = (0, 0, 255), (0, 255, 0), (255, 0, 0), (255, 255, 255)
CORNERS = (RED, GREEN, BLUE, WHITE)
"""Of :func:`picture`: top left, top right, bottom left, bottom right."""
CYCLE = 14
"""So many pictures in a row can be told from each other."""


# --- pictures


def picture(index: int, size_px: tuple[int, int] = (96, 64)) -> Image:
    """A picture with four corners of different colour and a grey middle that tells the index."""
    width, height = size_px
    image = np.zeros((height, width, 3), np.uint8)
    for corner, colour in enumerate(CORNERS):
        y, x = divmod(corner, 2)
        image[y * height // 2 :, x * width // 2 :][: height // 2, : width // 2] = colour
    image[height // 4 : 3 * height // 4, width // 4 : 3 * width // 4] = 24 + 16 * (index % CYCLE)
    return image


def index_of(image: Image) -> int:
    """The index (modulo CYCLE) that :func:`picture` was called with."""
    height, width = image.shape[:2]
    middle = image[3 * height // 8 : 5 * height // 8, 3 * width // 8 : 5 * width // 8]
    return round((float(middle.mean()) - 24) / 16)


def corners_of(image: Image) -> tuple[int, ...]:
    """Which of :data:`CORNERS` is nearest in the image's four corners, in the same order."""
    height, width = image.shape[:2]
    spots = [image[y, x] for y in (height // 8, -height // 8) for x in (width // 8, -width // 8)]
    palette = np.array(CORNERS, float)
    return tuple(int(np.abs(palette - spot).sum(axis=1).argmin()) for spot in spots)


def pictures(
    frames: int = 30, fps: float = 30.0, size_px: tuple[int, int] = (96, 64)
) -> Iterator[tuple[Image, float]]:
    """Synthetic frames at an even rate."""
    return ((picture(index, size_px), index / fps) for index in range(frames))


def frames_of(clip: Path, limit: int | None = None) -> Iterator[tuple[Image, float]]:
    """Frames of a clip as stored (not turned), times from 0."""
    with av.open(str(clip)) as container:
        zero: float | None = None
        for frame in islice(container.decode(video=0), limit):
            zero = frame.time if zero is None else zero
            yield frame.to_ndarray(format="bgr24"), frame.time - zero


# --- files


def write_clip(
    path: Path,
    frames: Frames,
    *,
    fps: float = 30.0,
    codec: str | None = None,
    pix_fmt: str | None = None,
    rotation_deg: int = 0,
    mirrored: bool = False,
    metadata: dict[str, str] | None = None,
    options: dict[str, str] | None = None,
    start_s: float = 0.0,
    colours: dict[str, int] | None = None,
) -> Path:
    """Write frames with their times. ``rotation_deg`` clockwise and ``mirrored`` become the
    display matrix; the pictures are stored as they are given. avi and gif get an even rate of
    ``fps``; ``start_s`` shifts all timestamps; ``colours`` are attributes of the encoder.
    """
    codec = codec or CODEC_OF[path.suffix]
    even = path.suffix == ".avi"
    base = 1 / Fraction(fps).limit_denominator(1001) if even else _time_base(path)
    movflags = {"movflags": "use_metadata_tags"} if metadata else {}
    with av.open(str(path), "w", options=movflags) as container:
        container.metadata.update(metadata or {})
        stream = container.add_stream(codec, rate=Fraction(fps).limit_denominator(1001))
        stream.pix_fmt = pix_fmt or PIXELS_OF.get(codec, "yuv420p")
        stream.options = {**OPTIONS_OF.get(codec, {}), **(options or {})}
        stream.codec_context.time_base = base
        for name, value in (colours or {}).items():
            setattr(stream.codec_context, name, value)
        if rotation_deg or mirrored:
            stream.set_display_rotation(-rotation_deg, hflip=mirrored)
        for index, (image, t_s) in enumerate(frames):
            if index == 0:
                stream.height, stream.width = image.shape[:2]
            frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(image), format="bgr24")
            frame = frame.reformat(format=stream.pix_fmt, **_target(colours or {}))
            frame.pts = index if even else round((t_s + start_s) / base)
            frame.time_base = base
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


def remux(clip: Path, out: Path, change: Callable[[int, av.Packet], av.Packet | None]) -> Path:
    """Copy packets through ``change(index, packet)``, which may return None to drop one."""
    with av.open(str(clip)) as source, av.open(str(out), "w") as target:
        stream = source.streams.video[0]
        copy = target.add_stream_from_template(stream)
        numbers = count()
        for packet in source.demux(stream):
            if packet.dts is None:
                continue
            changed = change(next(numbers), packet)
            if changed is not None:
                changed.stream = copy
                target.mux(changed)
    return out


def _time_base(path: Path) -> Fraction:
    return Fraction(1, {".gif": 100, ".webm": 1000, ".mkv": 1000}.get(path.suffix, 30_000))


def _target(colours: dict[str, int]) -> dict[str, int]:
    names = {"colorspace": "dst_colorspace", "color_range": "dst_color_range"}
    return {names[name]: value for name, value in colours.items() if name in names}


# --- one kind of trouble each


def rotated(clip: Path, out: Path, rotation_deg: int) -> Path:
    """As a phone does: stored turned, with the clockwise turn that makes it upright again."""
    turns = rotation_deg // 90
    frames = ((np.rot90(image, turns), t_s) for image, t_s in frames_of(clip))
    return write_clip(out, frames, rotation_deg=rotation_deg)


def mirrored(clip: Path, out: Path, *, by_matrix: bool = False) -> Path:
    """Left and right exchanged in the picture; ``by_matrix``: and exchanged back when shown."""
    frames = ((image[:, ::-1], t_s) for image, t_s in frames_of(clip))
    return write_clip(out, frames, mirrored=by_matrix)


def scaled(clip: Path, out: Path, factor: float) -> Path:
    """Larger or smaller by ``factor``, sides even."""

    def resize(image: Image) -> Image:
        height, width = (round(side * factor / 2) * 2 for side in image.shape[:2])
        return cv2.resize(image, (width, height), interpolation=cv2.INTER_AREA)

    return write_clip(out, ((resize(image), t_s) for image, t_s in frames_of(clip)))


def recoded(clip: Path, out: Path, codec: str | None = None, fps: float = 30.0) -> Path:
    """In another container or codec (by the suffix of ``out``, or named)."""
    return write_clip(out, frames_of(clip), codec=codec, fps=fps)


def at_rate(clip: Path, out: Path, fps: float, **writing: object) -> Path:
    """At another even frame rate: every moment shows the frame of the clip that was on then."""

    def resampled() -> Iterator[tuple[Image, float]]:
        numbers = count()
        tick = next(numbers) / fps
        previous: Image | None = None
        for image, t_s in frames_of(clip):
            while previous is not None and tick < t_s - 1e-9:
                yield previous, tick
                tick = next(numbers) / fps
            previous = image
        if previous is not None:
            yield previous, tick

    return write_clip(out, resampled(), fps=fps, **writing)  # type: ignore[arg-type]


def variable_rate(clip: Path, out: Path, seed: int = 0) -> Path:
    """As phones in poor light: about every third frame left out, the others at their times."""
    rng = np.random.default_rng(seed)
    kept = (pair for index, pair in enumerate(frames_of(clip)) if not index or rng.random() > 0.33)
    return write_clip(out, kept)


def slow_motion(clip: Path, out: Path, factor: int = 4, *, tagged: bool = True) -> Path:
    """Plays ``factor`` times too slow at 30 fps, each frame of a 30 fps clip ``factor`` times;
    ``tagged`` with the rate of capture as Android writes it."""
    frames = (
        (image, (index * factor + repeat) / 30)
        for index, (image, _) in enumerate(frames_of(clip))
        for repeat in range(factor)
    )
    tags = {"com.android.capture.fps": f"{30 * factor}.000000"} if tagged else None
    return write_clip(out, frames, metadata=tags)


def leading_blank(
    clip: Path, out: Path, frames: int = 5, colour: tuple[int, int, int] = (0, 0, 0)
) -> Path:
    """With frames of one colour (BGR) before the clip."""

    def padded() -> Iterator[tuple[Image, float]]:
        for index, (image, t_s) in enumerate(frames_of(clip)):
            if index == 0:
                for blank in range(frames):
                    yield np.full_like(image, colour), blank / 30
            yield image, t_s + frames / 30

    return write_clip(out, padded())


def cut_off(clip: Path, out: Path, fraction: float = 0.5) -> Path:
    """Broken off after a fraction of its bytes. An mp4 needs its index in front to be readable:
    see :func:`index_in_front`."""
    data = clip.read_bytes()
    out.write_bytes(data[: int(len(data) * fraction)])
    return out


def index_in_front(clip: Path, out: Path) -> Path:
    """An mp4 whose index comes before its data."""
    with av.open(str(clip)) as source:
        options = {"movflags": "+faststart"}
        with av.open(str(out), "w", options=options) as target:
            stream = source.streams.video[0]
            copy = target.add_stream_from_template(stream)
            for packet in source.demux(stream):
                if packet.dts is not None:
                    packet.stream = copy
                    target.mux(packet)
    return out


def damaged(clip: Path, out: Path, packets: set[int], keep: int = 0, seed: int = 0) -> Path:
    """With some packets overwritten by noise, but for their first ``keep`` bytes."""
    rng = np.random.default_rng(seed)

    def spoil(index: int, packet: av.Packet) -> av.Packet:
        if index not in packets:
            return packet
        data = rng.integers(0, 255, packet.size, np.uint8).tobytes()
        noise = av.Packet(bytes(packet)[:keep] + data[keep:])
        noise.pts, noise.dts, noise.time_base = packet.pts, packet.dts, packet.time_base
        noise.duration = packet.duration or 0
        return noise

    return remux(clip, out, spoil)


def wrong_frame_count(clip: Path, out: Path, frames: int) -> Path:
    """An avi whose header promises another number of frames."""
    data = bytearray(clip.read_bytes())
    main, stream = data.index(b"avih"), data.index(b"strh")
    struct.pack_into("<I", data, main + 8 + 16, frames)
    struct.pack_into("<I", data, stream + 8 + 32, frames)
    out.write_bytes(data)
    return out


def matrix_patched(clip: Path, out: Path, matrix: tuple[int, ...]) -> Path:
    """An mp4 with the 2 x 2 part (a, b, c, d) of its display matrix written into its bytes."""
    a, b, c, d = (value << 16 for value in matrix)
    data = bytearray(clip.read_bytes())
    at = data.index(b"tkhd") + 4 + 40  # version 0: 40 bytes before the matrix
    struct.pack_into(">9i", data, at, a, b, 0, c, d, 0, 0, 0, 1 << 30)
    out.write_bytes(data)
    return out

"""Opening a clip, and what its header says of it. Errors say what to do."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import av
from av.container import InputContainer
from av.stream import Disposition
from av.video.stream import VideoStream

from kneetrack.records import SourceError
from kneetrack.sources._structure import lacks_index

_FORMATS = (
    "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,gif,apng,mpegts,mpeg,mpegvideo,m4v,h263,h264,hevc,"
    "vvc,av1,obu,ivf,vc1,mjpeg,mjpeg_2000,flv,asf,asf_o,ogg,mxf,gxf,dv,nut,rm,wtv,nsv,dhav"
)
"""Films. Not playlists, which lead elsewhere; nor texts and photos, which FFmpeg would show."""
_ONE_THREAD_PX = 1_000_000
"""Up to here one decoding thread keeps up with the pose model, and costs a third less than two."""
_CAPTURE_FPS = "com.android.capture.fps"
_APPLE_INTENT = "com.apple.quicktime.full-frame-rate-playback-intent"


@dataclass(frozen=True, slots=True)
class Header:
    """What the file says before it is read; None where it says nothing.

    duration_s and fps are in the player's time.
    """

    frames: int | None
    duration_s: float | None
    fps: float | None
    tick_s: float
    pixel_aspect: float
    codec: str
    format: str


@dataclass(frozen=True, slots=True)
class Speed:
    """True seconds for a second of the player, and a sentence on how that is known."""

    factor: float = 1.0
    note: str = ""


def open_container(path: Path) -> InputContainer:
    """Open a file for reading; nothing but local files is ever opened. Raises SourceError."""
    _check_file(path)
    try:
        return av.open(
            f"file:{path}",
            mode="r",
            container_options={"protocol_whitelist": "file", "format_whitelist": _FORMATS},
            metadata_errors="replace",
        )
    except (av.FFmpegError, OSError, UnicodeError) as error:
        raise SourceError(_why_unreadable(path, error)) from error


def video_stream(container: InputContainer, path: Path) -> VideoStream:
    """The stream to read: the best one that is not a cover picture. Raises SourceError."""
    moving = [
        stream
        for stream in container.streams.video
        if not stream.disposition & Disposition.attached_pic
    ]
    if not moving:
        raise SourceError(f"{path} holds no video, only sound or other data: give a video file")
    known = [stream for stream in moving if stream.codec_context is not None]
    if not known:
        raise SourceError(
            f"{path} uses a video format that cannot be decoded here: convert it to H.264 (mp4)"
        )
    best = container.streams.best("video")
    stream = next((stream for stream in known if stream is best), known[0])
    stream.thread_type = "AUTO"
    if stream.width * stream.height <= _ONE_THREAD_PX:
        stream.codec_context.thread_count = 1
    return stream


def read_header(container: InputContainer, stream: VideoStream) -> Header:
    """Frames, duration, rate, tick, pixel shape and codec as the header gives them."""
    rate = stream.average_rate or stream.guessed_rate
    aspect = stream.sample_aspect_ratio
    return Header(
        frames=_shown_frames(stream),
        duration_s=_duration_s(container, stream),
        fps=float(rate) if rate else None,
        tick_s=float(stream.time_base or 0),
        pixel_aspect=float(aspect) if aspect else 1.0,
        codec=stream.codec_context.codec.canonical_name,
        format=container.format.name,
    )


def recorded_speed(container: InputContainer, fps: float | None) -> Speed:
    """Slow motion and time-lapse as far as the container's own words tell it.

    Android stretches the timestamps and keeps the rate of capture beside them; Apple keeps true
    timestamps and says that a player should slow down. ``fps`` is the rate of playback. Half the
    rate of capture, below 50, is a phone in poor light, not slow motion.
    """
    words = {key.lower(): value for key, value in container.metadata.items()}
    capture_fps = _positive(words.get(_CAPTURE_FPS))
    if capture_fps and fps:
        slow = capture_fps >= max(50, 1.8 * fps) or capture_fps >= max(24, 3 * fps)
        lapse = capture_fps <= min(15, fps / 1.8)
        if slow or lapse:
            factor = _whole_ratio(fps / capture_fps)
            kind = "slow motion" if slow else "time-lapse"
            return Speed(
                factor,
                f"{kind}: filmed at {capture_fps:g} frames a second, stored at {fps:.3g}; times "
                f"are true times ({factor:g} of the player's); --speed 1 undoes this",
            )
    if words.get(_APPLE_INTENT) == "0" and fps and fps >= 100:
        return Speed(1.0, f"slow motion filmed at {fps:.3g} frames a second; times are true times")
    return Speed()


def _check_file(path: Path) -> None:
    try:
        if path.is_dir():
            raise SourceError(f"{path} is a folder: give one video file")
        if not path.exists():
            raise SourceError(f"{path} does not exist: check the name and the folder")
        if path.stat().st_size == 0:
            raise SourceError(f"{path} is empty (0 bytes): copy it again from the camera")
    except (OSError, ValueError) as error:
        raise SourceError(f"{path} cannot be read: {error}") from error


def _why_unreadable(path: Path, error: Exception) -> str:
    if isinstance(error, PermissionError):
        return f"{path} cannot be read: no permission; change its permissions or copy it elsewhere"
    try:
        cut = lacks_index(path)
    except OSError:
        cut = False
    if cut:
        return (
            f"{path} is incomplete: recording or copying stopped before its index was written; "
            "copy it again from the camera"
        )
    return (
        f"{path} is not a video that can be read, or it is damaged: try it in a video player, "
        "then copy it again or convert it to mp4"
    )


def _duration_s(container: InputContainer, stream: VideoStream) -> float | None:
    """The video's own duration; the container's only when it holds nothing but this video.

    Matroska counts it from zero, wherever its first frame is.
    """
    if stream.duration and stream.time_base:
        return float(stream.duration * stream.time_base)
    start_s = float((stream.start_time or 0) * (stream.time_base or 0))
    try:
        hours, minutes, seconds = stream.metadata.get("DURATION", "").split(":")
        return 3600 * int(hours) + 60 * int(minutes) + float(seconds) - start_s
    except ValueError:
        pass
    if container.duration and len(container.streams) == 1:
        return float(container.duration / av.time_base) - start_s
    return None


def _shown_frames(stream: VideoStream) -> int | None:
    """The header's count without the frames that an edit list hides."""
    if not stream.frames:
        return None
    return stream.frames - sum(entry.is_discard for entry in stream.index_entries)


def _positive(text: str | None) -> float | None:
    try:
        value = float(text or "")
    except ValueError:
        return None
    return value if 0 < value < 1e5 else None


def _whole_ratio(ratio: float) -> float:
    """1/n, or n, when the ratio is within 5 % of it; the ratio itself otherwise."""
    times = round(1 / ratio) if ratio < 1 else round(ratio)
    whole = 1 / times if ratio < 1 else float(times)
    return whole if abs(ratio / whole - 1) < 0.05 else ratio

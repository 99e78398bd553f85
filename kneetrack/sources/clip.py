"""Recorded clips: every frame in order, upright, at its true time.

The container's own timestamps are used, never a frame count. What is odd about a file (cut off,
wrong header, blank frames, slow motion) is put right where it can be and told in the notes.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType

from kneetrack.records import ClipInfo, Frame, SettingsError, SourceError
from kneetrack.sources._notes import notes
from kneetrack.sources._picture import Orientation
from kneetrack.sources._prefetch import Prefetch
from kneetrack.sources._reader import Reader, Span

_BUFFER_BYTES = 48_000_000
"""Decoded frames that wait for the consumer never take more than this, but for two."""


class ClipSource:
    """Reads a clip in order: ``with ClipSource(path) as clip: for frame in clip: ...``.

    Frames are upright BGR. ``frame.t_s`` is in true seconds from the first frame of the file,
    strictly increasing; ``frame.index`` counts every frame between start and end from 0, leading
    blank ones, which are not given out, included.

    path: the file. start_s, end_s: part to read, in the seconds a player shows (end excluded).
    speed: true seconds for a second of the player, 0.25 for four times slow motion; None takes
    what the container says. rotate_deg: clockwise turn of the stored picture in place of the
    file's own rotation and mirroring.

    Decoding runs in a thread of its own, a few frames ahead, that ends when the clip is closed.
    Raises SettingsError for impossible arguments, SourceError (on entering or while reading)
    when the file gives no frames, NobodySeenError when it is blank from start to end.
    """

    def __init__(
        self,
        path: Path | str,
        *,
        start_s: float | None = None,
        end_s: float | None = None,
        speed: float | None = None,
        rotate_deg: int | None = None,
    ) -> None:
        self._path = Path(path)
        self._span = _span(start_s, end_s)
        self._chosen_speed = _checked_speed(speed)
        self._orientation = None if rotate_deg is None else Orientation.chosen(rotate_deg)
        self._open_reader: Reader | None = None
        self._prefetch: Prefetch[Frame] | None = None
        self._sha256: str | None = None

    def __enter__(self) -> ClipSource:
        if self._open_reader is not None:
            raise RuntimeError("a clip is read once: make another ClipSource to read it again")
        self._open_reader = Reader(self._path, self._span, self._chosen_speed, self._orientation)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Stop the decoding thread, wait for its end, close the file. May be called twice."""
        if self._prefetch is not None:
            self._prefetch.close()
        if self._open_reader is not None:
            self._open_reader.close()

    def __iter__(self) -> Iterator[Frame]:
        """The frames, once. Leaving the loop early is fine."""
        if self._prefetch is not None:
            raise RuntimeError("a clip is read once: make another ClipSource to read it again")
        width, height = self.size_px
        depth = max(2, min(8, _BUFFER_BYTES // (3 * width * height)))
        self._prefetch = Prefetch(self._reader.frames(), depth)
        return self._prefetch

    @property
    def size_px(self) -> tuple[int, int]:
        """(width, height) of the upright frames."""
        return self._reader.upright.size_px

    @property
    def speed(self) -> float:
        """True seconds for a second of the player, as given or as the container says."""
        return self._reader.speed.factor

    @property
    def declared_fps(self) -> float | None:
        """Frames a true second by the header, which may be wrong; None when it says nothing."""
        fps = self._reader.header.fps
        return None if fps is None else fps / self.speed

    @property
    def declared_duration_s(self) -> float | None:
        """True seconds from start to end by the header, which may be wrong; None when unknown."""
        whole_s = self._reader.header.duration_s
        if whole_s is None:
            return None
        return max(0.0, min(self._span.end_s, whole_s) - self._span.start_s) * self.speed

    @property
    def declared_frames(self) -> int | None:
        """Frames from start to end by the header, which may be wrong; None when unknown."""
        frames = self._reader.header.frames
        if frames is not None and self._span.whole:
            return frames
        duration_s, fps = self.declared_duration_s, self.declared_fps
        return None if duration_s is None or fps is None else round(duration_s * fps)

    def info(self) -> ClipInfo:
        """What is known of the clip, which is closed by this; complete once read to its end.

        Hashes the file. Raises SourceError when that fails.
        """
        self.close()
        reader = self._reader
        return ClipInfo(
            file=str(self._path),
            sha256=self._hash(),
            fps=reader.rhythm.fps / self.speed,
            duration_s=reader.rhythm.duration_s * self.speed,
            frames=reader.rhythm.frames,
            size_px=self.size_px,
            rotation_deg=reader.upright.orientation.rotation_deg,
            mirrored=reader.upright.orientation.mirrored,
            variable_frame_rate=reader.rhythm.variable,
            codec=reader.header.codec,
            speed=self.speed,
            notes=notes(reader.findings()),
        )

    @property
    def _reader(self) -> Reader:
        if self._open_reader is None:
            raise RuntimeError("open the clip first: with ClipSource(path) as clip: ...")
        return self._open_reader

    def _hash(self) -> str:
        if self._sha256 is None:
            try:
                with self._path.open("rb") as file:
                    self._sha256 = hashlib.file_digest(file, "sha256").hexdigest()
            except OSError as error:
                raise SourceError(f"{self._path} can no longer be read: {error}") from error
        return self._sha256


def _span(start_s: float | None, end_s: float | None) -> Span:
    start, end = start_s or 0.0, math.inf if end_s is None else end_s
    if not 0 <= start < end or math.isnan(end):
        raise SettingsError(
            f"cannot read from {start:g} to {end:g} s: --start must be 0 or more and before --end"
        )
    return Span(start, end)


def _checked_speed(speed: float | None) -> float | None:
    if speed is not None and not 0.001 <= speed <= 1000:
        raise SettingsError(
            f"cannot use --speed {speed:g}: give a number above 0, such as 0.25 for a clip that "
            "plays four times too slow"
        )
    return speed

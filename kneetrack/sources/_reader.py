"""An open clip: from the first picture to the findings at its end. Knows nothing of threads."""

from __future__ import annotations

import math
from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path

import av

from kneetrack.records import Frame, NobodySeenError, SourceError
from kneetrack.sources._clock import Clock, Rhythm
from kneetrack.sources._container import (
    Speed,
    open_container,
    read_header,
    recorded_speed,
    video_stream,
)
from kneetrack.sources._decode import Damage, decode, raw_time_s, settle_times
from kneetrack.sources._notes import Findings
from kneetrack.sources._picture import Orientation, Upright, is_blank
from kneetrack.sources._structure import is_cut_off

_SEEK_FROM_S = 5.0
"""A start later than this is sought in the file; before it, reading up to it is as quick."""
_SEEKABLE = {"mov", "mp4", "matroska", "webm"}


@dataclass(frozen=True, slots=True)
class Span:
    """The part of a clip to read, in the seconds a player shows; ``end_s`` is excluded."""

    start_s: float = 0.0
    end_s: float = math.inf

    @property
    def whole(self) -> bool:
        """Whether that is all of the clip."""
        return self.start_s == 0 and self.end_s == math.inf


class Reader:
    """One reading of one file; speed and orientation of None are those of the file.

    Opening decodes the first picture. Raises SourceError when there is none.
    """

    def __init__(
        self, path: Path, span: Span, speed: float | None, orientation: Orientation | None
    ) -> None:
        self._path, self._span = path, span
        self._open()
        try:
            first = self._first_picture()
            self.header = read_header(self._container, self._stream)
            self.rhythm = Rhythm(self.header.tick_s)
            self.speed = _effective_speed(speed, recorded_speed(self._container, self.header.fps))
            self.upright = Upright(
                first, self.header.pixel_aspect, orientation or Orientation.of(first)
            )
            self._clock = Clock(1 / (self.header.fps or 30.0), raw_time_s(first) or 0.0)
            self._pictures = self._from_start(first)
        except BaseException:
            self.close()
            raise
        self._blank, self._finished = 0, False

    def close(self) -> None:
        """Close the file. May be called twice."""
        self._container.close()

    def frames(self) -> Generator[Frame, None, None]:
        """Frames of the span, upright, leading blank ones skipped.

        Raises SourceError when the span holds none, NobodySeenError when all are blank.
        """
        given = False
        for picture, player_s in settle_times(self._pictures, self._clock):
            if player_s < self._span.start_s:
                continue
            if player_s >= self._span.end_s:
                break
            index = self.rhythm.frames
            self.rhythm.add(player_s)
            image = self.upright(picture)
            if not given and is_blank(image):
                self._blank += 1
                continue
            given = True
            yield Frame(image, player_s * self.speed.factor, index)
        self._finished = True
        if not given:
            raise self._nothing()

    def findings(self) -> Findings:
        """What reading brought to light so far."""
        whole = self._finished and self._span.whole
        try:
            cut_off = whole and is_cut_off(self._path)
        except OSError:
            cut_off = False
        return Findings(
            header=self.header,
            frames=self.rhythm.frames,
            end_s=self.rhythm.end_s,
            whole=whole,
            cut_off=cut_off,
            left_out=self._damage.left_out,
            read_error=self._damage.read_error,
            repaired_times=self._clock.repaired,
            blank=self._blank,
            stretched=self.upright.stretched,
            resized=self.upright.resized,
            hdr=self.upright.hdr,
            speed_note=self.speed.note,
        )

    def _open(self) -> None:
        self._damage = Damage()
        self._container = open_container(self._path)
        try:
            self._stream = video_stream(self._container, self._path)
        except BaseException:
            self._container.close()
            raise
        self._rest = decode(self._container, self._stream, self._damage)

    def _first_picture(self) -> av.VideoFrame:
        first = next(self._rest, None)
        if first is None:
            raise SourceError(
                f"{self._path} holds no frame that can be decoded: copy it again from the camera, "
                "or convert it to H.264 (mp4)"
            )
        return first

    def _from_start(self, first: av.VideoFrame) -> Generator[av.VideoFrame, None, None]:
        """Decoded pictures from the start of the span, or from a little before it."""
        zero_s = raw_time_s(first)
        sought = self._span.start_s >= _SEEK_FROM_S and zero_s is not None
        if not sought or _SEEKABLE.isdisjoint(self.header.format.split(",")):
            return _joined(first, self._rest)
        start_s = self._span.start_s + (zero_s or 0.0)
        try:
            self._container.seek(int(start_s / self.header.tick_s), stream=self._stream)
            self._rest = decode(self._container, self._stream, self._damage)
            found = next(self._rest, None)
        except av.FFmpegError:
            found = None
        found_s = None if found is None else raw_time_s(found)
        if found is None or found_s is None or found_s > start_s:  # went astray: read up to it
            self._container.close()
            self._open()
            found = self._first_picture()
        return _joined(found, self._rest)

    def _nothing(self) -> SourceError | NobodySeenError:
        """Why no frame was given."""
        if self.rhythm.frames:
            return NobodySeenError(
                f"{self._path} shows one blank colour from start to end: film again"
            )
        end = "the end" if self._span.end_s == math.inf else f"{self._span.end_s:g} s"
        lasts_s = self.header.duration_s
        lasts = f", it lasts {lasts_s:.1f} s" if lasts_s else ""
        return SourceError(
            f"{self._path} has no frames from {self._span.start_s:g} s to {end}{lasts}: choose "
            "other --start and --end"
        )


def _effective_speed(chosen: float | None, recorded: Speed) -> Speed:
    if chosen is None:
        return recorded
    differs = recorded.factor not in (1, chosen)
    said = f", not the {recorded.factor:g} that the file says" if differs else ""
    return Speed(chosen, f"speed {chosen:g} as given{said}" if chosen != 1 or differs else "")


def _joined(
    first: av.VideoFrame, rest: Generator[av.VideoFrame, None, None]
) -> Generator[av.VideoFrame, None, None]:
    yield first
    yield from rest

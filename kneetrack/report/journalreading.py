"""Reads session.landmarks back, whole or broken off."""

from __future__ import annotations

import hashlib
import json
import math
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from kneetrack.records import ClipInfo, PeopleInfo, PoseTrack, SourceError
from kneetrack.report.journal import (
    END,
    FORMAT,
    FRAME,
    HEAD,
    KIND_EVENT,
    KIND_FRAME,
    MARKER,
    NAMES,
    NOTE,
)
from kneetrack.report.landmarks import StoredLandmarks

TAKE: Final = "take"
TAKE_AGAIN: Final = "take_again"
PAUSE: Final = "pause"

_START: Final = b'{"format": "kneetrack/journal/'
_LONGEST_HEADER: Final = 1_000_000
_LONGEST_PX: Final = 100_000


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened in a session, on the clock of its frames."""

    kind: str
    t_s: float
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Journal:
    """A session as it was kept: all its frames, pauses and rests included, and its events."""

    stored: StoredLandmarks
    events: tuple[Event, ...] = ()
    facts: Mapping[str, Any] = field(default_factory=dict)
    complete: bool = True

    def spans(self, name: str) -> tuple[tuple[float, float], ...]:
        """(start_s, end_s) between ``<name>_start`` and ``<name>_end``; an open one ends last."""
        found: list[tuple[float, float]] = []
        start: float | None = None
        for event in self.events:
            if event.kind == f"{name}_start" and start is None:
                start = event.t_s
            elif event.kind == f"{name}_end" and start is not None:
                found.append((start, event.t_s))
                start = None
        times = self.stored.track.t_s
        if start is not None and len(times):
            found.append((start, max(start, float(times[-1]))))
        return tuple(found)

    def takes(self) -> tuple[tuple[float, float], ...]:
        """(start_s, end_s) of the sets with the standing still before them.

        A set that was begun again counts from there on.
        """
        again = [event.t_s for event in self.events if event.kind == TAKE_AGAIN]
        spans = [
            (max([start, *(t for t in again if start <= t <= end)]), end)
            for start, end in self.spans(TAKE)
        ]
        return tuple((start, end) for start, end in spans if start < end)

    def kept(self) -> StoredLandmarks:
        """What is analysed: the frames of the sets, on a clock that begins with the first of them.

        Finding a place, pauses and rests are left out. A journal without a word of sets is kept
        whole.
        """
        track = self.stored.track
        if not any(event.kind == f"{TAKE}_start" for event in self.events):
            return self.stored
        inside = np.zeros(len(track), bool)
        for start, end in self.takes():
            inside |= (track.t_s >= start) & (track.t_s <= end)
        for start, end in self.spans(PAUSE):
            inside &= ~((track.t_s >= start) & (track.t_s <= end))
        t_s = track.t_s[inside]
        world = None if track.xyz_m is None else track.xyz_m[inside]
        part = PoseTrack(
            track.xy_px[inside],
            world,
            track.confidence[inside],
            t_s - t_s[0] if len(t_s) else t_s,
            track.size_px,
        )
        lasted_s = float(part.t_s[-1]) if len(t_s) else 0.0
        clip = replace(self.stored.clip, frames=len(part), duration_s=lasted_s)
        return replace(self.stored, track=part, clip=clip)


def read_journal(path: Path) -> Journal:
    """Read a session back, as far as it was written.

    A damaged or half-written record is left out, the others are kept. The clip's notes hold the
    session's own, and say so when it broke off. Raises SourceError when the file is missing or
    not a journal.
    """
    path = Path(path)
    try:
        data = path.read_bytes()
    except OSError as error:
        reason = error.strerror or "unreadable"
        raise SourceError(f"cannot read {path}: {reason}") from error
    size_px, facts, start = _header(data, path)
    frames: list[bytes] = []
    events: list[Event] = []
    for kind, body in _records(data, start):
        if kind == KIND_FRAME and len(body) == FRAME.itemsize:
            frames.append(body)
        elif kind == KIND_EVENT:
            events += _events(body)
    complete = any(event.kind == END for event in events)
    track = _track(b"".join(frames), size_px)
    notes = [str(event.data.get("text", "")) for event in events if event.kind == NOTE]
    if not complete:
        notes.append(_broke_off(track))
    stored = StoredLandmarks(
        track, _clip(track, facts, path, data, notes), _people(facts), _versions(facts)
    )
    told = tuple(event for event in events if event.kind not in (END, NOTE))
    return Journal(stored, told, facts, complete)


def _header(data: bytes, path: Path) -> tuple[tuple[int, int], dict[str, Any], int]:
    """Picture size, facts, and where the records start."""
    stop = data.find(b"\n", 0, _LONGEST_HEADER)
    if not data.startswith(_START):
        if data and not _START.startswith(data):
            raise SourceError(f"{path} is not a kneetrack session; give a session's folder")
        stop = -1
    if stop < 0:
        raise SourceError(f"{path} is empty: the session broke off before its first frame")
    try:
        header = json.loads(data[:stop])
        found, names = header["format"], header["landmark_names"]
        width, height = (int(n) for n in header["size_px"])
        facts = dict(header["facts"])
        if found == FORMAT and (names != NAMES or not 0 < min(width, height) <= _LONGEST_PX):
            raise ValueError("other landmarks")
    except (ValueError, KeyError, TypeError) as error:
        raise SourceError(f"{path} is damaged at its start and cannot be read") from error
    if found != FORMAT:
        raise SourceError(
            f"{path} is of another format ({found}, this kneetrack reads {FORMAT}); "
            "use the kneetrack that wrote it, or a newer one"
        )
    return (width, height), facts, stop + 1


def _records(data: bytes, at: int) -> Iterator[tuple[bytes, bytes]]:
    """(kind, body) of every whole record; what lies between them is passed over."""
    view = memoryview(data)
    while (at := data.find(MARKER, at)) >= 0 and at + HEAD.size <= len(data):
        _, kind, length, crc = HEAD.unpack_from(data, at)
        body = view[at + HEAD.size : at + HEAD.size + length]
        if len(body) == length and zlib.crc32(body, zlib.crc32(kind)) == crc:
            yield kind, bytes(body)
            at += HEAD.size + length
        else:
            at += len(MARKER)


def _events(body: bytes) -> list[Event]:
    """The event, or nothing when another kneetrack wrote it in another way."""
    try:
        event = json.loads(body)
        return [Event(str(event["kind"]), float(event["t_s"]), dict(event["data"]))]
    except (ValueError, KeyError, TypeError):
        return []


def _track(frames: bytes, size_px: tuple[int, int]) -> PoseTrack:
    table = np.frombuffer(frames, FRAME)
    t_s = table["t_s"].astype(np.float64)
    if len(t_s):
        table = table[_later(t_s)]
    points = table["points"].astype(np.float32)
    return PoseTrack(
        points[..., :2].copy(),
        points[..., 2:5].copy(),
        points[..., 5].copy(),
        table["t_s"].astype(np.float64),
        size_px,
    )


def _later(t_s: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Which times are finite and later than all before."""
    known = np.where(np.isfinite(t_s), t_s, -np.inf)
    before = np.concatenate(([-np.inf], np.maximum.accumulate(known)[:-1]))
    return known > before


def _clip(
    track: PoseTrack, facts: Mapping[str, Any], path: Path, data: bytes, notes: list[str]
) -> ClipInfo:
    steps = np.diff(track.t_s)
    usual = float(np.median(steps)) if steps.size else 0.0
    length_s = float(track.t_s[-1] - track.t_s[0]) if len(track) else 0.0
    odd = int((np.abs(steps - usual) > 0.1 * usual).sum())
    return ClipInfo(
        file=str(facts.get("name") or path.resolve().parent.name or path.name),
        sha256=hashlib.sha256(data).hexdigest(),
        fps=steps.size / length_s if length_s else 0.0,
        duration_s=length_s + usual,
        frames=len(track),
        size_px=track.size_px,
        variable_frame_rate=odd > max(2, 0.02 * steps.size),
        notes=tuple(note for note in notes if note),
    )


def _broke_off(track: PoseTrack) -> str:
    if not len(track):
        return "the session broke off before its first frame"
    length_s = math.floor(10 * float(track.t_s[-1] - track.t_s[0]) + 0.5) / 10
    return f"the session broke off after {length_s:.1f} s; analysed what is there"


def _people(facts: Mapping[str, Any]) -> PeopleInfo:
    followed = facts.get("followed")
    return PeopleInfo(followed=str(followed)) if followed else PeopleInfo()


def _versions(facts: Mapping[str, Any]) -> dict[str, str]:
    versions = facts.get("versions")
    if not isinstance(versions, Mapping):
        return {}
    return {str(name): str(version) for name, version in versions.items()}

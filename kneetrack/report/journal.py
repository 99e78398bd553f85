"""session.landmarks: what a live session sees, kept frame by frame, so that a crash loses nothing.

The file is one line of JSON (format, picture size, facts) and then records. A record is ``KTj``, a
byte for its kind, the length of its body and the CRC-32 of kind and body (4 bytes each, least
significant first), and the body: for a frame its time (float64) and 33 x (x px, y px, x m, y m,
z m, confidence) as float32; for an event a JSON object. Every record goes to the system at once,
and about once a second to the disk. Nothing is ever rewritten.
"""

from __future__ import annotations

import errno
import json
import math
import os
import struct
import threading
import zlib
from collections.abc import Mapping
from contextlib import suppress
from io import FileIO
from pathlib import Path
from types import TracebackType
from typing import Any, Final

import numpy as np

from kneetrack.records import Pose
from kneetrack.report.writing import output_error
from kneetrack.skeleton import N_LANDMARKS, Landmark

FORMAT: Final = "kneetrack/journal/1"
NAMES: Final = [landmark.name.lower() for landmark in Landmark]
MARKER: Final = b"KTj"
HEAD: Final = struct.Struct("<3scII")
FRAME: Final = np.dtype([("t_s", "<f8"), ("points", "<f4", (N_LANDMARKS, 6))])
KIND_FRAME: Final = b"F"
KIND_EVENT: Final = b"E"
END: Final = "end"
"""The event that closes a journal; one without it broke off."""
NOTE: Final = "note"
_SYNC_EVERY_S: Final = 1.0
_NO_FSYNC: Final = {errno.EINVAL, errno.ENOTSUP, errno.ENOSYS}
"""File systems without it: the system's own rhythm must do."""


class JournalWriter:
    """Keeps a session: ``with JournalWriter(path, size_px) as journal: journal.write(pose)``.

    path: a new file, ``session.landmarks`` in the session's folder. size_px: (width, height) of
    the upright picture. facts: JSON values that travel with it; ``name`` (of the session),
    ``versions`` (a mapping of texts) and ``followed`` are understood when it is read.

    A journal whose block ends with an exception, or never, counts as broken off. A full disk
    raises OutputError once; after it everything is dropped in silence (see ``failed``) and what
    was written before stays readable. Calls from several threads are fine.
    """

    def __init__(
        self, path: Path, size_px: tuple[int, int], facts: Mapping[str, Any] | None = None
    ) -> None:
        self._path = Path(path)
        self._header = {
            "format": FORMAT,
            "size_px": list(size_px),
            "landmark_names": NAMES,
            "facts": dict(facts or {}),
        }
        self._file: FileIO | None = None
        self._lock = threading.Lock()
        self._leaving = threading.Event()
        self._syncer = threading.Thread(target=self._sync, name="journal", daemon=True)
        self._unsynced = False
        self._sync_error: OSError | None = None
        self._last_s = -math.inf
        self._size = 0
        self.frames = 0
        self.failed = False

    def __enter__(self) -> JournalWriter:
        line = json.dumps(self._header, ensure_ascii=False).encode("utf-8", "backslashreplace")
        try:
            self._file = FileIO(self._path, "x")
            self._append(line + b"\n")
        except OSError as error:
            self._discard()
            raise output_error(self._path, error) from error
        self._syncer.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._file is None:
            return
        try:
            if kind is None:
                self.mark(END, self._last_s if self.frames else 0.0)
        finally:
            self._leaving.set()
            self._syncer.join()
            with self._lock:
                file, self._file = self._file, None
                file.close()

    def write(self, pose: Pose) -> bool:
        """Append one frame as the model gave it; False when it is not later than the one before.

        Raises OutputError when the disk does not take it, once.
        """
        record = np.empty((), FRAME)
        record["t_s"] = pose.t_s
        points = record["points"]
        points[:, :2] = pose.xy_px
        points[:, 2:5] = np.nan if pose.xyz_m is None else pose.xyz_m
        points[:, 5] = pose.confidence
        with self._lock:
            if not (math.isfinite(pose.t_s) and pose.t_s > self._last_s):
                return False
            self._record(KIND_FRAME, record.tobytes())
            if not self.failed:
                self._last_s = pose.t_s
                self.frames += 1
            return not self.failed

    def mark(self, kind: str, t_s: float, data: Mapping[str, Any] | None = None) -> None:
        """Append an event, such as ("set_start", 12.4, {"set": 1}).

        Spans are pairs of ``<name>_start`` and ``<name>_end``. ``t_s`` is on the clock of the
        frames; ``data`` holds JSON values. Raises OutputError as :meth:`write` does.
        """
        body = json.dumps({"kind": kind, "t_s": t_s, "data": dict(data or {})}, ensure_ascii=False)
        with self._lock:
            self._record(KIND_EVENT, body.encode("utf-8", "backslashreplace"))

    def add_note(self, text: str) -> None:
        """Append a sentence for the user, which comes back among the clip's notes."""
        self.mark(NOTE, self._last_s if self.frames else 0.0, {"text": text})

    def _record(self, kind: bytes, body: bytes) -> None:
        """Called with the lock held."""
        if self._file is None:
            raise RuntimeError("open the journal first: with JournalWriter(...) as journal: ...")
        if self.failed:
            return
        try:
            if self._sync_error is not None:
                raise self._sync_error
            self._append(pack(kind, body))
        except OSError as error:
            self.failed = True
            raise output_error(self._path, error) from error

    def _append(self, data: bytes) -> None:
        """All of it, or as if none had been written."""
        assert self._file is not None
        rest = memoryview(data)
        try:
            while rest:
                rest = rest[self._file.write(rest) :]
        except OSError:
            self._file.truncate(self._size)
            raise
        self._size += len(data)
        self._unsynced = True

    def _sync(self) -> None:
        """In a thread of its own: a slow disk delays no frame."""
        assert self._file is not None
        leaving = False
        while not leaving:
            leaving = self._leaving.wait(_SYNC_EVERY_S)
            if self._unsynced:
                self._unsynced = False
                try:
                    os.fsync(self._file.fileno())
                except OSError as error:
                    if error.errno not in _NO_FSYNC:
                        self._sync_error = error
                    return

    def _discard(self) -> None:
        """A journal without its header is nothing."""
        if self._file is not None:
            self._file.close()
            self._file = None
            with suppress(OSError):
                self._path.unlink()


def pack(kind: bytes, body: bytes) -> bytes:
    """One record of the file."""
    return HEAD.pack(MARKER, kind, len(body), zlib.crc32(kind + body)) + body

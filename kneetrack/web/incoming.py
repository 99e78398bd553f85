"""Clips on their way into a session: in ``incoming`` in the store's folder of files.

There is a folder a session, which goes when the session is deleted, and in it a folder a clip, with
the clip as it was sent and what is known of it in ``upload.json``. A clip's own name is not kept,
it may tell who it is. Everything here is deleted once it was measured, or after some days.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import json
import os
import shutil
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from kneetrack.clinic_records.kinds import ViewAsked
from kneetrack.records import OutputError, SettingsError, UnknownRecordError
from kneetrack.store.files import INCOMING

META_FILE: Final = "upload.json"
CLIP_FILE: Final = "clip"
SPARE_BYTES: Final = 500_000_000
"""What must stay free on the disk."""
MOST_OF_A_SESSION: Final = 100
GONE: Final = "this clip is not here any more"
MOST_TRIES: Final = 3
"""An analysis that brought the program down this often is not begun again."""


@dataclass(frozen=True, slots=True)
class Upload:
    """A clip that is sent, waits, or is measured.

    size: bytes in all. key: tells the same file when it is picked again. step "": not chosen yet.
    received: bytes that are here. queued: to be measured. trial_id: once the analysis has begun.
    tries: how often it was begun. problem: why the clip cannot be used. length_s: how long the clip
    is; 0 until it is here, or when it does not tell.
    """

    id: str
    session_id: str
    size: int
    key: str
    by: str
    at: str
    step: str = ""
    view: ViewAsked = "front"
    queued: bool = False
    trial_id: str = ""
    tries: int = 0
    problem: str = ""
    received: int = 0
    length_s: float = 0.0

    @property
    def complete(self) -> bool:
        """Whether all of it is here."""
        return self.received == self.size

    @property
    def ready(self) -> bool:
        """Whether it waits for somebody to have it measured."""
        return self.complete and not self.queued and not self.problem

    @property
    def part(self) -> float:
        """How much of it is here, 0 to 1."""
        return self.received / self.size if self.size else 0.0


def key_of(name: str, size: int, modified: str) -> str:
    """Tells one file from another without keeping its name."""
    return hashlib.sha256(f"{name}\0{size}\0{modified}".encode()).hexdigest()


class Incoming:
    """The clips on their way into a store. Safe to use from several threads and processes."""

    def __init__(self, files: Path) -> None:
        self._root = files / INCOMING

    def begin(self, session_id: str, size: int, key: str, by: str, now: datetime) -> Upload:
        """Make room for a clip; one that was begun before is gone on with.

        Raises SettingsError, or OutputError when it does not fit on the disk.
        """
        before = self.of_session(session_id)
        for upload in before:
            if upload.key == key and not upload.queued and not upload.problem:
                return upload
        if len(before) >= MOST_OF_A_SESSION:
            raise SettingsError(f"a session takes {MOST_OF_A_SESSION} clips at a time")
        if size <= 0:
            raise SettingsError("the file is empty")
        with _told():
            self._root.mkdir(mode=0o700, parents=True, exist_ok=True)
            free = shutil.disk_usage(self._root).free
        if size + SPARE_BYTES > free:
            raise OutputError(
                f"the clip has {size / 1e9:.1f} GB and the disk {free / 1e9:.1f} GB left: "
                "make room there first"
            )
        upload = Upload(uuid.uuid4().hex, session_id, size, key, by, now.isoformat())
        folder = self.folder(upload)
        with _told():
            folder.mkdir(mode=0o700, parents=True)
            os.close(os.open(folder / CLIP_FILE, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        self.save(upload)
        return upload

    def save(self, upload: Upload) -> Upload:
        """Write down what is known of it; all of it, or what was known before."""
        folder = self.folder(upload)
        with _told(), _still_here():
            fresh = folder / f"{META_FILE}.{uuid.uuid4().hex[:8]}"
            with fresh.open("x", encoding="utf-8") as stream:
                json.dump(asdict(upload), stream)
                stream.flush()
                os.fsync(stream.fileno())
            fresh.replace(folder / META_FILE)
        return upload

    def find(self, upload_id: str, session_id: str | None = None) -> Upload:
        """By id, of that session. Raises UnknownRecordError."""
        every = self.all() if session_id is None else self.of_session(session_id)
        for upload in every:
            if upload.id == upload_id:
                return upload
        raise UnknownRecordError(GONE)

    def all(self) -> list[Upload]:
        """Every clip that is on its way, oldest first."""
        return _in_order(self._read(path) for path in self._root.glob("*/*"))

    def of_session(self, session_id: str) -> list[Upload]:
        """Those of one session, oldest first."""
        if not is_id(session_id):
            return []
        return _in_order(self._read(path) for path in (self._root / session_id).glob("*"))

    def folder(self, upload: Upload) -> Path:
        """Where everything of it lies."""
        return self._root / upload.session_id / upload.id

    def clip(self, upload: Upload) -> Path:
        """Where the clip lies."""
        return self.folder(upload) / CLIP_FILE

    def write(self, upload: Upload, offset: int, data: bytes) -> int:
        """Put bytes at an offset, which is where those before end; gives where these end."""
        with _told(), _still_here(), self.clip(upload).open("r+b") as stream:
            stream.seek(offset)
            stream.write(data)
            return stream.tell()

    def write_nothing(self, upload: Upload) -> None:
        """Delete what has arrived, and keep what is known of it."""
        with _told(), _still_here(), self.clip(upload).open("r+b") as stream:
            stream.truncate()

    def drop(self, upload: Upload) -> None:
        """Delete it."""
        folder = self.folder(upload)
        with contextlib.suppress(FileNotFoundError), _told():
            _remove(folder)
        with contextlib.suppress(OSError):  # others are still in it
            folder.parent.rmdir()

    def drop_sessions(self, session_ids: set[str]) -> None:
        """Delete everything on its way into those sessions."""
        for session_id in session_ids:
            for upload in self.of_session(session_id):
                self.drop(upload)

    def tidy(self, now: datetime, keep: timedelta, knows: set[str]) -> int:
        """Delete what was forgotten, and what belongs to no session of ``knows``; how many."""
        dropped = 0
        for upload in self.all():
            old = now - datetime.fromisoformat(upload.at) > keep and not upload.queued
            if (old and self._silent_since(upload, now) > keep) or upload.session_id not in knows:
                self.drop(upload)
                dropped += 1
        return dropped

    def _silent_since(self, upload: Upload, now: datetime) -> timedelta:
        try:
            changed = self.clip(upload).stat().st_mtime
        except OSError:
            return timedelta.max
        return timedelta(seconds=now.timestamp() - changed)

    def _read(self, folder: Path) -> Upload | None:
        if not (is_id(folder.name) and is_id(folder.parent.name)):
            return None
        try:
            upload = Upload(**json.loads((folder / META_FILE).read_text("utf-8")))
            upload = replace(upload, id=folder.name, session_id=folder.parent.name)
            return replace(upload, received=(folder / CLIP_FILE).stat().st_size)
        except (OSError, ValueError, TypeError):
            return None


def _in_order(found: Iterable[Upload | None]) -> list[Upload]:
    return sorted((u for u in found if u is not None), key=lambda u: (u.at, u.id))


def is_id(text: str) -> bool:
    """Whether a text is an id, as all that is ever put into a path."""
    return len(text) == 32 and all(letter in "0123456789abcdef" for letter in text)


def _remove(folder: Path) -> None:
    """Delete a folder, into which somebody may still write something meanwhile."""
    for last in (False,) * 9 + (True,):
        try:
            shutil.rmtree(folder)
            return
        except FileNotFoundError:
            if not folder.exists():
                raise
        except OSError as error:
            if last or error.errno != errno.ENOTEMPTY:
                raise


@contextlib.contextmanager
def _still_here() -> Iterator[None]:
    """What was deleted while something was done with it is unknown."""
    try:
        yield
    except FileNotFoundError:
        raise UnknownRecordError(GONE) from None


@contextlib.contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except FileNotFoundError:
        raise
    except OSError as error:
        raise OutputError(f"the clip cannot be kept: {error.strerror or 'no room'}") from error

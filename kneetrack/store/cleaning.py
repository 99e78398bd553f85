"""What a consent does not allow to be kept."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, select, update

from kneetrack.clinic_records.kinds import Purpose
from kneetrack.clinic_records.visits import CLIP_FILE, DRAWN_SUFFIX, FACES_FILE, STILL_PREFIX
from kneetrack.store.files import INCOMING
from kneetrack.store.tables import sessions, trials

_PICTURES: Final = {".jpg", ".jpeg", ".png"}
_CLIPS: Final = {".mp4", ".mov", ".m4v", ".avi", ".mkv", ".webm", ".mpg", ".mpeg", ".3gp"}


def forbidden(folder: Path, allows: Collection[Purpose]) -> list[Path]:
    """Files of a trial's folder that these purposes do not cover; the faces' mark last."""
    if not folder.is_dir():
        return []
    faces = (folder / FACES_FILE).exists() and "faces" not in allows
    found = [
        path
        for path in sorted(folder.iterdir())
        if (_is_clip(path) or _is_photograph(path)) and (faces or "video" not in allows)
    ]
    return [*found, folder / FACES_FILE] if faces else found


def _is_photograph(path: Path) -> bool:
    """A still from the clip, also one that a kill left half written; figures drawn from the
    landmarks show nobody."""
    picture = path.name.startswith(STILL_PREFIX) or path.suffix.lower() in _PICTURES
    return picture and not path.stem.endswith(DRAWN_SUFFIX)


def _is_clip(path: Path) -> bool:
    return path.name == CLIP_FILE or path.suffix.lower() in _CLIPS


def not_allowed(
    connection: Connection, files: Path, client_id: str, allows: Collection[Purpose]
) -> list[Path]:
    """Files of a client that these purposes do not cover; their trials are told so."""
    query = select(trials.c.id).join(sessions).where(sessions.c.client_id == client_id)
    marked: list[Path] = []
    for trial_id in list(connection.execute(query).scalars()):
        paths = forbidden(files / client_id / trial_id, allows)
        if any(path.name == CLIP_FILE for path in paths):
            where = trials.c.id == trial_id
            connection.execute(update(trials).where(where).values(clip_kept=False))
        marked.extend(paths)
    if "measurements" not in allows:
        marked.extend(arriving_clips(connection, files, client_id))
    return marked


def arriving_clips(connection: Connection, files: Path, client_id: str) -> list[Path]:
    """Folders of clips that were sent, or are being sent, and are not measured yet."""
    query = select(sessions.c.id).where(sessions.c.client_id == client_id)
    return [files / INCOMING / session_id for session_id in connection.execute(query).scalars()]

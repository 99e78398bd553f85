"""What a consent does not allow to be kept."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, select, update

from kneetrack.clinic_records.kinds import Purpose
from kneetrack.clinic_records.people import Losing
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


PRACTICE: Final = "practice-"
"""With an id behind it: the folder of a practice, in the client's own."""
_PAGE: Final = ".html"
"""A report holds pictures of its clip, where there is one."""


def practice_place(files: Path, client_id: str, practice_id: str) -> Path:
    """The folder of a practice; it may not be there."""
    return files / client_id / f"{PRACTICE}{practice_id}"


def forbidden_of_practice(folder: Path, allows: Collection[Purpose]) -> list[Path]:
    """Files of a practice's folder, and of those in it, that these purposes do not cover.

    Where there are clips or pictures that go, pages go, too: they may show the same.
    """
    if not folder.is_dir():
        return []
    within = sorted(path for path in folder.rglob("*") if path.is_dir())
    found = [path for place in (folder, *within) for path in forbidden(place, allows)]
    return [*found, *sorted(folder.rglob(f"*{_PAGE}"))] if found else []


def practices_not_covered(
    files: Path, client_id: str, allows: Collection[Purpose]
) -> dict[str, list[Path]]:
    """Files of each practice of a client that these purposes do not cover."""
    found = {
        folder.name.removeprefix(PRACTICE): forbidden_of_practice(folder, allows)
        for folder in sorted((files / client_id).glob(f"{PRACTICE}*"))
    }
    return {practice_id: paths for practice_id, paths in found.items() if paths}


def _is_photograph(path: Path) -> bool:
    """A still from the clip, also one that a kill left half written; figures drawn from the
    landmarks show nobody."""
    picture = path.name.startswith(STILL_PREFIX) or path.suffix.lower() in _PICTURES
    return picture and not path.stem.endswith(DRAWN_SUFFIX)


def _is_clip(path: Path) -> bool:
    return path.name == CLIP_FILE or path.suffix.lower() in _CLIPS


def not_covered(
    connection: Connection, files: Path, client_id: str, allows: Collection[Purpose]
) -> dict[str, list[Path]]:
    """Files of each trial of a client that these purposes do not cover."""
    query = select(trials.c.id).join(sessions).where(sessions.c.client_id == client_id)
    found = {
        str(trial_id): forbidden(files / client_id / trial_id, allows)
        for trial_id in connection.execute(query).scalars()
    }
    return {trial_id: paths for trial_id, paths in found.items() if paths}


def losing(covers_not: Mapping[str, Collection[Path]], arriving: Collection[Path]) -> Losing:
    """How much that is, together with clips in those folders that are not measured yet."""
    files = [path for paths in covers_not.values() for path in paths]
    clips = sum(_is_clip(path) for path in files)
    stills = sum(_is_photograph(path) and not _is_clip(path) for path in files)
    return Losing(clips, stills, sum(len(list(folder.glob("*/"))) for folder in arriving))


def clip_is_gone(connection: Connection, trial_id: str) -> None:
    """The trial is told that its clip is not kept any more."""
    connection.execute(update(trials).where(trials.c.id == trial_id).values(clip_kept=False))


def arriving_clips(connection: Connection, files: Path, client_id: str) -> list[Path]:
    """Folders of clips that were sent, or are being sent, and are not measured yet."""
    query = select(sessions.c.id).where(sessions.c.client_id == client_id)
    return [files / INCOMING / session_id for session_id in connection.execute(query).scalars()]

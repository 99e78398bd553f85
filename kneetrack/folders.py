"""Where the sessions of this user are kept."""

from __future__ import annotations

import errno
import os
import re
from datetime import datetime
from pathlib import Path
from typing import Final

from kneetrack.records import OutputError

DATA_FOLDER_VARIABLE: Final = "KNEETRACK_DATA"
"""Environment variable that names another folder in place of the user's data folder."""
_FULL: Final = {errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)}
_NOT_ALLOWED: Final = {errno.EACCES, errno.EPERM, errno.EROFS}
_MOST: Final = 10_000


def data_folder() -> Path:
    """The user's data folder for kneetrack; ``KNEETRACK_DATA`` overrides it. Makes nothing."""
    chosen = os.environ.get(DATA_FOLDER_VARIABLE, "").strip()
    if chosen:
        return Path(chosen).expanduser()
    import platformdirs

    return Path(platformdirs.user_data_dir("kneetrack", appauthor=False))


def sessions_folder() -> Path:
    """The folder with one folder a live session. Makes nothing."""
    return data_folder() / "sessions"


def new_session_folder(root: Path, when: datetime, exercise: str) -> Path:
    """Make a new folder for one session, such as ``2026-11-24_1830_squat``, and return it.

    A second session of the same minute gains ``-2``. Where the system knows permissions, only
    the user may look into it. Raises OutputError.
    """
    words = re.sub(r"[^a-z0-9]+", "-", exercise.lower()).strip("-") or "session"
    name = f"{when:%Y-%m-%d_%H%M}_{words}"
    try:
        root.mkdir(parents=True, exist_ok=True)
        for number in range(1, _MOST):
            folder = root / (name if number == 1 else f"{name}-{number}")
            try:
                folder.mkdir(mode=0o700)
            except FileExistsError:
                continue
            return folder
    except OSError as error:
        raise _cannot_make(root / name, error) from error
    raise OutputError(f"cannot make {root / name}: too many sessions of one minute; tidy {root}")


def write_picture(path: Path, data: bytes) -> None:
    """Write a small file, its folder made where needed. Raises OutputError."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    except OSError as error:
        raise _cannot_make(path, error) from error


def _cannot_make(folder: Path, error: OSError) -> OutputError:
    if error.errno in _FULL:
        why, then = "the disk is full", "free some space or "
    elif error.errno in _NOT_ALLOWED:
        why, then = "no permission", ""
    elif error.errno in {errno.EEXIST, errno.ENOTDIR}:
        why, then = "a file is in the way", ""
    else:
        why, then = error.strerror or type(error).__name__, ""
    return OutputError(
        f"cannot keep the session in {folder}: {why}; {then}name another folder with --out "
        f"or in {DATA_FOLDER_VARIABLE}"
    )

"""The folder of files: one folder a client, in it one a trial, named by ids."""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from sqlalchemy import URL

from kneetrack.folders import data_folder
from kneetrack.records import StoreError

FILES_VARIABLE: Final = "KNEETRACK_FILES"
MARK: Final = "store-id"
"""File in the folder of files that tells to which store it belongs."""
INCOMING: Final = "incoming"
"""Folder in the folder of files with a folder a session: clips that were not measured yet."""
_FULL: Final = {errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)}
_NOT_ALLOWED: Final = {errno.EACCES, errno.EPERM, errno.EROFS}


def files_folder(url: URL, given: Path | None) -> Path:
    """Where the files of a store are. Makes nothing."""
    chosen = os.environ.get(FILES_VARIABLE, "").strip()
    if given is not None or chosen:
        return (given or Path(chosen).expanduser()).absolute()
    if url.get_backend_name() == "sqlite":
        database = Path(str(url.database))
        return database.with_name(database.name + ".files")
    return (data_folder() / "clinic-files").absolute()


@contextlib.contextmanager
def told_of_files(path: Path) -> Iterator[None]:
    """Turn what the system complains of into one line. Raises StoreError."""
    try:
        yield
    except OSError as error:
        raise StoreError(f"cannot use {path}: {why(error)}") from error


def why(error: OSError) -> str:
    """What went wrong with a file, in words."""
    if error.errno in _FULL:
        return "the disk is full"
    if error.errno in _NOT_ALLOWED:
        return "no permission"
    if error.errno in {errno.EEXIST, errno.ENOTDIR}:
        return "a file is in the way"
    return error.strerror or type(error).__name__


def make_private(folder: Path) -> None:
    """Make a folder, and those above it, into which only this user may look."""
    if folder.is_dir():
        return
    if not folder.parent.is_dir():
        make_private(folder.parent)
    folder.mkdir(mode=0o700, exist_ok=True)


def make_private_file(path: Path) -> None:
    """Make an empty file, or close one that is there, to everybody else."""
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        if os.name == "posix" and os.fstat(handle).st_uid == os.getuid():
            os.fchmod(handle, 0o600)
    finally:
        os.close(handle)


def claim(folder: Path, store_id: str, *, in_use: bool) -> None:
    """See that a folder belongs to this store; make it for a new one. Raises StoreError."""
    mark = folder / MARK
    with told_of_files(folder):
        if not folder.is_dir() and in_use:
            raise StoreError(
                f"the folder with the store's files is not there: {folder}; bring it back, name "
                f"it in {FILES_VARIABLE}, or make an empty one to go on without those files"
            )
        make_private(folder)
        if not mark.exists():
            fresh = folder / f"{MARK}.{os.getpid()}"
            fresh.write_text(store_id + "\n", "utf-8")
            fresh.replace(mark)
        if mark.read_text("utf-8").strip() != store_id:
            raise StoreError(
                f"{folder} holds the files of another store: name the right folder in "
                f"{FILES_VARIABLE}, or the right database"
            )
        if not os.access(folder, os.W_OK | os.X_OK):
            raise StoreError(f"cannot use {folder}: no permission")


def sync(folder: Path) -> None:
    """See that what is in a folder has reached the disk."""
    for path in sorted(folder.iterdir()):
        if path.is_file():
            _sync(path)
    _sync(folder)
    _sync(folder.parent)


def _sync(path: Path) -> None:
    if path.is_dir() and os.name != "posix":
        return
    handle = os.open(path, os.O_RDWR if os.name == "nt" else os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def remove(path: Path) -> None:
    """Remove a file, or a folder with everything in it; it may be gone already."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def count_files(folder: Path) -> int:
    """How many files lie in a folder and below."""
    return sum(len(names) for _, _, names in os.walk(folder))

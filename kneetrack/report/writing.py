"""Files appear whole or not at all: written beside their final name, then renamed."""

from __future__ import annotations

import errno
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from kneetrack.records import OutputError

_DISK_FULL = {errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)}
_NOT_ALLOWED = {errno.EACCES, errno.EPERM, errno.EROFS}


def make_folder(folder: Path) -> Path:
    """Make ``folder`` with its parents where missing, and return it.

    Raises OutputError when it cannot be made or is a file.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise output_error(folder, error) from error
    return folder


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """Lend a temporary name in the folder of ``path``; it becomes ``path`` when all went well.

    The temporary name keeps the suffix, for writers that look at it. On any exception it is
    removed and what stood under the final name before is untouched. OSError becomes OutputError;
    every other exception passes through.
    """
    part = path.parent / f".part-{secrets.token_hex(4)}{path.suffix}"
    try:
        yield part
        part.replace(path)
    except OSError as error:
        raise output_error(path, error) from error
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)


def write_bytes(path: Path, data: bytes) -> Path:
    """Write ``data`` to ``path``, whole or not at all; returns ``path``. Raises OutputError."""
    with whole_file(path) as part, part.open("xb") as stream:
        stream.write(data)
        stream.flush()
        os.fsync(stream.fileno())
    return path


def write_private(path: Path, data: bytes) -> Path:
    """As :func:`write_bytes`, for this user alone: about a person's health. Raises OutputError."""
    with whole_file(path) as part:
        handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
    return path


def write_text(path: Path, text: str) -> Path:
    r"""Write ``text`` as UTF-8 with ``\n`` line ends on every system. Raises OutputError."""
    return write_bytes(path, text.encode("utf-8", "backslashreplace"))


def output_error(path: Path, error: OSError) -> OutputError:
    """One line that says what could not be written, why, and what to do."""
    if error.errno in _DISK_FULL:
        return OutputError(
            f"cannot write {path}: the disk is full; free some space or choose another folder "
            "with --out"
        )
    if error.errno in _NOT_ALLOWED:
        return OutputError(
            f"cannot write {path}: no permission; close the file in other programs or choose "
            "another folder with --out"
        )
    if error.errno in {errno.EEXIST, errno.ENOTDIR}:
        return OutputError(
            f"cannot write {path}: a file is in the way; choose another folder with --out"
        )
    reason = error.strerror or str(error) or type(error).__name__
    return OutputError(f"cannot write {path}: {reason}; choose another folder with --out")

"""Where clips come from and results go: paths of this machine, or addresses that fsspec knows.

An address has a scheme: ``s3://bucket/folder``, ``gs://``, ``sftp://``. Everything else is a path.
"""

from __future__ import annotations

import hashlib
import posixpath
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final, Protocol

from kneetrack.records import OutputError, SettingsError, SourceError
from kneetrack.report.writing import make_folder, output_error, write_bytes

_BLOCK: Final = 1 << 20
_EXTRAS: Final = {"s3": "s3fs", "s3a": "s3fs", "gs": "gcsfs", "gcs": "gcsfs", "sftp": "paramiko"}
"""Scheme -> the package that speaks it."""
_WHOLE: Final = {"s3", "s3a", "gs", "gcs", "abfs", "az"}
"""Schemes of stores in which a file appears whole or not at all."""


class Place(Protocol):
    """A folder that results go into; names are relative, with "/" on every system."""

    address: str

    def names(self, folder: str) -> Iterator[str]:
        """Every file below a folder, in any order."""

    def read(self, name: str) -> bytes | None:
        """A file's bytes; None when it is not there."""

    def write(self, name: str, data: bytes) -> None:
        """Write a file, whole or not at all. Raises OutputError."""

    def put(self, local: Path, name: str) -> None:
        """Move a file of this machine there. Raises OutputError."""

    def remove(self, name: str) -> None:
        """Take a file away, if it is there."""


def is_address(text: str) -> bool:
    """Whether it is an address with a scheme and not a path."""
    return "://" in text


def absolute(address: str) -> str:
    """The same path or address, whatever folder one stands in."""
    return address if is_address(address) else str(Path(address).expanduser().absolute())


def place_of(address: str) -> Place:
    """The folder at a path or an address. Raises SettingsError."""
    return _RemotePlace(address) if is_address(address) else _LocalPlace(address)


class _LocalPlace:
    def __init__(self, address: str) -> None:
        self.address = address
        self._root = Path(address)

    def names(self, folder: str) -> Iterator[str]:
        for path in (self._root / folder).rglob("*"):
            if path.is_file() and not path.name.startswith(".part-"):
                yield path.relative_to(self._root).as_posix()

    def read(self, name: str) -> bytes | None:
        try:
            return (self._root / name).read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            why = error.strerror or type(error).__name__
            raise SourceError(f"cannot read {self._root / name}: {why}") from error

    def write(self, name: str, data: bytes) -> None:
        make_folder((self._root / name).parent)
        write_bytes(self._root / name, data)

    def put(self, local: Path, name: str) -> None:
        target = self._root / name
        make_folder(target.parent)
        try:
            local.replace(target)
        except OSError:  # another file system
            write_bytes(target, local.read_bytes())

    def remove(self, name: str) -> None:
        try:
            (self._root / name).unlink(missing_ok=True)
        except OSError as error:
            raise output_error(self._root / name, error) from error


class _RemotePlace:
    def __init__(self, address: str) -> None:
        self.address = address.rstrip("/")
        self._files, self._root = _system(self.address)

    def names(self, folder: str) -> Iterator[str]:
        try:
            self._files.invalidate_cache()
            found = self._files.find(f"{self._root}/{folder}")
        except FileNotFoundError:
            return
        except Exception as error:
            raise SourceError(f"cannot read {self.address}: {_why(error)}") from error
        for path in found:
            yield path[len(self._root) :].lstrip("/")

    def read(self, name: str) -> bytes | None:
        try:
            return bytes(self._files.cat_file(f"{self._root}/{name}"))
        except FileNotFoundError:
            return None
        except Exception as error:
            raise SourceError(f"cannot read {self.address}/{name}: {_why(error)}") from error

    def write(self, name: str, data: bytes) -> None:
        with self._writing(name) as path:
            self._files.pipe_file(path, data)

    def put(self, local: Path, name: str) -> None:
        with self._writing(name) as path:
            self._files.put_file(str(local), path)

    def remove(self, name: str) -> None:
        try:
            self._files.rm_file(f"{self._root}/{name}")
        except FileNotFoundError:
            return
        except Exception as error:
            raise OutputError(f"cannot change {self.address}/{name}: {_why(error)}") from error

    @contextmanager
    def _writing(self, name: str) -> Iterator[str]:
        """Lends the path to write to. Stores of objects write whole; elsewhere it is renamed."""
        path = f"{self._root}/{name}"
        spoken = self._files.protocol
        whole = bool(_WHOLE & ({spoken} if isinstance(spoken, str) else set(spoken)))
        part = path if whole else f"{path}.part"
        try:
            if not whole:
                self._files.makedirs(posixpath.dirname(path), exist_ok=True)
            yield part
            if part != path:
                self._files.mv(part, path)
        except Exception as error:
            raise OutputError(f"cannot write {self.address}/{name}: {_why(error)}") from error


def joined(folder: str, name: str) -> str:
    """A path or address below a folder; a path that stands for itself stays."""
    if is_address(folder):
        return name if is_address(name) else f"{folder}/{name.replace(chr(92), '/')}"
    path = Path(folder) / name
    if chr(92) in name and not path.exists():  # written on Windows
        path = Path(folder) / name.replace(chr(92), "/")
    return str(path)


def parent_of(address: str) -> str:
    """The folder of a path or address."""
    return address.rpartition("/")[0] if is_address(address) else str(Path(address).parent)


def file_name(address: str) -> str:
    """The last part of a path or address."""
    return address.rpartition("/")[2] if is_address(address) else Path(address).name


def read_whole(address: str) -> bytes:
    """A small file's bytes. Raises SourceError."""
    found = place_of(parent_of(address)).read(file_name(address))
    if found is None:
        raise SourceError(f"no such file: {address}")
    return found


def identity_of(address: str) -> str:
    """By what a file is known again without reading it: size and age, or ETag; "" if unknown."""
    try:
        if not is_address(address):
            told = Path(address).stat()
            return f"{told.st_size}-{told.st_mtime_ns}"
        files, path = _system(address)
        return identity_in(files.info(path))
    except Exception:
        return ""


def identity_in(info: dict[str, Any]) -> str:
    """The identity in what fsspec tells of a file; "" when it tells no age."""
    age = next((info[k] for k in ("ETag", "etag", "mtime", "LastModified") if info.get(k)), "")
    return f"{info.get('size')}-{age}" if age else ""


def sha256_of(address: str) -> str:
    """The sha256 of a file's content, in hexadecimal. Raises SourceError."""
    try:
        if not is_address(address):
            with Path(address).open("rb") as stream:
                return hashlib.file_digest(stream, "sha256").hexdigest()
        files, path = _system(address)
        digest = hashlib.sha256()
        with files.open(path, "rb", block_size=8 * _BLOCK, cache_type="readahead") as stream:
            while block := stream.read(_BLOCK):
                digest.update(block)
        return digest.hexdigest()
    except SettingsError:
        raise
    except FileNotFoundError:
        raise SourceError(f"{file_name(address)}: no such file") from None
    except IsADirectoryError:
        raise SourceError(f"{file_name(address)}: a folder, not a clip") from None
    except Exception as error:
        raise SourceError(f"{file_name(address)}: cannot be read: {_why(error)}") from error


@contextmanager
def local_copy(address: str) -> Iterator[Path]:
    """A clip as a file of this machine; of an address a copy that is gone afterwards."""
    if not is_address(address):
        yield Path(address)
        return
    files, path = _system(address)
    with tempfile.TemporaryDirectory(prefix="kneetrack-") as folder:
        target = Path(folder) / file_name(address)
        try:
            files.get_file(path, str(target))
        except FileNotFoundError:
            raise SourceError(f"{file_name(address)}: no such file") from None
        except Exception as error:
            raise SourceError(f"{file_name(address)}: cannot be read: {_why(error)}") from error
        yield target


def listed(pattern: str, suffixes: Iterable[str]) -> list[tuple[str, str]]:
    """(address, identity) of the clips at an address: one file, a folder's, or of a pattern."""
    files, path = _system(pattern)
    scheme, _, rest = pattern.partition("://")
    try:
        files.invalidate_cache()
        if any(mark in path for mark in "*?["):
            found = files.glob(path, detail=True)
        elif files.isfile(path):
            return [(pattern, identity_in(files.info(path)))]
        else:
            found = files.find(path, detail=True)
    except FileNotFoundError:
        found = {}
    except Exception as error:
        raise SourceError(f"cannot read {pattern}: {_why(error)}") from error
    wanted = tuple(suffixes)
    host = rest[: max(0, rest.find(path))]  # left out of paths: user and host of sftp
    return [
        (f"{scheme}://{host}{name}", identity_in(info))
        for name, info in sorted(found.items())
        if info.get("type") == "file" and name.lower().endswith(wanted)
    ]


def _system(address: str) -> tuple[Any, str]:
    """The file system of an address, and the path in it. Raises SettingsError, SourceError."""
    scheme = address.split("://", 1)[0]
    if find_spec("fsspec") is None:
        raise SettingsError(
            f"addresses such as {scheme}:// need fsspec: pip install 'kneetrack[cluster]'"
        )
    from fsspec.core import url_to_fs

    try:
        files, path = url_to_fs(address)
    except ImportError:
        package = _EXTRAS.get(scheme, "a package of fsspec's")
        raise SettingsError(f"{scheme}:// needs {package}: pip install {package}") from None
    except ValueError as error:
        raise SettingsError(f"cannot use the address {address}: {_why(error)}") from None
    except Exception as error:
        raise SourceError(f"cannot reach {address}: {_why(error)}") from error
    return files, str(path).rstrip("/")


def _why(error: BaseException) -> str:
    told = " ".join(str(error).split()) or type(error).__name__
    return told[:200]

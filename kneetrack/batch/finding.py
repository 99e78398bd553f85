"""Which clips a batch is about: files, folders, patterns and manifests, in the order given."""

from __future__ import annotations

import glob
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from kneetrack.batch.entries import Entry
from kneetrack.batch.manifest import MANIFEST_SUFFIX, read_manifest
from kneetrack.batch.places import identity_of, is_address, listed
from kneetrack.records import SettingsError, SourceError

VIDEOS: Final = frozenset(
    {".mp4", ".mov", ".m4v", ".avi", ".mkv", ".webm", ".mpg", ".mpeg", ".ts", ".mts", ".m2ts"}
    | {".wmv", ".3gp", ".ogv", ".gif"}
)
_OUTPUT: Final = ".kneetrack"
"""Folders that `kneetrack analyse` wrote end in it."""


def find_entries(sources: Sequence[str], out: str) -> list[Entry]:
    """The rows of a batch; what lies in ``out`` is never taken from a folder.

    A path that several sources name is one row; the rows of a manifest all stay. Raises
    SettingsError when there is no source or one is not there, SourceError when one has no clip.
    """
    if not sources:
        raise SettingsError("give clips: files, folders, patterns, or a manifest CSV")
    found: list[Entry] = []
    seen: set[str] = set()
    for source in sources:
        new = list(_of_source(source, out))
        if not new:
            raise SourceError(f"no clip in {source}: it holds no video file")
        if not _is_manifest(source):
            own = {_whole(entry): entry for entry in new}
            new = [entry for name, entry in own.items() if name not in seen]
            seen |= own.keys()
        found += new
    return found


def _whole(entry: Entry) -> str:
    return entry.address if is_address(entry.address) else os.path.abspath(entry.address)  # noqa: PTH100


def _is_manifest(source: str) -> bool:
    return source.lower().endswith(MANIFEST_SUFFIX)


def _of_source(source: str, out: str) -> Iterator[Entry]:
    if _is_manifest(source) and (is_address(source) or Path(source).is_file()):
        yield from read_manifest(source)
    elif is_address(source):
        suffixes = () if _names_one(source) else VIDEOS
        for address, identity in listed(source, suffixes or (".npz", *VIDEOS)):
            yield Entry(address, identity=identity)
    elif Path(source).is_dir():
        yield from (_entry(path) for path in _in_folder(Path(source), out))
    elif Path(source).exists():
        yield _entry(Path(source))
    elif any(mark in source for mark in "*?["):
        paths = (Path(name) for name in sorted(glob.glob(source, recursive=True)))  # noqa: PTH207
        yield from (_entry(path) for path in paths if path.is_file())
    else:
        raise SettingsError(f"no such file or folder: {source}")


def _names_one(address: str) -> bool:
    return Path(address).suffix.lower() in {".npz", *VIDEOS}


def _entry(path: Path) -> Entry:
    return Entry(str(path), identity=identity_of(str(path)))


def _in_folder(folder: Path, out: str) -> list[Path]:
    """Its videos, folders below included; not hidden ones, and nothing that kneetrack wrote."""
    ours = None if is_address(out) else Path(out).resolve()
    return sorted(
        path
        for path in folder.rglob("*")
        if path.suffix.lower() in VIDEOS
        and path.is_file()
        and not _hidden(path.relative_to(folder))
        and (ours is None or ours not in path.resolve().parents)
    )


def _hidden(path: Path) -> bool:
    return any(part.startswith(".") or part.endswith(_OUTPUT) for part in path.parts)

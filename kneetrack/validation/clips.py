"""Which clips there are to validate: those with truth beside them, and those with labels."""

from __future__ import annotations

import filecmp
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from kneetrack.records import SettingsError, SourceError
from kneetrack.validation.labels import FILE_NAME, Label, read_labels

VIDEOS: Final = frozenset({".mp4", ".mov", ".m4v", ".avi", ".mkv", ".webm"})


@dataclass(frozen=True, slots=True)
class Clip:
    """One clip to run. truth: its NAME.json, None without. problem: why it cannot be run."""

    name: str
    video: Path
    truth: Path | None = None
    labels: tuple[Label, ...] = ()
    problem: str = ""


def find_clips(folders: Sequence[Path], label_file: Path | None = None) -> list[Clip]:
    """The clips of some folders that have truth or labels, in order; a copy counts once.

    Raises SourceError for a folder that is not there or when there is nothing to do, and
    SettingsError for a label that names no clip.
    """
    found: list[Clip] = []
    for folder in folders:
        found += _with_labels(folder, _in_folder(folder))
    clips = _named_apart(_without_copies(found))
    if label_file is not None:
        clips = _assign(label_file, read_labels(label_file), clips)
    wanted = [clip for clip in clips if clip.truth or clip.labels or clip.problem]
    if not wanted:
        where = ", ".join(str(folder) for folder in folders)
        raise SourceError(
            f"no clip in {where} has truth (NAME.json and NAME.npz beside NAME.mp4) or labels "
            f"({FILE_NAME} in the folder, or --labels FILE)"
        )
    return wanted


def _in_folder(folder: Path) -> list[Clip]:
    """Every video, and every truth that lacks its video."""
    if not folder.is_dir():
        raise SourceError(f"{folder}: no such folder")
    try:
        files = sorted(path for path in folder.iterdir() if path.is_file())
    except OSError as error:
        raise SourceError(f"{folder}: cannot be read: {error.strerror or error}") from error
    videos = [path for path in files if path.suffix.lower() in VIDEOS]
    clips = [_beside(video) for video in videos]
    stems = {video.stem for video in videos}
    for path in files:
        whole = path.suffix == ".json" and path.with_suffix(".npz").is_file()
        if whole and path.stem not in stems:
            missing = path.with_suffix(".mp4")
            clips.append(Clip(path.stem, missing, path, problem="no video beside its truth"))
    return clips


def _beside(video: Path) -> Clip:
    """A video with its truth. Half a truth is a problem, not a clip without."""
    parts = [video.with_suffix(suffix) for suffix in (".json", ".npz")]
    missing = [part.name for part in parts if not part.is_file()]
    problem = f"half of its truth is missing: {missing[0]}" if len(missing) == 1 else ""
    return Clip(video.stem, video, parts[0] if not missing else None, problem=problem)


def _with_labels(folder: Path, clips: list[Clip]) -> list[Clip]:
    own = folder / FILE_NAME
    return _assign(own, read_labels(own), clips) if own.is_file() else clips


def _assign(path: Path, labels: Iterable[Label], clips: list[Clip]) -> list[Clip]:
    """Give each label to the one clip that it names: NAME, NAME.mp4 or FOLDER/NAME."""
    given: dict[int, list[Label]] = {}
    for label in labels:
        matching = [i for i, clip in enumerate(clips) if label.clip in _names(clip)]
        if len(matching) != 1:
            why = "is in several folders: write FOLDER/NAME" if matching else "was not found"
            raise SettingsError(
                f"{path}, line {label.line}, column clip: a clip {label.clip!r} {why}"
            )
        given.setdefault(matching[0], []).append(label)
    return [replace(clip, labels=(*clip.labels, *given.get(i, ()))) for i, clip in enumerate(clips)]


def _names(clip: Clip) -> set[str]:
    video = clip.video
    folder = video.parent.name
    return {clip.name, video.stem, video.name, f"{folder}/{video.stem}", f"{folder}/{video.name}"}


def _without_copies(clips: Iterable[Clip]) -> Iterator[Clip]:
    """The same file met again, in another folder or in the same one given twice, is left out."""
    seen: dict[str, list[Clip]] = {}
    for clip in clips:
        before = seen.setdefault(clip.video.name, [])
        copies = [other for other in before if _same(clip.video, other.video)]
        if copies and not clip.labels and not clip.problem:
            continue
        before.append(clip)
        yield clip


def _same(one: Path, other: Path) -> bool:
    if not (one.is_file() and other.is_file()):
        return False
    return one.samefile(other) or filecmp.cmp(one, other, shallow=False)


def _named_apart(clips: Iterable[Clip]) -> list[Clip]:
    """Names that occur twice gain their folder, and their ending where that is not enough."""
    known = list(clips)
    for longer in (
        lambda video: f"{video.parent.name}/{video.stem}",
        lambda video: f"{video.parent.name}/{video.name}",
        str,
    ):
        often = Counter(clip.name for clip in known)
        known = [
            replace(clip, name=longer(clip.video)) if often[clip.name] > 1 else clip
            for clip in known
        ]
    return known

"""Which clips a batch is about."""

from __future__ import annotations

from pathlib import Path

import pytest

from kneetrack.batch.finding import find_entries
from kneetrack.records import SettingsError, SourceError


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    for name in (
        "b.mp4", "A.MOV", "notes.txt", "deep/er/c.webm", ".hidden/d.mp4", ".e.mp4",
        "b.mp4.kneetrack/annotated.mp4", "out/files/x.mp4", "list.npz",
    ):  # fmt: skip
        path = tmp_path / "archive" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
    return tmp_path / "archive"


def names(sources: list[str], archive: Path) -> list[str]:
    found = find_entries(sources, str(archive / "out"))
    return [Path(entry.address).relative_to(archive).as_posix() for entry in found]


def test_folders_are_searched_but_not_what_kneetrack_wrote(archive: Path) -> None:
    assert names([str(archive)], archive) == ["A.MOV", "b.mp4", "deep/er/c.webm"]


def test_patterns_files_and_landmarks(archive: Path) -> None:
    assert names([str(archive / "**" / "*.webm")], archive) == ["deep/er/c.webm"]
    both = [str(archive / "list.npz"), str(archive / "b.mp4")]
    assert names(both, archive) == ["list.npz", "b.mp4"]


def test_a_file_is_known_again_by_size_and_age(archive: Path) -> None:
    (entry,) = find_entries([str(archive / "b.mp4")], "out")
    assert entry.identity.startswith("5-")


def test_a_path_that_several_sources_name_is_one_row(archive: Path) -> None:
    twice = [str(archive / "b.*"), str(archive / "deep" / ".." / "b.mp4"), str(archive)]
    assert names(twice[:1] + twice[2:], archive) == ["b.mp4", "A.MOV", "deep/er/c.webm"]
    assert len(find_entries(twice, str(archive / "out"))) == 3
    manifest = archive / "list.csv"
    manifest.write_text("clip,exercise\nb.mp4,squat\nb.mp4,glute-bridge\n")
    assert len(find_entries([str(manifest)], "out")) == 2


@pytest.mark.parametrize("source", ["nothing.mp4", "nothing", "nothing.csv"])
def test_a_source_that_is_not_there(archive: Path, source: str) -> None:
    with pytest.raises(SettingsError, match="no such file or folder") as told:
        find_entries([str(archive / source)], "out")
    assert "\n" not in str(told.value)


@pytest.mark.parametrize("source", ["*.nothing", "empty"])
def test_a_source_without_clips_is_one_line(archive: Path, source: str) -> None:
    (archive / "empty").mkdir()
    with pytest.raises(SourceError) as told:
        find_entries([str(archive / source)], "out")
    assert "\n" not in str(told.value)


def test_no_source_at_all() -> None:
    with pytest.raises(SettingsError, match="give clips"):
        find_entries([], "out")

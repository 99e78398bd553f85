from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from kneetrack.records import OutputError
from kneetrack.report.writing import make_folder, output_error, whole_file, write_bytes, write_text


def test_text_is_utf8_with_the_same_line_ends_everywhere(tmp_path: Path) -> None:
    path = write_text(tmp_path / "José squat é.csv", "a,b\n1,ß\n")
    assert path.read_bytes() == "a,b\n1,ß\n".encode()
    assert [p.name for p in tmp_path.iterdir()] == [path.name]


def test_a_name_that_is_no_unicode_does_not_stop_a_file(tmp_path: Path) -> None:
    write_text(tmp_path / "a.txt", "clip\udcff.mp4")
    assert (tmp_path / "a.txt").read_text("utf-8") == "clip\\udcff.mp4"


def test_an_old_file_is_replaced_whole(tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    path.write_text("old")
    write_bytes(path, b"new")
    assert path.read_bytes() == b"new"


def test_a_full_disk_leaves_the_old_file_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "frames.csv"
    path.write_text("old")

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OutputError, match=r"frames\.csv: the disk is full") as caught:
        write_text(path, "new")
    assert caught.value.exit_code == 5
    assert path.read_text() == "old"
    assert [p.name for p in tmp_path.iterdir()] == ["frames.csv"]


def test_an_exception_inside_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt), whole_file(tmp_path / "a.mp4") as part:
        assert part.suffix == ".mp4"
        part.write_bytes(b"half")
        raise KeyboardInterrupt
    assert list(tmp_path.iterdir()) == []


def test_a_missing_folder_says_what_could_not_be_written(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match=r"cannot write .*reps\.csv"):
        write_text(tmp_path / "gone" / "reps.csv", "")


def test_a_file_where_the_folder_should_be(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("")
    with pytest.raises(OutputError, match="a file is in the way"):
        make_folder(tmp_path / "out")
    with pytest.raises(OutputError):
        make_folder(tmp_path / "out" / "deeper")


def test_no_permission_tells_what_to_do() -> None:
    error = output_error(Path("report.html"), PermissionError(errno.EACCES, "Permission denied"))
    assert "close the file in other programs" in str(error)
    assert "\n" not in str(error)

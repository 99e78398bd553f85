"""Where sessions are kept: a folder of their own each, never another's."""

from __future__ import annotations

import errno
import os
import sys
from datetime import datetime
from pathlib import Path

import pytest

from kneetrack.folders import data_folder, new_session_folder, sessions_folder
from kneetrack.records import OutputError

WHEN = datetime(2026, 11, 24, 18, 30, 59)


def test_sessions_live_in_the_users_data_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("KNEETRACK_DATA", raising=False)
    assert data_folder().name == "kneetrack"
    assert data_folder().is_relative_to(Path.home())
    assert sessions_folder() == data_folder() / "sessions"


def test_the_environment_names_another(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KNEETRACK_DATA", str(tmp_path / "elsewhere"))
    assert sessions_folder() == tmp_path / "elsewhere" / "sessions"
    assert list(tmp_path.iterdir()) == [], "asking makes nothing"
    monkeypatch.setenv("KNEETRACK_DATA", "~/mine")
    assert data_folder() == Path.home() / "mine"
    monkeypatch.setenv("KNEETRACK_DATA", " ")
    assert data_folder().name == "kneetrack"


def test_each_session_has_its_own_folder(tmp_path: Path) -> None:
    root = tmp_path / "not" / "yet"
    names = [new_session_folder(root, WHEN, "squat").name for _ in range(3)]
    assert names == ["2026-11-24_1830_squat", "2026-11-24_1830_squat-2", "2026-11-24_1830_squat-3"]
    assert all((root / name).is_dir() for name in names)


@pytest.mark.parametrize(
    ("exercise", "name"),
    [("single_leg_squat", "single-leg-squat"), ("../Böse/x", "b-se-x"), ("", "session")],
)
def test_names_are_safe_everywhere(tmp_path: Path, exercise: str, name: str) -> None:
    folder = new_session_folder(tmp_path, WHEN, exercise)
    assert folder == tmp_path / f"2026-11-24_1830_{name}"


@pytest.mark.skipif(sys.platform == "win32", reason="no such permissions")
def test_others_may_not_look_into_it(tmp_path: Path) -> None:
    folder = new_session_folder(tmp_path, WHEN, "squat")
    assert folder.stat().st_mode & 0o077 == 0


def test_a_file_in_the_way_is_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / "sessions").write_text("")
    with pytest.raises(OutputError, match=r"a file is in the way.*KNEETRACK_DATA") as caught:
        new_session_folder(tmp_path / "sessions", WHEN, "squat")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("number", "words"),
    [(errno.ENOSPC, "the disk is full; free some space"), (errno.EROFS, "no permission")],
)
def test_a_disk_that_does_not_take_it_is_one_clear_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, words: str
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "mkdir", refuse)
    with pytest.raises(OutputError, match=words) as caught:
        new_session_folder(tmp_path / "new", WHEN, "squat")
    assert caught.value.exit_code == 5

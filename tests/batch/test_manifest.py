"""Manifests as spreadsheets, scripts and people write them."""

from __future__ import annotations

from pathlib import Path

import pytest

from kneetrack.batch.manifest import read_manifest
from kneetrack.records import SettingsError, SourceError

PLAIN = "clip,client,exercise,side,Größe\na.mp4,C1,squat,left,180\nsub/b.mp4,C2,,,\n"


def written(folder: Path, data: bytes) -> str:
    path = folder / "list.csv"
    path.write_bytes(data)
    return str(path)


@pytest.mark.parametrize(
    "data",
    [
        PLAIN.encode(),
        PLAIN.encode("utf-8-sig"),
        PLAIN.replace(",", ";").encode("utf-8-sig"),
        PLAIN.replace(",", "\t").encode("utf-16"),
        PLAIN.replace(",", ";").encode("cp1252"),
        ("sep=;\n" + PLAIN.replace(",", ";")).encode(),
        PLAIN.replace("\n", "\r\n").encode(),
        (PLAIN + "\n,,,\n").encode(),
    ],
    ids=["plain", "mark", "semicolons", "utf-16", "cp1252", "sep", "crlf", "empty rows"],
)
def test_the_same_rows_however_it_is_written(tmp_path: Path, data: bytes) -> None:
    first, second = read_manifest(written(tmp_path, data))[:2]
    assert first.address == str(tmp_path / "a.mp4")
    assert (first.client, first.exercise, first.side) == ("C1", "squat", "left")
    assert first.extra == (("clip", "a.mp4"), ("Größe", "180"))
    assert second.address == str(tmp_path / "sub" / "b.mp4")
    assert (second.client, second.exercise) == ("C2", "")
    assert second.extra == (("clip", "sub/b.mp4"), ("Größe", ""))
    assert not first.problem


def test_a_row_that_cannot_be_done_keeps_its_place(tmp_path: Path) -> None:
    text = "client,CLIP,Exercise\nC1,a.mp4,handstand\nC2,,squat\nC3,c.mp4,single-leg squat\nC4\n"
    rows = read_manifest(written(tmp_path, text.encode()))
    assert "unknown exercise 'handstand'" in rows[0].problem
    assert "line 3 of the manifest names no clip" in rows[1].problem
    assert rows[2].problem == ""
    assert rows[3].client == "C4" and "line 5" in rows[3].problem


def test_a_row_with_too_many_fields_is_an_error_of_that_row(tmp_path: Path) -> None:
    text = "clip,client,age\na.mp4,Smith, Ann,34\nb.mp4,C2,35\nc.mp4,C3,36,,\n"
    first, *others = read_manifest(written(tmp_path, text.encode()))
    assert first.problem.startswith("line 2 of the manifest has 4 fields, its first line names 3")
    assert [row.problem for row in others] == ["", ""]


@pytest.mark.parametrize("header", ["clip,age,Age", "clip,CLIP", "side,clip,Side"])
def test_two_columns_with_one_name(tmp_path: Path, header: str) -> None:
    last = header.rpartition(",")[2]
    with pytest.raises(SettingsError, match=f"two columns named '{last}'"):
        read_manifest(written(tmp_path, f"{header}\na.mp4,1,2\n".encode()))


def test_a_manifest_with_nothing_but_its_header(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="has no rows"):
        read_manifest(written(tmp_path, b"clip,client\n,\n"))


def test_paths_that_stand_for_themselves_stay(tmp_path: Path) -> None:
    text = "clip\n/there/a.mp4\ns3://bucket/b.mp4\n"
    found = [entry.address for entry in read_manifest(written(tmp_path, text.encode()))]
    assert found == ["/there/a.mp4", "s3://bucket/b.mp4"]


def test_a_manifest_from_windows(tmp_path: Path) -> None:
    (row,) = read_manifest(written(tmp_path, b"clip\r\ndeep\\a.mp4\r\n"))
    assert Path(row.address) == tmp_path / "deep" / "a.mp4"


def test_quoted_cells_with_delimiters_and_line_ends(tmp_path: Path) -> None:
    text = 'clip,note\n"a, b.mp4","two\nlines"\n'
    (row,) = read_manifest(written(tmp_path, text.encode()))
    assert row.address == str(tmp_path / "a, b.mp4")
    assert row.extra == (("clip", "a, b.mp4"), ("note", "two\nlines"))


@pytest.mark.parametrize("text", ["video,client\na.mp4,C1\n", ""])
def test_without_a_column_clip_one_line_says_so(tmp_path: Path, text: str) -> None:
    with pytest.raises(SettingsError, match=r"column") as told:
        read_manifest(written(tmp_path, text.encode()))
    assert "\n" not in str(told.value)


def test_a_manifest_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="no such file"):
        read_manifest(str(tmp_path / "none.csv"))

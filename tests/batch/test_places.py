"""Folders of this machine and addresses behave alike."""

from __future__ import annotations

import errno
from pathlib import Path
from typing import Any

import pytest

from kneetrack.batch import places
from kneetrack.batch.places import (
    identity_of,
    is_address,
    joined,
    listed,
    local_copy,
    parent_of,
    place_of,
    sha256_of,
)
from kneetrack.records import OutputError, SettingsError, SourceError

pytest.importorskip("fsspec")


@pytest.fixture(params=["path", "address"])
def root(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    return str(tmp_path) if request.param == "path" else f"file://{tmp_path}"


def test_write_read_list_and_remove(root: str, tmp_path: Path) -> None:
    place = place_of(root)
    place.write("a/b.txt", b"first")
    place.write("a/b.txt", b"second")
    (tmp_path / "local").write_bytes(b"moved")
    place.put(tmp_path / "local", "a/c/d.txt")
    assert place.read("a/b.txt") == b"second"
    assert place.read("a/none") is None
    assert sorted(place.names("a")) == ["a/b.txt", "a/c/d.txt"]
    assert list(place.names("none")) == []
    place.remove("a/b.txt")
    place.remove("a/b.txt")
    assert sorted(place.names("a")) == ["a/c/d.txt"]


def test_a_clip_is_read_and_known_by_its_content(root: str, tmp_path: Path) -> None:
    (tmp_path / "a.mp4").write_bytes(b"content")
    clip = joined(root, "a.mp4")
    assert sha256_of(clip).startswith("ed7002b4")
    before = identity_of(clip)
    assert before
    with local_copy(clip) as here:
        assert here.read_bytes() == b"content"
    (tmp_path / "a.mp4").write_bytes(b"other content")
    assert identity_of(clip) != before
    with pytest.raises(SourceError, match=r"^none\.mp4: no such file$"):
        sha256_of(joined(root, "none.mp4"))


def test_addresses_are_listed_in_order_with_their_identity(tmp_path: Path) -> None:
    for name in ("b.mp4", "a.mp4", "deep/c.mov", "notes.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(name)
    found = listed(f"file://{tmp_path}", (".mp4", ".mov"))
    assert [name for name, _ in found] == [
        f"file://{tmp_path}/{name}" for name in ("a.mp4", "b.mp4", "deep/c.mov")
    ]
    assert all(identity for _, identity in found)
    assert len(listed(f"file://{tmp_path}/*.mp4", (".mp4",))) == 2
    assert listed(f"file://{tmp_path}/none", (".mp4",)) == []


def test_names_of_addresses() -> None:
    assert is_address("s3://bucket/a") and not is_address("C:\\clips\\a.mp4")
    assert joined("s3://bucket/in", "deep\\a.mp4") == "s3://bucket/in/deep/a.mp4"
    assert joined("s3://bucket/in", "gs://other/a.mp4") == "gs://other/a.mp4"
    assert parent_of("s3://bucket/in/list.csv") == "s3://bucket/in"


def test_a_scheme_that_nobody_speaks_is_one_line() -> None:
    for address in ("nonsense://x/y", "gs://bucket/in"):
        try:
            place_of(address)
        except (SettingsError, SourceError) as error:
            assert "\n" not in str(error)


def test_without_fsspec_one_line_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(places, "find_spec", lambda name: None)
    with pytest.raises(SettingsError, match=r"pip install 'kneetrack\[cluster\]'"):
        place_of("s3://bucket/in")


def test_a_full_disk_is_an_output_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OutputError, match="the disk is full"):
        place_of(str(tmp_path)).write("a/b", b"data")
    assert not (tmp_path / "a" / "b").exists()

"""Which clips are found, and what is said of those that cannot be run."""

from __future__ import annotations

from pathlib import Path

import pytest

from kneetrack.records import SettingsError, SourceError
from kneetrack.validation.clips import find_clips

HEADER = "clip,rep,side,rule,status\n"


def folder(root: Path, name: str, *files: str) -> Path:
    made = root / name
    made.mkdir()
    for file in files:
        (made / file).write_bytes(f"{name}/{file}".encode())
    return made


def test_clips_with_truth_and_what_is_half_there(tmp_path: Path) -> None:
    one = folder(
        tmp_path, "one", "a.mp4", "a.json", "a.npz", "b.MOV", "b.json", "c.mp4",
        "d.json", "d.npz", "e.json", "notes.txt",
    )  # fmt: skip
    found = {clip.name: clip for clip in find_clips([one])}
    assert set(found) == {"a", "b", "d"}, "c has neither truth nor labels, e is no truth"
    assert (found["a"].truth, found["a"].problem) == (one / "a.json", "")
    assert found["b"].problem == "half of its truth is missing: b.npz"
    assert found["d"].problem == "no video beside its truth"


def test_a_copy_counts_once_and_a_namesake_is_told_apart(tmp_path: Path) -> None:
    parts = ("a.mp4", "a.json", "a.npz")
    one, two = folder(tmp_path, "one", *parts), folder(tmp_path, "two", *parts)
    assert [clip.name for clip in find_clips([one, one])] == ["a"]
    assert [clip.name for clip in find_clips([one, two])] == ["one/a", "two/a"]
    (two / "a.mp4").write_bytes((one / "a.mp4").read_bytes())
    assert [clip.name for clip in find_clips([one, two])] == ["a"]


def test_labels_of_a_folder_and_of_a_file(tmp_path: Path) -> None:
    one = folder(tmp_path, "one", "a.mp4", "b.mp4")
    (one / "labels.csv").write_text(HEADER + "a,1,left,knee_valgus,ok\n", encoding="utf-8")
    (clip,) = find_clips([one])
    assert (clip.name, clip.truth, len(clip.labels)) == ("a", None, 1)
    more = tmp_path / "more.csv"
    more.write_text(HEADER + "a,2,left,knee_valgus,ok\none/b.mp4,,,trunk_lean,bad\n")
    assert {c.name: len(c.labels) for c in find_clips([one], more)} == {"a": 2, "b": 1}


def test_a_label_that_names_no_clip_or_several(tmp_path: Path) -> None:
    one, two = (folder(tmp_path, name, "a.mp4", "a.json", "a.npz") for name in ("one", "two"))
    labels = tmp_path / "l.csv"
    labels.write_text(HEADER + "one/a,1,left,knee_valgus,ok\na,1,left,knee_valgus,ok\n")
    with pytest.raises(SettingsError, match=r"l\.csv, line 3, column clip: .*several folders"):
        find_clips([one, two], labels)
    labels.write_text(HEADER + "z,1,left,knee_valgus,ok\n")
    with pytest.raises(SettingsError, match="line 2, column clip: a clip 'z' was not found"):
        find_clips([one], labels)


def test_nothing_to_do_is_one_clear_line(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="no such folder"):
        find_clips([tmp_path / "none"])
    with pytest.raises(SourceError, match=r"has truth .* or labels"):
        find_clips([folder(tmp_path, "one", "a.mp4")])

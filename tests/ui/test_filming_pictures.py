"""docs/filming.md and its pictures."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import cv2
import pytest


def test_every_picture_is_there_small_and_described(root: Path) -> None:
    text = (root / "docs" / "filming.md").read_text("utf-8")
    links = re.findall(r"!\[([^\]]*)\]\((pictures/[^)]+)\)", text)
    assert {link for _, link in links} == {
        f"pictures/{file.name}" for file in (root / "docs" / "pictures").iterdir()
    }
    for described, link in links:
        assert len(described) > 20, link
        assert (root / "docs" / link).stat().st_size < 150_000, link


def test_the_script_makes_the_same_pictures(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(str(root / "docs"))
    import make_pictures  # type: ignore[import-not-found]

    monkeypatch.setattr(make_pictures, "FOLDER", tmp_path)
    make_pictures.main()
    for name in ("clips", "make_pictures", "schematics"):
        sys.modules.pop(name, None)
    committed = {file.name: file for file in (root / "docs" / "pictures").iterdir()}
    assert {file.name for file in tmp_path.iterdir()} == set(committed)
    for file in tmp_path.iterdir():
        made, kept = cv2.imread(str(file)), cv2.imread(str(committed[file.name]))
        assert made.shape == kept.shape, file.name
        assert cv2.absdiff(made, kept).mean() < 2.0, file.name

"""docs/filming.md and its pictures. Those of the live screen are named live-*, see below."""

from __future__ import annotations

import importlib
import re
import sys
from pathlib import Path

import cv2
import pytest


def pictures(root: Path, *, live: bool) -> dict[str, Path]:
    files = (root / "docs" / "pictures").iterdir()
    others = ("bland-altman", "report-", "diary", "selfcheck-", "programme-")  # by other scripts
    mine = (file for file in files if not file.name.startswith(others))
    return {file.name: file for file in mine if file.name.startswith("live-") == live}


def test_every_picture_is_there_small_and_described(root: Path) -> None:
    text = (root / "docs" / "filming.md").read_text("utf-8")
    links = re.findall(r"!\[([^\]]*)\]\((pictures/[^)]+)\)", text)
    assert {link for _, link in links} == {
        f"pictures/{name}" for name in pictures(root, live=False)
    }
    for described, link in links:
        assert len(described) > 20, link
        assert (root / "docs" / link).stat().st_size < 150_000, link


@pytest.mark.parametrize("script, live", [("make_pictures", False), ("make_live_pictures", True)])
def test_the_script_makes_the_same_pictures(
    script: str, live: bool, root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(str(root / "docs"))
    monkeypatch.setattr(sys, "argv", [script])
    module = importlib.import_module(script)
    monkeypatch.setattr(module, "FOLDER", tmp_path)
    module.main()
    for name in ("clips", script, "schematics"):
        sys.modules.pop(name, None)
    committed = pictures(root, live=live)
    assert {file.name for file in tmp_path.iterdir()} == set(committed)
    for file in tmp_path.iterdir():
        made, kept = cv2.imread(str(file)), cv2.imread(str(committed[file.name]))
        assert made.shape == kept.shape, file.name
        assert cv2.absdiff(made, kept).mean() < 2.0, file.name


def test_the_pictures_of_the_live_screen_are_small(root: Path) -> None:
    kept = pictures(root, live=True)
    assert len(kept) > 5
    assert all(file.stat().st_size < 150_000 for file in kept.values())

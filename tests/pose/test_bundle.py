from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from kneetrack.pose.bundle import read_bundle
from kneetrack.records import ModelError
from tests.pose.scenes import MODEL


def _text(path: Path) -> None:
    path.write_text("not a model\n" * 50)


def _other_zip(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as bundle:
        bundle.writestr("hand_detector.tflite", b"x" * 100)


def _cut_off(path: Path) -> None:
    path.write_bytes(MODEL.read_bytes()[:1_000_000])


def _empty(path: Path) -> None:
    path.write_bytes(b"")


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda path: None, "no pose model at"),
        (Path.mkdir, "is a folder"),
        (_text, "is not a pose model"),
        (_empty, "is not a pose model"),
        (_other_zip, "without pose networks"),
        (_cut_off, "cut off or damaged"),
    ],
    ids=["missing", "folder", "text", "empty", "another zip", "cut off"],
)
def test_what_is_wrong_is_said_in_one_line(
    tmp_path: Path, make: Callable[[Path], None], says: str
) -> None:
    path = tmp_path / "José's model.task"
    make(path)
    with pytest.raises(ModelError, match=says) as caught:
        read_bundle(path)
    assert "\n" not in str(caught.value)
    assert path.name in str(caught.value)
    assert caught.value.exit_code == 3


def test_a_whole_bundle_is_read_as_it_is() -> None:
    assert read_bundle(MODEL) == MODEL.read_bytes()

from __future__ import annotations

from pathlib import Path

import cv2
import pytest

from kneetrack.guide import load_page, page_names, picture_path

FILES = sorted(
    {
        name
        for page in map(load_page, page_names())
        for name in (page.picture, *(place.figure for place in page.positions))
    }
)
MOST_BYTES, MOST_BYTES_IN_ALL = 60_000, 1_500_000


@pytest.mark.parametrize("name", FILES)
def test_a_picture_is_there_and_small_enough_for_a_report(name: str) -> None:
    path = picture_path(name)
    assert path.stat().st_size < MOST_BYTES
    image = cv2.imread(str(path))
    assert image is not None
    assert 700 <= image.shape[1] <= 1440
    assert image.std() > 20, "an empty sheet"


def test_every_position_has_its_figure() -> None:
    for page in map(load_page, page_names()):
        assert all(place.figure for place in page.positions), page.name


def test_the_pictures_are_small_together_and_none_is_left_over() -> None:
    there = [path for path in picture_path("squat.jpg").parent.iterdir() if path.is_file()]
    assert sum(path.stat().st_size for path in there) < MOST_BYTES_IN_ALL
    assert {path.name for path in there} == {*FILES, "glute_bridge-start.jpg"}


def test_the_pictures_are_where_the_package_is() -> None:
    assert Path(*picture_path("squat.jpg").parts[-4:]) == Path("kneetrack/guide/pictures/squat.jpg")

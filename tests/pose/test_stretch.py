"""The picture pulled wide."""

from __future__ import annotations

import numpy as np
import pytest

from kneetrack.pose.stretch import WIDER, pulled_wide


@pytest.mark.parametrize("size", [(480, 640), (360, 240), (720, 1280), (1080, 608)])
def test_shares_of_the_picture_stay_and_its_shape_changes(size: tuple[int, int]) -> None:
    width, height = size
    image = np.zeros((height, width, 3), np.uint8)
    image[height // 4 : height // 2, width // 2 : width * 3 // 4] = 255
    pulled = pulled_wide(image)
    ratio = (pulled.shape[1] / pulled.shape[0]) / (width / height)
    assert ratio == pytest.approx(WIDER, rel=0.01)
    ys, xs = np.nonzero(pulled[..., 0] > 127)
    assert xs.mean() / pulled.shape[1] == pytest.approx(0.625, abs=0.01)
    assert ys.mean() / pulled.shape[0] == pytest.approx(0.375, abs=0.01)


def test_big_pictures_are_pressed_and_small_ones_pulled() -> None:
    """No detail of a small picture is thrown away; no work is spent on a big one."""
    big, small = np.zeros((1080, 1920, 3), np.uint8), np.zeros((240, 320, 3), np.uint8)
    assert pulled_wide(big).shape[:2] == (771, 1920)
    assert pulled_wide(small).shape[:2] == (240, 448)


def test_of_a_big_body_no_more_is_shown_than_the_network_sees() -> None:
    big = np.zeros((1080, 1920, 3), np.uint8)
    shown = pulled_wide(big, body_px=990.0)
    assert shown.shape[:2] == (305, 760)
    assert pulled_wide(big, body_px=300.0).shape == pulled_wide(big).shape

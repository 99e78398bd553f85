"""The picture pulled wide, and which way a body lies."""

from __future__ import annotations

import numpy as np
import pytest

from kneetrack.pose.stretch import ACROSS, Stretch, Upright
from kneetrack.skeleton import ANKLES, N_LANDMARKS


def body(along: tuple[float, float]) -> np.ndarray:
    """Landmarks whose ankles lie ``along`` from the shoulders."""
    xy = np.full((N_LANDMARKS, 2), 300.0)
    xy[list(ANKLES)] += along
    return xy


@pytest.mark.parametrize("size", [(480, 640), (360, 240), (720, 1280), (1080, 608)])
@pytest.mark.parametrize("stretch", [Stretch(x=ACROSS), Stretch(y=ACROSS)])
def test_shares_of_the_picture_stay_and_its_shape_changes(
    size: tuple[int, int], stretch: Stretch
) -> None:
    width, height = size
    image = np.zeros((height, width, 3), np.uint8)
    image[height // 4 : height // 2, width // 2 : width * 3 // 4] = 255
    pulled = stretch.apply(image)
    ratio = (pulled.shape[1] / pulled.shape[0]) / (width / height)
    assert ratio == pytest.approx(stretch.x / stretch.y, rel=0.01)
    ys, xs = np.nonzero(pulled[..., 0] > 127)
    assert xs.mean() / pulled.shape[1] == pytest.approx(0.625, abs=0.01)
    assert ys.mean() / pulled.shape[0] == pytest.approx(0.375, abs=0.01)


def test_big_pictures_are_pressed_and_small_ones_pulled() -> None:
    """No detail of a small picture is thrown away; no work is spent on a big one."""
    big, small = np.zeros((1080, 1920, 3), np.uint8), np.zeros((240, 320, 3), np.uint8)
    assert Stretch(x=ACROSS).apply(big).shape[:2] == (771, 1920)
    assert Stretch(x=ACROSS).apply(small).shape[:2] == (240, 448)


def test_no_stretch_gives_the_picture_itself() -> None:
    image = np.zeros((10, 10, 3), np.uint8)
    assert Stretch().apply(image) is image


def test_upright_and_lying_bodies_are_told_and_in_between_nothing_changes() -> None:
    nobody = Upright()
    assert nobody.stretch == Stretch()
    up = nobody.after(body((20, 400)))
    assert (up.lying, up.stretch) == (False, Stretch(x=ACROSS))
    down = nobody.after(body((-400, 30)))
    assert (down.lying, down.stretch) == (True, Stretch(x=ACROSS))
    slanted = body((300, 310))
    assert up.after(slanted) == up
    assert down.after(slanted) == down
    assert down.after(body((10, 300))).lying is False

"""What lies around a person is unrecognisable; the person stays; nobody known: nothing stays."""

from __future__ import annotations

import numpy as np
import pytest

from kneetrack.ui.surroundings import blur_surroundings
from tests.ui.test_blur import SIZE_PX, noise, person


def detail(image: np.ndarray) -> float:
    return float(np.abs(np.diff(image.astype(float), axis=1)).mean())


def test_the_person_stays_and_what_is_around_does_not() -> None:
    xy = person().xy_px
    image = noise(SIZE_PX)
    shown = blur_surroundings(image, xy)
    low, high = np.nanmin(xy, axis=0), np.nanmax(xy, axis=0)
    x, y = ((low + high) / 2).astype(int)
    body = (slice(y - 10, y + 10), slice(x - 10, x + 10))
    assert np.array_equal(shown[body], image[body])
    room = 0.2 * float((high - low).max())
    edges = (shown[:, : int(low[0] - room)], shown[:, int(high[0] + room) :])
    assert all(part.shape[1] > 20 and detail(part) < 0.1 * detail(image) for part in edges)
    assert np.array_equal(image, noise(SIZE_PX)), "the picture itself is left as it is"


@pytest.mark.parametrize("points", [0, 2])
def test_of_a_person_nobody_knows_nothing_stays(points: int) -> None:
    xy = person().xy_px.copy()
    xy[points:] = np.nan
    image = noise(SIZE_PX)
    assert detail(blur_surroundings(image, xy)) < 0.1 * detail(image)

from __future__ import annotations

import pytest

from kneetrack.clinic.agreeing import difference_beside


@pytest.mark.parametrize(
    ("before", "after", "shown"),
    [
        (0.26, 0.07, "−19 %"),
        (0.0564, 0.0024, "−5.4 %"),
        (0.0045, 0.2454, "+24.1 %"),
        (0.1, 0.1, "0 %"),
        (None, 0.1, "–"),
    ],
)
def test_a_difference_fits_the_two_numbers_beside_it(
    before: float | None, after: float | None, shown: str
) -> None:
    assert difference_beside("kfo", before, after) == shown

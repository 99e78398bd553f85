"""Is it still the same picture? A real sensor never gives the same one twice."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

_ROWS = 24
"""Whole rows: fifty times quicker to read than as many pixels spread over the picture."""
_BLANK_RANGE = 6
"""A picture whose values differ by no more than this, of 255, shows nothing."""


class Sameness:
    """How long the picture has not changed, by two dozen of its rows."""

    def __init__(self) -> None:
        self._sample: NDArray[np.uint8] | None = None
        self._since_s = 0.0

    def same_for_s(self, image: NDArray[np.uint8], t_s: float) -> float:
        """Seconds since the last change; 0 for a picture that differs from the one before."""
        sample = image[:: max(1, len(image) // _ROWS)]
        if self._sample is None or not np.array_equal(sample, self._sample):
            self._sample = sample.copy()
            self._since_s = t_s
        return t_s - self._since_s

    @property
    def blank(self) -> bool:
        """Whether the last picture was of one colour."""
        if self._sample is None:
            return False
        spread = np.ptp(self._sample.reshape(-1, self._sample.shape[-1]), axis=0)
        return bool(spread.max() <= _BLANK_RANGE)

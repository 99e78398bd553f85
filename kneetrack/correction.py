"""Landmarks put where the joint is, as far as the pose model misplaces them alike for everybody.

Only what was found on some bodies and held on others is put right (docs/measuring.md); the rest is
in the standard errors of :mod:`kneetrack.uncertainty`.
"""

from __future__ import annotations

import numpy as np

from kneetrack import calibration as cal
from kneetrack import skeleton as sk
from kneetrack.angles import pair
from kneetrack.records import FloatArray


def true_shank_px(shank_px: FloatArray) -> FloatArray:
    """The standing shank length, knee to ankle joint, of the model's own, in pixels."""
    return np.asarray(shank_px * cal.SHANK_GAIN)


def with_true_toes(xy: FloatArray, medial: FloatArray, shank_px: FloatArray) -> FloatArray:
    """(..., K, 2) with the foot index moved sideways onto the foot's own axis; front views.

    medial: (2,) as in :mod:`kneetrack.angles`; shank_px: (2,) from :func:`true_shank_px`.
    """
    outward = -(pair(xy, sk.TOES) - pair(xy, sk.HEELS))[..., 0] * medial / shank_px
    shift = (cal.TOE_OFFSET_RATIO - cal.TOE_OFFSET_SLOPE * outward) * shank_px
    moved = np.array(xy, np.float64)
    moved[..., list(sk.TOES), 0] -= shift * medial
    return moved

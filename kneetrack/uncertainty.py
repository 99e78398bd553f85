"""The standard error of every measure: how far a reading may be off, in its own unit.

Value +- 1.96 standard errors is meant to hold the truth in 95 of 100 readings of people whom
nothing was fitted on; docs/accuracy.md counts how often it does. The error is of one reading in
one clip: repeating the repetition does not make it smaller, since the model errs alike in each.
"""

from __future__ import annotations

import numpy as np

from kneetrack import calibration as cal
from kneetrack.records import FloatArray


def typical_error(measure: str, flexion_deg: float = 0.0) -> float:
    """Standard error of a measure in the unit of the measure, both legs working.

    NaN for what is not in ``calibration.SPREADS``.
    """
    spread = cal.SPREADS.get(measure)
    if spread is None:
        return float("nan")
    return float(np.hypot(spread.base, spread.flexion * flexion_deg))


def standard_error(
    measure: str,
    values: FloatArray,
    flexion_deg: FloatArray,
    exercise: str,
    coarseness: float = 1.0,
) -> FloatArray:
    """Standard errors of a measure's ``values``, (T,) or (T, 2), in their shape and unit.

    flexion_deg: (T, 2), knee flexion as far as it is known; NaN counts as none. coarseness: how
    much worse than in a good picture everything is read, 1 or more.
    """
    spread = cal.SPREADS.get(measure)
    if spread is None:
        return np.full(values.shape, np.nan)
    bent = np.nan_to_num(flexion_deg)
    bent = bent if values.ndim == 2 else bent.mean(axis=1)
    error = np.hypot(spread.base, spread.flexion * bent)
    error = error + spread.value * np.abs(np.nan_to_num(values, nan=1.0) - 1.0)
    factors = {
        "single_leg_squat": spread.single,
        "single_leg_stance": spread.single,
        "lateral_lunge": spread.lunge,
        "glute_bridge": spread.bridge,
    }
    return np.asarray(error * factors.get(exercise, 1.0) * coarseness, np.float32)

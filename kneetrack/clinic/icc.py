"""ICC(2,1), SEM and MDC95 of a table of clients by sessions, and whether the sessions differ.

MEASURES 6, after Weir 2005: a two-way analysis of variance over clients (rows) and sessions
(columns), with mean squares MSR, MSC and MSE::

    ICC(2,1) = (MSR - MSE) / (MSR + (k - 1) MSE + k (MSC - MSE) / n)
    SEM = sqrt(MSE)          MDC95 = 1.96 sqrt(2) SEM

The SEM leaves out what all clients share from session to session, so MSC is held against MSE by an
F-test; with two sessions that is the paired t-test.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np

from kneetrack.records import FloatArray

SYSTEMATIC_P: Final = 0.05
"""Sessions that differ more than by chance in 19 of 20 cases differ systematically."""


@dataclass(frozen=True, slots=True)
class Icc:
    """icc: None with fewer than two rows, or where nothing varies. sem, mdc95: in the table's unit.

    With one row sem is the standard deviation within it: the typical error (MEASURES 6). shift: the
    largest difference between the means of two sessions, later minus earlier. p: of the F-test that
    the sessions have one mean; None with one row.
    """

    icc: float | None
    sem: float
    mdc95: float
    shift: float = 0.0
    p: float | None = None

    @property
    def systematic(self) -> bool:
        """Whether the sessions differ by more than chance."""
        return self.p is not None and self.p < SYSTEMATIC_P


def icc21(table: FloatArray) -> Icc:
    """ICC(2,1), SEM and MDC95 of (n, k) values: n rows (clients), k columns (sessions).

    Raises ValueError for fewer than two columns, no row, or values that are not finite.
    """
    x = np.asarray(table, np.float64)
    if x.ndim != 2 or x.shape[0] < 1 or x.shape[1] < 2 or not np.isfinite(x).all():
        raise ValueError("ICC needs a table of one or more clients by two or more sessions")
    n, k = x.shape
    if n == 1:
        sem = float(np.std(x[0], ddof=1))
        return Icc(None, sem, mdc95(sem))
    rows, columns, mean = x.mean(axis=1), x.mean(axis=0), x.mean()
    msr = k * float(np.square(rows - mean).sum()) / (n - 1)
    msc = n * float(np.square(columns - mean).sum()) / (k - 1)
    rest = x - rows[:, None] - columns[None, :] + mean
    mse = float(np.square(rest).sum()) / ((n - 1) * (k - 1))
    below = msr + (k - 1) * mse + k * (msc - mse) / n
    tiny = 1e-12 * max(1.0, float(np.square(x).max()))
    sem = math.sqrt(mse)
    icc = None if below <= tiny else (msr - mse) / below
    return Icc(icc, sem, mdc95(sem), _shift(columns), _p(msc, mse, n, k, tiny))


def mdc95(sem: float) -> float:
    """1.96 sqrt(2) SEM: the change that errors alone exceed in 5 of 100 comparisons."""
    return 1.96 * math.sqrt(2) * sem


def _shift(columns: FloatArray) -> float:
    low, high = int(columns.argmin()), int(columns.argmax())
    first, last = min(low, high), max(low, high)
    return float(columns[last] - columns[first])


def _p(msc: float, mse: float, n: int, k: int, tiny: float) -> float:
    """Of the F-test of MSC over MSE with k - 1 and (n - 1)(k - 1) degrees of freedom."""
    from scipy.special import fdtrc

    if msc <= tiny:
        return 1.0
    if mse <= tiny:
        return 0.0
    return float(fdtrc(k - 1, (n - 1) * (k - 1), msc / mse))

"""How two sets of numbers agree, and how sure a share is. Pure functions over arrays.

Bland JM, Altman DG. Statistical methods for assessing agreement between two methods of clinical
measurement. Lancet 1986;327:307-310. Wilson EB. Probable inference, the law of succession, and
statistical inference. J Am Stat Assoc 1927;22:209-212.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import numpy as np

from kneetrack.records import FloatArray, Status

Z95: Final = 1.96
"""Standard errors to either side that hold 95 % of a normal distribution."""
RAISED: Final[tuple[Status, ...]] = ("watch", "flag")


@dataclass(frozen=True, slots=True)
class Agreement:
    """Differences value less truth, in the measure's unit; NaN where n is too small.

    sd: of the differences (n - 1). low, high: limits of agreement, bias ± 1.96 sd. p95: 95th
    percentile of the absolute difference. worst: the largest of them, with its sign.
    """

    n: int
    bias: float
    mae: float
    sd: float
    rms: float
    low: float
    high: float
    p95: float
    worst: float


def agreement(value: FloatArray, truth: FloatArray) -> Agreement:
    """Bias, errors and 95 % limits of agreement of (n,) values against (n,) truths.

    The limits treat readings as independent; readings of one body are not (Bland & Altman 1986).
    """
    difference = np.asarray(value, float) - np.asarray(truth, float)
    n = len(difference)
    if n == 0:
        return Agreement(0, *[math.nan] * 8)
    bias, size = float(difference.mean()), np.abs(difference)
    sd = float(difference.std(ddof=1)) if n > 1 else math.nan
    return Agreement(
        n=n,
        bias=bias,
        mae=float(size.mean()),
        sd=sd,
        rms=float(np.sqrt(np.mean(difference**2))),
        low=bias - Z95 * sd,
        high=bias + Z95 * sd,
        p95=float(np.percentile(size, 95)),
        worst=float(difference[np.argmax(size)]),
    )


@dataclass(frozen=True, slots=True)
class Share:
    """``count`` of ``n``, and the Wilson 95 % interval of that share; NaN when n is 0."""

    count: int
    n: int

    @property
    def value(self) -> float:
        """count / n."""
        return self.count / self.n if self.n else math.nan

    @property
    def interval(self) -> tuple[float, float]:
        """Wilson's 95 % interval."""
        return wilson_interval(self.count, self.n)


def wilson_interval(count: int, n: int, z: float = Z95) -> tuple[float, float]:
    """The score interval of a share ``count`` of ``n`` (Wilson 1927), NaN when n is 0."""
    if n == 0:
        return math.nan, math.nan
    share = count / n
    middle = (share + z**2 / (2 * n)) / (1 + z**2 / n)
    half = z / (1 + z**2 / n) * math.sqrt(share * (1 - share) / n + z**2 / (4 * n**2))
    return max(0.0, middle - half), min(1.0, middle + half)


def coverage(value: FloatArray, truth: FloatArray, error: FloatArray, z: float = Z95) -> Share:
    """How many of (n,) values lie within ``z`` of their stated standard errors of the truth."""
    difference = np.abs(np.asarray(value, float) - np.asarray(truth, float))
    return Share(int((difference <= z * np.asarray(error, float)).sum()), len(difference))


def sensitivity(verdicts: Iterable[Status]) -> Share:
    """Of cases that are truly there, those called watch or flag. cannot_tell is a miss."""
    known = list(verdicts)
    return Share(sum(status in RAISED for status in known), len(known))


def specificity(verdicts: Iterable[Status]) -> Share:
    """Of cases that are truly not there, those called ok. cannot_tell is left out."""
    told = [status for status in verdicts if status != "cannot_tell"]
    return Share(sum(status == "ok" for status in told), len(told))

"""Histograms small enough for a line of a table."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from kneetrack.report.cohort.page import Shape

_BINS = 24
_REACH = 3.0
"""Quartile distances beyond the middle half that a histogram reaches; farther values are told."""


def limits(values: Sequence[float], least: float = 0.0) -> tuple[float, float]:
    """From where to where histograms of these values run, at least so far; same for both legs."""
    data = np.asarray(values, float)
    low, high = float(data.min()), float(data.max())
    quarter, three = np.percentile(data, [25, 75])
    reach = _REACH * float(three - quarter)
    if reach > 0:
        low, high = max(low, float(quarter) - reach), min(high, float(three) + reach)
    least = least or (0.0 if high > low else abs(low) * 0.1 or 0.01)
    spare = max(0.0, least - (high - low)) / 2
    return low - spare, high + spare


def shape_of(
    values: Sequence[float], span: tuple[float, float], text: Callable[[float], str]
) -> Shape:
    """The histogram of some values, of which there is at least one."""
    data = np.asarray(values, float)
    low, high = span
    counts, _ = np.histogram(data, bins=_BINS, range=span)
    quarter, median, three = (_at(float(v), span) for v in np.percentile(data, [25, 50, 75]))
    return Shape(
        heights=tuple(float(c) / max(1, int(counts.max())) for c in counts),
        median=median,
        quarter=quarter,
        three_quarters=three,
        zero=_at(0.0, span) if low < 0 < high else None,
        low=text(low),
        high=text(high),
        beyond=int(((data < low) | (data > high)).sum()),
    )


def _at(value: float, span: tuple[float, float]) -> float:
    return min(1.0, max(0.0, (value - span[0]) / (span[1] - span[0])))

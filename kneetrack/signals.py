"""Signals over time: gap filling, zero-phase smoothing, spans. Times in seconds, rates in hertz."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import PchipInterpolator
from scipy.ndimage import gaussian_filter1d
from scipy.signal import butter, filtfilt

from kneetrack.records import FloatArray

MAX_GAP_S = 0.2
"""Longest gap that is filled; longer ones never (MEASURES 6)."""
CUTOFF_HZ = 6.0
"""Effective -3 dB of the zero-phase filter for squats, lunges and bridges (MEASURES 6)."""
_DUAL_PASS = 0.802
"""A second-order filter run forth and back has its -3 dB at 0.802 of the design frequency."""

_COLUMNS_AT_ONCE = 16
"""The filter works in double precision; so many columns at a time keep its memory small."""

BoolArray = NDArray[np.bool_]


def spans(mask: BoolArray) -> list[tuple[int, int]]:
    """Runs of True as (start, stop), stop exclusive."""
    padded = np.concatenate([[False], np.asarray(mask, bool), [False]])
    edges = np.flatnonzero(np.diff(padded.astype(np.int8)))
    return [(int(a), int(b)) for a, b in zip(edges[::2], edges[1::2], strict=True)]


def long_spans(mask: BoolArray, t_s: FloatArray, at_least_s: float) -> list[tuple[int, int]]:
    """Runs of True that last at least so long, as (start, stop)."""
    return [(a, b) for a, b in spans(mask) if t_s[b - 1] - t_s[a] >= at_least_s - 1e-9]


def fill_gaps(t_s: FloatArray, values: FloatArray, max_gap_s: float = MAX_GAP_S) -> FloatArray:
    """Fill NaN gaps of a (T,) signal by PCHIP where both sides are at most ``max_gap_s`` apart.

    Gaps at the ends are never filled. Returns a copy.
    """
    seen = np.isfinite(values)
    filled = np.array(values, np.float64)
    if seen.all() or np.count_nonzero(seen) < 2:
        return filled
    curve = PchipInterpolator(t_s[seen], values[seen], extrapolate=False)
    for a, b in spans(~seen):
        if a > 0 and b < len(t_s) and t_s[b] - t_s[a - 1] <= max_gap_s + 1e-9:
            filled[a:b] = curve(t_s[a:b])
    return filled


def smooth(t_s: FloatArray, values: FloatArray, cutoff_hz: float = CUTOFF_HZ) -> FloatArray:
    """Zero-phase Butterworth low-pass of (T, ...) values, fourth order in effect.

    Resamples to uniform time first, designs at ``cutoff_hz`` / 0.802 (on the bilinear transform's
    own frequency axis) so that the dual pass has its -3 dB at ``cutoff_hz``, and reads the result
    back at ``t_s``. Each finite run of each
    column is filtered by itself; NaN stays NaN; a run too short for the filter is left as it is.
    Single precision stays single.
    """
    flat = np.asarray(values).reshape(len(t_s), -1)
    kind = np.float32 if flat.dtype == np.float32 else np.float64
    result: FloatArray = flat.astype(kind)
    finite = np.isfinite(flat)
    whole = np.flatnonzero(finite.all(axis=0))
    for start in range(0, len(whole), _COLUMNS_AT_ONCE):
        columns = whole[start : start + _COLUMNS_AT_ONCE]
        result[:, columns] = _smooth_run(t_s, flat[:, columns], cutoff_hz)
    for column in np.flatnonzero(~finite.all(axis=0)):
        for a, b in spans(finite[:, column]):
            result[a:b, column] = _smooth_run(t_s[a:b], flat[a:b, column : column + 1], cutoff_hz)[
                :, 0
            ]
    return np.asarray(result.reshape(np.shape(values)))


def _smooth_run(t_s: FloatArray, values: FloatArray, cutoff_hz: float) -> FloatArray:
    if len(t_s) < 4:
        return values
    step_s = float(np.median(np.diff(t_s)))
    count = max(4, round((t_s[-1] - t_s[0]) / step_s) + 1)
    nyquist_hz = 0.5 / step_s
    rate_hz = 1 / step_s
    warped = np.tan(np.pi * min(cutoff_hz, 0.49 * rate_hz) / rate_hz) / _DUAL_PASS
    design_hz = rate_hz / np.pi * float(np.arctan(warped))
    padding = min(count - 1, max(9, int(0.5 / step_s)))
    if cutoff_hz >= 0.9 * nyquist_hz or count <= 9:
        return values
    uniform_s = np.linspace(t_s[0], t_s[-1], count)
    already = len(t_s) == count and np.allclose(uniform_s, t_s, atol=0.02 * step_s)
    even = values if already else _interpolate(uniform_s, t_s, values)
    numerator, denominator = butter(2, design_hz / nyquist_hz)
    even = filtfilt(numerator, denominator, even, axis=0, padtype="odd", padlen=padding)
    return even if already else _interpolate(t_s, uniform_s, even)


def _interpolate(at_s: FloatArray, t_s: FloatArray, values: FloatArray) -> FloatArray:
    return np.asarray(PchipInterpolator(t_s, values, axis=0)(at_s))


def speed(t_s: FloatArray, values: FloatArray) -> FloatArray:
    """(T,): time derivative of a (T,) signal, per second. NaN next to NaN."""
    if len(t_s) < 2:
        return np.zeros_like(values, dtype=np.float64)
    return np.gradient(np.asarray(values, np.float64), t_s)


def largest_fall(
    t_s: FloatArray, values: FloatArray, within_s: float, *, stays_s: float = 0.0
) -> float:
    """By how much a (T,) signal falls, at most, within so many seconds; NaN is passed over.

    stays_s: it was as high before, and is as low after, for so long, in two values at least: a
    stray one is no fall. 0 where it only rises, NaN without two values.
    """
    known = np.isfinite(values)
    t_s, values = np.asarray(t_s)[known], np.asarray(values, np.float64)[known]
    if len(values) < 2:
        return float("nan")
    late = t_s[None, :] - t_s[:, None]
    reach_s = stays_s + 1e-9
    before, after = (late <= 0) & (late >= -reach_s), (late >= 0) & (late <= reach_s)
    high = np.where(before, values[None, :], np.inf).min(axis=1)
    low = np.where(after, values[None, :], -np.inf).max(axis=1)
    if stays_s:
        high[before.sum(axis=1) < 2], low[after.sum(axis=1) < 2] = -np.inf, np.inf
    pairs = (late > 0) & (late <= within_s + 1e-9)
    falls = np.where(pairs, high[:, None] - low[None, :], 0.0)
    return float(max(0.0, falls.max()))


def slow_trend(t_s: FloatArray, values: FloatArray, sigma_s: float) -> FloatArray:
    """(T,): Gaussian-smoothed copy of a finite (T,) signal, for coarse decisions only."""
    step_s = float(np.median(np.diff(t_s))) if len(t_s) > 1 else 1.0
    return np.asarray(gaussian_filter1d(values, sigma_s / step_s, mode="nearest"))


def window_median(
    t_s: FloatArray, values: FloatArray, centre_s: float, width_s: float = 0.1
) -> float:
    """Median of the values within ``width_s`` of ``centre_s``; NaN when under half are valid."""
    inside = np.abs(t_s - centre_s) <= width_s / 2 + 1e-9
    if not inside.any():
        inside = np.zeros(len(t_s), bool)
        inside[int(np.argmin(np.abs(t_s - centre_s)))] = True
    chosen = values[inside]
    chosen = chosen[np.isfinite(chosen)]
    return float(np.median(chosen)) if 2 * len(chosen) >= inside.sum() else float("nan")

"""Repetitions and their phases from a depth signal: hysteresis in seconds, never in frames.

The signal u is 0 at the baseline and grows with depth (MEASURES 6). It knows no exercise.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from scipy.ndimage import maximum_filter1d

from kneetrack import signals
from kneetrack.records import FloatArray
from kneetrack.result import Rejected

_NOISE_S = 0.15
_COSINE_SHARE = 0.41
_SQRT_FLOOR = 0.002
"""Keeps noise near the baseline from looking like a movement onset."""


@dataclass(frozen=True, slots=True)
class RepLimits:
    """When a dip of the signal is a repetition. Depths in the signal's own unit."""

    depth_min: float = 0.04
    start_fraction: float = 0.20
    running_s: float = 12.0
    over_fraction: float = 0.5
    median_fraction: float = 0.5
    debounce_s: float = 0.1
    shortest_s: float = 0.6
    longest_s: float = 10.0
    hold_depth_fraction: float = 0.9
    still_depth_fraction: float = 0.98
    onset_speed_fraction: float = 0.05


@dataclass(frozen=True, slots=True)
class Dip:
    """A candidate: indices of its frames, and its phases in seconds.

    start and end are velocity onsets, bottom the deepest point or the middle of the hold.
    hold: within 2 % of the depth. ramp_s: robust duration of the way down, for the tempo.
    near_depth_s: from when to when within 10 %.
    """

    first: int
    last: int
    start_s: float
    bottom_s: float
    end_s: float
    descent_s: float
    hold_s: float
    ascent_s: float
    depth: float
    near_depth_s: tuple[float, float] = (0.0, 0.0)
    ramp_s: float = float("nan")


@dataclass(frozen=True, slots=True)
class _Signal:
    """A stretch of the signal without gaps, and the speed of its root."""

    t_s: FloatArray
    u: FloatArray
    bend_speed: FloatArray

    @staticmethod
    def of(t_s: FloatArray, u: FloatArray) -> _Signal:
        root = np.sqrt(np.maximum(u, 0.0) + _SQRT_FLOOR)
        return _Signal(t_s, u, signals.speed(t_s, root))


def find_dips(
    t_s: FloatArray, depth: FloatArray, limits: RepLimits
) -> tuple[list[Dip], list[Rejected]]:
    """All dips of a (T,) signal that last long enough, and those that do not, with the reason.

    NaN ends a dip. Half repetitions (below ``median_fraction`` of the median) are dropped later,
    by :func:`drop_shallow`, among repetitions of the same exercise.
    """
    found: list[Dip] = []
    rejected: list[Rejected] = []
    for a, b in signals.spans(np.isfinite(depth)):
        signal = _Signal.of(t_s[a:b], depth[a:b])
        for low, high in _excursions(t_s[a:b], depth[a:b], limits):
            dip = _phases(signal, low, high, a, limits)
            reason = _objection(dip, depth[a:b], low, high, limits)
            if reason:
                rejected.append(Rejected(start_s=dip.start_s, end_s=dip.end_s, reason=reason))
            else:
                found.append(dip)
    return found, rejected


def _excursions(t_s: FloatArray, u: FloatArray, limits: RepLimits) -> list[tuple[int, int]]:
    """Index ranges in which u is up, by hysteresis around a level that follows the depth."""
    step_s = float(np.median(np.diff(t_s))) if len(t_s) > 1 else 1.0
    around = min(2 * len(u) + 1, max(1, round(limits.running_s / step_s)))
    rise = np.maximum(
        limits.depth_min, limits.start_fraction * maximum_filter1d(u, around, mode="nearest")
    )
    up = signals.long_spans(u > rise, t_s, limits.debounce_s)
    fall = limits.over_fraction * rise
    ranges: list[tuple[int, int]] = []
    for a, b in up:
        low, high = a, b - 1
        while low > 0 and u[low - 1] > fall[low - 1]:
            low -= 1
        while high < len(u) - 1 and u[high + 1] > fall[high + 1]:
            high += 1
        if not ranges or low > ranges[-1][1]:
            ranges.append((low, high))
    return [part for low, high in ranges for part in _split(u, low, high, limits)]


def _split(u: FloatArray, low: int, high: int, limits: RepLimits) -> list[tuple[int, int]]:
    """Cut an excursion where it nearly comes up between two deep points (no pause on top)."""
    deep = float(np.max(u[low : high + 1]))
    inside = signals.spans(u[low : high + 1] > 0.6 * deep)
    if len(inside) < 2:
        return [(low, high)]
    cuts = []
    for (_, before), (after, _) in pairwise(inside):
        valley = before + int(np.argmin(u[low + before : low + after]))
        if u[low + valley] < 0.35 * deep:
            cuts.append(low + valley)
    edges = [low, *cuts, high]
    return list(pairwise(edges))


def _phases(signal: _Signal, low: int, high: int, offset: int, limits: RepLimits) -> Dip:
    t_s, u, bend_speed = signal.t_s, signal.u, signal.bend_speed
    deepest = low + int(np.argmax(u[low : high + 1]))
    depth = float(u[deepest])
    held_low, held_high = _near(t_s, u, (low, high), deepest, limits.hold_depth_fraction)
    still_low, still_high = _near(t_s, u, (low, high), deepest, limits.still_depth_fraction)
    bottom_s = float((t_s[held_low] + t_s[held_high]) / 2)
    start = _onset(bend_speed, low, deepest, -1, limits)
    end = _onset(-bend_speed, high, deepest, 1, limits)
    return Dip(
        first=offset + start,
        last=offset + end,
        start_s=float(t_s[start]),
        bottom_s=bottom_s,
        end_s=float(t_s[end]),
        descent_s=float(t_s[still_low] - t_s[start]),
        hold_s=float(t_s[still_high] - t_s[still_low]),
        ascent_s=float(t_s[end] - t_s[still_high]),
        depth=depth,
        near_depth_s=(float(t_s[held_low]), float(t_s[held_high])),
        ramp_s=_ramp_s(t_s, u, start, deepest),
    )


def _onset(speed: FloatArray, edge: int, deepest: int, step: int, limits: RepLimits) -> int:
    """Walk outwards from the fastest point to where the speed falls to 5 % of it.

    ``speed`` is that of the root of the signal: hips sink with the square of the knee's bend,
    so the root moves when the movement really begins.
    """
    low, high = sorted((edge, deepest))
    window = speed[low : high + 1]
    peak_at = low + int(np.argmax(window))
    floor = limits.onset_speed_fraction * float(window.max(initial=0.0))
    at = peak_at
    while 0 < at < len(speed) - 1 and speed[at] > floor:
        at += step
    return at


def _ramp_s(t_s: FloatArray, u: FloatArray, start: int, deepest: int) -> float:
    """How long the way down took, from the time between 20 and 80 % of the knee's bend.

    Onset and arrival are soft and drown in noise; the middle does not. A smooth (cosine) movement
    takes 41 % of its time from 20 to 80 %. The bend goes with the root of the signal.
    """
    bend = np.sqrt(np.maximum(u[start : deepest + 1], 0.0) / max(float(u[deepest]), 1e-9))
    moments = []
    for level in (0.2, 0.8):
        last_below = np.flatnonzero(bend < level)
        at = start + (int(last_below[-1]) if len(last_below) else 0)
        moments.append(_crossing_s(t_s, np.sqrt(np.maximum(u, 0.0) / u[deepest]), at, level))
    return (moments[1] - moments[0]) / _COSINE_SHARE


def _crossing_s(t_s: FloatArray, bend: FloatArray, at: int, level: float) -> float:
    after = min(at + 1, len(t_s) - 1)
    rise = float(bend[after] - bend[at])
    share = (level - float(bend[at])) / rise if rise > 0 else 0.0
    return float(t_s[at] + np.clip(share, 0, 1) * (t_s[after] - t_s[at]))


def _near(
    t_s: FloatArray, u: FloatArray, within: tuple[int, int], deepest: int, fraction: float
) -> tuple[int, int]:
    """First and last frame of the stretch around the deepest point that is nearly as deep.

    A frame or two of noise (0.15 s) do not end it, nor do frames that are missing.
    """
    low, high = within
    deep = low + np.flatnonzero(u[low : high + 1] >= fraction * u[deepest])
    gaps = np.flatnonzero((np.diff(deep) > 1) & (np.diff(t_s[deep]) > _NOISE_S))
    starts, ends = np.r_[0, gaps + 1], np.r_[gaps, len(deep) - 1]
    own = int(np.searchsorted(deep[ends], deepest))
    return int(deep[starts[own]]), int(deep[ends[own]])


def _objection(dip: Dip, u: FloatArray, low: int, high: int, limits: RepLimits) -> str:
    if low == 0 and u[low] > 0.5 * dip.depth:
        return "it had begun before the clip or the person came into view"
    if high == len(u) - 1 and u[high] > 0.5 * dip.depth:
        return "it was not finished when the clip ended or the person was lost"
    moving_s = dip.end_s - dip.start_s - dip.hold_s
    if moving_s < limits.shortest_s:
        return f"too short ({moving_s:.1f} s without the hold)"
    if moving_s > limits.longest_s:
        return f"too long ({moving_s:.0f} s without the hold)"
    return ""


def dip_between(
    t_s: FloatArray,
    depth: FloatArray,
    start_s: float,
    bottom_s: float,
    end_s: float,
    limits: RepLimits,
) -> Dip:
    """A dip whose bounds somebody set: they hold as they are, also between two frames.

    The phases within come from the (T,) signal, as in :func:`find_dips`; its gaps are bridged.
    """
    first, stop = np.searchsorted(t_s, (start_s - 1e-9, end_s + 1e-9))
    low = min(int(first), len(t_s) - 1)
    high = max(low, min(int(stop), len(t_s)) - 1)
    known = np.isfinite(depth)
    u = np.interp(t_s, t_s[known], depth[known]) if known.any() else np.zeros_like(t_s)
    deepest = low + int(np.argmax(u[low : high + 1]))
    held = _near(t_s, u, (low, high), deepest, limits.hold_depth_fraction)
    if not t_s[held[0]] <= bottom_s <= t_s[held[1]]:
        deepest = int(np.clip(np.abs(t_s - bottom_s).argmin(), low, high))
        held = _near(t_s, u, (low, high), deepest, limits.hold_depth_fraction)
    still = _near(t_s, u, (low, high), deepest, limits.still_depth_fraction)
    down_s, up_s = (float(np.clip(t_s[i], start_s, end_s)) for i in still)
    return Dip(
        first=low,
        last=high,
        start_s=start_s,
        bottom_s=bottom_s,
        end_s=end_s,
        descent_s=down_s - start_s,
        hold_s=up_s - down_s,
        ascent_s=end_s - up_s,
        depth=float(u[low : high + 1].max()) if known[low : high + 1].any() else float("nan"),
        near_depth_s=(float(t_s[held[0]]), float(t_s[held[1]])),
        ramp_s=_ramp_s(t_s, u, low, deepest) if u[deepest] > 0 else bottom_s - start_s,
    )


def hold_near_depth(dip: Dip) -> Dip:
    """The dip with the time at 90 % of its depth as its hold, as a bridge is timed (MEASURES 5)."""
    low, high = dip.near_depth_s
    return replace(dip, descent_s=low - dip.start_s, hold_s=high - low, ascent_s=dip.end_s - high)


def drop_shallow(dips: list[Dip], limits: RepLimits) -> tuple[list[Dip], list[Rejected]]:
    """Half repetitions: below half the median depth of the others."""
    if not dips:
        return [], []
    least = limits.median_fraction * float(np.median([d.depth for d in dips]))
    kept = [d for d in dips if d.depth >= least]
    rejected = [
        Rejected(
            start_s=d.start_s,
            end_s=d.end_s,
            reason=f"only {d.depth / least * limits.median_fraction:.0%} as deep as the others",
        )
        for d in dips
        if d.depth < least
    ]
    return kept, rejected

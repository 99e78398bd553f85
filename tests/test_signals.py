"""Filtering, gaps and spans against MEASURES 6 and the filter tests of MEASURES 11."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kneetrack import signals


def clock(seconds: float, fps: float) -> np.ndarray:
    return np.arange(round(seconds * fps) + 1) / fps


def varying(seconds: float, fps: float, seed: int = 0) -> np.ndarray:
    """Timestamps that wander by 40 % of a step."""
    even = clock(seconds, fps)
    return even + np.random.default_rng(seed).uniform(-0.2, 0.2, len(even)) / fps


def gain_at(hertz: float, fps: float) -> float:
    t = clock(20, fps)
    inner = (t > 5) & (t < 15)
    wave = np.sin(2 * np.pi * hertz * t)
    out = signals.smooth(t, wave)
    basis = np.stack([wave[inner], np.cos(2 * np.pi * hertz * t[inner])])
    weights = np.linalg.lstsq(basis.T, out[inner], rcond=None)[0]
    return float(np.hypot(*weights))


def squat_cycle(t: np.ndarray) -> np.ndarray:
    """A squat every two seconds: 0 up, 1 down."""
    return 0.5 - 0.5 * np.cos(2 * np.pi * 0.5 * t)


@pytest.mark.parametrize(
    "fps",
    [
        pytest.param(
            30,
        ),
        60,
        120,
    ],
)
def test_minus_three_decibels_at_six_hertz(fps: float) -> None:
    assert gain_at(6.0, fps) == pytest.approx(10 ** (-3 / 20), abs=0.03)


@pytest.mark.parametrize("fps", [30, 60, 120])
def test_fourth_order_in_effect(fps: float) -> None:
    assert gain_at(1.0, fps) == pytest.approx(1, abs=0.005)
    assert gain_at(12.0, fps) < 0.14  # 1 / (1 + (12 / 7.48) ** 4), less by warping


@pytest.mark.parametrize("times", [clock, varying])
@pytest.mark.parametrize("fps", [25, 30, 60, 240])
def test_a_half_hertz_squat_keeps_its_peak_and_its_phase(fps: float, times: object) -> None:
    t = times(10, fps)  # type: ignore[operator]
    u = squat_cycle(t)
    out = signals.smooth(t, u)
    inner = (t > 0.5) & (t < 9.5)
    assert out[inner].max() > 0.97 * u[inner].max()
    assert np.abs(out - u)[inner].max() < 0.03
    # no phase shift: the correlation with the input is best without a lag
    lags = range(-3, 4)
    core = slice(5, len(t) - 5)
    match = [float(np.dot(np.roll(out, lag)[core] - 0.5, u[core] - 0.5)) for lag in lags]
    assert int(np.argmax(match)) == 3


def test_variable_frame_rate_gives_the_same_curve() -> None:
    even, uneven = clock(8, 30), varying(8, 30)

    def curve(t: np.ndarray) -> np.ndarray:
        return squat_cycle(t) + 0.1 * np.sin(2 * np.pi * 11 * t)

    got = signals.smooth(uneven, curve(uneven))
    want = np.interp(uneven, even, signals.smooth(even, curve(even)))
    assert np.abs(got - want)[10:-10].max() < 0.03


def test_dropped_frames_do_not_shift_anything_in_time() -> None:
    t = clock(8, 30)
    t = np.delete(t, [60, 61, 62, 100, 101, 140])
    out = signals.smooth(t, squat_cycle(t))
    assert np.abs(out - squat_cycle(t))[10:-10].max() < 0.03


def test_noise_goes_and_a_constant_stays() -> None:
    t = clock(10, 60)
    noise = np.random.default_rng(0).normal(0, 1, len(t))
    assert signals.smooth(t, noise).std() < 0.55
    np.testing.assert_allclose(signals.smooth(t, np.full(len(t), 7.0)), 7.0, atol=1e-9)


def test_columns_are_smoothed_alike_and_by_themselves() -> None:
    t = clock(5, 30)
    rng = np.random.default_rng(1)
    values = rng.normal(0, 1, (len(t), 3, 2))
    values[40:80, 1, 0] = np.nan
    out = signals.smooth(t, values)
    assert out.shape == values.shape
    np.testing.assert_allclose(out[:, 0, 0], signals.smooth(t, values[:, 0, 0]))
    np.testing.assert_allclose(out[:, 1, 1], signals.smooth(t, values[:, 1, 1]))
    np.testing.assert_array_equal(np.isnan(out), np.isnan(values))


@given(st.integers(5, 60), st.integers(1, 40))
def test_smoothing_never_reaches_across_a_gap(start: int, length: int) -> None:
    t = clock(4, 30)
    before, after = squat_cycle(t), squat_cycle(t)
    before[start : start + length] = after[start : start + length] = np.nan
    after[start + length :] += 5.0  # what comes after the gap must not be felt before it
    a, b = signals.smooth(t, before), signals.smooth(t, after)
    np.testing.assert_array_equal(a[:start], b[:start])
    assert np.isnan(a[start : start + length]).all()


# ------------------------------------------------------------------ gaps


@pytest.mark.parametrize("fps", [25, 30, 60, 120])
@pytest.mark.parametrize(
    ("missing_s", "filled"), [(0.05, True), (0.15, True), (0.25, False), (0.6, False)]
)
def test_gaps_up_to_a_fifth_of_a_second_are_filled_and_longer_never(
    fps: float, missing_s: float, filled: bool
) -> None:
    t = clock(4, fps)
    truth = np.sin(t)
    holed = truth.copy()
    gone = (t > 1.5) & (t < 1.5 + missing_s)
    holed[gone] = np.nan
    out = signals.fill_gaps(t, holed)
    np.testing.assert_array_equal(out[~gone], truth[~gone])
    if filled:
        np.testing.assert_allclose(out[gone], truth[gone], atol=0.01)
    else:
        assert np.isnan(out[gone]).all()


@given(st.lists(st.booleans(), min_size=30, max_size=90), st.integers(0, 5))
def test_filling_invents_nothing(seen: list[bool], seed: int) -> None:
    t = varying((len(seen) - 1) / 30, 30, seed)
    values = np.where(seen, np.cos(t), np.nan)
    before = values.copy()
    out = signals.fill_gaps(t, values)
    np.testing.assert_array_equal(values, before)  # a copy
    np.testing.assert_array_equal(out[seen], values[seen])
    known = np.flatnonzero(seen)
    for i in np.flatnonzero(np.isfinite(out) & ~np.array(seen)):
        left, right = known[known < i], known[known > i]
        assert len(left)  # never before the first sight
        assert len(right)  # nor after the last
        assert t[right[0]] - t[left[-1]] <= signals.MAX_GAP_S + 1e-6
    assert np.nanmin(np.append(out, 0)) >= min(np.nanmin(np.append(values, 0)), -1) - 1e-9


def test_gaps_at_the_ends_are_never_filled() -> None:
    t = clock(1, 30)
    values = np.ones(len(t))
    values[:2] = values[-2:] = np.nan
    out = signals.fill_gaps(t, values)
    assert np.isnan(out[[0, 1, -2, -1]]).all()


def test_nobody_is_not_filled() -> None:
    t = clock(1, 30)
    assert np.isnan(signals.fill_gaps(t, np.full(len(t), np.nan))).all()


# ------------------------------------------------------------------ spans and windows


@given(st.lists(st.booleans(), max_size=60))
def test_spans_are_the_runs(mask: list[bool]) -> None:
    rebuilt = np.zeros(len(mask), bool)
    last = -1
    for a, b in signals.spans(np.array(mask, bool)):
        assert last < a < b
        last = b
        rebuilt[a:b] = True
    assert rebuilt.tolist() == mask


def test_long_spans_are_measured_in_seconds() -> None:
    for fps in (25, 60, 240):
        t = clock(3, fps)
        mask = ((t >= 0.5) & (t <= 0.55)) | ((t >= 1.0) & (t <= 1.5))
        assert len(signals.long_spans(mask, t, 0.2)) == 1


def test_window_median_takes_100_ms_and_says_nan_when_most_is_hidden() -> None:
    t = clock(2, 100)
    values = np.where(np.abs(t - 1) <= 0.051, 5.0, 0.0)
    values[100] = 99.0  # a single frame never decides
    assert signals.window_median(t, values, 1.0) == 5.0
    values[97:104] = np.nan
    assert np.isnan(signals.window_median(t, values, 1.0))


def test_speed_is_per_second() -> None:
    t = varying(2, 30)
    np.testing.assert_allclose(signals.speed(t, 3 * t), 3.0)


@pytest.mark.parametrize(
    ("values", "within_s", "fall"),
    [
        ([1.0, 1.0, 0.8, 0.8, 0.5], 0.1, 0.3),
        ([1.0, 1.0, 0.8, 0.8, 0.5], 0.2, 0.3),
        ([1.0, 0.8, 0.8, 0.5, 0.5], 0.2, 0.3),
        ([1.0, 0.8, 0.8, 0.5, 0.5], 0.3, 0.5),
        ([0.5, 0.8, 1.0, 1.1, 1.2], 0.3, 0.0),
        ([1.0, np.nan, 0.7, 0.7, 0.7], 0.1, 0.0),  # never across what was not seen
        ([1.0, np.nan, 0.7, 0.7, 0.7], 0.2, 0.3),
    ],
)
def test_the_largest_fall_within_a_time(values: list[float], within_s: float, fall: float) -> None:
    t = np.arange(5) / 10
    assert signals.largest_fall(t, np.array(values), within_s) == pytest.approx(fall)


@pytest.mark.parametrize(
    ("changes", "fall"),
    [
        ([(20, 40, 0.7)], 0.3),
        ([(20, 22, 0.7)], 0.0),
        ([(20, 22, 1.4)], 0.0),
        ([(10, 20, np.nan), (20, 21, 1.4)], 0.0),
        ([(17, 22, np.nan), (22, 40, 0.7)], 0.3),
    ],
    ids=["stays down", "down and up", "up and down", "stray after a gap", "in a gap"],
)
def test_a_fall_stays(changes: list[tuple[int, int, float]], fall: float) -> None:
    t, values = np.arange(40) / 30, np.ones(40)
    for first, last, value in changes:
        values[first:last] = value
    assert signals.largest_fall(t, values, 0.3, stays_s=0.15) == pytest.approx(fall)


def test_a_fall_needs_two_values() -> None:
    one = np.array([1.0, np.nan, np.nan])
    assert np.isnan(signals.largest_fall(np.arange(3.0), one, 5.0))

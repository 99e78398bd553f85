"""The statistics against numbers worked out by hand or printed in the papers."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kneetrack.validation.agreement import (
    agreement,
    coverage,
    sensitivity,
    specificity,
    wilson_interval,
)


def test_agreement_by_hand() -> None:
    """Differences 1, -1, 3, 1: mean 1, deviations 0, -2, 2, 0, so the SD is sqrt(8 / 3)."""
    found = agreement(np.array([11.0, 19, 33, 41]), np.array([10.0, 20, 30, 40]))
    sd = math.sqrt(8 / 3)
    assert found.n == 4
    assert found.bias == pytest.approx(1)
    assert found.mae == pytest.approx(1.5)
    assert found.sd == pytest.approx(sd)
    assert found.rms == pytest.approx(math.sqrt(3))
    assert (found.low, found.high) == pytest.approx((1 - 1.96 * sd, 1 + 1.96 * sd))
    assert found.worst == 3
    # |d| sorted 1, 1, 1, 3: 95 % of the way along three steps is 2.85, so 1 + 0.85 * 2.
    assert found.p95 == pytest.approx(2.7)


def test_the_worst_keeps_its_sign() -> None:
    assert agreement(np.array([0.0, 5]), np.array([4.0, 4])).worst == -4


def test_one_reading_has_no_limits_and_none_has_nothing() -> None:
    one = agreement(np.array([3.0]), np.array([1.0]))
    assert (one.n, one.bias, one.mae) == (1, 2, 2)
    assert math.isnan(one.sd)
    assert math.isnan(one.low)
    none = agreement(np.array([]), np.array([]))
    assert none.n == 0
    assert math.isnan(none.bias)


def test_wilson_intervals() -> None:
    """Newcombe 1998, table I: 81 of 263 is 0.2553 to 0.3662, 0 of 20 is 0 to 0.1611."""
    assert wilson_interval(81, 263) == pytest.approx((0.2553, 0.3662), abs=5e-5)
    assert wilson_interval(0, 20) == pytest.approx((0.0, 0.1611), abs=5e-5)
    assert all(math.isnan(edge) for edge in wilson_interval(0, 0))


@given(st.integers(1, 400).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_a_wilson_interval_holds_its_share_and_stays_within_0_and_1(case: tuple[int, int]) -> None:
    count, n = case
    low, high = wilson_interval(count, n)
    assert 0 <= low <= count / n + 1e-12
    assert count / n - 1e-12 <= high <= 1
    assert wilson_interval(n - count, n) == pytest.approx((1 - high, 1 - low))


def test_coverage_counts_what_lies_within_1_96_errors() -> None:
    value, truth = np.array([1.9, 2.0, -1.9, 8.0]), np.zeros(4)
    held = coverage(value, truth, np.array([1.0, 1.0, 1.0, 5.0]))
    assert (held.count, held.n) == (3, 4)
    assert held.value == 0.75
    assert math.isnan(coverage(np.array([]), np.array([]), np.array([])).value)


def test_cannot_tell_is_a_miss_for_sensitivity_and_left_out_of_specificity() -> None:
    found = sensitivity(["watch", "flag", "ok", "cannot_tell"])
    assert (found.count, found.n) == (2, 4)
    spared = specificity(["ok", "ok", "watch", "cannot_tell", "cannot_tell"])
    assert (spared.count, spared.n) == (2, 3)
    assert specificity(["cannot_tell"]).n == 0

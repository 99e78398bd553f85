"""The times that a pose model is given: rising, whatever those of the frames are."""

from __future__ import annotations

import numpy as np

from kneetrack.pose.tracker import ModelClock

TIMES_S = [0.0, 0.033, 0.067, 0.1, 0.133]


def test_a_second_clip_goes_on_at_its_own_pace() -> None:
    """A model that is told 1 ms for each of its frames smooths them until nothing moves."""
    clock = ModelClock()
    first, second = ([clock.at(t_s) for t_s in TIMES_S] for _ in range(2))
    assert first[0] == 1 and second[0] == first[-1] + 1
    np.testing.assert_array_equal(np.diff(first), np.diff(second))


def test_times_rise_by_a_millisecond_at_least() -> None:
    clock = ModelClock()
    times = [clock.at(0.5), clock.at(0.5), clock.between(), clock.at(0.4), clock.at(0.6)]
    assert np.diff(times).min() == 1
    assert times[-1] > times[-2] + 100

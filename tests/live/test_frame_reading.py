"""Gauges: the pointer crosses an edge just when the verdict changes."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kneetrack.exercises import all_exercises
from kneetrack.exercises.rules import Reader
from kneetrack.judge import RANK, reader_status
from kneetrack.live.frame_reading import gauge_position

SQUAT = all_exercises()["squat"]


def readers(measure: str) -> list[Reader]:
    return [
        reader
        for rule in SQUAT.rules
        if rule.name in ("knee_valgus", "knee_varus")
        for reader in rule.readers
        if reader.measure == measure
    ]


@pytest.mark.parametrize("measure", ["kfo", "ktsr"])
@given(value=st.floats(-0.6, 2.0))
def test_the_pointer_and_the_verdict_agree(measure: str, value: float) -> None:
    own = readers(measure)
    assert len(own) == 2
    position = gauge_position(value, own)
    assert position is not None
    worst = max((reader_status(value, r.error, r) for r in own), key=lambda s: RANK[s])
    depth = abs(position)
    if abs(depth - 1) > 1e-6 and abs(depth - 2) > 1e-6:
        allowed = {"ok"} if depth < 1 else {"watch"} if depth < 2 else {"flag", "watch"}
        assert worst in allowed


@pytest.mark.parametrize(("measure", "inward"), [("kfo", +1), ("ktsr", -1)])
def test_inward_is_positive_and_grows(measure: str, inward: int) -> None:
    own = readers(measure)
    middle = 0.0 if measure == "kfo" else 1.0
    values = middle + inward * np.linspace(0.02, 0.5, 30)
    positions = [gauge_position(float(v), own) or 0.0 for v in values]
    assert positions == sorted(positions)
    assert positions[-1] > 2
    outward = gauge_position(middle - inward * 0.5, own)
    assert outward is not None and outward < -1


def test_without_bands_there_is_no_pointer() -> None:
    assert gauge_position(1.0, [Reader("knee_flexion", "deg", 3.0)]) is None

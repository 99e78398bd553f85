"""Sets that are done in sessions of their own, and somebody who never comes."""

from __future__ import annotations

import pytest

from kneetrack.live.plan import Plan
from tests.live.acting import Act


def test_the_second_set_alone_is_the_last() -> None:
    act = Act(Plan(exercise="squat", sets_total=2, reps_total=2, first_set=2, rest_s=20.0))
    act.to_set()
    assert (act.now.screen.set_number, act.now.screen.sets_total) == (2, 2)
    act.rep()
    act.rep()
    assert act.flow.ending == "done" and act.phases[-1] == "summary"
    assert "rest" not in act.phases


def test_the_first_of_three_ends_without_a_rest() -> None:
    act = Act(Plan(exercise="squat", sets_total=3, reps_total=1, last_set=1, rest_s=20.0))
    act.to_set().rep()
    assert act.phases[-1] == "summary" and act.flow.ending == "done"


def test_two_of_three_have_a_rest_between_them() -> None:
    act = Act(Plan(exercise="squat", sets_total=3, reps_total=1, last_set=2, rest_s=20.0))
    act.to_set().rep()
    act.until("rest")
    act.to_set().rep()
    assert act.phases[-1] == "summary"
    assert Plan(sets_total=3).ends_with == 3


@pytest.mark.parametrize(("gone_s", "phase"), [(30.0, "summary"), (None, "framing")])
def test_who_never_comes_is_waited_for_only_so_long(gone_s: float | None, phase: str) -> None:
    act = Act(Plan(exercise="squat", gone_s=gone_s))
    act.go(29.0, pose=None)
    assert act.now.phase == "framing"
    act.go(3.0)
    assert act.now.phase == phase
    assert (act.flow.ending == "left") == (gone_s is not None)


def test_who_leaves_before_the_first_repetition_has_left_after_a_while() -> None:
    act = Act(Plan(exercise="squat", gone_s=30.0))
    act.to_set()
    act.go(20.0, pose=None)
    assert act.now.phase == "framing"
    act.go(12.0)
    assert act.flow.ending == "left"

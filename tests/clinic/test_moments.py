"""Which moments of a take are shown."""

from __future__ import annotations

import pytest

from kneetrack.clinic.moments import moments
from kneetrack.result import Result
from tests.report.make_results import nothing_judged, nothing_recognised, one_knee_in, side_take
from tests.test_wording import offences


def with_values(values: list[float | None], error: float = 0.03, **facts: object) -> Result:
    """A squat with so many repetitions, the right knee so far in."""
    base, _ = one_knee_in()
    row = base.reps[0]
    reps = [
        row.model_copy(
            update={
                "index": i + 1,
                "start_s": 3.0 * i,
                "bottom_s": 3.0 * i + 1,
                "end_s": 3.0 * i + 2,
                "measures": {"kfo_ratio_left": 0.01, "kfo_ratio_right": value},
                "errors": {"kfo_ratio_left": error, "kfo_ratio_right": error},
                **facts,
            }
        )
        for i, value in enumerate(values)
    ]
    return base.model_copy(update={"reps": reps})


def test_a_number_that_rests_on_a_correction_has_a_star() -> None:
    made = with_values([0.10, 0.12, 0.30, 0.11, 0.09])
    made.reps[2] = made.reps[2].model_copy(update={"corrected_measures": ["kfo_ratio_right"]})
    typical, telling = moments(made)
    assert telling.caption.endswith("30 ± 3 % of the shank*")
    assert "*" not in typical.caption


def test_a_typical_repetition_and_the_most_marked_one() -> None:
    typical, telling = moments(with_values([0.10, 0.12, 0.30, 0.11, 0.09]))
    assert (typical.key, typical.rep, typical.t_s) == ("typical", 4, 10.0)
    assert (telling.key, telling.rep, telling.t_s) == ("telling", 3, 7.0)
    assert "right knee over foot 30 ± 3 % of the shank" in telling.caption
    assert typical.title == "Rep 4, at its deepest"


def test_what_differs_by_less_than_the_error_is_not_told_apart() -> None:
    assert [m.key for m in moments(with_values([0.10, 0.12, 0.11]))] == ["typical"]


def test_only_the_working_leg_counts() -> None:
    found = moments(with_values([0.5, 0.5], side="left"))
    assert "left knee over foot 1 ± 3 %" in found[0].caption


def test_repetitions_that_were_not_judged_are_passed_over() -> None:
    found = moments(with_values([0.1, 0.1, None]))
    assert found[0].rep in (1, 2)
    assert moments(with_values([0.1], valid=False))[0].rep == 1


def test_a_balance_is_shown_halfway_and_a_bridge_at_its_top() -> None:
    stance = moments(with_values([0.1], exercise="single_leg_stance"))[0]
    assert stance.t_s == pytest.approx(1.0)
    assert stance.title == "Rep 1, halfway through"
    assert moments(with_values([0.1], exercise="glute_bridge"))[0].title == "Rep 1, at the top"


@pytest.mark.parametrize("make", [nothing_judged, side_take, one_knee_in])
def test_every_take_has_a_moment(make: object) -> None:
    result, _ = make()  # type: ignore[operator]
    found = moments(result)
    assert found[0].key == "typical"
    assert all(offences(m.title + m.caption) == [] for m in found)


def test_without_repetitions_the_middle_is_shown() -> None:
    result, _ = nothing_recognised()
    (found,) = moments(result)
    assert (found.key, found.rep) == ("seen", None)
    assert found.t_s == pytest.approx(result.source.duration_s / 2)

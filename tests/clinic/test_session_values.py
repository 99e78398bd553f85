"""Means over repetitions with their errors, and right minus left."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kneetrack.clinic.catalogue import YAW
from kneetrack.clinic.sessions import mean_and_error, session_values, side_differences
from kneetrack.clinic_records.plans import Protocol, Step
from kneetrack.clinic_records.visits import RESULT_FILE
from kneetrack.store import Store
from tests.clinic import numbering as n
from tests.storing import new_client, new_session

FINITE = st.floats(-100, 100)


def test_mean_and_error_by_hand() -> None:
    """Mean 0.10, sd 0.02; error sqrt(0.03^2 + 0.02^2 / 4) = sqrt(0.0010) = 0.031623."""
    mean, error, sd = mean_and_error([0.08, 0.08, 0.12, 0.12], [0.03, 0.03, 0.03, 0.03])
    assert mean == pytest.approx(0.10)
    assert sd == pytest.approx(math.sqrt(4 * 0.02**2 / 3))
    assert error == pytest.approx(math.sqrt(0.03**2 + (4 * 0.02**2 / 3) / 4))


def test_one_repetition_has_no_spread_and_its_own_error() -> None:
    assert mean_and_error([5.0], [2.0]) == (5.0, 2.0, None)
    assert mean_and_error([5.0], []) == (5.0, None, None)


def test_without_known_errors_the_spread_is_left() -> None:
    assert mean_and_error([1.0, 3.0], [])[1] == pytest.approx(math.sqrt(2) / math.sqrt(2))


def test_a_mean_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="nothing"):
        mean_and_error([], [])


@given(st.lists(FINITE, min_size=1, max_size=12), st.floats(0.01, 10))
def test_repeating_does_not_make_the_models_part_smaller(values: list[float], error: float) -> None:
    told = mean_and_error(values, [error] * len(values))[1]
    assert told is not None and told >= error - 1e-12


@given(st.lists(FINITE, min_size=2, max_size=12), FINITE, st.floats(0.01, 10))
def test_shifting_all_shifts_the_mean_alone(values: list[float], by: float, error: float) -> None:
    errors = [error] * len(values)
    mean, told, _ = mean_and_error(values, errors)
    moved, same, _ = mean_and_error([v + by for v in values], errors)
    assert moved == pytest.approx(mean + by, abs=1e-9)
    assert told is not None and same == pytest.approx(told, abs=1e-6)


# ------------------------------------------------------------------ values of a session


def test_only_valid_repetitions_with_a_value_count() -> None:
    made = n.take(n.SQUAT).put(
        "kfo", [0.1, None, 0.9, 0.2, 0.3], side="left", valid=[True, True, False, True, True]
    )
    told = n.values(made)["squat", "kfo", "left"]
    assert told.value == pytest.approx(0.2)
    assert (told.reps, told.reps_total) == (3, 5)
    assert told.key.view == "front" and told.key.unit == "ratio"


def test_a_measure_that_was_never_read_says_why() -> None:
    made = n.take(n.SQUAT).put("ktsr", [None, None])
    told = n.values(made)["squat", "ktsr", "both"]
    assert told.value is None and told.error is None and told.reps == 0
    assert told.why_not == "could not be read in any repetition"
    hidden = n.take(n.SQUAT).put("ktsr", [0.9, 0.9], valid=[False, False])
    why = n.values(hidden)["squat", "ktsr", "both"].why_not
    assert why.startswith("the legs were hidden in over a tenth of every repetition: film again")


def test_a_view_that_was_not_filmed_is_named() -> None:
    made = n.take(n.SQUAT).put("kfo", [0.1], side="left")
    assert n.values(made)["squat", "knee_flexion", "both"].why_not == "no take from the side"


def test_a_take_from_another_side_than_asked_is_named() -> None:
    wrong = n.take(n.SQUAT, "side").put("kfo", [0.1], side="left", view="front")
    told = n.values(wrong)
    assert told["squat", "knee_flexion", "both"].why_not == (
        "the take from the side was seen from the front: film again"
    )


def test_front_and_side_of_a_step_are_both_there_each_naming_its_view() -> None:
    front = n.take(n.SQUAT, "front", "t1").put("kfo", [0.1], side="left").put("depth", [-0.5])
    side = n.take(n.SQUAT, "side", "t2").put("knee_flexion", [90.0]).put("depth", [-0.2])
    told = n.values(front, side)
    assert told["squat", "kfo", "left"].key.view == "front"
    assert told["squat", "knee_flexion", "both"].key.view == "side"
    depth = told["squat", "depth", "both"]
    assert (depth.value, depth.key.view) == (-0.2, "side")


def test_depth_is_from_the_front_where_nothing_else_was_filmed() -> None:
    depth = n.values(n.take(n.SQUAT).put("depth", [-0.5]))["squat", "depth", "both"]
    assert (depth.value, depth.key.view) == (-0.5, "front")


def test_the_view_is_the_one_that_was_seen() -> None:
    made = n.take(n.SQUAT).put("kfo", [0.1, 0.1], side="left", view="oblique")
    assert n.values(made)["squat", "kfo", "left"].key.view == "oblique"


def test_another_exercise_is_not_mixed_in() -> None:
    made = n.take(n.SQUAT).put("kfo", [0.5], side="left", exercise="lateral_lunge")
    told = n.values(made)["squat", "kfo", "left"]
    assert told.value is None and told.why_not == (
        "another exercise was seen, lateral lunge: film again"
    )


def test_a_step_of_one_leg_tells_that_leg_and_the_other_one_where_it_trails() -> None:
    lunge = Step("lunge_left", "Lunge", "lateral_lunge", ("front",), "left")
    made = (
        n.take(lunge)
        .put("kfo", [0.1], side="left")
        .put("trailing_knee_flexion", [5.0], side="right")
    )
    told = n.values(made, protocol=Protocol("p", "P", 1, (lunge,)))
    assert told["lunge_left", "trailing_knee_flexion", "right"].value == 5.0
    assert ("lunge_left", "kfo", "right") not in told


def test_a_correction_and_the_cameras_yaw_come_along() -> None:
    made = n.take(n.SQUAT).put("kfo", [0.1, 0.1], side="left", corrected=1).fact(YAW, 2.5)
    told = n.values(made)["squat", "kfo", "left"]
    assert told.corrected and told.yaw_deg == 2.5
    assert not n.values(n.take(n.SQUAT).put("kfo", [0.1], side="left"))[
        "squat", "kfo", "left"
    ].corrected


def test_a_repetition_that_was_struck_out_marks_the_mean_of_the_others() -> None:
    made = n.take(n.SQUAT).put("kfo", [0.1, 0.1], side="left")
    made.put(YAW, [1.0], rep=0, corrected=0)
    assert n.values(made)["squat", "kfo", "left"].corrected


def test_steps_that_were_not_done_are_not_there() -> None:
    assert {step for step, _, _ in n.values(n.take(n.SQUAT).put("ktsr", [1.0]))} == {"squat"}


def test_the_reason_is_found_in_the_result_file(store: Store) -> None:
    session = new_session(store, new_client(store))
    made = (
        n.take(n.SQUAT)
        .put("ktsr", [None, None])
        .put("fppa_change_at_45_60", [None, None], side="left")
    )
    trial = n.keep(store, session.id, made)[0]
    (store.trial_folder(trial.id) / RESULT_FILE).write_text(
        '{"coverage": {"ktsr_ratio": {"valid_fraction": 0, "reasons": {"rare": 0.1, '
        '"feet too close together": 0.8}}, "fppa_change_deg_left": {"valid_fraction": 0.9, '
        '"reasons": {"bent too far": 0.1}}}}',
        "utf-8",
    )
    found = {(v.key.measure, v.key.side): v for v in session_values(store, session, n.PROTOCOL)}
    assert found["ktsr", "both"].why_not == "feet too close together"
    assert found["fppa_change_at_45_60", "left"].why_not == (
        "the knee did not bend 45 to 60 degrees"
    )
    assert found["kfo", "left"].why_not == (
        "no repetition on the left leg was found: film again, or add it by hand"
    )


@pytest.mark.parametrize("broken", ["", "[]", "{", '{"coverage": 5}'])
def test_a_result_file_that_cannot_be_read_takes_nothing_away(store: Store, broken: str) -> None:
    session = new_session(store, new_client(store))
    trial = n.keep(store, session.id, n.take(n.SQUAT).put("ktsr", [None]).put("kasr", [1.0]))[0]
    (store.trial_folder(trial.id) / RESULT_FILE).write_text(broken, "utf-8")
    found = {v.key.measure: v for v in session_values(store, session, n.PROTOCOL)}
    assert found["ktsr"].why_not and found["kasr"].value == 1.0


def test_a_session_without_good_trials_has_no_values(store: Store) -> None:
    session = new_session(store, new_client(store))
    assert session_values(store, session, n.PROTOCOL) == []
    trial = n.keep(store, session.id, n.take(n.SQUAT).put("kfo", [0.1], side="left"))[0]
    store.reject_trial(trial.id, "stumbled")
    assert session_values(store, session, n.PROTOCOL) == []


# ------------------------------------------------------------------ right minus left


def test_right_minus_left_in_units() -> None:
    made = n.take(n.SQUAT).put("kfo", [0.02] * 4, side="left", error=0.03)
    made.put("kfo", [0.22] * 4, side="right", error=0.04)
    found = next(
        d for d in side_differences(list(n.values(made).values())) if d.key.measure == "kfo"
    )
    assert found.difference == pytest.approx(0.20)
    assert found.error == pytest.approx(0.05)
    assert found.percent is None and found.why == ""
    assert found.key.side == "both"


def test_two_steps_of_one_leg_each_are_put_side_by_side() -> None:
    left = n.take(n.LEFT, "front", "t1").put("kfo", [0.05], side="left")
    right = n.take(n.RIGHT, "front", "t2").put("kfo", [0.07], side="right")
    found = {d.key.measure: d for d in side_differences(list(n.values(left, right).values()))}
    assert found["kfo"].key.step == "slsq"
    assert found["kfo"].difference == pytest.approx(0.02)
    assert found["kfo"].why == "no more than the errors of the two sides"


def test_percent_is_told_of_time_and_depth_alone() -> None:
    """100 (1.2 - 0.8) / 1.0 = 40 %."""
    found = side_differences(
        [
            n.value(0.8, 0.1, measure="descent", side="left"),
            n.value(1.2, 0.1, measure="descent", side="right", step="slsq_right"),
            n.value(2.0, 0.1, measure="trunk_lean", side="left"),
            n.value(4.0, 0.1, measure="trunk_lean", side="right", step="slsq_right"),
        ]
    )
    assert found[0].percent == pytest.approx(40.0)
    assert found[1].percent is None and found[1].difference == pytest.approx(2.0)


@pytest.mark.parametrize(
    ("yaws", "told"),
    [((1.0, -3.0), True), ((0.0, 3.1), False), ((-3.2, 0.0), False), ((None, 1.0), False)],
)
def test_frontal_angles_are_compared_only_with_the_camera_square(
    yaws: tuple[float | None, float | None], told: bool
) -> None:
    sides = [
        n.value(8.0, 2.0, side="left", yaw_deg=yaws[0]),
        n.value(20.0, 2.0, side="right", step="slsq_right", yaw_deg=yaws[1]),
    ]
    found = side_differences(sides)[0]
    assert (found.difference is not None) is told
    assert bool(found.why) is not told


def test_a_missing_side_says_which_and_why() -> None:
    sides = [n.value(None, side="left", why_not="foot hidden"), n.value(9.0, side="right")]
    found = side_differences(sides)[0]
    assert found.difference is None and found.why == "left: foot hidden"


def test_sides_seen_from_different_views_are_not_compared() -> None:
    sides = [
        n.value(0.1, 0.01, measure="kfo", side="left", view="oblique"),
        n.value(0.2, 0.01, measure="kfo", side="right", step="slsq_right"),
    ]
    found = side_differences(sides)[0]
    assert found.difference is None and "oblique" in found.why

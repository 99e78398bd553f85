"""From a result to the rows that the store keeps."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kneetrack.clinic.facts import take_facts
from kneetrack.clinic.readings import Touched, numbers_of, parse_key
from kneetrack.clinic_records.numbers import Reading, TrialNumbers
from kneetrack.records import PoseTrack
from kneetrack.result import RepRow, Result, SetRow, View
from tests.report.make_results import FRONT, provenance, rep_row, source, verdict
from tests.sampled import sample
from tests.web.filling import take

BACK = View(name="back", yaw_deg=178.0)


def made(*reps: RepRow, view: View = FRONT, exercise: str = "squat") -> Result:
    row = SetRow.model_validate(
        {
            "index": 1,
            "exercise": exercise,
            "side": "both",
            "start_s": 0,
            "end_s": 9,
            "reps": [r.index for r in reps],
            "view": view,
        }
    )
    return Result.model_validate(
        {
            "exercise": exercise,
            "exercise_detected": exercise,
            "source": source(),
            "view": view,
            "sets": [row],
            "reps": list(reps),
            "provenance": provenance(),
        }
    )


def rep(index: int = 1, **more: object) -> RepRow:
    return rep_row(index, (0.0, 1.0, 2.0), [], **more)


def by_name(numbers: TrialNumbers, rep_index: int = 1) -> dict[tuple[str, str], Reading]:
    return {(r.measure, r.side): r for r in numbers.readings if r.rep == rep_index}


@pytest.mark.parametrize(
    ("key", "parsed"),
    [
        ("kfo_ratio_left", ("kfo", "left", "ratio")),
        ("ktsr_ratio", ("ktsr", "both", "ratio")),
        ("fppa_deg_left_at_45_60", ("fppa_at_45_60", "left", "deg")),
        ("fppa_change_deg_right", ("fppa_change", "right", "deg")),
        ("fppa_change_deg_mean", ("fppa_change_mean", "both", "deg")),
        ("fppa_change_deg_mean_at_45_60", ("fppa_change_mean_at_45_60", "both", "deg")),
        ("lead_knee_flexion_deg_right", ("lead_knee_flexion", "right", "deg")),
        ("hip_adduction_2d_deg_left", ("hip_adduction_2d", "left", "deg")),
        ("nonsense", None),
        ("", None),
    ],
)
def test_keys_of_a_result_are_taken_apart(key: str, parsed: object) -> None:
    assert parse_key(key) == parsed


@given(st.text(max_size=40))
def test_any_key_is_taken_apart_or_refused(key: str) -> None:
    parsed = parse_key(key)
    assert parsed is None or parsed[2] in {"deg", "ratio", "s"}


def test_every_key_of_a_real_result_is_understood() -> None:
    for name in ("sq_in30_right_ben", "lunge_good_L_anna", "bridge_side_low"):
        for key in sample(name).reps[0].measures:
            assert parse_key(key) is not None, key


def test_values_errors_and_view_come_over() -> None:
    row = rep(
        measures={"kfo_ratio_left": 0.08, "kfo_ratio_right": None, "ktsr_ratio": 0.9},
        errors={"kfo_ratio_left": 0.03, "ktsr_ratio": 0.04},
    )
    found = by_name(numbers_of("t1", made(row)))
    assert found["kfo", "left"] == Reading(
        "t1", 1, "squat", "kfo", "left", "ratio", "front", 0.08, 0.03
    )
    assert (found["ktsr", "both"].value, found["ktsr", "both"].error) == (0.9, 0.04)


def test_what_could_not_be_read_is_kept_as_not_read_and_never_as_zero() -> None:
    row = rep(measures={"kfo_ratio_right": None}, errors={})
    found = by_name(numbers_of("t1", made(row)))
    assert found["kfo", "right"].value is None
    assert found["kfo", "left"].value is None
    assert found["ktsr", "both"].error is None


def test_only_measures_of_the_view_are_kept() -> None:
    row = rep(measures={"knee_flexion_deg_left": 90.0, "heel_lift_ratio_left": 0.0})
    front = {m for m, _ in by_name(numbers_of("t", made(row)))}
    side = {m for m, _ in by_name(numbers_of("t", made(row, view=View(name="side", yaw_deg=90))))}
    assert "knee_flexion" not in front and "kfo" in front
    assert {"knee_flexion", "heel_lift"} <= side and "kfo" not in side


def test_the_near_leg_speaks_for_a_number_of_both() -> None:
    row = rep(
        measures={"knee_flexion_deg_left": None, "knee_flexion_deg_right": 88.0},
        errors={"knee_flexion_deg_right": 2.5},
    )
    found = by_name(numbers_of("t", made(row, view=View(name="side", yaw_deg=-90))))
    assert (found["knee_flexion", "both"].value, found["knee_flexion", "both"].error) == (88.0, 2.5)


def test_one_legged_work_has_the_working_leg_alone() -> None:
    row = rep(
        exercise="single_leg_squat",
        side="right",
        measures={"kfo_ratio_left": 0.5, "kfo_ratio_right": 0.1, "trunk_lean_deg": 4.0},
    )
    found = by_name(numbers_of("t", made(row, exercise="single_leg_squat")))
    assert ("kfo", "left") not in found
    assert found["kfo", "right"].value == 0.1
    assert found["descent", "right"].value == 1.0


def test_a_lunge_has_the_trailing_knee_of_the_other_leg() -> None:
    row = rep(
        exercise="lateral_lunge",
        side="left",
        measures={
            "trailing_knee_flexion_deg_left": 80.0,
            "trailing_knee_flexion_deg_right": 5.0,
            "lead_knee_flexion_deg_left": 85.0,
            "lead_knee_flexion_deg_right": 5.0,
            "step_width_ratio": 1.0,
        },
    )
    found = by_name(numbers_of("t", made(row, exercise="lateral_lunge")))
    assert found["trailing_knee_flexion", "right"].value == 5.0
    assert ("trailing_knee_flexion", "left") not in found
    assert found["lead_knee_flexion", "left"].value == 85.0
    assert found["step_width", "left"].value == 1.0


@pytest.mark.parametrize(
    ("side", "view", "told"),
    [("left", FRONT, 4.0), ("right", FRONT, -4.0), ("left", BACK, -4.0), ("right", BACK, 4.0)],
)
def test_a_lean_is_told_towards_the_leg_that_works(side: str, view: View, told: float) -> None:
    """A lean of +4 is to the right of the picture: from the front the client's left."""
    row = rep(exercise="single_leg_squat", side=side, measures={"trunk_lean_deg": 4.0})
    found = by_name(numbers_of("t", made(row, view=view, exercise="single_leg_squat")))
    lean = next(r for (measure, _), r in found.items() if measure == "trunk_lean")
    assert lean.value == told


def test_a_stance_is_told_over_its_whole_length() -> None:
    row = rep(
        exercise="single_leg_stance",
        side="left",
        hold_s=20.0,
        measures={"fppa_deg_left": 99.0, "pelvic_drop_deg_left": 99.0},
    ).model_copy(
        update={
            "verdicts": [
                verdict("knee_valgus", "left", "ok", "fppa", value=2.0, error=1.9, unit="deg"),
                verdict("sway", "left", "ok", "sway", value=0.01, error=0.003, unit="ratio"),
                verdict("balance_lost", "left", "ok", "foot_down", value=0.0, error=0.05),
                verdict("pelvic_drop", "left", "cannot_tell", "pelvic_drop", reason="hidden"),
                verdict("trunk_lean", "both", "ok", "trunk_lean", value=1.5, error=1.6),
                verdict("seconds_held", "left", "ok", "hold", value=20.0, error=0.1, unit="s"),
            ]
        }
    )
    found = by_name(numbers_of("t", made(row, exercise="single_leg_stance")))
    told = {measure: r.value for (measure, _), r in found.items()}
    assert told == {
        "hold": 20.0,
        "foot_down": 0.0,
        "sway": 0.01,
        "fppa": 2.0,
        "pelvic_drop": None,
        "trunk_lean": 1.5,
    }


def test_repetitions_and_verdicts_come_over() -> None:
    row = rep(valid=False, depth=math.nan).model_copy(
        update={"verdicts": [verdict("too_fast", "both", "ok", "descent", value=1.0, unit="s")]}
    )
    numbers = numbers_of("t9", made(row))
    assert numbers.reps_valid == 0
    assert numbers.reps[0].depth is None and numbers.reps[0].trial_id == "t9"
    assert [v.rule for v in numbers.verdicts] == ["too_fast"]
    assert not any(r.valid for r in numbers.readings if r.rep == 1)


def test_a_correction_is_marked_where_it_reaches() -> None:
    result = made(rep(1), rep(2))
    touched = Touched(
        reps=frozenset({2}),
        readings=frozenset({(1, "kfo", "left"), (1, "ktsr", "both")}),
        verdicts=frozenset({(1, "knee_valgus", "left")}),
    )
    numbers = numbers_of("t", result, touched=touched)
    first, second = by_name(numbers, 1), by_name(numbers, 2)
    assert {name for name, r in first.items() if r.corrected} == {("kfo", "left"), ("ktsr", "both")}
    assert all(r.corrected for r in second.values())
    assert [line.corrected for line in numbers.reps] == [False, True]
    assert touched.verdict(1, "knee_valgus", "left")
    assert not touched.verdict(1, "knee_valgus", "right")
    assert Touched(everything=True).reading(7, "kfo", "left")


def test_a_number_of_the_body_is_touched_by_either_side() -> None:
    touched = Touched(readings=frozenset({(1, "knee_flexion", "left")}))
    assert touched.reading(1, "knee_flexion", "both")
    assert not touched.reading(1, "knee_flexion", "right")
    assert not touched.reading(2, "knee_flexion", "both")


@pytest.mark.parametrize(("kind", "marked"), [("bounds", True), ("landmark", False)])
def test_other_repetitions_are_marked_at_the_facts_of_the_take(kind: str, marked: bool) -> None:
    note = {"id": "c1", "kind": kind, "text": "struck out", "reason": "stumbled"}
    result = Result.model_validate(made(rep()).model_dump(by_alias=True) | {"corrections": [note]})
    assert {r.corrected for r in numbers_of("t", result).readings if r.rep == 0} == {marked}


# ------------------------------------------------------------------ facts of a take


def test_facts_of_a_take_are_readings_of_repetition_nought() -> None:
    result = take("squat", "both", "front")
    facts = by_name(numbers_of("t", result), 0)
    assert set(facts) == {
        ("take_body_height", "both"),
        ("take_stance", "both"),
        ("take_yaw", "both"),
    }
    assert facts["take_yaw", "both"].value == pytest.approx(0.0, abs=2.0)
    assert facts["take_body_height", "both"].unit == "ratio"


def test_a_take_read_from_a_file_has_the_yaw_alone() -> None:
    facts = take_facts(made(rep()))
    assert (facts.body_height, facts.stance, facts.yaw_deg) == (None, None, FRONT.yaw_deg)


def test_body_height_follows_the_size_in_the_picture_and_stance_does_not() -> None:
    result = take("squat", "both", "front")
    track = result.track
    assert track is not None
    half = PoseTrack(track.xy_px / 2, track.xyz_m, track.confidence, track.t_s, track.size_px)
    whole, small = take_facts(result), take_facts(result.model_copy(update={"track": half}))
    assert whole.body_height is not None and small.body_height is not None
    assert small.body_height == pytest.approx(whole.body_height / 2, rel=0.01)
    assert whole.stance is not None and small.stance == pytest.approx(whole.stance, rel=0.01)
    assert 0.15 < whole.stance < 0.7


def test_stance_is_known_of_squats_from_the_front_alone() -> None:
    assert take_facts(take("squat", "both", "side")).stance is None
    assert take_facts(take("lateral_lunge", "both", "front")).stance is None


def test_nobody_seen_gives_no_facts() -> None:
    result = take("squat", "both", "front")
    track = result.track
    assert track is not None
    gone = replace(track, xy_px=track.xy_px * math.nan)
    assert take_facts(result.model_copy(update={"track": gone})).body_height is None


def test_a_lying_body_has_a_length() -> None:
    height = take_facts(take("glute_bridge", "both", "side")).body_height
    assert height is not None and 0.2 < height < 1.0

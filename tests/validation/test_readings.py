"""Fake results against a truth worked out by hand: every reading, and why there is none."""

from __future__ import annotations

import numpy as np
import pytest

from kneetrack.result import Result, View
from kneetrack.validation.outcome import Reading
from kneetrack.validation.readings import NOT_FOUND, match, readings_of
from kneetrack.validation.truth import Truth
from tests.validation import fakes

BOTTOMS = [(1, 2.05), (2, 4.9)]


def of(known: Truth, found: Result, measure: str) -> list[Reading]:
    return [r for r in readings_of(known, found) if r.measure == measure]


def reps(measures: dict[str, float | None], errors: dict[str, float | None] | None = None) -> list:
    return [fakes.rep(i, t_s, measures, errors) for i, t_s in BOTTOMS]


def test_offsets_at_the_bottom_with_their_stated_error() -> None:
    known = fakes.truth(inward=(0.15, 0.0))
    found = fakes.result(
        reps({"kfo_ratio_left": 0.12, "kfo_ratio_right": 0.01}, {"kfo_ratio_left": 0.03})
    )
    first = of(known, found, "kfo_bottom")[0]
    assert (first.side, first.rep, first.unit, first.view) == ("left", 1, "ratio", "front")
    assert (first.value, first.error) == (0.12, 0.03)
    assert first.truth == pytest.approx(0.15)
    assert first.flexion_deg == pytest.approx(fakes.DEPTH)
    right = [r for r in of(known, found, "kfo_bottom") if r.side == "right"]
    assert [r.error for r in right] == [None, None], "no error stated"
    assert [r.truth for r in right] == pytest.approx([0, 0])


def test_a_number_that_is_not_given_has_its_commonest_reason() -> None:
    found = fakes.result(reps({"kfo_ratio_left": None}, {"kfo_ratio_left": 0.03}))
    first = of(fakes.truth(), found, "kfo_bottom")[0]
    assert (first.value, first.error, first.reason) == (None, None, "the foot is hidden")


def test_a_repetition_that_is_not_found() -> None:
    found = fakes.result([fakes.rep(1, 5.0, {"kfo_ratio_left": 0.1})])
    left = [r for r in of(fakes.truth(), found, "kfo_bottom") if r.side == "left"]
    assert [(r.value, r.reason) for r in left] == [(None, NOT_FOUND), (0.1, "")]
    times = of(fakes.truth(), found, "bottom_time")
    assert [(r.value, r.truth) for r in times] == [(None, 2.0), (5.0, 5.0)]
    (count,) = of(fakes.truth(), found, "repetitions")
    assert (count.value, count.truth) == (1, 2)


def test_pairs_are_closest_first_and_used_once() -> None:
    assert match([2.0, 5.0], [4.6, 5.2], [1, 1]) == [None, 1]
    assert match([2.0, 3.0], [2.6], [1, 1]) == [None, 0]
    assert match([2.0], [3.5], [1]) == [None]


def test_mid_range_frames_are_chosen_by_the_true_flexion() -> None:
    """The column is off by 3 at 45 to 60 degrees, and by 100 elsewhere."""
    bent = fakes.flexion()
    inside = (bent >= 45) & (bent <= 60)
    column = 2 + 0.2 * bent + np.where(inside, 3.0, 100.0)
    found = fakes.result(reps({}), columns={"fppa_deg_left": column})
    left = [r for r in of(fakes.truth(), found, "fppa") if r.side == "left"]
    assert len(left) == 2
    for reading in left:
        assert reading.value is not None
        assert reading.value - reading.truth == pytest.approx(3)
        assert 45 <= (reading.flexion_deg or 0) <= 60


def test_the_change_is_counted_from_standing() -> None:
    """Truth stands at 2 degrees: a column that says 0.2 a degree of flexion is exact."""
    found = fakes.result(reps({}), columns={"fppa_change_deg_left": 0.2 * fakes.flexion()})
    left = [r for r in of(fakes.truth(), found, "fppa_change") if r.side == "left"]
    assert [r.value for r in left] == pytest.approx([r.truth for r in left])
    assert left[0].truth == pytest.approx(0.2 * (left[0].flexion_deg or 0), abs=1e-6)


def test_only_frames_with_a_value_count_on_both_sides() -> None:
    """Value and truth are taken over the same frames, so a gap does not become a bias."""
    bent = fakes.flexion()
    column = np.where(bent < 55, np.nan, 2 + 0.2 * bent)
    found = fakes.result(reps({}), columns={"fppa_deg_left": column})
    left = [r for r in of(fakes.truth(), found, "fppa") if r.side == "left"]
    assert [r.value for r in left] == pytest.approx([r.truth for r in left])
    assert left[0].truth > 2 + 0.2 * 55
    nothing = fakes.result(reps({}), columns={"fppa_deg_left": np.full(len(bent), np.nan)})
    assert all(r.value is None for r in of(fakes.truth(), nothing, "fppa") if r.side == "left")


def test_what_the_result_sums_up_for_45_to_60_when_it_does() -> None:
    key = "fppa_change_deg_mean_at_45_60"
    assert of(fakes.truth(), fakes.result(reps({})), "fppa_change_mean_45_60") == []
    found = fakes.result(reps({key: 9.0}, {key: 1.0}))
    first = of(fakes.truth(), found, "fppa_change_mean_45_60")[0]
    assert (first.value, first.error, first.side) == (9.0, 1.0, "both")
    bent = fakes.flexion()[: 3 * fakes.FPS]
    expected = 0.15 * bent[(bent >= 45) & (bent <= 60)].mean()
    assert first.truth == pytest.approx(expected)
    unable = fakes.result(reps({key: None}))
    assert [r.value for r in of(fakes.truth(), unable, "fppa_change_mean_45_60")] == [None, None]


def test_only_the_working_leg_is_judged() -> None:
    known = fakes.truth(movement="single_leg", side="R")
    found = fakes.result(reps({"kfo_ratio_left": 0.1, "kfo_ratio_right": 0.2, "ktsr_ratio": 1.0}))
    assert {r.side for r in of(known, found, "kfo_bottom")} == {"right"}
    assert of(known, found, "ktsr_bottom") == [], "the other foot is in the air"


def test_side_views_are_read_on_the_near_leg() -> None:
    """A camera on the person's left sees the left leg."""
    measures: dict[str, float | None] = {
        "knee_flexion_deg_left": 66.0, "knee_flexion_deg_right": 1.0, "kfo_ratio_left": 0.0
    }  # fmt: skip
    for yaw, side in ((80.0, "left"), (-80.0, "right")):
        known = fakes.truth(yaw=yaw)
        bottoms = of(known, fakes.result(reps(measures)), "knee_flexion_bottom")
        assert [(r.side, r.truth) for r in bottoms] == [(side, pytest.approx(fakes.DEPTH))] * 2
        assert of(known, fakes.result(reps(measures)), "kfo_bottom") == []


def test_both_knees_of_a_lunge() -> None:
    known = fakes.truth(movement="lateral_lunge", side="L", knee_flex_R=0 * fakes.T_S + 6)
    found = fakes.result(
        reps({"lead_knee_flexion_deg_left": 72.0, "trailing_knee_flexion_deg_right": 9.0})
    )
    lead = of(known, found, "lead_knee_flexion_bottom")[0]
    trail = of(known, found, "trailing_knee_flexion_bottom")[0]
    assert (lead.side, lead.value, lead.truth) == ("left", 72.0, pytest.approx(70.0))
    assert (trail.side, trail.value, trail.truth) == ("right", 9.0, pytest.approx(6.0))


def test_bridges_from_the_side_and_from_the_foot_end() -> None:
    arrays = {
        "hip_ext_signed": 110 + fakes.flexion(),
        "knee_sep_m": 0 * fakes.T_S + 0.3,
        "ankle_sep_m": 0 * fakes.T_S + 0.2,
    }
    found = fakes.result(reps({"hip_extension_deg": 175.0, "knee_ankle_separation_ratio": 1.4}))
    beside = fakes.truth(movement="bridge", yaw=90, **arrays)
    assert {r.measure for r in readings_of(beside, found)} == {
        "repetitions", "bottom_time", "hip_extension_top"
    }  # fmt: skip
    assert of(beside, found, "hip_extension_top")[0].truth == pytest.approx(180)
    feet = fakes.truth(movement="bridge", yaw=0, **arrays)
    assert of(feet, found, "knee_ankle_separation_top")[0].truth == pytest.approx(1.5)
    assert of(feet, found, "hip_extension_top") == []


def test_camera_yaw_with_its_error_and_without_an_answer() -> None:
    (yaw,) = of(fakes.truth(yaw=4.0), fakes.result(), "camera_yaw")
    assert (yaw.value, yaw.error, yaw.truth, yaw.rep) == (1.5, 2.0, pytest.approx(4.0), 0)
    unknown = fakes.result(view=View(reason="the camera's direction could not be told"))
    (yaw,) = of(fakes.truth(), unknown, "camera_yaw")
    assert (yaw.value, yaw.reason) == (None, "the camera's direction could not be told")


def test_a_truth_without_an_array_gives_no_such_reading() -> None:
    known = fakes.truth()
    del known.arrays["fppa2d_L"]
    measures = {r.measure for r in readings_of(known, fakes.result(reps({})))}
    assert "kfo_bottom" in measures
    assert not any(name.startswith("fppa") for name in measures)

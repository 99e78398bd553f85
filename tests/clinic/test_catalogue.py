"""What is reported of each exercise, and how its numbers are written."""

from __future__ import annotations

import re
from typing import get_args

import pytest

from kneetrack.clinic import catalogue
from kneetrack.clinic_records.numbers import MeasureKey, SessionValue, SideDifference
from kneetrack.report import glossary
from kneetrack.result import ExerciseName, ViewName
from tests.sampled import sample

EXERCISES = [name for name in get_args(ExerciseName) if name != "none"]
EVERY = {about.key for name in EXERCISES for about in catalogue.reported(name)}


@pytest.mark.parametrize("exercise", EXERCISES)
def test_every_reported_measure_is_explained(exercise: ExerciseName) -> None:
    found = catalogue.reported(exercise)
    assert found
    assert len({about.key for about in found}) == len(found)
    for about in found:
        assert about.definition and about.formula and about.sign, about.key
        assert about.title and about.views and about.unit in {"deg", "ratio", "s"}


def test_nothing_is_reported_of_no_exercise() -> None:
    assert catalogue.reported("none") == ()


def test_every_measure_is_one_the_analysis_gives() -> None:
    given = {glossary.stem(key) for key in sample("lunge_good_L_anna").reps[0].measures}
    given |= {"descent", "ascent", "hold", "foot_down", "sway"}
    stems = {key.replace("_at_45_60", "").removesuffix("_mean") for key in EVERY}
    assert {re.sub(r"_at_45_60$", "", name) for name in given} >= stems


@pytest.mark.parametrize(
    ("measure", "value", "error", "shown"),
    [
        ("fppa_change_at_45_60", 8.3, 2.42, "+8.3 ± 2.4°"),
        ("fppa_change_at_45_60", -8.3, None, "−8.3°"),
        ("kfo", 0.12, 0.032, "+12 ± 3 % of the shank"),
        ("ktsr", 0.92, 0.037, "0.92 ± 0.04"),
        ("knee_flexion", 91.0, 2.5, "91.0 ± 2.5°"),
        ("depth", -0.1, 0.06, "−0.10 ± 0.06 thigh lengths"),
        ("descent", 1.14, 0.2, "1.1 ± 0.2 s"),
        ("kfo", -0.001, None, "0 % of the shank"),
        ("kfo", None, None, "–"),
        ("kfo", float("nan"), None, "–"),
        ("sway", 0.01, 0.0001, "1 ± 1 % of the leg"),
    ],
)
def test_a_number_is_written_with_its_error_and_unit(
    measure: str, value: float | None, error: float | None, shown: str
) -> None:
    assert catalogue.text(measure, value, error) == shown


def test_a_difference_always_has_a_sign_and_a_size_has_none() -> None:
    assert catalogue.difference_text("knee_flexion", 3.14) == "+3.1°"
    assert catalogue.difference_text("ktsr", -0.08) == "−0.08"
    assert catalogue.size_text("kfo", -0.0742) == "7 % of the shank"
    assert catalogue.written("kfo", -0.0742, bare=True, more_places=1) == "−7.4"
    assert catalogue.text("kfo", 0.12, brief=True) == "+12 %"


def test_titles_say_where_a_measure_is_read() -> None:
    assert catalogue.info("fppa_change_mean_at_45_60").title == (
        "Change of the frontal-plane angle from standing (FPPA change), at 45 to 60° of flexion, "
        "mean of both legs"
    )
    assert catalogue.info("kfo").title == "Knee over foot (KFO)"
    assert catalogue.info("something_new").title == "Something new"


def test_percent_is_for_depth_and_time_alone() -> None:
    allowed = {key for key in EVERY if catalogue.info(key).percent}
    assert allowed == {"drop", "descent", "ascent", "hold"}
    for key in allowed:
        assert catalogue.info(key).scale == "ratio"
    for key in ("kfo", "fppa", "fppa_square_at_45_60", "trunk_lean", "pelvic_drop", "depth"):
        assert catalogue.info(key).scale == "interval"


def test_views_belong_to_the_take_that_was_asked_for() -> None:
    families = {view: catalogue.family(view) for view in get_args(ViewName)}
    assert families == {
        "front": "front",
        "oblique": "front",
        "back": "front",
        "side": "side",
        "foot_end": "foot_end",
    }


def test_a_measure_has_one_name_in_every_table_and_a_legend_where_that_is_short() -> None:
    assert catalogue.label("ktsr") == "Knee-to-toe separation (KTSR)"
    assert catalogue.label("depth") == "Depth"
    assert catalogue.label("fppa_change_at_45_60") == "FPPA change at 45–60°"
    told = ("kfo", "fppa_change_at_45_60", "fppa_change_mean_at_45_60", "depth")
    assert catalogue.legend(told) == [
        "FPPA change: Change of the frontal-plane angle from standing"
    ]


def test_the_lower_leg_is_the_shank_everywhere() -> None:
    infos = [catalogue.info(key) for key in sorted(EVERY)]
    texts = [t for i in infos for t in (i.title, i.short, i.unit_words, i.formula, i.definition)]
    assert not [text for text in texts if re.search(r"\bshin", text, re.IGNORECASE)]


@pytest.mark.parametrize(
    ("left", "right", "shown"),
    [(0.036, 0.054, "+1.8 ± 4.2 %"), (0.03, 0.05, "+2 ± 4 %"), (-0.05, 0.05, "+10 ± 4 %")],
)
def test_what_the_sides_differ_by_fits_the_sides_as_they_are_written(
    left: float, right: float, shown: str
) -> None:
    key = MeasureKey("squat", "squat", "kfo", "both", "front", "ratio")
    sides = [SessionValue("s1", key, value, 0.03, None, 8, 8, 0.0) for value in (left, right)]
    found = SideDifference(key, *sides, right - left, 0.042, None)
    assert catalogue.sides_text(found) == shown

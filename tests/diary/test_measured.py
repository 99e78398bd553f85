"""Measures over time, and their gaps."""

from __future__ import annotations

from datetime import date

from kneetrack.clinic_records.practice import PartMeasure
from kneetrack.diary.measured import REPS, Series, all_series, bands_of, number_text
from kneetrack.exercises import all_exercises
from tests.diary.made import BRIDGE, KFO, RELEASE, bridge, lunge, on


def one(series: list[Series], exercise: str, measure: str, side: str) -> Series:
    (found,) = [s for s in series if (s.exercise, s.measure, s.side) == (exercise, measure, side)]
    return found


def test_a_series_has_values_errors_and_gaps() -> None:
    lost = PartMeasure("knee_valgus", "left", "cannot_tell", reason="left foot out of frame")
    records = [
        on(date(2026, 11, 2), 1, parts=(lunge(*KFO),)),
        on(date(2026, 11, 4), 2, parts=(lunge(lost),)),
        on(date(2026, 11, 6), 3, parts=(lunge(*KFO),)),
    ]
    left = one(all_series(records), "lateral_lunge", "kfo", "left")
    assert [t.value for t in left.told] == [0.08, None, 0.08]
    assert [t.error for t in left.told] == [0.02, None, 0.02]
    assert left.told[1].reason == "left foot out of frame"
    assert number_text(left, left.told[0]) == "+8 ± 2 % of the shank"
    assert number_text(left, left.told[1]) == "cannot tell"


def test_a_number_that_cannot_be_told_is_a_gap() -> None:
    doubtful = PartMeasure("knee_valgus", "left", "cannot_tell", "kfo", "ratio", 0.3, 0.2, "dark")
    (series,) = [
        s
        for s in all_series([on(date(2026, 11, 2), 1, parts=(lunge(doubtful),))])
        if s.measure == "kfo"
    ]
    assert series.values == []


def test_two_rules_of_one_measure_are_one_series() -> None:
    varus = PartMeasure("knee_varus", "left", "cannot_tell", "kfo", "ratio", reason="no")
    records = [on(date(2026, 11, 2), 1, parts=(lunge(varus, *KFO),))]
    assert one(all_series(records), "lateral_lunge", "kfo", "left").values == [0.08]


def test_repetitions_are_told_without_a_camera() -> None:
    parts = (RELEASE, bridge(), lunge(reps_done=12, status="partly"))
    skipped = (RELEASE, bridge(), lunge(reps_done=0, status="skipped"))
    records = [on(date(2026, 11, n), n, parts=p) for n, p in ((2, parts), (4, skipped))]
    series = all_series(records)
    assert one(series, "lateral_lunge", REPS, "both").values == [12.0]
    assert one(series, "glute_bridge", REPS, "both").values == [20.0, 20.0]
    assert {s.exercise for s in series} == {"glute_bridge", "lateral_lunge"}


def test_what_tells_most_comes_first() -> None:
    records = [on(date(2026, 11, 2), 1, parts=(bridge(*BRIDGE), lunge(*KFO)))]
    found = [(s.exercise, s.measure) for s in all_series(records)]
    assert found[0] == ("lateral_lunge", "kfo") and found[-1][1] == REPS


def test_bands_are_those_of_the_programme() -> None:
    usual = bands_of("lateral_lunge", "lead_knee_flexion")
    assert [(b.watch, b.flag) for b in usual] == [(100.0, 115.0)]
    assert bands_of("lateral_lunge", "lead_knee_flexion", {}) == []
    assert bands_of("hip_flexor_release", "kfo", all_exercises()) == []
    assert bands_of("lateral_lunge", "step_width") == []

"""Limits of a programme in what is judged: lunges and squats no deeper than prescribed."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from kneetrack.clinic_records.practice import Dose
from kneetrack.exercises.rules import Rule
from kneetrack.programme import limits
from kneetrack.programme.limits import (
    DEEPER,
    limit_words,
    refuse_left_out,
    respected,
    with_programme,
)
from kneetrack.programme.reading import load_programme
from kneetrack.programme.values import Programme
from kneetrack.records import Band, SettingsError
from kneetrack.report import glossary
from kneetrack.settings import Settings, settings_from
from tests import motions as mo
from tests.motions import Tempo, exact  # noqa: F401

HIPS = load_programme(None)
LIMITED = replace(
    HIPS, title="Knee first", max_knee_flexion_deg={"lateral_lunge": 80.0, "squat": 70.0}
)


def rule(settings: Settings, exercise: str, name: str) -> Rule:
    return settings.exercises[exercise].rule(name)


def bands(found: Rule) -> dict[str, Band | None]:
    return {reader.measure: reader.above for reader in found.readers}


def lunge_bands(programme: Programme, **more: Any) -> dict[str, Band | None]:
    return bands(
        rule(with_programme(Settings(), programme, **more), "lateral_lunge", "lunge_too_deep")
    )


def test_the_default_programme_has_no_limits_and_changes_nothing() -> None:
    assert with_programme(Settings(), HIPS) == Settings()
    assert limit_words(HIPS) == ()
    assert respected(HIPS) == ""


def test_a_limit_is_watched_for_and_ten_degrees_beyond_is_a_flag() -> None:
    found = lunge_bands(LIMITED)
    assert found["lead_knee_flexion"] == found["knee_flexion"] == Band(80.0, 90.0)
    assert found["hip_knee_level"] == Band(0.07, 0.15)


def test_the_stricter_of_limit_and_dose_holds_and_none_makes_it_wider() -> None:
    dose = Dose(2, 8, None, 70.0)
    by_key = lunge_bands(LIMITED, doses={"lunge": dose})
    assert by_key["knee_flexion"] == Band(70.0, 80.0)
    assert lunge_bands(LIMITED, doses={"lateral_lunge": dose}) == by_key
    assert lunge_bands(HIPS, doses={"lunge": dose}) == by_key
    deep = replace(dose, depth_deg=95.0)
    assert lunge_bands(LIMITED, doses={"lunge": deep})["knee_flexion"] == Band(80.0, 90.0)
    wide = replace(HIPS, max_knee_flexion_deg={"lateral_lunge": 130.0})
    assert lunge_bands(wide) == lunge_bands(HIPS)


def test_twice_is_as_once_and_the_stricter_of_two_stays() -> None:
    once = with_programme(Settings(), LIMITED)
    assert with_programme(once, LIMITED) == once
    stricter = with_programme(once, LIMITED, {"squat": Dose(2, 8, None, 60.0)})
    assert bands(rule(stricter, "squat", DEEPER)) == {"knee_flexion": Band(60.0, 70.0)}


def test_a_squats_depth_is_judged_where_it_was_information() -> None:
    before = Settings().exercises["squat"]
    after = with_programme(Settings(), LIMITED).exercises["squat"]
    assert len(after.rules) == len(before.rules)
    found = after.rule(DEEPER)
    assert not found.information
    assert bands(found) == {"knee_flexion": Band(70.0, 80.0)}
    assert found.cue == "Not so deep: stop at 70 degrees of knee bend."
    assert before.rule("knee_flexion").information


def test_its_bands_come_too_but_a_limit_holds_against_them() -> None:
    own = {
        "squat": {"knee_valgus": {"kfo": {"watch": 0.05}}},
        "lateral_lunge": {"lunge_too_deep": {"knee_flexion": {"watch": 110.0, "flag": 120.0}}},
    }
    settings = with_programme(Settings(), replace(LIMITED, bands=own))
    assert bands(rule(settings, "squat", "knee_valgus"))["kfo"] == Band(0.05, 0.10)
    deep = bands(rule(settings, "lateral_lunge", "lunge_too_deep"))
    assert deep["knee_flexion"] == Band(80.0, 90.0)


def hold_band(hold_s: float | None, settings: Settings | None = None) -> Band | None:
    dose = Dose(2, 10, hold_s)
    told = with_programme(settings or Settings(), HIPS, {"bridge": dose})
    (reader,) = rule(told, "glute_bridge", "hold_too_short").readers
    return reader.below


def test_who_is_asked_for_a_longer_hold_is_judged_by_it() -> None:
    assert hold_band(None) == hold_band(3.0) == Band(2.0, 1.0)
    assert hold_band(6.0) == Band(4.0, 2.0)
    own = settings_from(
        {"bands": {"glute_bridge": {"hold_too_short": {"hold": {"watch": 5.0, "flag": 1.5}}}}}
    )
    assert hold_band(6.0, own) == Band(5.0, 2.0)
    assert hold_band(1.0, own) == Band(5.0, 1.5)
    six = with_programme(Settings(), HIPS, {"bridge": Dose(2, 10, 6.0)})
    told = rule(six, "glute_bridge", "hold_too_short")
    assert told.cue == "Hold at the top for a slow count of six."
    assert with_programme(six, HIPS, {"bridge": Dose(2, 10, 6.0)}) == six


def test_who_is_asked_for_a_short_hold_is_not_told_that_it_is_short() -> None:
    assert hold_band(1.5) == Band(1.0, 0.5)


def test_the_usual_hold_is_that_of_the_exercise() -> None:
    (reader,) = rule(Settings(), "glute_bridge", "hold_too_short").readers
    assert reader.below == limits._USUAL_HOLD


@pytest.mark.usefixtures("exact")
@pytest.mark.parametrize(
    ("asked_s", "status"), [(1.0, "ok"), (3.0, "ok"), (5.0, "watch"), (9.0, "flag")]
)
def test_a_hold_of_three_seconds_is_short_where_more_was_asked_for(
    asked_s: float, status: str
) -> None:
    settings = with_programme(Settings(), HIPS, {"bridge": Dose(1, 2, asked_s)})
    motion = mo.bridges(Tempo(depths=(1, 1), hold_s=2.2, descent_s=1.0, ascent_s=1.0))
    seen = mo.seen(motion, mo.SIDE_LYING, settings=settings, exercise="glute_bridge")
    row = mo.row(seen, "hold_too_short", "both")
    assert row.value is not None and 2.2 < row.value < 2.9
    assert row.status == status


def test_what_is_told_of_it() -> None:
    told = replace(LIMITED, leave_out=frozenset({"single_leg_squat"}), bands={"squat": {}})
    assert limit_words(told) == (
        "Lateral lunge: no deeper than 80°",
        "Squat: no deeper than 70°",
        "Single-leg squat: left out",
    )
    assert respected(told) == (
        "the programme 'Knee first': lateral lunge no deeper than 80°; squat no deeper than 70°; "
        "single-leg squat: left out; own bands for squat"
    )
    assert with_programme(Settings(), told).notes == (
        "Limits of the programme 'Knee first': lateral lunge no deeper than 80°; "
        "squat no deeper than 70°; single-leg squat: left out; own bands for squat",
    )


def test_what_is_left_out_is_refused() -> None:
    told = replace(HIPS, leave_out=frozenset({"squat"}))
    refuse_left_out(told, "lateral_lunge")
    refuse_left_out(told, None)
    with pytest.raises(SettingsError, match="leaves out squat"):
        refuse_left_out(told, "squat")


def test_the_report_has_words_for_the_rule_that_a_programme_brings() -> None:
    entry = glossary.rule(DEEPER)
    said = {entry.says(status, "both") for status in ("ok", "watch", "flag", "cannot_tell")}  # type: ignore[arg-type]
    assert len(said) == 4
    assert entry.cue
    assert glossary.rule_order(DEEPER) < glossary.rule_order("unknown")


# ------------------------------------------------------------------ judged


@pytest.mark.usefixtures("exact")
def test_a_squat_beyond_the_limit_is_told_from_the_side_and_not_from_the_front() -> None:
    settings = with_programme(Settings(), LIMITED)

    def told(flexion_deg: float, camera: mo.Camera) -> Any:
        motion = mo.squats(Tempo(depths=(1, 1)), flexion_deg=flexion_deg)
        (row,) = [r for r in mo.seen(motion, camera, settings=settings).summary if r.rule == DEEPER]
        return row

    deep = told(95.0, mo.SIDE)
    assert deep.status == "flag"
    assert deep.cue == "Not so deep: stop at 70 degrees of knee bend."
    assert told(60.0, mo.SIDE).status == "ok"
    assert told(95.0, mo.FRONT).status == "cannot_tell"


@pytest.mark.usefixtures("exact")
def test_a_lunge_beyond_the_limit_is_told_and_the_effective_bands_go_with_it() -> None:
    settings = with_programme(Settings(), LIMITED)
    result = mo.seen(mo.lateral_lunges(flexion_deg=105), mo.WIDE, settings=settings)
    (row,) = [r for r in result.summary if r.rule == "lunge_too_deep"]
    assert row.status == "flag"
    assert "no more than 80°" in row.cue
    usual = mo.seen(mo.lateral_lunges(flexion_deg=105), mo.WIDE)
    assert {r.status for r in usual.summary if r.rule == "lunge_too_deep"} <= {"ok", "watch"}
    kept = settings.as_dict()["bands"]["lateral_lunge"]["lunge_too_deep"]["measures"]
    assert kept["knee_flexion"]["watch"] == 80.0
    assert kept["knee_flexion"]["flag"] == 90.0

from __future__ import annotations

from dataclasses import replace

import pytest

from kneetrack.annotate import rep_status as drawn_status
from kneetrack.programme.limits import with_programme
from kneetrack.programme.reading import programme_from
from kneetrack.records import Status
from kneetrack.report import bands as bands_of
from kneetrack.report import overview
from kneetrack.report.bands import BandRow
from kneetrack.report.reptable import rep_table
from kneetrack.report.stills import alike, choose_stills
from kneetrack.report.take import sets_of, view_text
from kneetrack.result import Result, View
from kneetrack.settings import Settings
from tests.report import make_results as made


def checks(result: Result) -> list[overview.Check]:
    bands = bands_of.collect(result.provenance.thresholds)
    return [c for row in sets_of(result) for c in overview.checks(result, row, bands)]


def titles(result: Result) -> list[tuple[Status, str]]:
    return [(h.status, h.title) for h in overview.headlines(overview.merge([checks(result)]))]


def test_worst_first_then_the_knees() -> None:
    assert titles(made.one_knee_in()[0]) == [
        ("flag", "Right knee falls inward"),
        ("ok", "Left knee stays over the foot"),
    ]


def test_both_legs_in_one_state_make_one_headline() -> None:
    result, _ = made.one_knee_in()
    flagged = {"status": "flag", "value": 0.2}
    rows = [
        row.model_copy(update=flagged if row.rule == "knee_valgus" else {})
        for row in result.summary
    ]
    (line,) = overview.headlines(checks(result.model_copy(update={"summary": rows})))
    assert line.title == "Both knees fall inward"
    assert [detail.split(":")[0] for detail in line.details] == ["Left", "Right"]


def test_a_knee_pushed_outside_does_not_stay_over_its_foot() -> None:
    result, _ = made.one_knee_in()
    rows = [
        row.model_copy(update={"status": "flag", "value": -0.2})
        if (row.rule, row.side) == ("knee_varus", "left")
        else row
        for row in result.summary
    ]
    said = [title for _, title in titles(result.model_copy(update={"summary": rows}))]
    assert "Left knee goes far outside the foot" in said
    assert "Left knee stays over the foot" not in said


def test_all_well_says_so_and_asks_for_no_change() -> None:
    result, _ = made.two_sets()
    second = [c for c in checks(result) if c.detail and c.rule == "knee_valgus"][-1:]
    assert overview.worst(second) == "ok"
    assert overview.next_step(second).startswith("Keep it up")


def test_a_picture_too_poor_to_measure_is_no_success() -> None:
    """The tempo alone was ok: the next step is to film better, not to keep it up."""
    result, _ = made.two_sets()
    dark = "too dark: switch on a light, and have it in front of you"
    found = [
        replace(c, status="cannot_tell", reason=dark)
        if not c.information and c.rule != "too_fast"
        else c
        for c in checks(result)
        if c.information or c.rule in {"too_fast", "knee_valgus"}
    ]
    found = [replace(c, status="ok") if c.rule == "too_fast" else c for c in found]
    assert overview.next_step(found) == "Switch on a light, and have it in front of you."


def test_only_what_no_take_could_tell_is_untold() -> None:
    front, side = checks(made.one_knee_in()[0]), checks(made.side_take()[0])
    joined = overview.merge([front, side])
    untold = [name for entry in overview.untold(joined) for name in entry.names]
    assert untold == ["Heel lift (right)"]
    knees = [c for c in joined if c.rule == "knee_valgus"]
    assert {(c.side, c.status) for c in knees} == {("right", "flag"), ("left", "ok")}


def test_reasons_part_into_why_and_what_to_change() -> None:
    (entry,) = overview.untold(checks(made.one_knee_in()[0]))
    assert entry.names == ("Heel lift",)
    assert entry.why == "Heels are not visible from the front"
    assert entry.change == "Film a side take"


def test_one_number_of_both_knees_is_one_check() -> None:
    result, _ = made.one_knee_in()
    rows = [
        made.summary("knee_valgus", side, "ok", "ktsr", value=1.1, unit="ratio", error=0.04)
        for side in ("left", "right")
    ]
    (check,) = checks(result.model_copy(update={"summary": rows, "reps": []}))
    assert (check.side, check.side_name) == ("both", "")
    split = [rows[0], rows[1].model_copy(update={"status": "watch"})]
    assert len(checks(result.model_copy(update={"summary": split}))) == 2


@pytest.mark.parametrize("name", ["one_knee_in", "nothing_judged", "lunges", "two_sets"])
def test_reps_have_the_signs_of_the_video(name: str) -> None:
    result, _ = getattr(made, name)()
    for rep in result.reps:
        assert overview.rep_status(rep) == drawn_status(rep)


def test_bands_are_found_in_the_real_settings() -> None:
    found = bands_of.collect(Settings().as_dict())
    kfo = bands_of.find(found, "knee_valgus", "kfo", "squat")
    assert kfo is not None
    assert (kfo.watch, kfo.flag, kfo.exercise) == (0.04, 0.10, "squat")
    assert kfo.confidence == "medium"
    assert (kfo.ok_text, kfo.flag_text) == ("up to 4 %", "above 10 %")
    ktsr = bands_of.find(found, "knee_valgus", "ktsr", "squat")
    assert ktsr is not None
    assert not ktsr.higher_is_worse
    assert ktsr.ok_text == "from 0.90"
    assert all(band.rule and band.measure and band.exercise for band in found)


def test_a_limit_of_a_programme_says_that_it_is_one() -> None:
    programme = programme_from(
        'title = "Knee first"\n[limits.lateral_lunge]\nknee_flexion_deg = 80\n'
        '[[part]]\nexercise = "lateral_lunge"\nreps = 8\n',
        "own",
    )
    found = bands_of.collect(with_programme(Settings(), programme).as_dict())
    depth = bands_of.find(found, "lunge_too_deep", "lead_knee_flexion", "lateral_lunge")
    assert depth is not None and depth.is_limit
    assert depth.ok_words == "limit of the programme: 80°"
    kfo = bands_of.find(found, "knee_valgus", "kfo", "lateral_lunge")
    assert kfo is not None and not kfo.is_limit and kfo.ok_words.startswith("ok up to")


def test_strange_thresholds_are_passed_over() -> None:
    assert bands_of.collect({}) == ()
    odd = {"bands": {"a": None, "b": 3, "c": {"watch": "x", "flag": 1}, "d": [{"watch": True}]}}
    assert bands_of.collect(odd) == ()


def test_a_bullet_shows_the_value_among_its_zones() -> None:
    band = BandRow("knee_valgus", "kfo", 0.04, 0.10)
    shown = bands_of.bullet(band, 0.30, 0.05)
    assert [zone.status for zone in shown.zones] == ["ok", "watch", "flag"]
    assert shown.zones[0].start == 0
    assert shown.zones[-1].end == 100
    assert shown.zones[2].start < shown.low < shown.at < shown.high < 100
    low = bands_of.bullet(BandRow("knee_valgus", "ktsr", 0.90, 0.80), 0.95, None)
    assert [zone.status for zone in low.zones] == ["flag", "watch", "ok"]
    assert low.zones[2].start < low.at


def test_the_worst_and_the_best_rep_become_pictures() -> None:
    picks = choose_stills(made.one_knee_in()[0])
    assert set(picks) == {"worst-1", "best-1"}
    assert (picks["worst-1"].rep, picks["worst-1"].t_s) == (2, 3.925)
    assert picks["best-1"].rep == 1
    assert picks["worst-1"].caption == "Right: 32 ± 4 % of the shank’s length inside the toes"
    assert alike(picks["worst-1"], picks["best-1"])


def test_in_lunges_the_worst_rep_is_the_deepest_drift() -> None:
    picks = choose_stills(made.lunges()[0])
    assert picks["worst-1"].rep == 7
    assert picks["best-1"].status == "ok"
    assert not alike(picks["worst-1"], picks["best-1"])


def test_every_set_gets_its_own_pictures() -> None:
    picks = choose_stills(made.two_sets()[0])
    assert {choice.set for choice in picks.values()} == {1, 2}


def test_an_unjudged_clip_shows_what_the_camera_saw() -> None:
    (seen,) = choose_stills(made.nothing_judged()[0]).values()
    assert (seen.key, seen.t_s, seen.value) == ("seen-1", 1.525, None)
    (middle,) = choose_stills(made.nothing_recognised()[0]).values()
    assert (middle.key, middle.t_s) == ("seen-0", 2.75)


def test_the_table_has_a_column_for_each_leg_of_a_squat() -> None:
    table = rep_table(made.one_knee_in()[0].reps)
    heads = [(column.title, column.leg) for column in table.columns]
    assert heads[:2] == [("Knee inward", "Left"), ("Knee inward", "Right")]
    assert "Heel lift" not in dict(heads)
    assert not table.legs
    assert [cell.text for cell in table.lines[1].cells[:2]] == ["1 ± 4 %", "32 ± 4 %"]


def test_the_table_has_one_column_for_whichever_leg_lunges() -> None:
    table = rep_table(made.lunges()[0].reps)
    assert [line.leg for line in table.lines[:2]] == ["Left", "Right"]
    assert [column.leg for column in table.columns] == [""] * len(table.columns)
    trailing = [c.title for c in table.columns].index("Trailing knee")
    assert table.lines[0].cells[trailing].leg == "Right"
    assert not table.lines[5].valid


@pytest.mark.parametrize(
    ("view", "text"),
    [
        (View(name="front", yaw_deg=1.0), "front view, camera straight on"),
        (View(name="oblique", yaw_deg=-23.4), "oblique view, camera 23° to the person’s right"),
        (View(name="side", yaw_deg=88.0), "side view, camera at 88°"),
        (View(), "view not known"),
    ],
)
def test_the_view_in_words(view: View, text: str) -> None:
    assert view_text(view) == text

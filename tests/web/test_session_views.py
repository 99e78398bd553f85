"""What the pages of sessions show, worked out from values that are known by hand."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from kneetrack.clinic.protocols import load_protocol
from kneetrack.clinic.sides import side_differences
from kneetrack.clinic_records.numbers import Change, Limit, MeasureKey, Reading, SessionValue
from kneetrack.clinic_records.visits import Correction, SetupFacts, Trial, VerdictLine
from kneetrack.records import FrameTable, PoseTrack, StoreError
from kneetrack.report.tables import write_frames_csv
from kneetrack.web.session import (
    compareview,
    sessionview,
    takedata,
    trendchart,
    trialview,
    verdictview,
)
from kneetrack.web.session.keptframes import read_frames
from tests.report.make_results import rep_row

NOW = datetime(2026, 9, 7, 9, tzinfo=UTC)


def value(
    number: float | None,
    side: str = "right",
    measure: str = "kfo",
    step: str = "squat",
    error: float | None = 0.03,
    **more: object,
) -> SessionValue:
    key = MeasureKey(step, "squat", measure, side, "front", "ratio")  # type: ignore[arg-type]
    known = number is not None
    fields = {"sd": 0.01, "reps": 4 if known else 0, "reps_total": 5, **more}
    return SessionValue("s", key, number, error if known else None, **fields)  # type: ignore[arg-type]


def trial(
    view: str = "front", attempt: int = 1, status: str = "good", step: str = "squat"
) -> Trial:
    return Trial(f"{view}{attempt}", "s", step, view, attempt, "clip", status)  # type: ignore[arg-type]


# -- a session ---------------------------------------------------------------------------------


def test_left_and_right_stand_in_one_row_with_error_count_and_difference() -> None:
    values = [value(0.05, "left"), value(0.26, "right", corrected=True)]
    (row,) = sessionview.number_rows({"squat"}, values, side_differences(values))
    assert row.left == sessionview.Number("+5 ± 3 %", "4 of 5")
    assert row.right == sessionview.Number("+26 ± 3 %", "4 of 5", corrected=True)
    assert (row.view, row.unit) == ("Front", "% of the shank")
    assert row.difference == "+21 ± 4 %"
    assert not row.within
    assert row.corrected


def test_what_cannot_be_told_is_no_number() -> None:
    values = [value(None, "left", why_not="the toes were hidden"), value(0.1)]
    (row,) = sessionview.number_rows({"squat"}, values, side_differences(values))
    assert row.left is not None and row.left.why_not == "the toes were hidden"
    assert row.difference == ""
    assert "the toes were hidden" in row.why_no_difference


def test_percent_only_where_a_scale_has_a_true_zero() -> None:
    angle = [value(0.1, "left"), value(0.2)]
    time = [value(1.0, "left", "descent"), value(1.5, "right", "descent")]
    assert "(" not in sessionview.difference_text(side_differences(angle)[0])
    assert sessionview.difference_text(side_differences(time)[0]).endswith("(+40 %)")
    same = side_differences([value(1.0, "left", "descent"), value(0.999, "right", "descent")])
    assert sessionview.difference_text(same[0]).endswith("(0 %)")


def test_steps_of_one_leg_each_make_one_row() -> None:
    protocol = load_protocol("lower-limb")
    values = [value(0.05, "left", step="slsq_left"), value(0.06, "right", step="slsq_right")]
    rows = sessionview.step_rows(protocol, [], values, side_differences(values))
    row = next(row for row in rows if row.key == "slsq_left")
    assert [step.key for step in row.steps] == ["slsq_left", "slsq_right"]
    assert (row.title, row.leg) == ("Single-leg squat", "")
    assert row.numbers[0].left and row.numbers[0].right and row.numbers[0].within
    assert [take.title for take in row.takes] == ["Left leg, front", "Right leg, front"]
    assert [(link.step, link.side) for link in row.sheets] == [
        ("slsq_left", "left"),
        ("slsq_right", "right"),
    ]
    assert "Balance on one leg" in [row.title for row in rows]


def test_the_good_attempt_counts_and_the_others_stay_in_sight() -> None:
    step = load_protocol("lower-limb").steps[0]
    trials = [
        trial(attempt=1, status="rejected"),
        trial(attempt=2),
        trial(attempt=3, status="failed"),
    ]
    front, side = sessionview.take_rows(step, trials, {"front2": 3})
    assert front.trial is not None and front.trial.attempt == 2
    assert [t.attempt for t in front.others] == [3, 1]
    assert front.corrected == 3
    assert side.trial is None


def test_setup_facts_that_were_not_told_say_so() -> None:
    rows = dict(sessionview.setup_rows(SetupFacts(distance_m=3.0, footwear="barefoot")))
    assert rows["Camera to client"] == "3 m"
    assert rows["Footwear"] == "barefoot"
    assert rows["Stance"] == "not told"


# -- a take ------------------------------------------------------------------------------------


def reading(
    rep: int, number: float | None, corrected: bool = False, side: str = "right"
) -> Reading:
    return Reading("t", rep, "squat", "kfo", side, "ratio", "front", number, 0.03, True, corrected)  # type: ignore[arg-type]


def reps(*times: tuple[float, float, float]) -> list:  # type: ignore[type-arg]
    return [rep_row(i + 1, t, []) for i, t in enumerate(times)]


def test_a_corrected_number_carries_the_original_one() -> None:
    rows = reps((1, 2, 3), (4, 5, 6))
    table = trialview.rep_numbers(
        rows, rows, [reading(1, 0.2, True), reading(2, 0.1)], [reading(1, 0.3), reading(2, 0.1)]
    )
    one, two = table.reps
    assert one.cells[0] == trialview.Cell("+20 ± 3 %", True, "+30 ± 3 %")
    assert two.cells[0] == trialview.Cell("+10 ± 3 %", False, "")
    assert table.corrected


def test_numbers_keep_to_their_repetition_when_an_earlier_one_is_struck_out() -> None:
    before, after = reps((1, 2, 3), (4, 5, 6)), reps((4.2, 5, 6))
    table = trialview.rep_numbers(
        before, after, [reading(1, 0.15, True)], [reading(1, 0.3), reading(2, 0.1)]
    )
    (rep,) = table.reps
    assert rep.cells[0].was == "+10 ± 3 %"
    assert rep.was == "was 4.00 / 5.00 / 6.00 s"


def test_a_repetition_that_was_added_has_no_original() -> None:
    table = trialview.rep_numbers([], reps((1, 2, 3)), [reading(1, None, True)], [])
    (rep,) = table.reps
    assert rep.was == "added by the reviewer"
    assert rep.cells[0] == trialview.Cell("cannot tell", True, "not measured")


def test_verdicts_speak_of_bands_and_never_of_failing() -> None:
    lines = [
        VerdictLine("t", rep, "knee_valgus", "right", status, "kfo", number, 0.03, "ratio", why)  # type: ignore[arg-type]
        for rep, status, number, why in (
            (1, "flag", 0.3, ""),
            (2, "cannot_tell", None, "a toe was hidden"),
        )
    ]
    (row,) = verdictview.verdict_views(lines)
    assert row.title == "Knee inward, right"
    assert [cell.state for cell in row.states] == ["outside the band", "cannot tell"]
    assert row.states[1].about == "a toe was hidden"


def test_a_correction_in_words_with_its_moment() -> None:
    moved = Correction(
        *("c", "t", "landmark", {"t_s": 3.4, "landmark": 26}, {"xy_px": [10, 20]}),
        *({"xy_px": [22, 20]}, "why", "ann", NOW),
    )
    shown = trialview.correction_view(moved)
    assert shown.t_s == 3.4
    assert shown.what.startswith("Right knee at 3.40 s moved from")
    struck = Correction(
        *("c", "t", "bounds", {"rep": 2}, {"start_s": 1.0, "bottom_s": 2.0, "end_s": 3.0}),
        *({}, "why", "ann", NOW),
    )
    assert trialview.correction_view(struck).t_s == 2.0


# -- what the browser gets ---------------------------------------------------------------------


def test_landmarks_that_were_not_seen_are_null_and_not_zero() -> None:
    xy = np.full((2, 33, 2), 5.04, np.float32)
    xy[1, 26] = np.nan
    track = PoseTrack(xy, None, np.ones((2, 33), np.float32), np.array([0.0, 0.1]), (10, 20))
    data = takedata.take_data(track, [], None, view="front")
    at = 2 * data["shown"].index(26)
    assert data["xy"][0][at] == 5.0
    assert data["xy"][1][at : at + 2] == [None, None]
    assert all(len(row) == 2 * len(data["shown"]) for row in data["xy"])


def test_from_the_foot_end_only_shanks_and_feet_are_shown() -> None:
    shown = takedata.shown_landmarks("foot_end")
    assert 25 in shown and 23 not in shown and 0 not in shown
    assert takedata.landmark_title(32) == "right toe"
    assert takedata.side_of(0) == "middle"


def test_frames_come_back_as_they_were_written(tmp_path: Path) -> None:
    table = FrameTable(
        np.array([0.0, 0.1, 0.2]),
        np.array([0, 1, 1]),
        ("rest", "descent", "ascent"),
        {"kfo_ratio_left": np.array([0.1, np.nan, 0.3]), "yaw_deg": np.array([1.0, 2.0, 3.0])},
    )
    path = write_frames_csv(table, tmp_path / "frames.csv")
    read = read_frames(path)
    np.testing.assert_allclose(read.t_s, table.t_s)
    assert read.phase == table.phase
    assert list(read.columns) == list(table.columns)
    np.testing.assert_array_equal(read.columns["kfo_ratio_left"], [0.1, np.nan, 0.3])


@pytest.mark.parametrize("text", ["", "a,b\n1,2\n", "frame,t_s,rep,phase,x\n0,0.0,0,rest\n"])
def test_a_damaged_table_of_frames_is_one_clear_line(tmp_path: Path, text: str) -> None:
    path = tmp_path / "frames.csv"
    path.write_text(text)
    with pytest.raises(StoreError, match="damaged"):
        read_frames(path)


# -- two sessions and many ---------------------------------------------------------------------


def test_takes_of_two_sessions_are_paired_by_step_and_view() -> None:
    protocol = load_protocol("lower-limb")
    before = [trial("front", 1, "rejected"), trial("front", 2)]
    found = compareview.pairs(protocol, before, [trial("front"), trial("side")])
    assert [(p.key, p.whole) for p in found] == [("squat.front", True), ("squat.side", False)]
    assert found[0].before is not None and found[0].before.attempt == 2
    chosen = compareview.choose_pair(found, "squat", "side")
    assert chosen is not None and chosen.key == "squat.side"
    other = compareview.choose_pair(found, "bridge", "side")
    assert other is not None and other.key == "squat.front"
    assert compareview.choose_pair([], "", "") is None


def test_a_change_is_told_with_numbers_answer_and_reason() -> None:
    old, new = value(0.26), value(0.07)
    change = Change(old.key, old, new, -0.19, Limit(0.09, "ratio", "x"), "changed", "beyond it")
    (row,) = compareview.change_rows([change], "squat")
    assert (row.before, row.after, row.difference) == ("+26 ± 3 %", "+7 ± 3 %", "−19 %")
    assert (row.answer_words, row.why, row.counts) == (
        "changed",
        "Beyond it",
        "4 of 5, 4 of 5 reps",
    )
    assert compareview.change_rows([change], "bridge") == ()


def test_a_chart_holds_points_and_error_bars_at_their_days() -> None:
    moments = [NOW, NOW + timedelta(days=10), NOW + timedelta(days=40)]
    rows = {"left": [value(0.1), None, value(0.2)], "right": [value(0.1), value(None), value(-0.1)]}
    drawn = trendchart.chart("kfo", moments, rows)  # type: ignore[arg-type]
    assert drawn is not None
    left, right = drawn.series
    assert len(left.points) == len(right.points) == 2
    first, last = left.points
    assert first.low is not None and first.high is not None
    assert first.high < first.y < first.low  # up is a smaller y
    assert first.y > last.y
    assert right.points[0].x - left.points[0].x == pytest.approx(8)
    span = last.x - first.x
    assert span == pytest.approx(trendchart.WIDTH - 58 - 20 - 24)
    assert drawn.zero is not None
    assert drawn.days[-1][0] == "17 Oct"
    every = [y for s in drawn.series for p in s.points for y in (p.y, p.low, p.high)]
    assert all(0 < y < trendchart.HEIGHT for y in every if y is not None)


def test_a_chart_of_nothing_and_of_one_value() -> None:
    assert trendchart.chart("kfo", [NOW], {"left": [value(None)]}) is None
    one = trendchart.chart("kfo", [NOW], {"left": [value(0.1, error=None)]})
    flat = trendchart.chart("kfo", [NOW], {"left": [value(0.0, error=0.0)]})
    assert flat is not None and one is not None
    assert all(math.isfinite(p.y) for s in (*flat.series, *one.series) for p in s.points)

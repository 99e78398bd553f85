from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from kneetrack.records import FrameTable
from kneetrack.report import bands as bands_of
from kneetrack.report.bands import BandRow
from kneetrack.report.curves import Chart, Curves, curves
from kneetrack.report.scales import Axis, Scale, apart, decimals, nice, path, thin
from kneetrack.result import Verdict
from tests.report import make_results as made

KFO = BandRow("knee_valgus", "kfo", 0.04, 0.10)


def of(name: str, judged: tuple[str, ...] = ()) -> Curves:
    result, frames = getattr(made, name)()
    bands = bands_of.collect(result.provenance.thresholds)
    drawn = curves(frames, result.reps, bands, judged)
    assert drawn is not None
    return drawn


def chart_of(drawn: Curves, key: str) -> Chart:
    return next(chart for chart in drawn.charts if chart.measure.key == key)


def test_a_gap_in_the_numbers_is_a_gap_in_the_line() -> None:
    values = np.array([0.0, 1.0, np.nan, np.nan, 1.0, np.nan, 0.0])
    drawn, end = path(np.arange(7.0), values, Axis(0, 6), Scale((0, 1)))
    assert drawn.count("M") == 3
    assert drawn.startswith("M0.0 100h0L166.7 0M666.7 0h0M1000.0 100h0")
    assert end == (100.0, 100.0)


def test_curves_break_where_the_measure_does() -> None:
    chart = chart_of(of("one_knee_in"), "kfo")
    assert [line.label for line in chart.lines] == ["L", "R"]
    assert all(line.path.count("M") == 2 for line in chart.lines)
    assert None in chart.data["lines"][0]["v"]


def test_marks_stand_on_the_curve_at_the_bottom() -> None:
    chart = chart_of(of("one_knee_in"), "kfo")
    right = [m for m in chart.marks if "right" in m.text]
    assert [m.status for m in right] == ["flag", "flag"]
    for mark, bottom in zip(right, (1.525, 3.925), strict=True):
        assert mark.x == pytest.approx(100 * bottom / (164 / 30), abs=0.1)
        points = re.findall(r"[ML]([\d.]+) ([\d.]+)", chart.lines[1].path)
        near = min(points, key=lambda p: abs(float(p[0]) / 10 - mark.x))
        assert float(near[1]) == pytest.approx(mark.y, abs=4)


def test_bands_are_on_the_right_side() -> None:
    chart = chart_of(of("one_knee_in"), "kfo")
    top = {area.status: area.top for area in chart.areas if area.top < 50}
    assert top["flag"] < top["watch"]
    assert {edge.text for edge in chart.edges} == {
        "watch 4 %",
        "flag 10 %",
        "watch −8 %",
        "flag −15 %",
    }


def test_a_lean_either_way_has_bands_both_ways() -> None:
    chart = chart_of(of("one_knee_in", ("trunk_lean",)), "trunk_lean")
    flags = [area for area in chart.areas if area.status == "flag"]
    assert chart.measure.either_way
    watched = {edge.text for edge in chart.edges}
    assert watched <= {"watch 8°", "watch −8°", "flag 12°", "flag −12°"}
    assert len(flags) in {0, 2}


def test_in_a_rep_of_one_leg_only_that_leg_is_drawn() -> None:
    result, frames = made.lunges()
    drawn = curves(frames, result.reps, [KFO])
    assert drawn is not None
    chart = chart_of(drawn, "kfo")
    t = np.array(drawn.data["t"])
    first = (t > 1.1) & (t < 3.8)
    left, right = (np.array([v is not None for v in line["v"]]) for line in chart.data["lines"])
    assert left[first].all()
    assert not right[first].any()


def test_what_is_not_valid_has_no_chart() -> None:
    keys = {chart.measure.key for chart in of("nothing_judged").charts}
    assert keys == {"depth"}


def test_a_set_is_drawn_alone() -> None:
    result, frames = made.two_sets()
    second = result.sets[1]
    drawn = curves(frames, result.reps[2:], [], (), (second.start_s, second.end_s))
    assert drawn is not None
    assert (drawn.start_s, drawn.end_s) == pytest.approx((6.3, 12.7))
    assert drawn.data["t"][0] >= 6.3
    assert all(0 <= rep.x <= 100 and rep.x + rep.width <= 100.01 for rep in drawn.reps)


def test_too_few_frames_give_no_curves() -> None:
    one = FrameTable(np.zeros(1), np.zeros(1, np.int64), ("",), {"kfo_ratio_left": np.zeros(1)})
    assert curves(one, [], []) is None


def test_a_line_that_does_not_move_is_in_the_middle() -> None:
    t_s = np.arange(10) / 30
    table = FrameTable(t_s, np.zeros(10, np.int64), ("",) * 10, {"depth_ratio": np.full(10, -1.0)})
    drawn = curves(table, [], [])
    assert drawn is not None
    assert drawn.charts[0].lines[0].end[1] == pytest.approx(50)


def test_ticks_are_round_and_inside() -> None:
    assert nice(0, 10, 5) == [0, 2, 4, 6, 8, 10]
    assert nice(-0.31, 0.32, 3) == [-0.2, 0.0, 0.2]
    for low, high in ((-14.2, 33.0), (0.781, 1.02), (1e-3, 2e-3), (-1e4, 5e5)):
        ticks = nice(low, high, 4)
        assert 2 <= len(ticks) <= 6
        assert all(low - 1e-9 <= tick <= high + 1e-9 for tick in ticks)
    assert decimals([0.0, 0.25]) == 2
    assert decimals([0.0, 10.0]) == 0


def test_names_of_edges_do_not_overlap() -> None:
    moved = apart([80.0, 81.0, 99.0], 13)
    assert all(b - a >= 13 - 1e-9 for a, b in pairwise(moved))
    assert max(moved) <= 100
    assert apart([], 13) == []
    assert apart([10.0, 50.0], 13) == [10.0, 50.0]


def test_a_long_track_is_thinned_evenly() -> None:
    keep = thin(36_000)
    assert len(keep) == 1200
    assert (keep[0], keep[-1]) == (0, 35_999)
    assert list(thin(5)) == [0, 1, 2, 3, 4]


def test_a_dot_lies_on_the_curve_where_a_rule_judges_the_change_from_standing() -> None:
    """Weight shift is judged against standing: its dot stays on the curve, with its number."""
    result, frames = made.one_knee_in()
    shift = np.full(len(frames.t_s), -0.05)
    columns = {**frames.columns, "weight_shift_ratio": shift}
    judged = Verdict(
        rule="weight_shift",
        side="both",
        status="ok",
        measure="weight_shift",
        value=0.01,
        error=0.02,
        unit="ratio",
    )
    reps = [
        rep.model_copy(
            update={
                "measures": {**rep.measures, "weight_shift_ratio": -0.05},
                "verdicts": [judged],
            }
        )
        for rep in result.reps
    ]
    drawn = curves(replace(frames, columns=columns), reps, [], ["weight_shift"])
    assert drawn is not None
    chart = chart_of(drawn, "weight_shift")
    level = float(chart.lines[0].path.split(" ")[1].split("h")[0])
    assert [mark.y for mark in chart.marks] == pytest.approx([level] * len(reps), abs=0.01)
    assert all("5 ± 2 %" in mark.text for mark in chart.marks)


def test_a_number_of_the_middle_of_the_way_has_its_dot_there() -> None:
    result, frames = made.one_knee_in()
    ramp = np.interp(frames.t_s, [r.bottom_s for r in result.reps], [40.0] * len(result.reps))
    for rep in result.reps:
        inside = (frames.t_s >= rep.start_s) & (frames.t_s <= rep.bottom_s)
        ramp[inside] = np.linspace(0, 40, int(inside.sum()))
    judged = Verdict(
        rule="knee_valgus",
        side="left",
        status="watch",
        measure="fppa_change",
        value=20.0,
        error=3.0,
        unit="deg",
    )
    measures = {"fppa_change_deg_left": 40.0, "fppa_change_deg_left_at_45_60": 20.0}
    reps = [
        rep.model_copy(update={"measures": measures, "verdicts": [judged]}) for rep in result.reps
    ]
    columns = {"fppa_change_deg_left": ramp}
    drawn = curves(replace(frames, columns=columns), reps, [])
    assert drawn is not None
    (chart,) = drawn.charts
    for mark, rep, span in zip(chart.marks, reps, drawn.reps, strict=True):
        share = (mark.x - span.x) / span.width
        assert 0 < share < (rep.bottom_s - rep.start_s) / (rep.end_s - rep.start_s)
        assert "20" in mark.text

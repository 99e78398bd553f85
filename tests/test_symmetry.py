"""Left against right: what differs beyond the error, what does not, and what cannot be told."""

from __future__ import annotations

import json

import numpy as np
import pytest

from kneetrack.console import sides_differ
from kneetrack.report.sides import side_line, side_lines, side_words
from kneetrack.result import Result, SideRow
from kneetrack.symmetry import FEWEST, FRONT_ONLY, Reading, compare, differing, sides_of
from tests import motions as mo
from tests.motions import Motion, Tempo, exact  # noqa: F401

pytestmark = [
    pytest.mark.usefixtures("exact"),
    pytest.mark.filterwarnings("ignore::RuntimeWarning"),
]


def both(left: Motion, right: Motion, camera: mo.Camera = mo.WIDE) -> Result:
    return mo.seen(left.then(right), camera)


def rows(result: Result) -> dict[str, SideRow]:
    return {row.measure: row for row in result.sides}


def test_equal_lunges_are_even() -> None:
    told = rows(both(mo.lateral_lunges(side="left"), mo.lateral_lunges(side="right")))
    assert list(told) == ["reps", "depth", "kfo", "descent"]
    assert {row.told for row in told.values()} == {"even"}
    assert {row.exercise for row in told.values()} == {"lateral_lunge"}
    assert told["kfo"].difference == pytest.approx(0, abs=0.5)


@pytest.mark.parametrize(("left", "right", "sign"), [(0.15, -0.05, -1), (-0.05, 0.15, 1)])
def test_one_knee_that_falls_in_differs_in_percent_points_of_the_shank(
    left: float, right: float, sign: int
) -> None:
    told = rows(
        both(
            mo.single_leg_squats(side="left", kfo=left),
            mo.single_leg_squats(side="right", kfo=right),
            mo.FRONT,
        )
    )["kfo"]
    assert told.told == "differs" and told.unit == "percent"
    assert told.difference == pytest.approx(20 * sign, abs=3)
    assert told.error is not None and abs(told.difference or 0) > 1.96 * told.error


def test_one_side_deeper_and_faster() -> None:
    quick = Tempo(descent_s=0.7, ascent_s=1.5)
    told = rows(
        both(
            mo.lateral_lunges(side="left", flexion_deg=100),
            mo.lateral_lunges(quick, side="right", flexion_deg=70),
        )
    )
    assert told["depth"].told == "differs" and (told["depth"].difference or 0) < -10
    assert told["descent"].told == "differs" and (told["descent"].difference or 0) < -0.6
    assert told["kfo"].told == "even"


def test_counts_are_exact() -> None:
    more = Tempo(descent_s=1.6, ascent_s=1.5, depths=(1.0,) * 4)
    told = rows(both(mo.lateral_lunges(side="left"), mo.lateral_lunges(more, side="right")))
    row = told["reps"]
    assert (row.left, row.right, row.difference, row.told) == (3, 4, 1, "differs")


def test_one_side_alone_is_compared_with_nothing() -> None:
    assert mo.seen(mo.lateral_lunges(side="left"), mo.WIDE).sides == []
    assert mo.seen(mo.squats()).sides == []
    assert mo.seen(mo.bridges(), mo.SIDE_LYING).sides == []


def test_two_takes_are_compared_with_each_other() -> None:
    left = mo.seen(mo.single_leg_squats(side="left", kfo=0.15))
    right = mo.seen(mo.single_leg_squats(side="right", kfo=-0.05))
    told = {row.measure: row.told for row in sides_of(left, right)}
    assert told == {"reps": "even", "depth": "even", "kfo": "differs", "descent": "even"}


def test_from_the_side_only_repetitions_are_compared() -> None:
    told = rows(both(mo.lateral_lunges(side="left"), mo.lateral_lunges(side="right"), mo.SIDE))
    assert told["reps"].told == "even"
    assert told["depth"].reason == told["descent"].reason == FRONT_ONLY
    assert told["kfo"].told == "cannot_tell" and "from the front" in told["kfo"].reason
    assert told["kfo"].difference is None


def test_too_few_repetitions_are_not_compared() -> None:
    two = Tempo(descent_s=1.6, ascent_s=1.5, depths=(1.0,) * (FEWEST - 1))
    told = rows(both(mo.lateral_lunges(side="left"), mo.lateral_lunges(two, side="right")))
    assert told["reps"].told == "differs"
    assert told["kfo"].told == "cannot_tell"
    assert told["kfo"].reason.startswith("right: fewer than 3")
    assert told["kfo"].left is not None and told["kfo"].right is None


def test_a_hidden_foot_is_the_reason() -> None:
    left = mo.lateral_lunges(side="left")
    track = mo.film(left.then(mo.lateral_lunges(side="right")), mo.WIDE)
    toes = mo.blanked(track, float(left.t_s[-1]) + 1, 99, [32])
    told = rows(mo.analyse(toes))["kfo"]
    assert told.told == "cannot_tell"
    assert told.reason.startswith("right: ") and len(told.reason) > 10


@pytest.mark.parametrize(
    ("difference", "error", "told"),
    [(1.95, 1.0, "even"), (1.97, 1.0, "differs"), (-1.97, 1.0, "differs"), (0.0, 0.0, "even")],
)
def test_the_error_of_the_difference_decides(difference: float, error: float, told: str) -> None:
    half = error / 2**0.5
    row = compare("squat", "kfo", "percent", Reading(5.0, half), Reading(5.0 + difference, half))
    assert row.told == told
    assert row.error == pytest.approx(error, abs=1e-3)


def test_noise_alone_hardly_ever_differs() -> None:
    motion = mo.single_leg_squats(side="left").then(mo.single_leg_squats(side="right"))
    told = [
        row.told
        for seed in range(8)
        for row in mo.analyse(mo.film(motion, noise_px=3.0, seed=seed)).sides
    ]
    assert len(told) == 32
    assert np.mean([t == "differs" for t in told]) <= 0.05


# ------------------------------------------------------------------ shown


def test_sides_are_in_the_json_only_where_there_are_any() -> None:
    with_sides = both(mo.lateral_lunges(side="left"), mo.lateral_lunges(side="right"))
    shown = json.loads(with_sides.to_json())["sides"]
    assert [row["measure"] for row in shown] == ["reps", "depth", "kfo", "descent"]
    assert "sides" not in json.loads(mo.seen(mo.squats()).to_json())
    assert Result.model_validate_json(with_sides.to_json()).sides == with_sides.sides


def differs(**changes: object) -> SideRow:
    row = SideRow(
        exercise="lateral_lunge",
        measure="kfo",
        left=3.0,
        right=15.0,
        difference=12.0,
        error=4.2,
        unit="percent",
        told="differs",
    )
    return row.model_copy(update=changes)


def test_the_terminal_tells_in_one_line_what_differs() -> None:
    even = both(mo.lateral_lunges(side="left"), mo.lateral_lunges(side="right"))
    assert sides_differ(even) == ""
    assert differing(even.sides) == []
    told = even.model_copy(update={"sides": [differs(), differs(told="even")]})
    assert sides_differ(told) == (
        "knee over foot: left 3 %, right 15 % of the shank (+12 ± 4 % right less left)"
    )


def test_words_of_a_line() -> None:
    line = side_line(differs(left=-3.4, right=-0.2, difference=3.2, told="even"))
    assert (line.left, line.right, line.difference) == ("\N{MINUS SIGN}3 %", "0 %", "+3 ± 4 %")
    assert line.words == "No difference beyond the error"
    line = side_line(differs(left=None, difference=None, told="cannot_tell", reason="why"))
    assert (line.left, line.difference, line.words) == ("", "", "Cannot tell: why")
    reps = differs(measure="reps", left=8, right=9, difference=1, error=0.0, unit="count")
    assert side_words(reps) == "repetitions: left 8, right 9"


def test_of_two_takes_the_one_that_could_tell_speaks() -> None:
    result = both(mo.lateral_lunges(side="left"), mo.lateral_lunges(side="right"))
    blind = [row.model_copy(update={"told": "cannot_tell"}) for row in result.sides]
    lines = side_lines([result.model_copy(update={"sides": blind}), result])
    assert [line.told for line in lines] == ["even"] * 4

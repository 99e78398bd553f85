"""Whether the sides of a part are even, and how that is told."""

from __future__ import annotations

import numpy as np
import pytest

from kneetrack.clinic_records.practice import Dose, PartDone, PartMeasure
from kneetrack.diary.measured import NO_MEASURE
from kneetrack.exercises import all_exercises
from kneetrack.programme.judging import judge_part, measures_of
from kneetrack.programme.reading import load_programme
from kneetrack.programme.sides import _RULES, side_measures
from kneetrack.programme.summary import shown_part
from kneetrack.result import Result
from tests import motions as m

PART = load_programme(None).part("lunge")
SIX = ["left", "right"] * 3


def lunges(*, right: float = 1.0, kfo: float = -0.02, camera: m.Camera = m.WIDE) -> Result:
    """Three lunges a side; right: how deep those to the right go, as a share."""
    tempo = m.Tempo(depths=(1.0, right) * 3, lead_s=2.2, descent_s=1.6, ascent_s=1.5)
    seen = m.film(m.lateral_lunges(tempo, side=SIX, kfo=kfo), camera, noise_px=0.5)
    return m.analyse(seen, exercise="lateral_lunge")


def told(*results: Result) -> dict[str, PartMeasure]:
    return {row.rule: row for row in side_measures(results, "lateral_lunge")}


@pytest.fixture(scope="module")
def even() -> Result:
    return lunges()


@pytest.fixture(scope="module")
def uneven() -> Result:
    return lunges(right=0.75)


def test_sides_that_do_the_same_are_even(even: Result) -> None:
    rows = told(even)
    assert set(rows) == {"sides_depth", "sides_knee", "sides_tempo"}
    assert {row.status for row in rows.values()} == {"ok"}
    assert {row.side for row in rows.values()} == {"both"}


def test_the_deeper_side_is_named_with_by_how_much(uneven: Result) -> None:
    row = told(uneven)["sides_depth"]
    assert (row.status, row.side, row.unit) == ("watch", "left", "percent")
    drops = [rep.measures["drop_ratio"] or 0.0 for rep in uneven.reps]
    apart = 100 * (np.median(drops[::2]) - np.median(drops[1::2]))
    assert row.value == pytest.approx(apart, abs=0.01)
    assert row.error is not None and apart > 5 and apart > 1.96 * row.error
    swapped = told(m.analyse(m.mirrored(m.film(_motion(0.75), m.WIDE)), exercise="lateral_lunge"))
    assert swapped["sides_depth"].side == "right"


def _motion(right: float) -> m.Motion:
    tempo = m.Tempo(depths=(1.0, right) * 3, lead_s=2.2, descent_s=1.6, ascent_s=1.5)
    return m.lateral_lunges(tempo, side=SIX)


def test_from_the_side_alone_it_cannot_be_told_and_the_front_speaks_for_both(
    uneven: Result,
) -> None:
    side = lunges(right=0.75, camera=m.SIDE)
    alone = told(side)["sides_depth"]
    assert (alone.status, alone.value) == ("cannot_tell", None) and alone.reason
    assert told(uneven, side) == told(uneven)


def test_uneven_sides_are_told_in_words_and_are_no_fault(uneven: Result) -> None:
    assert PART is not None
    measures = measures_of([uneven], "lateral_lunge")
    exercise = all_exercises()["lateral_lunge"]
    alone = judge_part(measures, PART, exercise, complete=True)
    measures = (*measures, *side_measures([uneven], "lateral_lunge"))
    assert judge_part(measures, PART, exercise, complete=True) == alone
    done = PartDone("lunge", "lateral_lunge", Dose(1, 3), "done", 1, 6, measures=measures)
    said = {check.found: check for check in shown_part(done, PART).checks}
    check = said["Left goes deeper than the other side"]
    assert check.value.endswith("% of the leg") and "\N{PLUS-MINUS SIGN}" in check.value
    untold = side_measures([lunges(camera=m.SIDE)], "lateral_lunge")
    shown = shown_part(PartDone("lunge", "lateral_lunge", Dose(), "done", measures=untold), PART)
    assert not any("side" in check.found.lower() for check in shown.checks)


def test_a_part_on_both_legs_has_no_sides() -> None:
    squats = m.seen(m.squats(m.Tempo(depths=(1.0,) * 3)), exercise="squat")
    assert side_measures([squats], "squat") == ()


def test_the_diary_draws_no_line_of_them() -> None:
    assert set(_RULES.values()) <= set(NO_MEASURE)

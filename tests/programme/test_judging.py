"""Whether a part went with control, and what the camera's rows come to over all sets."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kneetrack.clinic_records.practice import PartMeasure
from kneetrack.exercises import all_exercises
from kneetrack.programme.judging import deciding, judge_part, measures_of, reps_by_set
from kneetrack.programme.values import Part
from kneetrack.records import SideName, Status
from kneetrack.result import Result, SummaryRow
from tests import motions as m
from tests.clinic.staged import track
from tests.programme.by_clock import programme

TEXT = """
title = "Two"
[[part]]
key = "lunge"
exercise = "lateral_lunge"
sets = 2
reps = 8
views = ["front"]
[[part]]
key = "bridge"
exercise = "glute_bridge"
sets = 2
reps = 10
hold_s = 3
views = ["side", "foot_end"]
"""
PARTS = {part.key: part for part in programme(TEXT).parts}
GOOD = {
    "lunge": [("knee_valgus", "left"), ("knee_valgus", "right"), ("lunge_too_deep", "left")],
    "bridge": [("bridge_too_high", "both"), ("hold_too_short", "both"), ("knees_together", "both")],
}


def measures(key: str, **other: Status) -> list[PartMeasure]:
    """All ok, but for those named."""
    return [
        PartMeasure(rule, side, other.get(rule, "ok"))  # type: ignore[arg-type]
        for rule, side in GOOD[key]
    ]


def judged(key: str, *, complete: bool = True, **other: Status) -> tuple[str, str]:
    part = PARTS[key]
    made = judge_part(
        measures(key, **other), part, all_exercises()[part.exercise], complete=complete
    )
    return made.clean, made.why


@pytest.mark.parametrize("key", ["lunge", "bridge"])
def test_all_within_the_bands_is_clean(key: str) -> None:
    assert judged(key) == ("yes", "")
    assert judged(key, complete=False) == ("no", "not all repetitions were done")


@pytest.mark.parametrize(
    ("key", "rule", "status", "clean"),
    [
        ("lunge", "knee_valgus", "watch", "no"),
        ("lunge", "knee_valgus", "flag", "no"),
        ("lunge", "lunge_too_deep", "watch", "no"),
        ("lunge", "lunge_too_deep", "cannot_tell", "yes"),
        ("lunge", "knee_valgus", "cannot_tell", "cannot_tell"),
        ("bridge", "hold_too_short", "watch", "yes"),
        ("bridge", "hold_too_short", "flag", "no"),
        ("bridge", "hold_too_short", "cannot_tell", "cannot_tell"),
        ("bridge", "bridge_too_high", "watch", "no"),
        ("bridge", "knees_together", "cannot_tell", "cannot_tell"),
    ],
)
def test_what_makes_it_not_clean(key: str, rule: str, status: Status, clean: str) -> None:
    told, why = judged(key, **{rule: status})
    assert told == clean
    assert bool(why) == (clean != "yes")


def test_why_names_side_and_what_was_seen() -> None:
    assert judged("lunge", knee_valgus="flag")[1] == (
        "left knee falls inward; right knee falls inward"
    )


def test_the_views_that_are_looked_from_decide() -> None:
    def rules(part: Part) -> tuple[str, ...]:
        return deciding(part, all_exercises()[part.exercise])

    assert rules(PARTS["lunge"]) == ("knee_valgus",)
    assert rules(replace(PARTS["lunge"], views=("side",))) == ("lunge_too_deep",)
    both = ("bridge_too_high", "hold_too_short", "knees_together")
    assert rules(PARTS["bridge"]) == both
    assert rules(replace(PARTS["bridge"], views=("foot_end",))) == ("knees_together",)
    one = replace(PARTS["bridge"], dose=replace(PARTS["bridge"].dose, sets=1))
    assert rules(one) == both[:2]


def result(rows: list[tuple[int, Status, float | None]]) -> Result:
    """A lunge whose left knee was read so in each set."""
    seen = m.analyse(track("lateral_lunge front 2"), exercise="lateral_lunge")
    side: SideName = "left"
    summary = [
        SummaryRow(
            rule="knee_valgus", side=side, status=status, measure="kfo", value=value,
            unit="ratio", error=0.03, set=number, reps_valid=0 if value is None else 2,
            reps_total=2, reason="" if value is not None else "left foot out of frame",
        )
        for number, status, value in rows
    ]  # fmt: skip
    first = seen.sets[0]
    sets = [first.model_copy(update={"index": number}) for number, _, _ in rows]
    return seen.model_copy(update={"summary": summary, "sets": sets})


def test_the_worst_status_and_the_middle_value_over_all_sets() -> None:
    made = measures_of(
        [result([(1, "ok", 0.02), (2, "watch", 0.10)]), result([(1, "ok", 0.03)])], "lateral_lunge"
    )
    assert [(k.status, k.value, k.error) for k in made] == [("watch", 0.03, 0.03)]
    assert (made[0].reps_valid, made[0].reps_total) == (6, 6)


def test_a_set_that_could_not_be_read_does_not_hide_one_that_could() -> None:
    made = measures_of([result([(1, "cannot_tell", None), (2, "ok", 0.02)])], "lateral_lunge")
    assert [(k.status, k.value, k.reps_total) for k in made] == [("ok", 0.02, 2)]
    untold = measures_of([result([(1, "cannot_tell", None)])], "lateral_lunge")
    assert [(k.status, k.value, k.reason) for k in untold] == [
        ("cannot_tell", None, "left foot out of frame")
    ]


def test_another_exercise_that_was_done_meanwhile_does_not_count() -> None:
    assert measures_of([result([(1, "ok", 0.02)])], "glute_bridge") == ()
    seen = m.analyse(track("lateral_lunge front 2"), exercise="lateral_lunge")
    assert reps_by_set([seen], "lateral_lunge") == [{"left": 2, "right": 2}]
    assert reps_by_set([seen], "squat") == []

"""From readings to verdicts: the decision rule of MEASURES 6, three values, never a guess."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kneetrack.exercises import all_exercises
from kneetrack.exercises.rules import Reader, Rule, Sample
from kneetrack.judge import RANK, judge_rep, reader_status, status_of, summarise
from kneetrack.records import Band
from kneetrack.result import Verdict

NAN = float("nan")
ABOVE = Band(0.04, 0.10)
BELOW = Band(0.90, 0.80)


@dataclass
class Rep:
    """A repetition that answers from tables: (measure, side) or measure -> value or reason."""

    values: dict[object, float | str] = field(default_factory=dict)
    working: int | None = None
    descent_s: float = 1.5
    hold_s: float = 2.5
    bridge_mode: Literal["low", "full"] = "low"
    down_s: float = 0.0

    def at_bottom(self, measure: str, side: int | None) -> Sample:
        found = self.values.get((measure, side), self.values.get(measure, "not seen"))
        return Sample(NAN, found) if isinstance(found, str) else Sample(found)

    mid_range = whole = change_within = at_bottom

    def fall_within(self, measure: str, side: int | None, seconds: float) -> Sample:
        return self.at_bottom(f"{measure}_fall", side)

    def foot_down_s(self) -> float:
        return self.down_s

    def sway(self) -> float:
        return 0.01


def rule(*readers: Reader, worst: bool = False, sides: str = "each") -> Rule:
    return Rule("r", sides, readers, found="found", cue="do it", worst=worst)  # type: ignore[arg-type]


KFO = Reader("kfo", "ratio", 0.03, above=ABOVE)
KTSR = Reader("ktsr", "ratio", 0.04, below=BELOW)


# ------------------------------------------------------------------ one value


@pytest.mark.parametrize(
    ("value", "error", "band", "status"),
    [
        (0.03, 0.0, ABOVE, "ok"),
        (0.04, 0.0, ABOVE, "ok"),  # edges are exclusive
        (0.05, 0.0, ABOVE, "watch"),
        (0.10, 0.0, ABOVE, "watch"),
        (0.11, 0.0, ABOVE, "flag"),
        (0.06, 0.03, ABOVE, "ok"),  # less its error it lies inside
        (0.08, 0.03, ABOVE, "watch"),
        (0.12, 0.03, ABOVE, "watch"),
        (0.14, 0.03, ABOVE, "flag"),
        (-0.5, 0.03, ABOVE, "ok"),
        (0.89, 0.0, BELOW, "watch"),
        (0.79, 0.0, BELOW, "flag"),
        (0.87, 0.04, BELOW, "ok"),
        (0.83, 0.04, BELOW, "watch"),
        (0.75, 0.04, BELOW, "flag"),
        (1.5, 0.0, BELOW, "ok"),
    ],
)
def test_the_error_is_in_the_persons_favour(
    value: float, error: float, band: Band, status: str
) -> None:
    assert status_of(value, error, (band, None)) == status
    assert status_of(value, error, (None, band)) == status


@given(st.floats(-1, 1), st.floats(0, 0.2), st.floats(0, 0.5))
def test_a_worse_value_is_never_judged_better(value: float, error: float, more: float) -> None:
    assert RANK[status_of(value + more, error, (ABOVE,))] >= RANK[status_of(value, error, (ABOVE,))]
    assert RANK[status_of(value - more, error, (BELOW,))] >= RANK[status_of(value, error, (BELOW,))]
    assert RANK[status_of(value, error + more, (ABOVE,))] <= RANK[status_of(value, error, (ABOVE,))]


def test_no_band_is_ok() -> None:
    assert status_of(9.0, 0.0, (None, None)) == "ok"


# ------------------------------------------------------------------ one repetition


def test_the_first_valid_measure_decides() -> None:
    """KFO decides; KTSR stands in where KFO is not valid (MEASURES 2.2b)."""
    both = rule(KFO, KTSR)
    left, right = judge_rep(both, Rep({("kfo", 0): 0.0, ("kfo", 1): 0.2, "ktsr": 0.5}))
    assert (left.side, left.status, left.measure) == ("left", "ok", "kfo")
    assert (right.side, right.status, right.measure) == ("right", "flag", "kfo")
    left, right = judge_rep(both, Rep({"kfo": "foot hidden", "ktsr": 0.7}))
    assert (left.measure, left.status) == ("ktsr", "flag")
    assert "which" in left.reason  # a ratio of both knees cannot name one


def test_nothing_valid_is_cannot_tell_with_the_first_reason() -> None:
    for verdict in judge_rep(rule(KFO, KTSR), Rep({"kfo": "turn 40° to your left", "ktsr": "b"})):
        assert verdict.status == "cannot_tell"
        assert verdict.value is None
        assert verdict.error is None
        assert verdict.reason == "turn 40° to your left"
        assert verdict.measure == "kfo"


def test_nan_without_a_reason_still_has_one() -> None:
    (verdict,) = judge_rep(rule(KFO, sides="one"), Rep({"kfo": NAN}))
    assert verdict.status == "cannot_tell"
    assert verdict.reason


def test_a_barred_repetition_is_cannot_tell_and_says_why() -> None:
    for verdict in judge_rep(rule(KFO), Rep({"kfo": 0.5}), barred="legs hidden"):
        assert (verdict.status, verdict.value, verdict.reason) == (
            "cannot_tell",
            None,
            "legs hidden",
        )


def test_the_worst_valid_measure_decides_where_the_rule_says_so() -> None:
    either = rule(KFO, KTSR, worst=True, sides="one")
    (verdict,) = judge_rep(either, Rep({"kfo": 0.0, "ktsr": 0.7}))
    assert (verdict.measure, verdict.status) == ("ktsr", "flag")
    (verdict,) = judge_rep(either, Rep({"kfo": 0.0, "ktsr": "hidden"}))
    assert (verdict.measure, verdict.status) == ("kfo", "ok")


def test_a_value_that_proves_nothing_is_not_ok() -> None:
    doubtful = Reader("knee", "deg", 5.0, above=Band(10, 20), no_ok="it can look straight")
    (verdict,) = judge_rep(rule(doubtful, sides="one"), Rep({"knee": 2.0}))
    assert (verdict.status, verdict.reason) == ("cannot_tell", "it can look straight")
    (verdict,) = judge_rep(rule(doubtful, sides="one"), Rep({"knee": 40.0}))
    assert verdict.status == "flag"


@pytest.mark.parametrize(
    ("sides", "working", "legs"),
    [
        ("each", None, ["left", "right"]),
        ("each", 1, ["left", "right"]),
        ("working", 0, ["left"]),
        ("working", 1, ["right"]),
        ("other", 0, ["right"]),
        ("other", 1, ["left"]),
        ("one", 1, ["both"]),
    ],
)
def test_whom_a_rule_is_about(sides: str, working: int | None, legs: list[str]) -> None:
    got = judge_rep(rule(KFO, sides=sides), Rep({"kfo": 0.0}, working=working))
    assert [verdict.side for verdict in got] == legs


# ------------------------------------------------------------------ a whole set


def verdicts(values: list[float | None], reader: Reader = KFO) -> list[Verdict]:
    made = []
    for value in values:
        table = {"kfo": "hidden" if value is None else value}
        made += judge_rep(rule(reader, sides="one"), Rep(table))
    return made


def summary(values: list[float | None], reader: Reader = KFO):  # type: ignore[no-untyped-def]
    return summarise(rule(reader, sides="one"), "both", verdicts(values, reader), 1)


def test_the_median_of_the_valid_repetitions_is_judged() -> None:
    row = summary([0.0, 0.2, 0.2])
    assert row.value == pytest.approx(0.2)
    assert (row.reps_valid, row.reps_total) == (3, 3)
    assert row.cue
    assert summary([0.0, 0.0, 0.9]).status == "ok"  # one bad repetition of three
    assert summary([0.0, 0.0, 0.9]).cue == ""


def test_hidden_repetitions_count_as_neither() -> None:
    row = summary([None, 0.2, 0.2, None])
    assert (row.status, row.reps_valid, row.reps_total) == ("flag", 2, 4)
    nothing = summary([None, None])
    assert (nothing.status, nothing.value, nothing.reps_valid) == ("cannot_tell", None, 0)
    assert nothing.reason == "hidden"
    assert nothing.reps_total == 2


def test_the_error_of_the_mean_grows_with_the_spread() -> None:
    steady, shaky = summary([0.05] * 3), summary([0.0, 0.05, 0.10])
    assert steady.error == pytest.approx(0.03)
    assert shaky.error > steady.error


def test_sixty_percent_of_at_least_five_repetitions_decide_too() -> None:
    """Three of five lie beyond the edge by more than their error, though the spread is large."""
    values = [-0.5, -0.5, 0.14, 0.14, 0.14]
    assert status_of(0.14, summary(values).error, (ABOVE,)) != "flag"
    assert summary(values).status == "flag"
    assert summary(values[1:]).status != "flag"  # four are too few
    assert summary([-0.5, -0.5, -0.5, 0.14, 0.14]).status == "ok"  # 40 %


def test_sixty_percent_exceed_the_boundary_by_their_error() -> None:
    """The pose model's error is the same in every repetition: it does not shrink with them."""
    assert summary([0.06] * 5).status == "ok"


@given(st.lists(st.floats(-0.3, 0.3), min_size=1, max_size=8))
def test_a_set_is_never_worse_than_its_worst_repetition_nor_better_than_all(
    values: list[float],
) -> None:
    made = verdicts(list(values))
    ranks = [RANK[v.status] for v in made]
    row = summarise(rule(KFO, sides="one"), "both", made, 1)
    assert RANK[row.status] <= max(ranks)
    if len(values) >= 5:
        assert RANK[row.status] >= min(ranks)


def test_the_measure_that_decided_most_repetitions_is_named() -> None:
    both = rule(KFO, KTSR, sides="one")
    made = [
        *judge_rep(both, Rep({"kfo": "hidden", "ktsr": 0.95})),
        *judge_rep(both, Rep({"kfo": 0.2})),
        *judge_rep(both, Rep({"kfo": 0.2})),
    ]
    row = summarise(both, "both", made, 1)
    assert (row.measure, row.reps_valid) == ("kfo", 2)


# ------------------------------------------------------------------ the bands of MEASURES 9

BANDS = [
    ("single_leg_squat", "knee_valgus", "fppa_change", 10, 15, "above"),
    ("single_leg_squat", "knee_valgus", "kfo", 0.04, 0.10, "above"),
    ("single_leg_squat", "knee_varus", "fppa_change", -8, -15, "below"),
    ("single_leg_squat", "pelvic_drop", "pelvic_drop", 8, 12, "above"),
    ("single_leg_squat", "trunk_lean", "trunk_lean", 8, 12, "above"),
    ("squat", "knee_valgus", "kfo", 0.04, 0.10, "above"),
    ("squat", "knee_valgus", "ktsr", 0.90, 0.80, "below"),
    ("squat", "knee_valgus", "fppa_change", 8, 13, "above"),
    ("squat", "knee_varus", "kfo", -0.08, -0.15, "below"),
    ("squat", "trunk_lean", "trunk_minus_shank", 10, 20, "above"),
    ("squat", "weight_shift", "weight_shift", 0.08, 0.15, "above"),
    ("squat", "heel_lift", "heel_lift", 0.06, 0.10, "above"),
    ("squat", "too_fast", "descent", 0.8, 0.5, "below"),
    ("lateral_lunge", "lunge_too_deep", "lead_knee_flexion", 100, 115, "above"),
    ("lateral_lunge", "lunge_too_deep", "knee_flexion", 100, 115, "above"),
    ("lateral_lunge", "knee_valgus", "kfo", 0.04, 0.10, "above"),
    ("lateral_lunge", "knee_varus", "kfo", -0.08, -0.15, "below"),
    ("lateral_lunge", "trailing_knee_bent", "trailing_knee_flexion", 10, 20, "above"),
    ("lateral_lunge", "trunk_lean", "trunk_lean", 10, 20, "above"),
    ("lateral_lunge", "trunk_lean", "trunk_inclination", 45, 60, "above"),
    ("glute_bridge", "bridge_incomplete", "hip_extension", 168, 160, "below"),
    ("glute_bridge", "bridge_over_arched", "hip_extension", 184, 190, "above"),
    ("glute_bridge", "bridge_too_high", "lift", 0.35, 0.45, "above"),
    ("glute_bridge", "bridge_too_low", "lift", 0.10, 0.05, "below"),
    ("glute_bridge", "knees_together", "knee_separation", 0.93, 0.85, "below"),
    ("glute_bridge", "block_lost", "knee_separation_fall", 0.07, 0.15, "above"),
    ("glute_bridge", "hold_too_short", "hold", 2, 1, "below"),
]


@pytest.mark.parametrize(("exercise", "name", "measure", "watch", "flag", "way"), BANDS)
def test_default_bands_are_those_of_the_specification(
    exercise: str, name: str, measure: str, watch: float, flag: float, way: str
) -> None:
    readers = [r for r in all_exercises()[exercise].rule(name).readers if r.measure == measure]
    assert len(readers) == 1
    band = getattr(readers[0], way)
    assert (band.watch, band.flag) == (watch, flag)
    assert getattr(readers[0], "below" if way == "above" else "above") is None


def test_knees_far_apart_are_never_more_than_watch() -> None:
    varus = all_exercises()["squat"].rule("knee_varus")
    ktsr = next(r for r in varus.readers if r.measure == "ktsr")
    assert reader_status(1.30, 0.0, ktsr) == "watch"
    assert reader_status(1.60, 0.0, ktsr) == "watch"


def test_ok_watch_flag_are_in_order() -> None:
    assert all(a < b for a, b in pairwise(RANK[s] for s in ("ok", "watch", "flag")))


def test_a_reading_that_only_speaks_up_when_wrong_needs_half_the_set() -> None:
    """One repetition of five in which it spoke up is no sample of the set."""
    reader = Reader("x", "deg", 1.0, above=Band(10.0, 20.0), no_ok="looks straight when it is not")
    rule = Rule("r", "one", (reader,), found="", cue="")
    silent = Verdict(rule="r", side="both", status="cannot_tell", measure="x", reason=reader.no_ok)
    loud = silent.model_copy(update={"status": "watch", "value": 15.0, "error": 1.0, "reason": ""})
    few = summarise(rule, "both", [loud, silent, silent, silent, silent], 1)
    assert (few.status, few.value, few.reason) == ("cannot_tell", None, reader.no_ok)
    many = summarise(rule, "both", [loud, loud, loud, silent, silent], 1)
    assert (many.status, many.value) == ("watch", 15.0)

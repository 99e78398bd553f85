"""Repetitions bounded by hand, and verdicts that a reviewer replaced: the pure parts."""

from __future__ import annotations

import numpy as np
import pytest

from kneetrack.clinic.overrules import Overrule, overruled
from kneetrack.clinic.rep_bounds import Bounds, RepEdit, check_bounds
from kneetrack.exercises import all_exercises
from kneetrack.judge import summarise
from kneetrack.records import SettingsError, Status
from kneetrack.reps import RepLimits, dip_between, find_dips
from kneetrack.result import Verdict
from kneetrack.sets import FoundRep
from tests.clinic import folding

LIMITS = RepLimits()


def wave() -> tuple[np.ndarray, np.ndarray]:
    """One dip of depth 0.4 between 1 and 3 seconds, half a second of hold in the middle."""
    t_s = np.arange(0, 4.01, 1 / 30)
    ramp = np.clip(np.minimum(t_s - 1, 3 - t_s) / 0.75, 0, 1)
    return t_s, 0.4 * (0.5 - 0.5 * np.cos(np.pi * ramp))


def test_the_bounds_that_were_found_give_the_dip_that_was_found() -> None:
    t_s, depth = wave()
    (found,), _ = find_dips(t_s, depth, LIMITS)
    again = dip_between(t_s, depth, found.start_s, found.bottom_s, found.end_s, LIMITS)
    assert again == found


def test_bounds_between_two_frames_hold() -> None:
    t_s, depth = wave()
    dip = dip_between(t_s, depth, 1.011, 2.0, 2.955, LIMITS)
    assert (dip.start_s, dip.bottom_s, dip.end_s) == (1.011, 2.0, 2.955)
    assert t_s[dip.first] >= 1.011 > t_s[dip.first - 1]
    assert t_s[dip.last] <= 2.955 < t_s[dip.last + 1]
    assert dip.descent_s + dip.hold_s + dip.ascent_s == pytest.approx(2.955 - 1.011)
    assert dip.depth == pytest.approx(0.4)


def test_a_bottom_on_the_way_down_reads_the_way_down() -> None:
    t_s, depth = wave()
    dip = dip_between(t_s, depth, 1.0, 1.3, 1.4, LIMITS)
    assert dip.bottom_s == 1.3
    assert min(dip.descent_s, dip.hold_s, dip.ascent_s) >= 0


def test_without_a_signal_there_is_no_depth() -> None:
    t_s, depth = wave()
    dip = dip_between(t_s, np.full_like(depth, np.nan), 1.0, 2.0, 3.0, LIMITS)
    assert np.isnan(dip.depth)
    assert dip.ramp_s == 1.0


@pytest.mark.parametrize(
    ("bounds", "words"),
    [
        (Bounds(2.0, 1.0, 3.0), "must lie between"),
        (Bounds(2.0, 3.5, 3.0), "must lie between"),
        (Bounds(-0.5, 1.0, 2.0), "within the clip"),
        (Bounds(8.0, 9.0, 10.5), "within the clip"),
        (Bounds(2.0, 2.1, 2.2), "at least"),
        (Bounds(4.0, 4.5, 5.2), "overlaps"),
    ],
)
def test_impossible_bounds(bounds: Bounds, words: str) -> None:
    with pytest.raises(SettingsError, match=words):
        check_bounds(bounds, (0.0, 10.0), [Bounds(5.0, 6.0, 7.0)])


def test_bounds_may_touch_a_neighbour() -> None:
    check_bounds(Bounds(3.0, 4.0, 5.0), (0.0, 10.0), [Bounds(5.0, 6.0, 7.0)])


# ------------------------------------------------------------------ folded over what was found


def test_the_last_word_on_a_repetition_holds() -> None:
    first, second = Bounds(1.0, 2.0, 3.2), Bounds(1.0, 2.0, 2.8)
    own = Bounds(1.0, 2.0, 3.0)
    found = folding.edited([own], [RepEdit(1, own, first), RepEdit(1, own, second)])
    assert found == [second]


def test_struck_out_and_wanted_again() -> None:
    own = Bounds(1.0, 2.0, 3.0)
    assert folding.edited([own], [RepEdit(1, own, None)]) == []
    assert folding.edited([own], [RepEdit(1, own, None), RepEdit(1, own, own)]) == [own]


def test_one_that_vanished_when_a_landmark_moved_is_still_the_reviewers() -> None:
    own, new = Bounds(1.0, 2.0, 3.0), Bounds(1.1, 2.0, 3.0)
    assert folding.edited([], [RepEdit(1, own, new)]) == [new]


def test_one_found_where_the_reviewer_added_one_is_not_counted_twice() -> None:
    own, new = Bounds(1.0, 2.0, 3.0), Bounds(1.2, 2.0, 2.9)
    assert folding.edited([own], [RepEdit(None, None, new)]) == [new]


def test_a_change_of_an_added_one_goes_with_it() -> None:
    added, later = Bounds(5.0, 6.0, 7.0), Bounds(5.0, 6.0, 7.2)
    edits = [RepEdit(None, None, added), RepEdit(None, added, later)]
    assert folding.edited([], edits) == [later]
    assert folding.edited([], [*edits, RepEdit(None, later, None)]) == []
    assert folding.edited([], edits[1:]) == []


# ------------------------------------------------------------------ verdicts


def flagged(value: float, status: Status = "flag") -> Verdict:
    return Verdict(
        rule="knee_valgus", side="left", status=status, measure="kfo", value=value, unit="ratio",
        error=0.03,
    )  # fmt: skip


def rep_at(bounds: Bounds) -> FoundRep:
    t_s, depth = wave()
    dip = dip_between(t_s, depth, bounds.start_s, bounds.bottom_s, bounds.end_s, LIMITS)
    return FoundRep(dip, "squat", "both")


def test_only_the_repetition_under_way_is_overruled() -> None:
    word = Overrule(2.0, "knee_valgus", "left", "ok", "brace")
    mine, other = rep_at(Bounds(1.0, 2.0, 3.0)), rep_at(Bounds(3.1, 3.4, 3.9))
    (new,) = overruled(mine, [flagged(0.2)], [word])
    assert (new.status, new.overruled, new.value, new.corrected) == ("ok", "flag", 0.2, True)
    assert overruled(other, [flagged(0.2)], [word]) == [flagged(0.2)]


def test_the_last_verdict_of_a_reviewer_holds() -> None:
    words = [Overrule(2.0, "knee_valgus", "left", s, "x") for s in ("ok", "watch")]
    (new,) = overruled(rep_at(Bounds(1.0, 2.0, 3.0)), [flagged(0.2)], words)
    assert (new.status, new.overruled) == ("watch", "flag")


def summed(verdicts: list[Verdict]) -> tuple[Status, float | None]:
    rule = all_exercises()["squat"].rule("knee_valgus")
    row = summarise(rule, "left", verdicts, 1)
    return row.status, row.value


def with_word(verdict: Verdict, status: Status) -> Verdict:
    return verdict.model_copy(update={"status": status, "overruled": verdict.status})


def test_a_set_follows_the_middle_one_of_its_repetitions() -> None:
    reps = [flagged(0.20), flagged(0.21), flagged(0.22)]
    assert summed(reps) == ("flag", 0.21)
    assert summed([with_word(reps[0], "ok"), *reps[1:]]) == ("flag", 0.21)
    assert summed([with_word(reps[0], "ok"), with_word(reps[1], "ok"), reps[2]]) == ("ok", 0.21)


def test_a_verdict_without_a_number_counts_as_a_word() -> None:
    unseen = Verdict(
        rule="knee_valgus", side="left", status="cannot_tell", measure="kfo", reason="hidden"
    )
    assert summed([unseen, unseen]) == ("cannot_tell", None)
    assert summed([with_word(unseen, "flag"), with_word(unseen, "flag")]) == ("flag", None)

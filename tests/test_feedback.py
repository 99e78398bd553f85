"""When it speaks: results over time go in, one cue at a time comes out."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

import numpy as np
import pytest

from kneetrack.cue_words import WORDS, WORDS_IN, number_word, words_of
from kneetrack.exercises import all_exercises
from kneetrack.feedback import (
    ALWAYS,
    PAIN,
    PRIORITY,
    CoachState,
    advise,
    heard_count,
    heard_cue,
)
from kneetrack.live_records import Cue, Fault, Feedback, FinishedRep, Moment
from kneetrack.programme.limits import DEEPER
from kneetrack.records import SideName, Status

NOWHERE = np.full((33, 2), np.nan)


def fault(rule: str, side: SideName = "right", status: Status = "flag") -> Fault:
    return Fault(rule, side, status, "seen", "what the rule says")


class Gym:
    """Frames at a rate, one after the other, through the coach; what was said, and when."""

    def __init__(self, feedback: Feedback = "full", fps: float = 30.0, exercise: str = "squat"):
        self.state = CoachState(feedback)
        self.step_s, self.t_s, self.exercise = 1 / fps, 0.0, exercise
        self.set_number, self.number, self.in_set = 1, 0, True
        self.said: list[tuple[float, Cue]] = []

    def frame(self, running: Iterable[Fault] = (), finished: FinishedRep | None = None) -> None:
        moment = Moment(
            self.t_s,
            NOWHERE,
            rep_under_way=bool(running),
            running=tuple(running),
            finished=finished,
            exercise=self.exercise,
        )
        self.state, cue = advise(self.state, moment, self.set_number, self.in_set)
        if cue is not None:
            self.said.append((round(self.t_s, 3), cue))
        self.t_s += self.step_s

    def go(self, seconds: float, *faults: Fault) -> None:
        for _ in range(round(seconds / self.step_s)):
            self.frame(faults)

    def rep(
        self, *faults: Fault, side: SideName = "both", status: Status | None = None
    ) -> list[Cue]:
        """Three quiet seconds and the end of a repetition with these faults; what it called up."""
        before = len(self.said)
        self.go(3.0)
        self.number += 1
        mark = status or ("flag" if faults else "ok")
        self.frame((), FinishedRep(self.number, side, mark, faults))
        return [cue for _, cue in self.said[before:]]

    def next_set(self) -> None:
        self.set_number, self.number = self.set_number + 1, 0

    @property
    def rules(self) -> list[str]:
        return [cue.rule for _, cue in self.said]


# ------------------------------------------------------------------ a fault that lasts


def test_silent_inside_the_band_and_where_nothing_can_be_told() -> None:
    gym = Gym()
    gym.go(
        3.0, fault("knee_valgus", status="ok"), fault("trunk_lean", "both", status="cannot_tell")
    )
    gym.rep(fault("knee_valgus", status="ok"))
    gym.rep(fault("knee_valgus", status="cannot_tell"))
    gym.rep(fault("knee_valgus", status="cannot_tell"))
    assert gym.said == []


@pytest.mark.parametrize("fps", [10, 15, 30, 60])
@pytest.mark.parametrize("status", ["watch", "flag"])
def test_speaks_when_it_has_lasted_300_ms_at_any_rate(fps: float, status: Status) -> None:
    gym = Gym(fps=fps)
    gym.go(1.0)
    start_s = gym.t_s
    gym.go(1.0, fault("knee_valgus", status=status))
    assert len(gym.said) == 1
    when_s, cue = gym.said[0]
    assert 0.3 - 1e-3 <= when_s - start_s <= 0.3 + 1 / fps + 1e-3
    assert (cue.rule, cue.side, cue.status, cue.kind) == ("knee_valgus", "right", status, "fault")
    assert cue.text == "Point your right knee over your second toe"


def test_a_flicker_says_nothing() -> None:
    gym = Gym()
    for _ in range(10):
        gym.go(0.2, fault("knee_valgus"))
        gym.go(0.2)
    assert gym.said == []


def test_a_gap_of_100_ms_does_not_end_it_and_a_longer_one_does() -> None:
    short, long = Gym(), Gym()
    for gym, frames in ((short, 2), (long, 3)):
        gym.go(0.2, fault("knee_valgus"))
        gym.go(frames / 30)
        gym.go(0.2, fault("knee_valgus"))
    assert short.rules == ["knee_valgus"]
    assert long.said == []


def test_left_and_right_in_turn_are_two_faults_together_they_are_one_cue() -> None:
    turns, both = Gym(), Gym()
    for side in ("left", "right", "left", "right"):
        turns.go(0.2, fault("knee_valgus", side))  # type: ignore[arg-type]
    assert turns.said == []
    both.go(1.0, fault("knee_valgus", "left", "watch"), fault("knee_valgus", "right", "flag"))
    assert [(c.side, c.status, c.text) for _, c in both.said] == [
        ("both", "flag", "Point your kneecaps over your second toe")
    ]


def test_frames_far_apart_are_not_a_fault_that_lasts() -> None:
    gym = Gym(fps=2)
    gym.go(3.0, fault("knee_valgus"))
    assert gym.said == []


# ------------------------------------------------------------------ two repetitions running


def test_once_is_silent_and_twice_running_speaks() -> None:
    gym = Gym()
    assert gym.rep(fault("too_fast", "both")) == []
    assert gym.rep() == []
    assert gym.rep(fault("too_fast", "both")) == []
    assert [c.rule for c in gym.rep(fault("too_fast", "both"))] == ["too_fast"]


def test_the_other_side_is_another_fault() -> None:
    gym = Gym()
    gym.rep(fault("knee_valgus", "left"))
    assert gym.rep(fault("knee_valgus", "right")) == []


def test_alternating_sides_are_held_against_the_same_side() -> None:
    gym = Gym(exercise="lateral_lunge")
    assert gym.rep(fault("knee_valgus", "left"), side="left") == []
    assert gym.rep(side="right") == []
    assert [c.rule for c in gym.rep(fault("knee_valgus", "left"), side="left")] == ["knee_valgus"]


def test_a_new_set_starts_from_nothing() -> None:
    gym = Gym()
    gym.rep(fault("too_fast", "both"))
    gym.next_set()
    assert gym.rep(fault("too_fast", "both")) == []


def test_a_set_begun_again_starts_from_nothing() -> None:
    gym = Gym()
    gym.rep(fault("too_fast", "both"))
    gym.state = gym.state.new_set(1)
    assert gym.rep(fault("too_fast", "both")) == []


# ------------------------------------------------------------------ one cue at a time


def test_the_same_cue_comes_again_after_four_seconds_in_other_words() -> None:
    gym = Gym()
    gym.go(10.0, fault("knee_valgus"))
    times = [when for when, _ in gym.said]
    assert len(times) == 3
    assert min(np.diff(times)) >= 4.0 - 1e-6
    assert max(np.diff(times)) < 4.1
    texts = [cue.text for _, cue in gym.said]
    assert texts[1] == "Spread the floor with your feet"
    assert texts[0] == texts[2] != texts[1]


def test_priority_balance_knee_trunk_depth() -> None:
    order = ["balance_lost", "knee_valgus", "trunk_lean", "bridge_too_high", "too_fast"]
    for i, rule in enumerate(order):
        gym = Gym()
        gym.go(0.5, *(fault(name, "both") for name in reversed(order[i:])))
        assert gym.rules == [rule]


def test_a_lesser_fault_waits_while_the_greater_one_goes_on() -> None:
    gym = Gym()
    gym.go(9.0, fault("knee_valgus"), fault("trunk_lean", "both"))
    assert set(gym.rules) == {"knee_valgus"}
    gym.go(2.0, fault("trunk_lean", "both"))
    assert gym.rules[-1] == "trunk_lean"


def test_within_a_group_the_order_of_the_exercise_counts() -> None:
    gym = Gym()
    gym.go(0.5, fault("heel_lift", "left"), fault("trunk_lean", "both"))
    assert gym.rules == ["heel_lift"]


def test_two_cues_are_never_closer_than_it_takes_to_say_one() -> None:
    gym = Gym()
    gym.go(0.5, fault("trunk_lean", "both"))
    gym.go(4.0, fault("knee_valgus"))
    times = [when for when, _ in gym.said]
    assert gym.rules == ["trunk_lean", "knee_valgus"]
    assert times[1] - times[0] >= 2.0 - 1e-6


def test_too_deep_does_not_wait() -> None:
    gym = Gym(exercise="lateral_lunge")
    gym.go(0.5, fault("knee_valgus", "left"))
    gym.go(0.5, fault("knee_valgus", "left"), fault("lunge_too_deep", "left"))
    assert gym.rules == ["knee_valgus", "lunge_too_deep"]
    gym.go(3.0, fault("lunge_too_deep", "left"))
    assert len(gym.said) == 2


# ------------------------------------------------------------------ praise


def praised(cues: list[Cue]) -> list[str]:
    return [cue.text for cue in cues if cue.kind == "praise"]


def test_a_repaired_fault_is_praised_once() -> None:
    gym = Gym()
    gym.go(1.0, fault("knee_valgus"))
    assert praised(gym.rep(fault("knee_valgus"))) == []
    assert praised(gym.rep()) == ["That's it, knees stay out"]
    assert gym.said[-1][1].status == "ok"
    assert praised(gym.rep() + gym.rep() + gym.rep()) == []


def too_short_to_cue(gym: Gym) -> None:
    """The next repetition is held against none, so that its fault is not cued again."""
    gym.state = replace(gym.state, before={})


def test_praised_in_the_second_repetition_after_and_no_later() -> None:
    second, third = Gym(), Gym()
    for gym in (second, third):
        gym.go(1.0, fault("knee_valgus"))
        gym.rep(fault("knee_valgus"))
        too_short_to_cue(gym)
        assert gym.rep(fault("knee_valgus")) == []
        too_short_to_cue(gym)
    assert praised(second.rep()) == ["That's it, knees stay out"]
    assert third.rep(fault("knee_valgus")) == []
    assert third.rep() == []


def test_the_repetition_of_the_cue_itself_is_not_praised() -> None:
    gym = Gym()
    gym.go(0.5, fault("knee_valgus"))
    assert praised(gym.rep()) == []
    assert len(praised(gym.rep())) == 1


def test_no_praise_for_what_cannot_be_told_or_while_the_other_side_has_it() -> None:
    unseen, other = Gym(), Gym()
    for gym in (unseen, other):
        gym.go(1.0, fault("knee_valgus", "right"))
        gym.rep(fault("knee_valgus", "right"))
    assert praised(unseen.rep(status="cannot_tell")) == []
    assert praised(other.rep(fault("knee_valgus", "left"))) == []


def test_nothing_cued_nothing_praised() -> None:
    gym = Gym()
    gym.rep(fault("knee_valgus"))
    gym.rep()
    gym.rep()
    assert gym.said == []


def test_praise_waits_for_the_same_side() -> None:
    gym = Gym(exercise="lateral_lunge")
    gym.go(1.0, fault("trailing_knee_bent", "right"))
    gym.rep(fault("trailing_knee_bent", "right"), side="left")
    assert praised(gym.rep(side="right")) == []
    assert praised(gym.rep(side="left")) == ["That's it, leg stays long"]


def test_a_fault_goes_before_praise() -> None:
    gym = Gym()
    gym.go(0.5, fault("knee_valgus"))
    gym.rep(fault("knee_valgus"), fault("too_fast", "both"))
    cues = gym.rep(fault("too_fast", "both"))
    assert [c.rule for c in cues] == ["too_fast"]


# ------------------------------------------------------------------ full, faded, off


def spoken_in(gym: Gym, reps: int) -> list[int]:
    """In which repetitions of the set a knee that always falls in is cued."""
    heard = []
    for i in range(1, reps + 1):
        before = len(gym.said)
        gym.go(1.0, fault("knee_valgus"))
        gym.rep(fault("knee_valgus"))
        gym.go(2.0)
        if len(gym.said) > before:
            heard.append(i)
    return heard


def test_full_speaks_in_every_repetition_of_every_set() -> None:
    gym = Gym("full")
    for _ in range(4):
        assert spoken_in(gym, 4) == [1, 2, 3, 4]
        gym.next_set()


def test_faded_every_repetition_then_every_other_then_none() -> None:
    gym = Gym("faded")
    assert spoken_in(gym, 6) == [1, 2, 3, 4, 5, 6]
    gym.next_set()
    assert spoken_in(gym, 6) == [1, 3, 5]
    for _ in range(2):
        gym.next_set()
        assert spoken_in(gym, 6) == []


def test_faded_is_silent_in_praise_too_in_the_third_set() -> None:
    gym = Gym("faded")
    gym.set_number = 3
    gym.go(1.0, fault("knee_valgus"))
    gym.rep(fault("knee_valgus"))
    gym.rep()
    assert gym.said == []


@pytest.mark.parametrize("feedback", ["off", "faded"])
def test_too_deep_and_pain_speak_whatever_is_set(feedback: Feedback) -> None:
    gym = Gym(feedback, exercise="lateral_lunge")
    gym.set_number = 3
    gym.go(1.0, fault("knee_valgus", "left"), fault("lunge_too_deep", "left"))
    assert gym.rules == ["lunge_too_deep"]
    _, cue = advise(gym.state, Moment(99.0, NOWHERE), 3, pain=True)
    assert cue == PAIN


def test_off_says_nothing_else() -> None:
    gym = Gym("off")
    assert spoken_in(gym, 4) == []
    gym.rep()
    assert gym.said == []


def test_nothing_outside_a_set_and_nothing_kept_from_there() -> None:
    gym = Gym()
    gym.in_set = False
    gym.go(2.0, fault("knee_valgus"))
    assert gym.said == []
    gym.in_set = True
    gym.go(0.2, fault("knee_valgus"))
    assert gym.said == []


def test_the_same_results_give_the_same_cues() -> None:
    first, second = Gym(), Gym()
    for gym in (first, second):
        spoken_in(gym, 3)
    assert first.said == second.said
    start = CoachState()
    advise(start, Moment(0.0, NOWHERE, running=(fault("knee_valgus"),)))
    assert start == CoachState()


# ------------------------------------------------------------------ words

PRESCRIBED = {("squat", DEEPER), ("single_leg_squat", DEEPER)}
"""Rules that only a programme brings."""
SPOKEN = sorted(
    {(name, rule.name) for name, e in all_exercises().items() for rule in e.rules if rule.cue}
    | PRESCRIBED
)


@pytest.mark.parametrize(("exercise", "rule"), SPOKEN)
def test_every_rule_that_can_be_a_fault_has_its_words(exercise: str, rule: str) -> None:
    words = words_of(exercise, rule)
    assert words.say
    assert words.again
    assert words.again != words.say
    assert words.praise
    assert any(rule in group for group in PRIORITY)


def test_rules_with_words_exist_and_every_rule_to_judge_has_a_cue() -> None:
    judged = {
        (name, rule.name)
        for name, e in all_exercises().items()
        for rule in e.rules
        if not rule.information
    } | PRESCRIBED
    assert judged == set(SPOKEN)
    names = {rule for _, rule in judged}
    assert set(WORDS) == names
    assert set(WORDS_IN) <= judged
    assert set(ALWAYS) <= names
    assert {rule for group in PRIORITY for rule in group} == names


def test_words_are_short_plain_and_point_outwards() -> None:
    inward = r"\b(?:squeeze|muscle|glute|quad|hip|contract|tighten|engage|activate)\w*\b"
    harsh = r"\b(?:weak|diagnos|injur|wrong|bad|don't|fault|fail)\w*\b"
    for words in (*WORDS.values(), *WORDS_IN.values()):
        for text in (words.say, words.one.format(side="right"), words.again, words.praise):
            assert len(text) <= 42, text
            assert len(text.split()) <= 9, text
            assert not re.search(f"{inward}|{harsh}", text, re.IGNORECASE), text


def test_an_unknown_rule_still_says_what_its_fault_says() -> None:
    gym = Gym()
    gym.go(0.5, fault("something_new"))
    assert gym.said[0][1].text == "what the rule says"


def test_tones_and_counts() -> None:
    valgus = heard_cue(Cue("Out", "flag", rule="knee_valgus", side="left"))
    deep = heard_cue(Cue("Up", "flag", rule="lunge_too_deep"))
    praise = heard_cue(Cue("Good", "ok", "praise", "knee_valgus"))
    assert (valgus.tone, valgus.words, valgus.urgent) == ("knee_in", "Out", False)
    assert (deep.tone, deep.urgent) == ("too_deep", True)
    assert (praise.tone, praise.urgent) == (None, False)
    assert heard_cue(PAIN).urgent
    assert (heard_count(7, "ok").tone, heard_count(7, "ok").words) == ("good_rep", "seven")
    for status in ("watch", "flag", "cannot_tell"):
        assert heard_count(12, status).tone == "rep"  # type: ignore[arg-type]
    assert [number_word(n) for n in (0, 10, 20, 21, 99, 100)] == [
        "zero",
        "ten",
        "twenty",
        "twenty-one",
        "ninety-nine",
        "100",
    ]

"""Words that go with the exercise: at "Go", and once more when there is nothing else to say."""

from __future__ import annotations

from dataclasses import replace

from kneetrack.live.likely import likely_words
from kneetrack.live.plan import Plan
from kneetrack.live.working import REMIND_QUIET_S
from kneetrack.live_records import Fault
from kneetrack.settings import Settings
from tests.live.acting import Act

WORDS = "Breathe out as you push off"
PLAN = Plan(exercise="squat", sets_total=2, reps_total=8, rest_s=20.0, begin_words=WORDS)
VALGUS = Fault("knee_valgus", "left", "flag", "in", "Point your left knee over your second toe")


def heard(act: Act) -> list[str]:
    return [words for words in act.words if words in (WORDS, "Go")]


def test_they_follow_go_and_do_not_cut_it_off() -> None:
    act = Act(PLAN).to_set()
    assert act.words[-2:] == ["Go", WORDS]
    assert not act.now.heard[-1].urgent


def test_they_are_said_once_more_in_each_set_after_a_repetition() -> None:
    act = Act(PLAN)
    for _ in range(2):
        act.to_set()
        for _ in range(8):
            act.rep()
    assert heard(act) == ["Go", WORDS, WORDS] * 2
    again = [i for i, step in enumerate(act.steps) if any(h.words == WORDS for h in step.heard)][1]
    assert [h.words for h in act.steps[again].heard] == ["four", WORDS]


def test_they_keep_their_distance_from_a_cue() -> None:
    act = Act(replace(PLAN, reps_total=20)).to_set()
    act.rep()
    act.rep()
    for _ in range(10):
        act.frame(moment=act.moment(VALGUS, under_way=True))
    assert act.words[-1] == VALGUS.cue
    cued_s = act.t_s - 0.5
    for _ in range(16):
        if heard(act) == ["Go", WORDS]:
            act.rep(seconds=1.0)
    assert heard(act) == ["Go", WORDS, WORDS]
    assert act.t_s - cued_s >= REMIND_QUIET_S


def test_without_them_nothing_is_said() -> None:
    act = Act(Plan(exercise="squat", sets_total=1, reps_total=8)).to_set()
    for _ in range(8):
        act.rep()
    assert heard(act) == ["Go"]


def test_they_are_made_into_sound_ahead() -> None:
    words = likely_words(PLAN, Settings().exercises)
    assert words.index(WORDS) == words.index("Go") + 1
    assert "" not in likely_words(Plan(exercise="squat"), Settings().exercises)

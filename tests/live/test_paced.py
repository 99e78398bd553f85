"""Repetitions by ear: the words fit the tempo, and what was done is counted."""

from __future__ import annotations

from itertools import pairwise

import pytest

from kneetrack.live.act_words import say_s
from kneetrack.live.paced import Pace, Paced
from kneetrack.live.tempo import Tempo, beats_for
from kneetrack.records import SettingsError, SideName
from tests.live.acting import stands
from tests.live.performing import Play

BRIDGE = Pace("Bridge", 3, beats_for("glute_bridge", Tempo(2.0, 3.0, 2.0)), next_title="Lunges")
SIDES: tuple[SideName, ...] = ("left", "right")
LUNGE = Pace("Lateral lunge", 2, beats_for("lateral_lunge", Tempo()), SIDES)


def paced(pace: Pace = BRIDGE) -> tuple[Paced, Play]:
    act = Paced(pace)
    return act, Play(act)


def test_a_bridge_is_counted_up_hold_and_down() -> None:
    act, play = paced()
    play.until_over()
    assert (act.ended, act.reps_done) == ("done", 3)
    rep = ["Up, breathe out", "Hold", "two", "three", "Down slowly"]
    last = ["Last one. Up", *rep[1:]]
    assert play.words == [
        *("Bridge", "Go", *rep, "one", *rep, "two", *last, "three", "Next: lunges")
    ]
    assert play.tones == [*["tick"] * 3, "go", *["rep"] * 3, "set_done"]


def test_a_lunge_names_the_side_and_counts_rounds() -> None:
    act, play = paced(LUNGE)
    play.until_over()
    assert (act.ended, act.reps_done) == ("done", 4)
    left, right = (f"{side}, step out and sit back" for side in ("Left", "Right"))
    push = "Push off, breathe out"
    last = "Last one. Right, sit back"
    assert play.words[2:] == [left, push, right, push, "one", left, push, last, push, "two"]
    assert play.tones.count("rep") == 4


@pytest.mark.parametrize("exercise", ["glute_bridge", "lateral_lunge", "squat"])
@pytest.mark.parametrize("tempo", [Tempo(), Tempo(1.0, 2.0, 1.0), Tempo(4.0, 5.0, 3.0)])
def test_words_end_before_the_next_ones_begin(exercise: str, tempo: Tempo) -> None:
    _, play = paced(Pace("Set", 12, beats_for(exercise, tempo), SIDES, tempo.between_s))
    play.until_over()
    said = [(t, heard.words) for t, heard in play.heard if heard.words]
    for (t, words), (after, _) in pairwise(said[2:]):
        assert after - t >= say_s(words) - 0.25, words


def test_the_tempo_is_kept() -> None:
    _, play = paced()
    play.until_over()
    ups = [t for t, heard in play.heard if "Up" in heard.words]
    assert ups[1] - ups[0] == pytest.approx(2 + 3 + 2 + 1.2, abs=0.06)
    assert ups[2] - ups[1] == pytest.approx(2 + 3 + 2 + 1.2, abs=0.06)


def test_the_screen_says_what_to_do_and_which_one_it_is() -> None:
    _, play = paced()
    play.until_over()
    shown = [(s.screen.headline, s.screen.countdown) for s in play.steps]
    turns = [one for i, one in enumerate(shown) if one != shown[i - 1]]
    rep = ["Up", "Hold 1", "Hold 2", "Hold 3", "Down slowly"]
    begin = turns.index(("Up", 0))
    assert turns[begin : begin + 6] == [*((word, 0) for word in rep), ("Bridge", 1)]
    assert turns[begin + 6] == ("Up", 1)
    assert {s.screen.reps_total for s in play.steps if s.screen.phase == "timer"} == {3}
    rings = [s.screen.progress for s in play.steps if s.screen.headline == "Up"]
    assert max(r for r in rings if r is not None) > 0.9


@pytest.mark.parametrize("key, ended", [("p", "pain"), ("q", "quit"), ("n", "skipped")])
def test_what_was_done_before_a_key_stands(key: str, ended: str) -> None:
    act, play = paced()
    while act.reps_done < 2:
        play.look()
    assert play.go(3.0).look(key).finished
    assert (act.ended, act.reps_done) == (ended, 2)


def test_after_a_pause_the_repetition_begins_again() -> None:
    act, play = paced()
    while "Hold 2" not in play.look().screen.headline:
        pass
    play.press(" ").go(60.0).press(" ").until_over()
    assert act.reps_done == 3
    assert sum("Up" in words for words in play.words) == 4
    assert act.seconds < 4 * 8.2


def test_walking_off_is_noticed_where_it_watches() -> None:
    act, play = paced(Pace("Squat", 20, beats_for("squat", Tempo()), watches=True))
    play.be(pose=stands()).go(15.0).be(pose=None).go(11.0)
    assert play.now.screen.headline == "Where are you?"
    play.until_over()
    assert act.ended == "left" and 0 < act.reps_done < 5


def test_words_ahead_are_those_that_are_said() -> None:
    for pace in (BRIDGE, LUNGE):
        _, play = paced(pace)
        play.until_over()
        assert set(play.words) <= set(pace.words())


def test_nothing_to_do_is_refused() -> None:
    for wrong in ({"reps": 0}, {"beats": ()}, {"sides": ()}):
        with pytest.raises(SettingsError):
            Pace(**{"title": "x", "reps": 1, "beats": BRIDGE.beats, **wrong})  # type: ignore[arg-type]
    with pytest.raises(SettingsError):
        Tempo(down_s=0.0)

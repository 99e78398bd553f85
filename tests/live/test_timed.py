"""A timer: told before, counted, announced after, paused, left."""

from __future__ import annotations

from itertools import pairwise

import pytest

from kneetrack.live.act_words import GONE_SAY, say_s
from kneetrack.live.timed import Timed, Timer
from tests.live.acting import arms_down, arms_up, stands
from tests.live.performing import Play

SAY = "Right side. Raise the arm of the kneeling side, then reach up and over to the other side."
TIMER = Timer("Right side, up and over", 30.0, SAY, "f.png", "Left side, turning the chest")
WATCHED = Timer("Balance", 60.0, watches=True)
SHORT = Timer("Left side", 10.0)


def timed(timer: Timer = TIMER) -> tuple[Timed, Play]:
    act = Timed(timer)
    return act, Play(act)


def test_words_lead_then_thirty_seconds_then_what_comes_next() -> None:
    act, play = timed()
    play.until_over()
    assert (act.ended, act.seconds) == ("done", 30.0)
    assert play.words == [SAY, "Go", "Ten seconds", "Next: left side, turning the chest"]
    assert play.tones == [*["tick"] * 3, "go", "half", *["tick"] * 3, "set_done"]
    go_s = play.at("go")
    assert [play.at(what) - go_s for what in ("half", "Ten seconds", "set_done")] == pytest.approx(
        [15.0, 20.0, 30.0], abs=0.11
    )


@pytest.mark.parametrize("say", ["", "Kneel.", SAY, SAY + SAY])
def test_the_countdown_never_begins_over_the_words(say: str) -> None:
    _, play = timed(Timer("Left side", 10.0, say))
    play.until_over()
    assert play.at("go") >= max(5.0, say_s(say or "Left side") + 1.0)


def test_the_next_one_is_announced_to_its_end_before_it_is_over() -> None:
    _, play = timed()
    play.until_over()
    after_s = play.t_s - 100.0 - play.at("set_done")
    assert after_s >= say_s("Next: left side, turning the chest")


def test_the_screen_shows_lead_then_seconds_left_and_the_picture() -> None:
    _, play = timed()
    lead = play.look().screen
    assert (lead.phase, lead.headline, lead.note) == ("lead", TIMER.title, "Get ready")
    assert (lead.detail, lead.figure) == (SAY, "f.png")
    play.go(20.0)
    counts = [s.screen.countdown for s in play.steps if s.screen.phase == "timer"]
    assert counts[0] == 30 and all(a - b in (0, 1) for a, b in pairwise(counts))
    screen = play.now.screen
    assert (screen.next_up, screen.detail) == (TIMER.next_title, "")
    assert screen.progress == pytest.approx(1 - (screen.countdown or 0) / 30, abs=0.04)
    assert [key for key, _ in screen.choices] == ["Space", "N", "P", "Q"]


def test_a_pause_stops_the_time_and_leads_in_again() -> None:
    act, play = timed()
    play.go(20.0)
    done_s = act.seconds
    assert done_s > 5
    play.press(" ").go(100.0)
    assert (act.seconds, play.now.screen.phase) == (done_s, "paused")
    play.press(" ").go(4.5)
    assert (act.seconds, play.now.screen.phase) == (done_s, "lead")
    play.go(2.0)
    assert act.seconds > done_s + 1
    play.until_over()
    assert (act.ended, act.seconds) == ("done", 30.0)
    assert play.words.count(SAY) == 1
    assert play.tones.count("go") == 2


def test_a_pause_in_the_lead_says_the_words_again() -> None:
    _, play = timed()
    play.go(2.0).press(" ").go(3.0).press(" ").until_over()
    assert play.words.count(SAY) == 2
    assert play.tones.count("go") == 1


@pytest.mark.parametrize(
    "key, ended",
    [
        *(("p", "pain"), ("P", "pain"), ("n", "skipped")),
        *(("q", "quit"), ("esc", "quit"), ("close", "close")),
    ],
)
@pytest.mark.parametrize("paused", [False, True])
@pytest.mark.parametrize("after_s", [0.0, 1.0, 20.0])
def test_every_key_ends_it_at_any_moment(
    key: str, ended: str, after_s: float, paused: bool
) -> None:
    act, play = timed()
    play.go(after_s).press(*([" "] if paused else []))
    step = play.look(key)
    assert step.finished and act.ended == ended
    assert step.heard[0].urgent  # what is being said is cut off
    assert act.seconds < 30


def test_after_the_time_a_key_only_hurries_on_but_pain_is_heard() -> None:
    for key, ended in (("n", "done"), (" ", "done"), ("p", "pain")):
        act, play = timed()
        while not play.steps or "set_done" not in play.tones:
            play.look()
        assert play.look(key).finished
        assert (act.ended, act.seconds) == (ended, 30.0)


def test_a_short_timer_has_no_half_and_no_ten_seconds() -> None:
    _, play = timed(SHORT)
    play.until_over()
    assert "half" not in play.tones and "Ten seconds" not in play.words


def test_help_and_a_sleeping_computer_stop_the_time() -> None:
    act, play = timed(SHORT)
    play.go(7.0)
    done_s = act.seconds
    play.be(helping=True).go(30.0)
    assert act.seconds == done_s
    play.be(helping=False).look()
    play.t_s += 3600.0
    play.look()
    assert act.seconds < done_s + 1.2


def test_without_a_camera_nobody_has_walked_off() -> None:
    act, play = timed(WATCHED)
    play.until_over()
    assert act.ended == "done"


def test_who_was_never_seen_has_not_walked_off() -> None:
    act, play = timed(WATCHED)
    play.be().until_over()
    assert act.ended == "done"


def test_an_unwatched_timer_goes_on_alone_and_takes_no_arms() -> None:
    act, play = timed(SHORT)
    down = arms_down(stands())
    play.be(pose=down).go(7.0).be(pose=arms_up(down)).go(2.0)
    assert play.now.screen.phase == "timer"
    play.be(pose=None).until_over()
    assert act.ended == "done"


def test_raised_arms_pause_and_go_on_where_it_watches() -> None:
    act, play = timed(WATCHED)
    down = arms_down(stands())
    play.be(pose=down).go(8.0).be(pose=arms_up(down)).go(1.5)
    assert play.now.screen.phase == "paused"
    assert "arms" in play.now.screen.detail
    play.be(pose=down).go(1.0).be(pose=arms_up(down)).go(1.5).be(pose=down).go(6.0)
    assert play.now.screen.phase == "timer"
    assert act.ended is None


def gone(seen_s: float = 12.0) -> tuple[Timed, Play]:
    act, play = timed(WATCHED)
    play.be(pose=arms_down(stands())).go(seen_s).be(pose=None).go(10.5)
    return act, play


def test_walking_off_stops_the_timer_and_asks() -> None:
    act, play = gone()
    screen = play.now.screen
    assert (screen.phase, screen.headline) == ("rest", "Where are you?")
    assert [key for key, _ in screen.choices] == ["P", "Space", "Q"]
    assert play.words[-1] == GONE_SAY
    done_s = act.seconds
    play.go(20.0)
    assert act.seconds == done_s


def test_it_goes_on_when_somebody_is_back_for_two_seconds() -> None:
    act, play = gone()
    done_s = act.seconds
    play.go(30.0).be(pose=stands()).go(1.5)
    assert play.now.screen.phase == "rest"
    play.go(1.0)
    assert play.now.screen.phase == "lead"
    play.until_over()
    assert act.ended == "done" and act.seconds == 60.0 > done_s


def test_after_a_minute_alone_it_has_been_left() -> None:
    act, play = gone()
    assert 59.0 < play.until_over() < 61.0
    assert act.ended == "left" and act.seconds < 60
    assert play.words.count(GONE_SAY) == 3


def test_one_stray_picture_is_neither_coming_nor_going() -> None:
    act, play = timed(WATCHED)
    somebody = arms_down(stands())
    play.be(pose=somebody).go(12.0)
    for _ in range(24):  # unseen for half a second, twelve seconds long, but for one picture
        play.be(pose=None).go(0.4).be(pose=somebody).go(0.1)
    assert play.now.screen.phase == "timer"
    act, play = gone()
    for _ in range(124):
        if play.over:
            break
        play.be(pose=somebody).go(0.05).be(pose=None).go(0.95)
    assert act.ended == "left"


def test_space_goes_on_though_nobody_is_seen_and_does_not_ask_again() -> None:
    act, play = gone()
    play.press(" ").until_over()
    assert act.ended == "done"
    assert play.words.count(GONE_SAY) == 1


@pytest.mark.parametrize("key, ended", [("p", "pain"), ("q", "quit"), ("close", "close")])
def test_the_question_is_answered_by_key(key: str, ended: str) -> None:
    act, play = gone()
    assert play.look(key).finished
    assert act.ended == ended


def test_a_lost_camera_is_not_walking_off() -> None:
    act, play = timed(WATCHED)
    play.be(pose=stands()).go(10.0).be(pose=None, camera_trouble="the camera is gone").go(30.0)
    assert play.now.screen.phase == "timer"
    play.until_over()
    assert act.ended == "done"

"""Pain from 0 to 10, typed."""

from __future__ import annotations

import pytest

from kneetrack.live.pain_scale import AskPain
from kneetrack.live.plan import Sight
from tests.live.performing import Play

QUESTION = "How much does the knee hurt now?"


def asked(auto_s: float | None = None) -> tuple[AskPain, Play]:
    act = AskPain(QUESTION, "Say it from zero to ten.", auto_s=auto_s)
    return act, Play(act)


@pytest.mark.parametrize("pain", range(11))
def test_every_number_can_be_told(pain: int) -> None:
    act, play = asked()
    play.press(*str(pain)).go(3.0)
    assert (act.pain, act.ended) == (pain, "told")


@pytest.mark.parametrize("finish", ["enter", " "])
def test_a_key_says_that_is_it(finish: str) -> None:
    act, play = asked()
    play.press("1", finish)
    assert (act.pain, act.ended, play.over) == (1, "told", True)


def test_a_one_waits_for_a_nought_and_is_one_without() -> None:
    act, play = asked()
    play.press("1").go(1.2).press("0")
    assert act.ended is None and act.chosen == 10
    play.go(3.0)
    assert act.pain == 10
    act, play = asked()
    play.press("1").go(3.0)
    assert act.pain == 1


@pytest.mark.parametrize(
    "keys, pain",
    [
        *(("733", 3), ("1000", 0), ("10", 10), ("x5", 5)),
        *((["7", "backspace", "2"], 2), (["1", "0", "backspace", "0"], 0)),
        (["9", "9", "backspace", "4"], 4),
    ],
)
def test_a_slip_can_be_taken_back(keys: list[str], pain: int) -> None:
    act, play = asked()
    play.press(*keys).go(3.0)
    assert act.pain == pain


@pytest.mark.parametrize("typed", ["11", "99", "73", "100", "01"])
def test_a_number_that_is_none_is_refused_and_shown(typed: str) -> None:
    act, play = asked()
    play.press(*typed).go(30.0)
    assert (act.pain, act.ended, act.chosen) == (None, None, None)
    detail = act.step(Sight(play.t_s, key="enter")).screen.detail
    assert typed in detail and "0 to 10" in detail
    assert act.ended is None
    play.press("4").go(3.0)
    assert act.pain == 4


def test_backspace_alone_tells_nothing() -> None:
    act, play = asked()
    play.press("4", "backspace", "enter").go(300.0)
    assert act.ended is None and act.pain is None


@pytest.mark.parametrize(
    "key, ended", [("n", "skipped"), ("q", "quit"), ("esc", "quit"), ("close", "close")]
)
def test_it_need_not_be_told(key: str, ended: str) -> None:
    act, play = asked()
    play.press("4", key)
    assert (act.pain, act.ended, play.over) == (None, ended, True)


def test_time_runs_out_only_where_it_is_to() -> None:
    act, play = asked(30.0)
    assert play.until_over() == pytest.approx(30.0, abs=0.2)
    assert (act.pain, act.ended) == (None, "time")
    act, play = asked(30.0)
    play.go(20.0).press("3", "backspace").go(25.0)
    assert act.ended is None
    act, play = asked()
    play.go(600.0)
    assert act.ended is None


def test_help_stops_the_clock() -> None:
    act, play = asked(30.0)
    play.go(10.0).be(helping=True).go(100.0)
    assert act.ended is None
    assert play.be(helping=False).until_over() == pytest.approx(20.0, abs=0.3)


def test_said_once_and_shown_with_words_at_both_ends() -> None:
    _, play = asked()
    play.go(20.0)
    assert play.words == ["Say it from zero to ten."]
    play.press("7")
    scale = play.now.screen.scale
    assert play.now.screen.phase == "scale" and scale is not None
    assert (dict(scale.words), scale.chosen) == ({0: "none", 5: "medium", 10: "worst"}, 7)


def test_how_long_it_waits_is_shown_and_it_is_asked_again_at_half_time() -> None:
    _, play = asked(120.0)
    play.go(59.0)
    assert play.now.screen.detail.endswith(("0 to 10 · 61 s", "0 to 10 · 62 s"))
    assert len(play.words) == 1
    play.go(40.0)
    assert play.words == ["Say it from zero to ten."] * 2
    play.press("7")
    assert not play.now.screen.detail.endswith(" s")

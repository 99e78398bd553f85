"""A question as an act: keys, raised arms, time."""

from __future__ import annotations

import pytest

from kneetrack.live.act_words import say_s
from kneetrack.live.asking import Ask, AskText
from kneetrack.live.card import Card
from tests.live.acting import arms_down, arms_up, stands
from tests.live.performing import Play

KEYS = {"n": "next", "r": "again", "p": "it hurts"}
CARD = Card("Ready?", KEYS, arms="n", detail="When you are.", say="Are you ready?", title="Lunges")
AUTO = Card("Next?", KEYS, auto="n", auto_s=8.0, phase="rest")


def asked(card: Card = CARD) -> tuple[Ask, Play]:
    act = Ask(card)
    return act, Play(act)


@pytest.mark.parametrize(
    "key, answer", [("r", "r"), ("P", "p"), (" ", "n"), ("enter", "n"), ("close", "close")]
)
def test_a_key_answers(key: str, answer: str) -> None:
    act, play = asked()
    play.go(1.0)
    assert act.answer == ""
    assert play.look(key).finished and act.answer == answer


def test_what_must_be_read_is_not_answered_at_once_nor_by_a_key_held_down() -> None:
    act, play = asked(Card("Well?", KEYS, quiet_s=0.8))
    play.press(*"nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn")
    assert act.answer == "" and play.now.screen.choices == ()
    play.go(1.0)
    assert play.now.screen.choices
    assert play.look("n").finished and act.answer == "n"
    act, play = asked(Card("Well?", KEYS, quiet_s=0.8))
    assert play.look("close").finished


def test_other_keys_and_space_without_arms_are_no_answer() -> None:
    act, play = asked(Card("Well?", KEYS))
    play.press("x", " ", "enter", "esc", "q").go(100.0)
    assert act.answer == "" and not play.over


def test_the_question_is_said_once_and_shown() -> None:
    _, play = asked()
    play.go(30.0)
    assert play.words == ["Are you ready?"]
    screen = play.now.screen
    assert (screen.headline, screen.detail, screen.title) == ("Ready?", "When you are.", "Lunges")
    assert screen.choices == (("N", "next"), ("R", "again"), ("P", "it hurts"))


def test_raised_arms_answer_where_somebody_is_seen() -> None:
    act, play = asked()
    down = arms_down(stands())
    play.be(pose=down).go(1.0).be(pose=arms_up(down)).go(2.0)
    assert act.answer == "n"
    act, play = asked(Card("Well?", KEYS))
    play.be(pose=down).go(1.0).be(pose=arms_up(down)).go(4.0)
    assert act.answer == ""


def test_time_answers_but_not_before_the_words_are_said() -> None:
    act, play = asked(AUTO)
    assert play.until_over() == pytest.approx(8.0, abs=0.1)
    assert act.answer == "n"
    counts = [step.screen.countdown for step in play.steps]
    assert (counts[0], counts[-2]) == (8, 1)
    words = "It is a very long question. " * 8
    act, play = asked(Card("Next?", KEYS, auto="n", auto_s=3.0, say=words))
    assert play.until_over() >= say_s(words)


def test_time_stands_still_while_the_keys_are_read() -> None:
    act, play = asked(AUTO)
    play.go(4.0).be(helping=True).go(60.0)
    assert act.answer == ""
    assert play.be(helping=False).until_over() == pytest.approx(4.0, abs=0.2)


def typed(*keys: str, choices: dict[str, str] | None = None) -> tuple[AskText, Play]:
    act = AskText("Why?", choices)
    play = Play(act).press(*keys)
    return act, play


def test_a_line_is_typed_and_can_be_mended() -> None:
    act, play = typed(*"By eare", "backspace", " ", "enter")
    assert (act.text, play.over) == ("By ear", True)
    assert play.steps[2].screen.detail.startswith("By _")
    assert all(step.screen.typing for step in play.steps)


def test_a_choice_is_taken_by_its_key_unless_something_was_typed() -> None:
    assert typed("1", choices={"1": "it hurt"})[0].text == "it hurt"
    act, play = typed("x", "1", choices={"1": "it hurt"})
    assert (act.text, play.over) == ("x1", False)


@pytest.mark.parametrize("key", ["esc", "close"])
def test_typing_can_be_called_off(key: str) -> None:
    act, play = typed(*"abc", key)
    assert (act.text, act.closed, play.over) == ("", key == "close", True)


def test_a_line_has_an_end() -> None:
    act, _ = typed(*"x" * 300, "enter")
    assert len(act.text) == 200


def test_a_question_may_be_said_once_more_at_half_time() -> None:
    _, play = asked(Card("Well?", KEYS, auto="n", auto_s=120.0, say="Well?", again=True))
    play.go(59.0)
    assert play.words == ["Well?"]
    play.go(60.0)
    assert play.words == ["Well?", "Well?"]

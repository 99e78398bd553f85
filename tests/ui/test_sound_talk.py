"""Who speaks when: told the time, so that no test waits."""

from __future__ import annotations

import pytest

from kneetrack.live_records import Heard
from kneetrack.ui._talk import Talk, is_count


def second(words: str) -> float | None:
    return 1.0


def cue(words: str = "Knees out", **more: bool | float) -> Heard:
    return Heard(words=words, **more)  # type: ignore[arg-type]


def test_one_utterance_at_a_time_in_order() -> None:
    talk = Talk()
    talk.hear(cue("first"), 0.0, 0)
    talk.hear(cue("second"), 0.1, 0)
    assert talk.due(0.1, second) == "first"
    assert talk.due(0.9, second) == ""
    assert talk.again_in_s(0.9) == pytest.approx(0.201)
    assert talk.due(1.11, second) == "second"
    assert talk.due(3, second) == ""
    assert talk.idle(3)


def test_words_start_after_their_tone() -> None:
    talk = Talk()
    talk.hear(Heard("good_rep", "Seven"), 0.0, 0.3)
    assert talk.due(0.2, second) == ""
    assert talk.again_in_s(0.2) == pytest.approx(0.101)
    assert talk.due(0.31, second) == "Seven"


def test_late_words_are_left_unsaid() -> None:
    talk = Talk()
    talk.hear(cue("a long story"), 0.0, 0)
    assert talk.due(0, lambda _: 4.0) == "a long story"
    talk.hear(cue("Knees out", within_s=1.5), 1.0, 0)
    talk.hear(cue("Set done", within_s=5.0), 1.0, 0)
    assert talk.due(4.1, second) == "Set done"


def test_words_that_are_not_made_in_time_are_left_unsaid_and_hold_nothing_up() -> None:
    talk = Talk()
    talk.hear(cue("slow"), 0.0, 0)
    talk.hear(cue("quick"), 0.0, 0)
    ready = {"quick": 0.5}.get
    assert talk.due(0.1, ready) == "quick"
    assert talk.due(1.0, ready) == ""
    assert talk.due(1.6, second) == ""


def test_urgent_words_cut_and_clear() -> None:
    talk = Talk()
    talk.hear(cue("Knees out"), 0.0, 0)
    talk.hear(cue("Chest up"), 0.0, 0)
    assert talk.due(0, second) == "Knees out"
    assert talk.hear(cue("Not so deep", urgent=True), 0.2, 0)
    assert talk.due(0.2, second) == "Not so deep"
    assert talk.due(1.3, second) == ""


def test_urgent_cuts_nothing_when_nothing_is_said() -> None:
    assert not Talk().hear(cue(urgent=True), 0.0, 0)


def test_a_count_does_not_queue_behind_a_cue() -> None:
    talk = Talk()
    talk.hear(cue("Knees out"), 0.0, 0)
    talk.hear(cue("six"), 0.0, 0)
    assert talk.due(0, second) == "Knees out"
    talk.hear(cue("seven"), 0.5, 0)
    assert talk.due(1.01, second) == ""


def test_a_cue_goes_before_a_count_that_has_not_begun() -> None:
    talk = Talk()
    talk.hear(Heard("rep", "seven"), 0.0, 0.1)
    talk.hear(cue("Knees out"), 0.05, 0)
    assert talk.due(0.11, second) == "Knees out"
    assert talk.due(1.2, second) == ""


def test_the_newest_count_replaces_an_older_one() -> None:
    talk = Talk()
    talk.hear(cue("three"), 0.0, 0)
    assert talk.due(0, second) == "three"
    talk.hear(cue("two"), 0.5, 0)
    talk.hear(cue("one"), 0.9, 0)
    assert talk.due(1.01, second) == "one"
    assert talk.idle(2.5)


def test_the_same_words_wait_once() -> None:
    talk = Talk()
    talk.hear(cue("Knees out", within_s=9), 0.0, 0)
    talk.hear(cue("Knees out", within_s=9), 0.1, 0)
    assert talk.due(0.1, second) == "Knees out"
    assert talk.due(1.2, second) == ""


@pytest.mark.parametrize("words", ["seven", "Twenty-one.", "12", "One hundred and five"])
def test_numbers_are_counts(words: str) -> None:
    assert is_count(words)


@pytest.mark.parametrize("words", ["", "Two more", "Left, three", "Knees out"])
def test_other_words_are_not(words: str) -> None:
    assert not is_count(words)

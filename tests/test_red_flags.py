"""Red flags: all of MEASURES 7, and how soon."""

from __future__ import annotations

import pytest

from kneetrack.red_flags import (
    RED_FLAGS,
    SEE_A_DOCTOR,
    SEE_A_DOCTOR_TODAY,
    STOP_IF,
    doctor_words,
    how_soon,
    red_flag,
)

TODAY = {"four_steps", "swelled_fast", "out_of_shape", "locked", "fever_hot", "calf"} | {
    "numb",
    "bladder",
}


def test_keys_are_unique_and_all_that_must_stop_is_there() -> None:
    keys = [flag.key for flag in RED_FLAGS]
    assert len(set(keys)) == len(keys)
    whole = " ".join(flag.question.lower() for flag in RED_FLAGS)
    for word in ("four steps", "right angle", "55", "swell", "shape", "locked", "give way"):
        assert word in whole
    for word in ("fever", "calves", "night", "weight", "numb", "pass water", "surgery", "5 of 10"):
        assert word in whole


@pytest.mark.parametrize("key", sorted(TODAY))
def test_what_cannot_wait_is_for_today(key: str) -> None:
    assert how_soon([red_flag("night_rest"), red_flag(key)]) == "today"
    assert doctor_words([red_flag(key)]) == SEE_A_DOCTOR_TODAY


def test_what_can_wait_is_for_this_week() -> None:
    assert doctor_words([red_flag("night_rest"), red_flag("gives_way")]) == SEE_A_DOCTOR


def test_every_flag_is_a_question_with_a_short_form() -> None:
    for flag in RED_FLAGS:
        assert flag.question.endswith("?")
        assert not flag.short.endswith((".", "?"))
    assert STOP_IF


def test_an_unknown_key_is_an_error() -> None:
    with pytest.raises(KeyError):
        red_flag("nothing")

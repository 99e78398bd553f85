"""What pain before, after and the next morning means."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from kneetrack.programme.pain import (
    after_advice,
    before_advice,
    next_morning_advice,
    rise,
    rose_again,
)
from kneetrack.programme.reading import load_programme
from kneetrack.records import SettingsError
from kneetrack.red_flags import SEE_A_DOCTOR, much_pain_words
from tests.programme.making import GOOD, Went, after

HIPS = load_programme(None)


def told(*pain: int | None):  # type: ignore[no-untyped-def]
    (record,) = after(HIPS, Went(pain=pain))  # type: ignore[arg-type]
    return record.practice


def test_before_it_is_go_gently_or_stop() -> None:
    levels = [before_advice(pain).level for pain in range(11)]
    assert levels == ["go"] * 4 + ["gently"] * 2 + ["stop"] * 5
    assert "doctor" in before_advice(6).text
    assert "smallest" in before_advice(4).text


@pytest.mark.parametrize("pain", [-1, 11])
def test_other_numbers_are_no_pain(pain: int) -> None:
    with pytest.raises(SettingsError, match="0"):
        before_advice(pain)
    with pytest.raises(SettingsError):
        after_advice(None, pain)


def test_after_it_a_rise_of_two_is_said_plainly() -> None:
    assert after_advice(1, 3).level == "gently"
    assert "from 1 to 3" in after_advice(1, 3).text
    assert after_advice(1, 3, "Leave it out.").text.endswith("rest it today. Leave it out.")
    assert "less" not in after_advice(1, 3).text
    assert after_advice(1, 2).text.startswith("A little more")
    assert after_advice(3, 3).level == "go"
    assert after_advice(None, 7).level == "stop"
    assert after_advice(None, 2).level == "go"


def test_the_next_morning_is_held_against_before() -> None:
    assert next_morning_advice(told(1, 1, 3)).level == "gently"
    assert next_morning_advice(told(4, 4, 7)).level == "stop"
    assert next_morning_advice(told(2, 1, 3)).text.startswith("A little more")
    assert next_morning_advice(told(2, 3, 2)).level == "go"
    assert "not told" in next_morning_advice(told(2, 2, None)).text
    assert next_morning_advice(told(None, None, 8)).level == "stop"


def test_a_practice_that_hurt_is_not_called_well_borne_the_next_morning() -> None:
    rose = next_morning_advice(told(2, 5, 2), "Next time it will be less.")
    assert rose.level == "gently"
    assert rose.text.startswith("It hurt in the practice") and rose.text.endswith("be less.")
    stopped = next_morning_advice(replace(told(2, 2, 2), ended="pain"))
    assert "well borne" not in stopped.text
    assert "well borne" in next_morning_advice(told(2, 2, 2)).text


@pytest.mark.parametrize(
    ("pain", "by"),
    [((1, 2, 4), 3), ((3, 1, 2), -1), ((None, 5, 5), None), ((1, None, None), None)],
)
def test_by_how_much_it_rose(pain: tuple[int | None, int | None, int | None], by: int) -> None:
    assert rise(told(*pain)) == by


def test_twice_is_worth_showing_a_clinician_once_is_not() -> None:
    rose = Went(pain=(1, 3, 1))
    assert rose_again(after(HIPS, GOOD, rose)) == ""
    assert "in 2 of the last 4" in rose_again(after(HIPS, rose, GOOD, rose, GOOD))
    assert "clinician" in rose_again(after(HIPS, rose, Went(ended="pain")))
    assert rose_again(after(HIPS, rose, rose, *[GOOD] * 6)) == ""
    assert rose_again(after(HIPS, rose, Went(pain=(1, 3, 1), kind="selfcheck"))) == ""


def test_much_pain_means_the_same_whenever_it_is_told() -> None:
    for pain in range(11):
        texts = {
            before_advice(pain).text,
            after_advice(0, pain).text,
            after_advice(pain, pain).text,
            next_morning_advice(told(0, 0, pain)).text,
        }
        assert (texts == {much_pain_words(pain)}) == (pain > 5)
        assert (SEE_A_DOCTOR in before_advice(pain).text) == (pain > 5)


def test_every_advice_is_short() -> None:
    texts = [before_advice(p).text for p in range(11)]
    texts += [after_advice(b, a).text for b in (None, 0, 5) for a in range(11)]
    texts += [next_morning_advice(told(b, 0, n)).text for b in (None, 0, 5) for n in range(11)]
    for text in texts:
        assert len(text) < 170
        assert len(re.findall(r"[.!?](?: |$)", text)) <= 3

"""What the last self-check tells to hurt is not begun at its full dose."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from kneetrack.clinic_records.practice import SIGNS, PracticeRecord, Sign, SignFound, Told
from kneetrack.guide.pages import load_page
from kneetrack.programme.cards import SHOWN, intro_card
from kneetrack.programme.doses import planned
from kneetrack.programme.heeding import last_signs
from kneetrack.programme.reading import load_programme
from kneetrack.programme.steps import least_dose
from kneetrack.programme.values import PlannedPart
from tests.programme.making import FIRST, GOOD, Went, a_record, one_of

HIPS = load_programme(None)
STRETCH: Sign = "hip_stretch_pain"


def checked(day: int, *signs: Sign, told: Told = "yes") -> PracticeRecord:
    """A self-check in which these signs were told."""
    record = a_record(100 + day, FIRST + timedelta(days=day), Went(kind="selfcheck"), HIPS, ())
    found = tuple(SignFound(sign, told if sign in signs else "no") for sign in SIGNS)
    return replace(record, signs=found)


def practised(day: int, went: Went, *history: PracticeRecord) -> PracticeRecord:
    """A practice in which everything that was planned was done, also what rests."""
    at = FIRST + timedelta(days=day)
    return a_record(day, at, went, HIPS, planned(HIPS, history))


def today(key: str, *history: PracticeRecord) -> PlannedPart:
    return one_of(planned(HIPS, history), key)


@pytest.mark.parametrize("told", ["yes", "unsure"])
def test_the_pigeon_is_left_out_while_a_stretch_hurts(told: Told) -> None:
    pigeon = today("pigeon", checked(0, STRETCH, told=told))
    assert pigeon.rests == "sign"
    assert pigeon.why == "The self-check told of knee pain in hip stretches."
    assert today("tissue", checked(0, STRETCH)).rests == ""


def test_its_card_leaves_it_out_by_itself_and_asks_for_no_clinician() -> None:
    pigeon = today("pigeon", checked(0, STRETCH))
    card = intro_card(pigeon, load_page("modified_pigeon"), "", "", alone=False)
    assert card.auto == "n" and card.keys["n"] == "leave it out"
    assert card.keys[SHOWN] == "yes, begin"
    assert "shown" not in card.detail


def test_a_later_self_check_or_a_practice_that_was_borne_ends_it() -> None:
    first = checked(0, STRETCH)
    assert today("pigeon", first, checked(3)).rests == ""
    borne = practised(2, GOOD, first)
    assert today("pigeon", first, borne).rests == ""
    hurt = practised(2, Went(pain=(1, 4, 1)), first)
    assert today("pigeon", first, hurt).rests == "sign"
    assert today("pigeon", first, borne, checked(3, STRETCH)).rests == "sign"


def test_lunges_begin_with_their_smallest_dose_and_then_go_by_the_rule() -> None:
    check = checked(0, "sitting_stairs")
    lunge = today("lunge", check)
    assert lunge.dose == least_dose(lunge.part) and lunge.change == "less"
    assert lunge.why.endswith("stairs: gently, the smallest dose.")
    one = practised(2, GOOD, check)
    two = practised(4, GOOD, check, one)
    grown = today("lunge", check, one, two)
    assert (grown.dose.reps or 0) > (lunge.dose.reps or 0)
    assert today("lunge").dose == lunge.part.dose


def test_a_self_check_that_ended_before_its_questions_changes_nothing() -> None:
    stopped = replace(checked(5), signs=())
    assert last_signs([checked(0, STRETCH), stopped])[0] == {STRETCH}
    assert last_signs([stopped]) == (frozenset(), None)

"""How a take is named, and which trial that is."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from kneetrack.clinic.naming import (
    TakeName,
    find_session,
    parse_take,
    pick_trial,
    plain,
    take_name,
    trial_name,
)
from kneetrack.clinic_records.kinds import ViewAsked
from kneetrack.clinic_records.visits import Trial
from kneetrack.records import SettingsError, UnknownRecordError
from kneetrack.store import Store
from tests.storing import new_client, new_session


def trial(step: str, view: ViewAsked, attempt: int = 1) -> Trial:
    return Trial(f"{step}{view}{attempt}", "s", step, view, attempt, "clip", "good")


TRIALS = [
    trial("squat", "front"),
    trial("squat", "front", 2),
    trial("squat", "side"),
    trial("slsq_left", "front"),
    trial("bridge", "foot_end"),
]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("squat:front", TakeName("squat", "front")),
        (" Squat : FRONT #2 ".replace(" #", "#"), TakeName("squat", "front", 2)),
        ("SLSQ-left", TakeName("slsq_left")),
        ("bridge:foot end", TakeName("bridge", "foot_end")),
        ("bridge:footend#1", TakeName("bridge", "foot_end", 1)),
        ("squat#3", TakeName("squat", None, 3)),
    ],
)
def test_names_are_read_however_they_are_typed(text: str, name: TakeName) -> None:
    assert parse_take(text) == name


@pytest.mark.parametrize("text", ["", ":front", "squat:", "squat:front#", "squat:front#x", "a:b:c"])
def test_what_is_no_name_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(SettingsError, match="squat:front"):
        parse_take(text)


def test_an_unknown_view_names_the_known_ones() -> None:
    with pytest.raises(SettingsError, match="front, side, foot-end"):
        parse_take("squat:back")


def test_without_an_attempt_it_is_the_newest() -> None:
    assert pick_trial(TRIALS, "squat:front").attempt == 2
    assert pick_trial(TRIALS, "squat:front#1").attempt == 1
    assert pick_trial(TRIALS, "slsq left").step == "slsq_left"
    assert pick_trial(TRIALS, "bridge").view == "foot_end"


def test_a_name_that_could_be_two_takes_is_asked_back() -> None:
    with pytest.raises(SettingsError, match="say squat:front or squat:side"):
        pick_trial(TRIALS, "squat")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("squatt:front", "did you mean 'squat:front'"),
        ("bridge:side", "did you mean 'bridge:foot-end'"),
        ("squat:front#7", "#1, #2"),
    ],
)
def test_an_unknown_take_names_what_there_is(text: str, told: str) -> None:
    with pytest.raises(UnknownRecordError, match=told):
        pick_trial(TRIALS, text, "session 3")


def test_a_session_without_takes_says_so() -> None:
    with pytest.raises(UnknownRecordError, match="session 3 has no takes yet"):
        pick_trial([], "squat:front", "session 3")


def test_names_shown_can_be_typed_again() -> None:
    for one in TRIALS:
        shown = trial_name(one, TRIALS)
        assert pick_trial(TRIALS, shown) == one
    assert trial_name(TRIALS[0], TRIALS) == "squat:front#1"
    assert trial_name(TRIALS[2], TRIALS) == "squat:side"
    assert take_name("bridge", "foot_end", 2) == "bridge:foot-end#2"
    assert plain("  Single-leg squat, LEFT ") == "single_leg_squat_left"


def test_a_session_is_found_by_its_day_too(store: Store) -> None:
    client = new_client(store)
    days = [datetime(2026, 5, day, 12, tzinfo=UTC) for day in (3, 9, 9)]
    made = [new_session(store, client, at=day) for day in days]
    assert find_session(store, "KT-017", "2026-05-03").id == made[0].id
    assert find_session(store, "KT-017", "3").number == find_session(store, "KT-017", 3).number == 3
    with pytest.raises(SettingsError, match="several sessions of 2026-05-09: say one of 2, 3"):
        find_session(store, "KT-017", "2026-05-09")
    with pytest.raises(UnknownRecordError, match="no session of 2026-05-04: there are 2026-05-03"):
        find_session(store, "KT-017", "2026-05-04")
    with pytest.raises(SettingsError, match="its day such as"):
        find_session(store, "KT-017", "monday")

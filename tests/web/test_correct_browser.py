"""The reviewer's hand in a real browser: what is outside, half entered, or long."""

from __future__ import annotations

from typing import Any

import pytest

from kneetrack.clinic import correcting
from kneetrack.store import Store
from tests.web import filling

pytestmark = pytest.mark.browser


@pytest.fixture
def store(clinic_store: Store) -> Store:
    return clinic_store


@pytest.fixture
def filled(store: Store) -> filling.Filled:
    return filling.found(store)


def correcting_page(page: Any, address: str, what: str) -> None:
    page.goto(address)
    page.wait_for_selector("[data-take][data-ready]")
    page.get_by_text("Correct something").click()
    page.get_by_role("button", name=what, exact=True).click()


def test_a_point_outside_the_picture_is_not_moved_into_it(
    page: Any, served: str, store: Store, filled: filling.Filled
) -> None:
    trial = filled.trial()
    correcting_page(page, f"{served}/trials/{trial.id}", "A landmark")
    page.get_by_label("Landmark").select_option(label="right knee")
    page.locator("#x").fill("-500")
    page.locator("#y").fill("99999")
    page.locator("#reason-landmark").fill("a slip")
    page.get_by_role("button", name="Save", exact=True).first.click()
    assert (page.input_value("#x"), page.input_value("#y")) == ("-500", "99999")
    assert not page.evaluate("document.querySelector('#correct-landmark').checkValidity()")
    assert store.corrections(trial.id) == []


def test_what_is_half_entered_is_not_left_without_a_question(
    page: Any, served: str, filled: filling.Filled
) -> None:
    address = f"{served}/trials/{filled.trial().id}"
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    correcting_page(page, address, "A repetition")
    page.locator("#rep").select_option("2")
    page.goto(f"{served}/about")
    assert asked == []
    correcting_page(page, address, "A repetition")
    page.locator("#start_s").fill("1.5")
    page.goto(f"{served}/about")
    assert asked == ["beforeunload"]


def test_lines_that_were_crossed_keep_their_names_apart(
    page: Any, served: str, filled: filling.Filled
) -> None:
    correcting_page(page, f"{served}/trials/{filled.trial().id}", "A repetition")
    start, end = page.input_value("#start_s"), page.input_value("#end_s")
    for name, value in (("#start_s", end), ("#end_s", start)):
        page.locator(name).fill(value)
        page.locator(name).press("Tab")
    tops = page.evaluate(
        "['start_s', 'end_s'].map(n => parseFloat("
        "getComputedStyle(document.querySelector(`.handle.${n}`), '::after').top))"
    )
    assert abs(tops[0] - tops[1]) > 20


def test_corrections_and_a_long_reason_do_not_widen_the_page(
    page: Any, served: str, store: Store, filled: filling.Filled
) -> None:
    trial = filled.trial()
    second = store.rep_lines(trial.id)[1]
    correcting.move_bounds(
        store, trial.id, 2, start_s=second.start_s + 0.2, reason="a step to the side"
    )
    correcting.strike_rep(store, trial.id, 4, reason="x" * 400)
    store.note_trial(trial.id, "y" * 400)
    for path in (f"/trials/{trial.id}", f"/sessions/{trial.session_id}"):
        page.goto(f"{served}{path}")
        assert page.evaluate("document.documentElement.scrollWidth") <= 1280, path
        assert page.inner_text(".bar [aria-current]") == "Clients"

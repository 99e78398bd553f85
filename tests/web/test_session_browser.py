"""The pages of takes and sessions in a real browser."""

from __future__ import annotations

from typing import Any

import pytest

from kneetrack.store import Store
from tests.web import filling
from tests.web.conftest import axe_complaints, wait_until

pytestmark = pytest.mark.browser
FRAME_S = 1 / 30


@pytest.fixture
def store(clinic_store: Store) -> Store:
    return clinic_store


@pytest.fixture
def filled(store: Store) -> filling.Filled:
    return filling.found(store)


def until(page: Any, script: str, arg: Any = None) -> None:
    """Waits until a script is true; asks again from outside, as the page lets nothing be eval'd."""
    wait_until(lambda: page.evaluate(script, arg))


def open_trial(page: Any, served: str, trial_id: str) -> None:
    page.goto(f"{served}/trials/{trial_id}")
    page.wait_for_selector("[data-take][data-ready]")
    until(page, "document.querySelector('video')?.readyState >= 2")


def shown_s(page: Any) -> float:
    """The time of the take that is shown."""
    return float(page.get_attribute("[data-take]", "data-time"))


def video_s(page: Any, which: int = 0) -> float:
    script = "i => document.querySelectorAll('video')[i].currentTime"
    return float(page.evaluate(script, which))


def settled(page: Any) -> None:
    until(page, "[...document.querySelectorAll('video')].every(v => !v.seeking)")


def cursor_share(page: Any) -> float:
    """Where the cursor of the first curve stands, in percent."""
    return float(page.get_attribute("[data-cursor]", "x1").rstrip("%"))


def test_a_click_on_a_curve_seeks_and_playing_moves_the_cursor(
    page: Any, served: str, filled: filling.Filled
) -> None:
    open_trial(page, served, filled.trial().id)
    first = shown_s(page)
    box = page.locator("[data-plot]").first.bounding_box()
    page.mouse.click(box["x"] + 0.5 * box["width"], box["y"] + 20)
    settled(page)
    length = page.evaluate("document.querySelector('video').duration")
    assert abs(cursor_share(page) - 50) < 0.5
    assert abs(video_s(page) - length / 2) < 2 * FRAME_S
    assert shown_s(page) != first
    before = cursor_share(page)
    page.keyboard.press("Space")
    until(page, "b => parseFloat(document.querySelector('[data-cursor]')"
                           ".getAttribute('x1')) > b + 1", arg=before)  # fmt: skip
    page.keyboard.press("Space")
    settled(page)
    assert page.evaluate("document.querySelector('video').paused")


def test_a_drag_over_a_curve_goes_along(page: Any, served: str, filled: filling.Filled) -> None:
    open_trial(page, served, filled.trial().id)
    box = page.locator("[data-plot]").nth(1).bounding_box()
    page.mouse.move(box["x"] + 0.2 * box["width"], box["y"] + 20)
    page.mouse.down()
    for share in (0.3, 0.4, 0.6, 0.7):
        page.mouse.move(box["x"] + share * box["width"], box["y"] + 20)
    page.mouse.up()
    settled(page)
    assert abs(cursor_share(page) - 70) < 0.5
    until(page, "document.querySelector('video').currentTime > 10")


def test_keys_go_by_pictures_and_bottoms(page: Any, served: str, filled: filling.Filled) -> None:
    trial = filled.trial()
    open_trial(page, served, trial.id)
    bottoms = page.evaluate(
        "[...document.querySelectorAll('.chip')].map(c => Number(c.dataset.seek))"
    )
    assert abs(shown_s(page) - bottoms[0]) < 0.01
    page.keyboard.press("]")
    page.keyboard.press("]")
    assert abs(shown_s(page) - bottoms[2]) < 0.01
    page.keyboard.press("[")
    assert abs(shown_s(page) - bottoms[1]) < 0.01
    start = shown_s(page)
    page.keyboard.press("ArrowRight")
    assert abs(shown_s(page) - start - FRAME_S) < 0.02
    page.keyboard.press("Shift+ArrowLeft")
    assert abs(shown_s(page) - start + 9 * FRAME_S) < 0.02
    settled(page)
    frame = int(page.get_attribute("[data-take]", "data-frame"))
    assert abs(video_s(page) - frame * FRAME_S) < FRAME_S / 2
    page.get_by_role("button", name="0.25×").click()
    assert page.evaluate("document.querySelector('video').playbackRate") == 0.25


def test_a_landmark_dragged_on_the_picture_leaves_an_asterisk(
    page: Any, served: str, store: Store, filled: filling.Filled
) -> None:
    trial = filled.trial()
    open_trial(page, served, trial.id)
    assert page.locator("table.reps .star").count() == 0
    page.get_by_text("Correct something").click()
    page.get_by_role("button", name="A landmark").click()
    page.get_by_label("Landmark").select_option(label="right knee")
    x, y = float(page.input_value("#x")), float(page.input_value("#y"))
    box = page.locator("[data-stage] canvas").bounding_box()
    scale = box["width"] / 360
    page.mouse.move(box["x"] + x * scale, box["y"] + y * scale)
    page.mouse.down()
    page.mouse.move(box["x"] + (x + 6) * scale, box["y"] + y * scale, steps=3)
    page.mouse.move(box["x"] + (x + 14) * scale, box["y"] + y * scale, steps=3)
    page.mouse.up()
    assert abs(float(page.input_value("#x")) - x - 14) < 1
    assert "right knee: 14 pixels right" in page.inner_text("[data-said]")
    page.locator("#until").select_option("rep")
    page.locator("#reason-landmark").fill("on the trouser leg")
    page.get_by_role("button", name="Save", exact=True).first.click()
    page.wait_for_selector("table.reps .star")
    (correction,) = store.corrections(trial.id)
    assert correction.target["landmark"] == 26
    assert abs(correction.after["xy_px"][0] - x - 14) < 1
    first = store.rep_lines(trial.id)[0]
    assert correction.target["until_s"] == pytest.approx(first.end_s, abs=0.01)
    assert page.locator("table.reps .was").first.inner_text().startswith("was +25")
    page.get_by_role("button", name="Withdraw").click()
    page.wait_for_selector("li.withdrawn")
    assert page.locator("table.reps .star").count() == 0


def test_a_landmark_moved_by_the_keyboard_alone(
    page: Any, served: str, store: Store, filled: filling.Filled
) -> None:
    trial = filled.trial()
    open_trial(page, served, trial.id)

    def tab_to(selector: str) -> None:
        for _ in range(80):
            page.keyboard.press("Tab")
            if page.evaluate("s => document.activeElement?.matches(s)", selector):
                return
        raise AssertionError(f"no way to {selector} by Tab")

    tab_to("[data-correct] > summary")
    page.keyboard.press("Enter")
    tab_to("[data-mode=landmark]")
    page.keyboard.press("Enter")
    tab_to("#landmark")
    page.keyboard.type("right knee")
    assert page.input_value("#landmark") == "26"
    x, y = float(page.input_value("#x")), float(page.input_value("#y"))
    page.keyboard.press("Tab")
    page.focus("[data-stage]")
    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowUp")
    assert float(page.input_value("#x")) == pytest.approx(x + 11, abs=0.11)
    assert float(page.input_value("#y")) == pytest.approx(y - 1, abs=0.11)
    tab_to("#reason-landmark")
    page.keyboard.type("seen from closer")
    page.keyboard.press("Enter")
    page.wait_for_selector("table.reps .star")
    assert len(store.corrections(trial.id)) == 1


def test_bounds_dragged_on_the_curves(
    page: Any, served: str, store: Store, filled: filling.Filled
) -> None:
    trial = filled.trial()
    open_trial(page, served, trial.id)
    page.get_by_text("Correct something").click()
    page.get_by_role("button", name="A repetition", exact=True).click()
    page.locator("#rep").select_option("2")
    start = float(page.input_value("#start_s"))
    handle = page.locator(".handle.start_s")
    box = handle.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + 40
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 9, y, steps=3)
    page.mouse.up()
    dragged = float(page.input_value("#start_s"))
    assert dragged > start + 0.05
    handle.press("ArrowRight")
    assert float(page.input_value("#start_s")) == pytest.approx(dragged + FRAME_S, abs=0.003)
    page.locator("#reason-bounds").fill("a step to the side")
    page.get_by_role("button", name="Save times").click()
    page.wait_for_selector(".chip:has-text('2*')")
    lines = store.rep_lines(trial.id)
    assert lines[1].start_s == pytest.approx(dragged + FRAME_S, abs=0.003)
    assert lines[1].corrected


def test_two_videos_are_in_step_at_the_bottom(
    page: Any, served: str, filled: filling.Filled
) -> None:
    page.goto(f"{served}/clients/{filled.client.id}/compare")
    page.wait_for_selector("[data-compare][data-ready]")
    until(page, "[...document.querySelectorAll('video')].every(v => v.readyState >= 2)")
    reps = [
        page.request.get(f"{served}/trials/{filled.trial(i).id}/take").json()["reps"]
        for i in (0, 1)
    ]
    twins = page.locator(".twin")
    twins.nth(1).get_by_role("button", name="Repetition 3").click()
    settled(page)
    bottoms = (reps[0][0]["bottom_s"], reps[1][2]["bottom_s"])
    for i in (0, 1):
        assert abs(video_s(page, i) - bottoms[i]) < FRAME_S / 2
    page.keyboard.press("Space")
    until(page, "b => document.querySelector('video').currentTime > b + 0.7",
                           arg=bottoms[0])  # fmt: skip
    page.keyboard.press("Space")
    settled(page)
    passed = [video_s(page, i) - bottoms[i] for i in (0, 1)]
    assert passed[0] > 0.6
    assert abs(passed[0] - passed[1]) <= FRAME_S
    page.keyboard.press("ArrowRight")
    settled(page)
    on = [video_s(page, i) - bottoms[i] for i in (0, 1)]
    assert abs(on[0] - passed[0] - FRAME_S) < FRAME_S / 2
    assert abs(on[0] - on[1]) <= FRAME_S
    page.keyboard.press("]")
    settled(page)
    assert abs(video_s(page, 0) - reps[0][1]["bottom_s"]) < FRAME_S / 2
    assert abs(video_s(page, 1) - reps[1][3]["bottom_s"]) < FRAME_S / 2


def test_a_take_without_a_clip_is_drawn_and_plays(
    page: Any, served: str, store: Store, filled: filling.Filled
) -> None:
    trial = filling.fill_trial(
        store, filled.sessions[1].id, filling.squat_step(), "front", filling.Knees(), clip=False
    )
    page.goto(f"{served}/trials/{trial.id}")
    page.wait_for_selector("[data-take][data-ready]")
    before = shown_s(page)
    page.get_by_role("button", name="Play").click()
    until(page, "b => Number(document.querySelector('[data-take]').dataset.time) > b",
                           arg=before + 0.3)  # fmt: skip
    page.get_by_role("button", name="Pause").click()
    drawn = page.evaluate(
        """() => { const c = document.querySelector('canvas');
        const d = c.getContext('2d').getImageData(0, 0, c.width, c.height).data;
        const colours = new Set(); for (let i = 0; i < d.length; i += 4)
          colours.add(`${d[i]},${d[i+1]},${d[i+2]}`); return colours.size; }"""
    )
    assert drawn > 10


def test_a_figure_and_a_video_are_in_step(
    page: Any, served: str, store: Store, filled: filling.Filled
) -> None:
    filling.fill_trial(
        store, filled.sessions[1].id, filling.squat_step(), "front", filling.Knees(), clip=False
    )
    page.goto(f"{served}/clients/{filled.client.id}/compare")
    page.wait_for_selector("[data-compare][data-ready]")
    until(page, "document.querySelector('video').readyState >= 2")
    assert page.locator("video").count() == 1
    page.keyboard.press("Space")
    start = video_s(page)
    until(page, "b => document.querySelector('video').currentTime > b + 0.7", start)
    apart = float(page.get_attribute("[data-compare]", "data-apart"))
    page.keyboard.press("Space")
    settled(page)
    assert apart < FRAME_S
    assert float(page.get_attribute("[data-compare]", "data-apart")) < 0.005


@pytest.mark.parametrize("size", [(1280, 800), (820, 1180)], ids=["wide", "tablet"])
def test_axe_finds_nothing_serious_and_nothing_runs_off_the_side(
    page: Any, served: str, store: Store, filled: filling.Filled, size: tuple[int, int]
) -> None:
    session, trial = filled.sessions[0], filled.trial()
    filling.fill_steps(store, session.id, ["slsq_right"], clip=False)
    page.set_viewport_size({"width": size[0], "height": size[1]})
    for path in (
        f"/sessions/{session.id}",
        f"/trials/{trial.id}?coaching=1",
        f"/clients/{filled.client.id}/compare",
        f"/clients/{filled.client.id}/trend",
        f"/sessions/{session.id}/scores/slsq_right/qasls/right",
    ):
        page.goto(f"{served}{path}")
        if "/trials/" in path:
            page.wait_for_selector("[data-ready]")
            page.get_by_text("Correct something").click()
            page.get_by_role("button", name="A repetition", exact=True).click()
        assert axe_complaints(page) == [], path
        assert page.evaluate("document.documentElement.scrollWidth") <= size[0], path


def test_the_picture_stays_in_sight_while_one_scrolls(
    page: Any, served: str, filled: filling.Filled
) -> None:
    page.set_viewport_size({"width": 820, "height": 1180})
    open_trial(page, served, filled.trial().id)
    page.locator(".chart").last.evaluate("chart => chart.scrollIntoView({block: 'end'})")
    stage, chart = page.locator("[data-stage]"), page.locator(".chart").last
    assert stage.bounding_box()["y"] >= 0
    assert chart.bounding_box()["y"] < 1180


def test_a_refused_correction_comes_back_with_its_lines_and_its_point(
    page: Any, served: str, filled: filling.Filled
) -> None:
    trial = filled.trial()
    open_trial(page, served, trial.id)
    page.get_by_text("Correct something").click()
    page.get_by_role("button", name="A repetition", exact=True).click()
    page.locator("#rep").select_option("2")
    end = page.input_value("#end_s")
    page.locator("#start_s").fill(str(float(end) + 1))
    page.locator("#reason-bounds").fill("a step to the side")
    page.get_by_role("button", name="Save times").click()
    page.wait_for_selector("#correct-bounds .notice.problem")
    page.wait_for_selector("[data-take][data-ready]")
    assert page.locator("#correct-bounds").is_visible()
    assert not page.locator("#correct-landmark").is_visible()
    assert page.input_value("#start_s") == str(float(end) + 1)
    assert page.input_value("#end_s") == end
    assert page.input_value("#reason-bounds") == "a step to the side"
    assert page.locator(".handle.end_s").is_visible()


def test_time_is_a_slider_for_the_keyboard(page: Any, served: str, filled: filling.Filled) -> None:
    open_trial(page, served, filled.trial().id)
    slider = page.get_by_role("slider", name="Time in the take")
    before = shown_s(page)
    slider.press("ArrowRight")
    assert shown_s(page) == pytest.approx(before + FRAME_S, abs=0.003)
    said = slider.get_attribute("aria-valuetext")
    assert said.endswith(" seconds, repetition 1")
    assert float(said.split()[0]) == pytest.approx(shown_s(page), abs=0.02)  # either way rounded
    slider.press("End")
    assert shown_s(page) > before + 5
    slider.press("Home")
    assert shown_s(page) < before
    assert slider.get_attribute("aria-valuetext") == f"{shown_s(page):.2f} seconds"


def test_corrections_without_scripts(browser: Any, served: str, filled: filling.Filled) -> None:
    context = browser.new_context(java_script_enabled=False)
    context.set_default_timeout(15_000)
    try:
        plain_page = context.new_page()
        plain_page.goto(f"{served}/trials/{filled.trial().id}?correcting=1")
        plain_page.fill("#start_s", "9")
        plain_page.fill("#bottom_s", "8")
        plain_page.fill("#end_s", "7")
        plain_page.fill("#reason-bounds", "heel came up")
        plain_page.click("text=Save times")
        plain_page.wait_for_selector("#correct-bounds .notice.problem")
        assert plain_page.input_value("#start_s") == "9"
        assert plain_page.input_value("#reason-bounds") == "heel came up"
        assert plain_page.locator("#t_s").is_visible()
    finally:
        context.close()

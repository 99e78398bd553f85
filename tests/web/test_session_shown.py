"""What the pages of sessions and takes say, where it was once misleading; without a browser."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from kneetrack.clinic import correcting
from kneetrack.clinic.intake import restore_trial
from kneetrack.clinic.setupmatch import SetupDifference, SetupMatch
from kneetrack.clinic_records.numbers import Change, MeasureKey, SessionValue
from kneetrack.clinic_records.visits import SetupFacts
from kneetrack.store import Store
from kneetrack.web.session import compareview
from tests.web import filling
from tests.web.conftest import Pages


@pytest.fixture
def store(clinic_store: Store) -> Store:
    return clinic_store


@pytest.fixture
def filled(store: Store) -> filling.Filled:
    return filling.found(store)


def plain(html: str) -> str:
    """Words of a page without tags, spaces made one."""
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def moved_knee(store: Store, filled: filling.Filled) -> None:
    """The right knee of the first repetition of the first session, put 12 pixels aside."""
    trial = filled.trial()
    first = store.rep_lines(trial.id)[0]
    correcting.move_landmark(
        store,
        trial.id,
        at_s=first.bottom_s,
        landmark="right_knee",
        to_px=(150.0, 400.0),
        until_s=first.end_s,
        reason="on the trouser leg",
    )


def test_the_star_stands_at_the_session_that_was_corrected(
    pages: Pages, store: Store, filled: filling.Filled
) -> None:
    moved_knee(store, filled)
    html = pages.get(f"/clients/{filled.client.id}/compare").text
    row = next(
        r for r in re.findall(r"<tr .*?</tr>", html, re.S) if "Knee over foot (KFO), right" in r
    )
    before, after, difference = (plain(cell) for cell in re.findall(r"<td>(.*?)</td>", row)[:3])
    assert before.endswith("* corrected")
    assert "*" not in after
    assert difference.endswith("* corrected")


def test_left_and_right_are_not_said_of_what_is_of_both(
    pages: Pages, filled: filling.Filled
) -> None:
    html = pages.get(f"/sessions/{filled.sessions[0].id}").text
    row = next(r for r in re.findall(r"<tr>.*?</tr>", html, re.S) if "Weight shift" in r)
    assert re.search(r"both [−+\d]", plain(row)), plain(row)


def test_pages_say_what_plus_and_minus_mean(pages: Pages, filled: filling.Filled) -> None:
    for path in (f"/sessions/{filled.sessions[0].id}", f"/trials/{filled.trial().id}"):
        said = plain(pages.get(path).text).split("What the numbers mean")[1]
        assert "Plus: towards the left foot." in said, path


def test_a_closed_session_asks_for_no_clips(
    pages: Pages, store: Store, filled: filling.Filled
) -> None:
    session = filled.sessions[0]
    assert "Add clips" in pages.get(f"/sessions/{session.id}").text
    store.close_session(session.id)
    assert "Add clips" not in pages.get(f"/sessions/{session.id}").text


def test_table_and_bands_show_one_number_and_say_what_was_judged(
    pages: Pages, store: Store, filled: filling.Filled
) -> None:
    trial = filled.trial()
    html = pages.get(f"/trials/{trial.id}?coaching=1").text
    bands = next(r for r in re.findall(r"<tr>.*?</tr>", html, re.S) if ">Weight shift" in r)
    shown = re.findall(r"<small>(.*?); [\d]+ ± \d+ % away from standing</small>", bands)
    table = html.split('id="reps"')[1].split("</table>")[0]
    titles = [plain(title) for title in re.findall(r"<th scope=\"col\">(.*?)</th>", table)]
    column = titles.index("Shift") - 1
    for text, row in zip(shown, re.findall(r"<tr data-row.*?</tr>", table, re.S), strict=True):
        assert plain(re.findall(r"<td.*?>(.*?)</td>", row, re.S)[column]) == text


def test_an_overruled_verdict_tells_what_it_was(
    pages: Pages, store: Store, filled: filling.Filled
) -> None:
    trial = filled.trial()
    correcting.overrule(store, trial.id, 1, "knee_valgus", "right", "ok", reason="it was not")
    html = pages.get(f"/trials/{trial.id}?coaching=1").text
    assert "inside the band * corrected was outside the band" in plain(html)
    assert "Rep 1, knee inward, right: inside the band instead of outside the band" in plain(html)


def test_other_repetitions_than_in_the_original_are_told(
    pages: Pages, store: Store, filled: filling.Filled
) -> None:
    trial = filled.trial()
    assert 'id="recounted"' not in pages.get(f"/trials/{trial.id}").text
    correcting.strike_rep(store, trial.id, 2, reason="a step to the side")
    said = plain(pages.get(f"/trials/{trial.id}").text)
    assert "With the corrections there are 4 repetitions instead of 5:" in said
    assert re.search(r"Repetition 2 of the original \([\d.]+ to [\d.]+ s\) is not there", said)
    assert "The numbers are others: 3 is now 2, 4 is now 3, 5 is now 4." in said


def test_descent_and_ascent_are_said_to_be_without_the_hold(
    pages: Pages, filled: filling.Filled
) -> None:
    said = plain(pages.get(f"/trials/{filled.trial().id}").text)
    assert "near the bottom the time counts as holding" in said


def test_what_was_not_told_is_not_called_the_same(
    pages: Pages, store: Store, filled: filling.Filled
) -> None:
    for session in filled.sessions:
        store.change_session(session.id, setup=SetupFacts(distance_m=3.0))
    said = plain(pages.get(f"/clients/{filled.client.id}/compare").text)
    assert "Alike as far as it was told and measured" in said
    assert "Footwear not told in either session." in said
    assert "only where the set-up is the same" not in said
    assert "what was not told is named" in said


def test_a_different_depth_is_no_matter_of_the_setup_and_is_told_once() -> None:
    old, new = session_value(0.1), session_value(0.3)
    depth = SetupDifference("depth", "Squat: depth −0.63 before, −0.41 now", True, step="squat")
    why = f"not set up alike: {depth.says}"
    change = Change(old.key, old, new, 0.2, None, "cannot_tell", why)
    setup = SetupMatch((depth,))
    assert compareview.setup_title(setup) == "Not done as deep"
    (row,) = compareview.change_rows([change], "squat", setup)
    assert row.barred == "not done as deep"
    shoes = SetupDifference("footwear", "Footwear: barefoot before, shoes now", True)
    (row,) = compareview.change_rows([change], "squat", SetupMatch((depth, shoes)))
    assert row.barred == "not set up alike"
    (row,) = compareview.change_rows([change], "squat", SetupMatch())
    assert row.barred == ""


def test_a_trend_opens_where_something_changed_and_counts_the_rest(
    pages: Pages, store: Store, filled: filling.Filled
) -> None:
    for session in filled.sessions:
        filling.fill_steps(store, session.id, ["slsq_right"], clip=False)
    html = pages.get(f"/clients/{filled.client.id}/trend").text
    squat, single = re.findall(r'<details class="ofstep"(.*?)>\s*<summary>(.*?)</summary>', html)
    assert "open" in squat[0] and re.search(r"\d+ changed · \d+ no real change", plain(squat[1]))
    assert "open" not in single[0] and "cannot tell" in plain(single[1])


def session_value(number: float) -> SessionValue:
    key = MeasureKey("squat", "squat", "kfo", "right", "front", "ratio")
    return SessionValue("s", key, number, 0.03, 0.02, 5, 5)


def test_the_field_of_a_note_holds_ones_own_alone(
    pages: Pages, store: Store, filled: filling.Filled
) -> None:
    trial = filling.fill_trial(
        store,
        filled.sessions[0].id,
        replace(filling.squat_step(), key="slsq_left", exercise="single_leg_squat", foot="right"),
        "front",
        clip=False,
    )
    restore_trial(
        store,
        store.reject_trial(
            trial.id,
            "the right leg worked; this was to be the left one: it does not count; "
            "film again, or restore it if that is not so",
        ),
    )
    for path in (f"/trials/{trial.id}", f"/sessions/{trial.session_id}"):
        html = pages.get(path).text
        assert "The right leg worked; this was to be the left one: it gives no number" in html
        assert re.search(r'name="note" value=""', html), path
    pages.submit(f"/trials/{trial.id}/note", {"note": "sent as the wrong one"})
    html = pages.get(f"/trials/{trial.id}").text
    assert 'value="sent as the wrong one"' in html and "The right leg worked" in html

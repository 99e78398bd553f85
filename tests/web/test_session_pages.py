"""The pages of sessions, takes, corrections, scores, comparing and trends, without a browser."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from kneetrack.clinic_records.kinds import Role
from kneetrack.clinic_records.visits import CLIP_FILE, CORRECTED_FILE
from kneetrack.store import Store
from kneetrack.web.config import WebConfig
from kneetrack.web.visit import new_token, sha256_of
from tests.web import filling
from tests.web.conftest import Pages

UNKNOWN = "0" * 32


@pytest.fixture
def store(clinic_store: Store) -> Store:
    return clinic_store


@pytest.fixture
def filled(store: Store) -> filling.Filled:
    return filling.found(store)


def plain(html: str) -> str:
    """Words of a page without tags, spaces made one."""
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def test_a_session_has_a_row_a_step_with_every_number_its_view_and_error(
    pages: Pages, filled: filling.Filled
) -> None:
    text = plain(pages.get(f"/sessions/{filled.sessions[0].id}").text)
    assert "Knee over foot (KFO) % of the shank Front +5 ± 3 % 5 of 5 +26 ± 3 % 5 of 5" in text
    assert re.search(r"Knee flexion Side both [\d.]+ ± [\d.]+° 5 of 5", text)
    assert "Front take" in text and "Side take" in text and "Not filmed" in text


def test_pages_need_an_id_that_is_known(pages: Pages) -> None:
    for path in (
        *(f"/sessions/{UNKNOWN}", f"/trials/{UNKNOWN}", f"/clients/{UNKNOWN}/trend"),
        *(f"/trials/{UNKNOWN}/clip", f"/trials/{UNKNOWN}/take", f"/clients/{UNKNOWN}/compare"),
        *("/trials/..%2F..%2Fetc%2Fpasswd/clip", "/trials/abc", f"/sessions/{UNKNOWN}/report.pdf"),
    ):
        assert pages.get(path).status_code == 404, path


def test_a_note_and_a_take_left_out_and_back_again(
    pages: Pages, store: Store, filled: filling.Filled
) -> None:
    trial = filled.trial()
    assert pages.submit(f"/trials/{trial.id}/note", {"note": "held the rail"}).status_code == 303
    assert pages.submit(f"/trials/{trial.id}/reject", {"reason": " "}).status_code == 422
    answer = pages.submit(f"/trials/{trial.id}/reject", {"reason": "lost balance"})
    assert answer.headers["location"].startswith(f"/sessions/{trial.session_id}")
    assert store.trial(trial.id).status == "rejected"
    text = plain(pages.get(f"/sessions/{trial.session_id}").text)
    assert "does not count" in text and "lost balance" in text and "held the rail" in text
    pages.submit(f"/trials/{trial.id}/restore")
    assert store.trial(trial.id).status == "good"


def test_a_session_is_closed_and_opened(pages: Pages, store: Store, filled: filling.Filled) -> None:
    path = f"/sessions/{filled.sessions[0].id}"
    pages.submit(f"{path}/close", {"closed": "yes"})
    assert store.session(filled.sessions[0].id).closed_at is not None
    assert "Repeat" not in plain(pages.get(path).text)
    pages.submit(f"{path}/close", {"closed": "no"})
    assert store.session(filled.sessions[0].id).closed_at is None


def test_a_form_from_elsewhere_changes_nothing(
    pages: Pages, store: Store, filled: filling.Filled
) -> None:
    path = f"/trials/{filled.trial().id}"
    for where in ("reject", "note", "corrections/bounds", "corrections/landmark"):
        answer = pages.post(f"{path}/{where}", data={"csrf": "0" * 64, "reason": "x", "rep": "1"})
        assert answer.status_code == 403
    assert store.corrections(filled.trial().id) == []


def test_the_clip_comes_whole_or_in_part_and_is_not_cached(
    pages: Pages, store: Store, filled: filling.Filled
) -> None:
    trial = filled.trial()
    data = (store.trial_folder(trial.id) / CLIP_FILE).read_bytes()
    whole = pages.get(f"/trials/{trial.id}/clip")
    assert whole.content == data
    assert whole.headers["content-type"] == "video/mp4"
    assert whole.headers["cache-control"] == "no-store"
    assert "content-disposition" not in whole.headers
    part = pages.get(f"/trials/{trial.id}/clip", headers={"Range": "bytes=100-199"})
    assert (part.status_code, part.content) == (206, data[100:200])
    assert part.headers["content-range"] == f"bytes 100-199/{len(data)}"
    last = pages.get(f"/trials/{trial.id}/clip", headers={"Range": "bytes=-10"})
    assert (last.status_code, last.content) == (206, data[-10:])
    beyond = pages.get(f"/trials/{trial.id}/clip", headers={"Range": f"bytes={len(data)}-"})
    assert beyond.status_code == 416


def test_a_take_without_a_clip_is_drawn(pages: Pages, store: Store, filled: filling.Filled) -> None:
    trial = filling.fill_trial(
        store, filled.sessions[1].id, filling.squat_step(), "front", filling.Knees(), clip=False
    )
    assert pages.get(f"/trials/{trial.id}/clip").status_code == 404
    html = pages.get(f"/trials/{trial.id}").text
    assert "<video" not in html and "drawn from the landmarks" in html


def test_what_the_browser_gets_of_a_take(pages: Pages, filled: filling.Filled) -> None:
    data = pages.get(f"/trials/{filled.trial().id}/take").json()
    assert data["size"] == [360, 640]
    assert len(data["t"]) == len(data["xy"]) > 300
    assert all(len(row) == 2 * len(data["shown"]) for row in data["xy"])
    assert [rep["index"] for rep in data["reps"]] == [1, 2, 3, 4, 5]
    assert data["names"]["26"] == {"title": "right knee", "side": "right"}
    assert data["curves"]["charts"][0]["unit"] == " %"


def landmark_move(data: dict, **more: str) -> dict[str, str]:  # type: ignore[type-arg]
    """A right knee that is put 12 pixels towards the middle at the first bottom."""
    rep = data["reps"][0]
    frame = min(range(len(data["t"])), key=lambda i: abs(data["t"][i] - rep["bottom_s"]))
    at = 2 * data["shown"].index(26)
    x, y = data["xy"][frame][at : at + 2]
    return {
        "t_s": str(data["t"][frame]),
        "landmark": "26",
        "x": f"{x + 12:.1f}",
        "y": f"{y:.1f}",
        "reason": "the marker sat on the trouser leg",
        **more,
    }


def test_a_moved_landmark_marks_the_numbers_it_touches_and_shows_the_old_ones(
    pages: Pages, store: Store, filled: filling.Filled
) -> None:
    trial = filled.trial()
    before = plain(pages.get(f"/trials/{trial.id}").text)
    assert "*" not in before
    data = pages.get(f"/trials/{trial.id}/take").json()
    answer = pages.submit(f"/trials/{trial.id}/corrections/landmark", landmark_move(data))
    assert answer.status_code == 303
    text = plain(pages.get(f"/trials/{trial.id}").text)
    assert re.search(r"\+\d+ ± \d+ % \* corrected was \+25 ± 3 %", text), text[:3000]
    assert "Right knee at 3.4" in text and "the marker sat on the trouser leg" in text
    session = plain(pages.get(f"/sessions/{trial.session_id}").text)
    assert "1 correction *" in session and "corrected by a reviewer" in session
    (correction,) = store.corrections(trial.id)
    moved = pages.get(f"/trials/{trial.id}/take").json()
    assert moved["moved"][0][1] == 26
    pages.submit(f"/trials/{trial.id}/corrections/{correction.id}/withdraw")
    again = plain(pages.get(f"/trials/{trial.id}").text)
    assert "withdrawn" in again and "was +25" not in again
    assert not (store.trial_folder(trial.id) / CORRECTED_FILE).exists()


def test_bounds_moved_a_repetition_struck_out_and_one_added(
    pages: Pages, store: Store, filled: filling.Filled
) -> None:
    trial = filled.trial()
    path = f"/trials/{trial.id}/corrections/bounds"
    rep = pages.get(f"/trials/{trial.id}/take").json()["reps"][1]
    times = {name: str(rep[name]) for name in ("bottom_s", "end_s")}
    fields = {"rep": "2", "start_s": str(rep["start_s"] + 0.2), **times, "reason": "a step first"}
    assert pages.submit(path, fields).status_code == 303
    text = plain(pages.get(f"/trials/{trial.id}").text)
    assert f"was {rep['start_s']:.2f} / " in text
    assert pages.submit(path, {"rep": "2", "strike": "1", "reason": "talked"}).status_code == 303
    assert len(store.rep_lines(trial.id)) == 4
    new = {"rep": "new", "start_s": str(rep["start_s"]), **times, "reason": "it was one"}
    assert pages.submit(path, new).status_code == 303
    assert len(store.rep_lines(trial.id)) == 5
    wrong = pages.submit(path, {**new, "end_s": "0"})
    assert wrong.status_code == 422 and "must lie between" in wrong.text


def test_a_take_whose_repetitions_are_all_struck_out_still_has_its_page(
    pages: Pages, store: Store, filled: filling.Filled
) -> None:
    trial = filled.trial()
    for _ in range(5):
        fields = {"rep": "1", "strike": "1", "reason": "not a squat"}
        assert pages.submit(f"/trials/{trial.id}/corrections/bounds", fields).status_code == 303
    text = plain(pages.get(f"/trials/{trial.id}").text)
    assert "No repetition counts." in text and "0 of 0 reps" in text
    assert pages.get(f"/trials/{trial.id}/take").json()["reps"] == []
    for path in (
        *(f"/sessions/{trial.session_id}", f"/clients/{filled.client.id}/compare"),
        f"/clients/{filled.client.id}/trend",
    ):
        assert pages.get(path).status_code == 200, path


def test_a_verdict_overruled(pages: Pages, store: Store, filled: filling.Filled) -> None:
    trial = filled.trial()
    path = f"/trials/{trial.id}/corrections/verdict"
    fields = {"rep": "1", "rule": "knee_valgus|right", "status": "watch"}
    assert pages.submit(path, fields).status_code == 422
    assert pages.submit(path, {**fields, "reason": "seen from closer"}).status_code == 303
    lines = [v for v in store.verdict_lines(trial.id) if v.rep == 1 and v.rule == "knee_valgus"]
    assert [v.status for v in lines if v.side == "right"] == ["watch"]
    assert "to watch * corrected" in plain(pages.get(f"/trials/{trial.id}").text)


def test_a_correction_of_another_take_is_not_known(pages: Pages, filled: filling.Filled) -> None:
    path = f"/trials/{filled.trial().id}/corrections/{UNKNOWN}/withdraw"
    assert pages.submit(path).status_code == 404


def test_two_sessions_side_by_side(pages: Pages, filled: filling.Filled) -> None:
    html = pages.get(f"/clients/{filled.client.id}/compare").text
    text = plain(html)
    assert html.count("data-stage") == 2
    changed = r"Knee over foot \(KFO\), right .{0,60}\+26 ± 3 % \+7 ± 3 % −19 % changed"
    assert re.search(changed, text), text
    assert "no real change" in text
    one, two = filled.sessions
    turned = pages.get(f"/clients/{filled.client.id}/compare?before={two.id}&after={one.id}").text
    assert turned.index(filled.trial(0).id) < turned.index(filled.trial(1).id)
    side = pages.get(f"/clients/{filled.client.id}/compare?take=squat.side").text
    assert filled.trial(1, view="side").id in side and filled.trial(1).id not in side
    assert pages.get(f"/clients/{filled.client.id}/compare?after={UNKNOWN}").status_code == 404


def test_a_trend_has_charts_tables_and_answers(pages: Pages, filled: filling.Filled) -> None:
    html = pages.get(f"/clients/{filled.client.id}/trend").text
    text = plain(html)
    assert html.count('class="trendchart"') > 10
    assert "Squat: knee over foot (KFO), right" in plain(html)
    assert "Right: changed −19 %" in text and "Left: no real change" in text
    assert "The same, as far as it was told" in text


def test_a_trend_of_three_sessions_tells_of_the_last_step_too(
    pages: Pages, store: Store, filled: filling.Filled
) -> None:
    later = filling.SECOND + timedelta(days=42)
    filling.fill_session(
        store, filled.client.id, later, filling.Knees(0.02, 0.05), steps=1, seed=2, clip=False
    )
    text = plain(pages.get(f"/clients/{filled.client.id}/trend").text)
    assert "3 sessions" in text
    assert re.search(r"Right: changed −\d+ % .{0,200}Since session 2: left no real change", text)


def test_a_trend_of_one_session_and_of_none(
    pages: Pages, store: Store, filled: filling.Filled
) -> None:
    store.delete_session(filled.sessions[0].id)
    one = plain(pages.get(f"/clients/{filled.client.id}/trend").text)
    assert "a trend needs two" in one
    assert pages.get(f"/clients/{filled.client.id}/compare").status_code == 404
    store.delete_session(filled.sessions[1].id)
    assert "nothing to show yet" in plain(pages.get(f"/clients/{filled.client.id}/trend").text)


def test_a_score_is_confirmed_item_by_item(
    pages: Pages, store: Store, filled: filling.Filled
) -> None:
    session = filled.sessions[0]
    filling.fill_steps(store, session.id, ["slsq_right"], clip=False)
    path = f"/sessions/{session.id}/scores/slsq_right/qasls/right"
    text = plain(pages.get(path).text)
    assert "Nothing is confirmed yet" in text and "Suggested: " in text
    assert "for the clinician" in text
    first = next(iter(store_sheet_keys()))
    assert pages.submit(path, {"item": first, "points": "1"}).status_code == 303
    assert "1 of 10 items confirmed" in plain(pages.get(path).text)
    (score,) = store.scores(session.id)
    assert [item.confirmed for item in score.items].count(1) == 1
    pages.submit(path, {"item": first, "points": ""})
    assert "0 of 10 items confirmed" in plain(pages.get(path).text)
    assert pages.submit(path, {"item": first, "points": "7"}).status_code == 422
    assert pages.get(path.replace("/right", "/left")).status_code == 404
    assert pages.get(path.replace("qasls", "other")).status_code == 404


def store_sheet_keys() -> list[str]:
    from kneetrack.clinic.sheets import sheet

    return [item.key for item in sheet("qasls").items]


def test_the_report_is_handed_out_under_a_name_that_tells_nothing(
    pages: Pages, store: Store, filled: filling.Filled
) -> None:
    path = f"/sessions/{filled.sessions[1].id}/report"
    html = pages.get(f"{path}.html")
    assert html.headers["content-disposition"].startswith("attachment")
    assert "K-014" in html.text and "K-014" not in html.headers["content-disposition"]
    pdf = pages.get(f"{path}.pdf?coaching=1")
    assert pdf.content.startswith(b"%PDF")
    assert store.audit(kind="session", record_id=filled.sessions[1].id)[0].what == "exported"


def test_no_page_has_inline_script_or_style(pages: Pages, filled: filling.Filled) -> None:
    paths = (
        *(f"/sessions/{filled.sessions[0].id}", f"/trials/{filled.trial().id}?coaching=1"),
        *(f"/clients/{filled.client.id}/compare", f"/clients/{filled.client.id}/trend"),
    )
    for path in paths:
        html = pages.get(path).text
        assert not re.search(r"<style|\sstyle=|\son\w+=|<script(?![^>]*\ssrc=)", html), path


def sign_in_as(pages: Pages, store: Store, config: WebConfig, role: Role) -> None:
    """A visitor with that role; from then on everybody has to sign in."""
    if role == "viewer":
        store.add_user("Maria", "clinician", "x")
    user = store.add_user("Vera", role, "x")
    token = new_token(config.now())
    store.save_sign_in(sha256_of(token), user.id, config.now() + timedelta(hours=1))
    pages.cookies.set(config.cookie, token)


def test_a_viewer_looks_and_finds_nothing_to_change(
    pages: Pages, store: Store, config: WebConfig, filled: filling.Filled
) -> None:
    sign_in_as(pages, store, config, "viewer")
    trial = filled.trial()
    for path in (f"/sessions/{trial.session_id}", f"/trials/{trial.id}"):
        html = pages.get(path).text
        forms = re.findall(r'<form[^>]*action="([^"]*)"', html)
        assert forms == ["/sign-out"], path
    assert "Correct something" not in pages.get(f"/trials/{trial.id}").text
    assert pages.get(f"/trials/{trial.id}/clip").status_code == 200
    answer = pages.submit(f"/trials/{trial.id}/reject", {"reason": "x"})
    assert answer.status_code == 403
    assert store.trial(trial.id).status == "good"


def test_nobody_gets_a_clip_or_a_report_without_signing_in(
    pages: Pages, store: Store, filled: filling.Filled
) -> None:
    store.add_user("Maria", "clinician", "x")
    trial = filled.trial()
    for path in (
        *(f"/trials/{trial.id}/clip", f"/trials/{trial.id}/take", f"/trials/{trial.id}"),
        *(f"/sessions/{trial.session_id}", f"/sessions/{trial.session_id}/report.pdf"),
        *(f"/clients/{filled.client.id}/trend", f"/clients/{filled.client.id}/compare"),
    ):
        answer = pages.get(path, follow_redirects=False)
        assert answer.status_code == 303, path
        assert answer.headers["location"].startswith("/sign-in")


def test_a_take_under_way_or_failed_has_no_page_and_says_why(
    pages: Pages, store: Store, filled: filling.Filled
) -> None:
    trial = store.begin_trial(filled.sessions[1].id, "squat", "front", "clip")
    assert "not finished" in pages.get(f"/trials/{trial.id}").text
    assert "being analysed" in pages.get(f"/sessions/{trial.session_id}").text
    store.fail_trial(trial.id, "nobody was seen in the clip")
    answer = pages.get(f"/trials/{trial.id}")
    assert (answer.status_code, "nobody was seen" in answer.text) == (404, True)
    session = plain(pages.get(f"/sessions/{trial.session_id}").text)
    assert "could not be analysed, nobody was seen in the clip" in session


def test_damaged_files_are_one_clear_line(
    pages: Pages, store: Store, filled: filling.Filled
) -> None:
    trial = filled.trial()
    (store.trial_folder(trial.id) / "frames.csv").write_text("frame,t_s\n1")
    answer = pages.get(f"/trials/{trial.id}")
    assert answer.status_code == 503
    assert "cannot be read" in answer.text and str(store.files) not in answer.text


def test_a_take_to_be_repeated_is_known_when_its_clip_comes(
    pages: Pages, filled: filling.Filled
) -> None:
    path = f"/sessions/{filled.sessions[1].id}/upload"
    shown = pages.get(f"/sessions/{filled.sessions[1].id}").text
    assert f"{path}?step=squat&amp;view=side" in shown
    fields = {"name": "IMG_0012.MOV", "size": "100", "modified": "1", "take": "squat:side"}
    assert pages.submit(f"{path}/begin", fields).status_code == 200
    listed = pages.get(f"{path}/list").text
    assert re.search(r'<option value="squat:side"[^>]* selected', listed), listed
    wrong = pages.submit(f"{path}/begin", {**fields, "take": "squat:roof"})
    assert wrong.status_code == 422

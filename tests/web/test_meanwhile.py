"""Two tabs, stale forms, and what is deleted or breaks while something else is done with it."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from kneetrack.clinic_records.visits import SetupFacts
from kneetrack.records import UnknownRecordError
from kneetrack.store import Store
from kneetrack.web.incoming import Incoming
from tests.web import filling
from tests.web.conftest import Pages
from tests.web.test_session_pages import plain
from tests.web.test_upload import begin, put


@pytest.fixture
def store(clinic_store: Store) -> Store:
    return clinic_store


@pytest.fixture
def filled(store: Store) -> filling.Filled:
    return filling.found(store)


def standing(text: str) -> str:
    found = re.search(r'name="standing" value="(\w+)"', text)
    assert found
    return found[1]


BOUNDS = {"rep": "2", "start_s": "9", "bottom_s": "8", "end_s": "7", "reason": "heel came up"}


@pytest.mark.parametrize(
    ("form", "fields", "reason", "kept"),
    [
        ("bounds", BOUNDS, "", ['value="9"', 'value="heel came up"', '<option value="2" selected']),
        ("bounds", BOUNDS | {"rep": "77"}, "", ['value="heel came up"']),
        ("bounds", BOUNDS | {"reason": ""}, "needs a reason", ['value="8"']),
        (
            "landmark",
            {"t_s": "3.5", "landmark": "26", "x": "nan", "y": "7.5", "reason": "hidden"},
            "Across: give a number",
            ['value="3.5"', 'value="7.5"', 'value="hidden"', '<option value="26" selected'],
        ),
        (
            "verdict",
            {"rep": "1", "rule": "knee_valgus|left", "status": "perfect", "reason": "seen"},
            "Choose a verdict",
            ['value="seen"', '<option value="knee_valgus|left" selected'],
        ),
    ],
)
def test_a_refused_correction_is_said_in_its_form_which_keeps_what_was_typed(
    pages: Pages,
    store: Store,
    filled: filling.Filled,
    form: str,
    fields: dict[str, str],
    reason: str,
    kept: list[str],
) -> None:
    trial = filled.trial()
    path = f"/trials/{trial.id}/corrections/{form}"
    answer = pages.submit(path, fields)
    assert answer.status_code == 422
    (mine,) = re.findall(rf'<form id="correct-{form}".*?</form>', answer.text, re.S)
    assert 'role="alert"' in mine and reason in mine
    for text in kept:
        assert text in mine, text
    assert answer.text.count('class="notice problem"') == 1
    assert f'data-refused="{form}" open' in answer.text
    assert "Repetitions" in plain(answer.text)
    assert store.corrections(trial.id) == []
    # Loaded again, it is the page of the take.
    assert pages.get(path, follow_redirects=False).headers["location"] == f"/trials/{trial.id}"


def test_what_was_typed_stays_text(pages: Pages, filled: filling.Filled) -> None:
    nasty = '"><script>alert(1)</script>'
    fields = BOUNDS | {"reason": nasty, "start_s": nasty}
    text = pages.submit(f"/trials/{filled.trial().id}/corrections/bounds", fields).text
    assert "<script>alert" not in text
    assert "&lt;script&gt;alert" in text


def test_a_form_that_saw_other_corrections_is_refused(
    pages: Pages, store: Store, filled: filling.Filled
) -> None:
    """Two tabs: after one struck out repetition 1, repetition 2 of the other is a different one."""
    trial = filled.trial()
    path = f"/trials/{trial.id}/corrections"
    old = standing(pages.get(f"/trials/{trial.id}").text)
    strike = {"strike": "1", "reason": "no squat", "standing": old}
    assert pages.submit(f"{path}/bounds", strike | {"rep": "1"}).status_code == 303
    stale = pages.submit(f"{path}/bounds", strike | {"rep": "2"})
    assert stale.status_code == 422
    assert "corrected meanwhile" in stale.text
    assert len(store.corrections(trial.id)) == 1
    # What it now shows may be sent.
    again = strike | {"rep": "2", "standing": standing(stale.text)}
    assert pages.submit(f"{path}/bounds", again).status_code == 303
    # Pressed twice, it is carried out once.
    assert pages.submit(f"{path}/bounds", again).status_code == 422
    assert len(store.corrections(trial.id)) == 2


def test_forms_of_what_is_gone(pages: Pages, store: Store, filled: filling.Filled) -> None:
    """The tab was open for long: client, session and take are deleted; nothing comes back."""
    session, trial, client = filled.sessions[0], filled.trial(), filled.client
    store.delete_client(client.id)
    for path, fields in (
        (f"/trials/{trial.id}/note", {"note": "x"}),
        (f"/trials/{trial.id}/reject", {"reason": "x"}),
        (f"/trials/{trial.id}/restore", {}),
        (f"/trials/{trial.id}/corrections/bounds", BOUNDS),
        (f"/trials/{trial.id}/corrections/landmark", BOUNDS),
        (f"/sessions/{session.id}/close", {}),
        (f"/sessions/{session.id}/edit", {"notes": "x"}),
        (f"/sessions/{session.id}/delete", {}),
        (f"/sessions/{session.id}/upload/begin", {"name": "a", "size": "9"}),
        (f"/sessions/{session.id}/upload/measure", {}),
        (f"/sessions/{session.id}/scores/slsq_left/qasls/left", {"item": "arm", "points": "1"}),
        (f"/clients/{client.id}/edit", {"code": "K-014"}),
        (f"/clients/{client.id}/delete", {"code": "K-014"}),
        (f"/clients/{client.id}/consent", {"purpose": "x", "given_on": "2026-11-01"}),
        (f"/clients/{client.id}/sessions/new", {"protocol": "lower-limb"}),
        (f"/clients/{client.id}/export", {}),
    ):
        assert pages.submit(path, fields).status_code == 404, path
    assert store.count_clients() == 0
    assert Incoming(store.files).all() == []


def test_a_session_is_closed_or_deleted_while_a_clip_comes(
    pages: Pages, store: Store, filled: filling.Filled
) -> None:
    session = filled.sessions[1]
    upload = begin(pages, session.id, 1000)
    assert put(pages, session.id, upload, 0, b"x" * 400).json() == {"offset": 400}
    pages.submit(f"/sessions/{session.id}/close", {"closed": "yes"})
    assert put(pages, session.id, upload, 400, b"x" * 100).json() == {"offset": 500}
    pages.submit(f"/sessions/{session.id}/delete")
    answer = put(pages, session.id, upload, 500, b"x" * 500)
    assert answer.status_code == 404
    assert "not here any more" in answer.text


def test_what_goes_while_it_is_written_is_unknown(store: Store, filled: filling.Filled) -> None:
    incoming = Incoming(store.files)
    upload = incoming.begin(filled.sessions[0].id, 100, "k", "x", datetime.now(UTC))
    incoming.drop(upload)
    for act in (
        lambda: incoming.write(upload, 0, b"x"),
        lambda: incoming.write_nothing(upload),
        lambda: incoming.save(replace(upload, queued=True)),
    ):
        with pytest.raises(UnknownRecordError, match="not here any more"):
            act()
    assert incoming.all() == []


@pytest.mark.parametrize("offset", ["-1", "+0", "00", "0x0", "1e1", "99999999", ""])
def test_offsets_that_are_none(
    pages: Pages, store: Store, filled: filling.Filled, offset: str
) -> None:
    session = filled.sessions[0]
    upload = begin(pages, session.id, 1000)
    headers = {"X-CSRF-Token": pages.token(), "Upload-Offset": offset}
    path = f"/sessions/{session.id}/upload/{upload}/chunk"
    answer = pages.put(path, content=b"x" * 10, headers=headers)
    assert (answer.status_code, answer.json()) == (409, {"offset": 0})
    assert Incoming(store.files).find(upload).received == 0


def test_a_client_who_comes_again_in_another_tab(pages: Pages, store: Store) -> None:
    """The same form sent twice: the code is taken, and one client is there."""
    assert pages.submit("/clients/new", {"code": "N-1"}).status_code == 303
    assert pages.submit("/clients/new", {"code": "n-1"}).status_code == 422
    assert store.count_clients("N-1") == 1


@pytest.mark.parametrize(
    "asked",
    ["bytes=5-1", "bytes=abc", "bytes=999999999-", "items=0-1", "bytes=" + ",".join(["0-"] * 500)],
)
def test_parts_of_a_clip_that_make_no_sense(
    pages: Pages, filled: filling.Filled, asked: str
) -> None:
    path = f"/trials/{filled.trial().id}/clip"
    whole = pages.get(path)
    answer = pages.get(path, headers={"Range": asked})
    assert answer.status_code in (200, 206, 400, 416)
    assert len(answer.content) <= len(whole.content) + 1000
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_a_session_without_its_files(pages: Pages, store: Store, filled: filling.Filled) -> None:
    import shutil

    trial = filled.trial()
    shutil.rmtree(store.trial_folder(trial.id))
    assert pages.get(f"/sessions/{trial.session_id}").status_code == 200
    assert pages.get(f"/clients/{filled.client.id}/trend").status_code == 200
    for path in (f"/trials/{trial.id}", f"/trials/{trial.id}/take", f"/trials/{trial.id}/clip"):
        answer = pages.get(path)
        assert answer.status_code in (404, 503), path
        assert str(store.files) not in answer.text


def test_a_trend_says_once_what_no_known_limit_means(pages: Pages, filled: filling.Filled) -> None:
    text = pages.get(f"/clients/{filled.client.id}/trend").text
    assert text.count("minimal detectable change is known") == 1
    assert text.count("no known limit</a>") > 1


def test_setup_facts_are_numbers(pages: Pages, store: Store, filled: filling.Filled) -> None:
    session = filled.sessions[0]
    for bad in ("nan", "inf", "-1", "1e9"):
        answer = pages.submit(f"/sessions/{session.id}/edit", {"distance_m": bad})
        assert answer.status_code == 422, bad
    assert store.session(session.id).setup == session.setup != SetupFacts()


def test_a_file_that_comes_while_the_rest_goes_is_no_trouble(
    store: Store, filled: filling.Filled, monkeypatch: pytest.MonkeyPatch
) -> None:
    import errno
    import shutil

    incoming = Incoming(store.files)
    upload = incoming.begin(filled.sessions[0].id, 100, "k", "x", datetime.now(UTC))
    real, tried = shutil.rmtree, []

    def disturbed(folder: Path) -> None:
        tried.append(folder)
        if len(tried) == 1:
            raise OSError(errno.ENOTEMPTY, "Directory not empty")
        real(folder)

    monkeypatch.setattr("kneetrack.web.incoming.shutil.rmtree", disturbed)
    incoming.drop(upload)
    assert incoming.all() == []

"""Who signs in, with what, what the audit tells of it, and the menu."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from kneetrack.store import Store
from kneetrack.web.config import WebConfig
from kneetrack.web.incoming import Incoming
from kneetrack.web.jobs import Jobs
from kneetrack.web.sign_ins import hash_password, soon_guessed
from tests.web.conftest import Pages
from tests.web.test_pages import add_client, begin

PASSWORD = "correct horse battery"


@pytest.mark.parametrize(
    "password",
    [
        "aaaaaaaaaa",
        "abababababab",
        "1234567890",
        "abcdefghijkl",
        "password123",
        "Passwort2026",
        "MariaMaria1",
        "qwertz12345",
    ],
)
def test_passwords_that_are_soon_guessed(password: str) -> None:
    assert soon_guessed(password, "Maria")


@pytest.mark.parametrize(
    "password", [PASSWORD, "another long one", "x7!kQ-m2pL", "maria and a goat"]
)
def test_passwords_that_are_not(password: str) -> None:
    assert not soon_guessed(password, "Maria")


def test_the_first_user_is_told_that_it_was_added(pages: Pages, store: Store) -> None:
    first = {"name": "Maria", "role": "clinician", "password": PASSWORD}
    wrong = pages.submit("/users", first | {"again": "correct horse batteri"})
    assert wrong.status_code == 422
    assert "two different ways" in wrong.text
    assert 'value="Maria"' in wrong.text
    weak = first | {"password": "aaaaaaaaaa", "again": "aaaaaaaaaa"}
    assert "soon guessed" in pages.submit("/users", weak).text
    answer = pages.submit("/users", first | {"again": PASSWORD})
    assert answer.headers["location"] == "/sign-in?said=first-user"
    assert "The user was added." in pages.get(answer.headers["location"]).text


def test_a_sign_in_that_was_refused_is_written_down(pages: Pages, store: Store) -> None:
    maria = store.add_user("Maria", "clinician", hash_password(PASSWORD))
    answer = pages.submit("/sign-in", {"name": "maria", "password": "secret of mine"})
    assert 'name="name" value="maria"' in answer.text
    assert re.search(r'id="password"[^>]* autofocus', answer.text)
    pages.submit("/sign-in", {"name": "my-secret", "password": "x"})
    unknown, known = store.audit(kind="user", limit=2)
    assert (known.what, known.record_id, known.by) == ("sign-in refused", maria.id, "nobody")
    assert (unknown.what, unknown.record_id) == ("sign-in refused", "")
    assert "my-secret" not in str(store.audit())
    assert "secret of mine" not in str(store.audit())


def test_the_audit_of_one_record(pages: Pages, store: Store) -> None:
    client_id, other = add_client(store), add_client(store, "M-7")
    session_id = begin(store, client_id)
    whole = pages.get("/audit").text
    assert f'href="/audit?record={client_id}"' in whole
    assert f'href="/sessions/{session_id}"' in whole
    assert f'href="/audit?record={client_id}"' in pages.get(f"/clients/{client_id}").text
    one = pages.get(f"/audit?record={client_id}").text
    assert session_id[:8] in one
    assert other[:8] not in one
    kinds = pages.get(f"/audit?record={client_id}&kind=session").text
    assert "session added" in kinds
    assert "client added" not in kinds
    assert pages.get("/audit?record=<b>&kind=x").text.count("<tr>") == whole.count("<tr>")


def test_who_had_a_clip_measured_is_who_is_told_of_its_end(store: Store) -> None:
    session_id = begin(store, add_client(store))
    trial = store.begin_trial(session_id, "squat", "front", "clip")
    incoming, now = Incoming(store.files), datetime.now(UTC)
    upload = incoming.begin(session_id, 5, "k", "Maria", now)
    upload = incoming.save(replace(upload, step="squat", queued=True, trial_id=trial.id))
    jobs = Jobs(store, None, now=lambda: now, keep=timedelta(hours=1))
    jobs._ended(upload.id)
    line = store.audit(record_id=trial.id)[0]
    assert (line.what, line.by) == ("failed", "Maria")


def test_the_menu(pages: Pages, store: Store) -> None:
    session_id = begin(store, add_client(store))
    lit = '<a href="/clients" aria-current='
    for path in ("/clients", f"/sessions/{session_id}", f"/sessions/{session_id}/upload"):
        assert lit in pages.get(path).text
    nowhere = pages.get("/nosuch")
    assert nowhere.status_code == 404
    assert '<nav aria-label="Main">' in nowhere.text


def test_nowhere_has_no_menu_for_nobody(config: WebConfig, pages: Pages, store: Store) -> None:
    store.add_user("Maria", "clinician", hash_password(PASSWORD))
    assert '<nav aria-label="Main">' not in pages.get("/nosuch").text

"""Every page of the front desk, through its forms."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date, timedelta

import pytest

from kneetrack.clinic_records.people import ClientFacts, ConsentFacts
from kneetrack.clinic_records.visits import SetupFacts
from kneetrack.store import Store
from tests.web.conftest import Clock, Pages

FACTS = {"code": "K-014", "initials": "A.B.", "birth_year": "1991", "complaint": "left"}
CONSENT = {
    "given_on": "2026-11-20",
    "keep_until": "2028-11-20",
    "purpose": "To see whether my knees move differently.",
    "allows": ["measurements", "video"],
}


def add_client(store: Store, code: str = "K-014", *, consent: bool = True) -> str:
    client = store.add_client(ClientFacts(code=code))
    if consent:
        store.give_consent(client.id, ConsentFacts(date(2026, 11, 1), "To see how I move."))
    return client.id


def begin(store: Store, client_id: str, **setup: object) -> str:
    return store.begin_session(client_id, "lower-limb", 1, SetupFacts(**setup)).id  # type: ignore[arg-type]


def test_a_client_is_added_and_consent_comes_next(pages: Pages, store: Store) -> None:
    answer = pages.submit("/clients/new", FACTS)
    client = store.client("K-014")
    assert answer.headers["location"] == f"/clients/{client.id}/consent?said=client-added"
    assert client.facts.birth_year == 1991
    answer = pages.submit(f"/clients/{client.id}/consent", CONSENT)
    assert answer.headers["location"] == f"/clients/{client.id}?said=consent-given"
    consent = store.consent_now(client.id)
    assert consent is not None
    assert consent.facts.allows == {"measurements", "video"}
    shown = pages.get(f"/clients/{client.id}?said=consent-given").text
    assert "The consent was written down." in shown
    assert "until 20 Nov 2028" in shown


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("code", "", "must be 1 to 32 letters"),
        ("code", "../x", "must be 1 to 32 letters"),
        ("birth_year", "91", "four digits"),
        ("initials", "A long name", "at most 8"),
        ("complaint", "knee", "side of complaint"),
    ],
)
def test_what_was_typed_wrong_is_said_and_kept(
    pages: Pages, store: Store, field: str, value: str, says: str
) -> None:
    answer = pages.submit("/clients/new", FACTS | {field: value})
    assert answer.status_code == 422
    assert says in answer.text
    assert 'value="A.B."' in answer.text or field == "initials"
    assert store.count_clients() == 0


def test_a_code_that_is_taken(pages: Pages, store: Store) -> None:
    add_client(store)
    answer = pages.submit("/clients/new", FACTS | {"code": "k-014"})
    assert answer.status_code == 422
    assert "taken" in answer.text


def test_facts_are_changed(pages: Pages, store: Store) -> None:
    client_id = add_client(store)
    assert 'value="K-014"' in pages.get(f"/clients/{client_id}/edit").text
    pages.submit(f"/clients/{client_id}/edit", FACTS | {"notes": "two\nlines <b>"})
    assert store.client(client_id).facts.notes == "two\nlines <b>"
    assert "lines &lt;b&gt;" in pages.get(f"/clients/{client_id}").text


def test_search_goes_by_post_and_needs_no_script(pages: Pages, store: Store) -> None:
    add_client(store, "K-014")
    add_client(store, "M-7", consent=False)
    piece = pages.post(
        "/clients/search",
        data={"text": "k-0"},
        headers={"HX-Request": "true", "X-CSRF-Token": pages.token()},
    )
    assert "K-014" in piece.text
    assert "M-7" not in piece.text
    assert "<html" not in piece.text
    whole = pages.submit("/clients/search", {"text": "m"})
    assert "<html" in whole.text
    assert "M-7" in whole.text
    assert "no consent in force" in whole.text
    nothing = pages.submit("/clients/search", {"text": "%_"})
    assert "No client" in nothing.text


def test_clients_come_page_by_page(pages: Pages, store: Store) -> None:
    for n in range(30):
        store.add_client(ClientFacts(code=f"C{n}"))
    first, second = pages.get("/clients").text, pages.get("/clients?page=2").text
    codes = re.compile(r'<a href="/clients/[0-9a-f]{32}">(C\d+)</a>')
    assert len(codes.findall(first)) == 25
    assert len({*codes.findall(first), *codes.findall(second)}) == 30
    assert "Page 2 of 2" in second
    assert pages.get("/clients?page=x").status_code == 200


def test_a_client_goes_only_when_the_code_was_typed(pages: Pages, store: Store) -> None:
    client_id = add_client(store)
    begin(store, client_id)
    assert "1 session," in pages.get(f"/clients/{client_id}/delete").text
    answer = pages.submit(f"/clients/{client_id}/delete", {"code": "K-015"})
    assert answer.status_code == 422
    assert "not the same" in answer.text
    answer = pages.submit(f"/clients/{client_id}/delete", {"code": "k-014"})
    assert answer.headers["location"] == "/clients?said=client-deleted"
    assert pages.get(f"/clients/{client_id}").status_code == 404


def test_a_consent_is_withdrawn(pages: Pages, store: Store) -> None:
    client_id = add_client(store)
    consent = store.consent_now(client_id)
    assert consent is not None
    path = f"/clients/{client_id}/consents/{consent.id}/withdraw"
    assert "prescriptions and notes stay until the client is deleted" in pages.get(path).text
    pages.submit(path)
    assert store.consent_now(client_id) is None
    shown = pages.get(f"/clients/{client_id}").text
    assert "No consent is in force" in shown
    assert "withdrawn" in shown
    other = add_client(store, "X-1")
    assert pages.submit(f"/clients/{other}/consents/{consent.id}/withdraw").status_code == 404


def test_a_consent_without_its_purpose(pages: Pages, store: Store) -> None:
    client_id = add_client(store, consent=False)
    answer = pages.submit(f"/clients/{client_id}/consent", CONSENT | {"purpose": " "})
    assert answer.status_code == 422
    assert "needs its purpose" in answer.text
    answer = pages.submit(f"/clients/{client_id}/consent", CONSENT | {"given_on": "yesterday"})
    assert answer.status_code == 422
    assert store.consent_now(client_id) is None


def test_whose_consent_has_run_out(pages: Pages, store: Store, clock: Clock) -> None:
    client_id = add_client(store, consent=False)
    today = clock.now.date()
    gone = today - timedelta(days=1)
    store.give_consent(client_id, ConsentFacts(gone, "To see.", keep_until=gone), today=gone)
    add_client(store, "K-2")
    shown = pages.get("/expiry").text
    assert "K-014" in shown
    assert "K-2" not in shown


def test_a_session_begins_with_the_setup_of_last_time(pages: Pages, store: Store) -> None:
    client_id = add_client(store)
    assert 'value="lower-limb"' in pages.get(f"/clients/{client_id}/sessions/new").text
    setup = {"distance_m": "3,0", "camera_height_m": "0.8", "footwear": "barefoot"}
    answer = pages.submit(f"/clients/{client_id}/sessions/new", {"protocol": "lower-limb", **setup})
    session = store.sessions(client_id)[0]
    assert answer.headers["location"] == f"/sessions/{session.id}/upload?said=session-begun"
    assert session.setup == SetupFacts(3.0, 0.8, "barefoot")
    form = pages.get(f"/clients/{client_id}/sessions/new").text
    assert 'value="barefoot"' in form
    assert 'name="distance_m" value="3"' in form
    other = setup | {"footwear": "own trainers", "stance": "hip width"}
    said = pages.submit(f"/clients/{client_id}/sessions/differs", other).text
    assert "Footwear: barefoot before, own trainers now" in said


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"protocol": "../../etc/passwd"}, "choose a protocol"),
        ({"protocol": "lower-limb", "distance_m": "three"}, "number of metres"),
        ({"protocol": "lower-limb", "distance_m": "nan"}, "distance"),
        ({"protocol": "lower-limb", "camera_height_m": "80"}, "camera height"),
    ],
)
def test_a_session_that_cannot_begin(
    pages: Pages, store: Store, fields: dict[str, str], says: str
) -> None:
    client_id = add_client(store)
    answer = pages.submit(f"/clients/{client_id}/sessions/new", fields)
    assert answer.status_code == 422
    assert says in answer.text.lower()
    assert store.sessions(client_id) == []


def test_no_session_without_consent(pages: Pages, store: Store) -> None:
    client_id = add_client(store, consent=False)
    assert "No consent is in force" in pages.get(f"/clients/{client_id}/sessions/new").text
    assert pages.submit(f"/clients/{client_id}/sessions/new", {"protocol": "lower-limb"}).is_error
    assert store.sessions(client_id) == []


def test_a_session_is_changed_and_deleted(pages: Pages, store: Store) -> None:
    client_id = add_client(store)
    session_id = begin(store, client_id, footwear="socks")
    assert 'value="socks"' in pages.get(f"/sessions/{session_id}/edit").text
    pages.submit(f"/sessions/{session_id}/edit", {"footwear": "barefoot", "notes": "calm"})
    assert store.session(session_id).setup.footwear == "barefoot"
    assert store.session(session_id).notes == "calm"
    assert "0 takes" in pages.get(f"/sessions/{session_id}/delete").text
    answer = pages.submit(f"/sessions/{session_id}/delete")
    assert answer.headers["location"] == f"/clients/{client_id}?said=session-deleted"
    assert store.sessions(client_id) == []


def test_the_start_page(pages: Pages, store: Store) -> None:
    assert "There are no clients yet" in pages.get("/").text
    client_id = add_client(store)
    session_id = begin(store, client_id)
    shown = pages.get("/").text
    assert f'href="/sessions/{session_id}"' in shown
    assert "K-014" in shown


def test_audit_tells_ids_alone(pages: Pages, store: Store) -> None:
    add_client(store)
    shown = pages.get("/audit").text
    assert "client added" in shown
    assert "K-014" not in shown


def test_about_carries_the_disclaimer(pages: Pages) -> None:
    assert "Not a medical device" in pages.get("/about").text


@pytest.mark.parametrize("path", ["/nope", "/clients/K-014", "/clients/..%2f..%2fetc", "/clients/"])
def test_what_is_not_there(pages: Pages, store: Store, path: str) -> None:
    add_client(store)
    answer = pages.get(path, follow_redirects=False)
    assert answer.status_code in (404, 307)
    assert "Traceback" not in answer.text


def test_what_goes_wrong_is_told_without_its_insides(
    pages: Pages, store: Store, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError("K-014 knows")

    monkeypatch.setattr(Store, "recent_sessions", broken)
    answer = pages.get("/")
    assert answer.status_code == 500
    assert "K-014" not in answer.text + caplog.text
    assert "ZeroDivisionError" in caplog.text
    piece = pages.get("/", headers={"HX-Request": "true"})
    assert piece.status_code == 500
    assert "<html" not in piece.text


def test_a_clients_records_to_go(pages: Pages, store: Store) -> None:
    client_id = add_client(store)
    begin(store, client_id)
    answer = pages.submit(f"/clients/{client_id}/export")
    assert answer.headers["content-type"] == "application/zip"
    assert (
        answer.headers["content-disposition"]
        == f'attachment; filename="client-{client_id[:8]}.zip"'
    )
    with zipfile.ZipFile(io.BytesIO(answer.content)) as records:
        assert records.testzip() is None
        assert records.namelist()
    assert store.audit(kind="client")[0].what == "exported"

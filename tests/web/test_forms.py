"""Forms of the front desk: what is not as it was shown, what is deleted, what is wrong."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta

import pytest

from kneetrack.clinic_records.people import ClientFacts, ConsentFacts
from kneetrack.clinic_records.visits import FACES_FILE, SetupFacts
from kneetrack.store import Store
from kneetrack.web.words import begin_sentence, for_pages
from tests.storing import lay_files, numbers
from tests.web.conftest import Pages
from tests.web.test_pages import FACTS, add_client, begin

SOON = date.today() + timedelta(days=200)
PURPOSE = "To see how I move."


def seen_on(pages: Pages, path: str) -> dict[str, str]:
    """What a form brings along of what it showed."""
    found = re.search(r'name="seen" value="(\w+)"', pages.get(path).text)
    assert found
    return {"seen": found[1]}


def agreed(store: Store, *allows: str) -> str:
    client = store.add_client(ClientFacts("K-014"))
    facts = ConsentFacts(
        date(2026, 11, 1),
        PURPOSE,
        frozenset({"measurements", *allows}),  # type: ignore[arg-type]
        SOON,
        "mother",
    )
    store.give_consent(client.id, facts)
    return client.id


def film(store: Store, client_id: str) -> str:
    trial = store.begin_trial(begin(store, client_id), "squat", "front", "clip")
    folder = store.trial_folder(trial.id)
    (folder / FACES_FILE).touch()
    (folder / "still-1.jpg").write_bytes(b"still")
    lay_files(folder, clip=True)
    store.finish_trial(trial.id, numbers(trial.id))
    return trial.id


def test_the_later_of_two_tabs_does_not_win_without_a_word(pages: Pages, store: Store) -> None:
    client_id = add_client(store)
    path = f"/clients/{client_id}/edit"
    mine = FACTS | {"notes": "mine"} | seen_on(pages, path)
    assert pages.submit(path, FACTS | {"notes": "theirs"} | seen_on(pages, path)).is_redirect
    answer = pages.submit(path, mine)
    assert answer.status_code == 409
    assert "Somebody else has changed this" in answer.text
    assert "<td>theirs</td><td>mine</td>" in answer.text
    assert "<td>K-014</td>" not in answer.text, "only what differs"
    assert store.client(client_id).facts.notes == "theirs"
    again = re.search(r'name="seen" value="(\w+)"', answer.text)
    assert again
    assert pages.submit(path, mine | {"seen": again[1]}).is_redirect
    assert store.client(client_id).facts.notes == "mine"


def test_two_tabs_on_a_session(pages: Pages, store: Store) -> None:
    session_id = begin(store, add_client(store), footwear="socks")
    path = f"/sessions/{session_id}/edit"
    mine = {"footwear": "barefoot"} | seen_on(pages, path)
    store.change_session(session_id, setup=SetupFacts(3.0, footwear="socks"))
    answer = pages.submit(path, mine)
    assert answer.status_code == 409
    assert "<td>3</td><td>–</td>" in answer.text
    assert store.session(session_id).setup.footwear == "socks"


def test_another_consent_begins_with_the_one_that_stands(pages: Pages, store: Store) -> None:
    client_id = agreed(store, "video", "cohort")
    shown = pages.get(f"/clients/{client_id}/consent").text
    assert f">{PURPOSE}</textarea>" in shown
    assert 'value="mother"' in shown
    assert re.findall(r'name="allows" value="(\w+)" checked', shown) == [
        "measurements",
        "video",
        "cohort",
    ]


def test_two_tabs_on_a_consent(pages: Pages, store: Store) -> None:
    client_id = agreed(store)
    path = f"/clients/{client_id}/consent"
    mine = {"given_on": "2026-11-20", "purpose": "Mine."} | seen_on(pages, path)
    now = store.consent_now(client_id)
    assert now is not None
    store.give_consent(client_id, replace(now.facts, purpose="Theirs."))
    answer = pages.submit(path, mine)
    assert answer.status_code == 409
    assert "<td>Theirs.</td><td>Mine.</td>" in answer.text
    assert len(store.consents(client_id)) == 2


def test_what_a_narrower_consent_deletes_is_asked_first(pages: Pages, store: Store) -> None:
    client_id = agreed(store, "video", "faces")
    trial_id = film(store, client_id)
    path = f"/clients/{client_id}/consent"
    wider = {"given_on": "2026-11-20", "purpose": PURPOSE, "allows": ["video", "faces"]}
    assert pages.submit(path, wider).is_redirect
    narrower = wider | {"allows": ["video"]}
    answer = pages.submit(path, narrower)
    assert answer.status_code == 409
    assert "This deletes 1 kept clip and 1 still picture for good" in answer.text
    assert store.trial(trial_id).clip_kept
    found = re.search(r'name="deletes" value="([^"]+)"', answer.text)
    assert found
    assert pages.submit(path, narrower | {"deletes": found[1]}).is_redirect
    assert not store.trial(trial_id).clip_kept
    assert "clip deleted" in pages.get("/audit").text


def test_a_withdrawal_tells_what_it_deletes(pages: Pages, store: Store) -> None:
    client_id = agreed(store, "video", "faces")
    film(store, client_id)
    consent = store.consent_now(client_id)
    assert consent is not None
    shown = pages.get(f"/clients/{client_id}/consents/{consent.id}/withdraw").text
    assert "1 kept clip and 1 still picture" in shown


@pytest.mark.parametrize(
    ("field", "day", "says"),
    [
        ("given_on", date.today() + timedelta(days=2), "still to come"),
        ("keep_until", date.today() - timedelta(days=2), "which is over"),
    ],
)
def test_days_that_no_consent_can_have(
    pages: Pages, store: Store, field: str, day: date, says: str
) -> None:
    client_id = agreed(store)
    fields = {"given_on": "2026-11-02", "purpose": PURPOSE, field: day.isoformat()}
    answer = pages.submit(f"/clients/{client_id}/consent", fields)
    assert answer.status_code == 422
    assert says in answer.text
    assert re.search(rf'name="{field}"[^>]* aria-invalid="true" autofocus', answer.text)
    assert len(store.consents(client_id)) == 1


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("birth_year", "1850", "from 1900 on"),
        ("birth_year", "19841", "four digits"),
        ("birth_year", "2090", "year of birth 2090: use one from"),
        ("initials", "Anna Miller", "at most 8"),
        ("code", "K" * 40, "1 to 32 letters"),
    ],
)
def test_the_wrong_field_is_the_one_to_type_in(
    pages: Pages, store: Store, field: str, value: str, says: str
) -> None:
    answer = pages.submit("/clients/new", FACTS | {field: value})
    assert answer.status_code == 422
    assert says.casefold() in answer.text.casefold()
    assert re.findall(r'name="(\w+)"[^>]* autofocus', answer.text) == [field]
    assert f'value="{value}"' in answer.text


def test_nothing_that_is_pasted_is_cut(pages: Pages, store: Store) -> None:
    for path in ("/clients/new", f"/clients/{add_client(store)}/consent"):
        main = pages.get(path).text.partition("<main")[2]
        assert "maxlength" not in main


@pytest.mark.parametrize("text", ["3,0 m", "3.0 metres", "3 M", "3"])
def test_metres_as_people_write_them(pages: Pages, store: Store, text: str) -> None:
    client_id = add_client(store)
    fields = {"protocol": "lower-limb", "distance_m": text}
    assert pages.submit(f"/clients/{client_id}/sessions/new", fields).is_redirect
    assert store.sessions(client_id)[0].setup.distance_m == 3.0


def test_no_command_of_the_terminal_on_a_page(pages: Pages, store: Store) -> None:
    client_id = add_client(store)
    session_id = begin(store, client_id)
    consent = store.consent_now(client_id)
    assert consent is not None
    store.withdraw_consent(consent.id)
    shown = pages.get(f"/sessions/{session_id}/upload").text
    assert "The client has withdrawn the consent: record a new one first." in shown
    answer = pages.submit(f"/sessions/{session_id}/upload/begin", {"name": "a", "size": "5"})
    assert "record a new one first." in answer.text


@pytest.mark.parametrize(
    ("reason", "says"),
    [
        (
            "/tmp/a-b/c/pose.task is missing: reinstall kneetrack",
            "pose.task is missing: reinstall kneetrack",
        ),
        ("cannot write '/var/lib/x.mp4': no room", "cannot write 'x.mp4': no room"),
        (r"C:\Users\kim\x.mp4: no room", "x.mp4: no room"),
        ("2/3 of the takes, and/or more", "2/3 of the takes, and/or more"),
        ("record a new one first (kneetrack client consent)", "record a new one first"),
    ],
)
def test_what_pages_leave_out_of_a_reason(reason: str, says: str) -> None:
    assert for_pages(reason) == says


def test_a_take_that_failed_tells_no_folder_of_the_server(pages: Pages, store: Store) -> None:
    session_id = begin(store, add_client(store))
    trial = store.begin_trial(session_id, "squat", "front", "clip")
    store.fail_trial(trial.id, "/opt/models/pose.task is missing: reinstall kneetrack")
    shown = pages.get(f"/sessions/{session_id}/upload").text
    assert "<td>pose.task is missing: reinstall kneetrack</td>" in shown
    assert "/opt/models" not in pages.get(f"/sessions/{session_id}").text
    again = store.begin_trial(session_id, "squat", "front", "clip")
    store.fail_trial(again.id, "/opt/models/other.task is missing: reinstall kneetrack")
    session = pages.get(f"/sessions/{session_id}").text
    assert "/opt/models" not in session
    assert "ther.task is missing" in session


def test_a_key_at_the_beginning_keeps_its_letters() -> None:
    assert begin_sentence("limits.squat: say how deep") == "limits.squat: say how deep"
    assert begin_sentence("leave_out must be a list") == "leave_out must be a list"
    assert begin_sentence("choose the file") == "Choose the file"

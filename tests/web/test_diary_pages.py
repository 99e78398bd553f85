"""The diary and the prescription of a client, on the pages."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from httpx import Response

from kneetrack.clinic_records.people import ClientFacts
from kneetrack.diary.bringing import pack
from kneetrack.diary.measured import bands_of
from kneetrack.exercises.rules import Exercise
from kneetrack.programme.reading import default_text
from kneetrack.store import Store, open_store
from kneetrack.web.config import WebConfig
from kneetrack.web.sign_ins import hash_password
from tests.web.conftest import Clock, Pages
from tests.web.diaries import fill_diary
from tests.web.test_forms import seen_on
from tests.web.test_pages import add_client

LIMITED = default_text().replace("# [limits.squat]\n# knee", "[limits.squat]\nknee")
PASSWORD = "correct horse battery"


@pytest.fixture
def packed(tmp_path: Path, clock: Clock) -> bytes:
    """A diary that was kept at home."""
    with open_store(str(tmp_path / "home.db")) as home:
        me = home.make_own_client()
        fill_diary(home, me.id, clock.now - timedelta(days=1), practices=3, prescription=None)
        return pack(home.practice_records(me.id), LIMITED).encode()


def bring(pages: Pages, client_id: str, data: bytes, **more: str) -> object:
    """What comes of a file after it was looked into and taken for theirs."""
    answer = look(pages, client_id, data, **more)
    key = re.search(r'name="file" value="([0-9a-f]+)"', answer.text)
    if key is None:
        return answer
    return pages.submit(f"/clients/{client_id}/diary/bring/confirm", {"file": key[1]})


def look(pages: Pages, client_id: str, data: bytes, **more: str) -> Response:
    files = {"file": ("diary.json", data, "application/json")}
    return pages.submit(f"/clients/{client_id}/diary/bring", more, files=files)


def test_a_diary_is_shown_before_it_is_taken_in(
    pages: Pages, store: Store, packed: bytes, clock: Clock
) -> None:
    client_id, other = add_client(store), add_client(store, "M-7")
    shown = look(pages, client_id, packed).text
    assert "Is this the diary of " in shown and "none of them is here yet" in shown
    assert "Pain told: " in shown and "4 practices from" in shown
    assert store.practices(client_id) == []
    key = {"file": re.search(r'name="file" value="([0-9a-f]+)"', shown)[1]}  # type: ignore[index]
    assert "choose it again" in pages.submit(f"/clients/{other}/diary/bring/confirm", key).text
    clock.now += timedelta(minutes=16)
    assert "choose it again" in pages.submit(f"/clients/{client_id}/diary/bring/confirm", key).text
    assert store.practices(client_id) == []


def test_beside_a_prescription_stands_where_the_client_is_now(
    pages: Pages, store: Store, clock: Clock
) -> None:
    client_id = add_client(store)
    store.prescribe(client_id, "Hip programme", LIMITED)
    address = f"/clients/{client_id}/diary"
    assert '<th scope="col">Now</th>' not in pages.get(address).text
    fill_diary(store, client_id, clock.now - timedelta(days=1), practices=5)
    stands = pages.get(address).text
    assert '<th scope="col">Now</th>' in stands and "<strong>20 s each</strong>" in stands


def test_the_diary_tells_of_every_practice(pages: Pages, store: Store, clock: Clock) -> None:
    client_id = add_client(store)
    made = fill_diary(store, client_id, clock.now - timedelta(hours=5))
    assert "10 times, last on 29 Nov 2090" in pages.get(f"/clients/{client_id}").text
    text = pages.get(f"/clients/{client_id}/diary").text
    assert "It rose, or stopped the practice, in 1 of 9 practices." in text
    assert all(f"/practices/{practice.id}" in text for practice in made)
    assert "broken off" in text and "stopped by pain" in text
    assert text.count('<span class="badge none">more</span>') == 2
    picture = pages.get(f"/clients/{client_id}/diary/picture.png")
    assert picture.content.startswith(b"\x89PNG")
    assert picture.headers["cache-control"] == "no-store"


def test_a_practice_that_began_just_now_is_under_way(
    pages: Pages, store: Store, clock: Clock
) -> None:
    client_id = add_client(store)
    fill_diary(store, client_id, clock.now - timedelta(minutes=5), practices=1)
    text = pages.get(f"/clients/{client_id}/diary").text
    assert "under way" in text and "broken off" not in text


def test_one_of_many_is_found_again(pages: Pages, store: Store, clock: Clock) -> None:
    client_id = add_client(store)
    fill_diary(store, client_id, clock.now, practices=14)
    rows = re.compile(r'/practices/[0-9a-f]{32}"')
    path = f"/clients/{client_id}/diary"
    assert len(rows.findall(pages.get(path).text)) == 12
    assert "All 15 practices" in pages.get(path).text
    assert len(rows.findall(pages.get(f"{path}?all=yes").text)) == 15


def test_a_practice_with_its_numbers(pages: Pages, store: Store, clock: Clock) -> None:
    client_id, other = add_client(store), add_client(store, "M-7")
    made = fill_diary(store, client_id, clock.now)
    sore, check = made[4], made[0]
    text = pages.get(f"/clients/{client_id}/practices/{sore.id}").text
    for words in (
        "before 4, after 6, the next morning 5",
        "Tired, the left knee was stiff.",
        "2 × 8 a side, to 80°",
        "the right knee came inside the foot in 3 of 16",
        "+7 ± 2 % of the shank",
        "the left foot was out of the picture",
        "prescription 1",
    ):
        assert words in text
    signs = pages.get(f"/clients/{client_id}/practices/{check.id}").text
    assert "Knees caving in" in signs and "△ a little outside" in signs
    assert pages.get(f"/clients/{other}/practices/{sore.id}").status_code == 404
    assert pages.get(f"/clients/{client_id}/practices/{'0' * 32}").status_code == 404
    assert pages.get(f"/clients/{other}/diary/picture.png").status_code == 404


def test_the_picture_shows_the_limits_that_are_prescribed(
    pages: Pages, store: Store, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    given: list[Mapping[str, Exercise] | None] = []

    def drawn(*_: object, exercises: Mapping[str, Exercise] | None, **_more: object) -> bytes:
        given.append(exercises)
        return b""

    monkeypatch.setattr("kneetrack.diary.picture.picture_bytes", drawn)
    client_id = add_client(store)
    fill_diary(store, client_id, clock.now, practices=1)
    pages.get(f"/clients/{client_id}/diary/picture.png")
    text = LIMITED.replace("[limits.squat]", "[limits.lateral_lunge]").replace("= 90", "= 80")
    store.prescribe(client_id, "Hips", text)
    pages.get(f"/clients/{client_id}/diary/picture.png")
    store.prescribe(client_id, "Hips", "unreadable")
    pages.get(f"/clients/{client_id}/diary/picture.png")
    assert given[0] is None and given[1] is not None and given[2] is None
    assert bands_of("lateral_lunge", "lead_knee_flexion", given[1])[0].watch == 80


def test_words_of_a_diary_are_words_alone(pages: Pages, store: Store, clock: Clock) -> None:
    client_id = add_client(store)
    made = fill_diary(store, client_id, clock.now, practices=2)
    store.note_practice(made[1].id, "<script>alert(1)</script>")
    store.prescribe(client_id, "<b>Hips", default_text(), "<i>gently")
    for path in ("diary", f"practices/{made[1].id}", "prescription"):
        text = pages.get(f"/clients/{client_id}/{path}").text
        assert not any(tag in text for tag in ("<script>alert", "<b>Hips", "<i>gently"))


def test_a_diary_is_brought_in_by_a_file(pages: Pages, store: Store, packed: bytes) -> None:
    client_id = add_client(store)
    answer = bring(pages, client_id, packed)
    address = answer.headers["location"]  # type: ignore[attr-defined]
    assert address == f"/clients/{client_id}/diary?new=4&changed=0&said=diary-brought"
    shown = pages.get(address).text
    assert "The diary was brought in." in shown and "4 practices are new." in shown
    assert shown.count('<span class="badge">brought</span>') == 4
    assert all(practice.brought for practice in store.practices(client_id))
    again = bring(pages, client_id, packed)
    assert "new=0" in again.headers["location"]  # type: ignore[attr-defined]
    store.prescribe(client_id, "Hip programme", LIMITED.replace("= 90", "= 80"))
    assert "It follows another programme" in look(pages, client_id, packed).text
    other = bring(pages, client_id, packed)
    assert (
        "follows another programme"
        in pages.get(
            other.headers["location"]  # type: ignore[attr-defined]
        ).text
    )
    now = store.prescribe(client_id, "Hip programme", f'note = "Gently."\n{LIMITED}')
    assert f"what is prescribed here, number {now.number}." in look(pages, client_id, packed).text
    bring(pages, client_id, packed)
    followed = {p.facts.prescription for p in store.practices(client_id, kind="programme")}
    assert followed == {now.number}


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "Choose the file"),
        (b"\xff\xfe\x00", "no diary that kneetrack packed"),
        (b"{}", "not a diary that kneetrack packed"),
        (b'{"format":"kneetrack/diary/1","practices":[', "damaged"),
        (b'{"format":"kneetrack/diary/7"}', "newer kneetrack"),
    ],
)
def test_what_is_no_diary_is_told(pages: Pages, store: Store, data: bytes, says: str) -> None:
    client_id = add_client(store)
    answer = bring(pages, client_id, data)
    assert answer.status_code == 422  # type: ignore[attr-defined]
    assert says in answer.text  # type: ignore[attr-defined]
    assert store.practices(client_id) == []


def test_the_diary_of_another_client_and_one_without_consent(
    pages: Pages, store: Store, packed: bytes
) -> None:
    one, other = add_client(store), add_client(store, "M-7")
    nobody = store.add_client(ClientFacts("N-1")).id
    bring(pages, one, packed)
    answer = bring(pages, other, packed)
    assert "that of another client" in answer.text  # type: ignore[attr-defined]
    assert "no consent yet" in bring(pages, nobody, packed).text  # type: ignore[attr-defined]
    assert store.practices(other) == store.practices(nobody) == []
    assert "Bring a diary in" not in pages.get(f"/clients/{nobody}/diary").text


def test_a_form_that_is_not_ours_brings_nothing(pages: Pages, store: Store, packed: bytes) -> None:
    client_id = add_client(store)
    answer = bring(pages, client_id, packed, csrf="0" * 64)
    assert answer.status_code == 403  # type: ignore[attr-defined]
    path = f"/clients/{client_id}/diary/bring"
    plain = pages.post(path, data={"x": "y"}, follow_redirects=False)
    assert plain.status_code in (403, 422)
    assert store.practices(client_id) == []


def test_a_practice_is_deleted_after_it_was_asked(
    pages: Pages, store: Store, packed: bytes
) -> None:
    client_id, other = add_client(store), add_client(store, "M-7")
    bring(pages, client_id, packed)
    first = store.practices(client_id)[0]
    path = f"/clients/{client_id}/practices/{first.id}/delete"
    assert "comes back when that diary is brought in again" in pages.get(path).text
    wrong = pages.submit(f"/clients/{other}/practices/{first.id}/delete")
    assert wrong.status_code == 404
    assert pages.submit(path).headers["location"].endswith("/diary?said=practice-deleted")
    assert first.id not in {practice.id for practice in store.practices(client_id)}
    assert "4 practices of the diary" not in pages.get(f"/clients/{client_id}/delete").text
    assert "3 practices of the diary" in pages.get(f"/clients/{client_id}/delete").text


def test_a_programme_is_prescribed_and_taken_along(pages: Pages, store: Store) -> None:
    client_id = add_client(store)
    form = f"/clients/{client_id}/prescription"
    assert "the usual hip programme holds" in pages.get(f"/clients/{client_id}/diary").text
    assert "key = &#34;lunge&#34;" in pages.get(form).text
    sent = {"text": LIMITED.replace("\n", "\r\n"), "note": "Gently."} | seen_on(pages, form)
    answer = pages.submit(form, sent)
    assert answer.headers["location"] == f"/clients/{client_id}/diary?said=prescribed"
    now = store.prescription_now(client_id)
    assert now is not None
    assert (now.title, now.text, now.note) == ("Hip programme", LIMITED, "Gently.")
    shown = pages.get(f"/clients/{client_id}/diary").text
    assert "no deeper than 90°" in shown and "Gently." in shown
    file = pages.get(f"/clients/{client_id}/prescriptions/{now.id}/programme.toml")
    assert file.text == LIMITED
    assert file.headers["content-disposition"] == 'attachment; filename="programme-1.toml"'
    other = add_client(store, "M-7")
    wrong = f"/clients/{other}/prescriptions/{now.id}/programme.toml"
    assert pages.get(wrong).status_code == 404


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "title is missing"),
        ("title = ", "Not valid TOML"),
        (default_text().replace("lateral_lunge", "lateral_lunch"), "unknown exercise"),
        (default_text().replace("reps = 8", "reps = 800"), "part &#39;lunge&#39;"),
    ],
)
def test_what_is_wrong_in_it_is_told_beside_it_and_nothing_is_lost(
    pages: Pages, store: Store, text: str, says: str
) -> None:
    client_id = add_client(store)
    form = f"/clients/{client_id}/prescription"
    answer = pages.submit(form, {"text": text, "note": "Mine."} | seen_on(pages, form))
    assert answer.status_code == 422
    assert says.casefold() in answer.text.casefold()
    assert 'aria-invalid="true"' in answer.text and "Mine.</textarea>" in answer.text
    assert store.prescription_now(client_id) is None


def test_two_tabs_on_a_prescription(pages: Pages, store: Store) -> None:
    client_id = add_client(store)
    form = f"/clients/{client_id}/prescription"
    mine = {"text": LIMITED, "note": "mine"} | seen_on(pages, form)
    store.prescribe(client_id, "Hip programme", default_text(), "theirs")
    answer = pages.submit(form, mine)
    assert answer.status_code == 409
    assert "<td>theirs</td><td>mine</td>" in answer.text
    assert len(store.prescriptions(client_id)) == 1


def test_a_prescription_is_withdrawn_after_it_was_asked(pages: Pages, store: Store) -> None:
    client_id = add_client(store)
    made = store.prescribe(client_id, "Hip programme", LIMITED)
    path = f"/clients/{client_id}/prescriptions/{made.id}/withdraw"
    assert "without the limits of this one" in pages.get(path).text
    assert pages.submit(path).is_redirect
    assert store.prescription_now(client_id) is None
    assert "Earlier prescriptions (1)" in pages.get(f"/clients/{client_id}/diary").text


def test_one_that_cannot_be_read_any_more_is_told(pages: Pages, store: Store) -> None:
    client_id = add_client(store)
    store.prescribe(client_id, "Of the future", "title = 'x'\nnew_key = 1\n")
    assert "cannot read the programme" in pages.get(f"/clients/{client_id}/diary").text


def test_a_viewer_looks_and_changes_nothing(
    pages: Pages, config: WebConfig, store: Store, packed: bytes, clock: Clock
) -> None:
    client_id = add_client(store)
    made = fill_diary(store, client_id, clock.now, practices=1)
    given = store.prescribe(client_id, "Hip programme", LIMITED)
    store.add_user("Vera", "viewer", hash_password(PASSWORD))
    assert pages.submit("/sign-in", {"name": "Vera", "password": PASSWORD}).is_redirect
    client = f"/clients/{client_id}"
    shown = pages.get(f"{client}/diary").text
    assert "Bring a diary in" not in shown and "Withdraw" not in shown
    assert "Delete practice" not in pages.get(f"{client}/practices/{made[0].id}").text
    assert pages.get(f"{client}/prescriptions/{given.id}/programme.toml").status_code == 200
    assert pages.get(f"{client}/diary/picture.png").status_code == 200
    for path in (
        f"{client}/prescription",
        f"{client}/prescriptions/{given.id}/withdraw",
        f"{client}/practices/{made[0].id}/delete",
    ):
        assert pages.get(path).status_code == 403
        assert pages.submit(path, {"text": LIMITED}).status_code == 403
    assert bring(pages, client_id, packed).status_code == 403  # type: ignore[attr-defined]
    assert len(store.practices(client_id)) == 2 and len(store.prescriptions(client_id)) == 1


def test_nobody_looks_without_signing_in(pages: Pages, store: Store) -> None:
    client_id = add_client(store)
    store.add_user("Maria", "clinician", hash_password(PASSWORD))
    made = store.prescribe(client_id, "Hip programme", LIMITED)
    for path in ("diary", "diary/picture.png", f"prescriptions/{made.id}/programme.toml"):
        answer = pages.get(f"/clients/{client_id}/{path}", follow_redirects=False)
        assert answer.status_code == 303
        assert answer.headers["location"].startswith("/sign-in")


def test_lists_tell_who_practised_when(pages: Pages, store: Store) -> None:
    me = store.make_own_client()
    fill_diary(store, me.id, datetime(2026, 11, 3, 12).astimezone(), practices=1)
    text = pages.get("/clients").text
    assert "this computer" in text and "3 Nov 2026" in text

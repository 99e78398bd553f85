"""Clips on their way: sent in pieces, looked at, told which take they are, tidied away."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from httpx import Response

from kneetrack.clinic.protocols import load_protocol
from kneetrack.clinic_records.people import ClientFacts, ConsentFacts
from kneetrack.clinic_records.visits import SetupFacts
from kneetrack.records import OutputError, SettingsError, SourceError
from kneetrack.store import Store
from kneetrack.web import incoming as on_the_way
from kneetrack.web.app import make_app
from kneetrack.web.clipcheck import check_clip, verdict
from kneetrack.web.config import WebConfig
from kneetrack.web.incoming import Incoming, key_of
from kneetrack.web.jobs import tidy
from kneetrack.web.takes import guess_take, take_of
from tests.web.conftest import BASE, Pages

CLIP = "sq_in30_right_ben.mp4"
ID = "0" * 32
NOW = datetime(2026, 11, 29, 9, tzinfo=UTC)


@pytest.fixture
def session_id(store: Store) -> str:
    client = store.add_client(ClientFacts(code="K-014"))
    store.give_consent(client.id, ConsentFacts(date(2026, 11, 1), "To see how I move."))
    return store.begin_session(client.id, "lower-limb", 1, SetupFacts()).id


@pytest.fixture
def incoming(store: Store) -> Incoming:
    return Incoming(store.files)


def begin(pages: Pages, session_id: str, size: int, name: str = "squat front.mp4") -> str:
    answer = pages.submit(
        f"/sessions/{session_id}/upload/begin", {"name": name, "size": size, "modified": "1"}
    )
    assert answer.status_code == 200, answer.text
    found: str = answer.json()["id"]
    return found


def put(pages: Pages, session_id: str, upload_id: str, offset: int, data: bytes) -> Response:
    headers = {
        "X-CSRF-Token": pages.token(),
        "Upload-Offset": str(offset),
        "Content-Type": "application/octet-stream",
    }
    path = f"/sessions/{session_id}/upload/{upload_id}/chunk"
    answer: Response = pages.put(path, content=data, headers=headers)
    return answer


def test_a_clip_in_pieces(pages: Pages, session_id: str, incoming: Incoming, samples: Path) -> None:
    data = (samples / CLIP).read_bytes()
    half = len(data) // 2
    upload_id = begin(pages, session_id, len(data))
    assert put(pages, session_id, upload_id, 0, data[:half]).json() == {"offset": half}
    assert not incoming.find(upload_id).complete
    shown = pages.get(f"/sessions/{session_id}/upload").text
    assert "choose the file again" in shown
    # Sent twice, or out of order: nothing is written, and where to go on is told.
    again = put(pages, session_id, upload_id, 0, data[:half])
    assert (again.status_code, again.json()) == (409, {"offset": half})
    assert put(pages, session_id, upload_id, half + 5, b"x").status_code == 409
    assert put(pages, session_id, upload_id, half, data[half:]).json() == {"offset": len(data)}
    upload = incoming.find(upload_id)
    assert upload.ready
    assert (upload.step, upload.view) == ("squat", "front")
    assert incoming.clip(upload).read_bytes() == data
    assert CLIP not in (incoming.clip(upload).parent / "upload.json").read_text()


def test_the_same_file_goes_on_where_it_was(pages: Pages, session_id: str) -> None:
    first = begin(pages, session_id, 1000)
    put(pages, session_id, first, 0, b"x" * 400)
    answer = pages.submit(
        f"/sessions/{session_id}/upload/begin",
        {"name": "squat front.mp4", "size": 1000, "modified": "1"},
    )
    assert answer.json() == {"id": first, "offset": 400}
    assert begin(pages, session_id, 1001) != first


def test_what_is_no_clip(pages: Pages, session_id: str, incoming: Incoming) -> None:
    upload_id = begin(pages, session_id, 5000, "front squat.mp4")
    put(pages, session_id, upload_id, 0, b"hello" * 1000)
    upload = incoming.find(upload_id)
    assert "no video that can be read" in upload.problem
    assert incoming.clip(upload).stat().st_size == 0
    shown = pages.get(f"/sessions/{session_id}/upload").text
    assert "no video that can be read" in shown
    answer = pages.submit(f"/sessions/{session_id}/upload/measure")
    assert answer.status_code == 422


def test_more_than_was_announced(pages: Pages, session_id: str, incoming: Incoming) -> None:
    upload_id = begin(pages, session_id, 100)
    assert put(pages, session_id, upload_id, 0, b"x" * 200).status_code == 422
    assert incoming.clip(incoming.find(upload_id)).stat().st_size <= 100


def test_a_piece_that_is_too_large(pages: Pages, session_id: str) -> None:
    upload_id = begin(pages, session_id, 100_000_000)
    assert put(pages, session_id, upload_id, 0, bytes(33 * 1024**2)).status_code == 413


@pytest.mark.parametrize("size", ["0", "-1", "x", "1e9", str(10**15)])
def test_sizes_that_are_none(pages: Pages, session_id: str, size: str) -> None:
    answer = pages.submit(f"/sessions/{session_id}/upload/begin", {"name": "a", "size": size})
    assert answer.status_code == 422


def test_a_clip_that_does_not_fit(
    pages: Pages, session_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(on_the_way, "SPARE_BYTES", 10**18)
    answer = pages.submit(f"/sessions/{session_id}/upload/begin", {"name": "a", "size": "9"})
    assert answer.status_code == 507
    assert "make room" in answer.text


def test_without_consent_nothing_is_taken_in(pages: Pages, store: Store, session_id: str) -> None:
    consent = store.consent_now(store.session(session_id).client_id)
    assert consent is not None
    store.withdraw_consent(consent.id)
    answer = pages.submit(f"/sessions/{session_id}/upload/begin", {"name": "a", "size": "9"})
    assert answer.status_code == 409
    assert 'id="chooser"' not in pages.get(f"/sessions/{session_id}/upload").text


@pytest.mark.parametrize("upload_id", [ID, "..", "../../etc/passwd", "%2e%2e%2fincoming", "x" * 32])
def test_ids_that_are_none(pages: Pages, session_id: str, upload_id: str) -> None:
    assert put(pages, session_id, upload_id, 0, b"x").status_code in (403, 404, 405)
    for what in ("take", "cancel"):
        answer = pages.submit(f"/sessions/{session_id}/upload/{upload_id}/{what}")
        assert answer.status_code in (404, 405)


def test_a_clip_of_another_session(pages: Pages, store: Store, session_id: str) -> None:
    client_id = store.session(session_id).client_id
    other = store.begin_session(client_id, "lower-limb", 1, SetupFacts()).id
    upload_id = begin(pages, session_id, 10)
    assert put(pages, other, upload_id, 0, b"x").status_code == 404
    assert pages.submit(f"/sessions/{other}/upload/{upload_id}/cancel").status_code == 404


def test_a_take_is_chosen_and_a_clip_taken_away(
    pages: Pages, session_id: str, incoming: Incoming
) -> None:
    upload_id = begin(pages, session_id, 10, "IMG_0001.MOV")
    assert incoming.find(upload_id).step == ""
    path = f"/sessions/{session_id}/upload/{upload_id}"
    assert pages.submit(f"{path}/take", {"take": "bridge:side"}).status_code == 204
    assert incoming.find(upload_id).view == "side"
    for wrong in ("", "bridge", "bridge:front", "x:side", "bridge:../side"):
        assert pages.submit(f"{path}/take", {"take": wrong}).status_code == 422
    assert pages.submit(f"{path}/cancel").status_code == 303
    assert incoming.all() == []


def test_a_clip_that_is_measured_or_waits_can_be_stopped(
    pages: Pages, session_id: str, incoming: Incoming
) -> None:
    upload = incoming.begin(session_id, 10, "k", "x", NOW)
    incoming.save(replace(upload, step="squat", queued=True))
    path = f"/sessions/{session_id}/upload/{upload.id}/cancel"
    assert f'action="{path}"' in pages.get(f"/sessions/{session_id}/upload/progress").text
    assert pages.submit(path).headers["location"].startswith(f"/sessions/{session_id}/upload")
    assert incoming.all() == []


def test_measuring_needs_a_take_for_every_clip(
    pages: Pages, session_id: str, incoming: Incoming, samples: Path
) -> None:
    data = (samples / CLIP).read_bytes()
    upload_id = begin(pages, session_id, len(data), "IMG_0001.MOV")
    put(pages, session_id, upload_id, 0, data)
    path = f"/sessions/{session_id}/upload/measure"
    assert "choose for every clip" in pages.submit(path).text.lower()
    answer = pages.submit(path, {f"take-{upload_id}": "squat:front"})
    assert answer.headers["location"].endswith("?said=analysis-begun")
    assert incoming.find(upload_id).queued
    assert "waits" in pages.get(f"/sessions/{session_id}/upload").text
    assert "Clips that are not done" in pages.get("/").text
    assert put(pages, session_id, upload_id, len(data), b"x").status_code == 409


def test_a_plain_form_without_scripts(
    pages: Pages, session_id: str, incoming: Incoming, samples: Path
) -> None:
    path = f"/sessions/{session_id}/upload/whole"
    files = {"clip": ("K-014.mp4", (samples / CLIP).read_bytes(), "video/mp4")}
    fields = {"csrf": pages.token(), "take": "squat:side"}
    answer = pages.post(path, data=fields, files=files, follow_redirects=False)
    assert answer.status_code == 303, answer.text
    (upload,) = incoming.all()
    assert upload.queued
    assert upload.complete
    assert (upload.step, upload.view) == ("squat", "side")
    assert incoming.clip(upload).read_bytes() == (samples / CLIP).read_bytes()


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"take": "squat:side"}, 403),
        ({"csrf": "0" * 64, "take": "squat:side"}, 403),
        ({"csrf": "right", "take": "squat:nowhere"}, 422),
        ({"csrf": "right"}, 422),
        ({"csrf": "right", "take": "x" * 20_000}, 422),
    ],
)
def test_plain_forms_that_are_refused(
    pages: Pages, session_id: str, incoming: Incoming, fields: dict[str, str], status: int
) -> None:
    if fields.get("csrf") == "right":
        fields = fields | {"csrf": pages.token()}
    pages.get("/")
    answer = pages.post(
        f"/sessions/{session_id}/upload/whole", data=fields, files={"clip": ("a.mp4", b"x" * 99)}
    )
    assert answer.status_code == status
    assert incoming.all() == []


@pytest.mark.parametrize(
    "kind", ["text/plain", "multipart/form-data", "multipart/form-data; boundary=x"]
)
def test_plain_forms_that_make_no_sense(
    pages: Pages, session_id: str, incoming: Incoming, kind: str
) -> None:
    answer = pages.post(
        f"/sessions/{session_id}/upload/whole",
        content=b"--y\r\nhello",
        headers={"Content-Type": kind, "X-CSRF-Token": pages.token()},
    )
    assert answer.status_code == 422
    assert incoming.all() == []


def test_a_plain_form_that_is_too_long(
    config: WebConfig, session_id: str, incoming: Incoming
) -> None:
    with Pages(make_app(replace(config, most_clip_bytes=1000)), base_url=BASE) as pages:
        fields = {"csrf": pages.token(), "take": "squat:side"}
        answer = pages.post(
            f"/sessions/{session_id}/upload/whole", data=fields, files={"c": ("a", b"x" * 2000)}
        )
    assert answer.status_code == 413
    assert incoming.all() == []


def test_deleting_takes_along_what_is_on_its_way(
    pages: Pages, store: Store, session_id: str, incoming: Incoming
) -> None:
    begin(pages, session_id, 10)
    client_id = store.session(session_id).client_id
    pages.submit(f"/clients/{client_id}/delete", {"code": "K-014"})
    assert incoming.all() == []


def test_withdrawing_takes_along_what_is_on_its_way(
    pages: Pages, store: Store, session_id: str, incoming: Incoming
) -> None:
    begin(pages, session_id, 10)
    client_id = store.session(session_id).client_id
    consent = store.consent_now(client_id)
    assert consent is not None
    pages.submit(f"/clients/{client_id}/consents/{consent.id}/withdraw")
    assert incoming.all() == []


def test_what_is_deleted_elsewhere_takes_along_what_is_on_its_way(
    pages: Pages, store: Store, session_id: str, incoming: Incoming
) -> None:
    client_id = store.session(session_id).client_id
    other = store.begin_session(client_id, "lower-limb", 1, SetupFacts()).id
    begin(pages, session_id, 10)
    kept = begin(pages, other, 10)
    store.delete_session(session_id)
    assert [upload.id for upload in incoming.all()] == [kept]
    store.delete_client(client_id)
    assert incoming.all() == []
    assert list(store.files.glob("**/clip")) == []


def test_the_start_page_stands_a_session_that_is_gone(pages: Pages, incoming: Incoming) -> None:
    incoming.begin(ID, 10, "k", "x", NOW)
    assert pages.get("/").status_code == 200


# ------------------------------------------------------------------ the files themselves


def test_tidying(store: Store, session_id: str, incoming: Incoming) -> None:
    keep = timedelta(hours=48)
    long_ago = datetime.now(UTC) - timedelta(days=30)
    old = incoming.begin(session_id, 10, key_of("a", 1, ""), "x", long_ago)
    queued = incoming.begin(session_id, 10, key_of("b", 1, ""), "x", long_ago)
    incoming.save(replace(queued, queued=True))
    orphan = incoming.begin(ID, 10, key_of("c", 1, ""), "x", datetime.now(UTC))
    # Its bytes came a moment ago: somebody is still sending.
    assert tidy(store, incoming, datetime.now(UTC), keep) == 1
    assert {u.id for u in incoming.all()} == {old.id, queued.id}
    assert orphan.id not in {u.id for u in incoming.all()}
    assert tidy(store, incoming, datetime.now(UTC) + timedelta(hours=49), keep) == 1
    assert [u.id for u in incoming.all()] == [queued.id]


def test_tidying_without_consent(store: Store, session_id: str, incoming: Incoming) -> None:
    upload = incoming.begin(session_id, 10, "k", "x", datetime.now(UTC))
    incoming.save(replace(upload, queued=True))
    consent = store.consent_now(store.session(session_id).client_id)
    assert consent is not None
    store.withdraw_consent(consent.id)
    assert incoming.all() == []
    incoming.begin(session_id, 10, "k", "x", datetime.now(UTC))  # came a moment too late
    assert tidy(store, incoming, datetime.now(UTC), timedelta(hours=48)) == 1
    assert incoming.all() == []


def test_what_lies_about_is_no_upload(incoming: Incoming, session_id: str) -> None:
    upload = incoming.begin(session_id, 10, "k", "x", NOW)
    root = incoming.clip(upload).parent.parent
    (root / "notes.txt").write_text("x")
    (root / ("f" * 32)).mkdir()
    (root / ("e" * 32)).mkdir()
    (root / ("e" * 32) / "upload.json").write_text(json.dumps({"odd": 1}))
    (root.parent / "notes.txt").write_text("x")
    assert incoming.all() == [upload]


def test_too_many_clips(
    incoming: Incoming, session_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(on_the_way, "MOST_OF_A_SESSION", 2)
    for n in range(2):
        incoming.begin(session_id, 10, str(n), "x", NOW)
    with pytest.raises(SettingsError, match="2 clips at a time"):
        incoming.begin(session_id, 10, "another", "x", NOW)


def test_a_disk_that_does_not_take_it(incoming: Incoming, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(OutputError):
        Incoming(tmp_path / "file").begin(ID, 10, "k", "x", NOW)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("empty", b""),
        ("text", b"hello" * 1000),
        ("hls", b"#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\nclip.ts\n#EXT-X-ENDLIST\n"),
        ("concat", b"ffconcat version 1.0\nfile clip\n"),
        ("picture", b"\x89PNG\r\n\x1a\n" + bytes(500)),
        ("head", b"\x00\x00\x00 ftypisom" + bytes(5000)),
    ],
)
def test_files_that_are_no_clips(tmp_path: Path, name: str, data: bytes) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    assert verdict(path) == 10


def test_looking_at_a_clip_apart(tmp_path: Path, samples: Path) -> None:
    named_oddly = tmp_path / "clip"
    named_oddly.write_bytes((samples / CLIP).read_bytes())
    check_clip(named_oddly)
    named_oddly.write_bytes(b"no")
    with pytest.raises(SourceError, match="no video"):
        check_clip(named_oddly)


@pytest.mark.parametrize(
    ("name", "take"),
    [
        ("squat front.mp4", "squat:front"),
        ("C:\\clips\\squat_side.MOV", "squat:side"),
        ("SLSQ left.mov", "slsq_left:front"),
        ("bridge foot end 2.mp4", "bridge:foot_end"),
        ("IMG_2034.MOV", None),
        ("squat.mp4", None),
        ("", None),
    ],
)
def test_a_take_guessed_from_the_name(name: str, take: str | None) -> None:
    protocol = load_protocol("lower-limb")
    guessed = guess_take(name, protocol)
    assert (None if guessed is None else f"{guessed[0].key}:{guessed[1]}") == take
    if take is not None:
        assert take_of(take, protocol) == guessed

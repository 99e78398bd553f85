"""What somebody who means ill may try at the door, and with what they send."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from kneetrack.clinic_records.people import ClientFacts, ConsentFacts
from kneetrack.clinic_records.visits import SetupFacts
from kneetrack.records import SourceError, StoreError
from kneetrack.store import Store
from kneetrack.web import clipcheck, sign_ins
from kneetrack.web.app import without_places
from kneetrack.web.config import WebConfig
from kneetrack.web.sign_ins import SignIns, Throttle, throttle_keys
from kneetrack.web.visit import sha256_of
from tests.web.conftest import Clock, Pages

NASTY = """<script>alert(1)</script>'"><img src=x onerror=alert(2)>"""


@pytest.fixture
def session_id(store: Store) -> str:
    client = store.add_client(ClientFacts(code="K-014", notes=NASTY, initials='<b>"'))
    store.give_consent(client.id, ConsentFacts(date(2026, 11, 1), NASTY, guardian=NASTY[:40]))
    setup = SetupFacts(3.0, 0.8, NASTY[:60], NASTY[:60])
    return store.begin_session(client.id, "lower-limb", 1, setup, notes=NASTY).id


def test_an_address_that_was_watched_is_not_pushed_out_by_new_names(
    clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sign_ins, "MOST_WATCHED", 50)
    throttle = Throttle()
    for number in range(500):
        throttle.wrong((f"name {number}", "address here"), clock.now)
    assert throttle.wait(("address here",), clock.now) > timedelta(minutes=10)
    assert len(throttle._tries) <= 52


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("2001:db8::1", "2001:db8::ffff:2", True),
        ("2001:db8::1", "2001:db8:0:1::1", False),
        ("fe80::1%eth0", "fe80::2%eth0", True),
        ("192.0.2.1", "192.0.2.2", False),
        ("::ffff:192.0.2.1", "::ffff:192.0.2.2", False),
        ("", "testclient", False),
    ],
)
def test_addresses_that_one_person_has(one: str, other: str, same: bool) -> None:
    assert (throttle_keys("a", one) == throttle_keys("A", other)) is same


def test_few_passwords_are_checked_at_a_time(
    config: WebConfig, monkeypatch: pytest.MonkeyPatch
) -> None:
    now, most = [0], [0]
    lock = threading.Lock()

    def slow(stored: str | None, password: str) -> bool:
        with lock:
            now[0] += 1
            most[0] = max(most[0], now[0])
        time.sleep(0.02)
        with lock:
            now[0] -= 1
        return False

    monkeypatch.setattr(sign_ins, "password_fits", slow)
    checking = SignIns(config)
    threads = [threading.Thread(target=checking.fits, args=(None, "x")) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert most[0] == sign_ins.MOST_CHECKED


def test_a_sign_in_that_was_ended_is_not_brought_back(store: Store, clock: Clock) -> None:
    user = store.add_user("Maria", "clinician", "x")
    token = sha256_of("token")
    store.save_sign_in(token, user.id, clock.now + timedelta(minutes=5))
    store.renew_sign_in(token, clock.now + timedelta(minutes=30))
    assert store.signed_in(token, clock.now + timedelta(minutes=20)) is not None
    store.end_sign_in(token)
    store.renew_sign_in(token, clock.now + timedelta(minutes=30))
    assert store.signed_in(token, clock.now) is None


def test_nobody_has_a_form_read_that_no_page_of_ours_sends(pages: Pages, session_id: str) -> None:
    """A piece of a clip may be large: it is never taken apart as the fields of a form."""
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    path = f"/sessions/{session_id}/upload/{'0' * 32}/chunk"
    assert pages.put(path, content=f"csrf={pages.token()}&a=b", headers=kind).status_code == 403


def test_a_letter_that_no_database_keeps(pages: Pages, store: Store) -> None:
    answer = pages.submit("/clients/new", {"code": "K-1", "notes": "a\0b"})
    assert answer.status_code == 422
    assert "notes" in answer.text
    assert store.count_clients() == 0


def test_what_was_written_stays_text_on_every_page(
    pages: Pages, store: Store, session_id: str
) -> None:
    client = store.session(session_id).client_id
    consent = store.consents(client)[0].id
    trial = store.begin_trial(session_id, "squat", "front", "clip")
    store.fail_trial(trial.id, NASTY)
    store.note_trial(trial.id, NASTY)
    seen = 0
    for path in (
        *("/", "/clients", f"/clients/{client}", f"/clients/{client}/edit", "/audit"),
        *(f"/clients/{client}/consent", f"/clients/{client}/consents/{consent}/withdraw"),
        *(f"/clients/{client}/delete", f"/clients/{client}/sessions/new"),
        *(f"/sessions/{session_id}", f"/sessions/{session_id}/edit"),
        *(f"/sessions/{session_id}/upload", f"/sessions/{session_id}/delete"),
        f"/trials/{trial.id}",
    ):
        text = pages.get(path).text
        assert "<script>alert" not in text and "<img src=x" not in text, path
        assert "onerror=alert(2)>" not in text, path
        seen += "&lt;script&gt;" in text
    assert seen >= 4


@pytest.mark.parametrize(
    ("told", "shown"),
    [
        ("the store /a b/clinic.db is busy: try again", "the store is busy: try again"),
        ("cannot use /var/x/y: the disk is full", "cannot use: the disk is full"),
        ("the store C:\\a\\b.db cannot be opened: no", "the store cannot be opened: no"),
        ("the store postgresql://h:5/db does not answer: ...", "the store does not answer"),
        ("result.json of the trial is damaged", "result.json of the trial is damaged"),
    ],
)
def test_places_of_the_server_are_its_own_affair(told: str, shown: str) -> None:
    assert without_places(told) == shown


def test_a_store_that_does_not_answer(
    pages: Pages, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(*_: object, **__: object) -> None:
        raise StoreError("the store /home/anna/clinic.db is busy: try again")

    monkeypatch.setattr(type(store), "client_lines", busy)
    answer = pages.get("/clients")
    assert answer.status_code == 503
    assert "The store is busy: try again." in answer.text
    assert "anna" not in answer.text


def test_a_browser_that_goes_away_is_no_trouble(
    pages: Pages, session_id: str, caplog: pytest.LogCaptureFixture
) -> None:
    import anyio

    sent: list[object] = []

    async def receive() -> dict[str, object]:
        return {"type": "http.disconnect"}

    async def send(message: object) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "POST",
        "scheme": "http",
        "path": "/clients/search",
        "raw_path": b"/clients/search",
        "query_string": b"",
        "root_path": "",
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 8321),
        "headers": [
            (b"host", b"127.0.0.1:8321"),
            (b"content-type", b"application/x-www-form-urlencoded"),
        ],
    }

    async def ask() -> None:
        with anyio.fail_after(10):
            await pages.app(scope, receive, send)

    anyio.run(ask)
    assert sent == []
    assert caplog.records == []


# ------------------------------------------------------------------ clips that mean ill


def movie(width: int, height: int, seconds: int) -> bytes:
    """An uncompressed AVI whose header claims a size and a length, and that holds one frame."""
    import struct

    def chunk(name: bytes, data: bytes) -> bytes:
        return name + struct.pack("<I", len(data)) + data + b"\0" * (len(data) % 2)

    def several(name: bytes, data: bytes) -> bytes:
        return chunk(b"LIST", name + data)

    fps, frame = 25, bytes(64)
    head = struct.pack(
        "<14I", 1_000_000 // fps, 0, 0, 16, seconds * fps, 0, 1, 0, width, height, 0, 0, 0, 0
    )
    stream = b"vidsMJPG" + struct.pack(
        "<10I4H", 0, 0, 0, 1, fps, 0, seconds * fps, 0, 0, 0, 0, 0, width & 0xFFFF, height & 0xFFFF
    )
    picture = struct.pack("<IiiHH4sIiiII", 40, width, height, 1, 24, b"MJPG", 0, 0, 0, 0, 0)
    streams = several(b"strl", chunk(b"strh", stream) + chunk(b"strf", picture))
    headers = several(b"hdrl", chunk(b"avih", head) + streams)
    return chunk(b"RIFF", b"AVI " + headers + several(b"movi", chunk(b"00dc", frame)))


@pytest.fixture
def long_clip(tmp_path: Path) -> Iterator[Path]:
    """Two hours of a small picture, one a minute."""
    import cv2
    import numpy as np

    path = tmp_path / "long.avi"
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"MJPG"), 1 / 60, (64, 64))
    for _ in range(121):
        writer.write(np.full((64, 64, 3), 90, np.uint8))
    writer.release()
    yield path


def test_a_clip_of_hours_is_said_to_be_too_long(long_clip: Path) -> None:
    assert clipcheck.verdict(long_clip) == 12
    assert "hour" in clipcheck._ANSWERS[12]


def test_a_small_file_that_claims_a_huge_picture(tmp_path: Path) -> None:
    path = tmp_path / "bomb.avi"
    path.write_bytes(movie(30_000, 30_000, 10))
    started = time.monotonic()
    with pytest.raises(SourceError):
        clipcheck.check_clip(path)
    assert time.monotonic() - started < clipcheck.LIMIT_S


def test_looking_at_a_clip_has_only_so_much_memory() -> None:
    import subprocess
    import sys

    program = (
        "from kneetrack.web.clipcheck import limit_memory\n"
        "limit_memory(2_000_000_000)\n"
        "try:\n    bytearray(3_000_000_000)\nexcept MemoryError:\n    print('held')\n"
    )
    told = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=False
    )
    if sys.platform.startswith("linux"):
        assert told.stdout.strip() == "held", told.stderr

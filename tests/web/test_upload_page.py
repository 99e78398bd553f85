"""What the page of clips tells: which clip is which, and why one was not taken."""

from __future__ import annotations

import asyncio
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from kneetrack.clinic_records.people import ClientFacts, ConsentFacts
from kneetrack.clinic_records.visits import SetupFacts
from kneetrack.store import Store
from kneetrack.web.app import make_app
from kneetrack.web.config import WebConfig
from kneetrack.web.incoming import Incoming
from kneetrack.web.pages import file_size
from tests.web.conftest import Pages
from tests.web.test_upload import CLIP, begin, put


@pytest.fixture
def session_id(store: Store) -> str:
    client = store.add_client(ClientFacts(code="K-014"))
    store.give_consent(client.id, ConsentFacts(date(2026, 11, 1), "To see how I move."))
    return store.begin_session(client.id, "lower-limb", 1, SetupFacts()).id


@pytest.mark.parametrize(
    ("size", "says"),
    [
        (1, "1 byte"),
        (2, "2 bytes"),
        (1000, "1.0 kB"),
        (9_960, "10 kB"),
        (999_600, "1.0 MB"),
        (3_440_000, "3.4 MB"),
        (120_400_000, "120 MB"),
        (2_500_000_000, "2.5 GB"),
    ],
)
def test_sizes_in_words(size: int, says: str) -> None:
    assert file_size(size) == says


def test_a_clip_tells_its_length_and_its_size(
    pages: Pages, store: Store, session_id: str, samples: Path
) -> None:
    data = (samples / CLIP).read_bytes()
    upload_id = begin(pages, session_id, len(data))
    put(pages, session_id, upload_id, 0, data)
    upload = Incoming(store.files).find(upload_id)
    assert 0.5 < upload.length_s < 60
    shown = pages.get(f"/sessions/{session_id}/upload/list").text
    assert f"{upload.length_s:.1f} s, {file_size(len(data))}" in shown


def test_leaving_in_the_middle_of_a_clip_is_no_error(
    config: WebConfig, pages: Pages, session_id: str, caplog: pytest.LogCaptureFixture
) -> None:
    upload_id = begin(pages, session_id, 1000)
    token, cookie = pages.token(), f"{config.cookie}={pages.cookies[config.cookie]}"
    messages = [
        {"type": "http.request", "body": b"x" * 400, "more_body": True},
        {"type": "http.disconnect"},
    ]
    sent: list[Any] = []

    async def receive() -> Any:
        return messages.pop(0) if messages else {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        sent.append(message)

    path = f"/sessions/{session_id}/upload/{upload_id}/chunk"
    headers = {"host": "127.0.0.1:8321", "upload-offset": "0", "x-csrf-token": token}
    scope = {
        "type": "http",
        "method": "PUT",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "headers": [(n.encode(), v.encode()) for n, v in {**headers, "cookie": cookie}.items()],
        "client": ("127.0.0.1", 5),
        "server": ("127.0.0.1", 8321),
        "scheme": "http",
        "http_version": "1.1",
    }
    asyncio.run(make_app(config)(scope, receive, send))
    assert Incoming(config.store.files).find(upload_id).received == 400
    assert "unexpected" not in caplog.text


@pytest.mark.browser
def test_why_a_file_was_not_taken_stays_to_be_read(
    page: Any, served: str, session_id: str, tmp_path: Path
) -> None:
    empty, words = tmp_path / "anna.mp4", tmp_path / "berta.mp4"
    empty.write_bytes(b"")
    words.write_bytes(b"no clip")
    page.goto(f"{served}/sessions/{session_id}/upload")
    page.locator("#files").set_input_files([empty, words])
    page.get_by_text("no video that can be read").wait_for()
    page.get_by_text("anna.mp4: That did not work. The file is empty.").wait_for()
    page.reload()
    assert page.locator("[data-name]").all_inner_texts() == ["berta.mp4"]
    assert page.get_by_text("7 bytes").count() == 1


@pytest.mark.browser
def test_where_the_focus_goes_after_measure(
    page: Any, served: str, session_id: str, samples: Path
) -> None:
    page.goto(f"{served}/sessions/{session_id}/upload")
    page.locator("#files").set_input_files(samples / CLIP)
    page.locator("[data-ready]").wait_for()
    page.locator("select").select_option("squat:front")
    page.get_by_role("button", name="Measure 1 clip").click()
    page.get_by_role("heading", name="Being measured").wait_for()
    assert page.evaluate("document.activeElement.id") == "work"

"""The pages for the tests: an app on an empty store, a client without a browser, and a browser."""

from __future__ import annotations

import re
import shutil
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from httpx import Response

from kneetrack.store import Store, open_store
from kneetrack.web.app import make_app
from kneetrack.web.config import WebConfig
from tests.storing import POSTGRES, store_url

__all__ = ["store_url"]

BASE = "http://127.0.0.1:8321"
WAIT_S = 15.0
BROWSER_ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@dataclass
class Clock:
    """A clock that goes on only when it is told to."""

    # After any day on which this may run: the store throws away what is over by its own clock.
    now: datetime = field(default_factory=lambda: datetime(2090, 11, 29, 9, 0, tzinfo=UTC))

    def __call__(self) -> datetime:
        return self.now

    def later(self, **span: float) -> None:
        self.now += timedelta(**span)


class Pages(TestClient):
    """A browser without a screen: brings along what our own pages would."""

    def token(self, path: str = "/about") -> str:
        found = re.search(r'X-CSRF-Token":"(\w+)"', self.get(path).text)
        assert found
        return found[1]

    def submit(self, path: str, fields: dict[str, Any] | None = None, **more: Any) -> Response:
        """Posts a form as a page of ours would, and does not follow where that leads."""
        data = {"csrf": self.token(), **(fields or {})}
        answer: Response = self.post(path, data=data, follow_redirects=False, **more)
        return answer


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store(store_url: str, tmp_path: Path) -> Iterator[Store]:
    with open_store(store_url, files=tmp_path / "clinic.db.files", by="tester") as opened:
        yield opened


@pytest.fixture(scope="session")
def clinic_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a filled clinic, to be copied."""
    from tests.web.filling import fill_template

    return fill_template(tmp_path_factory.mktemp("clinic"))


@pytest.fixture
def clinic_store(store_url: str, clinic_template: Path, tmp_path: Path) -> Iterator[Store]:
    """A filled clinic of this test's own, open."""
    from tests.web.filling import copied, fill_clinic

    if not POSTGRES:
        with copied(clinic_template, tmp_path) as opened:
            yield opened
        return
    with open_store(store_url, files=tmp_path / "clinic.db.files", by="tester") as opened:
        fill_clinic(opened, steps=1)
        yield opened


@pytest.fixture
def config(store: Store, clock: Clock) -> WebConfig:
    return WebConfig(store, now=clock, analyse=False)


@pytest.fixture
def pages(config: WebConfig) -> Iterator[Pages]:
    """On loopback, with no users: nobody has to sign in."""
    with Pages(make_app(config), base_url=BASE, raise_server_exceptions=True) as client:
        yield client


@contextmanager
def served_app(config: WebConfig) -> Iterator[str]:
    """The app on a free port, in a thread of its own; gives its address."""
    import uvicorn

    with socket.socket(proto=socket.IPPROTO_TCP) as listening:
        listening.bind(("127.0.0.1", 0))
        port = listening.getsockname()[1]
        app = make_app(replace(config, port=port))
        server = uvicorn.Server(
            uvicorn.Config(app, log_level="error", access_log=False, timeout_graceful_shutdown=2)
        )
        thread = threading.Thread(target=server.run, args=([listening],), daemon=True)
        thread.start()
        try:
            wait_until(lambda: server.started)
            yield f"http://127.0.0.1:{port}"
        finally:
            server.should_exit = True
            thread.join(WAIT_S)
            assert not thread.is_alive()


def wait_until(true: Callable[[], object], limit_s: float = WAIT_S) -> None:
    """Waits until something holds; fails when it never does."""
    end = time.monotonic() + limit_s
    while not true():
        assert time.monotonic() < end, "waited too long"
        time.sleep(0.02)


@pytest.fixture
def served(config: WebConfig) -> Iterator[str]:
    """The address of the app, with the real clock, on the test's own store."""
    with served_app(replace(config, now=lambda: datetime.now(UTC))) as address:
        yield address


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """The system's Chromium, one a module; skips where there is none."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        pytest.skip("no chromium on this machine")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(
            executable_path=chromium, args=BROWSER_ARGS, timeout=WAIT_S * 2000
        )
        try:
            yield opened
        finally:
            opened.close()


@pytest.fixture
def page(browser: Any) -> Iterator[Any]:
    """A new page of 1280 x 800; what its scripts complain about fails the test."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    context.set_default_timeout(WAIT_S * 1000)
    opened = context.new_page()
    wrong: list[str] = []
    opened.on("pageerror", lambda error: wrong.append(str(error)))
    opened.on(
        "console",
        lambda message: (
            wrong.append(message.text) if "Content Security Policy" in message.text else None
        ),
    )
    try:
        yield opened
        assert wrong == []
    finally:
        context.close()


def axe_complaints(page: Any) -> list[str]:
    """What axe calls serious or critical on the page that is open."""
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page).response["violations"]
    return [
        f"{v['id']}: {node['html'][:200]}"
        for v in found
        if v["impact"] in ("serious", "critical")
        for node in v["nodes"]
    ]

"""What takes long tells so."""

from __future__ import annotations

from typing import Any

import pytest

from kneetrack.store import Store
from tests.web.conftest import Pages
from tests.web.test_pages import add_client

MARK = "0123456789abcdef"
WATCH = """() => { window.said = []; new MutationObserver(() => {
  const note = document.querySelector("[data-busy]:not(:empty)");
  if (note && !note.noted) { note.noted = true; window.said.push(note.textContent); }
}).observe(document.body, {childList: true, subtree: true}); }"""
"""Playwright waits for the file before it looks again."""


def test_a_file_that_comes_is_told_by_its_mark(pages: Pages, store: Store) -> None:
    client_id = add_client(store)
    pages.submit(f"/clients/{client_id}/export?done={MARK}")
    assert pages.cookies["kneetrack-done"] == MARK
    answer = pages.get("/about?done=x%0d%0aSet-Cookie:a=b")
    assert "kneetrack-done" not in answer.headers.get("set-cookie", "")


@pytest.mark.browser
def test_an_export_tells_that_it_takes_a_while(page: Any, served: str, store: Store) -> None:
    page.goto(f"{served}/clients/{add_client(store)}")
    page.evaluate(WATCH)
    for _ in range(2):
        with page.expect_download() as download:
            page.get_by_role("button", name="Export everything").click(no_wait_after=True)
        assert download.value.suggested_filename.endswith(".zip")
        page.locator("[data-busy]").wait_for(state="detached")
    said = page.evaluate("window.said")
    assert said == ["The zip is being put together; this takes a while …"] * 2

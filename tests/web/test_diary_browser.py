"""The diary in a real browser."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from kneetrack.clinic_records.people import ClientFacts
from kneetrack.diary.bringing import pack
from kneetrack.programme.reading import default_text
from kneetrack.store import Store, open_store
from tests.web.conftest import axe_complaints
from tests.web.diaries import fill_diary
from tests.web.test_browser import TOO_SMALL, TOO_WIDE
from tests.web.test_pages import add_client

pytestmark = pytest.mark.browser


def test_no_page_has_serious_complaints(page: Any, served: str, store: Store) -> None:
    client_id = add_client(store)
    made = fill_diary(store, client_id, datetime.now(UTC) - timedelta(hours=5))
    store.prescribe(client_id, "Hip programme", default_text(), "Gently.")
    given = store.prescribe(client_id, "Hip programme", default_text())
    nobody = store.add_client(ClientFacts("N-1")).id
    client = f"/clients/{client_id}"
    paths = [
        *(client, f"{client}/diary", f"{client}/prescription", f"/clients/{nobody}/diary"),
        *(f"{client}/practices/{practice.id}" for practice in (made[0], made[4])),
        *(f"{client}/practices/{made[0].id}/delete",),
        *(f"{client}/prescriptions/{given.id}/withdraw",),
    ]
    wrong = []
    for path in paths:
        page.goto(served + path)
        wrong += [f"{path}: {complaint}" for complaint in axe_complaints(page)]
        wrong += [f"{path}: too small: {small}" for small in page.evaluate(TOO_SMALL)]
        for size in ((1280, 800), (820, 1180), (400, 800)):
            page.set_viewport_size({"width": size[0], "height": size[1]})
            if page.evaluate(TOO_WIDE) > 0:
                wrong.append(f"{path}: too wide at {size[0]}")
    assert wrong == []
    page.goto(f"{served}{client}/diary")
    assert page.locator(".weeks img").evaluate("image => image.naturalWidth") > 1000


def test_a_diary_is_chosen_and_a_programme_prescribed(
    page: Any, served: str, store: Store, tmp_path: Path
) -> None:
    with open_store(str(tmp_path / "home.db")) as home:
        me = home.make_own_client()
        fill_diary(home, me.id, datetime.now(UTC) - timedelta(days=1), practices=2)
        (tmp_path / "diary.json").write_text(pack(home.practice_records(me.id)), "utf-8")
    client_id = add_client(store)
    page.goto(f"{served}/clients/{client_id}")
    page.get_by_role("link", name="Diary and prescription").click()
    page.get_by_label("File of the diary").set_input_files(tmp_path / "diary.json")
    page.get_by_role("button", name="Look into it").click()
    page.get_by_role("button", name="Yes, bring it in").click()
    page.get_by_text("3 practices are new.").wait_for()
    page.get_by_role("link", name="Prescribe a programme").click()
    text = page.get_by_label("Programme", exact=True)
    text.fill(text.input_value().replace("sets = 2", "sets = 20", 1))
    page.get_by_role("button", name="Prescribe").click()
    page.get_by_role("alert").get_by_text("sets").wait_for()
    text = page.get_by_label("Programme", exact=True)
    text.fill(text.input_value().replace("sets = 20", "sets = 1", 1))
    page.get_by_role("button", name="Prescribe").click()
    page.get_by_text("The programme is prescribed from now on.").wait_for()
    now = store.prescription_now(client_id)
    assert now is not None and "sets = 1\n" in now.text

"""The pages of the front desk in a real browser."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from kneetrack.clinic_records.people import ClientFacts, ConsentFacts
from kneetrack.clinic_records.visits import SetupFacts
from kneetrack.store import Store
from kneetrack.web.config import WebConfig
from kneetrack.web.incoming import Incoming
from kneetrack.web.sign_ins import hash_password
from tests.web.conftest import axe_complaints, served_app, wait_until

pytestmark = pytest.mark.browser
ROOT = Path(__file__).resolve().parent.parent.parent
PASSWORD = "correct horse battery"
TOO_SMALL = """() => [...document.querySelectorAll(
  "button, a.button, select, textarea, .bar a, summary, .field > input"
)].filter(e => e.offsetParent && e.getBoundingClientRect().height < 43.5)
  .map(e => e.outerHTML.slice(0, 80))"""
TOO_WIDE = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture
def client_id(store: Store) -> str:
    client = store.add_client(
        ClientFacts("K-014", "A.B.", 1991, "left", "Runs twice a week.\nPrefers mornings.")
    )
    purpose = "To see whether my knees move differently after six weeks."
    allows = frozenset({"measurements", "video"})
    store.give_consent(client.id, ConsentFacts(date(2026, 10, 1), purpose, allows))
    facts = ConsentFacts(date(2026, 11, 1), purpose, allows, date(2030, 11, 1))
    store.give_consent(client.id, facts)
    return client.id


@pytest.fixture
def session_id(store: Store, client_id: str) -> str:
    setup = SetupFacts(3.0, 0.8, "barefoot", "hip width")
    store.begin_session(client_id, "lower-limb", 1, setup, at=datetime(2026, 10, 5, 9, tzinfo=UTC))
    session = store.begin_session(client_id, "lower-limb", 1, setup)
    trial = store.begin_trial(session.id, "squat", "front", "clip")
    store.fail_trial(trial.id, "nobody was seen well enough: film again")
    return session.id


def test_no_page_has_serious_complaints(
    page: Any, served: str, store: Store, client_id: str, session_id: str
) -> None:
    incoming = Incoming(store.files)
    upload = incoming.begin(session_id, 9_000_000, "k", "x", datetime.now(UTC))
    incoming.save(replace(upload, step="squat"))
    queued = incoming.begin(session_id, 5, "q", "x", datetime.now(UTC))
    incoming.save(replace(queued, step="bridge", view="side", queued=True))
    broken = incoming.begin(session_id, 5, "b", "x", datetime.now(UTC))
    incoming.save(replace(broken, problem="this file is no video that can be read"))
    consent = store.consent_now(client_id)
    assert consent is not None
    client = f"/clients/{client_id}"
    paths = [
        *("/", "/clients", "/clients/new", "/expiry", "/audit", "/users", "/account", "/about"),
        *(client, f"{client}/edit", f"{client}/delete", f"{client}/consent"),
        *(f"{client}/consents/{consent.id}/withdraw", f"{client}/sessions/new"),
        *(f"/sessions/{session_id}/edit", f"/sessions/{session_id}/delete"),
        *(f"/sessions/{session_id}/upload", "/nope"),
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


def test_searching_as_one_types(page: Any, served: str, store: Store, client_id: str) -> None:
    store.add_client(ClientFacts("M-7"))
    page.goto(served)
    assert page.locator("#found tbody tr").count() == 2
    page.get_by_label("Find a client").press_sequentially("k-0")
    page.get_by_text("1 client found").wait_for()
    assert page.url.rstrip("/") == served
    page.get_by_role("link", name="K-014").click()
    page.get_by_role("heading", name="K-014").wait_for()


def test_from_a_new_client_to_a_session_by_keyboard(page: Any, served: str, store: Store) -> None:
    page.goto(f"{served}/clients/new")
    page.keyboard.type("B-20")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Consent").wait_for()
    page.get_by_label("Purpose").fill("To see how I move.")
    page.get_by_role("button", name="Write down consent").press("Enter")
    page.get_by_text("The consent was written down.").wait_for()
    page.get_by_role("link", name="New session").press("Enter")
    page.get_by_label("Footwear").fill("socks")
    page.get_by_role("button", name="Begin session").press("Enter")
    page.get_by_role("heading", name="Clips for session 1").wait_for()
    client = store.client("B-20")
    assert store.sessions(client.id)[0].setup.footwear == "socks"


def test_what_differs_from_last_time(
    page: Any, served: str, client_id: str, session_id: str
) -> None:
    page.goto(f"{served}/clients/{client_id}/sessions/new")
    page.get_by_label("Footwear").fill("own trainers")
    page.get_by_label("Stance").focus()
    page.get_by_text("barefoot before, own trainers now").wait_for()


def test_a_problem_inside_a_swap_is_shown(page: Any, served: str, client_id: str) -> None:
    page.goto(served)
    page.context.clear_cookies()
    page.get_by_label("Find a client").press_sequentially("k")
    page.get_by_role("alert").get_by_text("load it again").wait_for()


def test_without_scripts(browser: Any, served: str, client_id: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    try:
        page = context.new_page()
        page.goto(served, timeout=15_000)
        page.get_by_label("Find a client").fill("014")
        page.get_by_role("button", name="Find").click(timeout=15_000)
        page.get_by_role("link", name="K-014").click(timeout=15_000)
        page.get_by_role("heading", name="K-014").wait_for(timeout=15_000)
    finally:
        context.close()


@pytest.fixture
def measuring(config: WebConfig, store_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A server that analyses, with the quick stand-in."""
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    fake = "tests.web.fake_intake:take_clip"
    there = replace(
        config,
        now=lambda: datetime.now(UTC),
        analyse=True,
        db=store_url,
        intake=fake,
    )
    with served_app(there) as address:
        yield address


def test_clips_are_sent_and_measured(
    page: Any, measuring: str, store: Store, session_id: str, samples: Path, tmp_path: Path
) -> None:
    clip = samples / "sq_in30_right_ben.mp4"
    named = tmp_path / "squat front.mp4"
    named.write_bytes(clip.read_bytes())
    unnamed = tmp_path / "IMG_0001.MOV"
    unnamed.write_bytes(clip.read_bytes())
    broken = tmp_path / "bridge side.mp4"
    broken.write_text("no clip")
    page.goto(f"{measuring}/sessions/{session_id}/upload")
    page.get_by_label("Choose clips").set_input_files([named, unnamed, broken])
    page.get_by_role("button", name="Measure 2 clips").wait_for()
    rows = page.locator("[data-upload]")
    assert rows.count() == 3
    rows.filter(has_text="bridge side.mp4").get_by_text("no video that can be read").wait_for()
    first = rows.filter(has_text="squat front.mp4").get_by_role("combobox")
    assert first.input_value() == "squat:front"
    second = rows.filter(has_text="IMG_0001.MOV").get_by_role("combobox")
    assert second.input_value() == ""
    second.select_option("squat:side")
    page.get_by_role("button", name="Measure 2 clips").click()
    wait_until(lambda: [t.status for t in store.trials(session_id)].count("good") == 2, 40)
    page.get_by_role("cell", name="counts").nth(1).wait_for()
    assert [u.problem != "" for u in Incoming(store.files).all()] == [True]


def test_a_broken_connection_goes_on_where_it_was(
    page: Any, measuring: str, store: Store, session_id: str, samples: Path
) -> None:
    clip = samples / "sq_in30_right_ben.mp4"
    size = clip.stat().st_size
    broken = []

    def breaking(route: Any) -> None:
        """The first piece gets through in half, and its answer does not."""
        if broken:
            route.continue_()
            return
        broken.append(route.request.headers["upload-offset"])
        incoming = Incoming(store.files)
        incoming.write(incoming.all()[0], 0, clip.read_bytes()[: size // 2])
        route.abort("connectionreset")

    page.route("**/chunk", breaking)
    page.goto(f"{measuring}/sessions/{session_id}/upload")
    page.get_by_label("Choose clips").set_input_files(clip)
    page.get_by_role("button", name="Measure 1 clip").wait_for()
    assert broken == ["0"]
    (upload,) = Incoming(store.files).all()
    assert Incoming(store.files).clip(upload).read_bytes() == clip.read_bytes()


def test_signing_in(page: Any, served: str, store: Store, client_id: str) -> None:
    store.add_user("Maria", "clinician", hash_password(PASSWORD))
    page.goto(f"{served}/clients")
    assert axe_complaints(page) == []
    page.get_by_label("Name").fill("Maria")
    page.get_by_label("Password").fill("wrong")
    page.keyboard.press("Enter")
    page.get_by_text("do not go together").wait_for()
    page.get_by_label("Name").fill("Maria")
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Maria").wait_for()
    page.goto(f"{served}/account")
    assert axe_complaints(page) == []
    page.goto(f"{served}/users")
    assert axe_complaints(page) == []
    page.get_by_role("button", name="Sign out").click()
    page.get_by_text("You are signed out").wait_for()


def test_deleting_a_client(page: Any, served: str, store: Store, client_id: str) -> None:
    page.goto(f"{served}/clients/{client_id}")
    page.get_by_role("link", name="Delete client").click()
    page.get_by_label("Type the code").fill("K-014")
    page.get_by_role("button", name="Delete for good").click()
    page.get_by_text("was deleted").wait_for()
    assert store.count_clients() == 0

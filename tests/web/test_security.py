"""The door: who comes in, from where, with what."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest
from fastapi.routing import APIRoute

from kneetrack.clinic_records.people import ClientFacts, ConsentFacts, User
from kneetrack.store import Store
from kneetrack.web import sign_ins
from kneetrack.web.app import make_app
from kneetrack.web.config import WebConfig, is_loopback
from kneetrack.web.guard import OPEN_PATHS, VIEWERS_MAY_POST, safe_next
from kneetrack.web.visit import made_ago, new_token
from tests.web.conftest import BASE, Clock, Pages

PASSWORD = "correct horse battery"
ID = "0" * 32


@pytest.fixture(scope="session")
def hashed() -> str:
    """Cheap to check, so that the tests are quick."""
    from argon2 import PasswordHasher

    return PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1).hash(PASSWORD)


@pytest.fixture
def users(store: Store, hashed: str) -> tuple[User, User]:
    return (
        store.add_user("Maria", "clinician", hashed),
        store.add_user("Vera", "viewer", hashed),
    )


@pytest.fixture
def client_id(store: Store) -> str:
    client = store.add_client(ClientFacts(code="K-014"))
    store.give_consent(client.id, ConsentFacts(date(2026, 11, 1), "To see how I move."))
    return client.id


def sign_in(pages: Pages, name: str = "Maria", password: str = PASSWORD, **more: str) -> int:
    fields = {"name": name, "password": password, **more}
    return pages.submit("/sign-in", fields).status_code


# ------------------------------------------------------------------ headers


@pytest.mark.parametrize("path", ["/", "/about", "/nope", "/static/kneetrack.css"])
def test_every_answer_has_the_headers(pages: Pages, path: str) -> None:
    headers = pages.get(path).headers
    policy = headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert headers["cache-control"] == ("no-cache" if "static" in path else "no-store")
    assert "server" not in headers


def test_no_page_has_inline_scripts_or_styles_or_outside_addresses(
    pages: Pages, client_id: str
) -> None:
    paths = ["/", "/about", "/users", "/audit", "/clients/new", f"/clients/{client_id}"]
    for path in paths:
        text = pages.get(path).text
        assert "<style" not in text
        assert " style=" not in text
        assert "<script>" not in text
        assert "onclick" not in text
        assert "http://" not in text.replace("http://www.w3.org", "")
        assert "https://" not in text


# ------------------------------------------------------------------ from where


@pytest.mark.parametrize(
    "host",
    ["evil.example", "evil.example:8321", "127.0.0.1.evil.example", "", "me@127.0.0.1", "[::1"],
)
def test_a_host_that_is_not_ours(pages: Pages, host: str) -> None:
    assert pages.get("/", headers={"Host": host}).status_code == 421


@pytest.mark.parametrize("host", ["localhost:8321", "127.0.0.1", "[::1]:8321", "LOCALHOST"])
def test_hosts_that_are_ours(pages: Pages, host: str) -> None:
    assert pages.get("/", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:8322"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
def test_a_form_from_elsewhere(pages: Pages, store: Store, headers: dict[str, str]) -> None:
    answer = pages.submit("/clients/new", {"code": "K-1"}, headers=headers)
    assert answer.status_code == 403
    assert store.count_clients() == 0


def test_a_form_of_ours(pages: Pages, store: Store) -> None:
    ours = {"Origin": BASE, "Sec-Fetch-Site": "same-origin"}
    assert pages.submit("/clients/new", {"code": "K-1"}, headers=ours).status_code == 303
    assert store.count_clients() == 1


@pytest.mark.parametrize("token", [None, "", "0" * 64, "é"])
def test_a_form_without_its_token(pages: Pages, store: Store, token: str | None) -> None:
    pages.get("/")
    fields = {"code": "K-1"} | ({} if token is None else {"csrf": token})
    assert pages.post("/clients/new", data=fields).status_code == 403
    assert store.count_clients() == 0


def test_a_token_of_another_visit_is_worth_nothing(pages: Pages, config: WebConfig) -> None:
    token = pages.token()
    other = Pages(pages.app, base_url=BASE)
    other.get("/")
    answer = other.post("/clients/new", data={"code": "K-1", "csrf": token})
    assert answer.status_code == 403


def test_every_page_that_changes_something_wants_the_token(pages: Pages, client_id: str) -> None:
    """Over all routes of the app, those of the session's pages too."""
    pages.get("/")
    tried = 0
    for route in every_route(pages):
        for method in route.methods - {"GET", "HEAD"}:
            path = route.path
            for name in route.param_convertors:
                path = path.replace(f"{{{name}}}", ID)
            # The forms that are read as they come hold their token themselves.
            refused = 422 if path.endswith(("/upload/whole", "/diary/bring")) else 403
            assert pages.request(method, path).status_code == refused, path
            tried += 1
    assert tried > 20


def every_route(pages: Pages) -> Iterator[APIRoute]:
    found = [route for route in flat(pages.app.routes) if isinstance(route, APIRoute)]
    assert len(found) > 30
    return iter(found)


def flat(routes: object) -> Iterator[object]:
    for route in routes:  # type: ignore[attr-defined]
        inner = getattr(getattr(route, "original_router", None), "routes", None)
        if inner is not None:
            yield from flat(inner)
        else:
            yield route


def test_too_much(pages: Pages, store: Store) -> None:
    answer = pages.submit("/clients/new", {"code": "K-1", "notes": "x" * 1_000_001})
    assert answer.status_code == 413
    assert store.count_clients() == 0


def test_too_much_without_a_declared_length(pages: Pages) -> None:
    def pieces() -> Iterator[bytes]:
        for _ in range(40):
            yield b"x" * 50_000

    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    answer = pages.post("/clients/new", content=pieces(), headers=kind)
    assert answer.status_code == 413


# ------------------------------------------------------------------ signing in


def test_with_users_everybody_signs_in(pages: Pages, users: object, client_id: str) -> None:
    for path in ("/", "/clients", f"/clients/{client_id}", "/users", f"/sessions/{ID}", "/audit"):
        answer = pages.get(path, follow_redirects=False)
        assert answer.status_code == 303, path
        assert answer.headers["location"].startswith("/sign-in")
        assert "K-014" not in answer.text
    assert pages.get("/about").status_code == 200
    assert pages.submit("/clients/new", {"code": "K-1"}).headers["location"] == "/sign-in"
    swapped = pages.get(f"/sessions/{ID}/upload/progress", headers={"HX-Request": "true"})
    assert swapped.headers["hx-redirect"].startswith("/sign-in")


def test_every_page_wants_a_sign_in(pages: Pages, users: object) -> None:
    for route in every_route(pages):
        path = route.path
        for name in route.param_convertors:
            path = path.replace(f"{{{name}}}", ID)
        if "GET" in route.methods and path not in OPEN_PATHS:
            answer = pages.get(path, follow_redirects=False)
            assert answer.status_code == 303, path


def test_signing_in_and_out(pages: Pages, store: Store, users: object) -> None:
    pages.get("/")
    before = dict(pages.cookies)
    answer = pages.submit("/sign-in", {"name": "maria", "password": PASSWORD, "next": "/clients"})
    assert answer.headers["location"] == "/clients"
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie
    assert "Secure" not in cookie
    token = pages.cookies["kneetrack-8321"]
    assert before["kneetrack-8321"] != token
    assert "Maria" in pages.get("/clients").text
    pages.submit("/sign-out")
    pages.cookies.set("kneetrack-8321", token, domain="127.0.0.1")
    assert pages.get("/clients", follow_redirects=False).status_code == 303


def test_the_store_holds_no_token(pages: Pages, store: Store, users: object, clock: Clock) -> None:
    sign_in(pages)
    token = pages.cookies["kneetrack-8321"]
    assert store.signed_in(token, clock.now) is None
    known = store.signed_in(hashlib.sha256(token.encode()).hexdigest(), clock.now)
    assert known is not None


def test_under_tls_the_cookie_stays_there(config: WebConfig) -> None:
    app = make_app(replace(config, secure=True))
    with Pages(app, base_url="https://127.0.0.1:8321") as pages:
        answer = pages.get("/")
        assert answer.headers["set-cookie"].startswith("__Host-kneetrack-8321=")
        assert "; Secure" in answer.headers["set-cookie"]
        assert "strict-transport-security" in answer.headers


def test_elsewhere_nobody_comes_in_without_users(config: WebConfig) -> None:
    for other in (replace(config, host="0.0.0.0"), replace(config, behind_proxy=True)):
        with Pages(make_app(other), base_url=BASE) as pages:
            assert pages.get("/", follow_redirects=False).status_code == 303


def test_a_wrong_password_and_an_unknown_name_look_the_same(
    pages: Pages, users: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    checked: list[str | None] = []
    real = sign_ins.password_fits

    def watched(stored: str | None, password: str) -> bool:
        checked.append(stored)
        return real(stored, password)

    monkeypatch.setattr("kneetrack.web.sign_ins.password_fits", watched)
    wrong = pages.submit("/sign-in", {"name": "Maria", "password": "wrong"})
    unknown = pages.submit("/sign-in", {"name": "Nobody", "password": "wrong"})
    assert wrong.status_code == unknown.status_code == 401
    assert [stored is None for stored in checked] == [False, True]
    cut = [answer.text.split("</h1>")[1] for answer in (wrong, unknown)]
    cut[1] = cut[1].replace('value="Nobody"', 'value="Maria"')  # what was typed stays typed
    assert cut[0] == cut[1]


def test_nobodys_hash_costs_as_much_as_a_real_one() -> None:
    real = sign_ins.hash_password(PASSWORD)
    assert sign_ins._NOBODYS_HASH.split("$")[:4] == real.split("$")[:4]
    assert sign_ins.password_fits(real, PASSWORD)
    assert not sign_ins.password_fits(None, "xxx")


def test_guessing_waits_longer_every_time(pages: Pages, users: object, clock: Clock) -> None:
    for _ in range(sign_ins.FREE_TRIES):
        assert sign_in(pages, password="wrong") == 401
    assert sign_in(pages) == 429
    clock.later(seconds=3)
    assert sign_in(pages, password="wrong") == 401
    clock.later(seconds=3)
    assert sign_in(pages) == 429
    clock.later(seconds=2)
    assert sign_in(pages) == 303


def test_guessing_many_names_from_one_address_waits_too(
    pages: Pages, users: object, clock: Clock
) -> None:
    for n in range(sign_ins.FREE_TRIES):
        assert sign_in(pages, name=f"name{n}", password="wrong") == 401
    answer = pages.submit("/sign-in", {"name": "Maria", "password": PASSWORD})
    assert answer.status_code == 429
    assert int(answer.headers["retry-after"]) >= 1


def test_the_wait_has_an_end(clock: Clock) -> None:
    throttle = sign_ins.Throttle()
    for _ in range(100):
        throttle.wrong(("name x",), clock.now)
    assert throttle.wait(("name x",), clock.now) == sign_ins.LONGEST_WAIT
    clock.later(hours=2)
    assert throttle.wait(("name x",), clock.now).total_seconds() == 0
    throttle.wrong(("name y",), clock.now)
    assert len(throttle._tries) == 1


def test_a_sign_in_ends_after_half_an_hour_without_a_page(
    pages: Pages, users: object, clock: Clock
) -> None:
    sign_in(pages)
    for _ in range(4):
        clock.later(minutes=29)
        assert pages.get("/", follow_redirects=False).status_code == 200
    clock.later(minutes=31)
    assert pages.get("/", follow_redirects=False).status_code == 303


def test_a_page_that_asks_by_itself_keeps_nobody_signed_in(
    pages: Pages, users: object, clock: Clock, store: Store, client_id: str
) -> None:
    from kneetrack.clinic_records.visits import SetupFacts

    session = store.begin_session(client_id, "lower-limb", 1, SetupFacts())
    sign_in(pages)
    path = f"/sessions/{session.id}/upload/progress"
    for _ in range(29):
        clock.later(minutes=1)
        assert pages.get(path, follow_redirects=False).status_code == 200
    clock.later(minutes=2)
    assert pages.get(path, follow_redirects=False).status_code == 303


def test_a_sign_in_ends_after_twelve_hours(pages: Pages, users: object, clock: Clock) -> None:
    sign_in(pages)
    for _ in range(12 * 60 // 20 - 1):
        clock.later(minutes=20)
        assert pages.get("/", follow_redirects=False).status_code == 200
    clock.later(minutes=20)
    assert pages.get("/", follow_redirects=False).status_code == 303


def test_a_token_from_the_future_or_of_another_shape(clock: Clock) -> None:
    token = new_token(clock.now)
    age = made_ago(token, clock.now)
    assert age is not None
    assert abs(age.total_seconds()) < 1
    for odd in ("", "x", token[5:], "9" * 20 + "." + "x" * 43, token + "x", "१२." + "x" * 43):
        assert made_ago(odd, clock.now) is None or odd == token[5:]


@pytest.mark.parametrize(
    "path", ["//evil.example", "https://evil.example", "/\\evil", "evil", "/a\nb", "/é"]
)
def test_after_signing_in_one_stays_here(pages: Pages, users: object, path: str) -> None:
    assert safe_next(path) == "/"
    answer = pages.submit("/sign-in", {"name": "Maria", "password": PASSWORD, "next": path})
    assert answer.headers["location"] == "/"


def test_a_user_who_was_disabled_is_out_at_once(
    pages: Pages, store: Store, users: tuple[User, User]
) -> None:
    sign_in(pages, "Vera")
    store.change_user(users[1].id, active=False)
    assert pages.get("/", follow_redirects=False).status_code == 303
    assert sign_in(pages, "Vera") == 401


def test_ones_own_password(pages: Pages, store: Store, users: object) -> None:
    sign_in(pages, "Vera")
    fields = {"old_password": PASSWORD, "password": "another long one", "again": "another long one"}
    for wrong in ({"old_password": "no"}, {"again": "different one"}, {"password": "short"}):
        assert pages.submit("/account/password", fields | wrong).status_code == 422
    answer = pages.submit("/account/password", fields)
    assert answer.headers["location"].startswith("/sign-in")
    assert sign_in(pages, "Vera") == 401
    assert sign_in(pages, "Vera", "another long one") == 303
    assert pages.get("/account").status_code == 200


# ------------------------------------------------------------------ roles


def test_a_viewer_changes_nothing(pages: Pages, store: Store, users: object) -> None:
    sign_in(pages, "Vera")
    for route in every_route(pages):
        path = route.path
        for name in route.param_convertors:
            path = path.replace(f"{{{name}}}", ID)
        if path in VIEWERS_MAY_POST:
            continue
        for method in route.methods - {"GET", "HEAD"}:
            answer = pages.request(method, path, headers={"X-CSRF-Token": pages.token()})
            assert answer.status_code == 403, path
    assert store.count_clients() == 0


def test_a_viewer_sees_clients_and_no_administration(
    pages: Pages, users: object, client_id: str
) -> None:
    sign_in(pages, "Vera")
    shown = pages.get(f"/clients/{client_id}").text
    assert "K-014" in shown
    assert "Delete" not in shown
    for path in ("/users", "/audit", "/expiry", "/clients/new", f"/clients/{client_id}/delete"):
        answer = pages.get(path)
        assert answer.status_code == 403
        assert "for clinicians" in answer.text


def test_users_are_made_and_changed(pages: Pages, store: Store) -> None:
    first = {"name": "Maria", "password": PASSWORD, "role": "viewer"}
    assert pages.submit("/users", first).status_code == 422
    assert pages.submit("/users", first | {"role": "king"}).status_code == 422
    assert pages.submit("/users", first | {"role": "clinician", "password": "x"}).status_code == 422
    assert pages.submit("/users", first | {"role": "clinician"}).status_code == 303
    assert pages.get("/users", follow_redirects=False).status_code == 303
    sign_in(pages)
    assert pages.submit("/users", first | {"name": "Vera"}).status_code == 303
    assert "Vera" in pages.get("/users").text
    vera, maria = store.user("Vera"), store.user("Maria")
    pages.submit(f"/users/{vera.id}", {"active": "no"})
    assert not store.user("Vera").active
    answer = pages.submit(f"/users/{maria.id}", {"role": "viewer"})
    assert answer.status_code == 422
    assert "last clinician" in answer.text
    assert pages.submit(f"/users/{ID}", {"active": "no"}).status_code == 404
    pages.submit(f"/users/{maria.id}", {"password": "quite another one"})
    assert pages.get("/", follow_redirects=False).status_code == 303


def test_audit_tells_who(pages: Pages, store: Store, users: object) -> None:
    sign_in(pages)
    pages.submit("/clients/new", {"code": "K-9"})
    assert store.audit(kind="client")[0].by == "Maria"
    assert store.audit(kind="user")[0].by == "Maria"


def test_loopback() -> None:
    assert all(map(is_loopback, ("127.0.0.1", "127.8.8.8", "::1", "[::1]", "localhost")))
    assert not any(map(is_loopback, ("0.0.0.0", "192.168.1.4", "::", "clinic.example", "")))

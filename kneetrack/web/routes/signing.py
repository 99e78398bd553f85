"""Signing in and out, and one's own password."""

from __future__ import annotations

import math

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from kneetrack.records import SettingsError
from kneetrack.store.store import Store
from kneetrack.web.guard import safe_next
from kneetrack.web.pages import go, page
from kneetrack.web.sign_ins import SignIns, hash_password, throttle_keys
from kneetrack.web.visit import config_of, field_of, store_of, visit_of

router = APIRouter()
WRONG = "The name and the password do not go together."


@router.get("/sign-in")
def sign_in_page(request: Request) -> Response:
    """Name and password."""
    if visit_of(request).role is not None:
        return RedirectResponse("/", 303)
    return _page(request, safe_next(request.query_params.get("next", "/")))


@router.post("/sign-in")
def sign_in(request: Request) -> Response:
    """Signs in. An unknown name takes as long and says the same as a wrong password."""
    config, store, visit = config_of(request), config_of(request).store, visit_of(request)
    name, next_path = field_of(request, "name")[:64], safe_next(field_of(request, "next", "/"))
    password = (visit.form.get("password") or [""])[0]
    keys = throttle_keys(name, request.client.host if request.client else "")
    throttle = _sign_ins(request).throttle
    wait_s = math.ceil(throttle.wait(keys, config.now()).total_seconds())
    if wait_s > 0:
        text = f"Too many tries. Please wait {_span(wait_s)} and try again."
        return _page(request, next_path, text, 429, {"Retry-After": str(wait_s)})
    throttle.wrong(keys, config.now())
    stored = store.password_hash(name)
    if not _sign_ins(request).fits(stored, password):
        _note_wrong(store, name)
        return _page(request, next_path, WRONG, 401)
    throttle.right(keys)
    user = store.user(name)
    _sign_ins(request).begin(visit, user, config.now())
    return go(request, next_path)


@router.post("/sign-out")
def sign_out(request: Request) -> Response:
    """Signs out: the token is worth nothing from now on."""
    visit = visit_of(request)
    _sign_ins(request).end(visit)
    visit.gone = True
    return go(request, "/sign-in", "signed-out")


@router.get("/account")
def account(request: Request) -> Response:
    """One's own password."""
    return page(request, "account.html", problem="")


@router.post("/account/password")
def change_password(request: Request) -> Response:
    """Changes one's own password, which ends every sign-in of one's own."""
    visit, store = visit_of(request), store_of(request)
    old, new, again = (
        (visit.form.get(name) or [""])[0] for name in ("old_password", "password", "again")
    )
    keys = (f"name {visit.name.casefold()}",)
    throttle, now = _sign_ins(request).throttle, config_of(request).now()
    try:
        if visit.user_id is None:
            raise SettingsError("nobody is signed in")
        if throttle.wait(keys, now).total_seconds() > 0:
            raise SettingsError("too many tries: please wait a while")
        throttle.wrong(keys, now)
        if not _sign_ins(request).fits(store.password_hash(visit.name), old):
            raise SettingsError("the old password is not right")
        throttle.right(keys)
        if new != again:
            raise SettingsError("the new password was typed in two different ways")
        store.change_user(visit.user_id, password_hash=hash_password(new, visit.name))
    except SettingsError as error:
        return page(request, "account.html", status=422, problem=str(error))
    visit.gone = True
    return go(request, "/sign-in", "password-changed")


def _note_wrong(store: Store, name: str) -> None:
    """An audit line. A name that nobody has is not written: it may be a password."""
    known = [user.id for user in store.users() if user.name.casefold() == name.casefold()]
    detail = "wrong password" if known else "a name that nobody has"
    store.acting_as("nobody").note_audit(
        "sign-in refused", "user", known[0] if known else "", detail
    )


def _sign_ins(request: Request) -> SignIns:
    found: SignIns = request.app.state.sign_ins
    return found


def _span(seconds: int) -> str:
    if seconds < 90:
        return f"{seconds} second{'' if seconds == 1 else 's'}"
    return f"{math.ceil(seconds / 60)} minutes"


def _page(
    request: Request,
    next_path: str,
    problem: str = "",
    status: int = 200,
    headers: dict[str, str] | None = None,
) -> Response:
    return page(
        request,
        "sign_in.html",
        status=status,
        headers=headers,
        next_path=next_path,
        problem=problem,
        typed_name=field_of(request, "name")[:64],
    )

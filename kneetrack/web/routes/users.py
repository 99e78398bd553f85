"""Who may sign in; and who did what. For clinicians."""

from __future__ import annotations

from typing import Final

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from kneetrack.clinic_records.kinds import ROLES, Role
from kneetrack.records import SettingsError, UnknownRecordError
from kneetrack.web.guard import clinician_only
from kneetrack.web.ids import Id
from kneetrack.web.pages import go, page
from kneetrack.web.sign_ins import hash_password
from kneetrack.web.visit import field_of, store_of, visit_of

router = APIRouter(dependencies=[Depends(clinician_only)])
A_PAGE: Final = 100


@router.get("/users")
def users(request: Request) -> Response:
    """Everybody who may sign in."""
    return _page(request)


@router.post("/users")
def add_user(request: Request) -> Response:
    """Adds one. The first one must be a clinician, or nobody could change anything."""
    store = store_of(request)
    password = (visit_of(request).form.get("password") or [""])[0]
    try:
        role = _role(field_of(request, "role"))
        if not store.users() and role != "clinician":
            raise SettingsError("the first user must be a clinician")
        store.add_user(field_of(request, "name"), role, hash_password(password))
    except SettingsError as error:
        return _page(request, str(error))
    return go(request, "/users", "user-added")


@router.post("/users/{user_id}")
def change_user(request: Request, user_id: Id) -> Response:
    """Another role or password, or no sign-in any more."""
    store = store_of(request)
    if user_id not in {user.id for user in store.users()}:
        raise UnknownRecordError("there is no such user")
    password = (visit_of(request).form.get("password") or [""])[0]
    role, active = field_of(request, "role"), field_of(request, "active")
    try:
        store.change_user(
            user_id,
            role=_role(role) if role else None,
            active={"yes": True, "no": False}.get(active),
            password_hash=hash_password(password) if password else None,
        )
    except SettingsError as error:
        return _page(request, str(error))
    return go(request, "/users", "user-changed")


@router.get("/audit")
def audit(request: Request) -> Response:
    """Who did what, newest first; ids alone."""
    number = request.query_params.get("page", "1")
    here = min(max(int(number), 1), 10_000) if number.isdecimal() and len(number) < 6 else 1
    lines = store_of(request).audit(offset=(here - 1) * A_PAGE, limit=A_PAGE + 1)
    more = len(lines) > A_PAGE
    return page(request, "audit.html", lines=lines[:A_PAGE], here=here, more=more)


def _role(text: str) -> Role:
    for role in ROLES:
        if role == text:
            return role
    raise SettingsError("choose a role")


def _page(request: Request, problem: str = "") -> Response:
    return page(
        request,
        "users.html",
        status=422 if problem else 200,
        users=store_of(request).users(),
        roles=ROLES,
        problem=problem,
    )

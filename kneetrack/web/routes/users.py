"""Who may sign in; and who did what. For clinicians."""

from __future__ import annotations

from typing import Final

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from kneetrack.clinic_records.kinds import ROLES, Role
from kneetrack.records import SettingsError, UnknownRecordError
from kneetrack.web.guard import clinician_only
from kneetrack.web.ids import Id
from kneetrack.web.incoming import is_id
from kneetrack.web.pages import go, page
from kneetrack.web.sign_ins import hash_password
from kneetrack.web.visit import field_of, store_of, visit_of

router = APIRouter(dependencies=[Depends(clinician_only)])
A_PAGE: Final = 100
AUDIT_KINDS: Final = (
    *("client", "consent", "session", "trial", "clip", "picture", "correction", "score"),
    *("practice", "prescription", "reliability", "cohort", "user"),
)
PLACES: Final = {
    "client": "/clients/",
    "session": "/sessions/",
    "trial": "/trials/",
    "clip": "/trials/",
    "picture": "/trials/",
}
"""Where the pages of records are, by the kind of an audit line."""


@router.get("/users")
def users(request: Request) -> Response:
    """Everybody who may sign in."""
    return _page(request)


@router.post("/users")
def add_user(request: Request) -> Response:
    """Adds one. The first one must be a clinician, or nobody could change anything."""
    store, name = store_of(request), field_of(request, "name")
    first = not store.users()
    try:
        password = _password(request)
        role = _role(field_of(request, "role"))
        if first and role != "clinician":
            raise SettingsError("the first user must be a clinician")
        store.add_user(name, role, hash_password(password, name))
    except SettingsError as error:
        return _page(request, str(error), name)
    return go(request, "/sign-in", "first-user") if first else go(request, "/users", "user-added")


@router.post("/users/{user_id}")
def change_user(request: Request, user_id: Id) -> Response:
    """Another role or password, or no sign-in any more."""
    store = store_of(request)
    name = next((user.name for user in store.users() if user.id == user_id), None)
    if name is None:
        raise UnknownRecordError("there is no such user")
    role, active = field_of(request, "role"), field_of(request, "active")
    try:
        password = _password(request)
        store.change_user(
            user_id,
            role=_role(role) if role else None,
            active={"yes": True, "no": False}.get(active),
            password_hash=hash_password(password, name) if password else None,
        )
    except SettingsError as error:
        return _page(request, str(error))
    return go(request, "/users", "user-changed")


@router.get("/audit")
def audit(request: Request) -> Response:
    """Who did what, newest first; ids alone. ``record``: an id; ``kind``: of AUDIT_KINDS."""
    asked = request.query_params
    number, record, kind = (asked.get(n, "") for n in ("page", "record", "kind"))
    record = record if is_id(record) else ""
    kind = kind if kind in AUDIT_KINDS else ""
    here = min(max(int(number), 1), 10_000) if number.isdecimal() and len(number) < 6 else 1
    lines = store_of(request).audit(
        record_id=record, kind=kind, offset=(here - 1) * A_PAGE, limit=A_PAGE + 1
    )
    return page(
        request,
        "audit.html",
        lines=lines[:A_PAGE],
        here=here,
        more=len(lines) > A_PAGE,
        record=record,
        kind=kind,
        kinds=AUDIT_KINDS,
        places=PLACES,
    )


def _role(text: str) -> Role:
    for role in ROLES:
        if role == text:
            return role
    raise SettingsError("choose a role")


def _password(request: Request) -> str:
    """The one that was typed, "" for none. Raises SettingsError when typed in two ways."""
    form = visit_of(request).form
    password = (form.get("password") or [""])[0]
    if (form.get("again") or [password])[0] != password:
        raise SettingsError("the password was typed in two different ways")
    return password


def _page(request: Request, problem: str = "", name: str = "") -> Response:
    return page(
        request,
        "users.html",
        status=422 if problem else 200,
        users=store_of(request).users(),
        roles=ROLES,
        problem=problem,
        typed_name=name,
    )

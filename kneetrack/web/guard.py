"""Who may do what: runs before every page."""

from __future__ import annotations

import hmac
from typing import Final
from urllib.parse import quote

from fastapi import Request

from kneetrack.records import KneetrackError, SettingsError
from kneetrack.web.security import SAFE
from kneetrack.web.visit import (
    Visit,
    config_of,
    made_ago,
    new_token,
    sha256_of,
    visit_of,
)

OPEN_PATHS: Final = frozenset({"/sign-in", "/about"})
"""Pages that need no sign-in."""
VIEWERS_MAY_POST: Final = frozenset(
    {"/sign-in", "/sign-out", "/account/password", "/clients/search"}
)
"""What a viewer may send: nothing of it changes a client's records."""
FORM_TYPES: Final = ("application/x-www-form-urlencoded", "multipart/form-data")


class SignInNeededError(Exception):
    """Nobody is signed in. ``next_path``: where they wanted to go."""

    def __init__(self, next_path: str) -> None:
        super().__init__(next_path)
        self.next_path = next_path

    @property
    def address(self) -> str:
        """The page where one signs in."""
        return "/sign-in" if self.next_path == "/" else f"/sign-in?next={quote(self.next_path)}"


class NotAllowedError(KneetrackError):
    """Signed in, and still not allowed; or a form that is not ours."""


async def read_form(request: Request) -> None:
    """Reads the fields of a form, if one was sent, so that pages need not wait for them."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if request.method != "POST" or kind not in FORM_TYPES or _streams(request):
        return
    form = await request.form(max_files=0, max_fields=500)
    fields = visit_of(request).form
    for name, value in form.multi_items():
        if isinstance(value, str):
            if "\0" in value:  # no database keeps it
                raise SettingsError(f"the field {name[:40]!r} holds a character that no text has")
            fields.setdefault(name, []).append(value)


def let_in(request: Request) -> None:
    """Finds out who it is, and turns away whom it must. For every page."""
    visit = recognise(request)
    path = request.url.path
    if request.method not in SAFE and not _streams(request):
        check_csrf(request, visit)
    if path in OPEN_PATHS:
        return
    if visit.role is None:
        raise SignInNeededError(path if request.method in SAFE else "/")
    if request.method not in SAFE and not visit.may_change and path not in VIEWERS_MAY_POST:
        raise NotAllowedError("you may look at everything here, and change nothing")


def clinician_only(request: Request) -> None:
    """For pages that viewers may not even look at."""
    if not visit_of(request).may_change:
        raise NotAllowedError("this page is for clinicians")


def check_csrf(request: Request, visit: Visit) -> None:
    """Whether a form or an htmx request came from one of our pages. Raises NotAllowedError."""
    sent = request.headers.get("x-csrf-token") or (visit.form.get("csrf") or [""])[0]
    if visit.fresh or not hmac.compare_digest(sent.encode(), visit.csrf.encode()):
        raise NotAllowedError(
            "the page was open for too long, or came from elsewhere: load it again and repeat"
        )


def safe_next(path: str) -> str:
    """A path of ours to go on to; the start page for anything else."""
    ours = path.startswith("/") and not path.startswith("//") and "\\" not in path
    return path if ours and path.isascii() and path.isprintable() else "/"


def _streams(request: Request) -> bool:
    """Whether the page reads a form by itself, clip and all, and checks its token itself."""
    return request.url.path.endswith(("/upload/whole", "/diary/bring"))


def recognise(request: Request) -> Visit:
    """Finds out who it is."""
    visit, config = visit_of(request), config_of(request)
    now = config.now()
    token = request.cookies.get(config.cookie, "")
    age = made_ago(token, now)
    known = age is not None and 0 <= age.total_seconds() < config.absolute.total_seconds()
    visit.token = token if known else new_token(now)
    visit.fresh = not known
    user = config.store.signed_in(sha256_of(token), now) if known else None
    if user is not None:
        visit.name, visit.role, visit.user_id = user.name, user.role, user.id
        if not request.url.path.endswith("/progress"):
            request.app.state.sign_ins.still_here(visit.token, user, now)
    elif config.loopback and not config.store.users():
        visit.name, visit.role = config.store.by, "clinician"
    return visit

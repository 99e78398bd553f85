"""Who is at the other end of a request, and the token that proves a form came from our pages."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from fastapi import Request

from kneetrack.clinic_records.kinds import Role
from kneetrack.store.store import Store
from kneetrack.web.config import WebConfig

SCOPE_KEY: Final = "kneetrack.visit"
_SEPARATOR: Final = "."


@dataclass(slots=True)
class Visit:
    """One request's visitor. token: what the cookie holds; "" while there is none.

    user_id: None where nobody has signed in. fresh: the cookie must be set; gone: it must go.
    form: the fields of the form that was sent.
    """

    token: str = ""
    name: str = ""
    role: Role | None = None
    user_id: str | None = None
    fresh: bool = False
    gone: bool = False
    form: dict[str, list[str]] = field(default_factory=dict)

    @property
    def may_change(self) -> bool:
        """Whether records may be changed."""
        return self.role == "clinician"

    @property
    def csrf(self) -> str:
        """What every form and htmx request of this visit must bring along."""
        return hmac.new(self.token.encode(), b"kneetrack csrf", hashlib.sha256).hexdigest()


def visit_of(request: Request) -> Visit:
    """The visit of a request."""
    visit: Visit = request.scope[SCOPE_KEY]
    return visit


def config_of(request: Request) -> WebConfig:
    """How the pages were set up."""
    config: WebConfig = request.app.state.config
    return config


def store_of(request: Request) -> Store:
    """The store, acting as whoever is signed in."""
    return config_of(request).store.acting_as(visit_of(request).name)


def new_token(now: datetime) -> str:
    """A token nobody can guess. It tells when it was made, for the absolute end of a sign-in."""
    return f"{int(now.timestamp())}{_SEPARATOR}{secrets.token_urlsafe(32)}"


def sha256_of(token: str) -> str:
    """What the store keeps of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def made_ago(token: str, now: datetime) -> timedelta | None:
    """How long ago a token was made; None when it is not one of ours."""
    stamp, dot, rest = token.partition(_SEPARATOR)
    if not dot or len(rest) != 43 or not (stamp.isascii() and stamp.isdecimal()) or len(stamp) > 12:
        return None
    return timedelta(seconds=now.timestamp() - int(stamp))


def field_of(request: Request, name: str, default: str = "") -> str:
    """A field of the form that was sent, without spaces around it."""
    values = visit_of(request).form.get(name)
    return values[0].strip() if values else default


def fields_of(request: Request, name: str) -> list[str]:
    """All values of a field that may be sent several times, such as ticked boxes."""
    return visit_of(request).form.get(name, [])

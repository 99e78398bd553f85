"""What an address or a form asked for, checked."""

from __future__ import annotations

import math
from typing import Annotated

from fastapi import Path, Request

from kneetrack.records import SettingsError
from kneetrack.web.visit import field_of

Id = Annotated[str, Path(pattern=r"^[0-9a-f]{32}$")]
"""An id in an address; anything else is not found."""


def number_of(request: Request, name: str, title: str) -> float:
    """A number of the form that was sent. Raises SettingsError."""
    text = field_of(request, name).replace(",", ".")
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise SettingsError(f"{title}: give a number")
    return value


def whole_of(request: Request, name: str, title: str) -> int:
    """A whole number of the form that was sent. Raises SettingsError."""
    value = number_of(request, name, title)
    if value != int(value):
        raise SettingsError(f"{title}: give a whole number")
    return int(value)


def reason_of(request: Request, what: str = "this") -> str:
    """The reason that was typed. Raises SettingsError without one."""
    reason = field_of(request, "reason")
    if not reason:
        raise SettingsError(f"{what} needs a reason, in a few words")
    if len(reason) > 400:
        raise SettingsError("a reason is at most 400 characters")
    return reason

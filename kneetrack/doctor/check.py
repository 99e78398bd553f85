"""One line of the doctor, and what every check needs."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass

from kneetrack.records import KneetrackError


@dataclass(frozen=True, slots=True)
class Check:
    """One line of the doctor. ``ok``: True works, False to be mended, None worth knowing."""

    name: str
    ok: bool | None
    message: str


def guarded(name: str, check: Callable[[], Check]) -> Check:
    """What ``check`` says; an exception becomes a line like any other."""
    try:
        return check()
    except KneetrackError as error:
        return Check(name, False, one_line(error))
    except Exception as error:  # whatever breaks is what the doctor is here to tell
        return Check(name, False, f"{type(error).__name__}: {one_line(error)}")


def one_line(error: BaseException) -> str:
    """The message of an error, without line breaks and not endless."""
    return " ".join(str(error).split())[:300]


def pip(*arguments: str) -> str:
    """A pip command line for the environment kneetrack runs in."""
    python = f'"{sys.executable}"' if " " in sys.executable else sys.executable
    return " ".join([python, "-m pip", *arguments])

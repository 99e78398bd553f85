"""One line of the doctor, and what every check needs."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from kneetrack.records import KneetrackError

TIMEOUT_S: Final = 120.0


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


def trouble_running(code: str, *arguments: str) -> str:
    """Run Python code in a process of its own; "" when it ends well, else what went wrong.

    A library that is built for another processor does not raise, it takes the process with it.
    """
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        timeout=TIMEOUT_S,
        check=False,
    )
    said = done.stderr.strip().splitlines()
    if done.returncode == 0:
        return ""
    return said[-1][:300] if said else f"it crashes (exit code {done.returncode})"

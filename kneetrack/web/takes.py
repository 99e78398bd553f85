"""Which take of a protocol a clip is."""

from __future__ import annotations

from pathlib import PurePosixPath

from kneetrack.clinic.matching import takes_named
from kneetrack.clinic_records.kinds import VIEWS_ASKED, ViewAsked
from kneetrack.clinic_records.plans import Protocol, Step
from kneetrack.records import SettingsError


def guess_take(name: str, protocol: Protocol) -> tuple[Step, ViewAsked] | None:
    """The take that a file's name speaks of; None when it names none, or several."""
    stem = PurePosixPath(name.replace("\\", "/")).stem
    found = takes_named(protocol, stem)
    return found[0] if len(found) == 1 else None


def take_of(text: str, protocol: Protocol) -> tuple[Step, ViewAsked]:
    """The take that a form names as ``step:view``. Raises SettingsError."""
    key, _, view = text.partition(":")
    step = protocol.step(key)
    for known in VIEWS_ASKED:
        if step is not None and view == known and known in step.views:
            return step, known
    raise SettingsError("choose for every clip which take it is")

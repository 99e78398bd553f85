"""What the page about a practice shows, ready to show."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from kneetrack.clinic_records.practice import Clean, JudgedBy, PartStatus
from kneetrack.records import Status


@dataclass(frozen=True, slots=True)
class CheckShown:
    """What the camera made of one rule and side. found: a sentence. value: with its error."""

    found: str
    status: Status
    value: str = ""
    reason: str = ""
    reps: str = ""


@dataclass(frozen=True, slots=True)
class PartShown:
    """One part. asked, done: in words; short: what was done for the screen. why: what was missing.

    reports: (label, address).
    """

    title: str
    asked: str
    done: str
    short: str
    status: PartStatus
    clean: Clean = "cannot_tell"
    judged_by: JudgedBy = "nobody"
    why: str = ""
    checks: tuple[CheckShown, ...] = ()
    reports: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class NextShown:
    """What next time brings of a part, and why. changed: more or less than this time."""

    title: str
    dose: str
    why: str
    changed: bool = False


@dataclass(frozen=True, slots=True)
class PracticeShown:
    """A practice. on: its day in words. ended: how, in words; hurt: it was stopped by pain.

    stop_if: the short form of what wants a doctor. exercises: names of the guide. notes: about
    pain that rose, and the like. page: where the page about it is, None: there is none.
    """

    title: str
    code: str
    number: int
    on: str
    began: str
    minutes: int
    ended: str
    hurt: bool
    parts: tuple[PartShown, ...]
    following: tuple[NextShown, ...]
    pain_before: int | None = None
    pain_after: int | None = None
    limits: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    stop_if: tuple[str, ...] = ()
    exercises: tuple[str, ...] = ()
    page: Path | None = None

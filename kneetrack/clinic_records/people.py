"""Clients, what they agreed to, and who did what."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final

from kneetrack.clinic_records.kinds import COMPLAINTS, PURPOSES, ROLES, Complaint, Purpose, Role
from kneetrack.records import SettingsError

CODE_SHAPE: Final = re.compile(r"[^\W_][\w .+-]{0,31}")
"""A client's code: 1 to 32 letters, digits, spaces, ``-``, ``+``, ``.``, ``_``."""


@dataclass(frozen=True, slots=True)
class ClientFacts:
    """What is known of a client: as little as possible. Raises SettingsError.

    code: the clinic's own, unique without regard to case. birth_year: None when not told.
    """

    code: str
    initials: str = ""
    birth_year: int | None = None
    complaint: Complaint = "none"
    notes: str = ""

    def __post_init__(self) -> None:
        if not CODE_SHAPE.fullmatch(self.code) or self.code != self.code.strip():
            raise SettingsError(
                f"the code {self.code!r} must be 1 to 32 letters, digits, spaces, -, +, . or _, "
                "and begin with a letter or digit"
            )
        if len(self.initials) > 8:
            raise SettingsError("initials are at most 8 characters: a full name is not kept")
        if self.birth_year is not None and not 1900 <= self.birth_year <= 2100:
            raise SettingsError(f"year of birth {self.birth_year}: use one from 1900 on, as 1984")
        if self.complaint not in COMPLAINTS:
            raise SettingsError(
                f"side of complaint {self.complaint!r}: use {', '.join(COMPLAINTS)}"
            )
        if len(self.notes) > 4000:
            raise SettingsError("notes are at most 4000 characters")


@dataclass(frozen=True, slots=True)
class Client:
    """A client in the store."""

    id: str
    facts: ClientFacts
    created_at: datetime

    @property
    def code(self) -> str:
        """The clinic's own code."""
        return self.facts.code


@dataclass(frozen=True, slots=True)
class ConsentFacts:
    """What a client agreed to. Raises SettingsError.

    purpose: in the client's own understanding, one or two sentences. allows: never empty, and
    always with "measurements". keep_until: the day after which everything is deleted; None: until
    withdrawn. guardian: who agreed for a minor, by role ("mother"), not by name.
    """

    given_on: date
    purpose: str
    allows: frozenset[Purpose] = frozenset({"measurements"})
    keep_until: date | None = None
    guardian: str = ""

    def __post_init__(self) -> None:
        if not self.purpose.strip():
            raise SettingsError("a consent needs its purpose, in words the client understands")
        if len(self.purpose) > 2000 or len(self.guardian) > 80:
            raise SettingsError("a purpose is at most 2000 characters, a guardian's role 80")
        unknown = sorted(set(self.allows) - set(PURPOSES))
        if unknown:
            raise SettingsError(f"a consent cannot allow {unknown[0]!r}: use {', '.join(PURPOSES)}")
        if "measurements" not in self.allows:
            raise SettingsError("a consent without 'measurements' allows nothing to be kept")
        if self.keep_until is not None and self.keep_until < self.given_on:
            raise SettingsError("the day until which records are kept lies before the consent")


@dataclass(frozen=True, slots=True)
class Losing:
    """What a consent would take away, or has taken away: it does not allow it to be kept.

    clips: kept copies. stills: photographs of takes. arriving: clips not measured yet.
    """

    clips: int = 0
    stills: int = 0
    arriving: int = 0

    def __bool__(self) -> bool:
        return bool(self.clips or self.stills or self.arriving)

    def __str__(self) -> str:
        parts = [
            f"{count} {name if count == 1 else names}"
            for count, name, names in (
                (self.clips, "kept clip", "kept clips"),
                (self.stills, "still picture", "still pictures"),
                (self.arriving, "clip that is not measured yet", "clips that are not measured yet"),
            )
            if count
        ]
        return (
            " and ".join((", ".join(parts[:-1]), parts[-1])) if len(parts) > 1 else "".join(parts)
        )


@dataclass(frozen=True, slots=True)
class Consent:
    """A consent in the store. Of several the newest not withdrawn holds."""

    id: str
    client_id: str
    facts: ConsentFacts
    withdrawn_on: date | None = None

    def holds(self, on: date) -> bool:
        """Whether it is in force on that day."""
        facts = self.facts
        past = facts.keep_until is not None and on > facts.keep_until
        return self.withdrawn_on is None and not past


@dataclass(frozen=True, slots=True)
class ClientLine:
    """A client in a list: sessions, when last measured, and what holds today.

    last_session_at: of the last session with a take that counts; None: there is none yet.

    consent: the one in force today. newest: also one that has run out or is withdrawn.
    practices: how many times they practised, as far as it is known here. own: who practises at
    this computer.
    """

    client: Client
    sessions: int
    last_session_at: datetime | None
    consent: Consent | None
    newest: Consent | None = None
    practices: int = 0
    last_practice_at: datetime | None = None
    own: bool = False


@dataclass(frozen=True, slots=True)
class AuditLine:
    """Who changed which record when. ``detail`` names fields, never what they held.

    kind: "client", "consent", "session", "trial", "correction", "score", "practice",
    "prescription", "reliability", "user" ...
    what: "added", "changed", "deleted", "withdrawn", "exported", "rejected" ...
    client_id: whose record it is; "" where it is nobody's.
    """

    at: datetime
    by: str
    what: str
    kind: str
    record_id: str
    detail: str = ""
    client_id: str = ""


@dataclass(frozen=True, slots=True)
class User:
    """Somebody who signs in to the pages. The hash of the password stays in the store."""

    id: str
    name: str
    role: Role
    active: bool = True

    def __post_init__(self) -> None:
        if not CODE_SHAPE.fullmatch(self.name):
            raise SettingsError("a user name is 1 to 32 letters, digits, spaces, -, +, . or _")
        if self.role not in ROLES:
            raise SettingsError(f"unknown role {self.role!r}: use {', '.join(ROLES)}")


@dataclass(frozen=True, slots=True)
class Deleted:
    """What a deletion took away."""

    clients: int
    sessions: int
    trials: int
    files: int
    left: tuple[str, ...] = field(default=())
    """Files that could not be removed, with the reason: to be removed by hand."""
    practices: int = 0


def changed_fields(before: Any, after: Any) -> str:
    """Names of the fields in which two values of one dataclass differ: for an audit line."""
    names = [
        n for n in type(before).__dataclass_fields__ if getattr(before, n) != getattr(after, n)
    ]
    return ", ".join(names)

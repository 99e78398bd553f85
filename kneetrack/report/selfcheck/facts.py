"""What the page of a self-check tells, as plain values. Texts are ready to read."""

from __future__ import annotations

from dataclasses import dataclass

from kneetrack.records import Status


@dataclass(frozen=True, slots=True)
class LineFact:
    """One thing that the camera looked at. value: with its error; reason: why it is not known."""

    take: str
    what: str
    value: str
    status: Status
    reason: str = ""


@dataclass(frozen=True, slots=True)
class SignFact:
    """One sign: told and measured side by side. measured "": the camera did not look at it.

    status: of what was measured. found: it was told or seen.
    """

    title: str
    told: str
    measured: str = ""
    status: Status | None = None
    found: bool = False
    lines: tuple[LineFact, ...] = ()


@dataclass(frozen=True, slots=True)
class PractiseFact:
    """A part of the programme. why: for which signs. exercise: its page in the guide."""

    title: str
    dose: str
    why: str
    exercise: str


@dataclass(frozen=True, slots=True)
class SelfCheckFacts:
    """The whole page. red_flags: what stopped it; then there is nothing but them.

    untold: (what, why or what to change in filming).
    """

    day: str
    headline: str
    programme: str = ""
    hurt: bool = False
    red_flags: tuple[str, ...] = ()
    signs: tuple[SignFact, ...] = ()
    practise: tuple[PractiseFact, ...] = ()
    see_somebody_if: tuple[str, ...] = ()
    untold: tuple[tuple[str, str], ...] = ()
    left_out: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    filmed: bool = False

"""The outcome of a self-check: signs, what to practise, when to see somebody, what is not known.

No sum, no cause, no chances. Pure.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from kneetrack.clinic_records.practice import PartDone, Sign, Told
from kneetrack.programme.heeding import How, how_of
from kneetrack.programme.pain import STOP_FROM
from kneetrack.programme.values import Part, Programme
from kneetrack.red_flags import RedFlag, doctor_words, much_pain_words
from kneetrack.selfcheck.measuring import BY_WISH
from kneetrack.selfcheck.questions import question_of
from kneetrack.selfcheck.signs import SignOutcome, sign_outcomes
from kneetrack.selfcheck.takes import TAKES

SEE_SOMEBODY_IF: Final = (
    "it hurts more from day to day, or more than 5 of 10",
    "it has not settled after two weeks of doing less of what hurts",
    "it wakes you at night, or hurts at rest",
    "the knee swells, locks or gives way, or anything else of the first questions becomes true",
)
"""When to see a doctor or a physiotherapist, whatever was found."""
STOPPED: Final = "Stopped, because it hurt. Nothing more for today."
_TITLES: Final = {step.key: step.title for step in TAKES.steps}


_NAMED: Final = 2
"""So many signs can be named in one sentence."""


@dataclass(frozen=True, slots=True)
class Fit:
    """A part of the programme, and the signs for which it is practised.

    how: gently, or not at all, where a sign says that it hurts in what the part asks for.
    """

    part: Part
    signs: tuple[Sign, ...]
    how: How = "as_planned"


@dataclass(frozen=True, slots=True)
class Untold:
    """What could not be told, and why or what to change in filming."""

    what: str
    why: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a self-check gave.

    red_flags: what stopped it; then the rest is empty. hurt: it was stopped because it hurt; pain:
    how much, 0 to 10, None: not told. parts: the takes. not_allowed: takes that the programme
    leaves out. notes: about the camera.
    """

    programme: Programme
    red_flags: tuple[RedFlag, ...] = ()
    signs: tuple[SignOutcome, ...] = ()
    fits: tuple[Fit, ...] = ()
    untold: tuple[Untold, ...] = ()
    hurt: bool = False
    pain: int | None = None
    parts: tuple[PartDone, ...] = ()
    not_allowed: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def headline(self) -> str:
        """The outcome in one plain sentence."""
        if self.red_flags:
            return doctor_words(self.red_flags)
        if self.hurt:
            worse = self.pain is not None and much(self.pain)
            return much_pain_words(self.pain or 0) if worse else STOPPED
        found = [sign.title for sign in self.signs if sign.found]
        if not found:
            unsure = any(s.told in ("unsure", "not_asked") for s in self.signs)
            untold = any(s.measured == "cannot_tell" for s in self.signs)
            more = " Not everything could be told." if unsure or untold else ""
            return f"None of the five signs was told or seen.{more}"
        if len(found) > _NAMED:
            return "Several signs were told or seen: they are marked."
        names = " and ".join(f"{title[:1].lower()}{title[1:]}" for title in found)
        return f"Told or seen: {names}."


def much(pain: int | None) -> bool:
    """Whether it hurts more than is to be exercised with."""
    return pain is not None and pain >= STOP_FROM


def make_outcome(
    told: Mapping[Sign, Told],
    parts: Sequence[PartDone],
    programme: Programme,
    *,
    red_flags: Sequence[RedFlag] = (),
    not_allowed: Sequence[str] = (),
    notes: Sequence[str] = (),
    hurt: bool = False,
    pain: int | None = None,
) -> Outcome:
    """From answers and takes; after a red flag nothing else is told."""
    if red_flags:
        return Outcome(programme, tuple(red_flags))
    signs = sign_outcomes(told, parts)
    return Outcome(
        programme,
        signs=signs,
        fits=fits_of(signs, programme),
        untold=untold_of(signs, parts),
        hurt=hurt,
        pain=pain,
        parts=tuple(parts),
        not_allowed=tuple(not_allowed),
        notes=tuple(notes),
    )


def fits_of(signs: Sequence[SignOutcome], programme: Programme) -> tuple[Fit, ...]:
    """Parts of the programme that are practised for the signs that were told or seen."""
    found = [sign.sign for sign in signs if sign.found]
    fits = []
    for part in programme.parts:
        own = tuple(sign for sign in found if part.exercise in question_of(sign).exercises)
        if own and part.exercise not in programme.leave_out:
            fits.append(Fit(part, own, _how(part, signs)))
    return tuple(fits)


def _how(part: Part, signs: Sequence[SignOutcome]) -> How:
    """What may hold counts as if it did."""
    return how_of(part.exercise, [s.sign for s in signs if s.found or s.told == "unsure"])


def untold_of(signs: Sequence[SignOutcome], parts: Sequence[PartDone]) -> tuple[Untold, ...]:
    """Everything that the camera was to tell and could not, each reason once."""
    untold = []
    for sign in signs:
        for line in sign.lines:
            if line.status == "cannot_tell":
                untold.append(Untold(f"{line.take}: {line.what.lower()}", line.reason))
    for part in parts:
        title = _TITLES[part.part]
        told = any(one.why == part.why and one.what.startswith(title) for one in untold)
        if part.why and part.why != BY_WISH and not told:
            untold.append(Untold(title, part.why))
    return tuple(dict.fromkeys(_joined(untold)))


def _joined(untold: Sequence[Untold]) -> list[Untold]:
    """Left and right of the same take with the same reason are one."""
    by_reason: dict[tuple[str, str], list[str]] = {}
    for one in untold:
        take = one.what.partition(":")[0]
        by_reason.setdefault((take, one.why), []).append(one.what)
    return [
        Untold(whats[0] if len(whats) == 1 else take, why)
        for (take, why), whats in by_reason.items()
    ]

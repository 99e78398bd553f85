"""From the outcome to the page: every text ready to read."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from kneetrack.clinic_records.practice import Sign
from kneetrack.guide.pages import load_page
from kneetrack.programme.steps import least_dose
from kneetrack.programme.words import dose_words
from kneetrack.report.selfcheck.facts import LineFact, PractiseFact, SelfCheckFacts, SignFact
from kneetrack.selfcheck.ending import SEEN_WORDS
from kneetrack.selfcheck.outcome import SEE_SOMEBODY_IF, Fit, Outcome
from kneetrack.selfcheck.questions import TOLD_WORDS, question_of
from kneetrack.selfcheck.signs import NOT_MEASURED, SignOutcome

WITHOUT: Final = "leave it out as long as it hurts in such stretches"
GENTLY: Final = ", gently, and only as far as it does not hurt"


def facts_of(outcome: Outcome, at: datetime) -> SelfCheckFacts:
    """The page of a self-check that was begun at that time."""
    day = f"{at.day} {at:%B %Y}"
    if outcome.red_flags:
        flags = tuple(flag.short[:1].upper() + flag.short[1:] for flag in outcome.red_flags)
        return SelfCheckFacts(day, outcome.headline, red_flags=flags)
    return SelfCheckFacts(
        day,
        outcome.headline,
        programme=outcome.programme.title,
        hurt=outcome.hurt,
        signs=tuple(_sign(sign) for sign in outcome.signs),
        practise=tuple(_practise(fit) for fit in outcome.fits),
        see_somebody_if=SEE_SOMEBODY_IF,
        untold=tuple((one.what, one.why) for one in outcome.untold),
        left_out=not_allowed_words(outcome),
        notes=outcome.notes,
        filmed=any(sign.measured is not None for sign in outcome.signs),
    )


def not_allowed_words(outcome: Outcome) -> tuple[str, ...]:
    """What the programme leaves out, in sentences."""
    title = outcome.programme.title
    return tuple(f"{what}: left out in “{title}”" for what in outcome.not_allowed)


def _sign(sign: SignOutcome) -> SignFact:
    measured = NOT_MEASURED if sign.measured is None else SEEN_WORDS[sign.measured]
    return SignFact(
        sign.title,
        TOLD_WORDS[sign.told],
        measured,
        sign.measured,
        sign.found,
        tuple(LineFact(li.take, li.what, li.value, li.status, li.reason) for li in sign.lines),
    )


def _practise(fit: Fit) -> PractiseFact:
    part = fit.part
    if fit.how == "without":
        return PractiseFact(part.title, WITHOUT, signs_words(fit.signs), part.exercise)
    gently = fit.how == "gently"
    asked = least_dose(part) if gently else part.dose
    dose = dose_words(part, asked, load_page(part.exercise)) + (GENTLY if gently else "")
    return PractiseFact(part.title, dose, signs_words(fit.signs), part.exercise)


def signs_words(signs: tuple[Sign, ...]) -> str:
    """``for: tightness in the front of the hips or groin; ...``"""
    titles = [question_of(sign).title for sign in signs]
    return "for: " + "; ".join(title[:1].lower() + title[1:] for title in titles)

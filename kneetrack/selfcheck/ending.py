"""The last cards: after pain, and the outcome in the few lines that fit on a screen."""

from __future__ import annotations

from typing import Final

from kneetrack.live.card import Card
from kneetrack.live_records import SummaryLine
from kneetrack.records import Status
from kneetrack.red_flags import STOP_IF, much_pain_words
from kneetrack.selfcheck.outcome import STOPPED, Outcome, much
from kneetrack.selfcheck.questions import TOLD_WORDS
from kneetrack.selfcheck.signs import SignOutcome

SHOWN_S: Final = 90.0
SEEN_WORDS: Final[dict[Status, str]] = {
    "ok": "not seen",
    "watch": "seen a little",
    "flag": "seen",
    "cannot_tell": "could not be told",
}


def after_pain_card(pain: int | None = None) -> Card:
    """Stopped because it hurt: nothing more today, and when a doctor is wanted."""
    worse = pain is not None and much(pain)
    words = much_pain_words(pain or 0) if worse else STOPPED
    return Card(
        headline=words if worse else f"{words} See a doctor",
        phase="rest" if worse else "summary",
        lines=() if worse else tuple(SummaryLine(f"If {what}", "", "watch") for what in STOP_IF),
        say=words,
        keys={"n": "to the outcome"},
        auto="n",
        auto_s=60.0,
        title="Self-check",
    )


def outcome_card(outcome: Outcome) -> Card:
    """The outcome on the screen; the page has all of it."""
    fits = ", ".join(
        f"{fit.part.title}{' (gently)' if fit.how == 'gently' else ''}"
        for fit in outcome.fits
        if fit.how != "without"
    )
    practise = f"To practise: {fits}." if fits and not outcome.hurt else ""
    return Card(
        headline=outcome.headline,
        lines=tuple(_line(sign) for sign in outcome.signs),
        detail=practise,
        say=f"{outcome.headline} {practise}".strip(),
        keys={"q": "done"},
        auto="q",
        auto_s=SHOWN_S,
        title="Self-check",
    )


def sign_words(sign: SignOutcome) -> str:
    """``told: yes · camera: not seen``"""
    told = f"told: {TOLD_WORDS[sign.told]}"
    return told if sign.measured is None else f"{told} · camera: {SEEN_WORDS[sign.measured]}"


def sign_status(sign: SignOutcome) -> Status:
    """The mark of a sign: what was seen; where nothing was, what was told."""
    if sign.measured is not None and sign.measured != "ok":
        return sign.measured
    if sign.told == "yes":
        return "watch"
    return "ok" if sign.told == "no" or sign.measured == "ok" else "cannot_tell"


def _line(sign: SignOutcome) -> SummaryLine:
    return SummaryLine(sign.title, sign_words(sign), sign_status(sign))

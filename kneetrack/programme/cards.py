"""The cards of a practice: before a part, red flags, after pain, and the end."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from kneetrack.guide.pages import Page
from kneetrack.live.card import Card
from kneetrack.live_records import SummaryLine
from kneetrack.programme import words
from kneetrack.programme.cameras import View
from kneetrack.programme.desk import ALONE_S, HURTS, INTRO_S, STOP
from kneetrack.programme.pain import Advice
from kneetrack.programme.summary import ENDED, screen_lines
from kneetrack.programme.values import PlannedPart
from kneetrack.red_flags import STOP_IF
from kneetrack.report.practice.facts import PartShown, PracticeShown

STOP_IF_S: Final = 12.0
END_S: Final = 60.0
RESULT_LINES: Final = 5
READ_S: Final = 12.0
"""To read a sentence, where it is no more than that."""
LEAVE_OUT: Final = "s"
SHOWN: Final = "y"
ENOUGH: Final = "That is enough for today. See a doctor"
ENOUGH_SAY: Final = "That is enough for today."
PAIN_STAYS: Final = "Pain that stays is worth showing a clinician."


def intro_card(planned: PlannedPart, page: Page, view: View, where: str, *, alone: bool) -> Card:
    """Before a part: what it is, how much of it, what to do; one that rests is left out."""
    if planned.rests:
        return _rests_card(planned, where, alone=alone)
    dose = words.dose_words(planned.part, planned.dose, page)
    detail = [words.change_words(planned), planned.part.note, page.say, words.view_words(view)]
    return Card(
        headline=f"{planned.part.title}: {dose}",
        detail=" ".join(text for text in detail if text),
        say=words.intro_words(planned, page, view),
        keys={"n": "begin", LEAVE_OUT: "leave it out", "p": "it hurts", "q": "stop for today"},
        arms="n",
        auto="n",
        auto_s=ALONE_S if alone else INTRO_S,
        phase="rest",
        title=where,
    )


def _rests_card(planned: PlannedPart, where: str, *, alone: bool) -> Card:
    """For a part that hurts: begun only by who says so."""
    hurt = planned.rests == "hurt"
    asks = "Have you shown it?" if hurt else "Begin it all the same?"
    begin = "yes, I have shown it: begin" if hurt else "yes, begin"
    headline = f"{planned.part.title}: left out today"
    return Card(
        headline=headline,
        detail=f"{planned.why} {asks}",
        keys={"n": "leave it out", SHOWN: begin, **HURTS, **STOP},
        arms="n",
        auto="n",
        auto_s=ALONE_S if alone else INTRO_S,
        say=f"{headline}. {planned.why}",
        phase="rest",
        title=where,
    )


def stop_if_card() -> Card:
    """The short form, before everything."""
    return Card(
        headline="Stop at once if",
        lines=tuple(SummaryLine(_capital(text), "", "watch") for text in STOP_IF),
        say=f"Stop at once if {words.listed(STOP_IF)}.",
        keys={"n": "go on", "p": "it is so now", "q": "not today"},
        arms="n",
        auto="n",
        auto_s=STOP_IF_S,
        title="Before you begin",
    )


def told_card(headline: str, lines: Sequence[str], *, title: str, stays_s: float = END_S) -> Card:
    """Something to be read before it goes on: advice, a doctor."""
    return Card(
        headline=headline,
        lines=tuple(SummaryLine(_capital(text), "", "watch") for text in lines),
        say=headline,
        keys={"n": "go on"},
        arms="n",
        auto="n",
        auto_s=stays_s,
        phase="summary" if lines else "rest",
        title=title,
    )


def result_card(part: PartShown, *, alone: bool, title: str) -> Card:
    """What the camera made of a part, until it was read."""
    found = tuple(SummaryLine(check.found, check.value, check.status) for check in part.checks)
    return Card(
        headline=f"{part.title}: {part.short}",
        lines=found[:RESULT_LINES],
        detail=part.why if part.clean != "yes" else "With control, as the camera saw it.",
        keys={"n": "go on"},
        arms="n",
        auto="n",
        auto_s=ALONE_S if alone else READ_S,
        title=title,
    )


def after_pain_card(advice: Advice | None, *, alone: bool, title: str) -> Card:
    """After it hurt: nothing more today, and what wants a doctor. advice: on pain after."""
    much = advice is not None and advice.level == "stop"
    follows = advice.text if advice is not None and advice.level == "gently" else ""
    return Card(
        headline=advice.text if advice is not None and much else ENOUGH,
        lines=() if much else tuple(SummaryLine(f"If {text}", "", "watch") for text in STOP_IF),
        detail=follows or PAIN_STAYS,
        phase="rest" if much else "summary",
        say=advice.text if advice is not None and much else f"{ENOUGH_SAY} {PAIN_STAYS}",
        keys={"n": "go on"},
        arms="n",
        auto="n",
        auto_s=ALONE_S if alone else END_S,
        title=title,
    )


def end_card(shown: PracticeShown, advice: str = "", *, alone: bool, title: str) -> Card:
    """What was done, and what to do tomorrow morning. advice: on pain after."""
    changed = [each for each in shown.following if each.changed]
    more = f" Next time {changed[0].title.lower()}: {changed[0].dose}." if changed else ""
    headline = "Well done. That was it." if _all_well(shown) else "That was it."
    return Card(
        headline=headline,
        lines=screen_lines(shown),
        detail=f"{advice} {words.TOMORROW}.{more}".strip(),
        say=f"{headline} {words.TOMORROW_SAY}",
        keys={"n": "close"},
        arms="n",
        auto="n",
        auto_s=ALONE_S if alone else END_S,
        title=title,
    )


def _all_well(shown: PracticeShown) -> bool:
    """Whether it was done to its end, and nothing was flagged in it."""
    checks = [check.status for part in shown.parts for check in part.checks]
    clean = all(part.clean != "no" for part in shown.parts)
    return shown.ended == ENDED["done"] and clean and "flag" not in checks


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]

"""The cards of a practice: before a part, red flags, after pain, and the end."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from kneetrack.guide.pages import Page
from kneetrack.live.card import Card
from kneetrack.live_records import SummaryLine
from kneetrack.programme import words
from kneetrack.programme.cameras import View
from kneetrack.programme.desk import ALONE_S, INTRO_S
from kneetrack.programme.summary import ENDED, screen_lines
from kneetrack.programme.values import PlannedPart
from kneetrack.red_flags import STOP_IF, RedFlagGroup
from kneetrack.report.practice.facts import PracticeShown

STOP_IF_S: Final = 12.0
END_S: Final = 60.0
PAIN_STAYS: Final = "Pain that stays is worth showing a clinician."
ANY: Final = "Does any of these hold?"


def intro_card(planned: PlannedPart, page: Page, view: View, where: str, *, alone: bool) -> Card:
    """Before a part: what it is, how much of it, what to do."""
    dose = words.dose_words(planned.part, planned.dose, page)
    detail = [words.change_words(planned), planned.part.note, page.say, words.view_words(view)]
    return Card(
        headline=f"{planned.part.title}: {dose}",
        detail=" ".join(text for text in detail if text),
        say=words.intro_words(planned, page, view),
        keys={"n": "begin", "s": "leave it out", "p": "it hurts", "q": "stop for today"},
        arms="n",
        auto="n",
        auto_s=ALONE_S if alone else INTRO_S,
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


def red_flag_card(group: RedFlagGroup, where: str) -> Card:
    """The full questions, a group at a time."""
    shorts = [flag.short for flag in group.flags]
    return Card(
        headline=ANY,
        detail=group.title,
        lines=tuple(SummaryLine(_capital(short), "", "cannot_tell") for short in shorts),
        say=f"{ANY} {group.title}: {'; '.join(shorts)}.",
        keys={"n": "no", "y": "yes", "u": "not sure", "q": "not today"},
        title=where,
    )


def told_card(headline: str, lines: Sequence[str], *, title: str) -> Card:
    """Something to be read before it goes on: advice, a doctor."""
    return Card(
        headline=headline,
        lines=tuple(SummaryLine(_capital(text), "", "watch") for text in lines),
        say=headline,
        keys={"n": "go on"},
        arms="n",
        auto="n",
        auto_s=END_S,
        phase="summary" if lines else "rest",
        title=title,
    )


def after_pain_card(*, alone: bool, title: str) -> Card:
    """After it hurt: nothing more today, and what wants a doctor."""
    return Card(
        headline="That is enough for today. See a doctor if",
        lines=tuple(SummaryLine(_capital(text), "", "watch") for text in STOP_IF),
        detail=PAIN_STAYS,
        say=f"That is enough for today. {PAIN_STAYS}",
        keys={"n": "go on"},
        arms="n",
        auto="n",
        auto_s=ALONE_S if alone else END_S,
        title=title,
    )


def end_card(shown: PracticeShown, *, alone: bool, title: str) -> Card:
    """What was done, and what to do tomorrow morning."""
    changed = [each for each in shown.following if each.changed]
    more = f" Next time {changed[0].title.lower()}: {changed[0].dose}." if changed else ""
    headline = "Well done. That was it." if shown.ended == ENDED["done"] else "That was it."
    return Card(
        headline=headline,
        lines=screen_lines(shown),
        detail=f"{words.TOMORROW}{more}",
        say=f"{headline} {words.TOMORROW_SAY}",
        keys={"n": "close"},
        arms="n",
        auto="n",
        auto_s=ALONE_S if alone else END_S,
        title=title,
    )


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]

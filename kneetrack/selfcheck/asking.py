"""The questions of a self-check, card by card. Nothing is known here of window or terminal."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Final

from kneetrack.clinic_records.practice import Sign, Told
from kneetrack.live.card import CLOSED, Card
from kneetrack.live_records import SummaryLine
from kneetrack.red_flags import (
    RED_FLAG_GROUPS,
    WITH_SOMEBODY,
    RedFlag,
    RedFlagGroup,
    doctor_words,
)
from kneetrack.selfcheck.questions import QUESTIONS, SignQuestion

Answer = Callable[[Card], str]
"""Shows a card and gives the key of what was answered, ``CLOSED`` when the window was closed."""

YES_NO: Final = {"y": "yes", "n": "no", "u": "not sure"}
STOP: Final = {"q": "stop"}
BACK: Final = {"b": "back"}
ANY: Final = "Does any of these hold?"
_TOLD: Final[dict[str, Told]] = {"y": "yes", "n": "no", "u": "unsure"}


@dataclass(slots=True)
class Answers:
    """What has been answered so far. flags: answered yes or not sure."""

    flags: list[RedFlag] = field(default_factory=list)
    told: dict[Sign, Told] = field(default_factory=dict)


def stops(key: str) -> bool:
    """Whether an answer means not going on."""
    return key in ("q", "esc", CLOSED)


def ask_red_flags(answer: Answer, answers: Answers) -> bool:
    """All of them, a group at a time; those of a group that holds, one by one. False: stopped.

    Every group is asked about before it ends, so that what cannot wait is not missed.
    """
    groups = len(RED_FLAG_GROUPS)
    for number, group in enumerate(RED_FLAG_GROUPS, start=1):
        key = answer(group_card(group, f"First: is it safe to begin? · {number} of {groups}"))
        if stops(key):
            return False
        if key != "n" and not _ask_each(group, answer, answers):
            return False
    return True


def _ask_each(group: RedFlagGroup, answer: Answer, answers: Answers) -> bool:
    for flag in group.flags:
        key = answer(flag_card(flag, group.title))
        if stops(key):
            return False
        if key != "n":
            answers.flags.append(flag)
    return True


def ask_signs(answer: Answer, answers: Answers) -> bool:
    """The five signs, one at a time, with a way back. False: stopped."""
    at = 0
    while at < len(QUESTIONS):
        key = answer(sign_card(QUESTIONS[at], at + 1))
        if stops(key):
            return False
        if key == "b":
            at -= 1
            continue
        answers.told[QUESTIONS[at].sign] = _TOLD[key]
        at += 1
    return True


# -- cards --------------------------------------------------------------------------------------


def group_card(group: RedFlagGroup, title: str) -> Card:
    """Does any of these hold?"""
    shorts = [flag.short for flag in group.flags]
    return Card(
        headline=ANY,
        detail=group.title,
        lines=tuple(SummaryLine(_capital(short), "", "cannot_tell") for short in shorts),
        say=f"{ANY} {group.title}: {'; '.join(shorts)}.",
        keys=YES_NO | STOP,
        title=title,
    )


def flag_card(flag: RedFlag, title: str) -> Card:
    """One red flag by itself."""
    return Card(
        headline=flag.question, say=flag.question, keys=YES_NO | STOP, phase="rest", title=title
    )


def sign_card(question: SignQuestion, number: int) -> Card:
    """One of the five signs."""
    back = BACK if number > 1 else {}
    return Card(
        headline=question.question,
        say=question.question,
        keys=YES_NO | back | STOP,
        phase="rest",
        title=f"Self-check · question {number} of {len(QUESTIONS)}",
    )


def with_somebody_card() -> Card:
    """For whom it is good to have somebody near."""
    return Card(
        headline="Have somebody with you if one of these holds",
        lines=tuple(SummaryLine(_capital(who), "", "watch") for who in WITH_SOMEBODY),
        say=f"Have somebody with you if {', '.join(WITH_SOMEBODY[:-1])}, or {WITH_SOMEBODY[-1]}.",
        keys={"n": "go on", "q": "stop"},
        title="Before you begin",
    )


def doctor_card(flags: list[RedFlag]) -> Card:
    """The end after a red flag."""
    words = doctor_words(flags)
    return Card(
        headline=words,
        lines=tuple(_flag_lines(flags)),
        detail="Nothing is measured today.",
        say=words,
        keys={"q": "done"},
        auto="q",
        auto_s=60.0,
        title="Self-check",
    )


def _flag_lines(flags: list[RedFlag]) -> Iterator[SummaryLine]:
    for flag in flags[:6]:
        yield SummaryLine(_capital(flag.short), "", "flag")


def film_card() -> Card:
    """Whether the camera may have a look."""
    return Card(
        headline="Shall the camera have a look, too?",
        detail="Balance, squats and lunges, about five minutes; each can be left out. "
        "No video is kept.",
        say="Shall the camera have a look, too? Balance, squats and lunges, about five minutes. "
        "No video is kept.",
        keys={"y": "yes", "n": "no"},
        phase="rest",
        title="Self-check",
    )


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]

"""The questions of a self-check, card by card. Nothing is known here of window or terminal."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from kneetrack.clinic_records.practice import Sign, Told
from kneetrack.live.card import Card
from kneetrack.live_records import SummaryLine
from kneetrack.programme import red_flag_asking
from kneetrack.programme.red_flag_asking import BACK, STOP, YES_NO, Answer, stops
from kneetrack.red_flags import WITH_SOMEBODY, RedFlag
from kneetrack.selfcheck.questions import QUESTIONS, SignQuestion

NOTHING_MEASURED: Final = "Nothing is measured today."
_TOLD: Final[dict[str, Told]] = {"y": "yes", "n": "no", "u": "unsure"}


@dataclass(slots=True)
class Answers:
    """What has been answered so far. flags: answered yes or not sure, alone or in their group."""

    flags: list[RedFlag] = field(default_factory=list)
    told: dict[Sign, Told] = field(default_factory=dict)


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
    return red_flag_asking.doctor_card(flags, detail=NOTHING_MEASURED, title="Self-check")


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

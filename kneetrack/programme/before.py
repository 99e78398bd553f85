"""What comes before the parts: the morning after, red flags, pain."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from kneetrack.clinic_records.practice import Practice
from kneetrack.live.card import CLOSED
from kneetrack.programme import cards, words
from kneetrack.programme.desk import Desk
from kneetrack.programme.pain import Advice, before_advice, next_morning_advice
from kneetrack.programme.red_flag_asking import ask_red_flags, doctor_card, flags_told_before
from kneetrack.red_flags import STOP_IF, RedFlag, doctor_words, flags_note, noted_flags

if TYPE_CHECKING:
    from kneetrack.store.store import Store

ASK_AGAIN: Final = timedelta(days=30)
MORNING_KNOWN: Final = timedelta(days=14)
"""Nobody remembers a morning that is longer ago."""
NOBODY_TO_ASK: Final = (
    "Not begun: after the last time some questions come first. "
    "Start it at a terminal or in a window, where they can be answered."
)
IT_IS_SO: Final = "Not begun: something of “Stop at once if” held."


@dataclass(frozen=True, slots=True)
class Begin:
    """Whether there is a practice. words: why not. pain: before it; advice: what it means.

    note: what the diary is told of a practice that is not begun.
    """

    go: bool
    pain: int | None = None
    advice: Advice | None = None
    words: str = ""
    note: str = ""


def morning_to_ask(history: Sequence[Practice], now: datetime) -> Practice | None:
    """The last practice, where it was on an earlier day and its next morning is not told."""
    done = [p for p in history if p.facts.kind == "programme" and not never_begun(p)]
    if not done or done[-1].pain_next is not None:
        return None
    days = now.date() - done[-1].at.astimezone(now.tzinfo).date()
    return done[-1] if timedelta(0) < days <= MORNING_KNOWN else None


def never_begun(practice: Practice) -> bool:
    """Whether a red flag, or much pain before, kept it from being begun."""
    pain = practice.facts.pain_before
    much = practice.ended == "pain" and pain is not None and before_advice(pain).level == "stop"
    return much or _flagged(practice)


def _flagged(practice: Practice) -> bool:
    """Whether what was told before it stopped it."""
    return bool(noted_flags(practice.note)) or practice.note == IT_IS_SO


def red_flags_due(history: Sequence[Practice], now: datetime) -> bool:
    """Whether all of them are asked: the first time, after pain, and every 30 days.

    They were asked in every practice that this says so of and whose pain was told (in a pipe
    nobody is asked anything), and in every self-check; again after one that was stopped, as by a
    red flag.
    """
    asked_at: datetime | None = None
    hurt = False
    for practice in history:
        due = asked_at is None or hurt or practice.at - asked_at > ASK_AGAIN
        told = practice.facts.pain_before is not None
        if (due and told) or practice.facts.kind == "selfcheck":
            asked_at = practice.at
        hurt = wants_asking(practice)
    return asked_at is None or hurt or now - asked_at > ASK_AGAIN


def wants_asking(practice: Practice) -> bool:
    """Whether it ended so that the doctor's questions come before anything else is begun."""
    stopped = practice.facts.kind == "selfcheck" and practice.ended == "stopped"
    return practice.ended == "pain" or stopped or _flagged(practice)


def ask_morning(
    store: Store,
    history: Sequence[Practice],
    now: datetime,
    desk: Desk,
    follows: Callable[[str], str],
) -> None:
    """How the knee felt the morning after, where that is still to be told.

    follows: what it means for the next practice, of the id of the last one.
    """
    last = morning_to_ask(history, now)
    if last is None or desk.alone:
        return
    told = desk.pain(words.NEXT_MORNING)
    if told.pain is not None:
        morning = last.at.astimezone(now.tzinfo).date() + timedelta(days=1)
        practice = store.tell_next_morning(last.id, told.pain, morning)
        advice = next_morning_advice(practice, follows(last.id))
        desk.tell(advice.text)
        if advice.level != "go":
            desk.ask(cards.told_card(advice.text, (), title=words.BEFORE))


def may_begin(
    history: Sequence[Practice], now: datetime, desk: Desk, flags: list[RedFlag]
) -> Begin:
    """Red flags and pain. Where nobody can answer it is told when to stop, and begun, but for
    somebody whose last time wants the doctor's questions.

    flags: gets what was told, so that it is known also after Ctrl-C.
    """
    if desk.alone and history and wants_asking(history[-1]):
        return Begin(go=False, words=NOBODY_TO_ASK)
    if desk.alone:
        desk.tell(f"Stop at once if {words.listed(STOP_IF)}.")
        return Begin(go=True)
    stopped = _red_flags(history, now, desk, flags)
    if stopped is not None:
        return stopped
    told = desk.pain(words.PAIN_BEFORE)
    if told.stopped:
        return Begin(go=False, words=words.NO_PRACTICE)
    if told.pain is None:
        return Begin(go=True)
    advice = before_advice(told.pain)
    desk.tell(advice.text)
    if advice.level != "go":
        desk.ask(cards.told_card(advice.text, (), title=words.BEFORE))
    return Begin(go=advice.level != "stop", pain=told.pain, advice=advice, words=advice.text)


def _red_flags(
    history: Sequence[Practice], now: datetime, desk: Desk, flags: list[RedFlag]
) -> Begin | None:
    """Why there is no practice; None: nothing speaks against it."""
    so_now = False
    if not red_flags_due(history, now):
        key = desk.ask(cards.stop_if_card())
        if key in ("q", CLOSED):
            return Begin(go=False, words=words.NO_PRACTICE)
        if key != "p":
            return None
        so_now = True
    asked = ask_red_flags(desk.ask, flags, flags_told_before(history))
    if flags:
        desk.ask(doctor_card(flags, detail=words.NO_PRACTICE, title=words.BEFORE))
        return Begin(go=False, words=doctor_words(flags), note=flags_note(flags))
    if so_now:
        told = f"{words.NO_PRACTICE} {words.DOCTOR_IF}"
        desk.ask(cards.told_card(told, (), title=words.BEFORE))
        return Begin(go=False, words=told, note=IT_IS_SO)
    return None if asked else Begin(go=False, words=words.NO_PRACTICE)

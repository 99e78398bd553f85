"""What comes before the parts: the morning after, red flags, pain."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from kneetrack.clinic_records.practice import Practice
from kneetrack.live.card import CLOSED
from kneetrack.programme import cards, words
from kneetrack.programme.desk import Desk
from kneetrack.programme.pain import Advice, before_advice, next_morning_advice
from kneetrack.red_flags import RED_FLAG_GROUPS, STOP_IF, doctor_words

if TYPE_CHECKING:
    from kneetrack.store.store import Store

ASK_AGAIN: Final = timedelta(days=30)
MORNING_KNOWN: Final = timedelta(days=14)
"""Nobody remembers a morning that is longer ago."""


@dataclass(frozen=True, slots=True)
class Begin:
    """Whether there is a practice. words: why not. pain: before it; advice: what it means."""

    go: bool
    pain: int | None = None
    advice: Advice | None = None
    words: str = ""


def morning_to_ask(history: Sequence[Practice], now: datetime) -> Practice | None:
    """The last practice, where it was on an earlier day and its next morning is not told."""
    done = [practice for practice in history if practice.facts.kind == "programme"]
    if not done or done[-1].pain_next is not None:
        return None
    days = now.date() - done[-1].at.astimezone(now.tzinfo).date()
    return done[-1] if timedelta(0) < days <= MORNING_KNOWN else None


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
        stopped = practice.facts.kind == "selfcheck" and practice.ended == "stopped"
        hurt = practice.ended == "pain" or stopped
    return asked_at is None or hurt or now - asked_at > ASK_AGAIN


def ask_morning(store: Store, history: Sequence[Practice], now: datetime, desk: Desk) -> None:
    """How the knee felt the morning after, where that is still to be told."""
    last = morning_to_ask(history, now)
    if last is None or desk.alone:
        return
    told = desk.pain(words.NEXT_MORNING)
    if told.pain is not None:
        morning = last.at.astimezone(now.tzinfo).date() + timedelta(days=1)
        advice = next_morning_advice(store.tell_next_morning(last.id, told.pain, morning))
        desk.tell(advice.text)


def may_begin(history: Sequence[Practice], now: datetime, desk: Desk) -> Begin:
    """Red flags and pain. Where nobody can answer it is told when to stop, and begun."""
    if desk.alone:
        desk.tell(f"Stop at once if {words.listed(STOP_IF)}.")
        return Begin(go=True)
    stopped = _red_flags(history, now, desk)
    if stopped is not None:
        return Begin(go=False, words=stopped)
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


def _red_flags(history: Sequence[Practice], now: datetime, desk: Desk) -> str | None:
    """Why there is no practice; None: nothing speaks against it."""
    groups = RED_FLAG_GROUPS if red_flags_due(history, now) else ()
    for number, group in enumerate(groups, start=1):
        where = f"First: is it safe to begin? · {number} of {len(groups)}"
        key = desk.ask(cards.red_flag_card(group, where))
        if key in ("y", "u"):
            doctor = doctor_words(group.flags)
            shorts = [flag.short for flag in group.flags]
            desk.ask(cards.told_card(doctor, shorts, title=words.BEFORE))
            return doctor
        if key in ("q", CLOSED):
            return words.NO_PRACTICE
    if groups:
        return None
    key = desk.ask(cards.stop_if_card())
    if key == "p":
        return f"{words.NO_PRACTICE} {words.DOCTOR_IF}"
    return words.NO_PRACTICE if key in ("q", CLOSED) else None

"""Red flags, asked card by card: the same before a practice and in a self-check."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, Literal

from kneetrack.clinic_records.practice import Practice
from kneetrack.live.card import CLOSED, Card
from kneetrack.live_records import SummaryLine
from kneetrack.red_flags import (
    RED_FLAG_GROUPS,
    RED_FLAGS,
    RedFlag,
    RedFlagGroup,
    doctor_words,
    noted_flags,
)

Answer = Callable[[Card], str]
"""Shows a card and gives the key of what was answered, ``CLOSED`` when the window was closed."""

YES_NO: Final = {"y": "yes", "n": "no", "u": "not sure"}
STOP: Final = {"q": "stop"}
BACK: Final = {"b": "back"}
ANY: Final = "Does any of these hold?"
READ_S: Final = 0.8
"""What wants a doctor is not answered by a key that is held down, or pressed twice."""
_LINES: Final = 6


def stops(key: str) -> bool:
    """Whether an answer means not going on."""
    return key in ("q", "esc", CLOSED)


def flags_told_before(history: Sequence[Practice]) -> str:
    """What was told last time, where that stopped it; else ""."""
    flags = noted_flags(history[-1].note) if history else ""
    if not flags:
        return ""
    at = history[-1].at.astimezone()
    return f"Told last time, on {at.day} {at:%B}: {flags[:1].lower()}{flags[1:]}"


def ask_red_flags(answer: Answer, flags: list[RedFlag], told_before: str = "") -> bool:
    """All of them, a group at a time; those of a group that holds, one by one. False: stopped.

    flags: gets what was answered yes or not sure. Every group is asked about before it ends, so
    that what cannot wait is not missed. told_before: of what stopped it last time.
    """
    at, total = 0, len(RED_FLAG_GROUPS)
    while at < total:
        group = RED_FLAG_GROUPS[at]
        title = f"First: is it safe to begin? · {at + 1} of {total}"
        key = answer(group_card(group, title, told_before, back=at > 0))
        if stops(key):
            return False
        if key == "b":
            at -= 1
            continue
        went = _all_no(group, flags) if key == "n" else _ask_each(group, answer, flags)
        if went == "stop":
            return False
        at += went == "on"
    return True


def _all_no(group: RedFlagGroup, flags: list[RedFlag]) -> Literal["on"]:
    flags[:] = [flag for flag in flags if flag not in group.flags]
    return "on"


def _ask_each(
    group: RedFlagGroup, answer: Answer, flags: list[RedFlag]
) -> Literal["on", "back", "stop"]:
    """Each of them holds until it is said not to, however this ends."""
    for flag in group.flags:
        _holds(flag, flags, True)
    at = 0
    while at < len(group.flags):
        flag = group.flags[at]
        key = answer(flag_card(flag, group.title))
        if stops(key):
            return "stop"
        if key == "b" and at == 0:
            return "back"
        if key == "b":
            at -= 1
            continue
        _holds(flag, flags, key != "n")
        at += 1
    return "on"


def _holds(flag: RedFlag, flags: list[RedFlag], holds: bool) -> None:
    found = {*flags, flag} if holds else {*flags} - {flag}
    flags[:] = [known for known in RED_FLAGS if known in found]


# -- cards --------------------------------------------------------------------------------------


def group_card(
    group: RedFlagGroup, title: str, told_before: str = "", *, back: bool = False
) -> Card:
    """Does any of these hold?"""
    shorts = [flag.short for flag in group.flags]
    return Card(
        headline=ANY,
        detail=f"{group.title}. {told_before}" if told_before else group.title,
        lines=tuple(SummaryLine(_capital(short), "", "cannot_tell") for short in shorts),
        say=f"{ANY} {group.title}: {'; '.join(shorts)}.",
        keys=YES_NO | (BACK if back else {}) | STOP,
        title=title,
        quiet_s=READ_S,
    )


def flag_card(flag: RedFlag, title: str) -> Card:
    """One red flag by itself."""
    return Card(
        headline=flag.question,
        say=flag.question,
        keys=YES_NO | BACK | STOP,
        phase="rest",
        title=title,
        quiet_s=READ_S,
    )


def doctor_card(flags: list[RedFlag], *, detail: str, title: str) -> Card:
    """The end after a red flag."""
    words = doctor_words(flags)
    return Card(
        headline=words,
        lines=tuple(SummaryLine(_capital(flag.short), "", "flag") for flag in flags[:_LINES]),
        detail=detail,
        say=words,
        keys={"q": "done"},
        auto="q",
        auto_s=60.0,
        title=title,
    )


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]

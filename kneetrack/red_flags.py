"""What wants a doctor before any exercise, in plain words (MEASURES 7, "Stop / refer")."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Literal

HowSoon = Literal["today", "this_week"]


@dataclass(frozen=True, slots=True)
class RedFlag:
    """One thing that wants a doctor. question: answered yes, no or not sure; a doctor's word is
    wanted unless it is no. short: the same as a line of a list."""

    key: str
    question: str
    short: str
    how_soon: HowSoon


@dataclass(frozen=True, slots=True)
class RedFlagGroup:
    """Red flags that are asked about together: does any of these hold?"""

    key: str
    title: str
    flags: tuple[RedFlag, ...]


AFTER_A_FALL: Final = RedFlagGroup(
    "fall",
    "After a fall, a twist or a blow in the last weeks",
    (
        RedFlag(
            "four_steps",
            "After a fall, a twist or a blow: are you unable to walk four steps?",
            "after a fall or twist: cannot walk four steps",
            "today",
        ),
        RedFlag(
            "bend_90",
            "After a fall, a twist or a blow: can you not bend the knee to a right angle?",
            "after a fall or twist: cannot bend the knee to 90°",
            "today",
        ),
        RedFlag(
            "bone_sore",
            "After a fall or a blow: does the kneecap, or the bone on the outside just below the "
            "knee, hurt when you press it?",
            "after a fall or blow: bone at the knee sore to press",
            "today",
        ),
        RedFlag(
            "age_55",
            "Are you 55 or older, and have you had a fall or a blow to the knee?",
            "55 or older, with a fall or blow to the knee",
            "today",
        ),
    ),
)
THE_KNEE: Final = RedFlagGroup(
    "knee",
    "The knee itself",
    (
        RedFlag(
            "swelled_fast",
            "Did the knee swell within hours?",
            "knee swelled within hours",
            "today",
        ),
        RedFlag(
            "out_of_shape",
            "Is the knee out of shape?",
            "knee out of shape",
            "today",
        ),
        RedFlag(
            "locked",
            "Is the knee locked, so that it does not bend or straighten?",
            "knee locked",
            "today",
        ),
        RedFlag(
            "gives_way",
            "Does the knee give way under you?",
            "knee gives way",
            "this_week",
        ),
    ),
)
TODAY: Final = RedFlagGroup(
    "body",
    "Fever, calf, numbness",
    (
        RedFlag(
            "fever_hot",
            "Do you have a fever, and a joint that is hot and swollen?",
            "fever with a hot, swollen joint",
            "today",
        ),
        RedFlag(
            "calf",
            "Is one of your calves swollen or painful?",
            "calf swollen or painful",
            "today",
        ),
        RedFlag(
            "numb",
            "Is a leg, or the area between your legs, numb?",
            "numbness",
            "today",
        ),
        RedFlag(
            "bladder",
            "Has something changed in how you hold or pass water or stool?",
            "change in bladder or bowel",
            "today",
        ),
    ),
)
LATELY: Final = RedFlagGroup(
    "lately",
    "Lately",
    (
        RedFlag(
            "night_rest",
            "Does it hurt at night or at rest?",
            "pain at night or at rest",
            "this_week",
        ),
        RedFlag(
            "weight_loss",
            "Have you lost weight without knowing why?",
            "unexplained loss of weight",
            "this_week",
        ),
        RedFlag(
            "no_go_ahead",
            "Have you had surgery or a broken bone lately, and nobody has told you yet that you "
            "may exercise?",
            "surgery or broken bone, no go-ahead to exercise yet",
            "this_week",
        ),
        RedFlag(
            "much_pain",
            "Is your pain above 5 of 10, or is it more on the day after you moved?",
            "pain above 5 of 10, or more the next day",
            "this_week",
        ),
    ),
)

RED_FLAG_GROUPS: Final = (AFTER_A_FALL, THE_KNEE, TODAY, LATELY)
RED_FLAGS: Final[tuple[RedFlag, ...]] = tuple(f for g in RED_FLAG_GROUPS for f in g.flags)

SEE_A_DOCTOR_TODAY: Final = "Please see a doctor today, and do no exercises until then."
SEE_A_DOCTOR: Final = "Please see a doctor this week, and do no exercises until then."

STOP_IF: Final = (
    "it hurts more than 5 of 10, or more and more",
    "the knee swells, locks or gives way",
    "a joint is hot and swollen",
    "a calf swells or hurts, or something is numb",
    "you feel dizzy or unwell",
)
"""Short form, for before and after exercises: stop if ..."""

WITH_SOMEBODY: Final = (
    "you are pregnant",
    "you have trouble keeping your balance, or have fallen lately",
    "you are under 18",
)
"""No red flags, but: have somebody with you if ..."""


MUCH_PAIN_FROM: Final = 6
"""Of 10: more than is to be exercised with."""


def much_pain_words(pain: int) -> str:
    """What to do about pain of 6 or more, whenever it is told."""
    return (
        f"Pain {pain} of 10. {SEE_A_DOCTOR} Go today if the knee is hot, swollen or locked, or "
        "cannot take your weight."
    )


def red_flag(key: str) -> RedFlag:
    """The red flag of that key. Raises KeyError."""
    for flag in RED_FLAGS:
        if flag.key == key:
            return flag
    raise KeyError(key)


def how_soon(flags: Iterable[RedFlag]) -> HowSoon:
    """How soon a doctor is wanted for all of these: today if for any of them."""
    return "today" if any(flag.how_soon == "today" for flag in flags) else "this_week"


def doctor_words(flags: Iterable[RedFlag]) -> str:
    """What to do about these, in one sentence."""
    return SEE_A_DOCTOR_TODAY if how_soon(flags) == "today" else SEE_A_DOCTOR


def flags_note(flags: Sequence[RedFlag]) -> str:
    """What the diary is told of these; "" for none."""
    if not flags:
        return ""
    listed = "; ".join(flag.short for flag in flags)
    return f"{doctor_words(flags)} {listed[:1].upper()}{listed[1:]}."


def noted_flags(note: str) -> str:
    """The flags in a note of the diary, "" where it is about something else."""
    for words in (SEE_A_DOCTOR_TODAY, SEE_A_DOCTOR):
        if note.startswith(words):
            return note.removeprefix(words).strip()
    return ""

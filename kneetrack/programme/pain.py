"""What pain before, after and the next morning means for a practice (MEASURES 7).

0 to 3 before: go. 4 or 5: gently, nothing grows. 6 or more, whenever it is told: leave it, and see
a doctor. Pain that rises by 2 or more, after it or the next morning: less next time; twice: worth
showing a clinician.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from kneetrack.clinic_records.practice import PAIN_MOST, Practice, PracticeRecord, check_pain
from kneetrack.red_flags import MUCH_PAIN_FROM, much_pain_words

PainLevel = Literal["go", "gently", "stop"]
GENTLY_FROM: Final = 4
STOP_FROM: Final = MUCH_PAIN_FROM
ROSE_MUCH: Final = 2
LOOK_BACK: Final = 6
"""So many practices are looked through for pain that rose more than once."""
CLINICIAN: Final = "That is worth showing a clinician."


@dataclass(frozen=True, slots=True)
class Advice:
    """What to do. text: in one to three short sentences, to be shown and said.

    go: as planned. gently: with the smallest doses (``doses.gentle``). stop: not today.
    """

    level: PainLevel
    text: str


def before_advice(pain: int) -> Advice:
    """What pain before a practice means. Raises SettingsError for one that is not 0 to 10."""
    check_pain(pain)
    if pain >= STOP_FROM:
        return Advice("stop", much_pain_words(pain))
    if pain >= GENTLY_FROM:
        return Advice(
            "gently",
            f"Pain {pain} of {PAIN_MOST}: gently today, with the smallest doses. Stop when it "
            "gets worse.",
        )
    return Advice("go", "Good to go. Stop when it hurts more." if pain else "No pain: good to go.")


def after_advice(before: int | None, after: int, follows: str = "") -> Advice:
    """What pain after a practice means. before: None when it was not told.

    follows: what it means for the next practice, in one sentence (``following.follows_words``).
    """
    check_pain(before)
    check_pain(after)
    rose = 0 if before is None else after - before
    if after >= STOP_FROM:
        return Advice("stop", much_pain_words(after))
    if rose >= ROSE_MUCH:
        told = f"Pain rose from {before} to {after}: rest it today."
        return Advice("gently", f"{told} {follows}".strip())
    if rose > 0:
        return Advice("go", "A little more than before: nothing grows next time.")
    return Advice("go", "No more pain than before. Tell how it is tomorrow morning.")


def next_morning_advice(practice: Practice, follows: str = "") -> Advice:
    """What pain on the morning after a practice means; follows: as for ``after_advice``."""
    pain, before = practice.pain_next, practice.facts.pain_before
    if pain is None:
        return Advice("go", "Pain of the next morning was not told: nothing grows next time.")
    if pain >= STOP_FROM:
        return Advice("stop", much_pain_words(pain))
    if before is not None and pain - before >= ROSE_MUCH:
        told = f"Pain rose from {before} to {pain} by the next morning."
        return Advice("gently", f"{told} {follows}".strip())
    if before is not None and pain > before:
        return Advice("go", "A little more than before the practice: nothing grows next time.")
    if practice.ended == "pain" or rose_much(practice):
        told = "It hurt in the practice, and was no worse than before it by the next morning."
        return Advice("gently", f"{told} {follows}".strip())
    return Advice("go", "No more pain than before the practice: well borne.")


def rise(practice: Practice) -> int | None:
    """By how much pain rose at most, after it or the next morning; None: not told, below 0: fell.

    Where the pain before was not told nothing can be said.
    """
    before = practice.facts.pain_before
    later = [p for p in (practice.pain_after, practice.pain_next) if p is not None]
    return max(later) - before if before is not None and later else None


def rose_much(practice: Practice) -> bool:
    """Whether pain rose so much that the next practice is to be less."""
    by = rise(practice)
    return by is not None and by >= ROSE_MUCH


def did_not_rise(practice: Practice) -> bool:
    """Whether pain was told after it and the next morning, and was no higher than before.

    A pain before that was not told counts as 0, so that only no pain at all is no rise.
    """
    before = practice.facts.pain_before or 0
    after, later = practice.pain_after, practice.pain_next
    return after is not None and later is not None and max(after, later) <= before


def rose_again(history: Sequence[PracticeRecord]) -> str:
    """What to say when pain rose much, or stopped the practice, in two of the last few; else ""."""
    own = [r.practice for r in history if r.practice.facts.kind == "programme"][-LOOK_BACK:]
    often = sum(rose_much(practice) or practice.ended == "pain" for practice in own)
    if often < 2:
        return ""
    return f"Pain rose or stopped you in {often} of the last {len(own)} practices. {CLINICIAN}"

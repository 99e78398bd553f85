"""What a sign of the last self-check keeps from its full dose: gently, or left out. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Final, Literal

from kneetrack.clinic_records.practice import PracticeRecord, Sign, SignFound

How = Literal["as_planned", "gently", "without"]
GENTLY: Final[Mapping[Sign, tuple[str, ...]]] = {
    "sitting_stairs": ("lateral_lunge", "squat", "single_leg_squat"),
    "hip_stretch_pain": ("figure_four",),
}
"""Exercises that begin with their smallest dose where the sign holds."""
WITHOUT: Final[Mapping[Sign, tuple[str, ...]]] = {"hip_stretch_pain": ("modified_pigeon",)}
"""Exercises that are left out while the sign holds."""
_TOLD: Final[Mapping[Sign, str]] = {
    "sitting_stairs": "knee pain after sitting or on stairs",
    "hip_stretch_pain": "knee pain in hip stretches",
}


def how_of(exercise: str, signs: Collection[Sign]) -> How:
    """How an exercise is practised while these signs hold."""
    if any(exercise in WITHOUT.get(sign, ()) for sign in signs):
        return "without"
    return "gently" if any(exercise in GENTLY.get(sign, ()) for sign in signs) else "as_planned"


def holds(found: SignFound) -> bool:
    """Whether a sign was told or seen; "not sure" counts as if it were."""
    return found.told in ("yes", "unsure") or found.measured in ("watch", "flag")


def last_signs(history: Sequence[PracticeRecord]) -> tuple[frozenset[Sign], datetime | None]:
    """The signs that held in the last self-check that told any, and when that was."""
    for record in reversed(history):
        if record.practice.facts.kind == "selfcheck" and record.signs:
            return frozenset(s.sign for s in record.signs if holds(s)), record.practice.at
    return frozenset(), None


def told_of(exercise: str, signs: Collection[Sign]) -> str:
    """``The self-check told of knee pain in hip stretches``, of what keeps it from its dose."""
    own = [
        words
        for sign, words in _TOLD.items()
        if sign in signs and exercise in (*GENTLY.get(sign, ()), *WITHOUT.get(sign, ()))
    ]
    return f"The self-check told of {' and '.join(own)}"

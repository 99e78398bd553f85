"""What is asked before and after a take."""

from __future__ import annotations

from typing import Final

from kneetrack.clinic_records.plans import Step
from kneetrack.clinic_records.practice import PartDone
from kneetrack.live.card import Card
from kneetrack.programme.desk import HURTS

INTRO_S: Final = 12.0
AFTER_S: Final = 20.0
ALONE_S: Final = 2.0
FACE: Final = "Face the camera, about three metres away."


def intro_card(step: Step, at: int, total: int, *, alone: bool) -> Card:
    """What comes, and how it is begun or left out."""
    return Card(
        headline=step.title,
        detail=f"{FACE} {step.say}",
        say=f"{step.title}. {FACE} {step.say}",
        keys={"n": "begin", "s": "leave it out", **HURTS, "q": "that is enough"},
        arms="n",
        auto="n",
        auto_s=ALONE_S if alone else INTRO_S,
        phase="rest",
        title=f"Self-check · {at + 1} of {total}",
    )


def after_card(part: PartDone, how: str, *, alone: bool) -> Card:
    """After a take that was not as asked. Who walked off ends it by not answering."""
    words = part.why[:1].upper() + part.why[1:]
    left = how == "left"
    return Card(
        headline=words,
        detail="Go on, or do it again?",
        say=f"{words}. Go on, or do it again?",
        keys={"n": "go on", "r": "again", **HURTS, "q": "that is enough"},
        arms="n",
        auto="q" if left and not alone else "n",
        auto_s=ALONE_S if alone else AFTER_S,
        phase="rest",
        title="Self-check",
    )

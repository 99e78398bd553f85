"""Parts that were left out by key: at the end they are offered once more, as it may be a slip."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from kneetrack.live.card import CLOSED, Card
from kneetrack.programme.desk import HURTS, INTRO_S, Desk
from kneetrack.programme.run_of_part import Go
from kneetrack.programme.values import PlannedPart

DO_IT = "y"


def offer_again(
    parts: Sequence[PlannedPart], go: Go, desk: Desk, title: str, do: Callable[[PlannedPart], Go]
) -> Go:
    """What came of it. go: how the practice went until here; nothing is offered to who stopped."""
    for each in parts:
        if go in ("pain", "stop", "left") or desk.alone:
            break
        answer = desk.ask(left_out_card(each, title))
        if answer == DO_IT:
            go = do(each)
        elif answer in ("p", CLOSED):
            go = "pain" if answer == "p" else "stop"
    return go


def left_out_card(planned: PlannedPart, title: str) -> Card:
    """Whether a part is done after all."""
    return Card(
        headline=f"Left out: {planned.part.title}. Do it now?",
        keys={DO_IT: "yes, do it now", "n": "no, finish", **HURTS},
        auto="n",
        auto_s=INTRO_S,
        say=f"{planned.part.title} was left out. Do it now?",
        phase="rest",
        title=title,
    )

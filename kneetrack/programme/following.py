"""What the pain that was told of a practice means for the next one, in one sentence."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Final

from kneetrack.clinic_records.practice import PracticeRecord
from kneetrack.programme.doses import planned
from kneetrack.programme.values import PlannedPart, Programme

if TYPE_CHECKING:
    from kneetrack.clinic_records.people import Client
    from kneetrack.store.store import Store

LESS: Final = "Next time it will be less."
NOTHING_GROWS: Final = "Nothing grows next time."
UNTIL: Final = "until you have shown it to a clinician"
_NAMED: Final = 2


def follows_of(store: Store, client: Client, practice_id: str, today: date) -> str:
    """Of the programme that the client follows."""
    from kneetrack.programme.own import programme_for

    programme, _ = programme_for(store, client, None)
    history = store.practice_records(client.id)
    return follows_words(programme, history, practice_id, today)


def follows_words(
    programme: Programme, history: Sequence[PracticeRecord], practice_id: str, today: date
) -> str:
    """What ``doses.planned`` does after that practice; "" where it was of another programme."""
    record = next((r for r in history if r.practice.id == practice_id), None)
    if record is None:
        return ""
    facts = record.practice.facts
    if (facts.programme, facts.prescription) != (programme.title, programme.prescription):
        return ""
    tried = {part.part for part in record.parts if part.status != "skipped"}
    return _words([e for e in planned(programme, history, today) if e.part.key in tried])


def _words(parts: Sequence[PlannedPart]) -> str:
    rests = [each.part.title for each in parts if each.rests == "hurt"]
    less = any(each.change == "less" and not each.rests for each in parts)
    if not rests:
        return LESS if less else NOTHING_GROWS
    named = " and ".join(f"the {title[:1].lower()}{title[1:]}" for title in rests)
    which = f"{len(rests)} parts" if len(rests) > _NAMED else named
    told = f"Leave out {which} {UNTIL}"
    return f"{told}, and the rest will be less." if less else f"{told}."

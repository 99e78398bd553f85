"""A practice that never came to its end: the program was killed, or the computer went off."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from kneetrack.clinic_records.practice import Practice, PracticeRecord
from kneetrack.guide.pages import load_page
from kneetrack.programme import cards, words
from kneetrack.programme.desk import Desk
from kneetrack.programme.run_of_part import UNDER_WAY
from kneetrack.programme.values import Programme

if TYPE_CHECKING:
    from kneetrack.store.store import Store

BROKEN_OFF: Final = "broken off"


def end_broken_off(
    store: Store, practices: Sequence[Practice], programme: Programme, now: datetime, desk: Desk
) -> None:
    """End all that are still under way; of the last practice it is told, and pain after asked."""
    for practice in practices:
        if practice.ended == "under_way" and _own(practice):
            record = store.practice_record(practice.id)
            begun = any(part.status != "skipped" for part in record.parts)
            if not begun and practice.facts.pain_before is None:
                store.delete_practice(practice.id)
                continue
            try:
                if begun and practice is practices[-1]:
                    _tell(store, record, programme, now, desk)
            finally:
                _end(store, record)


def _own(practice: Practice) -> bool:
    return practice.facts.kind == "programme" and not practice.brought


def _tell(
    store: Store, record: PracticeRecord, programme: Programme, now: datetime, desk: Desk
) -> None:
    told = f"Last time broke off{_during(record, programme)}: {words.IN_THE_DIARY}"
    desk.tell(told)
    if desk.alone:
        return
    desk.ask(cards.told_card(told, (), title=words.BEFORE, stays_s=cards.READ_S))
    practice = record.practice
    same_day = practice.at.astimezone(now.tzinfo).date() == now.date()
    if same_day and practice.pain_after is None:
        after = desk.pain(words.PAIN_AFTER_THEN).pain
        if after is not None:
            store.tell_pain(practice.id, after=after)


def _during(record: PracticeRecord, programme: Programme) -> str:
    under_way = next((part for part in record.parts if part.why == UNDER_WAY), None)
    if under_way is None:
        return ""
    known = programme.part(under_way.part)
    title = load_page(under_way.exercise).title if known is None else known.title
    return f" during the {title[:1].lower()}{title[1:]}"


def _end(store: Store, record: PracticeRecord) -> None:
    """As long as its parts took: when it broke off nobody knows."""
    for part in record.parts:
        if part.why == UNDER_WAY:
            store.add_part(record.practice.id, replace(part, why=BROKEN_OFF))
    lasted = timedelta(seconds=sum(part.seconds for part in record.parts))
    store.end_practice(record.practice.id, "stopped", at=record.practice.at + lasted)

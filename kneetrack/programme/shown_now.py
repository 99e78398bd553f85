"""A practice as it is shown, with what the store knows of the client by now."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from kneetrack.clinic_records.people import Client
from kneetrack.programme.doses import planned
from kneetrack.programme.limits import limit_words
from kneetrack.programme.pain import rose_again
from kneetrack.programme.summary import shown_practice
from kneetrack.programme.values import Programme
from kneetrack.report.practice.facts import PracticeShown

if TYPE_CHECKING:
    from kneetrack.store.store import Store


def shown_of(
    store: Store, client: Client, programme: Programme, practice_id: str, now: datetime
) -> PracticeShown:
    """The practice, and what next time brings. Who practises at home has no code."""
    record = store.practice_record(practice_id)
    history = store.practice_records(client.id)
    own = store.own_client()
    return shown_practice(
        record,
        programme,
        planned(programme, history, now.date()),
        "" if own is not None and own.id == client.id else client.code,
        now.tzinfo,
        notes=tuple(note for note in (record.practice.note, rose_again(history)) if note),
        limits=limit_words(programme),
    )

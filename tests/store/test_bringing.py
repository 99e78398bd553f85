"""Practices from another computer."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from kneetrack.clinic_records.people import ClientFacts
from kneetrack.clinic_records.practice import PracticeRecord
from kneetrack.records import ConsentError, SettingsError
from kneetrack.store import Store, open_store
from tests.store.practising import AT, full_practice, part
from tests.storing import new_client

DAY = timedelta(days=1)


@pytest.fixture
def records(tmp_path: Path) -> list[PracticeRecord]:
    """Two practices of somebody at home."""
    with open_store(str(tmp_path / "home.db")) as home:
        me = home.make_own_client()
        for n in range(2):
            full_practice(home, me, at=AT + n * DAY, note=f"day {n}")
        return home.practice_records(me.id)


def test_they_are_the_clients_and_told_to_be_brought(
    store: Store, records: list[PracticeRecord]
) -> None:
    client = new_client(store)
    here = full_practice(store, client, at=AT + DAY / 2)
    assert store.add_brought(client.id, records) == 2
    found = store.practice_records(client.id)
    assert [r.practice.brought for r in found] == [True, False, True]
    assert [r.practice.number for r in found] == [1, 2, 3]
    first = replace(records[0].practice, client_id=client.id, brought=True)
    assert found[0].practice == first
    assert found[0].parts == tuple(replace(p, folders=()) for p in records[0].parts)
    assert found[0].signs == records[0].signs
    assert store.practice(here.id).brought is False


def test_brought_again_they_are_brought_up_to_date(
    store: Store, records: list[PracticeRecord]
) -> None:
    client = new_client(store)
    store.add_brought(client.id, records[:1])
    later = replace(
        records[0],
        practice=replace(records[0].practice, pain_next=5, note="worse"),
        parts=(part("bridge", folders=0),),
        signs=(),
    )
    assert store.add_brought(client.id, [later, records[1]]) == 1
    found = store.practice_records(client.id)
    assert len(found) == 2
    assert (found[0].practice.pain_next, found[0].practice.note) == (5, "worse")
    assert (found[0].parts, found[0].signs) == (later.parts, ())
    assert [line.detail for line in store.audit(record_id=found[0].practice.id)] == ["brought"] * 2


def test_what_was_told_here_meanwhile_stays_and_an_older_diary_undoes_nothing(
    store: Store, records: list[PracticeRecord]
) -> None:
    client = new_client(store)
    first = records[0].practice
    store.add_brought(client.id, records)
    morning = AT.astimezone().date()
    store.tell_next_morning(first.id, 4, morning)
    store.note_practice(records[1].practice.id, "told at the desk")
    store.add_brought(client.id, [records[0], replace(records[1], parts=())])
    found = store.practice_records(client.id)
    assert (found[0].practice.pain_next, found[0].practice.pain_next_on) == (4, morning)
    assert found[0].practice.note == "day 0"
    assert found[1].parts == ()
    under_way = replace(first, ended="under_way", ended_at=None, pain_after=None, note="")
    assert store.add_brought(client.id, [replace(records[0], practice=under_way, parts=())]) == 0
    assert store.practice_records(client.id) == found


def test_what_is_the_same_is_not_written_again(store: Store, records: list[PracticeRecord]) -> None:
    client = new_client(store)
    for new in (2, 0):
        assert store.add_brought(client.id, records) == new
    assert len(store.audit(record_id=records[0].practice.id)) == 1


def test_what_was_made_here_is_not_written_over(store: Store) -> None:
    me = store.make_own_client()
    full_practice(store, me, note="mine")
    (mine,) = store.practice_records(me.id)
    older = replace(mine, practice=replace(mine.practice, note="older"), parts=())
    assert store.add_brought(me.id, [older]) == 0
    assert store.practice_records(me.id) == [mine]


def test_a_diary_of_somebody_else_is_refused_whole(
    store: Store, records: list[PracticeRecord]
) -> None:
    one, other = new_client(store), new_client(store, "KT-018")
    store.add_brought(one.id, records[1:])
    with pytest.raises(SettingsError, match="that of another client"):
        store.add_brought(other.id, records)
    assert store.practices(other.id) == []
    nobody = store.add_client(ClientFacts("KT-019"))
    with pytest.raises(ConsentError):
        store.add_brought(nobody.id, records)


def test_a_diary_packed_earlier_fills_gaps_and_overwrites_nothing(
    store: Store, records: list[PracticeRecord]
) -> None:
    client = new_client(store)
    first, second = records
    told = replace(first, practice=replace(first.practice, pain_after=3, note=""))
    store.add_brought(client.id, [told, second])
    early = replace(first, practice=replace(first.practice, pain_after=6, note="Stairs."))
    store.add_brought(client.id, [early])
    found = store.practice(first.practice.id)
    assert (found.pain_after, found.note) == (3, "Stairs.")

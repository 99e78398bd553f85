"""Who practises at this computer."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import pytest

from kneetrack.clinic_records.people import ClientFacts
from kneetrack.store import Store, open_store
from tests.store.practising import full_practice
from tests.storing import new_client, new_session


def test_it_is_made_once_with_a_consent(store: Store, store_url: str, store_files: Path) -> None:
    assert store.own_client() is None
    me = store.make_own_client()
    assert (me.code, store.own_client(), store.make_own_client()) == ("me", me, me)
    consent = store.need_consent(me.id)
    assert consent.facts.allows == {"measurements"}
    assert consent.facts.given_on == date.today()
    assert consent.facts.purpose == "My own training diary on this computer."
    with open_store(store_url, files=store_files) as again:
        assert again.own_client() == me
    what = {(line.what, line.kind) for line in store.audit(record_id=me.id)}
    assert what == {("added", "client"), ("added", "consent")}


def test_another_code_does_not_make_another_client(store: Store) -> None:
    me = store.make_own_client()
    store.change_client(me.id, ClientFacts("KT-001"))
    found = store.make_own_client()
    assert (found.id, found.code) == (me.id, "KT-001")


def test_a_code_that_is_taken_is_left_to_its_client(store: Store) -> None:
    new_client(store, "Me")
    assert store.make_own_client().code == "me-2"


def test_once_deleted_there_is_none(store: Store) -> None:
    me, other = store.make_own_client(), new_client(store)
    store.delete_client(other.id)
    assert store.own_client() == me
    full_practice(store, me)
    assert store.delete_client(me.id).practices == 1
    assert store.own_client() is None
    assert not (store.files / me.id).exists()
    assert store.make_own_client().id != me.id


def test_many_at_once_make_one(store: Store) -> None:
    with ThreadPoolExecutor(8) as pool:
        made = {client.id for client in pool.map(lambda _n: store.make_own_client(), range(16))}
    assert len(made) == store.count_clients() == 1


@pytest.mark.parametrize("own", [True, False])
def test_lists_tell_who_practises_and_who_it_is(store: Store, own: bool) -> None:
    client = store.make_own_client() if own else new_client(store)
    new_session(store, client)
    practice = full_practice(store, client)
    for _ in range(2):
        full_practice(store, new_client(store, f"KT-{_}"))
    line = next(line for line in store.client_lines() if line.client == client)
    assert (line.practices, line.last_practice_at, line.own) == (1, practice.at, own)
    assert (line.sessions, line.last_session_at) == (1, None)

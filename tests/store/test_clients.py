"""Clients: found by code without regard to case, listed by their last visit, changed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import event

from kneetrack.clinic_records.people import ClientFacts
from kneetrack.records import SettingsError, UnknownRecordError
from kneetrack.store import Store
from tests.storing import finished_trial, new_client, new_session

WHEN = datetime(2026, 10, 5, 9, 30, tzinfo=UTC)


def test_what_is_added_is_found_by_code_and_id(store: Store) -> None:
    facts = ClientFacts("Ü-017 b", "Zoë", 1984, "both", "notes in\nlines")
    client = store.add_client(facts)
    assert store.client("ü-017 B") == store.client(client.id) == client
    assert client.facts == facts
    assert client.created_at.utcoffset() == timedelta(0)


def test_a_code_is_taken_whatever_its_case(store: Store) -> None:
    store.add_client(ClientFacts("KT-1"))
    with pytest.raises(SettingsError, match=r"code .kt-1. is taken"):
        store.add_client(ClientFacts("kt-1"))
    other = store.add_client(ClientFacts("KT-2"))
    with pytest.raises(SettingsError, match="taken"):
        store.change_client(other.id, ClientFacts("kt-1"))
    assert store.client("KT-2") == other
    assert store.change_client(other.id, ClientFacts("kt-2")).code == "kt-2"


def test_an_unknown_code_names_the_nearest(store: Store) -> None:
    store.add_client(ClientFacts("KT-017"))
    with pytest.raises(UnknownRecordError, match=r"'kt-071'; did you mean KT-017\?"):
        store.client("kt-071")
    with pytest.raises(UnknownRecordError, match=r"'zzz'$"):
        store.client("zzz")


def test_a_change_tells_the_fields_and_no_value(store: Store) -> None:
    client = store.add_client(ClientFacts("KT-017", notes="old words"))
    store.change_client(client.id, replace(client.facts, notes="new words", birth_year=1990))
    line = store.audit(record_id=client.id)[0]
    assert (line.what, line.kind, line.by) == ("changed", "client", "Kim")
    assert line.detail == "birth_year, notes"
    count = len(store.audit())
    store.change_client(client.id, store.client(client.id).facts)
    assert len(store.audit()) == count, "nothing changed"
    with pytest.raises(UnknownRecordError):
        store.change_client("0" * 32, client.facts)


def test_lines_come_last_measured_first(store: Store) -> None:
    clients = [new_client(store, f"KT-{n}", initials="ÄB" if n == 2 else "") for n in range(4)]
    for n, days in ((1, 1), (2, 5), (2, 3)):
        finished_trial(store, new_session(store, clients[n], at=WHEN + timedelta(days=days)))
    for n in (0, 2):
        new_session(store, clients[n], at=WHEN + timedelta(days=9))
    lines = store.client_lines()
    assert [line.client.code for line in lines] == ["KT-2", "KT-1", "KT-3", "KT-0"]
    assert [line.sessions for line in lines] == [3, 1, 0, 1], "one that is only begun, too"
    assert lines[0].last_session_at == WHEN + timedelta(days=5)
    assert lines[3].last_session_at is None
    assert [n.client.code for n in store.client_lines(offset=1, limit=2)] == ["KT-1", "KT-3"]
    assert [n.client.code for n in store.client_lines("äb")] == ["KT-2"]
    assert [n.client.code for n in store.client_lines("kt-3")] == ["KT-3"]
    assert store.client_lines("%") == store.client_lines("_") == []
    assert (store.count_clients(), store.count_clients("äb"), store.count_clients("x")) == (4, 1, 0)


def test_a_line_tells_what_holds_and_what_did(store: Store) -> None:
    today = date.today()
    fresh = new_client(store, "A", allows=frozenset({"measurements", "video"}))
    past = new_client(
        store, "B", given_on=today - timedelta(9), keep_until=today - timedelta(days=1)
    )
    gone = new_client(store, "C")
    store.withdraw_consent(store.consents(gone.id)[0].id)
    store.add_client(ClientFacts("D"))
    lines = {line.client.code: line for line in store.client_lines()}
    assert lines["A"].consent == lines["A"].newest == store.consent_now(fresh.id)
    assert [lines[code].consent for code in "BCD"] == [None] * 3
    assert lines["B"].newest == store.consents(past.id)[0]
    assert lines["C"].newest is not None
    assert lines["C"].newest.withdrawn_on == today
    assert lines["D"].newest is None


def test_a_page_of_the_list_is_one_question(store: Store) -> None:
    for n in range(12):
        session = new_session(store, new_client(store, f"KT-{n}"))
        finished_trial(store, session)
    asked: list[str] = []

    def listen(_c: object, _cursor: object, statement: str, *_more: object) -> None:
        asked.append(statement)

    event.listen(store._engine, "before_cursor_execute", listen)
    assert len(store.client_lines()) == 12
    assert len([text for text in asked if text.lstrip().startswith("SELECT")]) == 1

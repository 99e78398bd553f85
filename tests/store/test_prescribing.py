"""Prescriptions: at most one holds, and all of them stay on record."""

from __future__ import annotations

import pytest

from kneetrack.clinic_records.people import ClientFacts
from kneetrack.records import ConsentError, SettingsError, UnknownRecordError
from kneetrack.store import Store
from tests.store.practising import PROGRAMME
from tests.storing import new_client


def test_the_newest_holds(store: Store) -> None:
    client, other = new_client(store), new_client(store, "KT-018")
    assert store.prescription_now(client.id) is None
    first = store.prescribe(client.id, "Hips", PROGRAMME, "gently")
    assert store.prescription_now(client.id) == first == store.prescription(first.id)
    assert (first.number, first.by, first.text, first.note) == (1, "Kim", PROGRAMME, "gently")
    second = store.prescribe(client.id, "Hips, more", PROGRAMME)
    assert store.prescription_now(client.id) == second
    assert second.number == 2
    found = store.prescriptions(client.id)
    assert [p.number for p in found] == [1, 2]
    assert [p.withdrawn_at is None for p in found] == [False, True]
    assert store.prescriptions(other.id) == []


def test_withdrawn_no_older_one_comes_back(store: Store) -> None:
    client = new_client(store)
    store.prescribe(client.id, "Hips", PROGRAMME)
    second = store.prescribe(client.id, "Hips", PROGRAMME)
    withdrawn = store.withdraw_prescription(second.id)
    assert withdrawn.withdrawn_at is not None
    assert store.withdraw_prescription(second.id) == withdrawn, "once is enough"
    assert store.prescription_now(client.id) is None
    assert store.prescribe(client.id, "Hips", PROGRAMME).number == 3


def test_the_audit_names_no_contents(store: Store) -> None:
    client = new_client(store)
    made = store.prescribe(client.id, "Zuckerhut", PROGRAMME, "Remarkable")
    store.withdraw_prescription(made.id)
    lines = store.audit(record_id=made.id)
    assert [line.what for line in lines] == ["withdrawn", "added"]
    assert {(line.kind, line.client_id) for line in lines} == {("prescription", client.id)}
    assert "Zuckerhut" not in str(lines) and "Remarkable" not in str(lines)


def test_what_cannot_be_prescribed_is_told(store: Store) -> None:
    nobody = store.add_client(ClientFacts("KT-001"))
    with pytest.raises(ConsentError, match="no consent yet"):
        store.prescribe(nobody.id, "Hips", PROGRAMME)
    client = new_client(store)
    for text, note in ((" ", ""), ("x" * 100_001, ""), (PROGRAMME, "x" * 4001)):
        with pytest.raises(SettingsError, match="at most"):
            store.prescribe(client.id, "Hips", text, note)
    assert store.prescriptions(client.id) == []
    with pytest.raises(UnknownRecordError, match="prescription"):
        store.withdraw_prescription("0" * 32)

"""Users, sign-ins and audit lines."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from kneetrack.records import SettingsError, UnknownRecordError
from kneetrack.store import Store
from tests.storing import finished_trial, new_client, new_session

NOW = datetime.now(UTC) + timedelta(days=1)  # the store drops what is over by its own clock
LATER = NOW + timedelta(hours=8)


def test_names_are_taken_whatever_their_case(store: Store) -> None:
    user = store.add_user("Änne", "clinician", "hash")
    assert store.user("ÄNNE") == user
    assert store.password_hash("änne") == "hash"
    assert store.password_hash("nobody") is None
    with pytest.raises(SettingsError, match="taken"):
        store.add_user("änne", "viewer", "other")
    with pytest.raises(UnknownRecordError, match="nobody"):
        store.user("nobody")
    store.add_user("Bea", "viewer", "x")
    assert [u.name for u in store.users()] == ["Bea", "Änne"]
    assert "hash" not in str(store.audit())


def test_a_change_ends_their_sign_ins(store: Store) -> None:
    user, other = store.add_user("A", "clinician", "x"), store.add_user("B", "viewer", "y")
    for token, who in (("a" * 64, user), ("b" * 64, other)):
        store.save_sign_in(token, who.id, LATER)
    assert store.signed_in("a" * 64, NOW) == user
    store.change_user(user.id, password_hash="z")
    assert store.signed_in("a" * 64, NOW) is None
    assert store.signed_in("b" * 64, NOW) == other
    assert store.password_hash("A") == "z"
    assert store.audit(record_id=user.id)[0].detail == "password_hash"


def test_the_last_clinician_stays(store: Store) -> None:
    user, viewer = store.add_user("A", "clinician", "x"), store.add_user("B", "viewer", "y")
    for change in ({"active": False}, {"role": "viewer"}):
        with pytest.raises(SettingsError, match="last clinician"):
            store.change_user(user.id, **change)
    assert store.user("A") == user
    store.change_user(viewer.id, role="clinician")
    assert store.change_user(user.id, active=False).active is False
    assert store.password_hash("A") is None


def test_a_sign_in_ends(store: Store) -> None:
    user = store.add_user("A", "clinician", "x")
    store.save_sign_in("a" * 64, user.id, NOW + timedelta(minutes=5))
    assert store.signed_in("a" * 64, NOW + timedelta(minutes=6)) is None
    store.save_sign_in("a" * 64, user.id, LATER)
    assert store.signed_in("a" * 64, NOW + timedelta(minutes=6)) == user
    store.end_sign_in("a" * 64)
    store.end_sign_in("a" * 64)
    assert store.signed_in("a" * 64, NOW) is None
    what = [line.what for line in store.audit(kind="user")]
    assert what == ["signed out", "signed in", "added"]


def test_audit_lines_of_a_client_hold_everything_of_theirs(store: Store) -> None:
    client, other = new_client(store), new_client(store, "KT-018")
    trial = finished_trial(store, new_session(store, client))
    store.note_audit("exported", "client", client.id, "zip")
    lines = store.audit(record_id=client.id)
    assert [(n.what, n.kind) for n in lines] == [
        ("exported", "client"),
        ("finished", "trial"),
        ("added", "trial"),
        ("added", "session"),
        ("added", "consent"),
        ("added", "client"),
    ]
    assert [n.what for n in store.audit(record_id=trial.id)] == ["finished", "added"]
    assert len(store.audit(record_id=other.id)) == 2
    assert store.audit(record_id=client.id, offset=1, limit=2) == lines[1:3]
    assert [n.record_id for n in store.audit(kind="client")] == [client.id, other.id, client.id]

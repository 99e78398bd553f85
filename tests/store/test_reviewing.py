"""Corrections stay on record, scores are confirmed item by item, own limits are adopted whole."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from kneetrack.clinic_records.numbers import Reliability
from kneetrack.clinic_records.visits import Correction, ScoreItem
from kneetrack.records import UnknownRecordError
from kneetrack.store import Store
from tests.storing import finished_trial, new_client, new_session

NEVER = datetime(2000, 1, 1, tzinfo=UTC)


def test_a_correction_is_made_and_withdrawn(store: Store) -> None:
    trial = finished_trial(store, new_session(store, new_client(store)))
    given = Correction(
        "",
        trial.id,
        "landmark",
        {"t_s": 1.25, "landmark": 25},
        {"xy_px": [1.5, 2.0]},
        {"xy_px": [3.0, 4.0]},
        "on the trouser",
        "somebody else",
        NEVER,
    )
    made = store.acting_as("Robin").add_correction(given)
    assert (made.by, len(made.id)) == ("Robin", 32)
    assert made.at > NEVER
    assert made.target == given.target
    second = store.add_correction(replace(given, kind="verdict", after={"status": "ok"}))
    assert store.corrections(trial.id) == [made, second]
    gone = store.withdraw_correction(made.id)
    assert gone.withdrawn_at is not None
    assert store.withdraw_correction(made.id) == gone
    assert store.corrections(trial.id) == [second]
    assert store.corrections(trial.id, withdrawn=True) == [gone, second]
    lines = [(n.what, n.by) for n in store.audit(kind="correction")]
    assert lines == [("withdrawn", "Kim"), ("added", "Kim"), ("added", "Robin")]
    with pytest.raises(UnknownRecordError, match="correction"):
        store.withdraw_correction("x")


def test_a_sheet_is_confirmed_item_by_item(store: Store) -> None:
    session = new_session(store, new_client(store))
    items = (ScoreItem("knee", 1, "KFO 8 %"), ScoreItem("pelvis", None, "for the clinician"))
    first = store.save_score(session.id, "slsq_left", "qasls", "left", items)
    assert first.total is None
    some = (replace(items[0], confirmed=1), items[1])
    mine = store.acting_as("Robin").save_score(session.id, "slsq_left", "qasls", "left", some)
    assert mine.id == first.id
    assert mine.items[0].by == "Robin"
    assert mine.items[0].at is not None
    every = (mine.items[0], replace(items[1], confirmed=0))
    done = store.save_score(session.id, "slsq_left", "qasls", "left", every)
    assert [item.by for item in done.items] == ["Robin", "Kim"]
    assert done.total == 1
    other = store.save_score(session.id, "slsq_right", "qasls", "right", items)
    assert store.scores(session.id) == [done, other]
    details = [n.detail for n in store.audit(record_id=first.id)]
    assert details == ["pelvis", "knee", "pelvis", "knee"], "one line a changed item"


def test_a_confirmation_can_be_taken_back(store: Store) -> None:
    session = new_session(store, new_client(store))
    store.save_score(session.id, "slsq", "lsd", "left", [ScoreItem("knee", 1, "", 2)])
    (item,) = store.save_score(session.id, "slsq", "lsd", "left", [ScoreItem("knee", 1)]).items
    assert (item.confirmed, item.by, item.at) == (None, "", None)


def test_own_limits_replace_each_other(store: Store) -> None:
    row = Reliability("kfo", "squat", "front", "ratio", 12, 2, None, 0.02, 0.055)
    assert store.adopted_reliability() == []
    store.adopt_reliability([row, replace(row, measure="ktsr", icc=0.81)])
    first = store.adopted_reliability()
    assert [(r.measure, r.icc, r.by) for r in first] == [
        ("kfo", None, "Kim"),
        ("ktsr", 0.81, "Kim"),
    ]
    assert first[0].adopted_at is not None
    assert store.adopt_reliability([row]) == store.adopted_reliability()
    assert store.adopt_reliability([]) == []
    assert [n.what for n in store.audit(kind="reliability")] == ["withdrawn", "adopted", "adopted"]

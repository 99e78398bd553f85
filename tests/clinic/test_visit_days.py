"""Days of visits: where the clinic is, in the order in which they were begun."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from kneetrack.clinic.cohort import _rows
from kneetrack.clinic.correction_words import line
from kneetrack.clinic.protocols import load_protocol
from kneetrack.clinic.visit import Wanted, begin_visit, day_of
from kneetrack.clinic_records.visits import Correction
from kneetrack.store import Store
from tests.storing import finished_trial, new_client, new_session

DAY = date(2026, 5, 3)


def wanted(code: str) -> Wanted:
    return Wanted(code, load_protocol("lower-limb"), new=True, on=DAY)


def test_several_visits_of_one_day_are_numbered_as_they_were_begun(store: Store) -> None:
    client = new_client(store)
    begun = [begin_visit(store, wanted(client.code)).session for _ in range(6)]
    assert [session.number for session in begun] == [1, 2, 3, 4, 5, 6]
    assert [s.id for s in store.sessions(client.id)] == [session.id for session in begun]
    assert {day_of(session) for session in begun} == {DAY}


def test_numbers_close_up_after_a_deletion_and_the_order_stays(store: Store) -> None:
    client = new_client(store)
    begun = [begin_visit(store, wanted(client.code)).session for _ in range(3)]
    store.delete_session(begun[1].id)
    left = store.sessions(client.id)
    assert [(s.id, s.number) for s in left] == [(begun[0].id, 1), (begun[2].id, 2)]


def test_the_days_of_a_cohort_are_days_and_not_spans_of_24_hours(store: Store) -> None:
    client = new_client(store)
    first = datetime(2026, 9, 7, 15, 0).astimezone()
    for at in (first, first + timedelta(hours=20)):
        finished_trial(store, new_session(store, client, at=at.astimezone(UTC)))
    days = {row[3]: row[4] for row in _rows(store, client)}
    assert days == {1: 0, 2: 1}


def test_the_day_of_a_correction_is_the_clinics(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "America/Los_Angeles")
    time.tzset()
    try:
        at = datetime(2026, 11, 27, 6, 30, tzinfo=UTC)  # 22:30 on the day before
        target = {"rep": 1, "rule": "knee_valgus", "side": "left"}
        made = Correction(
            "c", "t", "verdict", target, {"status": "ok"}, {"status": "watch"}, "seen", "KF", at
        )
        assert line(made).endswith("KF, 2026-11-26")
    finally:
        monkeypatch.undo()
        time.tzset()


def test_sessions_that_get_another_number_are_named(store: Store) -> None:
    client = new_client(store)
    for day in (3, 29):
        begin_visit(store, replace(wanted(client.code), on=date(2026, 5, day)))
    visit = begin_visit(store, replace(wanted(client.code), on=date(2026, 5, 12)))
    assert visit.session.number == 2
    (remark,) = visit.remarks
    assert "session 2 of 29 May 2026 is now 3" in remark
    assert "2026-05-29 in place of 3" in remark
    assert begin_visit(store, replace(wanted(client.code), on=date(2026, 5, 30))).remarks == ()

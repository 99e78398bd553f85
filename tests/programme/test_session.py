"""Whole practices by ear, on a simulated clock, through to the store and the page."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from kneetrack.clinic_records.practice import PracticeRecord
from kneetrack.store import Store
from tests.programme.by_clock import practise

NOW = datetime(2026, 5, 4, 18, 0, tzinfo=UTC)


def kept(store: Store) -> PracticeRecord:
    """The newest practice."""
    client = store.own_client()
    assert client is not None
    return store.practice_records(client.id)[-1]


def test_a_practice_by_ear_from_the_first_question_to_the_page(store: Store) -> None:
    done = practise(store, NOW)
    record = kept(store)
    assert record.practice.ended == "done"
    assert (record.practice.facts.pain_before, record.practice.pain_after) == (0, 0)
    assert not record.practice.facts.camera
    release, lunge = record.parts
    assert (release.status, release.seconds) == ("done", pytest.approx(20, abs=0.2))
    assert (lunge.status, lunge.sets_done, lunge.reps_done) == ("done", 2, 8)
    assert (lunge.clean, lunge.judged_by) == ("yes", "self")
    assert done.shown is not None and done.shown.page is not None
    page = done.shown.page.read_text("utf-8")
    assert "8 repetitions" in page and "kneetrack diary pain" in page
    assert any("kneetrack diary pain" in line for line in done.told)

"""Sessions and trials: numbers, attempts, and which of them counts."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest

from kneetrack.clinic_records.visits import SetupFacts
from kneetrack.records import SettingsError, StoreError, UnknownRecordError
from kneetrack.store import Store
from tests.storing import finished_trial, lay_files, new_client, new_session, numbers

WHEN = datetime(2026, 10, 5, 9, 30, tzinfo=UTC)


def test_sessions_are_numbered_by_time(store: Store) -> None:
    client, other = new_client(store), new_client(store, "KT-018")
    late = new_session(store, client, at=WHEN + timedelta(days=42))
    east = timezone(timedelta(hours=2))
    early = new_session(store, client, at=WHEN.astimezone(east))
    foreign = new_session(store, other, at=WHEN + timedelta(days=1))
    assert (late.number, early.number, foreign.number) == (1, 1, 1)
    found = store.sessions(client.id)
    assert [(s.id, s.number) for s in found] == [(early.id, 1), (late.id, 2)]
    assert found[0].at == WHEN
    assert found[0].at.tzinfo is UTC
    assert store.session(late.id).number == 2
    recent = store.recent_sessions(2)
    assert [(s.id, s.number) for s in recent] == [(late.id, 2), (foreign.id, 1)]


def test_a_session_is_changed_closed_and_opened(store: Store) -> None:
    session = new_session(store, new_client(store))
    setup = replace(session.setup, distance_m=2.5, camera="phone")
    assert store.change_session(session.id, setup=setup, notes="tired").setup == setup
    line = store.audit(record_id=session.id)[0]
    assert (line.what, line.detail) == ("changed", "distance_m, camera, notes")
    assert store.close_session(session.id).closed_at is not None
    assert store.close_session(session.id, closed=False).closed_at is None
    lines = [line.what for line in store.audit(record_id=session.id)]
    assert lines == ["opened", "closed", "changed", "added"]
    with pytest.raises(UnknownRecordError, match="session"):
        store.change_session("nothing", setup=SetupFacts())


def test_a_trial_from_beginning_to_end(store: Store) -> None:
    session = new_session(store, new_client(store))
    trial = store.begin_trial(session.id, "squat", "front", "camera")
    assert (trial.status, trial.attempt, trial.origin) == ("under_way", 1, "camera")
    folder = store.trial_folder(trial.id)
    assert folder.is_dir()
    assert folder.is_relative_to(store.files)
    assert store.unfinished_trials() == [trial]
    with pytest.raises(StoreError, match=r"no result\.json"):
        store.finish_trial(trial.id, numbers(trial.id))
    lay_files(folder)
    done = store.finish_trial(trial.id, numbers(trial.id, reps=4), clip_sha256="ab" * 32)
    assert (done.status, done.exercise, done.reps_valid, done.reps_total) == ("good", "squat", 4, 4)
    assert done.clip_sha256 == "ab" * 32
    assert not done.clip_kept
    assert store.unfinished_trials() == []
    assert store.note_trial(trial.id, "heel lifted").note == "heel lifted"


def test_of_several_attempts_the_newest_counts(store: Store) -> None:
    session = new_session(store, new_client(store))
    first, side = finished_trial(store, session), finished_trial(store, session, view="side")
    second = finished_trial(store, session)
    assert (first.attempt, second.attempt, side.attempt) == (1, 2, 1)
    found = {t.id: (t.status, t.reason) for t in store.trials(session.id)}
    assert list(found) == [first.id, side.id, second.id]
    assert found[first.id] == ("rejected", "repeated")
    assert found[second.id] == found[side.id] == ("good", "")
    store.restore_trial(first.id)
    assert [t.status for t in store.trials(session.id)] == ["good", "good", "rejected"]


def test_an_older_attempt_that_is_ready_later_does_not_count(store: Store) -> None:
    session = new_session(store, new_client(store))
    slow = store.begin_trial(session.id, "squat", "front", "clip")
    quick = finished_trial(store, session)
    lay_files(store.trial_folder(slow.id))
    assert store.finish_trial(slow.id, numbers(slow.id)).reason == "repeated"
    assert store.trial(quick.id).status == "good"


def test_rejected_failed_restored(store: Store) -> None:
    session = new_session(store, new_client(store))
    trial = finished_trial(store, session)
    with pytest.raises(SettingsError, match="reason"):
        store.reject_trial(trial.id, "  ")
    rejected = store.reject_trial(trial.id, "shoes on")
    assert (rejected.status, rejected.reason) == ("rejected", "shoes on")
    line = store.audit(record_id=trial.id)[0]
    assert (line.what, line.detail) == ("rejected", "reason")
    restored = store.restore_trial(trial.id)
    assert (restored.status, restored.reason) == ("good", "")
    failed = store.begin_trial(session.id, "squat", "front", "clip")
    assert store.fail_trial(failed.id, "nobody seen").reason == "nobody seen"
    with pytest.raises(SettingsError, match="never analysed"):
        store.restore_trial(failed.id)
    lay_files(store.trial_folder(failed.id))
    assert store.finish_trial(failed.id, numbers(failed.id)).status == "good", "tried again"


def test_rejected_while_it_was_analysed_it_stays_so(store: Store) -> None:
    session = new_session(store, new_client(store))
    good = finished_trial(store, session)
    trial = store.begin_trial(session.id, "squat", "front", "clip")
    store.reject_trial(trial.id, "stumbled")
    lay_files(store.trial_folder(trial.id))
    assert store.finish_trial(trial.id, numbers(trial.id)).status == "rejected"
    assert store.trial(good.id).status == "good"
    assert store.restore_trial(trial.id).status == "good"
    assert store.trial(good.id).status == "rejected"


@pytest.mark.parametrize("method", ["trial", "trial_folder", "rep_lines", "corrections"])
def test_unknown_trials_are_told(store: Store, method: str) -> None:
    with pytest.raises(UnknownRecordError, match="no take is known by 'x'"):
        getattr(store, method)("x")


def test_deleting_a_session_takes_its_folders(store: Store) -> None:
    client = new_client(store)
    session, other = new_session(store, client), new_session(store, client)
    trial, kept = finished_trial(store, session, clip=True), finished_trial(store, other)
    folder = store.trial_folder(trial.id)
    gone = store.delete_session(session.id)
    assert (gone.clients, gone.sessions, gone.trials, gone.left) == (0, 1, 1, ())
    assert gone.files == 3
    assert not folder.exists()
    assert store.trials(other.id) == [kept]
    with pytest.raises(UnknownRecordError):
        store.session(session.id)

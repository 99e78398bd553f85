"""A take's way into the store: what is kept, what is not, and what a kill leaves."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from kneetrack.clinic import picturing
from kneetrack.clinic.at_work import LOCK_FILE, at_work, fail_left_over, is_at_work
from kneetrack.clinic.intake import check_trial, take_clip, take_landmarks
from kneetrack.clinic.kept import (
    clip_path,
    current_result,
    frames_path,
    landmarks_of,
    original_result,
)
from kneetrack.clinic.protocols import load_protocol
from kneetrack.clinic_records.kinds import ViewAsked
from kneetrack.clinic_records.plans import Step
from kneetrack.clinic_records.visits import Session, Trial
from kneetrack.records import ConsentError, OutputError, StoreError, UnknownRecordError
from kneetrack.report.writing import output_error
from kneetrack.store import Store
from tests.clinic.staged import Reader, clip, landmarks, stage, track
from tests.storing import new_client, new_session

NAME = "Jane Doe 1984.mp4"


def step(key: str = "squat") -> Step:
    found = load_protocol("lower-limb").step(key)
    assert found is not None
    return found


@pytest.fixture
def reader(monkeypatch: pytest.MonkeyPatch) -> Reader:
    return stage(monkeypatch)


@pytest.fixture
def session(store: Store) -> Session:
    return new_session(store, new_client(store))


def take(
    store: Store, session: Session, path: Path, key: str = "squat", view: ViewAsked = "front"
) -> Trial:
    trial = store.begin_trial(session.id, key, view, "clip")
    return take_clip(store, trial.id, step(key), path)


def test_a_good_take_counts_with_its_files_and_rows(
    store: Store, session: Session, reader: Reader, tmp_path: Path
) -> None:
    path = clip(tmp_path, NAME, "squat front")
    trial = take(store, session, path)
    assert (trial.status, trial.reason, trial.note) == ("good", "", "")
    assert (trial.exercise, trial.reps_valid, trial.reps_total) == ("squat", 5, 5)
    assert len(trial.clip_sha256) == 64 and not trial.clip_kept
    assert original_result(store, trial.id) == current_result(store, trial.id)
    assert len(original_result(store, trial.id).reps) == 5
    assert len(landmarks_of(store, trial.id).track) == len(track("squat front"))
    assert frames_path(store, trial.id).read_text("utf-8").startswith("frame,t_s")
    assert clip_path(store, trial.id) is None
    assert {r.view for r in store.readings(trial_ids=[trial.id])} == {"front"}
    check = check_trial(store, trial, step())
    assert check is not None and check.good


def test_the_name_of_a_clip_is_kept_nowhere(
    store: Store, session: Session, reader: Reader, tmp_path: Path
) -> None:
    trials = [
        take(store, session, clip(tmp_path, NAME, what)) for what in ("squat front", "broken")
    ]
    assert [t.status for t in trials] == ["good", "failed"]
    assert trials[1].reason == "cannot read the clip: the clip is no video"
    assert current_result(store, trials[0].id).source.file == "squat-front"
    assert "the clip has a changing rate" in current_result(store, trials[0].id).notes
    for folder, _, names in os.walk(tmp_path / "clinic"):
        for name in names:
            data = (Path(folder) / name).read_bytes()
            assert b"Jane" not in data and os.fsencode(tmp_path) not in data, name


def test_a_wrong_view_is_kept_and_says_so(
    store: Store, session: Session, reader: Reader, tmp_path: Path
) -> None:
    trial = take(store, session, clip(tmp_path, NAME, "squat side"))
    assert trial.status == "good"
    assert trial.note == (
        "seen from the side; this was to be the front take: film again or reject it"
    )
    assert {r.view for r in store.readings(trial_ids=[trial.id])} == {"side"}


def test_another_exercise_is_rejected_and_leaves_the_good_one_standing(
    store: Store, session: Session, reader: Reader, tmp_path: Path
) -> None:
    good = take(store, session, clip(tmp_path, "1.mp4", "squat front"))
    wrong = take(store, session, clip(tmp_path, "2.mp4", "lateral_lunge front"))
    assert (wrong.status, wrong.attempt) == ("rejected", 2)
    assert "looks like a lateral lunge" in wrong.reason
    assert store.trial(good.id).status == "good"
    assert store.restore_trial(wrong.id).status == "good"
    assert store.trial(good.id).reason == "repeated"


@pytest.mark.parametrize(
    ("what", "reason"), [("nobody", "nobody was seen"), ("broken", "is no video")]
)
def test_what_cannot_be_analysed_fails_with_the_reason_and_keeps_nothing(
    store: Store, session: Session, reader: Reader, tmp_path: Path, what: str, reason: str
) -> None:
    trial = take(store, session, clip(tmp_path, NAME, what))
    assert trial.status == "failed" and reason in trial.reason
    assert list(store.trial_folder(trial.id).iterdir()) == []
    assert check_trial(store, trial, step()) is None
    with pytest.raises(UnknownRecordError, match="squat:front#1 has no result"):
        current_result(store, trial.id)


def test_ctrl_c_loses_this_take_alone(
    store: Store, session: Session, reader: Reader, tmp_path: Path
) -> None:
    good = take(store, session, clip(tmp_path, "1.mp4", "squat front"))
    with pytest.raises(KeyboardInterrupt):
        take(store, session, clip(tmp_path, "2.mp4", "stop"))
    assert [t.status for t in store.trials(session.id)] == ["good", "failed"]
    assert "broken off" in store.trials(session.id)[1].reason
    assert store.trial(good.id).status == "good"


def test_a_full_disk_is_told_and_the_trial_failed(
    store: Store,
    session: Session,
    reader: Reader,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def full(store: Store, trial_id: str, *_: object, **__: object) -> None:
        full = OSError(errno.ENOSPC, "No space left on device")
        raise output_error(store.trial_folder(trial_id), full)

    monkeypatch.setattr(picturing, "picture_trial", full)
    trial = store.begin_trial(session.id, "squat", "front", "clip")
    with pytest.raises(OutputError, match=r"the disk is full; free some space$"):
        take_clip(store, trial.id, step(), clip(tmp_path, NAME, "squat front"))
    failed = store.trial(trial.id)
    assert failed.status == "failed" and str(tmp_path) not in failed.reason
    assert list(store.trial_folder(trial.id).iterdir()) == []


def test_landmarks_of_a_live_session_go_the_same_way(
    store: Store, session: Session, tmp_path: Path
) -> None:
    trial = store.begin_trial(session.id, "stance_left", "front", "camera")
    seen = landmarks(clip(tmp_path, "x", "y"), track("single_leg_stance left"))
    done = take_landmarks(store, trial.id, step("stance_left"), seen)
    assert (done.status, done.exercise, done.reps_total) == ("good", "single_leg_stance", 1)


def test_a_lock_tells_who_is_at_work(tmp_path: Path) -> None:
    assert not is_at_work(tmp_path)
    with at_work(tmp_path):
        assert is_at_work(tmp_path)
    assert not is_at_work(tmp_path)
    (tmp_path / LOCK_FILE).touch()
    assert not is_at_work(tmp_path)


def test_what_a_crash_left_is_failed_and_what_is_at_work_is_not(
    store: Store, session: Session
) -> None:
    left = store.begin_trial(session.id, "squat", "front", "clip")
    (store.trial_folder(left.id) / ".part-1.mp4").write_bytes(b"half a clip")
    busy = store.begin_trial(session.id, "squat", "side", "clip")
    with at_work(store.trial_folder(busy.id)):
        assert [t.id for t in fail_left_over(store, session.id)] == [left.id]
    assert "broken off" in store.trial(left.id).reason
    assert list(store.trial_folder(left.id).iterdir()) == []
    assert store.trial(busy.id).status == "under_way"
    assert [t.id for t in fail_left_over(store)] == [busy.id]


def test_a_damaged_store_says_which_file(
    store: Store, session: Session, reader: Reader, tmp_path: Path
) -> None:
    trial = take(store, session, clip(tmp_path, NAME, "squat front"))
    (store.trial_folder(trial.id) / "result.json").write_text("{", "utf-8")
    with pytest.raises(StoreError, match=r"result\.json of the take is damaged"):
        current_result(store, trial.id)
    (store.trial_folder(trial.id) / "landmarks.npz").unlink()
    with pytest.raises(StoreError, match=r"landmarks\.npz is missing"):
        landmarks_of(store, trial.id)


@pytest.mark.parametrize("what", ["squat front", "single_leg_squat front right"])
def test_ctrl_c_after_a_take_was_finished_takes_nothing_back(
    store: Store,
    session: Session,
    reader: Reader,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    what: str,
) -> None:
    """It counts, or was rejected, already: an earlier one has given way to it."""
    whole = Store.finish_trial

    def finished(self: Store, *args: object, **more: object) -> Trial:
        whole(self, *args, **more)  # type: ignore[arg-type]
        raise KeyboardInterrupt

    first = take(store, session, clip(tmp_path, "a.mp4", "squat front"))
    monkeypatch.setattr(Store, "finish_trial", finished)
    with pytest.raises(KeyboardInterrupt):
        take(store, session, clip(tmp_path, "b.mp4", what))
    old, new = store.trials(session.id)
    assert (old.id, old.status) == (first.id, "rejected" if what == "squat front" else "good")
    assert new.status == ("good" if what == "squat front" else "rejected")
    assert original_result(store, new.id).reps


def test_a_consent_withdrawn_while_a_clip_is_analysed_leaves_nothing(
    store: Store,
    session: Session,
    reader: Reader,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    whole = picturing.picture_trial

    def withdrawn(*args: object, **more: object) -> object:
        store.withdraw_consent(store.consents(session.client_id)[0].id)
        return whole(*args, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(picturing, "picture_trial", withdrawn)
    trial = store.begin_trial(session.id, "squat", "front", "clip")
    with pytest.raises(ConsentError, match="withdrawn"):
        take_clip(store, trial.id, step(), clip(tmp_path, "a.mp4", "squat front"))
    assert store.trial(trial.id).status == "failed"
    assert not list(store.trial_folder(trial.id).iterdir())


def test_a_client_deleted_while_a_clip_is_analysed_leaves_nothing(
    store: Store,
    session: Session,
    reader: Reader,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    whole = picturing.picture_trial

    def deleted(*args: object, **more: object) -> object:
        done = whole(*args, **more)  # type: ignore[arg-type]
        store.delete_client(session.client_id)
        folder.mkdir(parents=True)
        (folder / "landmarks.npz").write_bytes(b"too late")
        return done

    monkeypatch.setattr(picturing, "picture_trial", deleted)
    trial = store.begin_trial(session.id, "squat", "front", "clip")
    folder = store.trial_folder(trial.id)
    with pytest.raises(UnknownRecordError):
        take_clip(store, trial.id, step(), clip(tmp_path, "a.mp4", "squat front"))
    assert not (store.files / session.client_id).exists()

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from kneetrack.clinic.intake import restore_trial
from kneetrack.clinic.protocols import load_protocol
from kneetrack.clinic.takecheck import check_take
from kneetrack.clinic.trial_notes import TrialNotes, noted, notes_of
from kneetrack.clinic_records.plans import Step
from kneetrack.clinic_records.visits import Session
from kneetrack.store import Store, open_store
from tests.web import filling


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(str(tmp_path / "clinic.db"), by="tester") as opened:
        yield opened


@pytest.fixture
def session(store: Store) -> Session:
    client = filling.fill_client(store)
    return store.begin_session(client.id, "lower-limb", 1, filling.SETUP, at=filling.FIRST)


def of(key: str) -> Step:
    found = load_protocol("lower-limb").step(key)
    assert found is not None
    return found


def test_a_note_of_ones_own_leaves_what_the_check_wrote(store: Store, session: Session) -> None:
    trial = filling.fill_trial(store, session.id, of("squat"), "front", clip=False)
    more = replace(of("squat"), reps=7)
    check = check_take(more, "front", filling.take("squat", "both", "front"))
    trial = store.note_trial(trial.id, check.text)
    assert notes_of(store, trial, more) == TrialNotes(seen=check.text)
    trial = noted(store, trial, more, "held the rail; tired")
    assert notes_of(store, trial, more) == TrialNotes("held the rail; tired", check.text)
    assert check.text in trial.note and "held the rail; tired" in trial.note
    trial = noted(store, trial, more, "")
    assert trial.note == check.text


def test_a_restored_take_of_the_other_leg_says_so(store: Store, session: Session) -> None:
    left = of("slsq_left")
    wrong = filling.fill_trial(
        store, session.id, replace(of("slsq_right"), key=left.key), "front", clip=False
    )
    check = check_take(left, "front", filling.take("single_leg_squat", "right", "front"))
    rejected = store.reject_trial(wrong.id, check.text)
    assert notes_of(store, rejected, left).reason == check.text[:1].upper() + check.text[1:]
    told = notes_of(store, restore_trial(store, rejected), left)
    assert told.other_leg
    assert told.seen == "the right leg worked; this was to be the left one"
    assert told.own == told.reason == ""


def test_what_was_typed_stays_as_it_was_typed(store: Store, session: Session) -> None:
    trial = filling.fill_trial(store, session.id, of("squat"), "front", clip=False)
    rejected = store.reject_trial(trial.id, "hat wehgetan")
    assert notes_of(store, rejected, of("squat")).reason == "hat wehgetan"
    assert notes_of(store, rejected, None).reason == "hat wehgetan"

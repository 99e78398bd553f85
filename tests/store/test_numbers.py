"""Numbers come out as they went in; what could not be told stays so."""

from __future__ import annotations

from dataclasses import replace
from typing import cast

import numpy as np
import pytest

from kneetrack.clinic_records.numbers import Reading, TrialNumbers
from kneetrack.clinic_records.visits import VerdictLine
from kneetrack.store import Store
from tests.storing import finished_trial, lay_files, new_client, new_session, numbers


def test_what_goes_in_comes_out(store: Store) -> None:
    session = new_session(store, new_client(store))
    trial = store.begin_trial(session.id, "squat", "front", "clip")
    lay_files(store.trial_folder(trial.id))
    made = numbers(trial.id, {"kfo:left:ratio": 0.1, "fppa:right:deg": -3.25, "ktsr": None})
    bad = replace(made.reps[1], valid=False, depth=None, corrected=True)
    made = replace(made, reps=(made.reps[0], bad, *made.reps[2:]))
    store.finish_trial(trial.id, made)
    assert tuple(store.rep_lines(trial.id)) == made.reps
    assert tuple(store.verdict_lines(trial.id)) == made.verdicts
    assert tuple(store.readings(trial_ids=[trial.id])) == made.readings
    assert store.trial(trial.id).reps_valid == 4


def test_not_a_number_is_cannot_tell_and_never_zero(store: Store) -> None:
    session = new_session(store, new_client(store))
    trial = store.begin_trial(session.id, "squat", "front", "clip")
    lay_files(store.trial_folder(trial.id))
    nan, real = float("nan"), cast(float, np.float32(0.5))
    reading = Reading(trial.id, 1, "squat", "kfo", "left", "ratio", None, nan, nan)
    other = replace(reading, side="right", value=real, error=real)
    line = VerdictLine(trial.id, 1, "knee_valgus", "left", "cannot_tell", "kfo", nan, nan, "ratio")
    store.finish_trial(trial.id, TrialNumbers("squat", (), (reading, other), (line,)))
    left, right = store.readings(trial_ids=[trial.id])
    assert (left.value, left.error, left.view) == (None, None, None)
    assert (right.value, right.error) == (0.5, 0.5)
    assert store.verdict_lines(trial.id)[0].value is None


def test_readings_are_chosen_by_everything_given(store: Store) -> None:
    client, other = new_client(store), new_client(store, "KT-018")
    first, second = new_session(store, client), new_session(store, client)
    values = {"kfo:left:ratio": 0.1, "ktsr": 0.9}
    trials = [finished_trial(store, s, values=values, reps=2) for s in (first, second)]
    foreign = finished_trial(store, new_session(store, other), values=values, reps=2)
    assert len(store.readings()) == 12
    assert {r.trial_id for r in store.readings(client_ids=[client.id])} == {t.id for t in trials}
    assert len(store.readings(client_ids=[client.id], measures=["kfo"])) == 4
    assert len(store.readings(session_ids=[first.id], client_ids=[other.id])) == 0
    assert len(store.readings(trial_ids=[foreign.id], client_ids=[other.id])) == 4
    assert store.readings(trial_ids=[]) == store.readings(measures=[]) == []


def test_rejected_trials_count_only_when_named(store: Store) -> None:
    session = new_session(store, new_client(store))
    trial = finished_trial(store, session, reps=1)
    store.reject_trial(trial.id, "shoes on")
    assert store.readings(session_ids=[session.id]) == []
    assert len(store.readings(trial_ids=[trial.id])) == 2


def test_a_long_list_of_ids_is_asked_for_in_parts(store: Store) -> None:
    session = new_session(store, new_client(store))
    trial = finished_trial(store, session, reps=1)
    many = [f"{n:032x}" for n in range(70_000)]
    assert len(store.readings(trial_ids=[*many, trial.id, trial.id])) == 2


def test_corrected_numbers_take_the_place_of_the_others(store: Store) -> None:
    trial = finished_trial(store, new_session(store, new_client(store)))
    made = numbers(trial.id, {"ktsr": 0.8}, reps=2)
    store.corrected_numbers(trial.id, made)
    assert tuple(store.readings(trial_ids=[trial.id])) == made.readings
    assert store.trial(trial.id).reps_total == 2
    assert store.trial(trial.id).status == "good"
    line = store.audit(record_id=trial.id)[0]
    assert (line.what, line.detail) == ("changed", "numbers")


@pytest.mark.parametrize("reps", [0, 3])
def test_a_trial_without_repetitions(store: Store, reps: int) -> None:
    trial = finished_trial(store, new_session(store, new_client(store)), reps=reps)
    assert (trial.reps_total, len(store.rep_lines(trial.id))) == (reps, reps)

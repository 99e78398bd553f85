"""Whether a take is what was asked for, and what is said when it is not."""

from __future__ import annotations

from pathlib import Path

import pytest

from kneetrack.clinic.protocols import load_protocol
from kneetrack.clinic.seeing import recognised_take
from kneetrack.clinic.takecheck import TakeCheck, check_take
from kneetrack.clinic_records.kinds import ViewAsked
from kneetrack.recorded import Landmarks, analyse_landmarks
from kneetrack.records import ClipInfo, PeopleInfo, PoseTrack
from tests import motions as m
from tests.clinic.staged import QUICK, track

PROTOCOL = load_protocol("lower-limb")


def kept(seen: PoseTrack) -> Landmarks:
    info = ClipInfo("x", "", 30.0, float(seen.t_s[-1]), len(seen), seen.size_px)
    return Landmarks(seen, info, PeopleInfo(), "1" * 64)


def check(step_key: str, view: ViewAsked, what: str | PoseTrack) -> TakeCheck:
    seen = track(what) if isinstance(what, str) else what
    step = PROTOCOL.step(step_key)
    assert step is not None
    return check_take(step, view, analyse_landmarks(kept(seen), exercise=step.exercise))


@pytest.mark.parametrize(
    ("step", "view", "what", "text"),
    [
        ("squat", "front", "squat front", "5 squats, all read"),
        ("squat", "side", "squat side", "5 squats, all read"),
        ("lunge", "front", "lateral_lunge front", "5 + 5 lateral lunges, all read"),
        ("lunge", "side", "lateral_lunge side", "10 lateral lunges, all read"),
        ("slsq_right", "front", "single_leg_squat right", "5 single-leg squats, all read"),
        ("stance_left", "front", "single_leg_stance left", "held for 20 of 20 s"),
        ("stance_left", "front", "single_leg_stance left 12", "held for 13 of 20 s"),
        ("bridge", "side", "glute_bridge side", "5 bridges, all read"),
        ("bridge", "foot_end", "glute_bridge foot_end", "5 bridges, all read"),
    ],
)
def test_every_take_of_the_protocol_as_asked(
    step: str, view: ViewAsked, what: str, text: str
) -> None:
    assert check(step, view, what) == TakeCheck("", text)


@pytest.mark.parametrize(
    ("step", "view", "what", "problem", "told"),
    [
        ("squat", "front", "squat side", "view", "seen from the side; this was to be the front"),
        ("squat", "side", "squat front", "view", "seen from the front; this was to be the side"),
        ("squat", "front", "squat oblique", "view", "stood 20° off the front"),
        ("bridge", "foot_end", "glute_bridge side", "view", "was to be the foot end take"),
        ("squat", "front", "squat front 3", "reps", "3 of 5 squats counted"),
        ("squat", "front", "squat front 1", "reps", "1 of 5 squats counted"),
        (
            "lunge",
            "front",
            "lateral_lunge front 3",
            "reps",
            "3 to the left and 3 to the right, of 5 lateral",
        ),
    ],
)
def test_what_is_not_as_asked_counts_and_says_what_to_do(
    step: str, view: ViewAsked, what: str, problem: str, told: str
) -> None:
    found = check(step, view, what)
    assert (found.problem, found.counts, found.good) == (problem, True, False)
    assert told in found.text and "film again" in found.text


@pytest.mark.parametrize(
    ("step", "what", "problem", "told"),
    [
        ("squat", "lateral_lunge front", "exercise", "looks like a lateral lunge; it was to be a"),
        ("squat", "glute_bridge side", "exercise", "looks like a bridge; it was to be a squat"),
        ("slsq_left", "squat front", "exercise", "looks like a squat"),
        ("slsq_left", "single_leg_squat right", "leg", "the right leg worked"),
        ("stance_left", "single_leg_stance right", "leg", "this was to be the left one"),
    ],
)
def test_another_exercise_or_leg_does_not_count(
    step: str, what: str, problem: str, told: str
) -> None:
    found = check(step, "front", what)
    assert (found.problem, found.counts) == (problem, False)
    assert told in found.text


def test_another_exercise_from_quite_another_view_does_not_count() -> None:
    found = check("lunge", "side", "squat front")
    assert (found.problem, found.counts) == ("exercise", False)
    assert "looks like a squat; it was to be a lateral lunge" in found.text
    assert check("lunge", "side", "squat side").counts


def test_some_repetitions_on_the_other_leg_are_told() -> None:
    sides = ["left", "left", "left", "left", "right"]
    tempo = m.Tempo(depths=(1.0,) * 5)
    found = check("slsq_left", "front", m.film(m.single_leg_squats(tempo, side=sides)))
    assert found.problem == "leg" and found.counts
    assert "1 of 5 repetitions were on the right leg" in found.text


def test_repetitions_that_could_not_be_read_are_told() -> None:
    seen = track("squat front")
    start_s, end_s = QUICK.starts_s[1] + 0.6, QUICK.starts_s[1] + 1.2
    found = check("squat", "front", m.blanked(seen, start_s, end_s, [26, 28]))
    assert found.problem == "unread"
    assert "5 squats, of which 1 could not be read" in found.text


def test_nothing_done_says_so() -> None:
    found = check("squat", "front", m.film(m.standing(4.0)))
    assert found == TakeCheck("nothing", "no squat was seen: film again")


@pytest.mark.parametrize(
    ("what", "take"),
    [
        ("squat front", ("squat", "front")),
        ("squat side", ("squat", "side")),
        ("lateral_lunge front", ("lunge", "front")),
        ("single_leg_squat right", ("slsq_right", "front")),
        ("single_leg_stance left", ("stance_left", "front")),
        ("glute_bridge foot_end", ("bridge", "foot_end")),
    ],
)
def test_a_take_is_recognised_by_what_is_seen(what: str, take: tuple[str, str]) -> None:
    seen = recognised_take(PROTOCOL.takes(), analyse_landmarks(kept(track(what))))
    assert seen.take is not None
    assert (seen.take[0].key, seen.take[1]) == take


@pytest.mark.parametrize(
    ("what", "told"),
    [
        ("squat oblique", "a squat from an oblique view, which is no take of this protocol"),
        ("standing", "no exercise was recognised"),
    ],
)
def test_what_could_be_anything_is_left_to_be_said(what: str, told: str) -> None:
    seen_track = m.film(m.standing(4.0)) if what == "standing" else track(what)
    seen = recognised_take(PROTOCOL.takes(), analyse_landmarks(kept(seen_track)))
    assert seen.take is None
    assert told in seen.why_not and "--take STEP:VIEW=FILE" in seen.why_not


def test_the_same_movement_in_two_steps_cannot_be_told_apart(tmp_path: Path) -> None:
    file = tmp_path / "twice.toml"
    step = '[[step]]\nkey = "{}"\ntitle = "T"\nexercise = "squat"\nviews = ["front"]\n'
    file.write_text(step.format("shod") + step.format("barefoot"), encoding="utf-8")
    takes = load_protocol(str(file)).takes()
    seen = recognised_take(takes, analyse_landmarks(kept(track("squat front"))))
    assert seen.take is None
    assert "could be shod:front or barefoot:front" in seen.why_not

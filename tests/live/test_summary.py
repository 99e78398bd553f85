"""The few lines of the summary, and what is said ahead."""

from __future__ import annotations

import pytest

from kneetrack.exercises import all_exercises
from kneetrack.live.likely import likely_words
from kneetrack.live.plan import Plan
from kneetrack.live.summary import MOST_LINES, summary_lines
from tests import motions as m
from tests.motions import Tempo

EXERCISES = all_exercises()


@pytest.fixture(autouse=True)
def neutral(monkeypatch: pytest.MonkeyPatch) -> None:
    m.neutral(monkeypatch)


def test_good_squats() -> None:
    lines = summary_lines(m.seen(m.squats()), EXERCISES)
    assert (lines[0].text, lines[0].value) == ("Squat", "3 reps")
    assert [(line.text, line.value, line.status) for line in lines[1:3]] == [
        ("Left knee", "good", "ok"),
        ("Right knee", "good", "ok"),
    ]


def test_a_knee_that_falls_in_comes_with_its_error() -> None:
    lines = summary_lines(m.seen(m.squats(kfo=(-0.05, 0.25))), EXERCISES)
    right = next(line for line in lines if line.text.startswith("Right"))
    assert right.status == "flag"
    assert "±" in right.value and "%" in right.value


def test_a_knee_that_is_pushed_out_is_not_good_as_well() -> None:
    lines = summary_lines(m.seen(m.squats(kfo=(0.0, -0.45))), EXERCISES)
    right = [(line.text, line.status) for line in lines if line.text.startswith("Right")]
    assert right == [("Right knee pushed outside the foot", "flag")]
    assert [line.status for line in lines if line.text == "Left knee"] == ["ok"]


def test_from_the_side_the_knees_cannot_be_told() -> None:
    lines = summary_lines(m.seen(m.squats(), m.SIDE), EXERCISES)
    assert [line.status for line in lines if "knee" in line.text.lower()] == ["cannot_tell"]
    assert len(lines) <= MOST_LINES


def test_nothing_done() -> None:
    lines = summary_lines(m.seen(m.standing(4.0)), EXERCISES)
    assert [line.status for line in lines] == ["cannot_tell"]
    assert lines[0].text


def test_sets_are_told_apart() -> None:
    two = m.squats(Tempo(depths=(1.0,) * 2, tail_s=25.0)).then(m.squats())
    lines = summary_lines(m.seen(two), EXERCISES)
    assert lines[0].text == "Squat, 2 sets"
    assert lines[0].value == "2 + 3 reps"


def test_what_comes_first_is_prepared_first() -> None:
    words = likely_words(Plan("squat", reps_total=5), EXERCISES)
    assert words.index("three") < words.index("Go") < words.index("four") < len(words)
    assert "five" in words and "six" not in words
    assert len(words) == len(set(words)) and all(words)
    assert any("right" in text for text in words)
    assert len(likely_words(Plan(), EXERCISES)) > len(words)

"""A live session that respects a programme: too deep is said at once and stands in its result."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from kneetrack.live.plan import Plan
from kneetrack.programme.limits import DEEPER, with_programme
from kneetrack.programme.reading import load_programme
from kneetrack.settings import Settings
from tests import motions as m
from tests.live.acting import poses
from tests.live.playing import Played, PlayedCamera, Shot, hold, play, run, wait
from tests.motions import Tempo, film

pytestmark = pytest.mark.filterwarnings("ignore::RuntimeWarning")
LIMITED = with_programme(
    Settings(),
    replace(load_programme(None), title="Knee first", max_knee_flexion_deg={"squat": 70.0}),
)
PLAN = Plan(exercise="squat", sets_total=1, reps_total=3, rest_s=20.0, feedback="off")


@pytest.fixture
def neutral(monkeypatch: pytest.MonkeyPatch) -> None:
    m.neutral(monkeypatch)


def session(flexion_deg: float, folder: Path, patch: pytest.MonkeyPatch) -> Played:
    track = film(m.squats(Tempo(depths=(1.0,) * 3), flexion_deg=flexion_deg), m.SIDE)

    def script(camera: PlayedCamera) -> Iterator[Shot]:
        first, last = poses(track)[0], poses(track)[-1]
        yield from hold(first, lambda: camera.played == 1)
        yield from play(track)
        yield from wait(last, 2.0)
        yield Shot(last, key="q")
        yield from wait(last, 1.0)

    return run(script, folder, patch, plan=PLAN, settings=LIMITED)


def spoken(played: Played) -> list[str]:
    return [words for words in played.ear.words if words.startswith(("Not so deep", "A little l"))]


@pytest.mark.usefixtures("neutral")
def test_a_squat_beyond_the_limit_is_said_even_with_feedback_off(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    played = session(95.0, tmp_path, monkeypatch)
    assert spoken(played)
    assert "too_deep" in played.ear.tones
    written = played.session.ending.written
    assert written is not None
    (row,) = [row for row in written.result.summary if row.rule == DEEPER]
    assert row.status == "flag"
    assert written.result.notes == [
        "Limits of the programme 'Knee first': squat no deeper than 70°"
    ]
    assert any("deeper than prescribed" in line.text for line in played.eye.states[-1].summary)


@pytest.mark.usefixtures("neutral")
def test_one_within_the_limit_is_not(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    played = session(60.0, tmp_path, monkeypatch)
    assert not spoken(played)
    written = played.session.ending.written
    assert written is not None
    (row,) = [row for row in written.result.summary if row.rule == DEEPER]
    assert row.status == "ok"

"""The real stage: clock, camera, face and sound come together in acts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest

from kneetrack.live.acts import perform
from kneetrack.live.asking import Ask
from kneetrack.live.card import Card
from kneetrack.live.showing import Front
from kneetrack.live.stage import LiveStage
from kneetrack.live.timed import Timed, Timer
from tests.live.acting import arms_down, arms_up, stands
from tests.live.playing import Ear, Eye, PlayedCamera, PlayedModel, Shot, lost, wait

SIZE = (720, 1280)
DOWN = arms_down(stands())


@dataclass
class Clock:
    now_s: float = 5.0
    waits: int = 0

    def read(self) -> float:
        return self.now_s

    def wait(self, seconds: float) -> None:
        assert 0 < seconds <= 0.05
        self.now_s += seconds
        self.waits += 1
        assert self.waits < 100_000


@dataclass
class Room:
    """A stage with a played camera and a window."""

    camera: PlayedCamera
    said: list[str] = field(default_factory=list)
    ear: Ear = field(default_factory=Ear)

    def __post_init__(self) -> None:
        self.eye = Eye(self.camera)
        front = Front(self.eye, self.eye, self.ear)  # type: ignore[arg-type]
        self.stage = LiveStage(
            self.ear,  # type: ignore[arg-type]
            front,
            self.camera,
            PlayedModel(self.camera),
            self.said.append,
        )


@pytest.fixture
def room(monkeypatch: pytest.MonkeyPatch) -> object:
    def make(shots: Iterator[Shot]) -> Room:
        made = Room(PlayedCamera(lambda _: shots, SIZE))
        monkeypatch.setattr("kneetrack.live.showing.LiveScreen", lambda size: made.eye)
        return made

    return make


def test_by_ear_alone_a_timer_runs_on_its_own_clock_and_tells_its_words() -> None:
    clock, ear, told = Clock(), Ear(), []
    stage = LiveStage(ear, tell=told.append, clock=clock.read, wait=clock.wait)  # type: ignore[arg-type]
    act = Timed(Timer("Left side", 30.0, next_title="Right side"))
    perform(act, stage)
    assert (act.ended, act.seconds, stage.sees, stage.answers) == ("done", 30.0, False, False)
    assert 36.0 < clock.now_s - 5.0 < 39.0
    assert told == ["Left side", "Go", "Ten seconds", "Next: right side"] == ear.words


def test_the_camera_sees_who_walks_off_and_comes_back(room) -> None:  # type: ignore[no-untyped-def]
    def shots() -> Iterator[Shot]:
        yield from wait(DOWN, 12.0)
        yield from wait(None, 12.0)
        yield from wait(DOWN, 60.0)

    r = room(shots())
    act = Timed(Timer("Balance", 20.0, watches=True))
    perform(act, r.stage)
    assert r.stage.sees and r.stage.answers
    assert act.ended == "done"
    phases = r.eye.phases
    assert phases == ["lead", "timer", "rest", "paused", "lead", "timer", "lead"]
    assert r.said == []  # the window shows it


def test_a_key_reaches_the_act_and_those_of_the_window_do_not(room) -> None:  # type: ignore[no-untyped-def]
    def shots() -> Iterator[Shot]:
        yield from wait(DOWN, 8.0)
        yield Shot(DOWN, key="f")
        yield Shot(DOWN, key="m")
        yield Shot(DOWN, key="p")

    r = room(shots())
    act = Timed(Timer("Balance", 20.0))
    perform(act, r.stage)
    assert act.ended == "pain"
    assert r.eye.full == 1
    assert not r.eye.states[-2].mirrored


def test_a_letter_of_the_question_is_its_answer_not_the_windows(room) -> None:  # type: ignore[no-untyped-def]
    r = room(iter([Shot(DOWN), Shot(DOWN, key="m")]))
    act = Ask(Card("Which one?", {"m": "middle"}))
    perform(act, r.stage)
    assert act.answer == "m"


def test_help_shows_the_keys_of_acts_and_stops_the_time(room) -> None:  # type: ignore[no-untyped-def]
    def shots() -> Iterator[Shot]:
        yield from wait(DOWN, 8.0)
        yield Shot(DOWN, key="?")
        yield from wait(DOWN, 100.0)
        yield Shot(DOWN, key="?")
        yield Shot(DOWN, key="q")

    r = room(shots())
    act = Timed(Timer("Balance", 20.0))
    perform(act, r.stage)
    helped = [state for state in r.eye.states if state.help]
    assert len(helped) > 2900 and ("N", "next") in helped[0].keys
    assert ("F", "full screen") in helped[0].keys
    assert act.ended == "quit" and act.seconds < 4.0


def test_raised_arms_answer(room) -> None:  # type: ignore[no-untyped-def]
    def shots() -> Iterator[Shot]:
        yield from wait(DOWN, 1.0)
        yield from wait(arms_up(DOWN), 3.0)

    act = Ask(Card("Ready?", {"n": "next"}, arms="n"))
    perform(act, room(shots()).stage)
    assert act.answer == "n"


def test_a_closed_window_ends_it(room) -> None:  # type: ignore[no-untyped-def]
    act = Ask(Card("Ready?", {"n": "next"}))
    perform(act, room(iter([Shot(DOWN), Shot(DOWN, close=True)])).stage)
    assert act.answer == "close"


def test_a_lost_camera_is_told_once_and_the_timer_goes_on(room) -> None:  # type: ignore[no-untyped-def]
    def shots() -> Iterator[Shot]:
        yield from wait(DOWN, 8.0)
        yield from lost(40.0)

    r = room(shots())
    act = Timed(Timer("Balance", 20.0, watches=True))
    perform(act, r.stage)
    assert act.ended == "done"
    assert r.said == ["the camera is gone: plug it in again"]


def test_time_goes_on_when_a_camera_comes_and_goes() -> None:
    """Its clock begins at nought, that of the computer does not."""
    clock, ear = Clock(now_s=90_000.0), Ear()
    stage = LiveStage(ear, clock=clock.read, wait=clock.wait)  # type: ignore[arg-type]
    card = Card("Ready?", {"n": "next"}, arms="n", auto="n", auto_s=12.0)
    perform(Ask(card), stage)
    camera = PlayedCamera(lambda _: wait(arms_up(DOWN), 60.0), SIZE)
    stage.camera, stage.backend = camera, PlayedModel(camera)
    perform(Ask(card), stage)
    assert camera.now_s() == pytest.approx(12.0, abs=0.2)
    stage.camera = stage.backend = None
    began_s = clock.now_s
    assert not stage.sight().somebody
    perform(Ask(card), stage)
    assert clock.now_s - began_s == pytest.approx(12.0, abs=0.2)


def test_ctrl_c_comes_through(room) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(KeyboardInterrupt):
        perform(Timed(Timer("Balance", 20.0)), room(iter([Shot(DOWN, interrupt=True)])).stage)

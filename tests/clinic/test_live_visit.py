"""A visit by camera, played: guided through the takes, by keys, by raised arms, by time alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import SimpleNamespace

import pytest

from kneetrack.clinic.between import Between
from kneetrack.clinic.live_cameras import OneCamera, PlayedFiles, open_cameras
from kneetrack.clinic.live_visit import LiveVisit, intro_words
from kneetrack.clinic.naming import trial_name
from kneetrack.clinic.protocols import load_protocol
from kneetrack.clinic.visit import Visit, Wanted, begin_visit
from kneetrack.clinic_records.kinds import Purpose
from kneetrack.clinic_records.plans import Protocol
from kneetrack.clinic_records.visits import Trial
from kneetrack.live import showing
from kneetrack.live.card import Card
from kneetrack.live.keeping import Versions
from kneetrack.live.start import Studio
from kneetrack.live_records import ScreenState
from kneetrack.records import Pose, SourceError
from kneetrack.store import Store
from tests import motions as m
from tests.clinic.staged import clip, track
from tests.live.acting import arms_down, arms_up, stands
from tests.live.playing import Ear, Eye, PlayedCamera, PlayedModel, Shot, hold, play, wait
from tests.storing import new_client

_SQUAT = load_protocol("squat")
SQUAT = replace(_SQUAT, steps=(replace(_SQUAT.steps[0], reps=2),))
"""The shortest visit: two squats from the front, two from the side."""
Script = Callable[["Stage"], Iterator[Shot]]


@dataclass
class Stage:
    """A store, a visit, a camera that plays a script, and what was seen and heard."""

    store: Store
    visit: Visit
    patch: pytest.MonkeyPatch
    answers: Callable[[str], str] | None = None
    said: list[str] = field(default_factory=list)
    window: bool = True

    def run(self, script: Script) -> Stage:
        self.camera = PlayedCamera(lambda _: script(self), (720, 1280))
        self.eye, self.ear = Eye(self.camera), Ear()
        self.patch.setattr(showing, "LiveScreen", lambda size: self.eye)
        front = showing.Front(self.eye, self.eye, self.ear)  # type: ignore[arg-type]
        studio = Studio(
            self.ear,  # type: ignore[arg-type]
            front if self.window else None,
            PlayedModel(self.camera),
            Versions("0", "0" * 64),
            background=False,
        )
        with self.camera:
            live = LiveVisit(
                self.store,
                self.visit,
                studio,
                OneCamera(self.camera),
                tell=self.said.append,
                answers=self.answers,
            )
            live.run()
        return self

    # -- for scripts -----------------------------------------------------------------------------

    @property
    def now(self) -> ScreenState:
        return self.eye.states[-1]

    def asked(self) -> bool:
        """Whether the take check is on the screen."""
        return bool(self.eye.states) and "N" in dict(self.now.choices) and not self.intro()

    def intro(self) -> bool:
        return bool(self.eye.states) and self.now.phase == "rest"

    def to_card(self, pose: Pose | None = None) -> Iterator[Shot]:
        yield from hold(pose or stands(), self.asked)

    def take(self, what: str, key: str = "n") -> Iterator[Shot]:
        """Begin a take, do it, and stand until its check is there."""
        seen = track(what)
        first = Pose(seen.xy_px[0], seen.xyz_m[0], seen.confidence[0], 0.0)  # type: ignore[index]
        yield from hold(first, self.intro)
        yield Shot(first, key=key)
        played = self.camera.played
        yield from hold(first, lambda: self.camera.played > played)
        yield from play(seen)
        last = Pose(seen.xy_px[-1], seen.xyz_m[-1], seen.confidence[-1], 0.0)  # type: ignore[index]
        yield from self.to_card(last)

    def trials(self) -> list[Trial]:
        return self.store.trials(self.visit.session.id)

    def told(self) -> list[tuple[str, str]]:
        return [(trial_name(t, self.trials()), t.status) for t in self.trials()]


@pytest.fixture
def stage(store: Store, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Stage]:
    def made(
        protocol: Protocol = SQUAT,
        allows: frozenset[Purpose] = frozenset({"measurements"}),
        **more: object,
    ) -> Stage:
        new_client(store, allows=allows)
        visit = begin_visit(store, Wanted("KT-017", protocol))
        return Stage(store, visit, monkeypatch, **more)  # type: ignore[arg-type]

    return made


def test_front_then_side_by_keys(stage: Callable[..., Stage]) -> None:
    def script(s: Stage) -> Iterator[Shot]:
        yield from s.take("squat front 2")
        assert s.now.headline == "2 squats, all read"
        assert s.now.detail == "Next: Squat, from the side."
        yield Shot(stands(), key="n")
        yield from s.take("squat side 2")
        yield Shot(stands(m.SIDE), key="n")

    s = stage().run(script)
    assert s.told() == [("squat:front", "good"), ("squat:side", "good")]
    assert [t.origin for t in s.trials()] == ["camera", "camera"]
    assert [t.reps_valid for t in s.trials()] == [2, 2]
    assert "Squat, from the front. Face the camera. Five squats" in " ".join(s.ear.words)
    assert any("Put the camera to the side, or turn." in words for words in s.ear.words)
    assert "2 squats, all read." in s.ear.words
    phases = s.eye.phases
    assert phases[0] == "rest" and phases[-1] == "summary"
    assert {"still", "countdown", "set"} <= set(phases)


def test_nothing_is_kept_but_landmarks_and_result(
    stage: Callable[..., Stage], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KNEETRACK_DATA", str(tmp_path / "data"))

    def script(s: Stage) -> Iterator[Shot]:
        yield from s.take("squat front 2")
        yield Shot(stands(), key="q")

    s = stage().run(script)
    names = {p.name for p in s.store.trial_folder(s.trials()[0].id).iterdir()}
    assert {"landmarks.npz", "result.json", "frames.csv"} <= names
    assert not {n for n in names if n.endswith((".mp4", ".landmarks")) or n == "at-work"}
    assert not (tmp_path / "data").exists()
    assert not s.trials()[0].clip_kept


def test_video_is_kept_where_the_consent_allows_it(stage: Callable[..., Stage]) -> None:
    def script(s: Stage) -> Iterator[Shot]:
        yield from s.take("squat front 2")
        yield Shot(stands(), key="q")

    s = stage(allows=frozenset({"measurements", "video"})).run(script)
    trial = s.trials()[0]
    assert trial.status == "good" and trial.clip_kept
    names = {p.name for p in s.store.trial_folder(trial.id).iterdir()}
    assert "clip.mp4" in names and "session.mp4" not in names


def test_goes_on_hands_free(stage: Callable[..., Stage]) -> None:
    down, up = arms_down(stands()), arms_up(stands())

    def script(s: Stage) -> Iterator[Shot]:
        yield from wait(down, 0.5)
        yield from wait(up, 1.5)  # begins
        yield from s.to_card_after("squat front 2", down)
        yield from wait(down, 0.5)
        yield from wait(up, 1.5)  # the check is good: on to the side
        yield from hold(down, s.intro)
        yield Shot(down, key="q")

    def after(self: Stage, what: str, pose: Pose) -> Iterator[Shot]:
        yield from hold(pose, lambda: self.camera.played > 0)
        yield from play(track(what))
        yield from self.to_card()

    Stage.to_card_after = after  # type: ignore[attr-defined]
    s = stage().run(script)
    assert s.told() == [("squat:front", "good")]
    assert s.now.headline == "Squat, from the side"


def test_goes_on_by_itself_where_all_is_well(stage: Callable[..., Stage]) -> None:
    def script(s: Stage) -> Iterator[Shot]:
        yield from hold(stands(), lambda: s.camera.played > 0)  # nobody presses anything
        yield from play(track("squat front 2"))
        yield from s.to_card()
        yield from hold(stands(), s.intro, most_s=12.0)
        yield Shot(stands(), key="q")

    s = stage().run(script)
    assert s.told() == [("squat:front", "good")]


def test_a_take_that_is_not_as_asked_waits_and_is_repeated(stage: Callable[..., Stage]) -> None:
    def script(s: Stage) -> Iterator[Shot]:
        yield from s.take_left("squat front 1")
        assert s.now.headline == "1 of 2 squats counted: film again, or keep what there is"
        yield from wait(stands(), 12.0)
        assert s.asked()
        yield Shot(stands(), key="r")
        yield from s.take("squat front 2")
        yield Shot(stands(), key="q")

    def left(self: Stage, what: str) -> Iterator[Shot]:
        yield from hold(stands(), self.intro)
        yield Shot(stands(), key="n")
        yield from hold(stands(), lambda: self.camera.played > 0)
        yield from play(track(what))
        yield from wait(stands(), 2.0)
        yield Shot(stands(), key="q")  # ends the set early
        yield from self.to_card()

    Stage.take_left = left  # type: ignore[attr-defined]
    s = stage().run(script)
    assert s.told() == [("squat:front#1", "rejected"), ("squat:front#2", "good")]
    assert s.trials()[0].reason == "repeated"


def keys(text: str) -> Iterator[Shot]:
    for key in text:
        yield Shot(stands(), key=key)
        yield Shot(stands())


def test_a_take_is_noted_and_rejected_with_a_reason(stage: Callable[..., Stage]) -> None:
    def script(s: Stage) -> Iterator[Shot]:
        yield from s.take("squat front 2")
        yield from keys("t")
        yield from keys("tirex")
        yield Shot(stands(), key="backspace")
        yield Shot(stands())
        yield from keys("d legs")
        yield Shot(stands(), key="enter")
        yield from keys("xhm")
        yield Shot(stands(), key="esc")
        yield Shot(stands())
        assert s.trials()[0].status == "good"
        yield from keys("x")
        assert s.now.headline == "Why is it rejected?"
        yield from keys("2")
        yield Shot(stands())
        assert s.now.headline == "Rejected: balance was lost"
        yield Shot(stands(), key="q")

    s = stage().run(script)
    trial = s.trials()[0]
    assert (trial.status, trial.reason, trial.note) == (
        "rejected",
        "balance was lost",
        "tired legs",
    )


def test_takes_can_be_left_out_and_the_visit_resumed(stage: Callable[..., Stage]) -> None:
    def script(s: Stage) -> Iterator[Shot]:
        yield from hold(stands(), s.intro)
        yield Shot(stands(), key="s")
        yield from hold(stands(), lambda: s.now.headline == "Squat, from the side")
        yield Shot(stands(), key="q")

    s = stage().run(script)
    assert s.told() == []

    def later(s: Stage) -> Iterator[Shot]:
        yield from s.take("squat front 2")
        yield Shot(stands(), key="q")

    s.run(later)

    def last(s: Stage) -> Iterator[Shot]:
        yield from hold(stands(m.SIDE), s.intro)
        assert s.now.headline == "Squat, from the side"
        yield Shot(stands(m.SIDE), key="q")

    s.run(last)
    assert s.told() == [("squat:front", "good")]


def test_a_take_left_before_its_set_has_failed(stage: Callable[..., Stage]) -> None:
    def script(s: Stage) -> Iterator[Shot]:
        yield from hold(stands(), s.intro)
        yield Shot(stands(), key="n")
        yield from wait(None, 1.0)
        yield Shot(None, key="q")
        yield from s.to_card()
        assert "not measured" in s.now.headline.lower()
        yield Shot(stands(), key="q")

    s = stage().run(script)
    assert s.told() == [("squat:front", "failed")]
    assert list(s.store.trial_folder(s.trials()[0].id).iterdir()) == []


def test_pain_ends_the_take_and_is_noted(stage: Callable[..., Stage]) -> None:
    def script(s: Stage) -> Iterator[Shot]:
        yield from hold(stands(), s.intro)
        yield Shot(stands(), key="n")
        yield from hold(stands(), lambda: s.camera.played > 0)
        yield from play(track("squat front 1"))
        yield Shot(stands(), key="p")
        yield from s.to_card()
        yield from wait(stands(), 12.0)
        assert s.asked(), "it does not go on by itself"
        yield Shot(stands(), key="q")

    s = stage().run(script)
    assert "stopped: it hurt" in s.trials()[0].note


def test_ctrl_c_keeps_the_set_that_was_under_way(stage: Callable[..., Stage]) -> None:
    def script(s: Stage) -> Iterator[Shot]:
        yield from hold(stands(), s.intro)
        yield Shot(stands(), key="n")
        yield from hold(stands(), lambda: s.camera.played > 0)
        yield from play(track("squat front 1"))
        yield Shot(interrupt=True)

    s = stage()
    with pytest.raises(KeyboardInterrupt):
        s.run(script)
    assert s.told() == [("squat:front", "good")]
    assert s.trials()[0].reps_total == 1


def test_ctrl_c_before_a_repetition_is_told_as_what_it_is(stage: Callable[..., Stage]) -> None:
    def script(s: Stage) -> Iterator[Shot]:
        yield from hold(stands(), s.intro)
        yield Shot(stands(), key="n")
        yield from hold(stands(), lambda: s.camera.played > 0)
        yield from wait(stands(), 2.0)
        yield Shot(interrupt=True)

    s = stage()
    with pytest.raises(KeyboardInterrupt):
        s.run(script)
    assert s.told() == [("squat:front", "failed")]
    assert s.trials()[0].reason == "not measured: it was stopped before a repetition was done"


def test_closing_the_window_stops_the_visit(stage: Callable[..., Stage]) -> None:
    def script(s: Stage) -> Iterator[Shot]:
        yield from hold(stands(), s.intro)
        yield Shot(stands(), key="n")
        yield from hold(stands(), lambda: s.camera.played > 0)
        while True:
            yield Shot(stands(), close=True)

    s = stage().run(script)
    assert [status for _, status in s.told()] == ["failed"]


def test_the_side_is_waited_for(stage: Callable[..., Stage]) -> None:
    def script(s: Stage) -> Iterator[Shot]:
        yield from hold(stands(), s.intro)
        yield Shot(stands(), key="s")
        yield from hold(stands(), lambda: s.now.headline == "Squat, from the side")
        yield Shot(stands(), key="n")
        yield from wait(stands(), 9.0)
        assert s.now.phase == "view"
        assert "side-on to the camera" in s.now.headline
        yield from hold(stands(m.SIDE), lambda: s.now.phase == "countdown")
        yield Shot(stands(), key="q")
        yield from s.to_card()
        yield Shot(stands(), key="q")

    stage().run(script)


def test_a_balance_ends_by_itself_after_its_seconds(stage: Callable[..., Stage]) -> None:
    whole = load_protocol("lower-limb")
    step = replace(whole.steps[4], hold_s=6.0)
    protocol = replace(whole, steps=(step,))

    def script(s: Stage) -> Iterator[Shot]:
        seen = m.film(m.standing_on("left", 12.0))
        yield from hold(stands(), s.intro)
        yield Shot(stands(), key="n")
        yield from hold(stands(), lambda: s.camera.played > 0)
        yield from play(seen, 0.0, 10.0)
        yield from s.to_card()
        assert s.now.headline == "Held for 6 of 6 s"
        yield Shot(stands(), key="q")

    s = stage(protocol).run(script)
    assert s.told() == [("stance_left:front", "good")]
    assert "Foot down" in s.ear.words


def test_without_a_window_the_terminal_is_asked(stage: Callable[..., Stage]) -> None:
    answers = iter(["n", "t", "by ear", "x", "1", "q"])

    def script(s: Stage) -> Iterator[Shot]:
        yield from hold(stands(), lambda: s.camera.played > 0)
        yield from play(track("squat front 2"))
        yield from wait(stands(), 30.0)

    s = stage(answers=lambda _: next(answers), window=False).run(script)
    trial = s.trials()[0]
    assert (trial.note, trial.reason) == ("by ear", "it hurt")
    assert "2 squats, all read" in " ".join(s.said)


def test_at_the_terminal_a_take_check_is_told_once() -> None:
    told: list[str] = []
    studio = SimpleNamespace(front=None, sound=Ear())
    between = Between(studio, None, told.append, lambda _: "n")  # type: ignore[arg-type]
    words = "seen from the front; this was to be the side take"
    card = Card(headline=words.capitalize(), detail="That is all.", say=f"{words}.", keys={"n": ""})
    assert between.ask(card) == "n"
    assert told == [f"{words}.", "That is all."]


def test_where_nothing_can_be_pressed_it_goes_on(stage: Callable[..., Stage]) -> None:
    def script(s: Stage) -> Iterator[Shot]:
        for what, pose in (("squat front 2", stands()), ("squat side 2", stands(m.SIDE))):
            played = s.camera.played
            yield from hold(pose, lambda played=played: s.camera.played > played)
            yield from play(track(what))
            yield from wait(pose, 4.0)

    s = stage(window=False).run(script)
    assert s.told() == [("squat:front", "good"), ("squat:side", "good")]


# -- where the pictures come from ---------------------------------------------------------------


def test_a_folder_plays_as_the_camera(stage: Callable[..., Stage], tmp_path: Path) -> None:
    visit = stage().visit
    clip(tmp_path, "squat-front.mp4", "x")
    found = open_cameras(str(tmp_path), visit.protocol)
    assert isinstance(found, PlayedFiles)
    takes = visit.protocol.takes()
    assert found.of(takes[0]) is not None and found.of(takes[1]) is None
    (tmp_path / "squat-front.mp4").unlink()
    with pytest.raises(SourceError, match="named like a take"):
        open_cameras(str(tmp_path), visit.protocol)


def test_one_clip_plays_for_every_take(stage: Callable[..., Stage], samples: Path) -> None:
    visit = stage().visit
    found = open_cameras(str(samples / "sq_good_anna.mp4"), visit.protocol)
    assert all(found.of(take) is not None for take in visit.protocol.takes())


def test_what_is_said_before_a_take() -> None:
    takes = load_protocol("lower-limb").takes()
    assert intro_words(takes[0], None).startswith("Squat, from the front. Face the camera. Five")
    assert "Put the camera to the side, or turn. Stand side-on" in intro_words(takes[6], takes[5])
    assert "Put the camera" not in intro_words(takes[7], takes[6])
    assert "Lie on your back, side-on to the camera." in intro_words(takes[8], takes[7])
    assert "Put the camera at the feet" in intro_words(takes[9], takes[8])

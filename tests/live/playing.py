"""A live session without devices: a camera on a clock of its own that plays known motions."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np
import pytest

from kneetrack.analysis import Question
from kneetrack.live import showing
from kneetrack.live.keeping import Keep, Keeper, Versions
from kneetrack.live.plan import Plan
from kneetrack.live.session import Devices, LiveSession
from kneetrack.live_records import CameraFacts, Heard, ScreenState, Trouble
from kneetrack.records import Frame, Pose, PoseTrack
from kneetrack.settings import Settings
from tests.live.acting import poses

FPS = 30.0


@dataclass(frozen=True)
class Shot:
    """One picture: who is in it (None: nobody), a key pressed after it, or no picture at all."""

    pose: Pose | None = None
    key: str = ""
    trouble: str = ""
    given_up: bool = False
    close: bool = False
    interrupt: bool = False


Script = Callable[["PlayedCamera"], Iterator[Shot]]


def hold(pose: Pose | None, until: Callable[[], bool], most_s: float = 40.0) -> Iterator[Shot]:
    """Stay as you are until something has happened."""
    for _ in range(round(most_s * FPS)):
        if until():
            return
        yield Shot(pose)
    raise AssertionError(f"waited {most_s} s in vain")


def wait(pose: Pose | None, seconds: float) -> Iterator[Shot]:
    for _ in range(round(seconds * FPS)):
        yield Shot(pose)


def play(track: PoseTrack, start_s: float = 0.0, end_s: float = np.inf) -> Iterator[Shot]:
    for pose in poses(track):
        if start_s <= pose.t_s <= end_s:
            yield Shot(pose)


def lost(seconds: float, text: str = "the camera is gone: plug it in again") -> Iterator[Shot]:
    for _ in range(round(seconds * FPS)):
        yield Shot(trouble=text)


@dataclass
class PlayedCamera:
    """A Camera whose clock goes on by one frame whenever it is asked."""

    script: Script
    size_px: tuple[int, int]
    played: int = 0
    ended: bool = False
    given_up: bool = False
    trouble: Trouble | None = None
    opened: bool = True
    virtual: bool = False
    passed_over: int = 0
    here: Shot = field(default_factory=Shot)
    _count: int = 0

    def __post_init__(self) -> None:
        width, height = self.size_px
        shades = np.linspace(40, 200, width, dtype=np.uint8)
        self.image = np.repeat(np.tile(shades, (height, 1))[:, :, None], 3, axis=2)
        self._shots = self.script(self)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def newest(self, timeout_s: float) -> Frame | None:
        self._count += 1
        assert self._count < 20_000, "the session does not end"
        shot = next(self._shots, None)
        if shot is None:
            self.ended, self.here = True, Shot()
            return None
        self.here = shot
        if shot.interrupt:
            raise KeyboardInterrupt
        self.given_up = shot.given_up
        self.trouble = Trouble(shot.trouble, self.now_s()) if shot.trouble else None
        return None if shot.trouble else Frame(self.image, self.now_s(), self._count)

    def now_s(self) -> float:
        return self._count / FPS

    def play(self) -> None:
        self.played += 1

    def facts(self) -> CameraFacts:
        return CameraFacts("played", self.size_px, FPS)

    def close(self) -> None:
        self.opened = False


@dataclass
class PlayedModel:
    """A PoseBackend that knows who is in the camera's picture."""

    camera: PlayedCamera

    def track(self, frame: Frame) -> Pose:
        pose = self.camera.here.pose
        if pose is None or frame.image is not self.camera.image:
            return Pose.unseen(frame.t_s)
        return replace(pose, t_s=frame.t_s)

    def find_people(self, frame: Frame, max_people: int) -> list[Pose]:
        pose = self.track(frame)
        return [pose] if pose.seen else []

    def reset(self) -> None:
        pass

    def close(self) -> None:
        pass


@dataclass
class Ear:
    """A Sound that only listens."""

    heard: list[Heard] = field(default_factory=list)
    on: bool = True
    note: str = ""
    available: bool = True

    def hear(self, heard: Heard) -> None:
        self.heard.append(heard)

    @property
    def words(self) -> list[str]:
        return [h.words for h in self.heard if h.words]

    @property
    def tones(self) -> list[str]:
        return [h.tone for h in self.heard if h.tone]


@dataclass
class Eye:
    """A Window and a LiveScreen that only look."""

    camera: PlayedCamera
    states: list[ScreenState] = field(default_factory=list)
    full: int = 0
    asked: Shot | None = None

    def draw(self, image: object, state: ScreenState) -> np.ndarray:
        self.states.append(state)
        return np.zeros((2, 2, 3), np.uint8)

    def show(self, image: object) -> None:
        pass

    def key(self) -> str:
        shot = self.camera.here
        if shot is self.asked:
            return ""
        self.asked = shot
        return shot.key

    @property
    def closed(self) -> bool:
        return self.camera.here.close

    def toggle_full_screen(self) -> None:
        self.full += 1

    @property
    def phases(self) -> list[str]:
        """The phases in order, each once a run."""
        told = [state.phase for state in self.states]
        return [p for i, p in enumerate(told) if i == 0 or told[i - 1] != p]


@dataclass
class Played:
    """A session that has run, and what was seen and heard of it."""

    session: LiveSession
    camera: PlayedCamera
    eye: Eye
    ear: Ear
    said: list[str]
    interrupted: bool = False

    @property
    def folder(self) -> Path:
        return self.session.keeper.folder


def run(
    script: Script,
    folder: Path,
    patch: pytest.MonkeyPatch,
    *,
    plan: Plan | None = None,
    size_px: tuple[int, int] = (720, 1280),
    keep: Keep | None = None,
    window: bool = True,
    background: bool = False,
    model: Callable[[PlayedCamera], PlayedModel] | None = None,
    settings: Settings | None = None,
) -> Played:
    """Run a whole session over a script; its files go into ``folder``."""
    plan = plan or Plan(exercise="squat", sets_total=1, reps_total=3, rest_s=20.0)
    camera = PlayedCamera(script, size_px)
    eye, ear, said = Eye(camera), Ear(), []
    patch.setattr(showing, "LiveScreen", lambda size: eye)
    name = None if plan.exercise == "auto" else plan.exercise
    question = Question(settings or Settings(), name)  # type: ignore[arg-type]
    keeper = Keeper(keep or Keep(folder), "squat", Versions("0", "0" * 64))
    devices = Devices(camera, (model or PlayedModel)(camera), ear)  # type: ignore[arg-type]
    if window:
        devices = replace(devices, front=showing.Front(eye, eye, ear))  # type: ignore[arg-type]
    interrupted = False
    with keeper, camera:
        session = LiveSession(devices, question, plan, keeper, said.append, background=background)
        try:
            session.run()
        except KeyboardInterrupt:
            interrupted = True
    return Played(session, camera, eye, ear, said, interrupted)

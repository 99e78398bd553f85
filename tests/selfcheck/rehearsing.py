"""A whole self-check without devices: a face that answers, a camera that plays, no real clock."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kneetrack.clinic.live_cameras import OneCamera
from kneetrack.clinic_records.practice import PracticeRecord
from kneetrack.live.keeping import Versions
from kneetrack.live.stage import LiveStage
from kneetrack.live.start import Studio
from kneetrack.live_records import ScreenState
from kneetrack.programme.values import Programme
from kneetrack.records import Pose
from kneetrack.selfcheck.keeping import Notebook
from kneetrack.selfcheck.outcome import Outcome
from kneetrack.selfcheck.room import LiveRoom
from kneetrack.selfcheck.run import SelfCheck
from kneetrack.settings import Settings
from kneetrack.store import Store
from tests.clinic.staged import track
from tests.live.playing import Ear, PlayedCamera, PlayedModel, Shot, hold, play

Reply = Callable[[ScreenState], str]
Script = Callable[["Rehearsal"], Iterator[Shot]]
CTRL_C = "ctrl-c"
MOST_ANSWERS = 500


@dataclass
class Answering:
    """A Face with somebody before it: once a question it is asked, in a set it is the script's."""

    reply: Reply
    camera: PlayedCamera | None = None
    states: list[ScreenState] = field(default_factory=list)
    closed: bool = False
    help: bool = False
    keyless: bool = False
    _answered: str = ""
    _answers: int = 0
    _shot: Shot | None = None

    def first_picture(self, size_px: tuple[int, int]) -> None:
        pass

    def show(self, state: ScreenState, *_: Any) -> None:
        if not self.states or self.states[-1] != state:
            self.states.append(state)

    def key(self, taken: str = "") -> str:
        if not self.states:
            return ""
        now = self.states[-1]
        if now.choices:
            return self._reply(now)
        return self._pressed()

    def _pressed(self) -> str:
        """The key of the camera's shot, once."""
        shot = None if self.camera is None else self.camera.here
        if shot is None or shot is self._shot:
            return ""
        self._shot = shot
        self.closed = self.closed or shot.key == "close"
        return shot.key

    def _reply(self, now: ScreenState) -> str:
        detail = "" if now.phase == "scale" else now.detail.partition(" · ")[0]
        asked = f"{now.phase}|{now.title}|{now.headline}|{detail}"
        if asked == self._answered:
            return ""
        self._answered = asked
        self._answers += 1
        assert self._answers < MOST_ANSWERS, f"it asks without end: {now}"
        key = self.reply(now)
        if key == CTRL_C:
            raise KeyboardInterrupt
        self.closed = self.closed or key == "close"
        return key

    @property
    def headlines(self) -> list[str]:
        """Each once a run."""
        told = [state.headline for state in self.states]
        return [h for i, h in enumerate(told) if h and (i == 0 or told[i - 1] != h)]


@dataclass
class Rehearsal:
    """One self-check: who, by which programme, and what was seen, heard and said."""

    store: Store
    reply: Reply
    programme: Programme
    script: Script | None = None
    settings: Settings = field(default_factory=Settings)
    size_px: tuple[int, int] = (720, 1280)
    said: list[str] = field(default_factory=list)
    interrupted: bool = False
    outcome: Outcome | None = None
    somebody: type[Answering] = Answering
    now_s: float = 0.0

    def run(self) -> Rehearsal:
        client = self.store.own_client() or self.store.make_own_client()
        self.client_id = client.id
        self.face, self.ear = self.somebody(self.reply), Ear()

        def wait(seconds: float) -> None:
            self.now_s += seconds
            assert self.now_s < 3600, f"it waits without end: {self.face.states[-1]}"

        stage = LiveStage(
            self.ear,  # type: ignore[arg-type]
            self.face,
            tell=self.said.append,
            clock=lambda: self.now_s,
            wait=wait,
        )
        room = LiveRoom(stage, settings=self.settings, tell=self.said.append)
        if self.script is not None:
            self._bring_camera(room)
        notebook = Notebook(self.store, client.id, self.programme.title)
        check = SelfCheck(room, notebook, self.programme)
        try:
            self.outcome = check.run()
            if self.outcome is not None:
                check.show(self.outcome)
        except KeyboardInterrupt:
            self.interrupted = True
        return self

    def _bring_camera(self, room: LiveRoom) -> None:
        script = self.script
        assert script is not None
        self.camera = PlayedCamera(lambda _: script(self), self.size_px)
        self.face.camera = self.camera
        room.studio = Studio(
            self.ear,  # type: ignore[arg-type]
            self.face,
            PlayedModel(self.camera),
            Versions("0", "0" * 64),
            background=False,
        )
        room.cameras = OneCamera(self.camera)

    def records(self) -> list[PracticeRecord]:
        return self.store.practice_records(self.client_id)

    def record(self) -> PracticeRecord:
        (only,) = self.records()
        return only

    def kept(self) -> set[str]:
        """Files of the practice, as ``take/name``."""
        root: Path = self.store.practice_folder(self.record().practice.id)
        return {p.relative_to(root).as_posix() for p in root.rglob("*") if p.is_file()}

    # -- for scripts -----------------------------------------------------------------------------

    def take(self, what: str, end: str = "") -> Iterator[Shot]:
        """Stand, do what is asked for as long as the set lasts, and stand; a key ends it."""
        seen = track(what)
        first, last = _pose(seen, 0), _pose(seen, -1)
        played = self.camera.played
        yield from hold(first, lambda: self.camera.played > played)
        for shot in play(seen):
            if not self._in_set():
                break
            yield shot
        if end:
            yield Shot(last, key=end)
        yield from hold(last, lambda: not self._in_set())

    def _in_set(self) -> bool:
        return self.face.states[-1].phase in ("countdown", "set", "summary")


def _pose(seen: Any, index: int) -> Pose:
    return Pose(seen.xy_px[index], seen.xyz_m[index], seen.confidence[index], 0.0)


def replies(told: dict[str, str] | None = None, **by_headline: str) -> Reply:
    """No red flag, and to every card the key of the first of its words that is in the headline.

    What nothing is said about is answered "n", or "q" at the end.
    """
    wanted = {**(told or {}), **by_headline}

    def reply(state: ScreenState) -> str:
        keys = {key.lower() for key, _ in state.choices}
        for words, key in wanted.items():
            offered = key in keys or key not in ("y", "n", "u")
            if offered and words.lower() in f"{state.headline} {state.detail}".lower():
                return key
        return "n" if "n" in keys else "q"

    return reply

"""Where acts are performed: a window or a terminal or neither, loudspeaker, camera or none."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from kneetrack.live.face import Face
from kneetrack.live.meter import Meter
from kneetrack.live.plan import Sight, Step
from kneetrack.live.sighting import Sighting

if TYPE_CHECKING:
    from kneetrack.pose.protocol import PoseBackend
    from kneetrack.records import Frame, Pose
    from kneetrack.sources.camera import Camera
    from kneetrack.ui.sound import Sound

_LOOK_S: Final = 0.05
_PAUSE_S: Final = 0.03
_LETTERS: Final = tuple(map(chr, range(0x20, 0x7F)))


@dataclass(slots=True)
class LiveStage:
    """A Stage. face None: by ear alone, and what is said is told.

    camera: entered already; without one, or without a backend, nobody is seen. clock, wait: of the
    time without a camera.
    """

    sound: Sound
    face: Face | None = None
    camera: Camera | None = None
    backend: PoseBackend | None = None
    tell: Callable[[str], None] = lambda _: None
    clock: Callable[[], float] = time.monotonic
    wait: Callable[[float], None] = time.sleep
    _meter: Meter = field(default_factory=Meter)
    _sighting: Sighting = field(default_factory=Sighting)
    _frame: Frame | None = None
    _pose: Pose | None = None
    _taken: str = ""
    _shown: bool = False
    _t_s: float = 0.0
    _ahead_s: float = 0.0
    _timed_by: Camera | None = None
    _told: set[str] = field(default_factory=set)

    @property
    def sees(self) -> bool:
        """Whether there is a camera, and somebody to look through it."""
        return self.camera is not None and self.backend is not None

    @property
    def answers(self) -> bool:
        """Whether a key can be pressed."""
        return self.face is not None and not self.face.keyless

    def sight(self) -> Sight:
        """The key pressed meanwhile, or else the next look."""
        if self.camera is not self._timed_by:
            self._turn_to_camera()
        key = self._key()
        if not key:
            self._look()
        camera = self.camera
        self._t_s = max(self._t_s, self._source_s() + self._ahead_s)
        trouble = "" if camera is None or camera.trouble is None else camera.trouble.text
        return Sight(
            t_s=self._t_s,
            pose=None if trouble else self._pose,
            size_px=(0, 0) if self._frame is None else self._frame.size_px,
            yaw_deg=self._sighting.yaw_deg,
            lying=self._sighting.lying,
            key=key,
            camera_trouble=trouble,
            camera_given_up=camera is not None and camera.given_up,
            source_ended=camera is not None and camera.ended,
            helping=self.face is not None and self.face.help,
        )

    def present(self, step: Step) -> None:
        """Show and say what a step asks for."""
        for heard in step.heard:
            self.sound.hear(heard)
            if heard.words and self.face is None:
                self.tell(heard.words)
        self._tell_once(self.sound.note if self.sound.on else "")
        state = step.screen
        keys = _LETTERS if state.typing else (key.lower() for key, _ in state.choices)
        self._taken = "".join(key for key in keys if len(key) == 1)
        if self.face is not None:
            state = replace(state, keys=state.keys or state.choices)
            self.face.show(state, self._frame, self._pose, None, self._meter)
            self._shown = True

    def _source_s(self) -> float:
        return self.clock() if self.camera is None else self.camera.now_s()

    def _turn_to_camera(self) -> None:
        """A camera comes or goes: its clock is another one, and what was seen is past."""
        self._timed_by, self._ahead_s = self.camera, self._t_s - self._source_s()
        self._frame = self._pose = None
        self._sighting = Sighting()

    def _key(self) -> str:
        """The key pressed; one pressed before anything was shown waits until its meaning shows."""
        return "" if self.face is None or not self._shown else self.face.key(self._taken)

    def _look(self) -> None:
        if self.camera is None:
            self.wait(_PAUSE_S)
            return
        if self.camera.trouble is not None:
            self._tell_once(self.camera.trouble.text)
        frame = self.camera.newest(_LOOK_S)
        if frame is None:
            if self.camera.ended:
                self._pose = None
            return
        if self.face is not None and (self._frame is None or self._frame.size_px != frame.size_px):
            self.face.first_picture(frame.size_px)
        self._frame = frame
        if self.backend is not None:
            self._pose = self.backend.track(frame)
            self._sighting.see(self._pose)

    def _tell_once(self, words: str) -> None:
        if words and words not in self._told:
            self._told.add(words)
            self.tell(words)

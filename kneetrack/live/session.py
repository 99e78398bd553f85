"""A live session: camera, pose, stepwise analysis, flow, coach, screen and sound, frame by frame.

Composes the rooms. What to do is decided elsewhere: the flow says what comes next, the stepwise
analysis what is seen, the keeper writes it down.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from kneetrack.analysis import Question
from kneetrack.live.ending import Ending
from kneetrack.live.face import Face
from kneetrack.live.feet_first import FeetFirst
from kneetrack.live.flow import Flow
from kneetrack.live.keeping import Keeper
from kneetrack.live.looking import Looked, Looker
from kneetrack.live.meter import FrameCost, Meter
from kneetrack.live.plan import Plan, Sight, Step
from kneetrack.live.sighting import Sighting
from kneetrack.live.stepwise import Stepwise
from kneetrack.live.taking import TAIL_S, Takes
from kneetrack.live_records import Heard, Moment
from kneetrack.pose.follow import PersonFollower
from kneetrack.pose.protocol import Outlines
from kneetrack.pose.repair import drop_invented, repair_swaps
from kneetrack.records import Frame, Pose, PoseTrack, SideName

if TYPE_CHECKING:
    from kneetrack.pose.protocol import PoseBackend
    from kneetrack.sources.camera import Camera
    from kneetrack.ui.sound import Sound

SILENT_S = 0.5
"""Without a new picture for so long, the flow is told so."""
FACTS_AFTER = 75
"""Pictures until the camera's true rate is known."""
CANNOT_KEEP = "Going on, but it cannot be saved. See the terminal."


@dataclass(slots=True)
class Devices:
    """What a session sees with and speaks through. front None: by ear alone."""

    camera: Camera
    backend: PoseBackend
    sound: Sound
    front: Face | None = None


@dataclass(slots=True)
class LiveSession:
    """One session from framing to summary.

    tell: called with every sentence that is said. background: look at pictures, read repetitions,
    and in the end everything, in threads of their own, so that no frame waits; without, a session
    is repeatable. leave_when_done: the summary is shown no longer than it takes to analyse what was
    done. ending: the result, after :meth:`run`. lost: why the camera stayed away.
    """

    devices: Devices
    question: Question
    plan: Plan
    keeper: Keeper
    tell: Callable[[str], None] = lambda _: None
    background: bool = True
    leave_when_done: bool = False
    meter: Meter = field(default_factory=Meter)
    lost: str = ""
    ending: Ending = field(init=False)
    _flow: Flow = field(init=False)
    _takes: Takes = field(init=False)
    _follower: PersonFollower | None = None
    _feet_first: FeetFirst | None = None
    _following: threading.Lock = field(default_factory=threading.Lock)
    _sighting: Sighting = field(default_factory=Sighting)
    _stepwise: Stepwise | None = None
    _last: Looked | None = None
    _clock_s: float = 0.0
    _noted: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.ending = Ending(self.question.settings.exercises, self.keeper.folder)
        self._flow = Flow(self.plan)
        self._takes = Takes(self.keeper, self.devices.camera.play)
        self._follower = PersonFollower(self.devices.backend, "largest")
        backend = self.devices.backend
        if self.question.exercise in (None, "glute_bridge") and isinstance(backend, Outlines):
            self._feet_first = FeetFirst(self._follower, backend.outline)

    @property
    def how_ended(self) -> str:
        """ "done", "quit", "pain", "left", "over" or "camera", after :meth:`run`."""
        return self._flow.ending

    @property
    def counted(self) -> tuple[Mapping[SideName, int], ...]:
        """Repetitions that were counted aloud in each set with any, side by side."""
        return self._flow.counted

    def run(self) -> None:
        """Until the summary has been seen or the user ends it.

        On every way out, what was kept is analysed and written.
        """
        with ThreadPoolExecutor(1, "finish") as pool:
            try:
                self._loop(pool)
            finally:
                self._finish(pool)
                self.ending.wait()

    def _loop(self, pool: ThreadPoolExecutor) -> None:
        front = self.devices.front
        with ExitStack() as stack:
            looker = Looker(self.devices.camera, self._pose, threaded=self.background)
            stack.enter_context(looker)
            while True:
                looked = looker.next()
                if looked is not None and self._last is None:
                    self._first_picture(looked.frame, stack)
                step = self._turn(looked, "" if front is None else front.key())
                if step is None:
                    continue
                if step.phase == "summary":
                    self._finish(pool)
                leaves = front is None or self.leave_when_done
                if step.finished or (leaves and self.ending.done):
                    return

    def _first_picture(self, frame: Frame, stack: ExitStack) -> None:
        if self.devices.front is not None:
            self.devices.front.first_picture(frame.size_px)
        self._stepwise = stack.enter_context(
            Stepwise(self.question, frame.size_px, _repair, background=self.background)
        )

    def _pose(self, frame: Frame) -> Pose:
        """Of the person followed; once what was kept is being analysed, of whoever is there."""
        with self._following:
            if self._follower is not None:
                return (self._feet_first or self._follower).follow(frame)
            return self.devices.backend.track(frame)

    # -- one turn ----------------------------------------------------------------------------

    def _turn(self, looked: Looked | None, key: str) -> Step | None:
        """One frame, or what happens without one; None when there was nothing to do."""
        if looked is None:
            return self._without_frame(key)
        start = time.perf_counter()
        frame, pose = looked.frame, looked.pose
        self._last = looked
        self._clock_s = max(self._clock_s, frame.t_s)
        self._sighting.see(pose)
        if not self.ending.begun:
            self.keeper.frame(frame, pose)
        moment = self._moment(pose)
        sight = Sight(
            t_s=self._clock_s,
            pose=pose,
            size_px=frame.size_px,
            yaw_deg=self._sighting.yaw_deg,
            lying=self._sighting.lying,
            moment=moment,
            key=key,
            helping=self._helping,
        )
        step = self._flow.step(sight)
        self._step(step, looked, moment)
        shown_s = self.devices.camera.now_s()
        rest_s = time.perf_counter() - start
        self.meter.add(
            FrameCost(shown_s, looked.waited_s, looked.inference_s, rest_s, shown_s - frame.t_s)
        )
        if self.meter.frames == FACTS_AFTER:
            self._tell_facts()
        return step

    def _without_frame(self, key: str) -> Step | None:
        """Time goes on without a picture: what was seen last holds until the camera says why.

        After the end of a file the analysis sees nobody any more, and tells the last repetition.
        """
        camera = self.devices.camera
        trouble = "" if camera.trouble is None else camera.trouble.text
        now_s = camera.now_s()
        last_s = 0.0 if self._last is None else self._last.frame.t_s
        silent = now_s - last_s > SILENT_S
        if not (key or trouble or camera.ended or silent):
            return None
        if trouble or camera.ended or silent:
            self._clock_s = max(self._clock_s, now_s)
        if camera.given_up:
            self.lost = trouble or "the camera is gone"
        moment = self._moment(Pose.unseen(self._clock_s)) if camera.ended else None
        sight = Sight(
            t_s=self._clock_s,
            pose=None if trouble or self._last is None else self._last.pose,
            size_px=(0, 0) if self._last is None else self._last.frame.size_px,
            moment=moment,
            key=key,
            camera_trouble=trouble,
            camera_given_up=camera.given_up,
            source_ended=camera.ended and now_s - last_s > TAIL_S,
            helping=self._helping,
        )
        step = self._flow.step(sight)
        self._step(step, None, None)
        return step

    @property
    def _helping(self) -> bool:
        return self.devices.front is not None and self.devices.front.help

    def _moment(self, pose: Pose) -> Moment | None:
        if self._takes.phase != "set" or self._stepwise is None:
            return None
        return self._stepwise.step(pose)

    def _step(self, step: Step, looked: Looked | None, moment: Moment | None) -> None:
        """What follows from a step of the flow."""
        pose = None if looked is None else looked.pose
        t_s = self._clock_s if pose is None else pose.t_s
        self._takes.follow(step, t_s, pose, self._stepwise)
        self._speak(step)
        front = self.devices.front
        if front is None:
            return
        state = replace(
            step.screen,
            recording=self.keeper.keep.record and self.keeper.taking,
            note=self.keeper.trouble or step.screen.note,
        )
        if not state.title and state.reps_done and moment is not None:
            exercise = self.question.settings.exercises.get(moment.exercise)
            state = replace(state, title="" if exercise is None else exercise.title)
        if step.phase == "summary":
            where = self.ending.where(state.detail)
            state = replace(state, summary=self.ending.lines, detail=where)
        frame = None if self._last is None else self._last.frame
        front.show(state, frame, pose, moment if step.phase == "set" else None, self.meter)

    def _speak(self, step: Step) -> None:
        sound, keeper = self.devices.sound, self.keeper
        for note in (sound.note if sound.on else "", keeper.trouble):
            if note and note not in self._noted:
                self._noted.add(note)
                self.tell(note)
                if note == keeper.trouble:
                    sound.hear(Heard("trouble", CANNOT_KEEP, within_s=5.0))
        for heard in step.heard:
            sound.hear(heard)
            if heard.words:
                self.tell(heard.words)

    def _tell_facts(self) -> None:
        """What the camera really gives, and what is wrong with that."""
        facts = self.devices.camera.facts()
        width, height = facts.size_px
        rate = f", {facts.fps:.0f} pictures a second" if facts.fps > 0 else ""
        self.tell(f"{facts.name}: {width} x {height}{rate}")
        for note in facts.notes:
            self.tell(note)
            self.keeper.note(note)

    # -- the end -----------------------------------------------------------------------------

    def _finish(self, pool: ThreadPoolExecutor) -> None:
        """Analyse what was kept, beside the running picture; the second call does nothing."""
        if self.ending.begun:
            return
        self._takes.end(self._clock_s)
        with self._following:
            follower, self._follower = self._follower, None
        assert follower is not None
        finish = follower.finish
        self.ending.begin(
            lambda: self.keeper.finish(self.question, finish), pool if self.background else None
        )


def _repair(track: PoseTrack) -> PoseTrack:
    """What the recorded path does to raw landmarks before it reads them."""
    return drop_invented(repair_swaps(track)[0])[0]

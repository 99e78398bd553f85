"""A live session: camera, pose, stepwise analysis, flow, coach, screen and sound, frame by frame.

Composes the rooms. What to do is decided elsewhere: the flow says what comes next, the stepwise
analysis what is seen, the coach which cue is due, the keeper writes it down.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from kneetrack.analysis import Question
from kneetrack.live.flow import Flow
from kneetrack.live.keeping import Keeper
from kneetrack.live.looking import Looked, Looker
from kneetrack.live.meter import FrameCost, Meter
from kneetrack.live.plan import Plan, Sight, Step
from kneetrack.live.sighting import Sighting
from kneetrack.live.stepwise import Stepwise
from kneetrack.live.summary import summary_lines
from kneetrack.live_records import Heard, Moment, Phase, ScreenState, SummaryLine
from kneetrack.one_euro import PoseFilter
from kneetrack.outputs import Written
from kneetrack.pose.follow import PersonFollower
from kneetrack.pose.repair import drop_invented, repair_swaps
from kneetrack.records import Frame, KneetrackError, Pose, PoseTrack
from kneetrack.ui.live import LiveScreen, screen_size

if TYPE_CHECKING:
    from kneetrack.pose.protocol import PoseBackend
    from kneetrack.sources.camera import Camera
    from kneetrack.ui.sound import Sound
    from kneetrack.ui.window import Window

SCREEN_PX = (1280, 720)
SILENT_S = 0.5
"""Without a new picture for so long, the flow is told so."""
BASELINE_S = 6.0
TAIL_S = 1.0
"""What comes after a set belongs to it for so long: its last repetition must end in it."""
CANNOT_KEEP = "Going on, but it cannot be saved. See the terminal."
KEYS = (
    ("Space", "pause, go on, skip"),
    ("R", "begin the set again"),
    ("P", "it hurts: stop"),
    ("M", "mirror the picture"),
    ("F", "full screen"),
    ("S", "sound on or off"),
    ("?", "this help"),
    ("Q", "end and show the result"),
)


@dataclass(slots=True)
class Devices:
    """What a session sees with and speaks through. window and screen None: by ear alone."""

    camera: Camera
    backend: PoseBackend
    sound: Sound
    window: Window | None = None
    screen: LiveScreen | None = None


@dataclass(slots=True)
class _Switches:
    mirrored: bool = True
    help: bool = False


@dataclass(slots=True)
class LiveSession:
    """One session from framing to summary.

    tell: called with every sentence that is said. background: read repetitions, and in the end
    everything, in threads of their own, so that no frame waits; without, a session is repeatable.
    """

    devices: Devices
    question: Question
    plan: Plan
    keeper: Keeper
    tell: Callable[[str], None] = lambda _: None
    background: bool = True
    meter: Meter = field(default_factory=Meter)
    written: Written | None = None
    lost: str = ""
    problem: KneetrackError | None = None
    _size_px: tuple[int, int] | None = None
    _before: Phase = "starting"
    _looker: Looker | None = None
    _noted: set[str] = field(default_factory=set)
    _pressed: str = ""
    _polled: bool = False
    _stepwise: Stepwise | None = None
    _baseline: list[Pose] = field(default_factory=list)
    _last: tuple[Frame, Pose] | None = None
    _last_s: float = 0.0
    _take_ends_s: float | None = None
    _finishing: Future[Written | None] | None = None
    _lines: tuple[SummaryLine, ...] = ()
    _switches: _Switches = field(default_factory=_Switches)
    _flow: Flow = field(init=False)
    _follower: PersonFollower | None = None
    _following: threading.Lock = field(default_factory=threading.Lock)
    _sighting: Sighting = field(default_factory=Sighting)
    _display_filter: PoseFilter = field(default_factory=PoseFilter)

    def __post_init__(self) -> None:
        self._flow = Flow(self.plan)
        self._follower = PersonFollower(self.devices.backend, "largest")

    def run(self) -> None:
        """Until the summary has been seen or the user ends it. What was kept is analysed."""
        with ThreadPoolExecutor(1, "finish") as pool:
            try:
                self._loop(pool)
            finally:
                self._leave(pool)

    def _loop(self, pool: ThreadPoolExecutor) -> None:
        with ExitStack() as stack:
            camera = self.devices.camera
            self._looker = Looker(camera, self._pose, threaded=self.background)
            stack.enter_context(self._looker)
            while True:
                looked = self._looker.next()
                if looked is not None and self._stepwise is None:
                    self._first_picture(looked.frame, stack)
                key = self._keys()
                step = self._turn(looked, key)
                if step is not None and step.phase == "summary" and self._finishing is None:
                    self._finish(pool)
                if step is not None and step.finished:
                    return

    def _first_picture(self, frame: Frame, stack: ExitStack) -> None:
        """Its size decides the screen's shape."""
        self._size_px = frame.size_px
        if self.devices.screen is not None:
            self.devices.screen = LiveScreen(_screen_for(frame.size_px))
        self._stepwise = stack.enter_context(
            Stepwise(self.question, frame.size_px, _repair, background=self.background)
        )

    # -- one turn ----------------------------------------------------------------------------

    def _turn(self, looked: Looked | None, key: str) -> Step | None:
        """One frame, or what happens without one; None when there was nothing to do."""
        camera = self.devices.camera
        if looked is None:
            trouble = "" if camera.trouble is None else camera.trouble.text
            quiet = camera.now_s() - self._last_s > SILENT_S
            if not (key or trouble or camera.ended or quiet):
                return None
            return self._without_frame(key, trouble)
        start = time.perf_counter()
        frame, pose = looked.frame, looked.pose
        self._last, self._last_s = (frame, pose), frame.t_s
        self._sighting.see(pose)
        if self._finishing is None:
            self.keeper.frame(frame, pose)
        moment = None
        if self._before == "set" and self._stepwise is not None:
            moment = self._stepwise.step(pose)
        step = self._flow.step(self._sight(frame, pose, moment, key))
        self._act(step, pose)
        self._speak(step)
        self._show(step, frame, pose, moment)
        shown_s = camera.now_s()
        rest_s = time.perf_counter() - start
        self.meter.add(
            FrameCost(shown_s, looked.waited_s, looked.inference_s, rest_s, shown_s - frame.t_s)
        )
        return step

    def _pose(self, frame: Frame) -> Pose:
        """Of the person followed; once what was kept is being analysed, of whoever is there."""
        with self._following:
            if self._follower is not None:
                return self._follower.follow(frame)
            return self.devices.backend.track(frame)

    def _without_frame(self, key: str, trouble: str) -> Step:
        """Time goes on without a picture: what was seen last holds until the camera says why.

        After the end of a file the analysis sees nobody any more, and tells the last repetition.
        """
        camera = self.devices.camera
        now_s = max(camera.now_s(), self._last_s)
        if camera.given_up:
            self.lost = trouble or "the camera is gone"
        moment = None
        if camera.ended and self._before == "set" and self._stepwise is not None:
            moment = self._stepwise.step(Pose.unseen(now_s))
        step = self._flow.step(
            Sight(
                t_s=now_s,
                pose=None if trouble or self._last is None else self._last[1],
                size_px=self._size_px or (0, 0),
                moment=moment,
                key=key,
                camera_trouble=trouble,
                camera_given_up=camera.given_up,
                source_ended=self._over(now_s),
            )
        )
        self._act(step, None)
        self._speak(step)
        self._show(step, None, None, None)
        return step

    def _over(self, now_s: float) -> bool:
        """Whether the file that stands in for a camera is over, and all of it has been told."""
        return self.devices.camera.ended and now_s - self._last_s > TAIL_S

    def _sight(self, frame: Frame, pose: Pose, moment: Moment | None, key: str) -> Sight:
        return Sight(
            t_s=frame.t_s,
            pose=pose,
            size_px=frame.size_px,
            yaw_deg=self._sighting.yaw_deg,
            lying=self._sighting.lying,
            moment=moment,
            key=key,
        )

    def _act(self, step: Step, pose: Pose | None) -> None:
        """What a change of phase means for what is kept and what is analysed."""
        now_s = self.devices.camera.now_s() if pose is None else pose.t_s
        phase, before, stepwise = step.phase, self._before, self._stepwise
        self._before = phase
        if pose is not None:
            self._collect_baseline(phase, before, pose)
        if step.begin_set and stepwise is not None:
            self.devices.camera.play()
            stepwise.begin(self._baseline)
        if step.restart:
            self._give_up_take(now_s)
        if step.end_set:
            self._take_ends_s = now_s + TAIL_S
        if self._take_ends_s is not None and now_s >= self._take_ends_s:
            self._end_take(now_s)
        if "paused" in (phase, before) and phase != before:
            self.keeper.pause(now_s, on=phase == "paused")
        if phase == "set" and before in ("paused", "trouble") and stepwise is not None:
            stepwise.resume()

    def _collect_baseline(self, phase: Phase, before: Phase, pose: Pose) -> None:
        """Standing still and the countdown belong to the set, unless it is given up."""
        preparing = ("still", "countdown")
        if phase in preparing:
            if self._take_ends_s is not None:
                self._end_take(pose.t_s)
            if not self.keeper.taking:
                self._baseline = []
                self.keeper.begin_take(pose.t_s)
            self._baseline.append(pose)
            while pose.t_s - self._baseline[0].t_s > BASELINE_S:
                del self._baseline[0]
        elif before in preparing and phase in ("framing", "view", "summary"):
            self._give_up_take(pose.t_s)

    def _end_take(self, t_s: float) -> None:
        self._take_ends_s = None
        self.keeper.end_take(t_s)

    def _give_up_take(self, t_s: float) -> None:
        """What the set had does not count."""
        self.keeper.again(t_s)
        self._end_take(t_s)

    def _speak(self, step: Step) -> None:
        sound, keeper = self.devices.sound, self.keeper
        for note in (sound.note, keeper.trouble):
            if note and note not in self._noted:
                self._noted.add(note)
                self.tell(note)
                if note == keeper.trouble:
                    sound.hear(Heard("trouble", CANNOT_KEEP, within_s=5.0))
        for heard in step.heard:
            self.devices.sound.hear(heard)
            if heard.words:
                self.tell(heard.words)

    # -- the screen --------------------------------------------------------------------------

    def _show(
        self, step: Step, frame: Frame | None, pose: Pose | None, moment: Moment | None
    ) -> None:
        window, screen = self.devices.window, self.devices.screen
        if window is None or screen is None:
            return
        smooth = None
        if pose is not None and moment is None:
            smooth = self._display_filter.filter(pose)
        image = frame.image if frame is not None else self._last[0].image if self._last else None
        state = self._state(step, smooth, moment)
        window.show(screen.draw(image, state))
        self._pressed, self._polled = window.key() or self._pressed, True

    def _state(self, step: Step, pose: Pose | None, moment: Moment | None) -> ScreenState:
        state = step.screen
        if moment is not None and step.phase == "set":
            state = replace(state, xy_px=moment.xy_px)
        elif pose is not None and pose.seen:
            state = replace(state, xy_px=pose.xy_px)
        if step.phase == "summary":
            state = replace(state, summary=self._lines, detail=self._where(state.detail))
        return replace(
            state,
            rate_fps=self.meter.rate_fps,
            delay_ms=self.meter.delay_ms,
            mirrored=self._switches.mirrored,
            sound_on=self.devices.sound.on,
            recording=self.keeper.keep.record and self.keeper.taking,
            help=self._switches.help,
            keys=KEYS,
            note=self.keeper.trouble or state.note,
        )

    def _keys(self) -> str:
        """The key for the flow; those about the window are done here.

        A picture appears when keys are asked for, so that is done with every one.
        """
        window = self.devices.window
        if window is None:
            return ""
        key = self._pressed if self._polled else self._pressed or window.key()
        self._pressed, self._polled = "", False
        if window.closed:
            return "close"
        if key == "m":
            self._switches.mirrored = not self._switches.mirrored
        elif key == "f":
            window.toggle_full_screen()
        elif key == "s":
            self.devices.sound.on = not self.devices.sound.on
        elif key == "?":
            self._switches.help = not self._switches.help
        elif key == "esc" and self._switches.help:
            self._switches.help = False
        else:
            return key
        return ""

    # -- the end -----------------------------------------------------------------------------

    def _finish(self, pool: ThreadPoolExecutor) -> None:
        """Analyse what was kept, beside the running picture."""
        self._end_take(self._last_s)
        with self._following:
            follower, self._follower = self._follower, None
        assert follower is not None

        def finish() -> Written | None:
            return self.keeper.finish(self.question, follower.finish)

        self._finishing = pool.submit(finish) if self.background else _at_once(finish)
        self._finishing.add_done_callback(self._finished)

    def _finished(self, done: Future[Written | None]) -> None:
        error = done.exception()
        if error is not None:
            self._lines = (SummaryLine(str(error), "", "cannot_tell"),)
            if isinstance(error, KneetrackError):
                self.problem = error
            return
        self.written = done.result()
        if self.written is None:
            self._lines = (SummaryLine("No set was done", "nothing kept", "cannot_tell"),)
            return
        exercises = self.question.settings.exercises
        self._lines = summary_lines(self.written.result, exercises)

    def _where(self, detail: str) -> str:
        if self._finishing is None or not self._finishing.done():
            return "Working it out"
        if self.written is None:
            return detail
        return f"The report is in {self.keeper.folder}"

    def _leave(self, pool: ThreadPoolExecutor) -> None:
        """On every way out: what was kept is analysed and written."""
        if self._finishing is None:
            self._finish(pool)
        assert self._finishing is not None
        error = self._finishing.exception()
        if error is not None and not isinstance(error, KneetrackError):
            raise error


def _screen_for(picture_px: tuple[int, int]) -> tuple[int, int]:
    """An upright picture stands in the middle of a wide screen: the room beside it is used."""
    width, height = picture_px
    return SCREEN_PX if height > width else screen_size(picture_px)


def _at_once(call: Callable[[], Written | None]) -> Future[Written | None]:
    """The call done here and now, in the shape of one that is done elsewhere."""
    done: Future[Written | None] = Future()
    try:
        done.set_result(call())
    except Exception as error:
        done.set_exception(error)
    return done


def _repair(track: PoseTrack) -> PoseTrack:
    """What the recorded path does to raw landmarks before it reads them."""
    return drop_invented(repair_swaps(track)[0])[0]

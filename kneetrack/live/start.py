"""Puts a live session together from what the command line asks for, and takes it apart again."""

from __future__ import annotations

import signal
import threading
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

from kneetrack.analysis import BridgeMode, Question
from kneetrack.live.face import Face
from kneetrack.live.keeping import Keep, Keeper, Versions
from kneetrack.live.likely import likely_words
from kneetrack.live.meter import Meter
from kneetrack.live.plan import Plan
from kneetrack.live.session import Devices, LiveSession
from kneetrack.live.showing import SCREEN_PX, Front
from kneetrack.live_records import Feedback, ScreenState
from kneetrack.outputs import Written
from kneetrack.recorded import exercise_name
from kneetrack.records import SettingsError, SourceError
from kneetrack.sets import REST_BETWEEN_SETS_S
from kneetrack.settings import Settings, load_settings

if TYPE_CHECKING:
    from kneetrack.pose.protocol import PoseBackend
    from kneetrack.sources.camera import Camera
    from kneetrack.ui.sound import Sound

Tell = Callable[[str], None]
FEEDBACK: tuple[Feedback, ...] = ("full", "faded", "off")
TITLE = "kneetrack"
DEMO = "demo"
"""As --camera: the bundled sample, to try it without a webcam."""
GOES_AHEAD_S = 12.0
"""A file cannot follow advice: it begins after so long, and what cannot be told stays untold."""


@dataclass(frozen=True, slots=True)
class LiveJob:
    """What ``kneetrack live`` was asked for. camera: see ``open_camera``.

    settings: those in effect; None: those of the file ``config``.
    """

    camera: str = ""
    exercise: str = "auto"
    bridge: BridgeMode = "low"
    sets: int = 3
    reps: int = 10
    rest_s: float = 60.0
    feedback: str = "full"
    config: Path | None = None
    model: Path | None = None
    keep: Keep = field(default_factory=Keep)
    window: bool = True
    sound: bool = True
    full_screen: bool = False
    settings: Settings | None = None


@dataclass(frozen=True, slots=True)
class Ended:
    """How a session ended. written: None when no set was done. note: about sound, camera, disk."""

    written: Written | None
    folder: Path
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Studio:
    """Window, sound and pose model, which stay open for one session or for several.

    background: as in :class:`~kneetrack.live.session.LiveSession`.
    """

    sound: Sound
    front: Face | None
    backend: PoseBackend
    versions: Versions
    background: bool = True

    def session(
        self, camera: Camera, question: Question, plan: Plan, keeper: Keeper, tell: Tell
    ) -> LiveSession:
        """A session before a camera that has been entered; keeper: entered as well."""
        if camera.virtual:
            plan = replace(plan, goes_ahead_s=GOES_AHEAD_S)
        devices = Devices(camera, self.backend, self.sound, self.front)
        return LiveSession(devices, question, plan, keeper, tell, self.background)


def run_live(job: LiveJob, tell: Tell = lambda _: None) -> Ended:
    """Run a session to its end. tell: called with every sentence that is said.

    Raises a KneetrackError: no camera, no display, an unknown setting, a full disk. What was
    recorded before it stays, and is analysed where that is possible.
    """
    from kneetrack.sources.camera import open_camera

    question, plan = _asked(job)
    with ExitStack() as stack:
        stack.enter_context(ended_by_signals())
        stack.enter_context(calm_numpy())
        camera = open_camera(camera_spec(job.camera))
        likely = likely_words(plan, question.settings.exercises)
        studio = open_studio(job, likely, stack, terminal=True)
        tell = _teller(studio.front, tell)
        name = question.exercise or "session"
        keeper = Keeper(job.keep, name.replace("_", "-"), studio.versions)
        stack.enter_context(keeper)
        stack.enter_context(camera)
        session = studio.session(camera, question, plan, keeper, tell)
        session.leave_when_done = not job.window
        try:
            session.run()
            session.devices.sound.finish()
        except KeyboardInterrupt:
            tell("Ended.")
        notes = tuple(note for note in (keeper.trouble,) if note)
    ending = session.ending
    if ending.problem is not None:
        raise ending.problem
    if session.lost and (ending.written is None or not ending.written.result.reps):
        raise SourceError(session.lost)
    return Ended(ending.written, keeper.folder, notes)


def _teller(front: Face | None, tell: Tell) -> Tell:
    """What is told appears above what a terminal shows."""
    from kneetrack.live.terminal_face import TerminalFace

    return front.tell if isinstance(front, TerminalFace) else tell


def camera_spec(camera: str) -> str:
    """What ``open_camera`` is to open: the bundled sample where "demo" was asked for."""
    from kneetrack.assets import demo_clip

    return str(demo_clip()) if camera == DEMO else camera


def _asked(job: LiveJob) -> tuple[Question, Plan]:
    settings = job.settings or load_settings(job.config)
    name = exercise_name(job.exercise)
    feedback = next((f for f in FEEDBACK if f == job.feedback), None)
    if feedback is None:
        raise SettingsError(f"unknown feedback {job.feedback!r}: use {', '.join(FEEDBACK)}")
    if job.rest_s < REST_BETWEEN_SETS_S:
        raise SettingsError(
            f"--rest must be {REST_BETWEEN_SETS_S:.0f} seconds or more: "
            "after a shorter rest two sets count as one"
        )
    title = settings.exercises[name].title if name else ""
    plan = Plan(
        exercise=name or "auto",
        sets_total=job.sets,
        reps_total=job.reps,
        rest_s=job.rest_s,
        feedback=feedback,
        title=title,
    )
    return Question(settings, name, job.bridge), plan


def open_studio(
    job: LiveJob, likely: Sequence[str], stack: ExitStack, *, terminal: bool = False
) -> Studio:
    """Everything but the camera, in an order in which a mistake is told before anything is slow.

    likely: what will probably be said. Only what ``job`` says of window, sound and model counts.
    terminal: without a window, one that is there shows the session and takes its keys, from before
    the model is loaded.
    """
    from kneetrack.assets import model_path
    from kneetrack.ui.live import LiveScreen
    from kneetrack.ui.sound import Sound
    from kneetrack.ui.window import Window

    window = stack.enter_context(Window(TITLE, SCREEN_PX)) if job.window else None
    sound = stack.enter_context(Sound())
    sound.on = job.sound
    sound.prepare(likely)
    front: Face | None = None
    if window is not None:
        front = Front(window, LiveScreen(SCREEN_PX), sound)
        if job.full_screen:
            window.toggle_full_screen()
    elif terminal:
        front = _terminal(sound, stack)
    if front is not None:
        starting = ScreenState("starting", headline="One moment", detail="Loading the pose model")
        front.show(starting, None, None, None, Meter())

    from kneetrack.pose.blazepose import BlazePose, mediapipe_version

    backend = stack.enter_context(BlazePose(job.model or model_path()))
    return Studio(sound, front, backend, Versions(mediapipe_version, backend.model_sha256))


def _terminal(sound: Sound, stack: ExitStack) -> Face | None:
    from kneetrack.live.terminal_face import TerminalFace

    face = TerminalFace(sound)
    return None if face.keyless else stack.enter_context(face)


@contextmanager
def ended_by_signals() -> Iterator[None]:
    """Being asked to end (kill, closing the terminal) ends like Ctrl-C: nothing is lost."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def end(_number: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    names = [n for n in ("SIGTERM", "SIGHUP") if hasattr(signal, n)]
    before = {name: signal.signal(getattr(signal, name), end) for name in names}
    try:
        yield
    finally:
        for name, handler in before.items():
            signal.signal(getattr(signal, name), handler)


@contextmanager
def calm_numpy() -> Iterator[None]:
    """Medians over nothing are NaN on purpose; filters are the whole process's, so set once."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        yield

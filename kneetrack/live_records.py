"""What crosses the borders between rooms in a live session. Checked like :mod:`records`.

A live session is a chain: the camera's newest frame, its pose, what the stepwise analysis makes of
it (:class:`Moment`), the cue that is due (:class:`Cue`), what the screen shows
(:class:`ScreenState`) and what is heard (:class:`Heard`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from kneetrack.records import FloatArray, SideName, Status

Phase = Literal[
    "starting",  # the camera is being opened, the model loaded
    "framing",  # nobody, or not the whole body, in the picture
    "view",  # the whole body, but seen from where the exercise cannot be judged
    "still",  # stand (or lie) still for two seconds: the baseline
    "countdown",  # three, two, one
    "set",  # a set is under way
    "paused",  # by a key, or by raised arms
    "rest",  # between two sets
    "lead",  # get ready for something that is timed or counted by ear
    "timer",  # a timer runs, or repetitions are counted by ear
    "scale",  # a number from 0 to 10 is asked for
    "summary",  # all sets done, or the person has left
    "trouble",  # the camera is lost; it is tried again
]
Feedback = Literal["full", "faded", "off"]
Tone = Literal[
    "rep", "good_rep", "knee_in", "too_deep", "set_done", "tick", "go", "half", "trouble"
]


@dataclass(frozen=True, slots=True)
class Trouble:
    """What is wrong with the camera, in one line, and what to do. ``since_s``: its own clock."""

    text: str
    since_s: float


@dataclass(frozen=True, slots=True)
class CameraFacts:
    """What a camera really gives. fps: as measured over the last seconds, NaN before that."""

    name: str
    size_px: tuple[int, int]
    fps: float
    fps_promised: float | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Fault:
    """A rule beyond its band at one side: what was seen (``found``), what to do (``cue``)."""

    rule: str
    side: SideName
    status: Status
    found: str
    cue: str


@dataclass(frozen=True, slots=True)
class FinishedRep:
    """A repetition that has just ended. ``status``: its mark; ``faults`` in order of priority."""

    number: int
    side: SideName
    status: Status
    faults: tuple[Fault, ...] = ()
    start_s: float = 0.0
    bottom_s: float = 0.0
    end_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Gauge:
    """One knee on the screen.

    position: where the value lies against its bands: 0 the middle of the good band, +1 the edge
    to watch, +2 the edge to flag, on the inward side; negative outward. None: no number.
    """

    status: Status | Literal["resting"] = "resting"
    position: float | None = None
    label: str = ""


@dataclass(frozen=True, slots=True)
class Moment:
    """One frame of a set, as the stepwise analysis sees it; left and right in that order.

    running: faults seen in this very frame. finished: the repetition that ended in this frame.
    depth_fraction: 0 up, 1 as deep as the deepest repetition so far.
    """

    t_s: float
    xy_px: FloatArray
    gauges: tuple[Gauge, Gauge] = (Gauge(), Gauge())
    depth_fraction: float | None = None
    rep_under_way: bool = False
    running: tuple[Fault, ...] = ()
    finished: FinishedRep | None = None
    exercise: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Cue:
    """The one thing to say now. kind: a fault, praise for a repaired one, or pain."""

    text: str
    status: Status
    kind: Literal["fault", "praise", "pain"] = "fault"
    rule: str = ""
    side: SideName = "both"


@dataclass(frozen=True, slots=True)
class Heard:
    """Something to be heard: a tone, words, or both (the tone first).

    urgent: cuts off what is being said. A count or a cue that is late is worth nothing: words that
    could not begin within ``within_s`` are left unsaid.
    """

    tone: Tone | None = None
    words: str = ""
    urgent: bool = False
    within_s: float = 1.5


@dataclass(frozen=True, slots=True)
class SummaryLine:
    """One line of the summary on the screen, ready to show."""

    text: str
    value: str
    status: Status


@dataclass(frozen=True, slots=True)
class ScaleShown:
    """A scale from 0 to 10. words: what stands at some of its steps. chosen: None so far none."""

    words: tuple[tuple[int, str], ...] = ()
    chosen: int | None = None


@dataclass(frozen=True, slots=True)
class ScreenState:
    """Everything the live screen draws over one picture; texts are ready to show.

    xy_px: (K, 2) landmarks in pixels of the unmirrored picture, or None. headline: what to do now,
    in the largest type; detail: one smaller line. turn_deg: how far to turn, + to the person's own
    left. progress: 0..1 of what is being waited for (stillness, raised arms, a rest).
    countdown: 3, 2, 1, or seconds left. rate_fps, delay_ms: for the small line.
    keys: (key, what it does) rows of the help, shown when ``help`` is set. choices: (key, what it
    does) of a question, below what is asked in "rest" and "summary". lying: the exercise is
    done lying down, and so is the outline into which the person is to fit. figure: path of a
    picture beside the words. next_up: what comes after this. scale: drawn in phase "scale".
    typing: every letter is an answer.
    """

    phase: Phase
    xy_px: FloatArray | None = None
    title: str = ""
    set_number: int = 0
    sets_total: int | None = None
    reps_done: int = 0
    reps_total: int | None = None
    rep_marks: tuple[Status, ...] = ()
    gauges: tuple[Gauge, Gauge] | None = None
    depth_fraction: float | None = None
    headline: str = ""
    detail: str = ""
    cue: str = ""
    cue_status: Status = "ok"
    turn_deg: float | None = None
    progress: float | None = None
    countdown: int | None = None
    rate_fps: float | None = None
    delay_ms: float | None = None
    mirrored: bool = True
    sound_on: bool = True
    recording: bool = False
    help: bool = False
    keys: tuple[tuple[str, str], ...] = ()
    choices: tuple[tuple[str, str], ...] = ()
    summary: tuple[SummaryLine, ...] = ()
    note: str = ""
    trouble: str = ""
    lying: bool = False
    figure: str = ""
    next_up: str = ""
    scale: ScaleShown | None = None
    typing: bool = False

"""What goes into the flow of a live session and what comes out of it, frame by frame."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from kneetrack.live_records import Feedback, Heard, Moment, Phase, ScreenState
from kneetrack.records import Pose, SettingsError

ViewWanted = Literal["", "front", "side", "foot_end"]

STANDING = frozenset({"squat", "single_leg_squat", "single_leg_stance", "lateral_lunge"})
LYING = frozenset({"glute_bridge"})


def counts_each_side(exercise: str, sides: str, view: str) -> bool:
    """Whether a set is done only when both sides are: lunges to both, but not seen from the side,
    where one leg hides the other."""
    return exercise == "lateral_lunge" and sides == "both" and view != "side"


@dataclass(frozen=True, slots=True)
class Plan:
    """What was asked for. exercise: "auto" or a name. title: what the screen calls it.

    goes_ahead_s: where nobody can answer (a file plays), begin after so long with somebody in the
    picture, whatever the framing and the view; None: never. view: from where it must be seen, ""
    from wherever the exercise can be judged. each_side: a set is done when both sides are. hold_s:
    a balance is done after so long on one leg. done: said and shown at the end of the last set.
    begin_words: said at "Go", and once more in each set when there is nothing else to say.
    first_set, last_set: which of the sets are done here, None up to the last. gone_s: nobody for so
    long has left, even before a set; None: somebody who has done nothing yet is waited for.
    Raises SettingsError for counts below 1 or a negative rest.
    """

    exercise: str = "auto"
    sets_total: int = 3
    reps_total: int = 10
    rest_s: float = 60.0
    feedback: Feedback = "full"
    title: str = ""
    goes_ahead_s: float | None = None
    view: ViewWanted = ""
    each_side: bool = False
    hold_s: float | None = None
    done: str = ""
    begin_words: str = ""
    first_set: int = 1
    last_set: int | None = None
    gone_s: float | None = None

    @property
    def ends_with(self) -> int:
        """The number of the last set that is done here."""
        return self.sets_total if self.last_set is None else self.last_set

    def __post_init__(self) -> None:
        if self.sets_total < 1 or self.reps_total < 1:
            raise SettingsError("sets and repetitions must be 1 or more")
        if not self.rest_s >= 0:
            raise SettingsError("the rest must be 0 seconds or more")

    def lying(self, seen_lying: bool) -> bool:
        """Whether the exercise is done lying down; with "auto", what is seen decides."""
        return seen_lying if self.exercise == "auto" else self.exercise in LYING


@dataclass(frozen=True, slots=True)
class Sight:
    """What is known at one frame.

    pose: as detected, not smoothed; None or unseen = nobody. size_px (0, 0): no picture yet.
    yaw_deg: steadied over the last moments, > 0 = the camera is on the person's left, NaN unknown.
    key: " ", "r", "p", "q", "esc", or "close" for the window; "" none. camera_trouble: one line,
    "" all is well. source_ended: the file that plays as a camera is over. helping: the keys are
    being read, over what is shown.
    """

    t_s: float
    pose: Pose | None = None
    size_px: tuple[int, int] = (0, 0)
    yaw_deg: float = float("nan")
    lying: bool = False
    moment: Moment | None = None
    key: str = ""
    camera_trouble: str = ""
    camera_given_up: bool = False
    source_ended: bool = False
    helping: bool = False

    @property
    def somebody(self) -> bool:
        """Whether anybody is in the picture."""
        return self.pose is not None and self.pose.seen


@dataclass(frozen=True, slots=True)
class Step:
    """What follows from one frame. The flags are up in that one frame, ``finished`` for good.

    begin_set: the countdown has ended. end_set: the set is over, its repetitions stand.
    restart: the set is begun again, its repetitions are dropped. finished: leave.
    """

    screen: ScreenState
    heard: tuple[Heard, ...] = ()
    begin_set: bool = False
    end_set: bool = False
    restart: bool = False
    finished: bool = False

    @property
    def phase(self) -> Phase:
        """The phase that the screen shows."""
        return self.screen.phase

"""What the phases of one live session share: progress, memory, and the step being made."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from kneetrack.feedback import CoachState
from kneetrack.live.gestures import RaisedArms
from kneetrack.live.phrases import LAST_SET, THE_END, Ending
from kneetrack.live.plan import Plan, Sight, Step
from kneetrack.live.timing import Hints
from kneetrack.live_records import FinishedRep, Heard, Phase, ScreenState, Tone
from kneetrack.records import SideName

Next = Literal["", "placing", "countdown", "set", "paused", "rest", "summary", "back"]
"""Where a phase goes: nowhere, to another one, or back to the one that was interrupted."""


class PhaseOfFlow(Protocol):
    """One phase: it is made when it begins, and may be interrupted by a pause or by trouble."""

    def step(self, sight: Sight, run: Run) -> Next:
        """Take in one frame, show and say what is to be, and tell where to go."""

    def resumed(self, t_s: float, away_s: float) -> None:
        """Go on after an interruption of ``away_s`` seconds."""


@dataclass(slots=True)
class Run:
    """The state of one session that outlives its phases. ``reps``: of the present set.

    counted: repetitions of each set that is over, side by side; sets without one are left out.
    """

    plan: Plan
    set_number: int = 1
    reps: list[FinishedRep] = field(default_factory=list)
    reps_before: int = 0
    flagged: bool = False
    counted: list[Counter[SideName]] = field(default_factory=list)
    in_set: bool = False
    forced: bool = False
    lying: bool = False
    note: str = ""
    ending: Ending = "done"
    ended_text: str = ""
    coach: CoachState = field(default_factory=CoachState)
    hints: Hints = field(default_factory=Hints)
    arms: RaisedArms = field(default_factory=RaisedArms)
    screen: ScreenState = field(default_factory=lambda: ScreenState("starting"))
    heard: list[Heard] = field(default_factory=list)
    begin_set: bool = False
    end_set: bool = False
    restart: bool = False
    finished: bool = False
    somebody_s: float = math.nan

    def next_frame(self, sight: Sight) -> None:
        """Nothing said, no flag up, for the frame that comes now."""
        self.heard, self.begin_set, self.end_set, self.restart = [], False, False, False
        if sight.somebody or math.isnan(self.somebody_s):
            self.somebody_s = sight.t_s

    def gone_s(self, t_s: float) -> float:
        """For how long nobody has been in the picture."""
        return t_s - self.somebody_s

    @property
    def did_anything(self) -> bool:
        """Whether any repetition has been done in this session."""
        return bool(self.reps) or self.reps_before > 0

    @property
    def end_words(self) -> str:
        """What is said and shown at the end."""
        if self.ending == "done" and (self.flagged or self._faulty):
            return LAST_SET
        own = self.plan.done if self.ending == "done" else ""
        return own or THE_END[self.ending]

    @property
    def _faulty(self) -> bool:
        """Whether a repetition of this set was not quite clean."""
        return any(rep.status in ("watch", "flag") for rep in self.reps)

    @property
    def sides(self) -> tuple[int, int]:
        """Repetitions of this set on the left and on the right, (0, 0) where both work alike."""
        sides = [rep.side for rep in self.reps]
        return sides.count("left"), sides.count("right")

    @property
    def reps_done(self) -> int:
        """The count that the screen shows: on the side of the last one where sides count apart."""
        last = self.reps[-1].side if self.reps else "both"
        return sum(rep.side == last for rep in self.reps)

    def show(self, phase: Phase, **shown: Any) -> None:
        """What the screen shows in this frame; fields of ScreenState."""
        common: dict[str, Any] = {
            "title": self.plan.title,
            "set_number": self.set_number,
            "sets_total": self.plan.sets_total,
            "reps_done": self.reps_done,
            "reps_total": self.plan.reps_total,
            "rep_marks": tuple(rep.status for rep in self.reps),
            "note": self.note,
            "lying": self.lying,
        }
        self.screen = ScreenState(phase, **{**common, **shown})

    def say(
        self,
        words: str,
        tone: Tone | None = None,
        *,
        urgent: bool = False,
        within_s: float = 3.0,
    ) -> None:
        """What is heard in this frame, after what has been said in it already."""
        self.heard.append(Heard(tone, words, urgent, within_s))

    def start_set(self) -> None:
        """The countdown has ended."""
        self.reps, self.in_set, self.begin_set = [], True, True
        self.coach = self.coach.new_set(self.set_number)
        self.arms.reset()

    def close_set(self) -> None:
        """The set is over, its repetitions stand."""
        if self.in_set:
            self.in_set, self.end_set = False, True
            if self.reps:
                self.counted.append(Counter(rep.side for rep in self.reps))

    def drop_set(self) -> None:
        """The set is begun again."""
        self.reps, self.in_set, self.restart = [], False, True

    def next_set(self) -> None:
        """On to the next set."""
        self.reps_before += len(self.reps)
        self.flagged = self.flagged or self._faulty
        self.set_number, self.reps = self.set_number + 1, []

    def end(self, ending: Ending, text: str = "") -> Next:
        """The session is over: close the set that may be under way, go to the summary."""
        self.close_set()
        self.ending, self.ended_text = ending, text
        return "summary"

    def made(self) -> Step:
        """The step of this frame."""
        return Step(
            self.screen,
            tuple(self.heard),
            self.begin_set,
            self.end_set,
            self.restart,
            self.finished,
        )

"""The hands-free flow of a live session: frames in, what to show, say and do out.

Pure logic: the only clock is ``t_s`` of the frames. Starting, framing, view, still, countdown,
set, rest and again, to the summary; pauses and trouble with the camera interrupt any of them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from kneetrack.feedback import PAIN, CoachState, heard_cue
from kneetrack.live import phrases
from kneetrack.live.interrupted import Paused, Trouble
from kneetrack.live.placing import Countdown, Placing, Starting
from kneetrack.live.plan import Plan, Sight, Step
from kneetrack.live.run import Next, PhaseOfFlow, Run
from kneetrack.live.working import Reading, Rest, Set
from kneetrack.records import SideName

__all__ = ["Flow", "Plan", "Sight", "Step"]

LEAVE_AFTER_S = {"left": 15.0, "over": 4.0, "camera": 6.0}
"""After these endings nobody may be there to press a key."""
NOBODY_S = 20.0
WINDOW_KEYS = frozenset({"m", "f", "v", "?", "h"})


class Summary:
    """The end: what was done is on the screen until a key, or until nobody is there."""

    def __init__(self, sight: Sight, run: Run) -> None:
        self._since_s = sight.t_s
        if run.ending == "pain":
            run.heard.append(heard_cue(PAIN))
        else:
            run.say(run.end_words, "set_done", within_s=5.0)

    def resumed(self, t_s: float, away_s: float) -> None:
        """It stays as long as before."""
        self._since_s += away_s

    def step(self, sight: Sight, run: Run) -> Next:
        """Leave on a key, or after a while."""
        run.show(
            "summary",
            headline=run.end_words,
            detail=PAIN.text if run.ending == "pain" else run.ended_text,
        )
        shown_s = sight.t_s - self._since_s
        nobody = min(run.gone_s(sight.t_s), shown_s) >= NOBODY_S
        over = sight.source_ended and shown_s >= LEAVE_AFTER_S["over"]
        late = shown_s >= LEAVE_AFTER_S.get(run.ending, float("inf"))
        if nobody or over or late or (sight.key and sight.key not in WINDOW_KEYS):
            run.finished = True
        return ""


class Flow:
    """One live session from the first picture to its end; call :meth:`step` once a frame."""

    def __init__(self, plan: Plan) -> None:
        self._run = Run(plan, plan.first_set, coach=CoachState(plan.feedback))
        self._phase: PhaseOfFlow = Starting()

    @property
    def ending(self) -> phrases.Ending:
        """Why the session is over, once it is."""
        return self._run.ending

    @property
    def counted(self) -> tuple[Mapping[SideName, int], ...]:
        """Repetitions that were counted aloud in each set with any, side by side."""
        return tuple(self._run.counted)

    def step(self, sight: Sight) -> Step:
        """Take in one frame. Times must not go backwards."""
        run = self._run
        run.next_frame(sight)
        sight = replace(sight, key=sight.key.lower())
        if run.finished or sight.key == "close":
            run.close_set()
            run.finished = True
            return run.made()
        if sight.helping and not isinstance(self._phase, (Reading, Trouble)):
            self._phase = Reading(self._phase, sight)
        elif isinstance(self._phase, Reading) and self._phase.step(sight, run) == "back":
            self._phase = self._entered("back", sight)
        go = self._interrupted(sight)
        if go:
            sight = replace(sight, key="")
        while go or (go := self._phase.step(sight, run)):
            self._phase = self._entered(go, sight)
            sight, go = replace(sight, key="", moment=None), ""
        return run.made()

    def _interrupted(self, sight: Sight) -> Next:
        """What cuts short whatever is going on: quitting, pain, trouble with the camera."""
        run, phase = self._run, self._phase
        if isinstance(phase.inner if isinstance(phase, Reading) else phase, Summary):
            return ""
        if sight.key in ("q", "esc"):
            if not (run.did_anything or run.in_set):
                run.finished = True
            return run.end("quit")
        if sight.key == "p":
            return run.end("pain")
        if sight.camera_trouble and not isinstance(phase, Trouble):
            self._phase = Trouble(phase, sight, run)
        return ""

    def _entered(self, go: Next, sight: Sight) -> PhaseOfFlow:
        run, phase = self._run, self._phase
        if go == "paused":
            return Paused(phase, sight, run)
        if go == "back":
            assert isinstance(phase, (Paused, Reading, Trouble))
            phase.inner.resumed(sight.t_s, sight.t_s - phase.since_s)
            return phase.inner
        made: dict[str, Callable[[Sight, Run], PhaseOfFlow]] = {
            "placing": Placing,
            "countdown": Countdown,
            "set": Set,
            "rest": Rest,
            "summary": Summary,
        }
        return made[go](sight, run)

"""Before a set: the whole body in view, from the right place, still; then three, two, one."""

from __future__ import annotations

import math

from kneetrack.cue_words import number_word
from kneetrack.live import phrases
from kneetrack.live.framing import (
    LIE_DOWN,
    SIDE_NOTE,
    STAND_UP,
    Advice,
    facing,
    framing_advice,
    lying_view_advice,
    side_on,
    turn,
    turn_side_on,
)
from kneetrack.live.plan import LYING, STANDING, Sight
from kneetrack.live.run import Next, Run
from kneetrack.live.timing import Settled, Stillness
from kneetrack.live_records import Phase

STILL_S = 2.0
COUNT_S = 3
SIDE_STEADY_S = 6.0
GONE_S = 30.0
"""Between sets, nobody for so long has walked away."""
_AFTER_HINT_S = 1.5


class Starting:
    """The camera is being opened."""

    def step(self, sight: Sight, run: Run) -> Next:
        """Wait for the first picture."""
        if sight.size_px[0] > 0:
            return "placing"
        run.show("starting", headline=phrases.STARTING)
        return ""

    def resumed(self, t_s: float, away_s: float) -> None:
        """Nothing to take up."""


class View:
    """Whether the person is seen from where the exercise can be judged, with hysteresis."""

    def __init__(self) -> None:
        self._facing = self._side = False
        self._side_since_s = math.nan

    def advice(self, sight: Sight, run: Run) -> Advice | None:
        """What to change; None when the view will do. Sets the note of the run."""
        assert sight.pose is not None
        wanted = run.plan.view
        if run.lying:
            return lying_view_advice(sight.pose.xy_px, wanted)
        if wanted == "side":
            return self._must_be_side_on(sight)
        unknown = not math.isfinite(sight.yaw_deg)
        self._facing = not unknown and facing(sight.yaw_deg, already=self._facing)
        if self._facing:
            self._side_since_s = math.nan
            return None
        watched = not math.isnan(self._side_since_s)
        if wanted or not (unknown or side_on(sight.yaw_deg, already=watched)):
            self._side_since_s = math.nan
            return turn(sight.yaw_deg, only=bool(wanted))
        if not watched:
            self._side_since_s = sight.t_s
        if sight.t_s - self._side_since_s < SIDE_STEADY_S:
            return turn(sight.yaw_deg)
        run.note = "" if unknown else SIDE_NOTE
        return None

    def _must_be_side_on(self, sight: Sight) -> Advice | None:
        known = math.isfinite(sight.yaw_deg)
        self._side = known and side_on(sight.yaw_deg, already=self._side)
        return None if self._side else turn_side_on(sight.yaw_deg)


class Placing:
    """Framing, view and stillness, checked in this order in every frame."""

    def __init__(self, sight: Sight, run: Run) -> None:
        self._view = View()
        self._settled, self._still = Settled(), Stillness()
        self._phase: Phase = "framing"
        self._told_still = False
        self._somebody_since_s = math.nan
        run.forced, run.note = False, ""

    def resumed(self, t_s: float, away_s: float) -> None:
        """Stand still anew."""
        self._still.reset()
        self._somebody_since_s = math.nan

    def step(self, sight: Sight, run: Run) -> Next:
        """Say what is to be changed, or wait for two still seconds."""
        leave = self._leaves(sight, run)
        if leave:
            return leave
        run.lying, run.note = run.plan.lying(sight.lying), ""
        phase, advice = self._check(sight, run)
        held = self._settled.step(sight.t_s, advice)
        still_s = self._still.step(sight.t_s, sight.pose if held is None else None)
        if not self._settled.known:
            run.show("framing", headline=phrases.LOOKING)
        elif held is not None:
            self._phase = phase if advice is held else self._phase
            self._advise(sight, run, held)
        else:
            self._wait_still(sight, run, still_s)
            return "countdown" if still_s >= STILL_S else ""
        return self._goes_ahead(sight, run)

    def _leaves(self, sight: Sight, run: Run) -> Next:
        if sight.source_ended:
            return run.end("over")
        away_s = GONE_S if run.did_anything else run.plan.gone_s
        if away_s is not None and run.gone_s(sight.t_s) >= away_s:
            return run.end("left")
        if sight.key == " " and sight.somebody:
            run.forced = True
            return "countdown"
        return ""

    def _goes_ahead(self, sight: Sight, run: Run) -> Next:
        """Where nobody can follow advice, begin all the same after a while."""
        if not sight.somebody:
            self._somebody_since_s = math.nan
        elif math.isnan(self._somebody_since_s):
            self._somebody_since_s = sight.t_s
        limit_s = run.plan.goes_ahead_s
        if limit_s is None or not sight.t_s - self._somebody_since_s >= limit_s:
            return ""
        run.forced = True
        return "countdown"

    def _check(self, sight: Sight, run: Run) -> tuple[Phase, Advice | None]:
        if sight.somebody and run.plan.exercise in LYING and not sight.lying:
            return "view", LIE_DOWN
        if sight.somebody and run.plan.exercise in STANDING and sight.lying:
            return "view", STAND_UP
        yaw = sight.yaw_deg if math.isfinite(sight.yaw_deg) else 0.0
        advice = framing_advice(sight.pose, sight.size_px, lying=run.lying, yaw_deg=yaw)
        if advice is not None:
            return "framing", advice
        return "view", self._view.advice(sight, run)

    def _advise(self, sight: Sight, run: Run, advice: Advice) -> None:
        self._told_still = False
        run.show(
            self._phase,
            headline=advice.text,
            detail=phrases.START_ANYWAY if sight.somebody and self._phase == "view" else "",
            turn_deg=_turn_deg(sight, run) if advice.turn_deg is not None else None,
        )
        if run.hints.due(sight.t_s, advice.code):
            run.say(advice.text)

    def _wait_still(self, sight: Sight, run: Run, still_s: float) -> None:
        text = phrases.LIE_STILL if run.lying else phrases.STAND_STILL
        run.show("still", headline=text, detail=run.note, progress=min(1.0, still_s / STILL_S))
        fresh = not self._told_still and run.hints.due(sight.t_s, "still", _AFTER_HINT_S)
        if fresh or run.hints.due(sight.t_s, "still"):
            run.say(f"{run.note}. {text}" if run.note and not self._told_still else text)
            self._told_still = True


def _turn_deg(sight: Sight, run: Run) -> float | None:
    """How far to turn, as it is now: the advice may be of a moment ago."""
    return turn_side_on(sight.yaw_deg).turn_deg if run.plan.view == "side" else sight.yaw_deg


class Countdown:
    """Three, two, one, go. Whoever leaves the picture meanwhile is asked back in."""

    def __init__(self, sight: Sight, run: Run) -> None:
        self._since_s = sight.t_s
        self._counted = COUNT_S + 1
        self._framing = Settled()

    def resumed(self, t_s: float, away_s: float) -> None:
        """Count from three again."""
        self._since_s, self._counted = t_s, COUNT_S + 1

    def step(self, sight: Sight, run: Run) -> Next:
        """Count; at nought the set begins."""
        if not run.forced and self._lost(sight, run):
            return "placing"
        elapsed_s = sight.t_s - self._since_s
        if elapsed_s >= COUNT_S:
            run.start_set()
            run.say(phrases.GO, "go", urgent=True)
            if run.plan.begin_words:
                run.say(run.plan.begin_words, within_s=4.0)
            return "set"
        left = COUNT_S - int(elapsed_s)
        if left < self._counted:
            self._counted = left
            run.say(number_word(left), "tick", urgent=True, within_s=0.5)
        run.show("countdown", headline=phrases.READY, detail=run.note, countdown=left)
        return ""

    def _lost(self, sight: Sight, run: Run) -> bool:
        yaw = sight.yaw_deg if math.isfinite(sight.yaw_deg) else 0.0
        advice = framing_advice(sight.pose, sight.size_px, lying=run.lying, yaw_deg=yaw)
        return self._framing.step(sight.t_s, advice) is not None

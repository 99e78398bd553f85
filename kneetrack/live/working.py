"""A set under way, a pause, the rest after it, and trouble with the camera."""

from __future__ import annotations

import math
from dataclasses import replace

from kneetrack.feedback import advise, heard_count, heard_cue
from kneetrack.live import phrases
from kneetrack.live.plan import Sight
from kneetrack.live.run import Next, PhaseOfFlow, Run
from kneetrack.live.timing import OnOneLeg
from kneetrack.live_records import Cue, FinishedRep, Moment

IDLE_S = 20.0
"""After at least one repetition: no more for so long, and the set is over."""
HINT_S = 30.0
AWAY_S = 4.0
ASK_BACK_S = 1.0
CUE_SHOWN_S = 2.5
TICKS = 3
REMIND_AFTER_REPS = 2
REMIND_QUIET_S = 8.0
"""What was said at "Go" is said again after so many repetitions, and so long without a cue."""
HOLD_MORE_S = 0.5
"""A balance is held for a little longer than asked for: its ends are not sharp."""


def set_complete(reps: list[FinishedRep], reps_total: int, *, each_side: bool = False) -> bool:
    """Whether a set is done: all of them, or all of each side that has been begun.

    each_side: both sides must have been done.
    """
    counts = [sum(rep.side == side for rep in reps) for side in ("left", "right", "both")]
    if each_side and not counts[2]:
        return min(counts[:2]) >= reps_total
    begun = [count for count in counts if count]
    return bool(begun) and min(begun) >= reps_total


def ask_arms(sight: Sight, run: Run) -> Next:
    """Raised arms: "paused" (or "back") after one second, "summary" after three."""
    calm = sight.moment is None or not sight.moment.rep_under_way
    event = run.arms.step(sight.t_s, sight.pose, lying=run.lying, calm=calm)
    if event == "long":
        return run.end("quit")
    return "paused" if event == "short" else ""


def _sides_shown(run: Run) -> bool:
    """Whether both sides are counted: both are asked for, or both have been done."""
    return any(run.sides) if run.plan.each_side else all(run.sides)


class Set:
    """Repetitions are counted and cued."""

    def __init__(self, sight: Sight, run: Run) -> None:
        self._active_s = sight.t_s
        self._hinted_s = sight.t_s
        self._cue: Cue | None = None
        self._cue_until_s = -math.inf
        self._asked_back = False
        self._balance = OnOneLeg()
        self._told_ten = False
        self._cued_s, self._reminded = sight.t_s, False

    def resumed(self, t_s: float, away_s: float) -> None:
        """Idle time starts anew."""
        self._balance.reset()
        self._active_s = self._hinted_s = t_s
        self._cue_until_s = -math.inf

    def step(self, sight: Sight, run: Run) -> Next:
        """Take in one moment; where to go when the set is over, paused or begun again."""
        if sight.key == "r":
            run.drop_set()
            run.say(phrases.AGAIN, urgent=True)
            return "placing"
        if sight.key == " ":
            return "paused"
        gesture = ask_arms(sight, run)
        if gesture:
            return gesture
        if sight.moment is not None:
            self._take_in(sight.t_s, sight.moment, run)
        self._show(sight, run)
        return self._held(sight, run) or self._over(sight, run)

    def _held(self, sight: Sight, run: Run) -> Next:
        """A balance: how much longer, and its end."""
        hold_s = run.plan.hold_s
        if hold_s is None:
            return ""
        up_s = self._balance.step(sight.t_s, sight.pose)
        left_s = hold_s + HOLD_MORE_S - up_s
        if not up_s or not sight.somebody:
            return ""
        self._active_s = sight.t_s
        if left_s <= 0:
            run.say(phrases.FOOT_DOWN, "set_done", urgent=True, within_s=4.0)
            return self._set_done(run)
        if left_s <= 10 < hold_s and not self._told_ten:
            self._told_ten = True
            run.say(phrases.TEN_SECONDS)
        run.screen = replace(run.screen, headline=phrases.seconds_left(math.ceil(left_s)))
        return ""

    def _take_in(self, t_s: float, moment: Moment, run: Run) -> None:
        if moment.rep_under_way or moment.finished is not None:
            self._active_s = t_s
        if moment.finished is not None:
            run.reps.append(moment.finished)
            run.heard.append(heard_count(run.reps_done, moment.finished.status))
        run.coach, cue = advise(run.coach, moment, run.set_number)
        if cue is not None:
            self._cue, self._cue_until_s = cue, t_s + CUE_SHOWN_S
            run.heard.append(heard_cue(cue))
            self._cued_s = t_s
        self._remind(t_s, moment, run)

    def _remind(self, t_s: float, moment: Moment, run: Run) -> None:
        """Once a set, at the end of a repetition: what was said at "Go"."""
        due = len(run.reps) >= REMIND_AFTER_REPS and t_s - self._cued_s >= REMIND_QUIET_S
        if run.plan.begin_words and due and not self._reminded and moment.finished is not None:
            self._reminded = True
            run.say(run.plan.begin_words, within_s=1.5)

    def _show(self, sight: Sight, run: Run) -> None:
        gone = run.gone_s(sight.t_s) >= ASK_BACK_S
        idle = sight.t_s - max(self._active_s, self._hinted_s)
        waits = not run.reps and idle >= HINT_S
        if gone and not self._asked_back:
            run.say(phrases.COME_BACK, "trouble")
        self._asked_back = gone
        if waits and not gone:
            run.say(phrases.WHENEVER)
            self._hinted_s = sight.t_s
        cue = self._cue if sight.t_s < self._cue_until_s else None
        hinting = not run.reps and 0 < sight.t_s - self._hinted_s < CUE_SHOWN_S
        hinting = hinting and self._hinted_s > self._active_s
        moment = sight.moment
        run.show(
            "set",
            headline=phrases.COME_BACK if gone else phrases.WHENEVER if hinting else "",
            detail=phrases.sides_done(*run.sides) if _sides_shown(run) else "",
            cue=cue.text if cue else "",
            cue_status=cue.status if cue else "ok",
            depth_fraction=moment.depth_fraction if moment else None,
            gauges=moment.gauges if moment else None,
            note=(moment.note if moment else "") or run.note,
        )

    def _over(self, sight: Sight, run: Run) -> Next:
        if sight.source_ended:
            return run.end("over")
        if set_complete(run.reps, run.plan.reps_total, each_side=run.plan.each_side):
            return self._set_done(run)
        if run.gone_s(sight.t_s) > AWAY_S:
            if run.did_anything:
                return run.end("left")
            run.drop_set()
            return "placing"
        if run.reps and sight.t_s - self._active_s > IDLE_S:
            return self._set_done(run)
        return ""

    def _set_done(self, run: Run) -> Next:
        if run.set_number >= run.plan.ends_with:
            return run.end("done")
        run.close_set()
        run.say(phrases.set_done(run.plan.rest_s), "set_done", within_s=4.0)
        return "rest"


class Rest:
    """Between two sets."""

    def __init__(self, sight: Sight, run: Run) -> None:
        self._until_s = sight.t_s + run.plan.rest_s
        self._warned = run.plan.rest_s < 2 * 10
        self._ticked = TICKS + 1
        run.arms.reset()

    def resumed(self, t_s: float, away_s: float) -> None:
        """The rest is as long as before."""
        self._until_s += away_s

    def step(self, sight: Sight, run: Run) -> Next:
        """Count down; then on to the next set."""
        if sight.source_ended:
            return run.end("over")
        gesture = ask_arms(sight, run)
        if gesture:
            return gesture
        left_s = self._until_s - sight.t_s
        number, total = run.set_number + 1, run.plan.sets_total
        if left_s <= 0 or sight.key == " ":
            run.next_set()
            run.say(phrases.set_begins(number, total))
            run.hints.said(sight.t_s, "set")
            return "placing"
        seconds = math.ceil(left_s)
        self._tell(seconds, run)
        run.show(
            "rest",
            headline=phrases.REST,
            detail=f"{phrases.next_set(number, total)}. {phrases.SKIP_REST}",
            countdown=seconds,
            progress=1 - left_s / run.plan.rest_s,
        )
        return ""

    def _tell(self, seconds: int, run: Run) -> None:
        if seconds <= 10 and not self._warned:
            self._warned = True
            run.say(phrases.TEN_SECONDS)
        if seconds < self._ticked:
            self._ticked = seconds
            run.say("", "tick", within_s=0.5)


class Reading:
    """The keys are on the screen: whatever goes on waits until they have been read."""

    def __init__(self, inner: PhaseOfFlow, sight: Sight) -> None:
        self.inner, self.since_s = inner, sight.t_s

    def resumed(self, t_s: float, away_s: float) -> None:
        """Still being read."""

    def step(self, sight: Sight, run: Run) -> Next:
        """Wait; who reads need not be in the picture."""
        if not sight.helping:
            run.somebody_s = sight.t_s
            return "back"
        return ""

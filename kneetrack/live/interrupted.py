"""What interrupts a session: a pause, and trouble with the camera. The interrupted phase waits."""

from __future__ import annotations

from dataclasses import replace

from kneetrack.live import phrases
from kneetrack.live.gestures import END_S, PAUSE_S
from kneetrack.live.plan import Sight
from kneetrack.live.run import Next, PhaseOfFlow, Run
from kneetrack.live.working import ask_arms


def _ending_progress(run: Run) -> float | None:
    """How far raised arms are on the way to ending the session."""
    if run.arms.held_s < PAUSE_S:
        return None
    return min(1.0, (run.arms.held_s - PAUSE_S) / (END_S - PAUSE_S))


class Paused:
    """Stopped by a key or by raised arms; goes on the same way. The interrupted phase waits."""

    def __init__(self, inner: PhaseOfFlow, sight: Sight, run: Run) -> None:
        self.inner, self.since_s = inner, sight.t_s
        by_arms = run.arms.held_s >= PAUSE_S
        words = f"{phrases.PAUSED}. {phrases.KEEP_ARMS_UP}" if by_arms else phrases.PAUSED
        run.say(words, urgent=True)

    def resumed(self, t_s: float, away_s: float) -> None:
        """Still paused."""

    def step(self, sight: Sight, run: Run) -> Next:
        """Wait for the sign to go on."""
        if sight.source_ended:
            return run.end("over")
        gesture = ask_arms(replace(sight, moment=None), run)
        if gesture == "summary":
            return gesture
        if sight.key == "r" and run.in_set:
            run.drop_set()
            run.say(phrases.AGAIN, urgent=True)
            return "placing"
        if gesture or sight.key == " ":
            more = f". {phrases.KEEP_ARMS_UP}" if gesture else ""
            run.say(phrases.GOING_ON + more, urgent=True)
            return "back"
        ending = _ending_progress(run)
        run.show(
            "paused",
            headline=phrases.PAUSED,
            detail=phrases.PAUSED_KEYS if ending is None else phrases.KEEP_ARMS_UP,
            progress=ending,
        )
        return ""


class Trouble:
    """The camera is lost; it is tried again while the interrupted phase waits."""

    def __init__(self, inner: PhaseOfFlow, sight: Sight, run: Run) -> None:
        self.inner, self.since_s = inner, sight.t_s
        run.say(sight.camera_trouble, "trouble", urgent=True)

    def resumed(self, t_s: float, away_s: float) -> None:
        """Still in trouble."""

    def step(self, sight: Sight, run: Run) -> Next:
        """Wait for the camera, or for its being given up."""
        if sight.camera_given_up:
            return run.end("camera", sight.camera_trouble)
        if not sight.camera_trouble:
            run.say(phrases.CAMERA_BACK)
            run.somebody_s = sight.t_s
            return "back"
        run.show("trouble", headline=sight.camera_trouble, detail=phrases.TRYING_AGAIN)
        return ""

"""What a change of phase means for what is kept and for what is analysed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from kneetrack.live.keeping import Keeper
from kneetrack.live.plan import Step
from kneetrack.live.stepwise import Stepwise
from kneetrack.live_records import Phase
from kneetrack.records import Pose

BASELINE_S = 6.0
TAIL_S = 1.0
"""What comes after a set belongs to it for so long: its last repetition must end in it."""
_PREPARING: tuple[Phase, ...] = ("still", "countdown")


@dataclass(slots=True)
class Takes:
    """Follows the flow: begins and ends takes, pauses and sets. play: lets a file begin."""

    keeper: Keeper
    play: Callable[[], None]
    phase: Phase = "starting"
    _baseline: list[Pose] = field(default_factory=list)
    _ends_s: float | None = None
    _begun: bool = False

    def follow(self, step: Step, t_s: float, pose: Pose | None, stepwise: Stepwise | None) -> None:
        """After every step of the flow; pose: raw, of the frame that it was about, if any."""
        phase, before = step.phase, self.phase
        self.phase = phase
        if pose is not None:
            self._prepare(phase, before, pose)
        self._begun = self._begun or step.begin_set
        if step.begin_set and stepwise is not None:
            self.play()
            stepwise.begin(self._baseline)
        if step.restart:
            self._give_up(t_s)
        if step.end_set:
            self._ends_s = t_s + TAIL_S
        if self._ends_s is not None and t_s >= self._ends_s:
            self.end(t_s)
        if "paused" in (phase, before) and phase != before:
            self.keeper.pause(t_s, on=phase == "paused")
        if phase == "set" and before in ("paused", "trouble") and stepwise is not None:
            stepwise.resume()

    def end(self, t_s: float) -> None:
        """The take is over, if there is one; without a set in it, it does not count."""
        if not self._begun:
            self.keeper.again(t_s)
        self._ends_s, self._begun = None, False
        self.keeper.end_take(t_s)

    def _prepare(self, phase: Phase, before: Phase, pose: Pose) -> None:
        """Standing still and the countdown belong to the set, unless they are given up."""
        if phase in _PREPARING:
            if self._ends_s is not None:
                self.end(pose.t_s)
            if not self.keeper.taking:
                self._baseline = []
                self.keeper.begin_take(pose.t_s)
            self._baseline.append(pose)
            while pose.t_s - self._baseline[0].t_s > BASELINE_S:
                del self._baseline[0]
        elif before in _PREPARING and phase in ("framing", "view", "summary"):
            self._give_up(pose.t_s)

    def _give_up(self, t_s: float) -> None:
        """What the take had does not count."""
        self._begun = False
        self.end(t_s)

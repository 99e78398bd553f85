"""How fast a session runs: rate, delay, and where a frame's time goes."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field

import numpy as np

RATE_OVER_S = 2.0
MOST = 4000
"""Frames that are remembered: the last minute or two."""


@dataclass(frozen=True, slots=True)
class FrameCost:
    """One frame, seconds. waited: from the grab until it was taken. inference: the pose model.

    rest: everything else until it was on the screen. delay: from the grab to the screen.
    """

    t_s: float
    waited_s: float
    inference_s: float
    rest_s: float
    delay_s: float


@dataclass(slots=True)
class Meter:
    """Remembers the cost of the last frames."""

    frames: int = 0
    costs: deque[FrameCost] = field(default_factory=lambda: deque(maxlen=MOST))

    def add(self, cost: FrameCost) -> None:
        """Take a frame in."""
        self.frames += 1
        self.costs.append(cost)

    @property
    def rate_fps(self) -> float | None:
        """Frames shown a second over the last two seconds; None before there are any."""
        if len(self.costs) < 5:
            return None
        last_s = self.costs[-1].t_s
        recent = [c.t_s for c in reversed(self.costs) if last_s - c.t_s <= RATE_OVER_S]
        return (len(recent) - 1) / (recent[0] - recent[-1]) if recent[0] > recent[-1] else None

    @property
    def delay_ms(self) -> float | None:
        """Median delay of the last frames."""
        if not self.costs:
            return None
        recent = [self.costs[-1 - i].delay_s for i in range(min(30, len(self.costs)))]
        return 1000 * float(np.median(recent))

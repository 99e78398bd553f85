"""Whether somebody is there, and for how long: one stray picture is neither coming nor going."""

from __future__ import annotations

import math
from typing import Final

STEADY_S: Final = 0.5


class Presence:
    """Follows the pictures of one act. seen_s: how long somebody was there, all in all.

    here_s: how long without a break by now. gone_s: how long nobody by now.
    """

    def __init__(self) -> None:
        self.seen_s = self.here_s = self.gone_s = 0.0
        self._last_s = self._came_s = self._gone_since_s = math.nan
        self._seen_at_s = -math.inf

    def step(self, t_s: float, somebody: bool) -> None:
        """Take in one picture."""
        dt_s = 0.0 if math.isnan(self._last_s) else t_s - self._last_s
        self._last_s = t_s
        if math.isnan(self._gone_since_s):
            self._gone_since_s = t_s
        if somebody:
            self._seen_at_s = t_s
        if t_s - self._seen_at_s > STEADY_S:
            self._came_s = math.nan
        elif math.isnan(self._came_s):
            self._came_s = t_s
        self.here_s = 0.0 if math.isnan(self._came_s) else self._seen_at_s - self._came_s
        if self.here_s >= STEADY_S:
            self.seen_s += dt_s
            self._gone_since_s = self._seen_at_s
        self.gone_s = t_s - self._gone_since_s

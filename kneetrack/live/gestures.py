"""Both arms raised: held for one second it pauses or goes on, for three it ends.

Only a raise counts that is seen from its beginning, arms down, while no repetition is under way:
who squats with arms overhead, or scratches the head, raises nothing.
"""

from __future__ import annotations

import math
from typing import Literal

import numpy as np

from kneetrack import skeleton as sk
from kneetrack.records import Pose

PAUSE_S, END_S = 1.0, 3.0
ABOVE_NOSE_TRUNKS = 0.4
"""Standing: wrists above the nose, trunk lengths; the top of the head is at about 0.35."""
ABOVE_SHOULDER_SHANKS = 0.6
"""Lying: wrists above the shoulders, shank lengths, which stand upright in a bridge."""
DOWN_S = 0.3
LOST_S = 0.25
"""A wrist unseen for so long is where it was."""

ArmsEvent = Literal["", "short", "long"]
_Arms = Literal["up", "down", "between"]


def arms(pose: Pose, *, lying: bool) -> _Arms | None:
    """Where both arms are in one frame; None when it cannot be seen."""
    height = -pose.xy_px[:, 1]
    wrists, elbows = height[list(sk.WRISTS)], height[list(sk.ELBOWS)]
    shoulders = height[list(sk.SHOULDERS)]
    needed = [*wrists, *elbows, *shoulders]
    if not np.isfinite(needed).all():
        return None
    unit = _length(pose, sk.KNEES, sk.ANKLES) if lying else _length(pose, sk.SHOULDERS, sk.HIPS)
    if not unit > 0:
        return None
    if lying:
        high = shoulders.mean() + ABOVE_SHOULDER_SHANKS * unit
    else:
        high = height[sk.Landmark.NOSE] + ABOVE_NOSE_TRUNKS * unit
    if not np.isfinite(high):
        return None
    if wrists.min() > high and (elbows > shoulders.mean()).all():
        return "up"
    low = shoulders.mean() + (0.3 * unit if lying else 0.0)
    return "down" if wrists.max() < low else "between"


def _length(pose: Pose, upper: tuple[int, int], lower: tuple[int, int]) -> float:
    apart = pose.xy_px[list(upper)] - pose.xy_px[list(lower)]
    return float(np.fmax(*np.hypot(apart[:, 0], apart[:, 1])))


class RaisedArms:
    """Follows both arms over the frames of a set, a pause or a rest."""

    def __init__(self) -> None:
        self._seen_s = -math.inf
        self.reset()

    def reset(self) -> None:
        """Wait for the arms to be down first."""
        self._down_since_s = math.nan
        self._armed = False
        self._up_since_s = math.nan
        self._last_up_s = -math.inf
        self._told: ArmsEvent = ""
        self.held_s = 0.0

    def step(self, t_s: float, pose: Pose | None, *, lying: bool, calm: bool) -> ArmsEvent:
        """Take in one frame: "short" or "long" in the frame where so long is reached, else "".

        calm: no repetition is under way. ``held_s``: how long they have been up.
        """
        now = arms(pose, lying=lying) if pose is not None else None
        if now is not None:
            self._seen_s = t_s
        if not calm or t_s - self._seen_s > LOST_S:
            self.reset()
        elif now == "up":
            self._raised(t_s)
        elif now is not None:
            self._lowered(t_s, now)
        up = not math.isnan(self._up_since_s)
        self.held_s = self._last_up_s - self._up_since_s if up else 0.0
        return self._event()

    def _raised(self, t_s: float) -> None:
        self._last_up_s = t_s
        if self._armed and math.isnan(self._up_since_s):
            self._up_since_s = t_s

    def _lowered(self, t_s: float, now: _Arms) -> None:
        if not math.isnan(self._up_since_s):
            if t_s - self._last_up_s > LOST_S:
                self.reset()
            return
        if now != "down":
            self._down_since_s = math.nan
            return
        if math.isnan(self._down_since_s):
            self._down_since_s = t_s
        self._armed = self._armed or t_s - self._down_since_s >= DOWN_S

    def _event(self) -> ArmsEvent:
        if self.held_s >= END_S and self._told != "long":
            self._told = "long"
            return "long"
        if self.held_s >= PAUSE_S and self._told == "":
            self._told = "short"
            return "short"
        return ""

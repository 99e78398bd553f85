"""Small keepers of time for the flow: what lasts, what may be said again, who stands still."""

from __future__ import annotations

import math
from collections import deque

import numpy as np

from kneetrack import skeleton as sk
from kneetrack.live.framing import Advice
from kneetrack.one_euro import leg_length
from kneetrack.records import FloatArray, Pose

SETTLE_S = 0.5
SAY_APART_S = 5.0
SAY_AGAIN_S = 8.0
STILL_LEGS_PER_S = 0.12
"""As posture.STILL_LEGS_PER_S: hips and ankles of somebody who stands still."""
_STILL_WINDOW_S = 0.5
FOOT_UP_LEGS = 0.08
TOUCH_S = 1.0
"""As sets.py: an ankle so much higher is a foot that is up; down for less is a touch."""


class Settled:
    """An advice (or none) that has held for half a second, by its code."""

    def __init__(self) -> None:
        self.known = False
        self.advice: Advice | None = None
        self._code: str | None = None
        self._since_s = -math.inf

    def step(self, t_s: float, advice: Advice | None) -> Advice | None:
        """The advice that holds; ``known`` once anything has held."""
        code = advice.code if advice else ""
        if code != self._code:
            self._code, self._since_s = code, t_s
        same = self.known and code == (self.advice.code if self.advice else "")
        if same or t_s - self._since_s >= SETTLE_S:
            self.known, self.advice = True, advice
        return self.advice


class Hints:
    """Which hint may be said now: at most one in 5 s, the same one again after 8 s."""

    def __init__(self) -> None:
        self._code = ""
        self._said_s = -math.inf

    def due(self, t_s: float, code: str, apart_s: float = SAY_APART_S) -> bool:
        """Whether to say it now; asking counts as saying where it is so."""
        wait_s = SAY_AGAIN_S if code == self._code else apart_s
        if t_s - self._said_s < wait_s:
            return False
        self._code, self._said_s = code, t_s
        return True

    def said(self, t_s: float, code: str) -> None:
        """Something else was said: hints keep their distance from it."""
        self._code, self._said_s = code, t_s


class OnOneLeg:
    """For how long one foot has been up; a touch of less than a second does not end it."""

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """Begin to watch anew."""
        self._since_s = self._up_s = math.nan
        self._leg_px = math.nan

    def step(self, t_s: float, pose: Pose | None) -> float:
        """Take in one frame; seconds on one leg, 0 on both."""
        if pose is not None and pose.seen:
            self._leg_px = float(np.fmax(self._leg_px, leg_length(pose.xy_px)))
            ankles = pose.xy_px[list(sk.ANKLES), 1]
            if abs(ankles[0] - ankles[1]) > FOOT_UP_LEGS * self._leg_px:
                self._up_s = t_s
                self._since_s = t_s if math.isnan(self._since_s) else self._since_s
        if not t_s - self._up_s <= TOUCH_S:
            self._since_s = math.nan
        return 0.0 if math.isnan(self._since_s) else t_s - self._since_s


class Stillness:
    """For how long hips and ankles have been slower than 0.12 leg lengths a second."""

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """Begin to watch anew."""
        self._seen: deque[tuple[float, FloatArray]] = deque()
        self._since_s = math.nan
        self._leg_px = math.nan

    def step(self, t_s: float, pose: Pose | None) -> float:
        """Take in one frame; seconds still, 0 while moving or not seen."""
        if pose is None or not np.isfinite(pose.xy_px[list(sk.HIPS)]).all():
            self.reset()
            return 0.0
        self._leg_px = float(np.fmax(self._leg_px, leg_length(pose.xy_px)))
        hip = pose.xy_px[list(sk.HIPS)].mean(axis=0, keepdims=True)
        self._seen.append((t_s, np.vstack([hip, pose.xy_px[list(sk.ANKLES)]])))
        while t_s - self._seen[0][0] > _STILL_WINDOW_S:
            self._seen.popleft()
        if not self._slow():
            self._since_s = math.nan
            return 0.0
        if math.isnan(self._since_s):
            self._since_s = self._seen[0][0]
        return t_s - self._since_s

    def _slow(self) -> bool:
        """Mean places of the older and of the newer half of the window, so noise counts little."""
        times = np.array([t for t, _ in self._seen])
        half = len(times) // 2
        if half < 2 or times[-1] - times[0] < 0.6 * _STILL_WINDOW_S:
            return False
        places = np.stack([points for _, points in self._seen])
        moved = places[half:].mean(axis=0) - places[:half].mean(axis=0)
        apart_s = float(times[half:].mean() - times[:half].mean())
        speeds = np.hypot(moved[:, 0], moved[:, 1]) / (apart_s * self._leg_px)
        return bool(speeds[0] < STILL_LEGS_PER_S and not (speeds > STILL_LEGS_PER_S).any())

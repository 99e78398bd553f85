"""Is a repetition under way, and is it over? Causal, one frame at a time.

Only a lookout: it says when to look, not what is counted. Repetitions are found and judged by the
same functions as in a recorded clip, over the stretch that has just been seen.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from kneetrack import skeleton as sk
from kneetrack.angles import middle, pair, segment_length_px
from kneetrack.one_euro import leg_length
from kneetrack.posture import ENVELOPE_WINDOW_S
from kneetrack.records import FloatArray, Pose
from kneetrack.reps import RepLimits

SURELY_UP_FRACTION = 0.25
"""A repetition is over, at the latest, when the body is up again but for so much of its depth."""
PLANTED_S = 0.2
PLANTED_LEGS = 0.03
_LYING_RISE = 0.35
_LYING_HEIGHT = 0.6
_CHANGED_AFTER_S = 0.5
_LIFT_MIN = 0.05


class SlidingMax:
    """The largest value of the last ``window_s`` seconds."""

    def __init__(self, window_s: float) -> None:
        self._window_s = window_s
        self._falling: deque[tuple[float, float]] = deque()

    def add(self, t_s: float, value: float) -> float:
        """Take a value in (NaN is passed over); NaN while there is none."""
        while self._falling and self._falling[0][0] < t_s - self._window_s:
            self._falling.popleft()
        if np.isfinite(value):
            while self._falling and self._falling[-1][1] <= value:
                self._falling.pop()
            self._falling.append((t_s, value))
        return self._falling[0][1] if self._falling else float("nan")


def looks_lying(xy_px: FloatArray, leg_px: float) -> bool:
    """Whether (K, 2) landmarks are of somebody on the floor; False when it cannot be told."""
    hip, shoulder = middle(xy_px, sk.HIPS)[1], middle(xy_px, sk.SHOULDERS)[1]
    height = np.fmax(*pair(xy_px, sk.ANKLES)[:, 1]) - hip
    return bool(hip - shoulder < _LYING_RISE * leg_px and height < _LYING_HEIGHT * leg_px)


@dataclass(frozen=True, slots=True)
class Watched:
    """One frame. sink: how far the hips are down (lying: up), leg (thigh) lengths, 0 at rest.

    speed: of the sink, per second, over the last 0.1 s. peak: the deepest point of the repetition
    under way. over: it ended in this frame.
    """

    sink: float = float("nan")
    speed: float = 0.0
    under_way: bool = False
    over: bool = False
    peak: float = 0.0
    started_s: float = 0.0
    lying: bool = False


class RepWatch:
    """Follows the hips of one person, frame by frame."""

    def __init__(self, limits: RepLimits) -> None:
        self._limits = limits
        self._lying = False
        self._other_posture_s: float | None = None
        self._begin_anew()

    def _begin_anew(self) -> None:
        self._leg = SlidingMax(ENVELOPE_WINDOW_S)
        self._heights = (SlidingMax(ENVELOPE_WINDOW_S), SlidingMax(ENVELOPE_WINDOW_S))
        self._floor = SlidingMax(ENVELOPE_WINDOW_S)
        self._least = SlidingMax(ENVELOPE_WINDOW_S)
        self._deepest = SlidingMax(self._limits.running_s)
        self._recent: deque[tuple[float, float]] = deque()
        self._up_since_s: float | None = None
        self._under_way = False
        self._peak = 0.0
        self._started_s = 0.0

    def see(self, t_s: float, xy_px: FloatArray) -> Watched:
        """The next frame's (K, 2) filtered landmarks; NaN where not seen."""
        hip, ankles = middle(xy_px, sk.HIPS), pair(xy_px, sk.ANKLES)
        thigh = float(np.fmax(*segment_length_px(xy_px, sk.HIPS, sk.KNEES)))
        legs = segment_length_px(xy_px, sk.HIPS, sk.KNEES) + segment_length_px(
            xy_px, sk.KNEES, sk.ANKLES
        )
        leg = self._leg.add(t_s, float(np.fmax(*legs)))
        heights = (ankles[:, 1] - hip[1]) / leg
        self._notice_posture(t_s, xy_px, hip, float(np.fmax(heights[0], heights[1])), leg)
        if self._lying:
            fall = (self._floor.add(t_s, float(hip[1])) - float(hip[1])) / thigh
        else:
            fall = self._fall(t_s, heights)
        sink = fall + self._least.add(t_s, -fall)
        return self._follow(t_s, sink)

    def _fall(self, t_s: float, heights: FloatArray) -> float:
        falls = [
            most.add(t_s, float(h)) - float(h)
            for most, h in zip(self._heights, heights, strict=True)
        ]
        return float(np.fmin(falls[0], falls[1]))

    def _notice_posture(
        self, t_s: float, xy: FloatArray, hip: FloatArray, height: float, leg: float
    ) -> None:
        """Lying down or standing up is believed after half a second, and begins anew."""
        if not np.isfinite(hip[1] + middle(xy, sk.SHOULDERS)[1] + height):
            return
        lying = looks_lying(xy, leg)
        if lying == self._lying:
            self._other_posture_s = None
        elif self._other_posture_s is None:
            self._other_posture_s = t_s
        elif t_s - self._other_posture_s > _CHANGED_AFTER_S:
            self._lying, self._other_posture_s = lying, None
            self._begin_anew()

    def _follow(self, t_s: float, sink: float) -> Watched:
        if not np.isfinite(sink):
            return self._state(sink, 0.0, over=False)
        self._recent.append((t_s, sink))
        while t_s - self._recent[0][0] > 0.11:
            self._recent.popleft()
        past_s = t_s - self._recent[0][0]
        speed = (sink - self._recent[0][1]) / past_s if past_s > 0 else 0.0
        least = _LIFT_MIN if self._lying else self._limits.depth_min
        rise = max(least, self._limits.start_fraction * self._deepest.add(t_s, sink))
        over = False
        if self._under_way:
            self._peak = max(self._peak, sink)
            up = max(self._limits.over_fraction * rise, SURELY_UP_FRACTION * self._peak)
            if sink < up:
                self._under_way, over, self._up_since_s = False, True, None
        elif sink <= rise:
            self._up_since_s = None
        elif self._up_since_s is None:
            self._up_since_s = t_s
        elif t_s - self._up_since_s >= self._limits.debounce_s:
            self._under_way, self._peak, self._started_s = True, sink, self._up_since_s
        return self._state(sink, speed, over=over)

    def _state(self, sink: float, speed: float, *, over: bool) -> Watched:
        return Watched(sink, speed, self._under_way, over, self._peak, self._started_s, self._lying)


def planted(poses: Sequence[Pose]) -> bool:
    """Whether the feet have stood where they are for a moment: no step is being made.

    poses: smoothed, in order of time; the last is the present one.
    """
    now = poses[-1]
    recent = [p.xy_px[list(sk.ANKLES)] for p in poses[-12:] if now.t_s - p.t_s <= PLANTED_S]
    moved_px = np.linalg.norm(recent[0] - recent[-1], axis=-1)
    return bool(np.nanmax(moved_px, initial=0.0) < PLANTED_LEGS * leg_length(now.xy_px))

"""Timestamps: put right where the container's are not, and what they say of the frame rate."""

from __future__ import annotations

from array import array

import numpy as np

_TOO_SHORT = 0.1
"""An interval below this part of the usual one is a repeated timestamp in disguise."""
_RESTART_S = 0.5
"""A clock that falls back by more than this, and runs on from there, was started again."""
_SAME = 0.1
"""Intervals within this part of the median are the same interval."""


class Clock:
    """Gives every frame a time later than the one before, seconds from ``zero_s``.

    Good times pass through. A missing, repeated or falling one is put between its neighbours,
    or one usual interval after the frame before; a clock that starts again is carried on.
    ``repaired`` counts them.
    """

    def __init__(self, step_s: float, zero_s: float) -> None:
        self.repaired = 0
        self._step_s = step_s
        self._zero_s = zero_s
        self._last_s: float | None = None

    def settle(self, raw_s: float | None, next_raw_s: float | None) -> float:
        """The time of a frame stamped ``raw_s`` that is followed by one stamped ``next_raw_s``.

        None = no stamp, or no frame follows.
        """
        now = None if raw_s is None else raw_s - self._zero_s
        after = None if next_raw_s is None else next_raw_s - self._zero_s
        if self._last_s is None:
            time_s = self._first(now, after)
        elif now is not None and self._fits(self._last_s, now, after):
            time_s = now
            self._learn(now - self._last_s)
        else:
            time_s = self._repair(self._last_s, now, after)
        self._last_s = time_s
        return time_s

    def _first(self, now: float | None, after: float | None) -> float:
        if now is None:
            self.repaired += 1
            return 0.0 if after is None else min(0.0, after - self._step_s)
        return now

    def _fits(self, last: float, now: float, after: float | None) -> bool:
        passed_s = now - last
        leaps = after is not None and last < after < now and passed_s > 2 * self._step_s
        return passed_s >= _TOO_SHORT * self._step_s and not leaps

    def _learn(self, interval_s: float) -> None:
        """Follow the usual interval slowly; pauses do not count."""
        if interval_s < 3 * self._step_s:
            self._step_s += 0.1 * (interval_s - self._step_s)

    def _repair(self, last: float, now: float | None, after: float | None) -> float:
        self.repaired += 1
        step = self._step_s
        if now is not None and after is not None:
            runs_on = now < after <= now + 5 * step
            if now < last - max(_RESTART_S, 5 * step) and runs_on:
                self._zero_s += now - (last + step)
                return last + step
        if after is not None and 2 * _TOO_SHORT * step < after - last <= 3 * step:
            return (last + after) / 2
        return last + step


class Rhythm:
    """Frame rate and its evenness from the times of the frames, 8 bytes a frame."""

    def __init__(self, tick_s: float) -> None:
        self._tick_s = tick_s
        self._times_s = array("d")

    def add(self, t_s: float) -> None:
        """Note the next frame's time."""
        self._times_s.append(t_s)

    @property
    def frames(self) -> int:
        """How many frames there were."""
        return len(self._times_s)

    @property
    def end_s(self) -> float:
        """When the last frame ends: its time and one usual interval; 0 without frames."""
        if not self._times_s:
            return 0.0
        steps = self._steps()
        return self._times_s[-1] + (float(np.median(steps)) if steps.size else 0.0)

    @property
    def duration_s(self) -> float:
        """From the start of the first frame to the end of the last."""
        return self.end_s - self._times_s[0] if self._times_s else 0.0

    @property
    def fps(self) -> float:
        """Mean frames per second; 0 for fewer than two frames."""
        if self.frames < 2:
            return 0.0
        return (self.frames - 1) / (self._times_s[-1] - self._times_s[0])

    @property
    def variable(self) -> bool:
        """Whether more than 2 % of the intervals, and more than two, differ from the median.

        Differences of the container's own rounding (its tick) do not count.
        """
        steps = self._steps()
        if steps.size < 3:
            return False
        usual = float(np.median(steps))
        odd = np.abs(steps - usual) > _SAME * usual + 1.5 * self._tick_s
        return int(odd.sum()) > max(2, 0.02 * steps.size)

    def _steps(self) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
        return np.diff(np.array(self._times_s, np.float64))

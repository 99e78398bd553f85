"""Reading the gated measures of one repetition: what a rule may ask of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from kneetrack import calibration as cal
from kneetrack import skeleton as sk
from kneetrack.exercises.rules import Sample
from kneetrack.gates import Gated
from kneetrack.posture import Posture
from kneetrack.records import FloatArray
from kneetrack.sets import FoundRep
from kneetrack.signals import largest_fall
from kneetrack.uncertainty import typical_error

WINDOW_S = 0.1
MID_RANGE_DEG = (45.0, 60.0)
MID_RANGE_MEASURES = ("fppa", "fppa_change", "fppa_change_mean", "fppa_square")
"""Measures that are read there, not only at the bottom."""
MID_RANGE_SUFFIX = "_at_45_60"


def _slope(x: FloatArray, y: FloatArray) -> float:
    """How steeply finite (T,) values y change with x, least squares; 0 where that says nothing."""
    known = np.isfinite(x) & np.isfinite(y)
    if known.sum() < 3 or np.ptp(x[known]) < 3:
        return 0.0
    return float(np.polyfit(x[known], y[known], 1)[0])


@dataclass(frozen=True, slots=True)
class RepReader:
    """One repetition over the measures of its set; arrays share the set's frames.

    t_s: (T,) of the set. offset: index of the set's first frame in the track.
    """

    found: FoundRep
    t_s: FloatArray
    offset: int
    measures: dict[str, Gated]
    posture: Posture
    bridge_mode: Literal["low", "full"] = "low"

    @property
    def working(self) -> int | None:
        """Index of the working leg, None when both work alike."""
        return None if self.found.side == "both" else sk.SIDES.index(self.found.side)

    @property
    def descent_s(self) -> float:
        """How long the way down took."""
        return self.found.dip.ramp_s

    @property
    def hold_s(self) -> float:
        """Time near the deepest point."""
        return self.found.dip.hold_s

    @property
    def frames(self) -> slice:
        """The repetition's own frames within the set."""
        dip = self.found.dip
        return slice(max(0, dip.first - self.offset), max(0, dip.last - self.offset + 1))

    def at_bottom(self, measure: str, side: int | None) -> Sample:
        """Median of the measure in 100 ms around the deepest point."""
        return self._median(measure, side, self._around(self.found.dip.bottom_s, WINDOW_S / 2))

    def _around(self, centre_s: float, reach_s: float) -> slice:
        """Frames within ``reach_s`` of a time, at least the nearest one."""
        low, high = np.searchsorted(
            self.t_s, (centre_s - reach_s - 1e-9, centre_s + reach_s + 1e-9)
        )
        if low == high:
            low = min(max(0, int(low)), len(self.t_s) - 1)
            before = low > 0 and centre_s - self.t_s[low - 1] < self.t_s[low] - centre_s
            low -= int(before)
            high = low + 1
        return slice(int(low), int(high))

    def mid_range(self, measure: str, side: int | None) -> Sample:
        """Median of the measure while the knee bends 45 to 60 degrees, down and up.

        Its error has what the flexion, guessed from foreshortening, leaves unsure of the moment.
        """
        bent = self.measures["knee_flexion_gate"].side(side)[0][self.frames]
        bent = bent.mean(axis=1) if bent.ndim == 2 else bent
        inside = (bent >= MID_RANGE_DEG[0]) & (bent <= MID_RANGE_DEG[1])
        if not inside.any():
            known = self._median(measure, side, self.frames)
            if np.isfinite(known.value):
                return Sample(float("nan"), "the knee did not bend 45 to 60 degrees")
            return known
        frames = np.flatnonzero(inside) + self.frames.start
        sample = self._median(measure, side, frames)
        values = self.measures[measure].side(side)[0][frames]
        values = values.mean(axis=1) if values.ndim == 2 else values
        off = typical_error("knee_flexion_gate") * _slope(bent[inside], values)
        return replace(sample, error=float(np.hypot(sample.error, off)))

    def whole(self, measure: str, side: int | None) -> Sample:
        """Median of the measure over the repetition."""
        return self._median(measure, side, self.frames)

    def change_within(self, measure: str, side: int | None) -> Sample:
        """Value at the deepest point less the median of the half second before and after."""
        dip = self.found.dip
        before, after = self._around(dip.start_s, 0.25), self._around(dip.end_s, 0.25)
        up = np.r_[before, after]
        deep, rest = self.at_bottom(measure, side), self._median(measure, side, up)
        if not np.isfinite(rest.value):
            return rest
        return Sample(deep.value - rest.value, deep.reason, deep.error)

    def fall_within(self, measure: str, side: int | None, seconds: float) -> Sample:
        """The largest fall of the measure within so many seconds of the repetition."""
        usual = self._median(measure, side, self.frames)
        if not np.isfinite(usual.value):
            return usual
        values = self.measures[measure].side(side)[0][self.frames]
        fall = largest_fall(self.t_s[self.frames], values, seconds, stays_s=cal.FALL_STAYS_S)
        return Sample(fall, error=cal.FALL_ERROR_SHARE * usual.error)

    def foot_down_s(self) -> float:
        """Seconds for which the lifted foot was down; for a stance over its middle, too."""
        dip = self.found.dip
        inside = slice(dip.first, dip.last + 1)
        sign = 1 if self.working == sk.RIGHT else -1
        height = np.minimum(
            sign * self.posture.foot_up[inside], sign * self.posture.foot_up_world[inside]
        )
        step_s = float(np.median(np.diff(self.posture.t_s)))
        return float((height < 0.03).sum() * step_s)

    def sway(self) -> float:
        """Root mean square sway of the stance ankle-to-hip line, leg lengths."""
        dip = self.found.dip
        inside = slice(dip.first, dip.last + 1)
        leg = self.posture.leg_px[inside]
        hip_x = self.posture.hip_px[inside, 0] / leg
        return float(np.nanstd(hip_x))

    def seen_fraction(self, legs_seen: NDArray[np.bool_]) -> float:
        """Share of its frames in which the legs it needs are seen; (T, 2) over the set."""
        legs = legs_seen if self.working is None else legs_seen[:, [self.working]]
        return float(legs[self.frames].all(axis=1).mean())

    def _median(self, measure: str, side: int | None, inside: slice | NDArray[np.intp]) -> Sample:
        gated = self.measures[measure]
        values, code = gated.side(side)
        chosen, codes = values[inside], code[inside]
        if chosen.ndim == 2:
            chosen, codes = chosen.mean(axis=1), codes.max(axis=1)
        valid = np.isfinite(chosen)
        if 2 * valid.sum() >= max(1, len(chosen)):
            error = gated.side_error(side)[inside]
            error = np.hypot(*error.T) / 2 if error.ndim == 2 else error
            return Sample(float(np.median(chosen[valid])), "", float(np.median(error[valid])))
        closed = codes[codes > 0]
        text = gated.reasons[np.bincount(closed).argmax() - 1] if len(closed) else "not measured"
        return Sample(float("nan"), text)

"""The One-Euro filter (Casiez, Roussel and Vogel 2012) for live landmarks: causal, little lag.

A low-pass filter whose cut-off grows with speed: steady while one stands still, quick while one
moves. NaN is "not seen": it stays NaN and leaves what is known of that element as it was.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from kneetrack import skeleton as sk
from kneetrack.records import FloatArray, Pose

Floats = NDArray[np.float64]

RESTART_S = 0.5
"""After a longer gap an element starts anew at what is seen then."""
POSE_MIN_CUTOFF_HZ = 1.0
POSE_BETA = 3.0
POSE_D_CUTOFF_HZ = 1.0
LEG_M = 0.8
"""Scale of world landmarks: about a leg, thigh and shank."""
_MOVERS = (
    (sk.HIPS[0], sk.HIPS[1]),
    (sk.KNEES[0],),
    (sk.KNEES[1],),
    (sk.ANKLES[0],),
    (sk.ANKLES[1],),
)


class OneEuro:
    """One-Euro filter over an array of any shape, element by element.

    min_cutoff_hz: cut-off at rest. beta: Hz gained per unit (of ``scale``) a second.
    d_cutoff_hz: cut-off of the speed itself. ``speed``: |rate of change| of each element from the
    smoothed rates; a function that returns one number for all lets the elements move together.
    """

    def __init__(
        self,
        min_cutoff_hz: float = 1.0,
        beta: float = 0.0,
        d_cutoff_hz: float = 1.0,
        *,
        speed: Callable[[Floats], Floats] = np.abs,
    ) -> None:
        if not (min_cutoff_hz > 0 and d_cutoff_hz > 0 and beta >= 0):
            raise ValueError("cut-offs must be above 0 Hz, beta 0 or more")
        self._min_cutoff_hz, self._beta, self._d_cutoff_hz = min_cutoff_hz, beta, d_cutoff_hz
        self._speed = speed
        self.reset()

    def reset(self) -> None:
        """Forget everything: the next values come out as they are."""
        self._value: Floats = np.empty(0)
        self._rate: Floats = np.empty(0)
        self._t_s: Floats = np.empty(0)

    def filter(self, t_s: float, values: FloatArray, scale: float = 1.0) -> Floats:
        """The filtered values, same shape; NaN where ``values`` is NaN.

        scale: unit that beta is about, in units of the values. A timestamp that is not later
        than the last one of an element returns what was known of it.
        Raises ValueError when the shape changes without a :meth:`reset`.
        """
        new = np.asarray(values, np.float64)
        if not self._t_s.size:
            self._value, self._rate = np.full(new.shape, np.nan), np.zeros(new.shape)
            self._t_s = np.full(new.shape, np.nan)
        if new.shape != self._value.shape:
            raise ValueError(f"shape {new.shape}, expected {self._value.shape}: reset first")
        seen = np.isfinite(new)
        step_s = t_s - self._t_s
        starts = seen & ~(np.abs(step_s) <= RESTART_S)
        goes_on = seen & (step_s > 0) & ~starts
        self._advance(new, np.where(goes_on, step_s, 1.0), goes_on, scale)
        self._value = np.where(starts, new, self._value)
        self._rate = np.where(starts, 0.0, self._rate)
        self._t_s = np.where(starts | goes_on, t_s, self._t_s)
        return np.where(seen, self._value, np.nan)

    def _advance(
        self, new: Floats, step_s: Floats, goes_on: NDArray[np.bool_], scale: float
    ) -> None:
        with np.errstate(invalid="ignore"):
            share = _share(np.asarray(self._d_cutoff_hz), step_s)
            rate = share * (new - self._value) / step_s + (1 - share) * self._rate
            self._rate = np.where(goes_on, rate, self._rate)
            cutoff_hz = self._min_cutoff_hz + self._beta * self._speed(self._rate) / scale
            share = _share(cutoff_hz, step_s)
            value = share * new + (1 - share) * self._value
        self._value = np.where(goes_on, value, self._value)


def _share(cutoff_hz: Floats, step_s: Floats) -> Floats:
    """Weight of the new sample in exponential smoothing."""
    return 1.0 / (1.0 + 1.0 / (2 * np.pi * cutoff_hz * step_s))


def leg_length(points: FloatArray) -> float:
    """The longer leg, thigh + shank, in the units of ``points`` (K, D); NaN when unseen."""
    lengths = [
        float(np.linalg.norm(points[h] - points[k]) + np.linalg.norm(points[k] - points[a]))
        for h, k, a in zip(sk.HIPS, sk.KNEES, sk.ANKLES, strict=True)
    ]
    return float(np.fmax(lengths[0], lengths[1]))


def _body_speed(rates: Floats) -> Floats:
    """(): how fast the fastest of hips, knees and ankles goes, from (K, D) rates.

    All landmarks share it, so that they lag alike and the angles between them keep their truth.
    """
    movers = [np.linalg.norm(rates[list(points)].mean(axis=0)) for points in _MOVERS]
    return np.asarray(np.nanmax([0.0, *movers]))


class PoseFilter:
    """One-Euro over the landmarks of a live pose; speeds are in leg lengths a second."""

    def __init__(
        self,
        min_cutoff_hz: float = POSE_MIN_CUTOFF_HZ,
        beta: float = POSE_BETA,
        d_cutoff_hz: float = POSE_D_CUTOFF_HZ,
    ) -> None:
        self._picture = OneEuro(min_cutoff_hz, beta, d_cutoff_hz, speed=_body_speed)
        self._world = OneEuro(min_cutoff_hz, beta, d_cutoff_hz, speed=_body_speed)
        self._leg_px = float("nan")

    def reset(self) -> None:
        """Forget the person: the next pose comes out as it is."""
        self._picture.reset()
        self._world.reset()
        self._leg_px = float("nan")

    def filter(self, pose: Pose, leg_px: float = float("nan")) -> Pose:
        """The smoothed pose. leg_px: thigh + shank in the picture; NaN: the longest seen so far."""
        if not (np.isfinite(leg_px) and leg_px > 0):
            self._leg_px = float(np.fmax(self._leg_px, leg_length(pose.xy_px)))
            leg_px = self._leg_px
        scale_px = leg_px if leg_px > 0 else 1.0
        xy = self._picture.filter(pose.t_s, pose.xy_px, scale_px).astype(np.float32)
        if pose.xyz_m is None:
            return replace(pose, xy_px=xy)
        xyz = self._world.filter(pose.t_s, pose.xyz_m, LEG_M).astype(np.float32)
        return replace(pose, xy_px=xy, xyz_m=xyz)

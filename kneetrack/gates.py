"""Gates: a measure is a number where view, legs and baseline allow it, else a reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from kneetrack import skeleton as sk
from kneetrack.baseline import Baseline
from kneetrack.records import FloatArray
from kneetrack.result import ExerciseName, View
from kneetrack.view import ViewLimits, turn_advice

BoolArray = NDArray[np.bool_]
Gate = tuple["BoolArray | np.bool_ | bool", str]

FRONT = "seen from the side: film a take from the front for knee alignment"
SIDE = "seen from the front: film a take from the side for depth and flexion"
LYING = "only for standing exercises"
NO_BASELINE = "no still, upright stance in the clip: stand still for two seconds first"


@dataclass(frozen=True, slots=True)
class Gated:
    """A measure over T frames: ``values`` (T,) or (T, 2), NaN where invalid.

    ``code`` has the shape of values: 0 = valid, else 1 + index into ``reasons``. ``error`` is the
    standard error of the values, of their shape or of one that broadcasts to it; NaN = not known.
    """

    name: str
    unit: str
    values: FloatArray
    code: NDArray[np.int16]
    reasons: tuple[str, ...]
    suffix: str = ""
    error: FloatArray | float = float("nan")

    def columns(self) -> dict[str, FloatArray]:
        """Columns of frames.csv: name_unit, with _left and _right where it has sides."""
        return self._by_column(self.values)

    def errors(self) -> dict[str, FloatArray]:
        """The standard errors under the names of :meth:`columns`."""
        return self._by_column(np.broadcast_to(self.error, self.values.shape))

    def _by_column(self, values: FloatArray) -> dict[str, FloatArray]:
        stem = f"{self.name}_{self.unit}"
        if values.ndim == 1:
            return {stem + self.suffix: values}
        return {f"{stem}_{name}": values[:, s] for s, name in enumerate(sk.SIDES)}

    def side(self, side: int | None) -> tuple[FloatArray, NDArray[np.int16]]:
        """(T,) values and codes of one side, or of a measure without sides."""
        if self.values.ndim == 1 or side is None:
            return self.values, self.code
        return self.values[:, side], self.code[:, side]

    def side_error(self, side: int | None) -> FloatArray:
        """(T,) standard errors of one side, or of a measure without sides."""
        errors = np.broadcast_to(self.error, self.values.shape)
        return errors if errors.ndim == 1 or side is None else errors[:, side]


def gate(
    name: str,
    unit: str,
    values: FloatArray,
    gates: Sequence[Gate],
    *,
    suffix: str = "",
    error: FloatArray | float = float("nan"),
) -> Gated:
    """Blank a measure where a gate is closed; the first closed gate gives the reason."""
    code = np.zeros(values.shape, np.int16)
    texts: list[str] = []
    for closed, reason in gates:
        mask = np.asarray(closed, bool)
        texts.append(reason)
        if not mask.any():
            continue
        if mask.ndim == 1 and values.ndim == 2 and len(mask) == len(values):
            mask = mask[:, None]
        code[np.broadcast_to(mask, values.shape) & (code == 0)] = len(texts)
    texts.append("hidden, out of the picture, or not found")
    code[~np.isfinite(values) & (code == 0)] = len(texts)
    blanked = np.where(code == 0, values, np.nan).astype(np.float32)
    return Gated(name, unit, blanked, code, tuple(texts), suffix, error)


def shut(measure: Gated, reason: str) -> Gated:
    """The measure with no valid frame for that reason, as it is when there is none."""
    if not reason:
        return measure
    return replace(
        measure,
        values=np.full_like(measure.values, np.nan),
        code=np.ones_like(measure.code),
        reasons=(reason,),
    )


@dataclass(frozen=True, slots=True)
class Scene:
    """What the gates need to know of a set.

    coarseness: how much worse than in a good picture everything is read, 1 or more.
    roll_deg: what landmarks as filmed must be turned by to be level, as the baseline is.
    unfit: why the picture is too bad for any measure; empty when it is not.
    """

    exercise: ExerciseName
    view: View
    lying: bool
    forward: float
    baseline: Baseline
    limits: ViewLimits
    size_px: tuple[int, int]
    roll_deg: float = 0.0
    coarseness: float = 1.0
    unfit: str = ""

    @property
    def yaw(self) -> float:
        """Camera yaw in degrees, NaN when unknown."""
        return float("nan") if self.view.yaw_deg is None else self.view.yaw_deg

    def off_front(self, most_deg: float, *, or_behind: bool = False) -> list[Gate]:
        """Gates of a frontal measure: closed beyond ``most_deg`` of yaw, and lying down.

        ``or_behind``: a measure that needs no toes holds from behind, too.
        """
        if self.lying:
            return [(True, LYING)]
        if self.view.name == "side":
            return [(True, FRONT)]
        if self.view.name == "back":
            squarely = or_behind and 180 - abs(self.yaw) <= most_deg
            return [(not squarely, self.view.reason)]
        return [(not abs(self.yaw) <= most_deg, turn_advice(self.yaw))]

    def off_side(self) -> list[Gate]:
        """Gates of a sagittal measure of somebody standing."""
        if self.lying:
            return [(True, LYING)]
        if not np.isfinite(self.yaw):
            return [(True, turn_advice(self.yaw))]
        off = abs(abs(self.yaw) - 90)
        text = SIDE if abs(self.yaw) <= 30 else f"{off:.0f}° off a side view: turn side-on"
        return [(not off <= self.limits.sagittal_off_deg, text)]

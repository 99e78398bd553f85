"""Axes, round numbers and paths, for the curves: everything in percent of the drawing's box."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kneetrack.records import FloatArray

_MOST_POINTS: Final = 1200


@dataclass(frozen=True, slots=True)
class Axis:
    """Time from ``start`` to ``end`` seconds, left to right."""

    start: float
    end: float

    def x(self, t_s: float) -> float:
        """Percent from the left, held inside 0..100."""
        share = 100 * (t_s - self.start) / (self.end - self.start)
        return round(min(100.0, max(0.0, share)), 2)


@dataclass(frozen=True, slots=True)
class Scale:
    """Values from ``range[0]`` at the bottom to ``range[1]`` at the top."""

    range: tuple[float, float]

    def y(self, value: float) -> float:
        """Percent from the top, held inside 0..100."""
        low, high = self.range
        share = 100 * (high - value) / (high - low)
        return round(min(100.0, max(0.0, share)), 2)


def path(
    t_s: FloatArray, values: FloatArray, axis: Axis, scale: Scale
) -> tuple[str, tuple[float, float]]:
    """The SVG path in a box of 1000 by 100, and where it ends (percent); a NaN breaks it."""
    parts, drawing, end = [], False, (100.0, 50.0)
    for t, value in zip(t_s.tolist(), values.tolist(), strict=True):
        if not math.isfinite(value):
            drawing = False
            continue
        x, y = axis.x(t), scale.y(value)
        parts.append(f"{'L' if drawing else 'M'}{10 * x:.1f} {y:g}")
        if not drawing:
            parts.append("h0")
        drawing, end = True, (x, y)
    return "".join(parts), end


def thin(n: int) -> NDArray[np.intp]:
    """At most 1200 indices out of n, evenly."""
    return np.unique(np.linspace(0, n - 1, min(n, _MOST_POINTS)).round().astype(np.intp))


def rounded(values: FloatArray, places: int) -> list[float | None]:
    """Plain numbers for JSON; None for NaN."""
    return [round(v, places) if math.isfinite(v) else None for v in values.tolist()]


def nice(low: float, high: float, most: int) -> list[float]:
    """At most ``most`` + 1 round numbers between low and high, where possible at least two."""
    rough = (high - low) / most
    power = 10.0 ** math.floor(math.log10(rough))
    steps = [f * power for f in (0.5, 1, 2, 5, 10)]
    fitting = next(i for i, step in enumerate(steps) if step >= rough * 0.999)
    ticks = _multiples(steps[fitting], low, high)
    return ticks if len(ticks) > 1 else _multiples(steps[max(0, fitting - 1)], low, high)


def _multiples(step: float, low: float, high: float) -> list[float]:
    first = math.ceil(low / step - 1e-9)
    count = math.floor(high / step + 1e-9) - first + 1
    return [round((first + i) * step, 6) + 0.0 for i in range(count)]


def decimals(values: list[float]) -> int:
    """How many decimals are needed to write every one of ``values`` (at most 6)."""
    texts = [f"{v:.6f}".rstrip("0").partition(".")[2] for v in values]
    return max(map(len, texts), default=0)


def apart(places: list[float], least: float) -> list[float]:
    """``places`` in their order (rising), moved so that neighbours are ``least`` apart."""
    moved: list[float] = []
    for place in places:
        moved.append(max(place, moved[-1] + least) if moved else place)
    over = max(0.0, moved[-1] - 100.0) if moved else 0.0
    for i in range(len(moved) - 1, -1, -1):
        limit = moved[i + 1] - least if i + 1 < len(moved) else moved[i] - over
        moved[i] = round(min(moved[i], limit), 2)
    return moved

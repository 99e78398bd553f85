"""Solids as distances: tapered limbs and rounded boxes, melted together where they touch."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.float32]
"""(3, N) metres: x to the right, y up, z towards the viewer."""
CELL_M, FEW, MELTS_M = 0.2, 300, 0.06
"""Side of a cell; points in one that make the sorting worth while; how far solids melt."""
Colour = tuple[int, int, int]
"""Blue, green, red."""


@dataclass(frozen=True)
class Limb:
    """A rod with round ends from ``a`` to ``b``, as thick as ``ra`` and ``rb`` there."""

    a: NDArray[np.float64]
    b: NDArray[np.float64]
    ra: float
    rb: float
    colour: Colour
    melt: float = 0.02

    def distance(self, p: Points) -> NDArray[np.float32]:
        """Metres from its surface, below 0 inside."""
        a, ba = self.a.astype(np.float32), (self.b - self.a).astype(np.float32)
        q = p - a[:, None]
        length = float(np.linalg.norm(ba))
        along = (ba / np.float32(length)) @ q
        across = np.sqrt(np.maximum((q * q).sum(0) - along * along, 0.0))
        narrower = self.ra - self.rb
        slope = narrower / np.sqrt(max(length**2 - narrower**2, 1e-6))
        at = np.clip(along - across * np.float32(slope), 0.0, length)
        radius = self.ra - at * np.float32(narrower / length)
        return np.asarray(np.hypot(across, along - at) - radius, np.float32)


@dataclass(frozen=True)
class Box:
    """A box with rounded edges; ``axes`` are the rows of its own directions."""

    middle: NDArray[np.float64]
    half: tuple[float, float, float]
    colour: Colour
    edge: float = 0.02
    axes: NDArray[np.float64] | None = None
    melt: float = 0.0

    def distance(self, p: Points) -> NDArray[np.float32]:
        """Metres from its surface, below 0 inside."""
        q = p - self.middle.astype(np.float32)[:, None]
        if self.axes is not None:
            q = self.axes.astype(np.float32) @ q
        q = np.abs(q) - (np.array(self.half, np.float32) - self.edge)[:, None]
        outside = np.sqrt((np.maximum(q, 0.0) ** 2).sum(0))
        return np.asarray(outside + np.minimum(q.max(0), 0.0) - self.edge, np.float32)


@dataclass(frozen=True)
class Roller:
    """A cylinder from ``a`` to ``b`` with slightly rounded rims."""

    a: NDArray[np.float64]
    b: NDArray[np.float64]
    radius: float
    colour: Colour
    edge: float = 0.012
    melt: float = 0.0

    def distance(self, p: Points) -> NDArray[np.float32]:
        """Metres from its surface, below 0 inside."""
        middle, axis = (self.a + self.b) / 2, self.b - self.a
        half = float(np.linalg.norm(axis)) / 2
        axis = (axis / (2 * half)).astype(np.float32)
        q = p - middle.astype(np.float32)[:, None]
        along = axis @ q
        across = np.sqrt(np.maximum((q * q).sum(0) - along * along, 0.0))
        d = np.stack([across - self.radius + self.edge, np.abs(along) - half + self.edge])
        outside = np.sqrt((np.maximum(d, 0.0) ** 2).sum(0))
        return np.asarray(outside + np.minimum(d.max(0), 0.0) - self.edge, np.float32)


Solid = Limb | Box | Roller


def nearest(solids: list[Solid], p: Points) -> NDArray[np.float32]:
    """Distance from all of them together; many points cell by cell, with what is near there."""
    cells = np.floor(p / CELL_M).astype(np.int32) + 64
    key = (cells[0] * 128 + cells[1]) * 128 + cells[2]
    order = np.argsort(key, kind="stable")
    starts = np.flatnonzero(np.diff(key[order], prepend=-1))
    if len(starts) * FEW > p.shape[1]:
        return _melted(solids, p)
    found = np.empty(p.shape[1], np.float32)
    for part in np.split(order, starts[1:]):
        points = p[:, part]
        found[part] = _melted(_near(solids, points), points)
    return found


def _near(solids: list[Solid], points: Points) -> list[Solid]:
    """Those that can be nearest to any of these points, or melt into what is."""
    middle = points.mean(axis=1, keepdims=True)
    radius = float(np.sqrt(((points - middle) ** 2).sum(0)).max())
    away = np.array([float(solid.distance(middle)[0]) for solid in solids])
    most = away.min() + 2 * radius + MELTS_M
    return [solid for solid, d in zip(solids, away, strict=True) if d <= most]


def _melted(solids: list[Solid], p: Points) -> NDArray[np.float32]:
    total: NDArray[np.float32] | None = None
    for solid in solids:
        d = solid.distance(p)
        if total is None:
            total = d
        elif solid.melt:
            h = np.maximum(solid.melt - np.abs(total - d), 0.0) / solid.melt
            total = np.minimum(total, d) - h * h * (solid.melt / 4)
        else:
            total = np.minimum(total, d)
    assert total is not None
    return total


def which(solids: list[Solid], p: Points) -> NDArray[np.intp]:
    """Index of the nearest solid."""
    return np.asarray(np.argmin(np.stack([solid.distance(p) for solid in solids]), axis=0))

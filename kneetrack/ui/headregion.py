"""Where the head is, from a pose: generous discs, or None when it cannot be told."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kneetrack.records import FloatArray
from kneetrack.skeleton import FACE, HIPS, SHOULDERS, Landmark

_FACE: Final = np.array(FACE)
_EARS: Final = np.array((Landmark.LEFT_EAR, Landmark.RIGHT_EAR))
_SHOULDERS: Final = np.array(SHOULDERS)
_HIPS: Final = np.array(HIPS)
_SEEN: Final = 0.5
_LEAST_FACE_POINTS: Final = 4
_SPREADS, _TRUNKS, _SHOULDER_WIDTHS = 1.35, 0.32, 0.52
"""Radius of a whole head with hair, in widths of the face, trunks, and shoulder widths."""
_TO_THE_CROWN: Final = 0.15
"""The head's middle lies this part of the radius beyond the ears, seen from the shoulders."""
_ABOVE: Final = 0.45
"""Middle of the head above the shoulders, in trunks."""
_GUESSED: Final = 1.6
"""A head that is guessed from the shoulders may be bent anywhere: so much larger a disc."""


@dataclass(frozen=True, slots=True)
class Disc:
    """A round region in pixels of the picture."""

    x: float
    y: float
    radius: float

    def grown(self, factor: float) -> Disc:
        """The same middle, a larger radius."""
        return replace(self, radius=self.radius * factor)

    def distance(self, other: Disc) -> float:
        """Between the middles."""
        return float(np.hypot(self.x - other.x, self.y - other.y))

    def holds(self, other: Disc) -> bool:
        """Whether the other lies inside."""
        return self.distance(other) + other.radius <= self.radius


def head_regions(xy_px: FloatArray, confidence: FloatArray) -> tuple[Disc, ...]:
    """Discs over the head: one from the face when it is seen, one from the shoulders else.

    xy_px: (K, 2), confidence: (K,). Both discs when they tell of different places. Empty when
    neither face nor shoulders are seen.
    """
    xy = np.asarray(xy_px, np.float64)
    seen = np.isfinite(xy).all(axis=1) & (np.asarray(confidence) >= _SEEN)
    face = _from_face(xy, seen)
    guess = _from_shoulders(xy, seen)
    if face is None:
        return () if guess is None else (guess,)
    if guess is not None and face.distance(guess) > guess.radius:
        return face, guess
    return (face,)


def _from_face(xy: FloatArray, seen: NDArray[np.bool_]) -> Disc | None:
    points = xy[_FACE][seen[_FACE]]
    if len(points) < _LEAST_FACE_POINTS:
        return None
    spread = float(np.linalg.norm(points[:, None] - points, axis=-1).max())
    radius = max(_SPREADS * spread, _body_radius(xy, seen))
    middle = xy[_EARS].mean(axis=0) if seen[_EARS].all() else points.mean(axis=0)
    if seen[_SHOULDERS].all():
        away = middle - xy[_SHOULDERS].mean(axis=0)
        middle = middle + _TO_THE_CROWN * radius * away / max(float(np.linalg.norm(away)), 1e-6)
    return _disc(middle, radius)


def _from_shoulders(xy: FloatArray, seen: NDArray[np.bool_]) -> Disc | None:
    """Beyond the shoulders, seen from the hips; above them when the hips are not seen."""
    if not seen[_SHOULDERS].any():
        return None
    base = xy[_SHOULDERS][seen[_SHOULDERS]].mean(axis=0)
    radius = _body_radius(xy, seen)
    if radius <= 0:
        return None
    up = np.array([0.0, -1.0])
    if seen[_HIPS].any():
        trunk = base - xy[_HIPS][seen[_HIPS]].mean(axis=0)
        up = trunk / max(float(np.linalg.norm(trunk)), 1e-6)
    return _disc(base + up * radius * _ABOVE / _TRUNKS, radius * _GUESSED)


def _body_radius(xy: FloatArray, seen: NDArray[np.bool_]) -> float:
    """A head's radius by the sizes of the body; 0 when none is known."""
    sizes = [0.0]
    if seen[_SHOULDERS].all():
        left, right = xy[_SHOULDERS]
        sizes.append(_SHOULDER_WIDTHS * float(np.linalg.norm(left - right)))
    if seen[_SHOULDERS].any() and seen[_HIPS].any():
        shoulder = xy[_SHOULDERS][seen[_SHOULDERS]].mean(axis=0)
        hip = xy[_HIPS][seen[_HIPS]].mean(axis=0)
        sizes.append(_TRUNKS * float(np.linalg.norm(shoulder - hip)))
    return max(sizes)


def _disc(middle: FloatArray, radius: float) -> Disc:
    return Disc(float(middle[0]), float(middle[1]), max(radius, 4.0))

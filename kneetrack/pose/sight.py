"""One person seen in one picture: where, how big, in what colours."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kneetrack.records import FloatArray, Frame, Pose
from kneetrack.skeleton import ANKLES, HIPS, KNEES, MIRROR, SHOULDERS

_BODY = np.array([*SHOULDERS, *HIPS, *KNEES, *ANKLES])
_LEAST_CONFIDENCE = 0.5
_REMAINS_M = 0.3
_HOP_M = 0.25
_HOP_M_S = 4.0
_HOP_SIZE = 1.5
_HEADROOM_M = 0.22
_BINS = 16
_GRID = np.linspace(0.15, 0.85, 9)
_ALONG_THIGH = np.linspace(0.15, 0.7, 12)
_FEWEST_POINTS = 12
NEUTRAL_COLOUR_DISTANCE = 0.3


@dataclass(frozen=True, slots=True)
class Box:
    """An upright rectangle in pixels; right and bottom are outside it."""

    left: float
    top: float
    right: float
    bottom: float

    @staticmethod
    def nowhere() -> Box:
        """An empty box."""
        return Box(0.0, 0.0, 0.0, 0.0)

    @property
    def centre_x(self) -> float:
        """Middle between left and right."""
        return (self.left + self.right) / 2

    def padded(self, by_px: float) -> Box:
        """Larger by so many pixels on every side."""
        return Box(self.left - by_px, self.top - by_px, self.right + by_px, self.bottom + by_px)

    def moved(self, dx: float, dy: float) -> Box:
        """The same box elsewhere."""
        return Box(self.left + dx, self.top + dy, self.right + dx, self.bottom + dy)

    def contains(self, point: FloatArray) -> bool:
        """Whether a point (x, y) is inside."""
        x, y = float(point[0]), float(point[1])
        return self.left <= x < self.right and self.top <= y < self.bottom

    def gap_px(self, other: Box) -> float:
        """Horizontal distance to another box that shares rows with it; negative = overlap."""
        if self.bottom <= other.top or other.bottom <= self.top:
            return float("inf")
        return max(self.left, other.left) - min(self.right, other.right)

    def slices(self, image: NDArray[np.uint8]) -> tuple[slice, slice]:
        """Rows and columns of ``image`` inside the box; empty when none are."""
        height, width = image.shape[:2]
        top, bottom = (int(np.clip(v, 0, height)) for v in (self.top, self.bottom))
        left, right = (int(np.clip(v, 0, width)) for v in (self.left, self.right))
        return slice(top, bottom), slice(left, right)


@dataclass(frozen=True, slots=True)
class Sighting:
    """A person in one picture.

    hips_px: (2,) middle of the hips. scale_px: pixels per metre at the person. lift_px: height
    of the hips above the lower ankle in the picture. colour: (96,) soft histogram of shirt and
    thighs, or None when too little of them is in the picture.
    """

    pose: Pose
    hips_px: FloatArray
    scale_px: float
    lift_px: float
    box: Box
    colour: FloatArray | None

    @property
    def t_s(self) -> float:
        """When it was seen."""
        return self.pose.t_s

    def leaves(self, pose: Pose) -> bool:
        """Whether ``pose`` may be what is seen of this person after painting them over."""
        gap_px = float(np.linalg.norm(hips_px(pose) - self.hips_px))
        return gap_px < _REMAINS_M * self.scale_px

    def apart_m(self, pose: Pose) -> float:
        """Mean distance of the body's landmarks to those of another pose, in metres here.

        The same body with left and right exchanged is 0 apart.
        """
        mine = self.pose.xy_px[_BODY]
        gaps = [np.linalg.norm(mine - pose.xy_px[to], axis=1) for to in (_BODY, MIRROR[_BODY])]
        return float(min(gap.mean() for gap in gaps) / self.scale_px)


def sight(frame: Frame, pose: Pose) -> Sighting | None:
    """What there is to know about ``pose`` in ``frame``; None when it is too vague to be used."""
    if not pose.seen or float(np.median(pose.confidence[_BODY])) < _LEAST_CONFIDENCE:
        return None
    scale = scale_px(pose)
    if not scale > 0:
        return None
    hips = hips_px(pose)
    lift = float(pose.xy_px[list(ANKLES), 1].max() - hips[1])
    return Sighting(pose, hips, scale, lift, around(pose, scale), colours(frame.image, pose))


def around(pose: Pose, scale: float) -> Box:
    """The box of a whole person: all landmarks, and the width of a hand or the hair around them."""
    left, top = np.nanmin(pose.xy_px, axis=0)
    right, bottom = np.nanmax(pose.xy_px, axis=0)
    return Box(left, top, right, bottom).padded(_HEADROOM_M * scale)


def hips_px(pose: Pose) -> FloatArray:
    """(2,) middle of the hips in pixels."""
    return np.asarray(pose.xy_px[list(HIPS)].mean(axis=0), np.float64)


def scale_px(pose: Pose) -> float:
    """Pixels per metre at the person: spread in the picture over spread in the world.

    Unlike a body length in pixels it hardly changes with posture. NaN when it cannot be told.
    """
    flat = pose.xy_px[_BODY] - pose.xy_px[_BODY].mean(axis=0)
    if pose.xyz_m is None:
        return float(np.linalg.norm(flat, axis=1).max())  # about a metre from the middle
    world = pose.xyz_m[_BODY, :2] - pose.xyz_m[_BODY, :2].mean(axis=0)
    spread = float(np.square(world).sum())
    return float(np.sqrt(np.square(flat).sum() / spread)) if spread > 0 else float("nan")


def hopped(before: Pose | None, after: Pose, scale_px: float) -> bool:
    """Whether a tracker moved, or its person grew, more between two frames than anybody can."""
    if before is None:
        return False
    moved_m = math.dist(_middle(before), _middle(after)) / scale_px
    was, now = _extent_px(before), _extent_px(after)
    grown = max(was, now) > _HOP_SIZE * min(was, now)
    return grown or not moved_m <= _HOP_M + _HOP_M_S * (after.t_s - before.t_s)


def _middle(pose: Pose) -> tuple[float, float]:
    left, right = pose.xy_px[HIPS[0]].tolist(), pose.xy_px[HIPS[1]].tolist()
    return (left[0] + right[0]) / 2, (left[1] + right[1]) / 2


def _extent_px(pose: Pose) -> float:
    left, top = pose.xy_px.min(axis=0).tolist()
    right, bottom = pose.xy_px.max(axis=0).tolist()
    return math.hypot(right - left, bottom - top)


def nearest(sightings: Sequence[Sighting], pose: Pose, within_m: float) -> int | None:
    """Which sighting is the same body as ``pose``; None when none is as close as that."""
    gaps = [s.apart_m(pose) for s in sightings]
    best = int(np.argmin(gaps)) if gaps else -1
    return best if gaps and gaps[best] < within_m else None


def colours(image: NDArray[np.uint8], pose: Pose) -> FloatArray | None:
    """(96,) soft colour histogram: shirt, then thighs; three opponent channels of 16 bins each."""
    parts = [_histogram(image, points) for points in (_on_shirt(pose), _on_thighs(pose))]
    if any(part is None for part in parts):
        return None
    return np.concatenate([part for part in parts if part is not None])


def colour_distance(a: FloatArray | None, b: FloatArray | None) -> float:
    """0 = same colours, 1 = nothing in common (Hellinger, mean over the histograms)."""
    if a is None or b is None:
        return NEUTRAL_COLOUR_DISTANCE
    alike = np.sqrt(a * b).reshape(-1, _BINS).sum(axis=1).mean()
    return float(np.sqrt(max(0.0, 1.0 - alike)))


def _on_shirt(pose: Pose) -> FloatArray:
    left, right = (pose.xy_px[j] for j in SHOULDERS)
    low_left, low_right = (pose.xy_px[j] for j in HIPS)
    down, across = (g.reshape(-1, 1) for g in np.meshgrid(_GRID, _GRID))
    upper = left * (1 - across) + right * across
    lower = low_left * (1 - across) + low_right * across
    return np.asarray(upper * (1 - down) + lower * down)


def _on_thighs(pose: Pose) -> FloatArray:
    along = _ALONG_THIGH[:, None]
    legs = [
        pose.xy_px[hip] * (1 - along) + pose.xy_px[knee] * along
        for hip, knee in zip(HIPS, KNEES, strict=True)
    ]
    return np.concatenate(legs)


def _histogram(image: NDArray[np.uint8], points: FloatArray) -> FloatArray | None:
    height, width = image.shape[:2]
    columns, rows = points.astype(np.int64).T
    inside = (columns >= 0) & (columns < width) & (rows >= 0) & (rows < height)
    if inside.sum() < _FEWEST_POINTS:
        return None
    blue, green, red = image[rows[inside], columns[inside]].astype(np.float64).T
    light = (red + green + blue) / 3
    channels = (light, (red - green) * 0.75 + 128, (blue - (red + green) / 2) * 0.75 + 128)
    return np.concatenate([_soft_bins(np.clip(c, 0, 255)) for c in channels])


def _soft_bins(values: FloatArray) -> FloatArray:
    """(16,) shares summing to 1; a value is split between the two nearest bins."""
    place = values / 256 * (_BINS - 1)
    lower = place.astype(np.int64)
    upper_share = place - lower
    counts = np.bincount(lower, 1 - upper_share, _BINS)
    counts += np.bincount(lower + 1, upper_share, _BINS)
    return np.asarray(counts / len(values))

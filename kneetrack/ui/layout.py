"""Where things go on the picture, so that they do not hide the person. Arithmetic, no pixels.

Decide the layout once a clip with :func:`layout_for` over all its landmarks; then plates stay
where they are from frame to frame.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final, Literal

import numpy as np

from kneetrack.records import FloatArray
from kneetrack.skeleton import (
    ANKLES,
    HEELS,
    HIPS,
    KNEES,
    SHOULDERS,
    TOES,
)
from kneetrack.ui.style import Sizes

_TRUNK_AND_LEGS: Final = [*SHOULDERS, *HIPS, *KNEES, *ANKLES, *HEELS, *TOES]
_NARROW_TRUNK: Final = 0.115
_NARROW_LEGS: Final = 0.105
_FULL_SIZE_BODY: Final = 0.70


@dataclass(frozen=True, slots=True)
class Rect:
    """A box in pixels; right and bottom are outside."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        """Pixels from left to right."""
        return self.right - self.left

    @property
    def height(self) -> float:
        """Pixels from top to bottom."""
        return self.bottom - self.top

    def overlap(self, other: Rect) -> float:
        """Area in common, square pixels."""
        wide = min(self.right, other.right) - max(self.left, other.left)
        high = min(self.bottom, other.bottom) - max(self.top, other.top)
        return max(0.0, wide) * max(0.0, high)

    def within(self, other: Rect) -> Rect:
        """This box moved, not cut, to lie inside the other as far as it fits."""
        left = max(other.left, min(self.left, other.right - self.width))
        top = max(other.top, min(self.top, other.bottom - self.height))
        return Rect(left, top, left + self.width, top + self.height)

    def holds(self, x: float, y: float) -> bool:
        """Whether a point lies in the box."""
        return self.left <= x <= self.right and self.top <= y <= self.bottom

    def distance(self, x: float, y: float) -> float:
        """Pixels from a point to the nearest point of the box; 0 inside."""
        dx = max(self.left - x, 0.0, x - self.right)
        dy = max(self.top - y, 0.0, y - self.bottom)
        return float((dx * dx + dy * dy) ** 0.5)


@dataclass(frozen=True, slots=True)
class CuePlace:
    """Where the cue stands, in pixels.

    edge: of the picture; left, right: between which it may stand; room_px: height there that
    hides nobody.
    """

    edge: Literal["bottom", "top"]
    left: int
    right: int
    room_px: int


@dataclass(frozen=True, slots=True)
class Layout:
    """What stays put over a clip.

    stacked: the knees are behind each other (side view), their labels stand one above the other.
    outward: +1 or -1, the picture side (x right) on which the label of the person's left knee
    goes, or in side view both. body_scale: 0.6..1, thinner lines for a small person. bar_at: at
    which edge the depth bar stands.
    """

    cue: CuePlace
    stacked: bool = False
    outward: Literal[-1, 1] = 1
    body_scale: float = 1.0
    bar_at: Literal["left", "right"] = "right"


def safe_area(sizes: Sizes) -> Rect:
    """The picture without its margins."""
    return Rect(sizes.margin, sizes.margin, sizes.width - sizes.margin, sizes.height - sizes.margin)


def layout_for(xy_px: FloatArray, sizes: Sizes) -> Layout:
    """The layout for landmarks (K, 2), or (T, K, 2) of a whole clip, in pixels. NaN is fine."""
    track = np.asarray(xy_px, np.float64).reshape(-1, *np.shape(xy_px)[-2:])
    track = np.where(np.isfinite(track).all(axis=-1, keepdims=True), track, np.nan)
    points = track[:, _TRUNK_AND_LEGS]
    if not np.isfinite(points).any():
        return Layout(_anywhere(sizes))
    body_px = _body_px(points)
    apart = (points[:, 0::2] - points[:, 1::2])[..., 0] / max(body_px, 1.0)
    trunk, legs = _mean(apart[:, :2]), _mean(apart[:, 2:4])
    stacked = abs(trunk) < _NARROW_TRUNK and abs(legs) < _NARROW_LEGS
    ahead = _mean((points[:, -2:] - points[:, -4:-2])[..., 0])
    scale = body_px / (_FULL_SIZE_BODY * min(sizes.width, sizes.height))
    return Layout(
        cue=_cue_place(track, sizes),
        stacked=stacked,
        outward=1 if (ahead if stacked else trunk + legs) >= 0 else -1,
        body_scale=round(min(1.0, max(0.6, scale)), 2),
        bar_at=_bar_edge(points, sizes),
    )


def _mean(values: FloatArray) -> float:
    seen = values[np.isfinite(values)]
    return float(seen.mean()) if seen.size else 0.0


def _body_px(points: FloatArray) -> float:
    """Diagonal of the box around shoulders to toes, when it is large (standing or lying)."""
    seen = points[np.isfinite(points).any(axis=(1, 2))]
    extent = np.nanmax(seen, axis=1) - np.nanmin(seen, axis=1)
    return float(np.percentile(np.hypot(extent[:, 0], extent[:, 1]), 80))


def _anywhere(sizes: Sizes) -> CuePlace:
    return CuePlace("bottom", sizes.margin, sizes.width - sizes.margin, 5 * sizes.cue)


def _cue_place(track: FloatArray, sizes: Sizes) -> CuePlace:
    """Below the feet when there is room, else beside them, else above (someone who lies)."""
    wide = _anywhere(sizes)
    below = _room_below(track, sizes)
    if below >= 2 * sizes.pad + 1.25 * sizes.cue_least:
        return replace(wide, room_px=below)
    beside = _beside_feet(track, sizes)
    if beside is not None:
        return beside
    highest = float(np.nanpercentile(track[..., 1], 1))
    if highest > 0.35 * sizes.height:
        return replace(wide, edge="top")
    return replace(wide, room_px=below)


def _room_below(track: FloatArray, sizes: Sizes) -> int:
    """Pixels free between the lower margin and shoes (a little lower than their landmarks)."""
    lowest = float(np.nanpercentile(track[..., 1], 98)) + 0.025 * sizes.unit
    return max(0, 4 * int((sizes.height - sizes.margin - lowest) / 4))


def _beside_feet(track: FloatArray, sizes: Sizes) -> CuePlace | None:
    """The wider of the two lower corners, when it is wide enough to read a cue in."""
    room = 4 * sizes.cue
    x, y = track[..., 0], track[..., 1]
    with np.errstate(invalid="ignore"):
        feet = x[y > sizes.height - sizes.margin - room]
    space = round(0.04 * sizes.unit)
    first, last = np.percentile(feet, (1, 99)) if feet.size else (sizes.width, 0)
    corners = (
        CuePlace("bottom", sizes.margin, round(first) - space, room),
        CuePlace("bottom", round(last) + space, sizes.width - sizes.margin, room),
    )
    best = max(corners, key=lambda place: place.right - place.left)
    return best if best.right - best.left > 7.5 * sizes.cue else None


def _bar_edge(points: FloatArray, sizes: Sizes) -> Literal["left", "right"]:
    """The edge further from the middle of what the person needs over the clip."""
    x = points[..., 0]
    return "left" if np.nanmin(x) > sizes.width - np.nanmax(x) else "right"

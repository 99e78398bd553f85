"""Knees found in the outline of a person who lies with the feet towards the camera.

The pose model knows few people seen from their feet and misplaces the knees; the outline that it
draws of them is good. There each knee is a dome above its ankle, the highest thing on its side.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from kneetrack.records import FloatArray

BoolArray = NDArray[np.bool_]
Edge = NDArray[np.int16]

KNEE_RADIUS: Final = 0.11
"""Half the breadth of a clothed knee over its height above the ankle (about 5 of 45 cm)."""
_ARC: Final = (0.25, 0.8)
"""Where the dome's outer edge is read: from the top, in knee radii."""
_CAP: Final = (0.05, 0.4)
"""The same where thighs show beside the knee: only its top is free of them."""
_BELOW: Final = (1.2, 2.5)
_WIDENS: Final = (0.45, 0.6)
"""How far the edge below the dome lies outside its circle, radii: of a knee alone (0.3 to 0.4 as
measured, a knee is no circle), and of a thigh beside it (0.55 to 0.75)."""
_NEARLY_TOP: Final = 0.8
_DIP: Final = 0.03
_UNEVEN: Final = 0.1
_REACH: Final = 3.0
_LEAST_PX: Final = 25


@dataclass(frozen=True, slots=True)
class Outline:
    """The outer edges of a person in the picture, small enough to keep for every frame.

    top: (W,) first row in each column. left, right: (H,) first and last column in each row. Where
    nobody is, top is H, left is W and right is -1.
    """

    top: Edge
    left: Edge
    right: Edge

    @staticmethod
    def of(mask: BoolArray) -> Outline:
        """Of the largest piece of (H, W), True where the person is."""
        height, width = mask.shape
        top = np.full(width, height, np.int16)
        left, right = np.full(height, width, np.int16), np.full(height, -1, np.int16)
        x, y, across, down = cv2.boundingRect(mask.astype(np.uint8))
        if across:
            body = _largest_piece(mask[y : y + down, x : x + across])
            columns, rows = np.flatnonzero(body.any(axis=0)), np.flatnonzero(body.any(axis=1))
            top[x + columns] = y + body.argmax(axis=0)[columns]
            left[y + rows] = x + body.argmax(axis=1)[rows]
            right[y + rows] = x + across - 1 - body[:, ::-1].argmax(axis=1)[rows]
        return Outline(top, left, right)


def _largest_piece(mask: BoolArray) -> BoolArray:
    """The mask without what hangs together with less; some of it is True."""
    _, labels, stats, _ = cv2.connectedComponentsWithStats(mask.astype(np.uint8))
    return np.asarray(labels == 1 + int(stats[1:, cv2.CC_STAT_AREA].argmax()))


def knees_in_outline(outline: Outline, ankles_px: FloatArray) -> FloatArray:
    """(2, 2) knee centres in pixels, y down, in the order of ``ankles_px`` (2, 2); NaN if unsure.

    ankles_px: their places on the floor. A knee is the centre of a circle of the usual breadth
    that touches its dome's top and outer edge; the inner edge merges with the thighs behind it.
    Both must be about equally high over the ankles.
    """
    nothing = np.full((2, 2), np.nan)
    left_first = bool(ankles_px[0, 0] <= ankles_px[1, 0])
    ankles = ankles_px if left_first else ankles_px[::-1]
    if not np.isfinite(ankles).all() or ankles[1, 0] - ankles[0, 0] < 1:
        return nothing
    left, right = _dome(outline, ankles, 0), _dome(outline, ankles, 1)
    if left is None or right is None or left[0] >= right[0]:
        return nothing
    knees = np.stack([left, right])
    heights = (ankles - knees)[:, 1]
    if abs(heights[0] - heights[1]) > _UNEVEN * heights.max():
        return nothing
    return knees if left_first else knees[::-1]


def _dome(outline: Outline, ankles: FloatArray, side: int) -> FloatArray | None:
    """(2,): the knee above the left (0) or right (1) ankle of the picture.

    The first summit from outside is the knee: arms are low, the head lies between the knees.
    """
    middle_x, half = float(ankles[:, 0].mean()), float(np.ptp(ankles[:, 0])) / 2
    columns = np.arange(len(outline.top))
    heights = float(ankles[side, 1]) - outline.top
    heights[np.abs(columns - middle_x) > max(_REACH * half, _LEAST_PX)] = 0
    highest = float(heights.max(initial=0.0))
    own = columns[columns > middle_x][::-1] if side else columns[columns < middle_x]
    summit = _first_summit(heights[own], highest) if highest >= _LEAST_PX else None
    if summit is None:
        return None
    radius = KNEE_RADIUS * float(heights[own[summit]])
    if abs(own[summit] - middle_x) < radius / 4:
        return None  # no dome of its own: the other knee leans over
    top_y = float(outline.top[own[summit]])
    edge = outline.right + 1.0 if side else outline.left.astype(float)
    return np.array([_centre_x(edge, top_y, radius, 1 if side else -1), top_y + radius])


def _first_summit(heights: FloatArray, highest: float) -> int | None:
    """Index of the first maximum that is nearly as high as the highest point of the whole shape."""
    best: int | None = None
    for i in np.flatnonzero(heights >= _NEARLY_TOP * highest):
        if best is None or heights[i] > heights[best]:
            best = int(i)
        elif heights[i] < heights[best] - _DIP * highest:
            break
    return best


def _centre_x(edge: FloatArray, top_y: float, radius: float, outwards: int) -> float:
    """Where the centre is of the knee whose outer edge (H,) this is.

    Knees closer together than the hips have thighs beside them, which show below the dome as an
    edge that goes on outwards. Then the top of the dome alone is fitted.
    """
    x = _fitted_x(edge, top_y, radius, outwards, _ARC)
    below = np.median(edge[_rows(edge, top_y, radius, _BELOW)])
    widens = (float(below) - x) * outwards / radius - 1
    thigh = float(np.clip((widens - _WIDENS[0]) / (_WIDENS[1] - _WIDENS[0]), 0, 1))
    return (1 - thigh) * x + thigh * _fitted_x(edge, top_y, radius, outwards, _CAP)


def _fitted_x(
    edge: FloatArray, top_y: float, radius: float, outwards: int, part: tuple[float, float]
) -> float:
    """x of the circle's centre that fits the outer edge over a part of its height (in radii)."""
    rows = _rows(edge, top_y, radius, part)
    down = np.clip(rows - top_y, 0, radius)
    return float(np.median(edge[rows] - outwards * np.sqrt(2 * radius * down - down**2)))


def _rows(
    edge: FloatArray, top_y: float, radius: float, part: tuple[float, float]
) -> NDArray[np.int64]:
    first, last = (int(np.ceil(top_y + share * radius)) for share in part)
    return np.arange(first, max(first, last) + 1).clip(0, len(edge) - 1)

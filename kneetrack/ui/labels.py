"""Where the labels of the knees go: beside them, hiding neither knees nor each other."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

from kneetrack.skeleton import LEFT, RIGHT
from kneetrack.ui.layout import Layout, Rect, safe_area
from kneetrack.ui.style import Sizes

Point = tuple[float, float]
Extent = tuple[int, int]
Slots = tuple[int | None, int | None]
"""Which of the places beside a knee the labels of the left and the right knee took."""

_WORTH_MOVING: Final = 0.8
_DISLIKE: Final = (0.0, 0.5, 0.5, 0.5, 0.5, 0.5, 0.6, 0.6)
"""Of the places beside a knee in the order of :func:`_candidates`."""


@dataclass(frozen=True, slots=True)
class Obstacles:
    """What labels keep clear of.

    knees: (x, y) pixels of the knees seen; plates: boxes of other plates; body: points along
    trunk and legs, which are rather not hidden either. own: the knee whose label it is; the
    label stays nearer to that one than to the other.
    """

    knees: list[Point]
    plates: list[Rect]
    body: list[Point]
    own: Point | None = None


def place_labels(
    knees: tuple[Point | None, Point | None],
    plates: tuple[Extent | None, Extent | None],
    obstacles: Obstacles,
    layout: Layout,
    sizes: Sizes,
    *,
    before: Slots = (None, None),
) -> tuple[tuple[Rect | None, Rect | None], Slots]:
    """Boxes for the labels of the left and the right knee, and the places that they took.

    knees: pixels; plates: (width, height) pixels; None: no such knee, or no label. The boxes lie
    in the safe area, off the knees and off each other as far as there is room. before: the places
    of the frame before, left only for something clearly better, so that labels do not jitter.
    """
    pairs = [
        (side, knee, plate)
        for side, (knee, plate) in enumerate(zip(knees, plates, strict=True))
        if knee is not None and plate is not None
    ]
    if layout.stacked and len(pairs) == 2:
        return _stack([plate for _, _, plate in pairs], obstacles, layout, sizes, before[LEFT])
    boxes: list[Rect | None] = [None, None]
    slots = list(before)
    clear = _clear_px(layout, sizes)
    for side, knee, plate in pairs:
        outward = layout.outward if side == LEFT or layout.stacked else -layout.outward
        busy = [*obstacles.plates, *(box for box in boxes if box is not None)]
        around = Obstacles(obstacles.knees, busy, obstacles.body, knee)
        places = _candidates(knee, plate, outward, obstacles.knees, clear + sizes.gap)
        boxes[side], slots[side] = _cheapest(places, around, clear, sizes, before[side])
    return (boxes[LEFT], boxes[RIGHT]), (slots[LEFT], slots[RIGHT])


def _clear_px(layout: Layout, sizes: Sizes) -> float:
    """Radius around a knee that stays free."""
    return 1.2 * sizes.knee_sign * layout.body_scale


def _stack(
    plates: list[Extent],
    obstacles: Obstacles,
    layout: Layout,
    sizes: Sizes,
    before: int | None,
) -> tuple[tuple[Rect, Rect], Slots]:
    """Two labels above each other as one block, in front of the knees."""
    (w1, h1), (w2, h2) = plates
    xs, ys = zip(*obstacles.knees, strict=True)
    middle = (sum(xs) / len(xs), sum(ys) / len(ys))
    size = (max(w1, w2), h1 + h2 + sizes.gap)
    clear = _clear_px(layout, sizes)
    places = _candidates(middle, size, layout.outward, obstacles.knees, clear + sizes.gap)
    block, slot = _cheapest(places, obstacles, clear, sizes, before)
    flush_right = block.left + block.right < 2 * middle[0]
    x1 = block.right - w1 if flush_right else block.left
    x2 = block.right - w2 if flush_right else block.left
    lower = block.top + h1 + sizes.gap
    upper_box = Rect(x1, block.top, x1 + w1, block.top + h1)
    return (upper_box, Rect(x2, lower, x2 + w2, lower + h2)), (slot, slot)


def _cheapest(
    places: list[Rect], obstacles: Obstacles, clear: float, sizes: Sizes, before: int | None
) -> tuple[Rect, int]:
    """The box that hides least, best beside the knee outwards, and the index of its place.

    The place of the frame before is kept unless another is clearly better.
    """
    safe = safe_area(sizes)
    boxes = [place.within(safe) for place in places]
    costs: list[float] = []
    for place, box, dislike in zip(places, boxes, _DISLIKE, strict=True):
        pushed = 1.2 * min(1.0, abs(place.left - box.left) / box.height)
        costs.append(dislike + pushed + _cost(box, obstacles, clear))
        if costs[0] == 0:
            return boxes[0], 0
    best = costs.index(min(costs))
    if before is not None and costs[before] - costs[best] < _WORTH_MOVING:
        best = before
    return boxes[best], best


def _cost(box: Rect, obstacles: Obstacles, clear: float) -> float:
    """0: nothing is hidden. A plate or a knee costs much, a piece of the body a little."""
    area = box.width * box.height
    overlaps = (box.overlap(other) for other in obstacles.plates)
    plates = sum(0.4 + overlap / area for overlap in overlaps if overlap > 1)
    knees = sum(max(0.0, 1 - box.distance(*knee) / clear) for knee in obstacles.knees)
    body = sum(box.holds(x, y) for x, y in obstacles.body)
    astray = 0.6 if _astray(box, obstacles) else 0.0
    return 10 * plates + 5 * (knees if knees > 0.05 else 0.0) + 0.2 * max(0, body - 1) + astray


def _astray(box: Rect, obstacles: Obstacles) -> bool:
    """Whether the middle of a label is nearer to the other knee than to its own."""
    if obstacles.own is None:
        return False
    middle = ((box.left + box.right) / 2, (box.top + box.bottom) / 2)
    return min(math.dist(middle, knee) for knee in obstacles.knees) < math.dist(
        middle, obstacles.own
    )


def _candidates(
    knee: Point, plate: Extent, outward: int, knees: list[Point], reach: float
) -> list[Rect]:
    """Places by preference: beside the knee outwards, lower or higher there, inwards, below."""
    width, height = plate
    level = [x for x, y in knees if abs(y - knee[1]) < height / 2 + reach] or [knee[0]]
    outermost = max(level) if outward > 0 else min(level)
    boxes = []
    for way, edge in ((outward, outermost), (-outward, knee[0])):
        left = edge + reach if way > 0 else edge - reach - width
        for shift in (0.0, height / 2 + reach, -height / 2 - reach):
            top = knee[1] - height / 2 + shift
            boxes.append(Rect(left, top, left + width, top + height))
    left = knee[0] - width / 2
    for top in (knee[1] + reach, knee[1] - reach - height):
        boxes.append(Rect(left, top, left + width, top + height))
    return boxes

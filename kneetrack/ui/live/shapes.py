"""Shapes as anti-aliased masks for sprites, and the moving shapes drawn straight on a picture."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from kneetrack.ui.style import Colour, ImageU8

Mask = NDArray[np.uint8]
Point = tuple[float, float]

_FINE: Final = 4
_SHIFT: Final = 4


def polygon(size_px: tuple[int, int], corners: Sequence[Point], round_by: float = 0.0) -> Mask:
    """Coverage (h, w) of a filled polygon in pixels; ``round_by`` widens and rounds it."""
    fine = np.zeros((size_px[1] * _FINE, size_px[0] * _FINE), np.uint8)
    points = np.rint(np.asarray(corners) * _FINE).astype(np.int32)
    cv2.fillPoly(fine, [points], (255,))
    if round_by > 0:
        cv2.polylines(fine, [points], True, (255,), max(1, round(2 * round_by * _FINE)))
    small = cv2.resize(fine, size_px, interpolation=cv2.INTER_AREA)
    return np.asarray(small, np.uint8)


def sector(
    size_px: tuple[int, int], pivot: Point, radii: tuple[float, float], turn: tuple[float, float]
) -> Mask:
    """Coverage of a piece of a ring. turn: from, to, degrees clockwise from straight up."""
    angles = np.radians(np.linspace(*turn, 24))
    ways = np.stack([np.sin(angles), -np.cos(angles)], axis=1)
    edge = np.concatenate([ways * radii[1], ways[::-1] * radii[0]]) + np.asarray(pivot)
    return polygon(size_px, [(float(x), float(y)) for x, y in edge])


@lru_cache(maxsize=32)
def disc(radius: int) -> Mask:
    """Coverage of a disc in a square of 2 * ``radius`` pixels. Do not write."""
    reach = np.arange(2 * radius) + 0.5 - radius
    away = np.hypot(reach[:, None], reach[None, :])
    cover: Mask = np.rint(255 * np.clip(radius - away + 0.5, 0, 1)).astype(np.uint8)
    cover.setflags(write=False)
    return cover


def draw_ring(
    image: ImageU8,
    middle: Point,
    radius: float,
    width: float,
    fraction: float,
    colours: tuple[Colour, Colour],
) -> None:
    """A ring filled clockwise from the top by ``fraction``, in place. colours: filled, empty."""
    centre = (_fixed(middle[0]), _fixed(middle[1]))
    reach, thick = _fixed(radius + 0.5), max(1, round(width))
    cv2.circle(image, centre, reach, colours[1], thick, cv2.LINE_AA, _SHIFT)
    filled = min(1.0, max(0.0, fraction if math.isfinite(fraction) else 0.0))
    if filled > 0:
        count = max(2, round(72 * filled) + 1)
        angles = np.linspace(0, 2 * math.pi * filled, count)
        points = np.stack([np.sin(angles), -np.cos(angles)], axis=1) * radius + middle
        arc = np.rint((points - 0.5) * (1 << _SHIFT)).astype(np.int32)
        cv2.polylines(image, [arc], False, colours[0], thick, cv2.LINE_AA, _SHIFT)


def draw_needle(
    image: ImageU8,
    pivot: Point,
    length: float,
    turn_deg: float,
    colours: tuple[Colour, Colour],
) -> None:
    """A needle from ``pivot``, in place. turn_deg: clockwise from up; colours: needle, rim."""
    angle = math.radians(turn_deg)
    along = np.array([math.sin(angle), -math.cos(angle)])
    across = np.array([-along[1], along[0]])
    rim = 0.035 * length
    for colour, more in ((colours[1], rim), (colours[0], 0.0)):
        base, tip = 0.125 * length + more, 0.030 * length + more
        end = np.asarray(pivot) + along * (length + more)
        foot = np.asarray(pivot)
        corners = [foot - across * base, end - across * tip, end + across * tip]
        corners.append(foot + across * base)
        fixed = np.rint((np.array(corners) - 0.5) * (1 << _SHIFT)).astype(np.int32)
        cv2.fillConvexPoly(image, fixed, colour, cv2.LINE_AA, _SHIFT)


def _fixed(length: float) -> int:
    return round((length - 0.5) * (1 << _SHIFT))

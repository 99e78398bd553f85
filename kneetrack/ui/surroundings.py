"""Makes what lies around a person in a picture unrecognisable: bystanders, mirrors, the room.

What lies right beside, before or behind the person stays: nobody knows where they end and somebody
else begins.
"""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np

from kneetrack.records import FloatArray
from kneetrack.ui.blur import blur_all, coarse
from kneetrack.ui.style import ImageU8

_ROOM: Final = 0.14
"""Kept sharp around the landmarks, in lengths of the person as seen: the landmarks lie inside."""
_CELL: Final = 0.09
"""One colour for so much, in lengths of the person: about a head."""
_EDGE: Final = 0.25
"""The blur begins softly: so much of the room."""
_LEAST_POINTS: Final = 3


def blur_surroundings(image_bgr: ImageU8, xy_px: FloatArray) -> ImageU8:
    """A copy that is blurred beyond the person; all of it when no person is known.

    image_bgr: (H, W, 3) uint8. xy_px: (K, 2) landmarks in its pixels, NaN where not seen.
    """
    points = np.asarray(xy_px, np.float64)
    points = points[np.isfinite(points).all(axis=1)]
    image = image_bgr.copy()
    length_px = float(np.ptp(points, axis=0).max()) if len(points) >= _LEAST_POINTS else 0.0
    if length_px <= 0:
        return blur_all(image)
    around = coarse(image, max(_CELL * length_px, 2.0))
    share = _person(points, image.shape[:2], _ROOM * length_px)
    return np.asarray(cv2.blendLinear(image, around, share, 1 - share), np.uint8)


def _person(points: FloatArray, size: tuple[int, int], room_px: float) -> FloatArray:
    """(H, W) float32: 1 within so many pixels of the person, fading to 0 within a little more."""
    hull = cv2.convexHull(np.rint(points).astype(np.int32).reshape(-1, 1, 2))
    outside = np.full(size, 255, np.uint8)
    cv2.fillConvexPoly(outside, hull, 0)
    distance = cv2.distanceTransform(outside, cv2.DIST_L2, cv2.DIST_MASK_PRECISE)
    fade = np.clip((room_px * (1 + _EDGE) - distance) / max(room_px * _EDGE, 1.0), 0, 1)
    return np.asarray(fade, np.float32)

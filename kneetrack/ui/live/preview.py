"""The camera's picture brought to the screen, mirrored or not, and the landmarks with it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np

from kneetrack.records import FloatArray
from kneetrack.skeleton import ANKLES, HIPS, KNEES, SHOULDERS
from kneetrack.ui.style import ImageU8

SHORTEST_SIDE_PX: Final = 720
_CLEAR: Final = 0.04
_LEGS: Final = np.array([HIPS, KNEES, ANKLES])


def screen_size(picture_size_px: tuple[int, int]) -> tuple[int, int]:
    """The screen size (width, height) for a camera picture: its shape, 720 pixels or more high.

    A smaller picture is enlarged until its short side has 720 pixels; a larger one stays.
    """
    width, height = picture_size_px
    if width < 1 or height < 1:
        raise ValueError(f"a picture of {width} x {height} pixels cannot be shown")
    factor = max(1.0, SHORTEST_SIDE_PX / min(width, height))
    return max(1, round(width * factor)), max(1, round(height * factor))


@dataclass(frozen=True, slots=True)
class Fit:
    """Where a picture of ``width`` x ``height`` pixels stands on the screen, whole and centred."""

    width: int
    left: int
    top: int
    right: int
    bottom: int

    @property
    def factor(self) -> float:
        """Pixels of the screen for one of the picture."""
        return (self.right - self.left) / self.width


def fit(picture_px: tuple[int, int], screen_px: tuple[int, int]) -> Fit:
    """The largest place of the picture's shape on the screen."""
    factor = min(screen_px[0] / picture_px[0], screen_px[1] / picture_px[1])
    width = min(screen_px[0], max(1, round(picture_px[0] * factor)))
    height = min(screen_px[1], max(1, round(picture_px[1] * factor)))
    left, top = (screen_px[0] - width) // 2, (screen_px[1] - height) // 2
    return Fit(picture_px[0], left, top, left + width, top + height)


def show(image: ImageU8, place: Fit, canvas: ImageU8, mirrored: bool) -> None:
    """Put the picture on the canvas, in place."""
    target = canvas[place.top : place.bottom, place.left : place.right]
    size = (place.right - place.left, place.bottom - place.top)
    if (image.shape[1], image.shape[0]) != size:
        image = np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_LINEAR), np.uint8)
    if mirrored:
        cv2.flip(image, 1, target)
    else:
        np.copyto(target, image)


def to_screen(xy_px: FloatArray, place: Fit, mirrored: bool) -> FloatArray:
    """Landmarks (K, 2) of the picture in pixels of the screen; still the person's own sides."""
    xy = np.array(xy_px, np.float64)
    if mirrored:
        xy[:, 0] = place.width - xy[:, 0]
    return xy * place.factor + (place.left, place.top)


def left_knee_at(xy_px: FloatArray | None, before: int) -> int:
    """-1 when the left leg is seen at the screen's left, +1 at its right.

    Stays as it was while the legs are behind each other, or not seen. xy_px: (K, 2) screen.
    """
    if xy_px is None:
        return before
    legs = xy_px[_LEGS]
    apart = legs[:, 0, 0] - legs[:, 1, 0]
    body = xy_px[[*SHOULDERS, *HIPS, *KNEES, *ANKLES]]
    seen = body[np.isfinite(body).all(axis=1)]
    if len(seen) < 2 or not np.isfinite(apart).any():
        return before
    size = float(np.hypot(*(seen.max(axis=0) - seen.min(axis=0))))
    mean = float(np.nanmean(apart))
    if abs(mean) < _CLEAR * size:
        return before
    return 1 if mean > 0 else -1

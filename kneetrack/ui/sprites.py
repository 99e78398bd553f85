"""Small pictures with transparency: built once, kept, laid over a frame quickly."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from kneetrack.ui.style import Colour, ImageU8


@dataclass(frozen=True, slots=True)
class Sprite:
    """A picture to lay over a frame.

    paint: (h, w, 3) colour times opacity; keep: (h, w, 3) how much of the frame stays, 0..255.
    """

    paint: ImageU8
    keep: ImageU8

    @property
    def size_px(self) -> tuple[int, int]:
        """(width, height)."""
        return self.paint.shape[1], self.paint.shape[0]


class Canvas:
    """Builds a sprite of ``width`` x ``height`` pixels out of masks, bottom to top."""

    def __init__(self, width: int, height: int) -> None:
        self._colour = np.zeros((max(1, height), max(1, width), 3), np.float32)
        self._opacity = np.zeros((max(1, height), max(1, width), 1), np.float32)

    def paint(
        self,
        mask: NDArray[np.uint8],
        left: int,
        top: int,
        colour: Colour,
        opacity: float = 1.0,
    ) -> None:
        """Lay ``colour`` where the mask (h, w) covers; what sticks out is cut off."""
        height, width = self._opacity.shape[:2]
        x0, y0 = max(0, left), max(0, top)
        x1, y1 = min(width, left + mask.shape[1]), min(height, top + mask.shape[0])
        if x0 >= x1 or y0 >= y1:
            return
        cover = mask[y0 - top : y1 - top, x0 - left : x1 - left, None] * np.float32(opacity / 255)
        self._colour[y0:y1, x0:x1] *= 1 - cover
        self._colour[y0:y1, x0:x1] += cover * np.asarray(colour, np.float32)
        self._opacity[y0:y1, x0:x1] *= 1 - cover
        self._opacity[y0:y1, x0:x1] += cover

    def lay(self, sprite: Sprite, left: int, top: int) -> None:
        """Lay a sprite; what sticks out is cut off."""
        height, width = self._opacity.shape[:2]
        x0, y0 = max(0, left), max(0, top)
        x1, y1 = min(width, left + sprite.size_px[0]), min(height, top + sprite.size_px[1])
        if x0 >= x1 or y0 >= y1:
            return
        part = (slice(y0 - top, y1 - top), slice(x0 - left, x1 - left))
        keep = sprite.keep[part][..., :1].astype(np.float32) / 255
        self._colour[y0:y1, x0:x1] *= keep
        self._colour[y0:y1, x0:x1] += sprite.paint[part]
        self._opacity[y0:y1, x0:x1] *= keep
        self._opacity[y0:y1, x0:x1] += 1 - keep

    def sprite(self) -> Sprite:
        """What was painted."""
        paint = np.rint(self._colour).astype(np.uint8)
        keep = np.rint(255 * (1 - self._opacity)).astype(np.uint8)
        return Sprite(paint, np.repeat(keep, 3, axis=2))


def lay(image: ImageU8, sprite: Sprite, left: int, top: int) -> None:
    """Lay a sprite over the picture (contiguous), in place; what sticks out is cut off."""
    width, height = sprite.size_px
    x0, y0 = max(0, left), max(0, top)
    x1, y1 = min(image.shape[1], left + width), min(image.shape[0], top + height)
    if x0 >= x1 or y0 >= y1:
        return
    part = (slice(y0 - top, y1 - top), slice(x0 - left, x1 - left))
    under = image[y0:y1, x0:x1]
    cv2.add(cv2.multiply(under, sprite.keep[part], scale=1 / 255), sprite.paint[part], under)


def rounded(width: int, height: int, radius: float) -> NDArray[np.uint8]:
    """Coverage (height, width) of a rectangle with round corners, filling its box."""
    radius = min(radius, width / 2, height / 2)
    x = np.abs(np.arange(width) + 0.5 - width / 2) - (width / 2 - radius)
    y = np.abs(np.arange(height) + 0.5 - height / 2) - (height / 2 - radius)
    outside = np.hypot(np.maximum(x, 0)[None, :], np.maximum(y, 0)[:, None])
    inside = np.minimum(np.maximum(x[None, :], y[:, None]), 0)
    return np.asarray(np.rint(255 * np.clip(radius + 0.5 - outside - inside, 0, 1)), dtype=np.uint8)

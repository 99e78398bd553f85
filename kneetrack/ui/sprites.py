"""Small pictures with transparency: built once, kept, laid over a frame quickly."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

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
        # Blue, green, red times opacity, and opacity 0..255: planes, because that is quicker.
        self._planes = np.zeros((4, max(1, height), max(1, width)), np.float32)

    def paint(
        self,
        mask: NDArray[np.uint8],
        left: int,
        top: int,
        colour: Colour,
        opacity: float = 1.0,
    ) -> None:
        """Lay ``colour`` where the mask (h, w) covers; what sticks out is cut off."""
        under, part = self._under(mask.shape[1], mask.shape[0], left, top)
        cover = mask[part] * np.float32(opacity / 255)
        under *= 1 - cover
        under += cover * np.array([*colour, 255], np.float32)[:, None, None]

    def lay(self, sprite: Sprite, left: int, top: int) -> None:
        """Lay a sprite; what sticks out is cut off."""
        under, part = self._under(*sprite.size_px, left, top)
        keep = sprite.keep[part][..., 0].astype(np.float32)
        under *= keep / 255
        under[:3] += sprite.paint[part].transpose(2, 0, 1)
        under[3] += 255 - keep

    def sprite(self) -> Sprite:
        """What was painted."""
        whole = np.rint(self._planes).astype(np.uint8)
        paint = cv2.merge([whole[0], whole[1], whole[2]])
        keep = cv2.merge([255 - whole[3]] * 3)
        return Sprite(np.asarray(paint, np.uint8), np.asarray(keep, np.uint8))

    def _under(
        self, width: int, height: int, left: int, top: int
    ) -> tuple[NDArray[np.float32], tuple[slice, slice]]:
        """The planes under a box, and the part of the box that is inside."""
        high, wide = self._planes.shape[1:]
        x0, y0 = min(max(0, left), wide), min(max(0, top), high)
        x1, y1 = max(x0, min(wide, left + width)), max(y0, min(high, top + height))
        part = (slice(y0 - top, y1 - top), slice(x0 - left, x1 - left))
        return self._planes[:, y0:y1, x0:x1], part


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


@lru_cache(maxsize=256)
def rounded(width: int, height: int, radius: float) -> NDArray[np.uint8]:
    """Coverage (height, width) of a rectangle with round corners, filling its box. Do not write."""
    radius = min(radius, width / 2, height / 2)
    x = np.abs(np.arange(width) + 0.5 - width / 2) - (width / 2 - radius)
    y = np.abs(np.arange(height) + 0.5 - height / 2) - (height / 2 - radius)
    corner = np.hypot(np.maximum(x, 0)[None, :], np.maximum(y, 0)[:, None])
    cover: NDArray[np.uint8] = np.rint(255 * np.clip(radius + 0.5 - corner, 0, 1)).astype(np.uint8)
    cover.setflags(write=False)
    return cover

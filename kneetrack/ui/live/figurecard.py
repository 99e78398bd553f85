"""A picture of an exercise on a light plate, beside the words."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Final

import cv2
import numpy as np

from kneetrack.ui.live.scale import Scale
from kneetrack.ui.sprites import Canvas, Sprite, rounded
from kneetrack.ui.style import Colour, ImageU8

LIGHT: Final[Colour] = (244, 246, 247)
_LARGEST: Final = 2.0
"""How much a small picture may be enlarged."""


@lru_cache(maxsize=16)
def figure_card(path: str, room_px: tuple[int, int], scale: Scale) -> Sprite | None:
    """The picture as large as fits ``room_px``, with a light rim; None when it cannot be read."""
    picture = _read(path)
    rim = scale.pad
    room = (room_px[0] - 2 * rim, room_px[1] - 2 * rim)
    if picture is None or min(room) < 8:
        return None
    high, wide = picture.shape[:2]
    factor = min(room[0] / wide, room[1] / high, _LARGEST)
    size = (max(1, round(factor * wide)), max(1, round(factor * high)))
    way = cv2.INTER_AREA if factor < 1 else cv2.INTER_CUBIC
    fitted = np.asarray(cv2.resize(picture, size, interpolation=way), np.uint8)
    canvas = Canvas(size[0] + 2 * rim, size[1] + 2 * rim)
    plate = rounded(size[0] + 2 * rim, size[1] + 2 * rim, scale.figure.corner)
    canvas.paint(plate, 0, 0, LIGHT)
    cover = rounded(*size, scale.figure.corner / 2)
    canvas.lay(_covered(fitted, cover), rim, rim)
    return canvas.sprite()


def _covered(picture: ImageU8, cover: ImageU8) -> Sprite:
    """A picture with round corners."""
    part = cover[:, :, None].astype(np.float32) / 255
    keep = np.repeat(255 - cover[:, :, None], 3, axis=2)
    return Sprite(np.rint(picture * part).astype(np.uint8), keep)


def _read(path: str) -> ImageU8 | None:
    """(H, W, 3) BGR on the light of the plate where it is transparent."""
    try:
        stored = np.frombuffer(Path(path).read_bytes(), np.uint8)
    except OSError:
        return None
    image = cv2.imdecode(stored, cv2.IMREAD_UNCHANGED) if len(stored) else None
    if image is None or image.dtype != np.uint8:
        return None
    if image.ndim == 2:
        image = cv2.cvtColor(image, cv2.COLOR_GRAY2BGR)
    if image.shape[2] == 4:
        part = image[:, :, 3:].astype(np.float32) / 255
        image = image[:, :, :3] * part + np.array(LIGHT, np.float32) * (1 - part)
    return np.asarray(np.rint(image), np.uint8)

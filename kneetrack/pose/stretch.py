"""The picture pulled wide before the model sees it: the model then reads knees more exactly.

The landmark network looks at a square of 256 by 256 about the person, which is sized by their
height. Pulled wide by 1.4, a standing person fills more of its width, and what matters in a front
view, how far apart hip, knee and ankle lie from side to side, is read with a finer grain. Measured
on clips with exact truth (docs/measuring.md). Somebody who lies is pulled along the body: that
halves the scatter of a bridge's hip angle, across the body it grows by half (docs/bridge.md).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from kneetrack.records import FloatArray
from kneetrack.skeleton import ANKLES, SHOULDERS

ACROSS: Final = 1.4
"""How much wider."""
_SURELY: Final = 1.3
"""How much longer than wide a body must be to count as upright, or the other way round as lying."""
_TALL_PX: Final = 600
"""Pictures at least so tall are pressed flat instead of pulled wide: the same, and cheaper."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """Relative width and height of the picture that the model is shown; 1, 1 = as it is."""

    x: float = 1.0
    y: float = 1.0

    @property
    def factors(self) -> NDArray[np.float32]:
        """(2,): x, y."""
        return np.array([self.x, self.y], np.float32)

    def apply(self, image: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """(H, W, 3) pulled so that width and height change by x / y; big pictures by pressing."""
        if self.x == self.y:
            return image
        height, width = image.shape[:2]
        ratio = self.x / self.y
        wide = ratio > 1
        press = (height if wide else width) >= _TALL_PX
        if wide:
            size = (width, round(height / ratio)) if press else (round(width * ratio), height)
        else:
            size = (round(width * ratio), height) if press else (width, round(height / ratio))
        return np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_LINEAR), np.uint8)


@dataclass(frozen=True, slots=True)
class Upright:
    """Which way the followed person lies in the picture, known from the frame before."""

    lying: bool = False
    known: bool = False

    @property
    def stretch(self) -> Stretch:
        """What suits a body that lies so; nothing while it is not known."""
        return Stretch(x=ACROSS) if self.known else Stretch()

    def after(self, xy_px: FloatArray) -> Upright:
        """As seen in (K, 2) landmarks; in between, as before."""
        long = np.abs(xy_px[list(SHOULDERS)].mean(axis=0) - xy_px[list(ANKLES)].mean(axis=0))
        if long[0] > _SURELY * long[1]:
            return Upright(lying=True, known=True)
        if long[1] > _SURELY * long[0] or not self.known:
            return Upright(lying=False, known=True)
        return self

"""The picture pulled wide before the model sees it: the model then reads knees more exactly.

The landmark network looks at a square of 256 by 256 about the person, which is sized by their
height. Pulled wide by 1.4, a standing person fills more of its width, and what matters in a front
view, how far apart hip, knee and ankle lie from side to side, is read with a finer grain. Somebody
who lies is read better, too. Measured on clips with exact truth: docs/measuring.md, docs/bridge.md.
"""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

WIDER: Final = 1.4
"""How much wider the picture becomes for its height."""
_TALL_PX: Final = 600
"""Pictures at least so tall are pressed flat instead of pulled wide: the same, and cheaper."""
_BODY_PX: Final = 280.0
"""A body is shown no taller than this: the network does not see more of it."""


def pulled_wide(image: NDArray[np.uint8], body_px: float = 0.0) -> NDArray[np.uint8]:
    """(H, W, 3) with a width :data:`WIDER` times larger for its height.

    body_px: how tall the person is in it, 0 if unknown; what is more than the network sees is
    thrown away. Places as shares of width and height stay what they were.
    """
    height, width = image.shape[:2]
    down = 1 / WIDER if height >= _TALL_PX else 1.0
    if body_px > 0:
        down = min(down, _BODY_PX / body_px)
    size = (max(1, round(width * down * WIDER)), max(1, round(height * down)))
    return np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_LINEAR), np.uint8)

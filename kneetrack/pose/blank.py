"""Paint over parts of a picture, so that the model looks at one person only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from kneetrack.pose.sight import Box
from kneetrack.records import Frame

_GREY = 128


def without(frame: Frame, boxes: Sequence[Box], keep: Box | None = None) -> Frame:
    """A copy of ``frame`` with ``boxes`` painted grey, save where they overlap ``keep``."""
    image = frame.image.copy()
    kept = None if keep is None else image[keep.slices(image)].copy()
    for box in boxes:
        image[box.slices(image)] = _GREY
    if keep is not None and kept is not None:
        image[keep.slices(image)] = kept
    return replace(frame, image=image)


def nothing_but(frame: Frame, box: Box) -> Frame:
    """A copy of ``frame`` that is grey outside ``box``."""
    image: NDArray[np.uint8] = np.full_like(frame.image, _GREY)
    inside = box.slices(image)
    image[inside] = frame.image[inside]
    return replace(frame, image=image)

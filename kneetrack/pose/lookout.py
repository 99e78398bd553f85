"""When to look for other people: at the start, on loss, and when something stirs."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from kneetrack.pose.sight import Box
from kneetrack.records import Frame

_GLANCE_EVERY_S = 0.2
_SHORTEST_GAP_S = 0.4
_MOST_IN_A_ROW = 3.0
_REFILL_S = 6.0
_STIRRED = 24
_PIXELS_ACROSS = 96
_BLOCK = 6
_BLOCK_STIRRED = 0.35
_AS_TALL_AS_A_PERSON = 0.15
CROWD_EVERY_S = 0.3
NEAR_EVERY_S = 0.1


class Lookout:
    """Tells when a look for other people is due.

    While the person followed seems to be alone, a look (a costly search of the whole picture)
    is due only when the picture has changed outside their box; three looks in a row that find
    nobody, and the next must wait, so that a hand-held camera does not set off one after another.
    """

    def __init__(self) -> None:
        self._glanced_s = -np.inf
        self._looked_s = -np.inf
        self._left = _MOST_IN_A_ROW
        self._before: NDArray[np.int16] | None = None
        self._box_before: Box | None = None

    def glances(self, frame: Frame) -> bool:
        """Whether :meth:`due` would look at this frame at all."""
        return frame.t_s - self._glanced_s >= _GLANCE_EVERY_S

    def due(self, frame: Frame, box: Box | None) -> bool:
        """Whether something stirred since the last look, other than in ``box`` then or now."""
        if not self.glances(frame):
            return False
        self._glanced_s = frame.t_s
        now = _glance(frame.image)
        before, waited_s = self._before, frame.t_s - self._looked_s
        left = min(self._left + waited_s / _REFILL_S, _MOST_IN_A_ROW)
        if before is None or before.shape != now.shape:
            self._before, self._box_before = now, box
            return False
        if waited_s < _SHORTEST_GAP_S or left < 1:
            return False
        stirred = np.abs(now - before) > _STIRRED
        for own in (box, self._box_before):
            if own is not None:
                stirred[_on_glance(own, frame, now.shape)] = False
        return _tall_enough(stirred)

    def due_in_crowd(self, frame: Frame, every_s: float) -> bool:
        """Whether ``every_s`` seconds have gone since the last look."""
        return frame.t_s - self._looked_s >= every_s - 1e-6

    def looked(self, frame: Frame, box: Box | None, *, found_others: bool) -> None:
        """Note a look, whether it was worth it, and the ``box`` of the person followed."""
        waited_s = frame.t_s - self._looked_s
        left = min(self._left + waited_s / _REFILL_S, _MOST_IN_A_ROW) - 1
        self._left = _MOST_IN_A_ROW if found_others else max(left, 0.0)
        self._looked_s = frame.t_s
        self._before, self._box_before = _glance(frame.image), box


def _glance(image: NDArray[np.uint8]) -> NDArray[np.int16]:
    """Every so-many-th pixel, green only: enough to see that something moved."""
    step = max(1, image.shape[1] // _PIXELS_ACROSS)
    return image[step // 2 :: step, step // 2 :: step, 1].astype(np.int16)


def _tall_enough(stirred: NDArray[np.bool_]) -> bool:
    """Whether what stirred could be a person: solid, and tall (a shadow is low, an edge thin)."""
    rows, columns = (n // _BLOCK for n in stirred.shape)
    blocks = stirred[: rows * _BLOCK, : columns * _BLOCK].reshape(rows, _BLOCK, columns, _BLOCK)
    solid = blocks.mean(axis=(1, 3)) > _BLOCK_STIRRED
    return bool(solid.sum(axis=0).max(initial=0) > _AS_TALL_AS_A_PERSON * rows)


def _on_glance(box: Box, frame: Frame, shape: tuple[int, ...]) -> tuple[slice, slice]:
    width, height = frame.size_px
    rows, columns = box.slices(frame.image)
    down, across = shape[0] / height, shape[1] / width
    return (
        slice(int(rows.start * down), int(rows.stop * down) + 1),
        slice(int(columns.start * across), int(columns.stop * across) + 1),
    )

"""How well a person can be seen: light, contrast, noise and sharpness of their box.

Two pictures a second are looked at, each for a millisecond or two.
"""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from kneetrack.records import Frame, PictureFacts, Pose

EVERY_S: Final = 0.5
_LONG_PX: Final = 200
"""The box is made so long first: about what the pose model sees of a person."""
_SMALLEST_PX: Final = 16
_STRIP_PX: Final = 8
_COARSE_PX: Final = 2.0
_EDGES_PERCENT: Final = 99
"""The steepest edges tell: a plain wall and plain clothes have few, and are no blur."""
_NOISE_KERNEL: Final = np.array([[1, -2, 1], [-2, 4, -2], [1, -2, 1]], np.float32)
"""Blind to edges and ramps, so that what it leaves is noise (Immerkaer 1996); its norm is 6."""
_MAD_TO_SD: Final = 0.6745


class Looks:
    """Looks at the followed person now and then: :meth:`look` at every frame, then ask facts."""

    def __init__(self, every_s: float = EVERY_S) -> None:
        self._every_s = every_s
        self._next_s = -np.inf
        self._seen: list[tuple[float, float, float, float]] = []

    def look(self, frame: Frame, pose: Pose) -> None:
        """Take a frame and the pose in it; most are passed over."""
        if not pose.seen or frame.t_s < self._next_s:
            return
        box = _box(frame, pose)
        if box is not None:
            self._next_s = frame.t_s + self._every_s
            grey = np.asarray(cv2.cvtColor(box, cv2.COLOR_BGR2GRAY), np.uint8)
            self._seen.append(_measured(grey))

    @property
    def facts(self) -> PictureFacts | None:
        """The medians so far, None while nobody was seen."""
        if not self._seen:
            return None
        brightness, contrast, noise, sharpness = np.median(np.array(self._seen), axis=0)
        return PictureFacts(
            pictures=len(self._seen),
            brightness=round(float(brightness), 1),
            contrast=round(float(contrast), 1),
            noise=round(float(noise), 2),
            sharpness=round(float(sharpness), 2),
        )


def _box(frame: Frame, pose: Pose) -> NDArray[np.uint8] | None:
    """The part of the picture with the person's landmarks, None when there is hardly any."""
    points = pose.xy_px[np.isfinite(pose.xy_px).all(axis=1)]
    low = np.clip(points.min(axis=0), 0, frame.size_px).astype(int)
    high = np.clip(points.max(axis=0), 0, frame.size_px).astype(int)
    if (high - low).min() < _SMALLEST_PX:
        return None
    return frame.image[low[1] : high[1], low[0] : high[0]]


def _measured(grey: NDArray[np.uint8]) -> tuple[float, float, float, float]:
    """Brightness, contrast, noise and sharpness (:class:`PictureFacts`) of a grey box."""
    dark, middle, light = np.percentile(grey[::4, ::4], (5, 50, 95))
    strip = grey[grey.shape[0] // 3 :][: max(_STRIP_PX, grey.shape[0] // 4)]
    left = cv2.filter2D(strip, cv2.CV_32F, _NOISE_KERNEL)[1:-1:2, 1:-1:2]
    noise = float(np.median(np.abs(left))) / 6 / _MAD_TO_SD
    scale = _LONG_PX / max(grey.shape)
    how = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    small = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=how)
    fine, coarse = _edges(small), _edges(cv2.GaussianBlur(small, (0, 0), _COARSE_PX))
    sharpness = float(np.min(fine / np.maximum(coarse, 0.5)))
    return float(middle), float(light - dark), noise, sharpness


def _edges(grey: cv2.typing.MatLike) -> NDArray[np.float64]:
    """(2,): slope of the steeper edges across and down, grey levels a pixel."""
    slopes = (cv2.Sobel(grey, cv2.CV_32F, dx, 1 - dx) / 8 for dx in (1, 0))
    return np.array([np.percentile(np.abs(slope), _EDGES_PERCENT) for slope in slopes])

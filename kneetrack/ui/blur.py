"""Makes the face unrecognisable in pictures that are kept; when in doubt, the whole picture.

What is left of a head is about three by three colours, blended into each other: no detail comes
back from that. Done after inference, on the picture that is written: a blurred face misleads the
pose model. Only people whose pose is given are blurred: no face detector comes with kneetrack.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import cv2
import numpy as np

from kneetrack.records import FloatArray, Pose
from kneetrack.ui.headregion import Disc, head_regions
from kneetrack.ui.style import ImageU8

_CELLS: Final = 4
"""Colours across a disc."""
_WHOLE_CELLS: Final = 8
"""Colours across the shorter side of a picture that is blurred as a whole."""
_EDGE: Final = 1.1
"""The blur fades out between the disc's radius and this many radii."""
_SAMPLES: Final = 12
"""Pixels across that make up a colour; more take time and change nothing."""
_HELD_S: Final = 0.1
"""A region stays blurred this long, so that one wrong frame shows nothing."""
_SETTLED_S: Final = 0.5
_LOST_AFTER_S: Final = 0.5
_GROWS_PER_S: Final = 10.0
"""Radii: a head moves at no more than some two metres a second."""


def blur_face(
    image_bgr: ImageU8, pose_xy_px: FloatArray, confidence: FloatArray, *, in_place: bool = False
) -> ImageU8:
    """The picture with the head of this pose blurred; all of it when there is no head to be told.

    image_bgr: (H, W, 3) uint8. pose_xy_px: (K, 2) pixels, confidence: (K,).
    """
    image = image_bgr if in_place else image_bgr.copy()
    discs = head_regions(pose_xy_px, confidence)
    if not discs:
        return blur_all(image)
    for disc in discs:
        _blur_disc(image, disc)
    return image


class FaceBlur:
    """Blurs the head in the pictures of one session, in order of time.

    The whole picture is blurred until a head has been told for half a second without a leap: a
    model that has just found somebody may have the head at the chest. From then on the head is;
    where face and shoulders are lost, the last known region, growing with time; half a second
    later, and after a leap, the whole picture again.
    """

    def __init__(self) -> None:
        self._recent: list[tuple[float, tuple[Disc, ...]]] = []
        self._since_s = 0.0

    def apply(
        self,
        image_bgr: ImageU8,
        pose: Pose,
        others: Sequence[Pose] = (),
        *,
        in_place: bool = False,
    ) -> ImageU8:
        """The picture (H, W, 3) uint8 with heads blurred: a copy, unless ``in_place``.

        pose: of this very picture. others: bystanders, when somebody knows of them.
        """
        image = image_bgr if in_place else image_bgr.copy()
        discs = self._discs(pose)
        if discs is None:
            return blur_all(image)
        for other in others:
            discs += head_regions(other.xy_px, other.confidence)
        for disc in _outermost(discs):
            _blur_disc(image, disc)
        return image

    def _discs(self, pose: Pose) -> tuple[Disc, ...] | None:
        """What to blur; None for everything."""
        now = head_regions(pose.xy_px, pose.confidence)
        if not self._follows(now, pose.t_s):
            self._recent = [(pose.t_s, now)] if now else []
            self._since_s = pose.t_s
            return None
        last_s, last = self._recent[-1]
        if last_s - self._since_s < _SETTLED_S:
            self._recent = [(pose.t_s, now)] if now else []
            return None
        if not now:
            return tuple(disc.grown(1 + _GROWS_PER_S * (pose.t_s - last_s)) for disc in last)
        held = [(t_s, discs) for t_s, discs in self._recent if pose.t_s - t_s <= _HELD_S]
        self._recent = [*held, (pose.t_s, now)]
        return now + tuple(disc for _, discs in held for disc in discs)

    def _follows(self, now: tuple[Disc, ...], t_s: float) -> bool:
        """Whether the regions can be those of a moment ago; none can be, for a while."""
        if not self._recent:
            return False
        last_s, last = self._recent[-1]
        passed_s = t_s - last_s
        if not 0 <= passed_s <= _LOST_AFTER_S:
            return False
        reach = 1 + _GROWS_PER_S * passed_s
        return all(any(disc.distance(old) < reach * old.radius for old in last) for disc in now)


def _outermost(discs: Sequence[Disc]) -> list[Disc]:
    """Without those that lie, but for a sliver, inside another one."""
    kept: list[Disc] = []
    for disc in discs:
        if not any(other.grown(_EDGE).holds(disc) for other in kept):
            kept.append(disc)
    return kept


def _blur_disc(image: ImageU8, disc: Disc) -> None:
    """Blur a disc of the picture, which is changed; outside 1.1 radii nothing changes."""
    height, width = image.shape[:2]
    reach = disc.radius * _EDGE
    left, top = max(0, int(disc.x - reach)), max(0, int(disc.y - reach))
    right, bottom = min(width, int(disc.x + reach) + 1), min(height, int(disc.y + reach) + 1)
    if left >= right or top >= bottom:
        return
    part = image[top:bottom, left:right]
    plain = coarse(part, 2 * reach / _CELLS)
    x = np.arange(left, right, dtype=np.float32) + np.float32(0.5 - disc.x)
    y = np.arange(top, bottom, dtype=np.float32) + np.float32(0.5 - disc.y)
    distance = np.sqrt(x * x + (y * y)[:, None])
    share = np.clip((reach - distance) / (reach - disc.radius), 0, 1)
    part[:] = cv2.blendLinear(plain, part, share, 1 - share)


def blur_all(image: ImageU8) -> ImageU8:
    """The picture, which is changed, with nothing left to be told in it."""
    image[:] = coarse(image, min(image.shape[:2]) / _WHOLE_CELLS)
    return image


def coarse(part: ImageU8, cell_px: float) -> ImageU8:
    """The part as if seen by an eye with one colour for every ``cell_px``."""
    height, width = part.shape[:2]
    size = max(1, round(width / cell_px)), max(1, round(height / cell_px))
    step = max(1, int(cell_px / _SAMPLES))
    some = np.ascontiguousarray(part[step // 2 :: step, step // 2 :: step])
    small = cv2.resize(some, size, interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.resize(small, (width, height), interpolation=cv2.INTER_LINEAR), np.uint8)

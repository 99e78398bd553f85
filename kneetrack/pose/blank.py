"""Paint over parts of a picture, so that the model looks at one person only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import cv2
import numpy as np
from numpy.typing import NDArray

from kneetrack.pose.sight import Box, Sighting
from kneetrack.records import Frame
from kneetrack.skeleton import EDGES, FACE, HIPS, SHOULDERS

_GREY = 128
_LIMB_M = 0.26
_HEAD_M = 0.22
_FAR_PX = 16_000


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


def without_people(frame: Frame, sightings: Sequence[Sighting]) -> Frame:
    """A copy of ``frame`` with the bodies of these people painted grey, and nothing beside them."""
    image = frame.image.copy()
    for sighting in sightings:
        _paint_body(image, sighting)
    return replace(frame, image=image)


def _paint_body(image: NDArray[np.uint8], sighting: Sighting) -> None:
    far = np.clip(np.rint(sighting.pose.xy_px), -_FAR_PX, _FAR_PX)
    points = far.astype(np.int32)
    grey = (_GREY, _GREY, _GREY)
    limb = max(1, round(_LIMB_M * sighting.scale_px))
    for a, b in EDGES:
        cv2.line(image, points[a].tolist(), points[b].tolist(), grey, limb)
    cv2.fillConvexPoly(image, points[[*SHOULDERS, *HIPS[::-1]]], grey)
    head = points[list(FACE)].mean(axis=0).astype(int)
    cv2.circle(image, head.tolist(), max(1, round(_HEAD_M * sighting.scale_px)), grey, -1)

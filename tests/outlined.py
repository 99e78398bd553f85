"""What a pose model makes of people seen from their feet: a good outline, poor knees."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
from numpy.typing import NDArray

from kneetrack import skeleton as sk
from kneetrack.records import FloatArray, PoseTrack

LOWER = np.arange(sk.HIPS[0], sk.N_LANDMARKS)


def outline_of(xy_px: FloatArray, size_px: tuple[int, int]) -> NDArray[np.bool_]:
    """(H, W), True in the legs and feet of (K, 2) landmarks seen from the foot end."""
    mask = np.zeros(size_px[::-1], np.uint8)
    for knee, ankle in zip(sk.KNEES, sk.ANKLES, strict=True):
        height = xy_px[ankle, 1] - xy_px[knee, 1]
        ends = [tuple(int(v) for v in xy_px[k].round()) for k in (knee, ankle)]
        cv2.line(mask, *ends, 1, round(2 * 0.12 * float(height)))
    low, high = xy_px[list(sk.ANKLES)].min(axis=0), xy_px[list(sk.ANKLES)].max(axis=0)
    cv2.rectangle(mask, (int(low[0]), int(low[1] - 40)), (int(high[0]), int(high[1])), 1, -1)
    return mask.astype(bool)


def astray(track: PoseTrack, frames: slice) -> PoseTrack:
    """As the model reads knees that touch: half-way down the shanks, left and right exchanged."""
    xy, confidence = track.xy_px.copy(), track.confidence.copy()
    half = (xy[frames][:, list(sk.KNEES)] + xy[frames][:, list(sk.ANKLES)]) / 2
    xy[frames, sk.KNEES[0]], xy[frames, sk.KNEES[1]] = half[:, 0], half[:, 1]
    order = np.arange(sk.N_LANDMARKS)
    order[LOWER] = sk.MIRROR[LOWER]
    xy[frames] = xy[frames][:, order]
    return replace(track, xy_px=xy, confidence=confidence)

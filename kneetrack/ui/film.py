"""A whole annotated clip: one size, one layout, and the pictures that the report shows."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np

from kneetrack.records import FloatArray, OverlayFrame
from kneetrack.ui.overlay import Annotator, annotated_size, fit
from kneetrack.ui.style import DEFAULT_STYLE, ImageU8, Style

LONGEST_PX = 1920
"""Larger pictures are reduced: 4K gains nothing for the eye and costs four times the work."""
STILL_HEIGHT_PX = 900


class Film:
    """Draws the frames of one clip in order.

    source_px: (width, height) of the upright frames. xy_px: (T, K, 2) landmarks of all frames,
    so that the plates find a place where they cover nothing and stay there.
    """

    def __init__(
        self, source_px: tuple[int, int], xy_px: FloatArray, style: Style = DEFAULT_STYLE
    ) -> None:
        self.size_px = annotated_size(source_px, LONGEST_PX)
        factors = np.array([self.size_px[0] / source_px[0], self.size_px[1] / source_px[1]])
        self._annotator = Annotator(self.size_px, xy_px * factors, style)

    def draw(self, image_bgr: ImageU8, overlay: OverlayFrame) -> ImageU8:
        """The picture in the film's size with everything drawn on it; may draw on the given one."""
        image, xy = fit(image_bgr, overlay.xy_px, self.size_px)
        ready = bool(image.flags.c_contiguous and image.flags.writeable)
        return self._annotator.draw(image, replace(overlay, xy_px=xy), in_place=ready)


def i420(image_bgr: ImageU8) -> ImageU8:
    """(H * 3 / 2, W) planes of a (H, W, 3) picture with even sides, as the encoder wants them."""
    return np.asarray(cv2.cvtColor(image_bgr, cv2.COLOR_BGR2YUV_I420), np.uint8)


def jpeg(image_bgr: ImageU8, quality: int = 85) -> bytes:
    """A picture for the report, at most 900 pixels high."""
    factor = min(1.0, STILL_HEIGHT_PX / image_bgr.shape[0])
    if factor < 1:
        small = cv2.resize(image_bgr, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
        image_bgr = np.asarray(small, np.uint8)
    done, data = cv2.imencode(".jpg", image_bgr, [cv2.IMWRITE_JPEG_QUALITY, quality])
    if not done:
        raise ValueError("the picture could not be encoded")
    return data.tobytes()

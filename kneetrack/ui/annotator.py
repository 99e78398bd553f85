"""Draws a whole clip: one size, one layout, and the pictures that the report shows."""

from __future__ import annotations

import cv2
import numpy as np

from kneetrack.records import FloatArray, OverlayFrame
from kneetrack.ui.layout import layout_for
from kneetrack.ui.overlay import annotated_size, draw, fit
from kneetrack.ui.style import DEFAULT_STYLE, ImageU8, Style, sizes

LONGEST_PX = 1920
"""Larger pictures are reduced: 4K gains nothing for the eye and costs four times the work."""


class Annotator:
    """Keeps the size and the layout of a clip's annotated video.

    source_px: (width, height) of the upright frames. xy_px: (T, K, 2) landmarks of all frames,
    so that the plates find a place where they cover nothing and stay there.
    """

    def __init__(
        self, source_px: tuple[int, int], xy_px: FloatArray, style: Style = DEFAULT_STYLE
    ) -> None:
        self.size_px = annotated_size(source_px, LONGEST_PX)
        self._style = style
        factors = np.array([self.size_px[0] / source_px[0], self.size_px[1] / source_px[1]])
        self._layout = layout_for(xy_px * factors, sizes(self.size_px, style))

    def draw(self, image_bgr: ImageU8, overlay: OverlayFrame) -> ImageU8:
        """The picture in the video's size with everything drawn on it; ``image_bgr`` is kept."""
        image, xy = fit(image_bgr, overlay.xy_px, self.size_px)
        moved = OverlayFrame(
            **{name: getattr(overlay, name) for name in OverlayFrame.__slots__} | {"xy_px": xy}
        )
        own = image is not image_bgr and image.base is None
        return draw(image, moved, self._style, self._layout, in_place=own)

    def planes(self, image_bgr: ImageU8) -> ImageU8:
        """(H * 3 / 2, W) I420 planes of a picture with even sides, what the encoder wants."""
        return np.asarray(cv2.cvtColor(image_bgr, cv2.COLOR_BGR2YUV_I420), np.uint8)

    def jpeg(self, image_bgr: ImageU8, quality: int = 85) -> bytes:
        """A picture for the report, at most 900 pixels high."""
        factor = min(1.0, 900 / image_bgr.shape[0])
        if factor < 1:
            image_bgr = np.asarray(
                cv2.resize(image_bgr, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA),
                np.uint8,
            )
        done, data = cv2.imencode(".jpg", image_bgr, [cv2.IMWRITE_JPEG_QUALITY, quality])
        if not done:
            raise ValueError("the picture could not be encoded")
        return data.tobytes()

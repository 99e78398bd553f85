"""One decoded picture -> upright BGR: colours, pixel shape, rotation, mirroring."""

from __future__ import annotations

import math
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

import av
import cv2
import numpy as np
from av.buffer import Buffer
from av.sidedata.sidedata import Type
from av.video.reformatter import Colorspace, VideoReformatter
from numpy.typing import NDArray

from kneetrack.records import SettingsError

Image = NDArray[np.uint8]

_PQ = 16
"""Transfer characteristic of HDR10 (SMPTE ST 2084)."""
_KNOWN_MATRICES = {0, 1, 2, 3, 4, 5, 6, 7, 9}
"""Colour matrices that can be converted; the others are rare, and read as BT.709."""
_BLANK_CELLS, _BLANK_RANGE = 24, 12
_ROTATE = {
    90: cv2.ROTATE_90_CLOCKWISE,
    180: cv2.ROTATE_180,
    270: cv2.ROTATE_90_COUNTERCLOCKWISE,
}


@dataclass(frozen=True, slots=True)
class Orientation:
    """How the stored picture is turned upright: clockwise by ``rotation_deg``, then mirrored.

    rotation_deg: 0, 90, 180 or 270. mirrored: left and right exchanged after turning.
    """

    rotation_deg: int = 0
    mirrored: bool = False

    @staticmethod
    def chosen(rotate_deg: int) -> Orientation:
        """The user's own rotation, clockwise. Raises SettingsError unless a quarter turn."""
        if rotate_deg % 90:
            raise SettingsError(f"cannot rotate by {rotate_deg} degrees: use 0, 90, 180 or 270")
        return Orientation(rotate_deg % 360)

    @staticmethod
    def of(frame: av.VideoFrame) -> Orientation:
        """What the container's display matrix says; a missing or odd one means upright.

        The matrix maps a stored point to the shown one: x' = a x + c y, y' = b x + d y (y down).
        """
        data = cast(Mapping[Type, Buffer], frame.side_data).get(Type.DISPLAYMATRIX)
        if data is None:
            return Orientation()
        a, b, _, c, d, *_ = struct.unpack("=9i", bytes(data))
        mirrored = a * d - b * c < 0
        angle_deg = math.degrees(math.atan2(b, -a if mirrored else a))
        return Orientation(round(angle_deg / 90) * 90 % 360, mirrored)

    def apply(self, image: Image) -> Image:
        """The upright picture, (H, W, 3) contiguous."""
        if self.rotation_deg:
            image = np.asarray(cv2.rotate(image, _ROTATE[self.rotation_deg]), np.uint8)
        if self.mirrored:
            image = np.asarray(cv2.flip(image, 1), np.uint8)
        return image


class Upright:
    """Turns decoded frames into upright (H, W, 3) uint8 BGR with square pixels, all of one size.

    The size is that of ``first``; frames of another size are scaled to it (``resized`` counts
    them). HDR10 is toned down to standard range; HLG is made to look right without.
    """

    def __init__(self, first: av.VideoFrame, pixel_aspect: float, orientation: Orientation) -> None:
        self.orientation = orientation
        self.stretched = 0.25 < pixel_aspect < 4 and abs(pixel_aspect - 1) > 0.005
        self.hdr = first.color_trc == _PQ
        self.resized = 0
        self._stored_px = (first.width, first.height)
        self._square_px = self._stored_px
        if self.stretched:
            self._square_px = _square(first.width, first.height, pixel_aspect)
        self._reformatter = VideoReformatter()
        self._tone = _pq_to_sdr() if self.hdr else None

    @property
    def size_px(self) -> tuple[int, int]:
        """(width, height) of every upright picture."""
        width, height = self._square_px
        return (height, width) if self.orientation.rotation_deg % 180 else (width, height)

    def __call__(self, frame: av.VideoFrame) -> Image:
        """The upright picture of ``frame``, (H, W, 3) uint8 BGR, contiguous, its own memory."""
        self.resized += (frame.width, frame.height) != self._stored_px
        width, height = self._square_px
        matrix = None if frame.colorspace in _KNOWN_MATRICES else Colorspace.ITU709
        converted = self._reformatter.reformat(
            frame,
            width=width,
            height=height,
            format="bgr24",
            src_colorspace=matrix,
            dst_colorspace=matrix,
            threads=1,
        )
        image = np.ascontiguousarray(converted.to_ndarray(), np.uint8)
        if self._tone is not None:
            image = np.asarray(cv2.LUT(image, self._tone), np.uint8)
        return self.orientation.apply(image)


def is_blank(image: Image) -> bool:
    """Whether a picture (H, W, 3) shows one colour only, dither and noise aside."""
    cells = cv2.resize(image, (_BLANK_CELLS, _BLANK_CELLS), interpolation=cv2.INTER_AREA)
    spread = np.ptp(cells.reshape(-1, 3).astype(np.int16), axis=0)
    return bool((spread <= _BLANK_RANGE).all())


def _square(width: int, height: int, pixel_aspect: float) -> tuple[int, int]:
    """The size in square pixels; the shorter side of the pixel is stretched, nothing is lost."""
    if pixel_aspect > 1:
        return round(width * pixel_aspect), height
    return width, round(height / pixel_aspect)


def _pq_to_sdr() -> Image:
    """Table (256,) from 8-bit PQ code to 8-bit gamma 2.2, white at 203 nits, soft to 1000."""
    m1, m2, c1, c2, c3 = 0.1593017578125, 78.84375, 0.8359375, 18.8515625, 18.6875
    root = (np.arange(256) / 255) ** (1 / m2)
    light = 10000 * (np.maximum(root - c1, 0) / (c2 - c3 * root)) ** (1 / m1) / 203
    peak = 1000 / 203
    toned = np.clip(light * (1 + light / peak**2) / (1 + light), 0, 1)
    return np.asarray(np.round(255 * toned ** (1 / 2.2)), np.uint8)

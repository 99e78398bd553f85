"""How pictures get worse: smaller, blurred, dark, compressed, tilted, with a person far away.

Every function takes a picture (H, W, 3) uint8 BGR and its index in the clip, and gives the same
picture for the same arguments.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from typing import Final

import av
import cv2
import numpy as np
from numpy.typing import NDArray

from kneetrack.records import Frame

Image = NDArray[np.uint8]
_READ_NOISE: Final = 2.0
"""Grey levels of noise where no light falls on the sensor."""
_SHOT_NOISE: Final = 0.25
"""Variance in grey levels that each grey level of light adds."""


def scaled(image: Image, index: int, *, height_px: int) -> Image:
    """The whole picture ``height_px`` tall; one that is not taller stays as it is."""
    height, width = image.shape[:2]
    if height <= height_px:
        return image
    size = (round(width * height_px / height), height_px)
    return np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA), np.uint8)


def blurred(image: Image, index: int, *, share: float) -> Image:
    """Out of focus: a Gaussian, its sigma a share of the picture's height."""
    return np.asarray(cv2.GaussianBlur(image, (0, 0), share * image.shape[0]), np.uint8)


def smeared(image: Image, index: int, *, share: float) -> Image:
    """Smeared from side to side over a share of the picture's height."""
    length = max(3, round(share * image.shape[0])) | 1
    kernel = np.full((1, length), 1 / length, np.float32)
    return np.asarray(cv2.filter2D(image, -1, kernel), np.uint8)


def darkened(image: Image, index: int, *, gain: float) -> Image:
    """A share of the light, with the noise of a sensor that is given no more."""
    light = image.astype(np.float32) * gain
    noise = np.random.default_rng(index).standard_normal(image.shape, np.float32)
    light += noise * np.sqrt(_READ_NOISE**2 + _SHOT_NOISE * light)
    return np.asarray(np.clip(np.rint(light), 0, 255), np.uint8)


def rolled(image: Image, index: int, *, deg: float) -> Image:
    """Turned about its centre so that upright things lean to the right; the border repeated."""
    height, width = image.shape[:2]
    turn = cv2.getRotationMatrix2D((width / 2 - 0.5, height / 2 - 0.5), -deg, 1.0)
    return np.asarray(
        cv2.warpAffine(image, turn, (width, height), borderMode=cv2.BORDER_REPLICATE), np.uint8
    )


def shrunk(image: Image, index: int, *, factor: float) -> Image:
    """As from further away: the picture smaller in the middle of itself, the border repeated."""
    height, width = image.shape[:2]
    small = cv2.resize(image, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
    top, left = (height - small.shape[0]) // 2, (width - small.shape[1]) // 2
    below, right = height - small.shape[0] - top, width - small.shape[1] - left
    return np.asarray(
        cv2.copyMakeBorder(small, top, below, left, right, cv2.BORDER_REPLICATE), np.uint8
    )


def compressed(frames: Iterator[Frame], *, crf: int) -> Iterator[Frame]:
    """Through an H.264 encoder at a high CRF and back."""
    encoder = decoder = None
    for frame in frames:
        height, width = (side - side % 2 for side in frame.image.shape[:2])
        if encoder is None:
            encoder, decoder = _encoder(width, height, crf), av.CodecContext.create("h264", "r")
        even = np.ascontiguousarray(frame.image[:height, :width])
        packets = encoder.encode(av.VideoFrame.from_ndarray(even, format="bgr24"))
        assert decoder is not None
        pictures = [picture for packet in packets for picture in decoder.decode(packet)]
        image = pictures[-1].to_ndarray(format="bgr24") if pictures else even
        yield replace(frame, image=np.asarray(image, np.uint8))


def _encoder(width: int, height: int, crf: int) -> av.VideoCodecContext:
    """One picture in, one out; a single thread, so that each run gives the same."""
    encoder = av.CodecContext.create("libx264", "w")
    assert isinstance(encoder, av.VideoCodecContext)
    encoder.width, encoder.height, encoder.pix_fmt = width, height, "yuv420p"
    encoder.framerate, encoder.thread_count = Fraction(30), 1
    encoder.options = {"crf": str(crf), "preset": "veryfast", "tune": "zerolatency"}
    return encoder

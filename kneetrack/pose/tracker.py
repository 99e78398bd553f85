"""One landmarker that follows one person, in the pictures or in mirrored ones."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from kneetrack.pose.pairing import unmirrored
from kneetrack.pose.silhouette import with_centred_knees
from kneetrack.pose.stretch import WIDER, pulled_wide
from kneetrack.records import Frame, Pose

_BLANK = np.zeros((64, 64, 3), np.uint8)
Detect = Callable[[NDArray[np.uint8], int], Any]
"""Puts the model on an RGB picture at a time in milliseconds; gives a MediaPipe result."""


class ModelClock:
    """Frames' times as the model wants them: strictly increasing whole milliseconds.

    A frame less than one after the one before (or at the same time, or going back, as in the next
    clip) counts as 1 ms after it, and the clock stays that much ahead.
    """

    def __init__(self) -> None:
        self._last_ms = 0  # the model's own filter goes astray on a first time of exactly 0
        self._shift_ms = 1

    def at(self, t_s: float) -> int:
        """The time of the next frame."""
        time_ms = round(t_s * 1000) + self._shift_ms
        if time_ms <= self._last_ms:
            self._shift_ms += self._last_ms + 1 - time_ms
            time_ms = self._last_ms + 1
        self._last_ms = time_ms
        return time_ms

    def between(self) -> int:
        """The time of a picture that is none of the frames."""
        self._last_ms += 1
        self._shift_ms += 1
        return self._last_ms


class Tracker:
    """Follows one person with one landmarker in VIDEO mode, in the pictures or in mirrored ones."""

    def __init__(self, detect: Detect, *, mirrored: bool) -> None:
        self._detect = detect
        self._mirrored = mirrored
        self._clock = ModelClock()
        self._body_px = 0.0
        self.following = False
        self.tried_s = -np.inf

    def track(self, frame: Frame) -> Pose:
        """The person, or :meth:`Pose.unseen`.

        Who is found anew is read again at once, in the wide picture: searching works best in a
        picture as it is.
        """
        self.tried_s = frame.t_s
        fresh = not self.following
        pose = self._read(frame, wide=not fresh)
        return self._read(frame, wide=True) if fresh and pose.seen else pose

    def reset(self) -> None:
        """Forget the person: with a blank picture; the model's clock is shifted by what it takes.

        The model's own smoothing of confidence and world landmarks cannot be reset: when the next
        person is another, those take about ten frames to settle.
        """
        while self.following:
            self.following = bool(self._detect(_BLANK, self._clock.between()).pose_landmarks)

    def _read(self, frame: Frame, *, wide: bool) -> Pose:
        time_ms = self._clock.at(frame.t_s)
        image = pulled_wide(frame.image, self._body_px) if wide else frame.image
        shown = np.asarray(cv2.flip(image, 1), np.uint8) if self._mirrored else image
        found = self._detect(rgb(shown), time_ms)
        self.following = bool(found.pose_landmarks)
        if not self.following:
            return Pose.unseen(frame.t_s)
        pose = found_pose(found, 0, frame, wide=wide)
        self._body_px = float(np.ptp(pose.xy_px, axis=0).max())
        if found.segmentation_masks:
            mask = found.segmentation_masks[0].numpy_view()
            pose = with_centred_knees(pose, mask.reshape(mask.shape[:2]), frame.size_px)
        return unmirrored(pose, frame.size_px[0]) if self._mirrored else pose


def rgb(image: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The same picture with its colours in the order that the model wants."""
    return np.asarray(cv2.cvtColor(image, cv2.COLOR_BGR2RGB), np.uint8)


def found_pose(found: Any, person: int, frame: Frame, *, wide: bool = False) -> Pose:
    """One person of a MediaPipe result in pixels of ``frame`` and metres.

    Landmarks come as shares of the picture, the same in one that was pulled ``wide``; metres are
    not, and are brought back.
    """
    width, height = frame.size_px
    picture = np.array(
        [(p.x, p.y, p.visibility, p.presence) for p in found.pose_landmarks[person]], np.float64
    )
    world = np.array([(p.x, p.y, p.z) for p in found.pose_world_landmarks[person]], np.float32)
    if wide:
        world[:, 0] /= WIDER
    return Pose(
        xy_px=(picture[:, :2] * (width, height)).astype(np.float32),
        xyz_m=world,
        confidence=picture[:, 2:].min(axis=1).clip(0.0, 1.0).astype(np.float32),
        t_s=frame.t_s,
    )

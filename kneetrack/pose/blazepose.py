"""BlazePose through MediaPipe's Tasks API: the only file that imports mediapipe."""

from __future__ import annotations

import contextlib
import hashlib
import weakref
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import cv2
import numpy as np
from mediapipe import Image, ImageFormat
from mediapipe import __version__ as mediapipe_version
from mediapipe.tasks.python import BaseOptions
from mediapipe.tasks.python.vision import (
    PoseLandmarker,
    PoseLandmarkerOptions,
    RunningMode,
)
from numpy.typing import NDArray

from kneetrack.pose.bundle import read_bundle
from kneetrack.pose.quiet import quiet_native_stderr
from kneetrack.records import Frame, ModelError, Pose

__all__ = ["BlazePose", "Outlined", "mediapipe_version"]

_BLANK = np.zeros((64, 64, 3), np.uint8)

Outlined = tuple[NDArray[np.bool_] | None, Pose]
"""A person's outline (H, W), True inside, and the pose that was seen with it."""
_OUTLINE_CONFIDENCE = 0.05
"""The model that outlines holds on to a person down to here."""


class BlazePose:
    """One loaded pose model: follows one person (:meth:`track`), finds all (:meth:`find_people`).

    Use it in a ``with`` block. Not for use from two threads at once; two instances are fine.

    ``min_confidence`` (0..1) is what the model must reach to report a person at all.
    Errors: :class:`ModelError` when ``model_path`` is not a whole pose_landmarker bundle.
    """

    def __init__(self, model_path: Path | str, *, min_confidence: float = 0.5) -> None:
        self._path = Path(model_path)
        self._bundle = read_bundle(self._path)
        self._min_confidence = min_confidence
        self._stack = contextlib.ExitStack()
        self._finder: Any = None
        self._finder_people = 0
        self._outliner: Any = None
        self._outlined_ms = 0
        self._last_ms = 0  # the model's own filter goes astray on a first time of exactly 0
        self._shift_ms = 1
        self._following = False
        self._loud: set[int] = set()
        self._finalizer = weakref.finalize(self, self._stack.close)
        self._tracker: Any = self._make(RunningMode.VIDEO, 1)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Free the networks. Calling it twice does no harm."""
        self._finalizer()

    @property
    def model_sha256(self) -> str:
        """The sha256 of the bundle in use, in hexadecimal."""
        return hashlib.sha256(self._bundle).hexdigest()

    def track(self, frame: Frame) -> Pose:
        """The person being followed, or :meth:`Pose.unseen`.

        The model wants strictly increasing whole milliseconds: a frame less than one after the
        one before (or at the same time, or going back) counts as 1 ms after it, and the model's
        clock stays that much ahead.
        """
        time_ms = round(frame.t_s * 1000) + self._shift_ms
        if time_ms <= self._last_ms:
            self._shift_ms += self._last_ms + 1 - time_ms
            time_ms = self._last_ms + 1
        found = self._detect(_rgb(frame.image), time_ms)
        self._following = bool(found.pose_landmarks)
        if not self._following:
            return Pose.unseen(frame.t_s)
        return _pose(found, 0, frame)

    def reset(self) -> None:
        """Forget the person followed: landmarks in the picture are as if the next frame were first.

        Done with a blank picture; the clock that the model sees is shifted by what that takes.
        The model's own smoothing of confidence and world landmarks cannot be reset: when the next
        person is another, those take about ten frames to settle.
        """
        while self._following:
            self._following = bool(self._detect(_BLANK, self._last_ms + 1).pose_landmarks)
            self._shift_ms += 1

    def find_people(self, frame: Frame, max_people: int) -> list[Pose]:
        """Everybody in this one frame, without memory; costs about 2.5 :meth:`track` for two."""
        if self._finder is None or max_people > self._finder_people:
            self._finder = self._make(RunningMode.IMAGE, max_people)
            self._finder_people = max_people
        with self._first_words(self._finder):
            found = self._finder.detect(Image(ImageFormat.SRGB, _rgb(frame.image)))
        return [_pose(found, i, frame) for i in range(len(found.pose_landmarks))][:max_people]

    def outline(self, frame: Frame) -> Outlined:
        """One person's outline, (H, W) True inside, and their pose; None when nobody is seen.

        Has a model of its own, which holds on to people that :meth:`track` would give up: where
        landmarks are doubtful, as of people seen from their feet, the outline is often good.
        Frames in order of time, their times strictly increasing.
        """
        if self._outliner is None:
            self._outliner = self._make(RunningMode.VIDEO, 1, outlines=True)
        rgb, time_ms = _rgb(frame.image), max(self._outlined_ms + 1, round(frame.t_s * 1000) + 1)
        self._outlined_ms = time_ms
        with self._first_words(self._outliner):
            found = self._outliner.detect_for_video(Image(ImageFormat.SRGB, rgb), time_ms)
        if not found.pose_landmarks or not found.segmentation_masks:
            return None, Pose.unseen(frame.t_s)
        mask = found.segmentation_masks[0].numpy_view().reshape(frame.image.shape[:2])
        return np.asarray(mask > 0.5), _pose(found, 0, frame)

    def _detect(self, rgb: NDArray[np.uint8], time_ms: int) -> Any:
        self._last_ms = time_ms
        with self._first_words(self._tracker):
            return self._tracker.detect_for_video(Image(ImageFormat.SRGB, rgb), time_ms)

    def _first_words(self, landmarker: Any) -> contextlib.AbstractContextManager[None]:
        """Networks are set up in threads that still talk when the first picture comes."""
        if id(landmarker) in self._loud:
            self._loud.discard(id(landmarker))
            return quiet_native_stderr()
        return contextlib.nullcontext()

    def _make(self, mode: RunningMode, people: int, *, outlines: bool = False) -> Any:
        keep = min(self._min_confidence, _OUTLINE_CONFIDENCE) if outlines else self._min_confidence
        options = PoseLandmarkerOptions(
            base_options=BaseOptions(
                model_asset_buffer=self._bundle, delegate=BaseOptions.Delegate.CPU
            ),
            running_mode=mode,
            num_poses=people,
            min_pose_detection_confidence=self._min_confidence,
            min_pose_presence_confidence=keep,
            min_tracking_confidence=keep,
            output_segmentation_masks=outlines,
        )
        try:
            with quiet_native_stderr():
                landmarker = PoseLandmarker.create_from_options(options)
        except (RuntimeError, ValueError, OSError) as error:
            why = " ".join(str(error).split())[:200]
            raise ModelError(f"MediaPipe cannot use the pose model {self._path}: {why}") from None
        self._stack.callback(_close, landmarker)
        self._loud.add(id(landmarker))
        return landmarker


def _close(landmarker: Any) -> None:
    """Free a landmarker. At exit its thread has gone already: then the system frees it."""
    try:
        landmarker.close()
    except RuntimeError:
        landmarker._handle = None  # or its destructor tries again, and prints a traceback


def _rgb(image: NDArray[np.uint8]) -> NDArray[np.uint8]:
    return np.asarray(cv2.cvtColor(image, cv2.COLOR_BGR2RGB), np.uint8)


def _pose(found: Any, person: int, frame: Frame) -> Pose:
    """One person of a MediaPipe result in pixels of ``frame`` and metres."""
    width, height = frame.size_px
    picture = np.array(
        [(p.x, p.y, p.visibility, p.presence) for p in found.pose_landmarks[person]], np.float64
    )
    world = np.array([(p.x, p.y, p.z) for p in found.pose_world_landmarks[person]], np.float32)
    return Pose(
        xy_px=(picture[:, :2] * (width, height)).astype(np.float32),
        xyz_m=world,
        confidence=picture[:, 2:].min(axis=1).clip(0.0, 1.0).astype(np.float32),
        t_s=frame.t_s,
    )

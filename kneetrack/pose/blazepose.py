"""BlazePose through MediaPipe's Tasks API: the only file that imports mediapipe."""

from __future__ import annotations

import contextlib
import hashlib
import weakref
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import TracebackType
from typing import Any, Self

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
from kneetrack.pose.tracker import Detect, ModelClock, Tracker, found_pose, rgb
from kneetrack.pose.turns import Turns
from kneetrack.records import Frame, ModelError, Pose

__all__ = ["BlazePose", "mediapipe_version"]

Outlined = tuple[NDArray[np.bool_] | None, Pose]
_OUTLINE_CONFIDENCE = 0.05
"""The model that outlines holds on to a person down to here."""


class BlazePose:
    """One loaded pose model: follows one person (:meth:`track`), finds all (:meth:`find_people`).

    Use it in a ``with`` block. Not for use from two threads at once; two instances are fine.

    Pictures are read in turn as they are and mirrored; with ``thorough`` each in both ways, which
    costs twice the time. With ``ahead`` the next pictures are begun while the present one is being
    read (:meth:`expect`), on a second core; the landmarks are the same. ``min_confidence`` (0..1)
    is what the model must reach to report a person at all. Errors: :class:`ModelError` when
    ``model_path`` is not a whole pose_landmarker bundle.
    """

    def __init__(
        self,
        model_path: Path | str,
        *,
        min_confidence: float = 0.5,
        thorough: bool = False,
        ahead: bool = False,
    ) -> None:
        self._path = Path(model_path)
        self._bundle = read_bundle(self._path)
        self._min_confidence = min_confidence
        self._stack = contextlib.ExitStack()
        self._finder: Any = None
        self._finder_people = 0
        self._outliner: Any = None
        self._outline_clock = ModelClock()
        self._loud: set[int] = set()
        self._finalizer = weakref.finalize(self, self._stack.close)
        plain, mirrored = (
            Tracker(self._video_detector(outlines=mirrored), mirrored=mirrored)
            for mirrored in (False, True)
        )
        threads = (ThreadPoolExecutor(1), ThreadPoolExecutor(1)) if ahead else None
        self._turns = Turns((plain, mirrored), thorough=thorough, threads=threads)
        for thread in threads or ():
            self._stack.callback(thread.shutdown)

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

    def expect(self, frame: Frame, after: Sequence[Frame]) -> None:
        """The picture that :meth:`track` will be given next, and those that likely follow it.

        With ``ahead``, those are begun in threads of their own; without, this does nothing.
        """
        self._turns.expect(frame, after)

    def track(self, frame: Frame) -> Pose:
        """The person being followed, or :meth:`Pose.unseen`. Times may be any.

        With ``ahead`` it may raise GuessedWrong: the clip is then to be read again, without.
        """
        return self._turns.track(frame)

    def reset(self) -> None:
        """Forget the person followed: the next frame's landmarks are as if it were the first."""
        self._turns.reset()

    def find_people(self, frame: Frame, max_people: int) -> list[Pose]:
        """Everybody in this one frame, without memory; costs about 2.5 :meth:`track` for two."""
        if self._finder is None or max_people > self._finder_people:
            self._finder = self._make(RunningMode.IMAGE, max_people)
            self._finder_people = max_people
        with self._first_words(self._finder):
            found = self._finder.detect(Image(ImageFormat.SRGB, rgb(frame.image)))
        self._heard(self._finder, found)
        return [found_pose(found, i, frame) for i in range(len(found.pose_landmarks))][:max_people]

    def outline(self, frame: Frame) -> Outlined:
        """One person's outline, (H, W) True inside, and their pose; None when nobody is seen.

        Has a model of its own, which holds on to people that :meth:`track` would give up: where
        landmarks are doubtful, as of people seen from their feet, the outline is often good.
        Frames in order of time; the next clip may begin anew.
        """
        if self._outliner is None:
            self._outliner = self._make(
                RunningMode.VIDEO, 1, outlines=True, keep=_OUTLINE_CONFIDENCE
            )
        picture, time_ms = rgb(frame.image), self._outline_clock.at(frame.t_s)
        with self._first_words(self._outliner):
            found = self._outliner.detect_for_video(Image(ImageFormat.SRGB, picture), time_ms)
        self._heard(self._outliner, found)
        if not found.pose_landmarks or not found.segmentation_masks:
            return None, Pose.unseen(frame.t_s)
        mask = found.segmentation_masks[0].numpy_view().reshape(frame.image.shape[:2])
        return np.asarray(mask > 0.5), found_pose(found, 0, frame)

    def _video_detector(self, *, outlines: bool) -> Detect:
        landmarker = self._make(RunningMode.VIDEO, 1, outlines=outlines)

        def detect(picture: NDArray[np.uint8], time_ms: int) -> Any:
            with self._first_words(landmarker):
                found = landmarker.detect_for_video(Image(ImageFormat.SRGB, picture), time_ms)
            self._heard(landmarker, found)
            return found

        return detect

    def _first_words(self, landmarker: Any) -> contextlib.AbstractContextManager[None]:
        """Networks talk while they are set up, up to the first person they are put on."""
        return quiet_native_stderr() if id(landmarker) in self._loud else contextlib.nullcontext()

    def _heard(self, landmarker: Any, found: Any) -> None:
        if found.pose_landmarks:
            self._loud.discard(id(landmarker))

    def _make(
        self,
        mode: RunningMode,
        people: int,
        *,
        outlines: bool = False,
        keep: float | None = None,
    ) -> Any:
        keep = self._min_confidence if keep is None else min(self._min_confidence, keep)
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
        with quiet_native_stderr():
            landmarker.close()
    except RuntimeError:
        landmarker._handle = None  # or its destructor tries again, and prints a traceback

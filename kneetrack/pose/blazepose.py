"""BlazePose through MediaPipe's Tasks API: the only file that imports mediapipe."""

from __future__ import annotations

import contextlib
import hashlib
import weakref
from collections.abc import Callable
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
from kneetrack.pose.pairing import hopped, joined, steadied, unmirrored
from kneetrack.pose.quiet import quiet_native_stderr
from kneetrack.pose.silhouette import with_centred_knees
from kneetrack.pose.stretch import WIDER, pulled_wide
from kneetrack.records import Frame, ModelError, Pose

__all__ = ["BlazePose", "mediapipe_version"]

_BLANK = np.zeros((64, 64, 3), np.uint8)
_TURNS_UP_TO_S = 1 / 19
"""Pictures that come at least so often are read in turn, as they are and mirrored; rarer ones in
both ways each, since there a person moves too far from one picture of a kind to the next."""
_TRY_AGAIN_S = 0.3
"""One kind of picture in which the person is not found is tried again so often."""

Outlined = tuple[NDArray[np.bool_] | None, Pose]
_OUTLINE_CONFIDENCE = 0.05
"""The model that outlines holds on to a person down to here."""

Detect = Callable[[NDArray[np.uint8], int], Any]


class _Tracker:
    """Follows one person with one landmarker in VIDEO mode, in the pictures or in mirrored ones."""

    def __init__(self, detect: Detect, *, mirrored: bool) -> None:
        self._detect = detect
        self._mirrored = mirrored
        self._last_ms = 0  # the model's own filter goes astray on a first time of exactly 0
        self._shift_ms = 1
        self._body_px = 0.0
        self.following = False
        self.tried_s = -np.inf

    def track(self, frame: Frame) -> Pose:
        """The person, or :meth:`Pose.unseen`.

        The model wants strictly increasing whole milliseconds: a frame less than one after the
        one before (or at the same time, or going back) counts as 1 ms after it, and the model's
        clock stays that much ahead. Who is found anew is read again at once, in the wide
        picture: searching works best in a picture as it is.
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
            self._last_ms += 1
            self.following = bool(self._detect(_BLANK, self._last_ms).pose_landmarks)
            self._shift_ms += 1

    def _read(self, frame: Frame, *, wide: bool) -> Pose:
        time_ms = round(frame.t_s * 1000) + self._shift_ms
        if time_ms <= self._last_ms:
            self._shift_ms += self._last_ms + 1 - time_ms
            time_ms = self._last_ms + 1
        self._last_ms = time_ms
        image = pulled_wide(frame.image, self._body_px) if wide else frame.image
        shown = np.asarray(cv2.flip(image, 1), np.uint8) if self._mirrored else image
        found = self._detect(_rgb(shown), time_ms)
        self.following = bool(found.pose_landmarks)
        if not self.following:
            return Pose.unseen(frame.t_s)
        pose = _pose(found, 0, frame, wide=wide)
        self._body_px = float(np.ptp(pose.xy_px, axis=0).max())
        if found.segmentation_masks:
            mask = found.segmentation_masks[0].numpy_view()
            pose = with_centred_knees(pose, mask.reshape(mask.shape[:2]), frame.size_px)
        return unmirrored(pose, frame.size_px[0]) if self._mirrored else pose


class BlazePose:
    """One loaded pose model: follows one person (:meth:`track`), finds all (:meth:`find_people`).

    Use it in a ``with`` block. Not for use from two threads at once; two instances are fine.

    Pictures are read in turn as they are and mirrored; with ``thorough`` each in both ways, which
    costs twice the time. ``min_confidence`` (0..1) is what the model must reach to report a person
    at all. Errors: :class:`ModelError` when ``model_path`` is not a whole pose_landmarker bundle.
    """

    def __init__(
        self, model_path: Path | str, *, min_confidence: float = 0.5, thorough: bool = False
    ) -> None:
        self._path = Path(model_path)
        self._bundle = read_bundle(self._path)
        self._min_confidence = min_confidence
        self._thorough = thorough
        self._stack = contextlib.ExitStack()
        self._finder: Any = None
        self._finder_people = 0
        self._outliner: Any = None
        self._outlined_ms = 0
        self._loud: set[int] = set()
        self._finalizer = weakref.finalize(self, self._stack.close)
        self._trackers = tuple(
            _Tracker(self._video_detector(outlines=mirrored), mirrored=mirrored)
            for mirrored in (False, True)
        )
        self._turn = 0
        self._last: Pose | None = None

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
        """The person being followed, or :meth:`Pose.unseen`. Times may be any."""
        before, pose = self._last, self._read(frame)
        self._last = pose if pose.seen else None
        return steadied(pose, before)

    def _read(self, frame: Frame) -> Pose:
        """In turn the picture and its mirror image; both where one alone will not do."""
        last, plain = self._last, self._trackers[0]
        if last is None and not plain.following:
            first = plain.track(frame)
            return joined(first, self._trackers[1].track(frame), None) if first.seen else first
        self._turn = 1 - self._turn
        mine, other = self._trackers[self._turn], self._trackers[1 - self._turn]
        rare = last is not None and not frame.t_s - last.t_s <= _TURNS_UP_TO_S
        if self._thorough or rare:
            return joined(self._trackers[0].track(frame), self._trackers[1].track(frame), last)
        if not mine.following and frame.t_s - mine.tried_s < _TRY_AGAIN_S:
            mine, other = other, mine
        pose = mine.track(frame)
        if pose.seen and not hopped(last, pose):
            return pose
        return joined(pose, other.track(frame), last)

    def reset(self) -> None:
        """Forget the person followed: the next frame's landmarks are as if it were the first."""
        for tracker in self._trackers:
            tracker.reset()
        self._turn = 0
        self._last = None

    def find_people(self, frame: Frame, max_people: int) -> list[Pose]:
        """Everybody in this one frame, without memory; costs about 2.5 :meth:`track` for two."""
        if self._finder is None or max_people > self._finder_people:
            self._finder = self._make(RunningMode.IMAGE, max_people)
            self._finder_people = max_people
        with self._first_words(self._finder):
            found = self._finder.detect(Image(ImageFormat.SRGB, _rgb(frame.image)))
        self._heard(self._finder, found)
        return [_pose(found, i, frame) for i in range(len(found.pose_landmarks))][:max_people]

    def outline(self, frame: Frame) -> Outlined:
        """One person's outline, (H, W) True inside, and their pose; None when nobody is seen.

        Has a model of its own, which holds on to people that :meth:`track` would give up: where
        landmarks are doubtful, as of people seen from their feet, the outline is often good.
        Frames in order of time, their times strictly increasing.
        """
        if self._outliner is None:
            self._outliner = self._make(
                RunningMode.VIDEO, 1, outlines=True, keep=_OUTLINE_CONFIDENCE
            )
        rgb, time_ms = _rgb(frame.image), max(self._outlined_ms + 1, round(frame.t_s * 1000) + 1)
        self._outlined_ms = time_ms
        with self._first_words(self._outliner):
            found = self._outliner.detect_for_video(Image(ImageFormat.SRGB, rgb), time_ms)
        self._heard(self._outliner, found)
        if not found.pose_landmarks or not found.segmentation_masks:
            return None, Pose.unseen(frame.t_s)
        mask = found.segmentation_masks[0].numpy_view().reshape(frame.image.shape[:2])
        return np.asarray(mask > 0.5), _pose(found, 0, frame)

    def _video_detector(self, *, outlines: bool) -> Detect:
        landmarker = self._make(RunningMode.VIDEO, 1, outlines=outlines)

        def detect(rgb: NDArray[np.uint8], time_ms: int) -> Any:
            with self._first_words(landmarker):
                found = landmarker.detect_for_video(Image(ImageFormat.SRGB, rgb), time_ms)
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


def _rgb(image: NDArray[np.uint8]) -> NDArray[np.uint8]:
    return np.asarray(cv2.cvtColor(image, cv2.COLOR_BGR2RGB), np.uint8)


def _pose(found: Any, person: int, frame: Frame, *, wide: bool = False) -> Pose:
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

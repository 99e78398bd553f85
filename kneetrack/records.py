"""What crosses the borders between rooms, and the error tree.

Every record is checked once, when it is made. NaN means "not seen"; it never becomes zero.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from kneetrack.skeleton import N_LANDMARKS

FloatArray = NDArray[np.floating]
Status = Literal["ok", "watch", "flag", "cannot_tell"]
SideName = Literal["left", "right", "both"]


class KneetrackError(Exception):
    """Something the user can act on: one line, no traceback. ``exit_code`` is the command's."""

    exit_code = 1


class SettingsError(KneetrackError):
    """An unknown or impossible setting."""

    exit_code = 2


class SourceError(KneetrackError):
    """The clip or camera is missing, unreadable or empty."""

    exit_code = 3


class ModelError(KneetrackError):
    """The pose model is missing, truncated or not a pose model."""

    exit_code = 3


class NobodySeenError(KneetrackError):
    """No person was seen well enough for any measure."""

    exit_code = 4


class OutputError(KneetrackError):
    """A result could not be written (disk full, no permission)."""

    exit_code = 5


class StoreError(KneetrackError):
    """The store of the clinic cannot be opened, read or changed."""

    exit_code = 6


class UnknownRecordError(KneetrackError):
    """No client, session, trial or other record is known by that name."""

    exit_code = 7


class ConsentError(KneetrackError):
    """The client has not agreed to it, or does not any more."""

    exit_code = 8


@dataclass(frozen=True, slots=True)
class Frame:
    """One upright picture. ``image`` is (H, W, 3) uint8 BGR; ``t_s`` is the source's own clock."""

    image: NDArray[np.uint8]
    t_s: float
    index: int

    @property
    def size_px(self) -> tuple[int, int]:
        """(width, height)."""
        return self.image.shape[1], self.image.shape[0]


@dataclass(frozen=True, slots=True)
class Pose:
    """One person in one frame, not mirrored.

    xy_px: (K, 2) float pixels, x right, y down, 0,0 = outer corner of the top left pixel.
    xyz_m: (K, 3) metres, origin mid-hip, x right, y down, z away from the camera; or None.
    confidence: (K,) 0..1. NaN coordinates = not seen.
    """

    xy_px: FloatArray
    xyz_m: FloatArray | None
    confidence: FloatArray
    t_s: float

    def __post_init__(self) -> None:
        _check_shape("xy_px", self.xy_px, (N_LANDMARKS, 2))
        _check_shape("confidence", self.confidence, (N_LANDMARKS,))
        if self.xyz_m is not None:
            _check_shape("xyz_m", self.xyz_m, (N_LANDMARKS, 3))

    @staticmethod
    def unseen(t_s: float) -> Pose:
        """Nobody in this frame: all NaN, confidence 0."""
        return Pose(
            np.full((N_LANDMARKS, 2), np.nan, np.float32),
            np.full((N_LANDMARKS, 3), np.nan, np.float32),
            np.zeros(N_LANDMARKS, np.float32),
            t_s,
        )

    @property
    def seen(self) -> bool:
        """Whether anybody is in this frame."""
        return bool(np.isfinite(self.xy_px).any())


@dataclass(frozen=True, slots=True)
class PoseTrack:
    """One person over T frames; arrays as in :class:`Pose` with a leading T axis.

    xy_px: (T, K, 2); xyz_m: (T, K, 3) or None; confidence: (T, K); t_s: (T,) strictly
    increasing; size_px: (width, height) of the upright picture.
    """

    xy_px: FloatArray
    xyz_m: FloatArray | None
    confidence: FloatArray
    t_s: NDArray[np.float64]
    size_px: tuple[int, int]

    def __post_init__(self) -> None:
        n = len(self.t_s)
        _check_shape("xy_px", self.xy_px, (n, N_LANDMARKS, 2))
        _check_shape("confidence", self.confidence, (n, N_LANDMARKS))
        if self.xyz_m is not None:
            _check_shape("xyz_m", self.xyz_m, (n, N_LANDMARKS, 3))
        if not np.all(np.diff(self.t_s) > 0):
            raise ValueError("t_s must be strictly increasing")

    def __len__(self) -> int:
        return len(self.t_s)

    @staticmethod
    def from_poses(poses: list[Pose], size_px: tuple[int, int]) -> PoseTrack:
        """Stack single poses. A pose without world landmarks contributes NaN."""
        if not poses:
            empty = np.empty((0, N_LANDMARKS), np.float32)
            return PoseTrack(
                np.empty((0, N_LANDMARKS, 2), np.float32),
                np.empty((0, N_LANDMARKS, 3), np.float32),
                empty,
                np.empty(0),
                size_px,
            )
        nowhere = np.full((N_LANDMARKS, 3), np.nan, np.float32)
        return PoseTrack(
            np.stack([p.xy_px for p in poses]),
            np.stack([nowhere if p.xyz_m is None else p.xyz_m for p in poses]),
            np.stack([p.confidence for p in poses]),
            np.array([p.t_s for p in poses], np.float64),
            size_px,
        )


@dataclass(frozen=True, slots=True)
class PictureFacts:
    """How the person's box looked, medians over ``pictures`` that were looked at.

    brightness: median grey level, 0..255. contrast: grey levels between the 5th and the 95th
    percentile. noise: its standard deviation from pixel to pixel, grey levels. sharpness: slope
    of the steepest edges over that of the same picture made coarser, with the person 200 pixels
    tall, across or down, whichever is less; about 2 in a sharp picture, 1 where nothing is finer.
    """

    pictures: int
    brightness: float
    contrast: float
    noise: float
    sharpness: float


@dataclass(frozen=True, slots=True)
class ClipInfo:
    """What is known of a clip once it has been read to its end.

    fps is the mean true rate of the frames read, in true (not slowed) time. ``notes`` are
    sentences for the user, such as "the file breaks off after 3.2 s; analysed what is there".
    ``picture`` is None when nobody looked.
    """

    file: str
    sha256: str
    fps: float
    duration_s: float
    frames: int
    size_px: tuple[int, int]
    rotation_deg: int = 0
    mirrored: bool = False
    variable_frame_rate: bool = False
    codec: str = ""
    speed: float = 1.0
    notes: tuple[str, ...] = ()
    picture: PictureFacts | None = None


@dataclass(frozen=True, slots=True)
class PeopleInfo:
    """Whom the tracker followed. Spans are (start_s, end_s)."""

    people_seen: int = 1
    followed: str = "the only person"
    lost_spans_s: tuple[tuple[float, float], ...] = ()
    swaps_repaired: int = 0
    notes: tuple[str, ...] = ()


PRESCRIBED_LIMIT: Final = "limit of the programme"
"""What a band rests on that a programme has made stricter."""


@dataclass(frozen=True, slots=True)
class Band:
    """A coaching band. ``higher_is_worse`` tells which way is worse from ``watch`` to ``flag``.

    ok on the good side of ``watch``; watch between; flag beyond ``flag`` (both exclusive).
    """

    watch: float
    flag: float

    @property
    def higher_is_worse(self) -> bool:
        """Whether the value grows from watch to flag."""
        return self.flag > self.watch


@dataclass(frozen=True, slots=True)
class KneeMark:
    """What is drawn at one knee in one frame: a state and its label, e.g. "KFO +11 %"."""

    status: Status | Literal["resting"]
    label: str


@dataclass(frozen=True, slots=True)
class OverlayFrame:
    """Everything the overlay draws in one frame; texts are ready to show, in order left, right."""

    xy_px: FloatArray
    knees: tuple[KneeMark, KneeMark]
    title: str = ""
    reps_done: int = 0
    reps_total: int | None = None
    rep_marks: tuple[Status, ...] = ()
    depth_fraction: float | None = None
    cue: str = ""
    cue_status: Status = "ok"
    note: str = ""


@dataclass(frozen=True, slots=True)
class FrameTable:
    """Per-frame numbers behind frames.csv.

    columns: name -> (T,) float, names ``<measure>_<unit>[_left|_right|_mean]``, NaN = not valid.
    rep: (T,) int, 1-based index of the repetition, 0 outside. phase: T strings.
    xy_px: (T, K, 2) smoothed landmarks, what the overlay draws.
    """

    t_s: NDArray[np.float64]
    rep: NDArray[np.int64]
    phase: tuple[str, ...]
    columns: dict[str, FloatArray] = field(default_factory=dict)
    xy_px: FloatArray | None = None


@dataclass(frozen=True, slots=True)
class OutputFiles:
    """What a command wrote."""

    folder: Path
    files: tuple[Path, ...]


def _check_shape(name: str, array: FloatArray, shape: tuple[int, ...]) -> None:
    if array.shape != shape:
        raise ValueError(f"{name} has shape {array.shape}, expected {shape}")

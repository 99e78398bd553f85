"""What is kept of a clip to look at: a copy of it, and stills with the skeleton drawn on them.

Heads are blurred unless the consent in force allows faces; where no head is known the whole picture
is. Only the person whose landmarks are given is known: bystanders are cut off at the edge of a
still as far as they stand apart, and are not blurred. A consent that does not allow video leaves no
photograph at all: the stills are then figures drawn from the landmarks.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from kneetrack.clinic.moments import moments
from kneetrack.clinic_records.visits import CLIP_FILE
from kneetrack.pictures import Pictures
from kneetrack.recorded import ClipOptions, Progress, clip_source
from kneetrack.records import FloatArray, Frame, KneeMark, OverlayFrame, Pose, PoseTrack
from kneetrack.result import Result

if TYPE_CHECKING:
    from kneetrack.store.store import Store

ImageU8 = NDArray[np.uint8]
_LONGEST_PX: Final = 1920
_SAME_PICTURE_S: Final = 0.07
"""A pose farther than this from a picture is not that picture's: its head is then not known."""
_MARGIN: Final = 0.12
"""Room around the person in a still, in heights of the person."""
_ASPECTS: Final = (0.75, 1.6)
"""A still is at least and at most so wide for its height, where the picture has the room."""
_GROUND: Final = (104, 92, 78)
"""Blue, green, red behind a drawn figure."""
_RESTING: Final = KneeMark("resting", "")


@dataclass(frozen=True, slots=True)
class Pictured:
    """What was written: the stills by key, and the kept clip when there is one."""

    stills: Mapping[str, Path]
    clip: Path | None = None


def still_file(key: str) -> str:
    """The name of a still in the trial's folder; key: of :func:`kneetrack.clinic.moments`."""
    return f"still-{key}.jpg"


def picture_trial(
    store: Store,
    trial_id: str,
    result: Result,
    clip: Path | None,
    *,
    options: ClipOptions | None = None,
    progress: Progress | None = None,
) -> Pictured:
    """Write the stills and, where it is allowed, the kept clip of a trial into its folder.

    result: with its frames and track. What is written is decided by the consent in force alone:
    "video" for photographs and the clip, "faces" for heads that are not blurred. Raises
    OutputError, and SourceError when the clip cannot be read.
    """
    client_id = store.session(store.trial(trial_id).session_id).client_id
    consent = store.consent_now(client_id)
    allows = consent.facts.allows if consent is not None else frozenset()
    return picture_take(
        result,
        clip if "video" in allows else None,
        store.trial_folder(trial_id),
        blur="faces" not in allows,
        options=options,
        progress=progress,
    )


def picture_take(
    result: Result,
    clip: Path | None,
    folder: Path,
    *,
    blur: bool,
    options: ClipOptions | None = None,
    progress: Progress | None = None,
) -> Pictured:
    """Stills and kept clip of one take in one reading; of ``clip`` None stills are drawn."""
    if clip is None:
        return Pictured(drawn_stills(result, folder))
    assert result.track is not None and result.frames is not None
    path = folder / CLIP_FILE
    stills = _Stills(result)
    kept_clip(
        clip, result.track, path, blur=blur, options=options, progress=progress, stills=stills
    )
    written = {
        key: _write_bytes(folder / still_file(key), stills.jpeg(key)) for key in stills.images
    }
    missing = stills.missing()
    if missing:
        written |= drawn_stills(result, folder, missing)
    return Pictured(written, path)


def kept_clip(
    clip: Path,
    track: PoseTrack,
    path: Path,
    *,
    blur: bool,
    options: ClipOptions | None = None,
    progress: Progress | None = None,
    stills: _Stills | None = None,
) -> Path:
    """Write the copy of a clip that may be kept; returns ``path``.

    H.264 that plays in any browser, upright, at the true times, without sound and metadata, at
    most 1920 pixels long. Second 0 of the copy is ``track.t_s[0]``. track: the raw landmarks of
    this clip, read with the same ``options``. blur: heads are blurred, the whole picture where the
    head is not known. The file appears whole or not at all. Raises OutputError, SourceError.
    """
    from kneetrack.outputs import Behind
    from kneetrack.report.video import VideoWriter
    from kneetrack.ui.film import i420
    from kneetrack.ui.overlay import fit

    veiled = _veil(blur)
    with ExitStack() as stack:
        source = stack.enter_context(clip_source(clip, options or ClipOptions()))
        size_px, total = kept_size(source.size_px), source.declared_frames
        writer = stack.enter_context(VideoWriter(path, size_px, fps=_fps(track)))
        encode = stack.enter_context(Behind(lambda image, t_s: writer.write(i420(image), t_s)))
        for number, (frame, pose) in enumerate(_posed(source, track)):
            image = veiled(frame, pose)
            if stills is not None:
                stills.look(image, frame.t_s)
            small, _ = fit(image, pose.xy_px, size_px)
            encode(small, float(track.t_s[0]) if number == 0 and len(track) else frame.t_s)
            if progress is not None:
                progress("keeping", number + 1, total)
    return path


def drawn_stills(
    result: Result, folder: Path, keys: Sequence[str] | None = None
) -> dict[str, Path]:
    """Stills that show the landmarks on plain ground; keys: None for all. Raises OutputError."""
    return {
        key: _write_bytes(folder / still_file(key), data)
        for key, data in drawn_pictures(result).items()
        if keys is None or key in keys
    }


def drawn_pictures(result: Result) -> dict[str, bytes]:
    """JPEG of the landmarks on plain ground for every moment of a result with frames."""
    stills = _Stills(result)
    width, height = result.source.size_px
    ground = np.full((height, width, 3), _GROUND, np.uint8)
    for moment in moments(result):
        stills.look(ground, moment.t_s)
    return {key: stills.jpeg(key) for key in stills.images}


def kept_size(size_px: tuple[int, int]) -> tuple[int, int]:
    """(width, height) of the kept copy of a clip: even, and at most 1920 long."""
    factor = min(1.0, _LONGEST_PX / max(size_px))
    width, height = (max(2, 2 * math.ceil(round(side * factor, 3) / 2)) for side in size_px)
    return width, height


def _veil(blur: bool) -> Callable[[Frame, Pose], ImageU8]:
    """How a picture is kept: with the head blurred, or as it is."""
    if not blur:
        return lambda frame, _: frame.image
    from kneetrack.ui.blur import FaceBlur

    faces = FaceBlur()
    return lambda frame, pose: faces.apply(frame.image, pose)


def _posed(source: Pictures, track: PoseTrack) -> Iterator[tuple[Frame, Pose]]:
    """The pictures from the track's first on, each with its pose; unseen where there is none."""
    for frame in source:
        if not len(track):
            yield frame, Pose.unseen(frame.t_s)
        elif frame.t_s > track.t_s[0] - _SAME_PICTURE_S:
            yield frame, _pose_at(track, frame.t_s)


def _pose_at(track: PoseTrack, t_s: float) -> Pose:
    row = int(np.abs(track.t_s - t_s).argmin())
    if abs(float(track.t_s[row]) - t_s) > _SAME_PICTURE_S:
        return Pose.unseen(t_s)
    return Pose(track.xy_px[row], None, track.confidence[row], t_s)


def _fps(track: PoseTrack) -> float:
    return 1 / float(np.median(np.diff(track.t_s))) if len(track) > 1 else 30.0


class _Stills:
    """Collects the pictures nearest to a result's moments, cut to the person."""

    def __init__(self, result: Result) -> None:
        assert result.frames is not None and result.frames.xy_px is not None
        self._result, self._frames = result, result.frames
        self._moments = {moment.key: moment.t_s for moment in moments(result)}
        self._box = still_box(result.frames.xy_px, result.source.size_px)
        self._off_s: dict[str, float] = {}
        self.images: dict[str, ImageU8] = {}

    def look(self, image: ImageU8, t_s: float) -> None:
        """Keep a copy of this picture for every moment that it is nearer to than any before."""
        left, top, right, bottom = self._box
        for key, at_s in self._moments.items():
            off_s = abs(at_s - t_s)
            if off_s < self._off_s.get(key, _SAME_PICTURE_S):
                self._off_s[key] = off_s
                self.images[key] = image[top:bottom, left:right].copy()

    def missing(self) -> list[str]:
        """Moments of which no picture was seen."""
        return [key for key in self._moments if key not in self.images]

    def jpeg(self, key: str) -> bytes:
        """The still with the skeleton of its moment drawn on it."""
        from kneetrack.ui.film import jpeg
        from kneetrack.ui.overlay import annotated_size, draw, fit

        overlay = self._overlay(self._moments[key])
        image = self.images[key]
        xy = overlay.xy_px - np.array(self._box[:2], np.float32)
        size_px = annotated_size((image.shape[1], image.shape[0]))
        image, xy = fit(image, xy, size_px)
        return jpeg(draw(np.ascontiguousarray(image), replace(overlay, xy_px=xy)))

    def _overlay(self, t_s: float) -> OverlayFrame:
        """The skeleton alone: no states, no cues."""
        from kneetrack.annotate import OverlayScript
        from kneetrack.exercises import all_exercises

        row = int(np.abs(self._frames.t_s - t_s).argmin())
        full = OverlayScript(self._result, all_exercises()).frame(row)
        return OverlayFrame(full.xy_px, (_RESTING, _RESTING))


def still_box(xy_px: FloatArray, size_px: tuple[int, int]) -> tuple[int, int, int, int]:
    """Left, top, right, bottom of what a still shows: the person over the whole take, with room.

    xy_px: (T, K, 2). The whole picture when nobody is seen.
    """
    width, height = size_px
    points = xy_px.reshape(-1, 2)
    points = points[np.isfinite(points).all(axis=1)]
    if not len(points):
        return 0, 0, width, height
    low, high = np.percentile(points, 1, axis=0), np.percentile(points, 99, axis=0)
    room = _MARGIN * float((high - low).max())
    low, high = low - room, high + room
    middle, (wide, tall) = (low + high) / 2, high - low
    wide = max(wide, _ASPECTS[0] * tall)
    tall = max(tall, wide / _ASPECTS[1])
    left, right = _span(float(middle[0]), float(wide), width)
    top, bottom = _span(float(middle[1]), float(tall), height)
    return left, top, right, bottom


def _span(middle: float, length: float, most: int) -> tuple[int, int]:
    """Where a stretch of that length lies in 0..most: moved inside where it fits, else cut."""
    length = min(length, float(most))
    start = min(max(middle - length / 2, 0.0), most - length)
    return int(start), max(int(start) + 1, math.ceil(start + length))


def _write_bytes(path: Path, data: bytes) -> Path:
    from kneetrack.report.writing import write_bytes

    return write_bytes(path, data)

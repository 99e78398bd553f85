"""What is kept of a clip to look at: a copy of it, and stills with the skeleton drawn on them.

Heads are blurred unless the consent in force allows faces; where no head is known the whole picture
is. Only the person whose landmarks are given is known: in a still everything around them is
blurred, in the clip nothing, and bystanders right beside or behind them are blurred nowhere. A
consent that does not allow video leaves no photograph at all: the stills are then figures drawn
from the landmarks.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from kneetrack.clinic.stills import SAME_PICTURE_S, Stills, drawn_stills, still_file
from kneetrack.clinic_records.visits import CLIP_FILE, FACES_FILE
from kneetrack.pictures import Pictures
from kneetrack.recorded import ClipOptions, Progress, clip_source
from kneetrack.records import Frame, Pose, PoseTrack
from kneetrack.report.writing import write_bytes
from kneetrack.result import Result

if TYPE_CHECKING:
    from kneetrack.store.store import Store

ImageU8 = NDArray[np.uint8]
_LONGEST_PX: Final = 1920


@dataclass(frozen=True, slots=True)
class Pictured:
    """What was written: the stills by key, and the kept clip when there is one."""

    stills: Mapping[str, Path]
    clip: Path | None = None


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
    assert result.track is not None
    path = folder / CLIP_FILE
    if not blur:
        write_bytes(folder / FACES_FILE, b"")
    stills = Stills(result)
    kept_clip(
        clip, result.track, path, blur=blur, options=options, progress=progress, stills=stills
    )
    written = {
        key: write_bytes(folder / still_file(key), stills.jpeg(key)) for key in stills.images
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
    stills: Stills | None = None,
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
        elif frame.t_s > track.t_s[0] - SAME_PICTURE_S:
            yield frame, _pose_at(track, frame.t_s)


def _pose_at(track: PoseTrack, t_s: float) -> Pose:
    row = int(np.abs(track.t_s - t_s).argmin())
    if abs(float(track.t_s[row]) - t_s) > SAME_PICTURE_S:
        return Pose.unseen(t_s)
    return Pose(track.xy_px[row], None, track.confidence[row], t_s)


def _fps(track: PoseTrack) -> float:
    return 1 / float(np.median(np.diff(track.t_s))) if len(track) > 1 else 30.0

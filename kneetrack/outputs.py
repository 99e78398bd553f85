"""Writes everything an analysis gives into one folder: data files, annotated video, report."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from types import TracebackType

import numpy as np
from numpy.typing import NDArray

from kneetrack.annotate import OverlayScript
from kneetrack.recorded import ClipOptions, Progress, clip_source, one_step
from kneetrack.records import ClipInfo, PeopleInfo
from kneetrack.result import Result
from kneetrack.settings import Settings

VIDEO_FILE = "annotated.mp4"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which of the optional files to write."""

    video: bool = True
    report: bool = True
    trc: bool = False


@dataclass(frozen=True, slots=True)
class Written:
    """What was written for one take, and what the report shows of it."""

    result: Result
    files: list[Path]
    stills: dict[str, bytes] = field(default_factory=dict)
    video: Path | None = None
    origin_s: float = 0.0


def default_folder(clip: Path) -> Path:
    """``<clip>.kneetrack`` beside the clip."""
    return clip.with_name(clip.name + ".kneetrack")


def write_data(result: Result, folder: Path, *, trc: bool = False) -> list[Path]:
    """landmarks.npz, result.json, frames.csv, reps.csv, and landmarks.trc when asked for."""
    from kneetrack.report.landmarks import StoredLandmarks, write_landmarks
    from kneetrack.report.tables import write_frames_csv, write_reps_csv, write_result_json
    from kneetrack.report.trc import write_trc
    from kneetrack.report.writing import make_folder

    make_folder(folder)
    assert result.track is not None and result.frames is not None
    stored = StoredLandmarks(
        result.track, _clip_info(result), _people_info(result), _versions(result)
    )
    files = [
        write_landmarks(stored, folder / "landmarks.npz"),
        write_result_json(result, folder / "result.json"),
        write_frames_csv(result.frames, folder / "frames.csv"),
        write_reps_csv(result, folder / "reps.csv"),
    ]
    if trc:
        files.append(write_trc(result.track, folder / "landmarks.trc"))
    return files


def write_take(
    result: Result,
    clip: Path | None,
    folder: Path,
    settings: Settings,
    wanted: Wanted,
    options: ClipOptions,
    progress: Progress | None = None,
) -> Written:
    """Data files and annotated video of one take; ``clip`` None when there are only landmarks.

    What an earlier analysis left in the folder and this one does not write is taken away with the
    rest of it: it is of another clip, or of other settings.
    """
    with one_step(progress, "writing"):
        files = write_data(result, folder, trc=wanted.trc)
    for name in (VIDEO_FILE, "landmarks.trc"):
        if folder / name not in files:
            (folder / name).unlink(missing_ok=True)
    if clip is None or not (wanted.video or wanted.report):
        return Written(result, files)
    return _draw(result, clip, folder, settings, wanted, options, files, progress)


def _draw(
    result: Result,
    clip: Path,
    folder: Path,
    settings: Settings,
    wanted: Wanted,
    options: ClipOptions,
    files: list[Path],
    progress: Progress | None,
) -> Written:
    from kneetrack.report.stills import choose_stills
    from kneetrack.report.video import VideoWriter
    from kneetrack.ui.film import Film, i420, jpeg

    script = OverlayScript(result, settings.exercises)
    assert result.frames is not None and result.frames.xy_px is not None
    film = Film(result.source.size_px, result.frames.xy_px)
    picks = _still_frames(result, {k: c.t_s for k, c in choose_stills(result).items()})
    last = len(script) - 1 if wanted.video else max(picks, default=-1)
    stills: dict[str, bytes] = {}
    path = folder / VIDEO_FILE
    with ExitStack() as stack:
        source = stack.enter_context(clip_source(clip, options))
        video = None
        if wanted.video:
            writer = VideoWriter(path, film.size_px, fps=result.source.fps)
            video = stack.enter_context(writer)
            encode = stack.enter_context(Behind(lambda image, t_s: writer.write(i420(image), t_s)))
        for number, frame in enumerate(source):
            index = _row_at(result.frames.t_s, frame.t_s)
            if index > last:
                break
            if video is None and index not in picks:
                continue
            image = film.draw(frame.image, script.frame(index))
            for key in picks.get(index, ()):
                stills[key] = jpeg(image)
            if video is not None:
                encode(image, frame.t_s)
            if progress is not None:
                progress("drawing", number + 1, last + 1)
    if video is None:
        return Written(result, files, stills)
    return Written(result, [*files, path], stills, path, video.origin_s or 0.0)


def _row_at(t_s: NDArray[np.float64], at_s: float) -> int:
    """The frame nearest in time: a recording made live may lack a few of those analysed."""
    after = min(int(t_s.searchsorted(at_s)), len(t_s) - 1)
    return after - int(after > 0 and at_s - t_s[after - 1] < t_s[after] - at_s)


class Behind:
    """Calls a function in order in a thread of its own, at most four calls behind.

    An exception of a call is raised by a later call or on leaving; leaving waits for the rest.
    """

    def __init__(self, call: Callable[..., None], most: int = 4) -> None:
        self._call = call
        self._most = most
        self._pending: deque[Future[None]] = deque()
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="behind")

    def __enter__(self) -> Behind:
        return self

    def __call__(self, *arguments: object) -> None:
        """Put a call at the end of the queue; waits while the queue is full."""
        while len(self._pending) >= self._most:
            self._pending.popleft().result()
        self._pending.append(self._thread.submit(self._call, *arguments))

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._thread.shutdown(wait=True, cancel_futures=kind is not None)
        while kind is None and self._pending:
            self._pending.popleft().result()


def _still_frames(result: Result, moments: dict[str, float]) -> dict[int, list[str]]:
    assert result.frames is not None
    picks: dict[int, list[str]] = {}
    for key, t_s in moments.items():
        picks.setdefault(int(np.argmin(np.abs(result.frames.t_s - t_s))), []).append(key)
    return picks


def write_joined_report(takes: Iterable[Written], folder: Path) -> Path:
    """report.html of one take, or of a front and a side take together."""
    from kneetrack.report.html import write_report
    from kneetrack.report.take import Take, Video

    parts = []
    for take in takes:
        assert take.result.frames is not None
        video = None
        if take.video is not None:
            link = take.video.relative_to(folder).as_posix()
            video = Video(link, t0_s=take.origin_s)
        parts.append(Take(take.result, take.result.frames, take.stills, video))
    today = date.today()
    return write_report(parts, folder / "report.html", date=f"{today:%d %B %Y}".lstrip("0"))


def _clip_info(result: Result) -> ClipInfo:
    facts = result.source.model_dump()
    own = {"notes": tuple(result.source.notes), "picture": result.source.picture}
    return ClipInfo(**(facts | own))


def _people_info(result: Result) -> PeopleInfo:
    people = result.people
    return PeopleInfo(
        people_seen=people.people_seen,
        followed=people.followed,
        lost_spans_s=tuple(people.lost_spans_s),
        notes=tuple(people.notes),
    )


def _versions(result: Result) -> dict[str, str]:
    made = result.provenance
    return {
        "kneetrack": made.kneetrack,
        "mediapipe": made.mediapipe,
        "model sha256": made.model_sha256,
    }

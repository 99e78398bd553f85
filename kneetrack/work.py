"""One job of the command line: one take, or a front and a side take, analysed and written."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from kneetrack.analysis import BridgeMode
from kneetrack.outputs import (
    Wanted,
    Written,
    default_folder,
    write_joined_report,
    write_take,
)
from kneetrack.recorded import (
    SESSION_FILE,
    ClipOptions,
    Progress,
    analyse_landmarks,
    exercise_name,
    holds_landmarks,
    one_step,
    read_landmarks,
    stored_landmarks,
)
from kneetrack.records import SettingsError
from kneetrack.result import Result
from kneetrack.settings import Settings, load_settings


@dataclass(frozen=True, slots=True)
class Job:
    """What to analyse (``takes``: name -> clip, one unnamed or "front" and "side"), and how.

    settings: those in effect; None: those of the file ``config``.
    """

    takes: dict[str, Path]
    out: Path | None = None
    exercise: str = "auto"
    bridge: BridgeMode = "low"
    config: Path | None = None
    options: ClipOptions = field(default_factory=ClipOptions)
    wanted: Wanted = field(default_factory=Wanted)
    write: bool = True
    settings: Settings | None = None

    @property
    def folder(self) -> Path:
        """Where the files go."""
        return self.out or _folder_of(next(iter(self.takes.values())))


@dataclass(frozen=True, slots=True)
class Outcome:
    """Results in the order of the takes, and the files written."""

    results: list[Result]
    folder: Path
    files: list[Path]


def run(job: Job, progress: Progress | None = None) -> Outcome:
    """Do a job. Raises a KneetrackError; what was written before it stays."""
    exercise = exercise_name(job.exercise)
    settings = job.settings or load_settings(job.config)
    written: list[Written] = []
    for name, clip in job.takes.items():
        stored = holds_landmarks(clip)
        if stored:
            landmarks = stored_landmarks(clip)
        else:
            landmarks = read_landmarks(clip, job.options, progress)
        with one_step(progress, "measuring"):
            result = analyse_landmarks(
                landmarks, exercise=exercise, bridge=job.bridge, settings=settings
            )
        if not job.write:
            written.append(Written(result, []))
            continue
        folder = job.folder / name if name else job.folder
        picture = None if stored else clip
        written.append(
            write_take(result, picture, folder, settings, job.wanted, job.options, progress)
        )
    results = [take.result for take in written]
    _same_exercise(results)
    files = [path for take in written for path in take.files]
    if job.write and job.wanted.report:
        with one_step(progress, "report"):
            files.append(write_joined_report(written, job.folder))
    return Outcome(results, job.folder, files)


def _folder_of(clip: Path) -> Path:
    """A live session's results go into its own folder, which they complete."""
    session = clip if clip.is_dir() else clip.parent
    if (session / SESSION_FILE).is_file() and clip in (session, session / SESSION_FILE):
        return session
    return default_folder(clip)


def _same_exercise(results: list[Result]) -> None:
    names = {result.exercise for result in results}
    if len(results) > 1 and len(names) > 1:
        told = " and ".join(result.exercise.replace("_", " ") for result in results)
        raise SettingsError(
            f"the takes show different exercises ({told}): give --exercise, or report them apart"
        )

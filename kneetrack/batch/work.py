"""The work on one clip, the same in a process of this machine and on a cluster."""

from __future__ import annotations

import errno
import shutil
import tempfile
import time
import tomllib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Final

from kneetrack.batch.entries import ClusterError, Done, KeptFile, Status, Task
from kneetrack.batch.ledger import Ledger, Record, files_folder
from kneetrack.batch.places import is_address, local_copy, place_of
from kneetrack.records import (
    KneetrackError,
    ModelError,
    NobodySeenError,
    OutputError,
    SettingsError,
    SourceError,
)
from kneetrack.report.writing import make_folder, output_error
from kneetrack.result import Result
from kneetrack.settings import Settings, settings_from

Work = Callable[[Task], Done]
EVERY_CLIP: Final = (ModelError, SettingsError, OutputError, ClusterError)
"""Errors that every clip would meet: they end the batch."""
_FULL: Final = {errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)}
_FILE: Final[dict[KeptFile, str]] = {
    "landmarks": "landmarks.npz",
    "result": "result.json",
    "report": "report.html",
    "video": "annotated.mp4",
}


def analyse_task(task: Task) -> Done:
    """Analyse a clip and write its record, last of all; a clip's own errors go into the record.

    Raises only what every other clip would meet, too.
    """
    began = time.perf_counter()
    ledger = Ledger(place_of(task.out))
    try:
        record = _analysed(task)
    except EVERY_CLIP:
        raise
    except KneetrackError as error:
        record = failed(task, error)
    except OSError as error:
        if error.errno in _FULL:
            raise output_error(Path(task.out), error) from error
        record = failed(task, error)
    except Exception as error:
        record = failed(task, error)
    record = record.taking(time.perf_counter() - began)
    ledger.write(record)
    return Done(task.key, record.status, record.error)


def failed(task: Task, error: BaseException) -> Record:
    """The record of a clip that could not be analysed: what kind of error, in one line."""
    status: Status = "nobody" if isinstance(error, NobodySeenError) else "error"
    kind, code = "unexpected", 1
    line = f"unexpected {type(error).__name__}: {error}"
    if isinstance(error, KneetrackError):
        kinds = {SettingsError: "settings", SourceError: "clip", OutputError: "output"}
        kind = next((name for known, name in kinds.items() if isinstance(error, known)), "clip")
        code, line = error.exit_code, str(error)
    if status == "nobody":
        return Record(task.key, task.sha256, status, exit_code=code, clip={"reason": line})
    return Record(task.key, task.sha256, status, kind, " ".join(line.split()), code)


def _analysed(task: Task) -> Record:
    from kneetrack.batch.rows import clip_cells, reading_cells, rep_cells, verdict_cells

    with local_copy(task.address) as clip:
        result = _result(clip, task)
        if result.source.sha256 != task.sha256 and clip.suffix.lower() != ".npz":
            raise SourceError("the file has changed since it was first read: run the batch again")
        kept = _keep(result, clip, task)
    status: Status = "no_exercise" if result.exercise == "none" else "analysed"
    return Record(
        task.key,
        task.sha256,
        status,
        exit_code=NobodySeenError.exit_code if status == "no_exercise" else 0,
        clip=clip_cells(result) | {"folder": files_folder(task.key) if kept else None},
        reps=rep_cells(result),
        verdicts=verdict_cells(result),
        readings=reading_cells(result),
    )


def _result(clip: Path, task: Task) -> Result:
    from kneetrack.recorded import (
        ClipOptions,
        analyse_landmarks,
        exercise_name,
        holds_landmarks,
        read_landmarks,
        stored_landmarks,
    )

    how = task.how
    options = ClipOptions(model=Path(how.model) if how.model else None, quality=how.quality)
    if holds_landmarks(clip):
        landmarks = stored_landmarks(clip)
    else:
        landmarks = read_landmarks(clip, options)
        if landmarks.model_sha256 != how.model_sha256:
            raise ModelError(
                "the pose model that a worker found is another one than the batch was started with"
            )
    return analyse_landmarks(
        landmarks,
        exercise=exercise_name(task.exercise),
        bridge=how.bridge,
        settings=_settings(how.settings_toml),
    )


@lru_cache(maxsize=2)
def _settings(text: str) -> Settings:
    return settings_from(tomllib.loads(text)) if text else Settings()


def _keep(result: Result, clip: Path, task: Task) -> bool:
    """Write the files that are kept of a clip; True when there are any."""
    from kneetrack.outputs import Wanted, write_joined_report, write_take
    from kneetrack.recorded import ClipOptions, holds_landmarks

    keep = task.how.keep
    if not keep:
        return False
    with _scratch(task.out) as folder:
        wanted = Wanted(video="video" in keep, report="report" in keep)
        picture = None if holds_landmarks(clip) else clip
        settings = _settings(task.how.settings_toml)
        written = write_take(result, picture, folder, settings, wanted, ClipOptions())
        if wanted.report:
            write_joined_report([written], folder)
        place = place_of(task.out)
        for name in keep:
            if (folder / _FILE[name]).is_file():
                place.put(folder / _FILE[name], f"{files_folder(task.key)}/{_FILE[name]}")
    return True


@contextmanager
def _scratch(out: str) -> Iterator[Path]:
    """A folder to write in, on the same disk as the results where those are on this machine."""
    beside = None if is_address(out) else make_folder(Path(out) / "files")
    try:
        folder = Path(tempfile.mkdtemp(prefix=".part-", dir=beside))
    except OSError as error:
        raise output_error(beside or Path(tempfile.gettempdir()), error) from error
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)

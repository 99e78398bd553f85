"""One batch from the command line: prepare, work, tables, report; and what is told at the end."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Final

from kneetrack.analysis import BridgeMode
from kneetrack.batch.entries import KEPT_FILES, Counts, Entry, How, KeptFile
from kneetrack.batch.finding import find_entries
from kneetrack.batch.ledger import Ledger
from kneetrack.batch.places import is_address, place_of
from kneetrack.batch.pool import LocalPool, Pool
from kneetrack.batch.running import Again, Batch, Told
from kneetrack.batch.telling import unused_columns
from kneetrack.batch.work import Work, analyse_task
from kneetrack.recorded import Quality, exercise_name
from kneetrack.records import KneetrackError, OutputError, SettingsError, SourceError
from kneetrack.report.writing import make_folder, output_error

REPORT: Final = "cohort.html"
_LOCK: Final = ".lock"


@dataclass(frozen=True, slots=True)
class BatchJob:
    """What the command line asks for."""

    sources: Sequence[str]
    out: str
    jobs: int | None = None
    exercise: str = "auto"
    bridge: BridgeMode = "low"
    config: Path | None = None
    model: Path | None = None
    quality: Quality = "standard"
    keep: str = "landmarks,result"
    retry_failed: bool = False
    rehash: bool = False
    report_only: bool = False
    cluster: str = ""


@dataclass(frozen=True, slots=True)
class Ended:
    """How a batch ended. interrupted: by Ctrl-C; what is done is in the tables all the same."""

    counts: Counts
    out: str
    interrupted: bool = False

    @property
    def exit_code(self) -> int:
        """0; 130 when interrupted; 3 when not one clip could be analysed and some failed."""
        answered = self.counts.analysed + self.counts.no_exercise + self.counts.nobody
        if self.interrupted:
            return 130
        return SourceError.exit_code if self.counts.failed and not answered else 0

    def json(self) -> str:
        """The summary for programs."""
        told = asdict(self.counts) | {"interrupted": self.interrupted, "out": self.out}
        return json.dumps(told, indent=1) + "\n"

    def text(self) -> str:
        """The summary for people, one line."""
        counts = self.counts
        parts = [f"{counts.analysed} analysed"]
        parts += [f"{counts.no_exercise} without an exercise"] if counts.no_exercise else []
        parts += [f"{counts.nobody} with nobody in them"] if counts.nobody else []
        parts += [f"{counts.failed} failed"] if counts.failed else []
        parts += [f"{counts.pending} not done yet"] if counts.pending else []
        parts += [f"{counts.duplicates} of them the same clip again"] if counts.duplicates else []
        clips = "1 clip" if counts.rows == 1 else f"{counts.rows} clips"
        told = f"{clips}: {', '.join(parts)}; {counts.new} of them done in this run."
        return f"{told} The same command goes on with the rest." if counts.pending else told


def run(
    job: BatchJob,
    told: Told | None = None,
    *,
    work: Work = analyse_task,
    remark: Callable[[str], None] | None = None,
) -> Ended:
    """Do a batch. Raises a KneetrackError that every clip would meet; what is done stays.

    remark: given a line about the manifest, before the first clip, when there is one.
    """
    began = time.monotonic()
    ledger = Ledger(place_of(job.out))
    if job.report_only:
        if job.sources:
            raise SettingsError("--report-only makes the tables again: give no clips with it")
        return Ended(write_results(ledger), job.out)
    how = _how(job)
    entries = find_entries(job.sources, job.out)
    if remark is not None and (line := unused_columns(entries)):
        remark(line)
    with _held(job.out):
        batch = _batch(entries, how, ledger, job, told, work)
        interrupted = False
        try:
            batch.run(_pool(job, len(entries)))
        except KeyboardInterrupt:
            interrupted = True
        except OutputError:
            raise
        except KneetrackError:
            with suppress(KneetrackError):
                write_results(ledger)
            raise
        try:
            counts = write_results(ledger)
        except SourceError:
            if interrupted:  # before there was anything to tell
                raise KeyboardInterrupt from None
            raise
    counts = replace(counts, new=batch.new, seconds=round(time.monotonic() - began, 1))
    return Ended(counts, job.out, interrupted)


def write_results(ledger: Ledger) -> Counts:
    """The tables and the cohort report from the records. Raises OutputError, SourceError."""
    from kneetrack.batch.cohort import Cohort
    from kneetrack.batch.tables import write_tables

    plan = ledger.plan()
    cohort = Cohort(plan)
    counts = write_tables(plan, ledger, cohort.add)
    ledger.place.write(REPORT, cohort.page(counts).encode())
    return counts


def _batch(
    entries: Sequence[Entry],
    how: How,
    ledger: Ledger,
    job: BatchJob,
    told: Told | None,
    work: Work,
) -> Batch:
    again = Again(failed=job.retry_failed, hashes=job.rehash)
    return Batch(entries, how, ledger, sources=job.sources, again=again, told=told, work=work)


def _pool(job: BatchJob, clips: int) -> Pool:
    if job.cluster:
        from kneetrack.batch.cluster import ClusterPool

        return ClusterPool(job.cluster, job.out)
    jobs = job.jobs or _cores()
    return LocalPool(max(1, min(jobs, clips)))


def _cores() -> int:
    """The cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _how(job: BatchJob) -> How:
    """The options, checked: everything that would stop every clip is told before the first."""
    from kneetrack.assets import model_path
    from kneetrack.pose.bundle import read_bundle
    from kneetrack.settings import load_settings

    exercise_name(job.exercise)
    settings = load_settings(job.config)
    text = job.config.read_text(encoding="utf-8-sig") if job.config is not None else ""
    effective = json.dumps(settings.as_dict(), sort_keys=True)
    model = job.model.expanduser().absolute() if job.model is not None else None
    return How(
        exercise=job.exercise,
        bridge=job.bridge,
        quality=job.quality,
        model=str(model) if model is not None else None,
        model_sha256=hashlib.sha256(read_bundle(model or model_path())).hexdigest(),
        settings_toml=text,
        settings_sha256=hashlib.sha256(effective.encode()).hexdigest(),
        keep=kept_files(job.keep),
    )


def kept_files(text: str) -> tuple[KeptFile, ...]:
    """The files of --keep, in a fixed order; "none" for none. Raises SettingsError."""
    named = {part.strip().lower() for part in text.split(",") if part.strip()} - {"none"}
    unknown = sorted(named - set(KEPT_FILES))
    if unknown:
        raise SettingsError(f"--keep knows {', '.join(KEPT_FILES)} and none, not {unknown[0]!r}")
    return tuple(name for name in KEPT_FILES if name in named)


@contextmanager
def _held(out: str) -> Iterator[None]:
    """Nobody else works in that folder meanwhile; what a killed run left half is taken away."""
    if is_address(out):
        yield
        return
    folder = make_folder(Path(out))
    try:
        stream = (folder / _LOCK).open("ab")
    except OSError as error:
        raise output_error(folder / _LOCK, error) from error
    with stream:
        if not _lock(stream.fileno()):
            raise OutputError(f"another batch is at work in {folder}: wait for it, or stop it")
        _tidy(folder)
        yield


def _tidy(folder: Path) -> None:
    for left in (*folder.glob(".part-*"), *folder.glob("files/.part-*")):
        shutil.rmtree(left, ignore_errors=True)
        with suppress(OSError):
            left.unlink(missing_ok=True)
    for left in folder.glob("records/*/.part-*"):
        left.unlink(missing_ok=True)


def _lock(number: int) -> bool:
    """Lock an open file for as long as it is open; True where the system cannot."""
    try:
        import fcntl
    except ImportError:
        return True
    try:
        fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        return True
    return True

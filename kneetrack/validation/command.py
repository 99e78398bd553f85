"""``kneetrack validate``: run the clips, write what was found into a folder."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from kneetrack.recorded import Progress
from kneetrack.validation.clips import find_clips
from kneetrack.validation.run import How, run_clips
from kneetrack.validation.summary import TABLES, Validation

__all__ = ["How", "ValidateJob", "run", "write"]
PLOT = "bland-altman.png"


@dataclass(frozen=True, slots=True)
class ValidateJob:
    """What to validate: folders of clips, labels for them, and where to write (None: nowhere)."""

    folders: Sequence[Path]
    labels: Path | None = None
    out: Path | None = None
    jobs: int | None = None
    how: How = field(default_factory=How)


def run(job: ValidateJob, progress: Progress | None = None) -> Validation:
    """Do a job. Raises a KneetrackError before the first clip runs, or when nothing can be kept."""
    from kneetrack.settings import load_settings

    load_settings(job.how.config)
    clips = find_clips(job.folders, job.labels)
    if job.out is not None:
        from kneetrack.report.writing import make_folder

        make_folder(job.out)
    outcomes = run_clips(clips, job.how, jobs=job.jobs, progress=progress)
    found = Validation(tuple(outcomes), date.today())
    if job.out is not None:
        write(found, job.out)
    return found


def write(found: Validation, folder: Path) -> list[Path]:
    """validation.md, validation.json, readings.csv, verdicts.csv, a CSV a table, and the plot.

    What an earlier run left of these and this one does not have is removed. Raises OutputError.
    """
    from kneetrack.report.writing import make_folder, output_error, write_bytes
    from kneetrack.validation.page import validation_page
    from kneetrack.validation.plots import bland_altman_png

    make_folder(folder)
    picture = bland_altman_png(found.readings)
    texts = {
        "validation.md": validation_page(found, PLOT if picture else ""),
        "validation.json": found.json(),
        "readings.csv": found.readings_csv() if found.readings else "",
        "verdicts.csv": found.legs_csv() if found.legs else "",
        **{f"{name}.csv": "" for name in TABLES},
        **{f"{name}.csv": table.csv() for name, table in found.tables.items()},
    }
    contents = {name: text.encode() for name, text in texts.items()} | {PLOT: picture or b""}
    files: list[Path] = []
    for name, content in contents.items():
        path = folder / name
        if content:
            files.append(write_bytes(path, content))
            continue
        try:
            path.unlink(missing_ok=True)
        except OSError as error:
            raise output_error(path, error) from error
    return files

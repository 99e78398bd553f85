"""kneetrack validate: results held against known truth or labels."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kneetrack.cli_options import (
    Bridge,
    BridgeOption,
    ConfigOption,
    ModelOption,
    Quality,
    QualityOption,
)
from kneetrack.console import complain, inform
from kneetrack.progress import Progress

if TYPE_CHECKING:
    from kneetrack.validation.command import ValidateJob


def validate(
    folders: Annotated[list[Path], typer.Argument(help="Folders of clips with truth or labels.")],
    labels: Annotated[Path | None, typer.Option(help="CSV: clip, rep, side, rule, status.")] = None,
    out: Annotated[Path | None, typer.Option(help=r"Folder to write into \[validation].")] = None,
    jobs: Annotated[int | None, typer.Option(min=1, help=r"Clips at a time \[one a CPU].")] = None,
    quality: QualityOption = Quality.standard,
    bridge: BridgeOption = Bridge.low,
    config: ConfigOption = None,
    model: ModelOption = None,
    conditions: Annotated[
        str, typer.Option(help="Also filmed worse: all, or height240,dark,roll+8 ...")
    ] = "",
    json: Annotated[
        bool, typer.Option("--json", help="Print JSON; files only with --out.")
    ] = False,
) -> None:
    """Hold results against clips with known truth or labels: how far off, how often right."""
    from kneetrack.recorded import ClipOptions
    from kneetrack.validation.command import How, ValidateJob, run

    where = out or (None if json else Path("validation"))
    how = How(ClipOptions(model=model, quality=quality.value), bridge.value, config)
    if conditions:
        _validate_conditions(ValidateJob(folders, labels, where, jobs, how), conditions, json)
        return
    with Progress(quiet=json) as progress:
        found = run(ValidateJob(folders, labels, where, jobs, how), progress.update)
    sys.stdout.write(found.json() if json else found.text())
    if where is not None:
        inform(f"Everything is in {where}: begin with validation.md.")
    if found.failed:
        complain(found.complaint())
        raise typer.Exit(found.exit_code)


def _validate_conditions(job: ValidateJob, names: str, json: bool) -> None:
    from kneetrack.validation.by_condition import PAGE, run_conditions
    from kneetrack.validation.conditions import chosen

    conditions = chosen(names)
    with Progress(quiet=json) as progress:
        found = run_conditions(job, conditions, progress.update)
    sys.stdout.write(found.json() if json else found.text())
    if job.out is not None:
        inform(f"Everything is in {job.out}: begin with {PAGE}.")


def add_to(app: typer.Typer) -> None:
    """The command."""
    app.command()(validate)

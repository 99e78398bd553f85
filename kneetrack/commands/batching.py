"""`kneetrack batch`: many clips at once."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from kneetrack.cli_options import (
    Bridge,
    BridgeOption,
    ConfigOption,
    ExerciseOption,
    ModelOption,
    Quality,
    QualityOption,
)
from kneetrack.console import inform
from kneetrack.progress import BATCH, Progress

_WINDOW_S = 1800.0
"""Clips may take minutes each: what is left is estimated from the last half hour."""


def batch(
    sources: Annotated[
        list[str] | None,
        typer.Argument(help="Files, folders, patterns, a manifest CSV, or addresses (s3:// ...)."),
    ] = None,
    out: Annotated[str, typer.Option(help="Folder or address to write into.")] = "batch",
    jobs: Annotated[int | None, typer.Option(min=1, help=r"Clips at a time \[one a core].")] = None,
    exercise: ExerciseOption = "auto",
    bridge: BridgeOption = Bridge.low,
    config: ConfigOption = None,
    model: ModelOption = None,
    quality: QualityOption = Quality.standard,
    keep: Annotated[
        str, typer.Option(help="Files kept of each clip: landmarks, result, report, video; none.")
    ] = "landmarks,result",
    retry_failed: Annotated[
        bool, typer.Option("--retry-failed", help="Try clips again that could not be analysed.")
    ] = False,
    rehash: Annotated[
        bool, typer.Option("--rehash", help="Read every file again to see whether it changed.")
    ] = False,
    report_only: Annotated[
        bool, typer.Option("--report-only", help="Make tables and report again; analyse nothing.")
    ] = False,
    cluster: Annotated[
        str, typer.Option(help="Address of a Dask scheduler, tcp://HOST:8786.")
    ] = "",
    json: Annotated[bool, typer.Option("--json", help="Print a summary for programs.")] = False,
) -> None:
    """Work through many clips; what is done already is not done again."""
    from kneetrack.batch.command import REPORT, BatchJob, run
    from kneetrack.batch.telling import Lines

    job = BatchJob(
        sources=sources or [],
        out=out,
        jobs=jobs,
        exercise=exercise,
        bridge=bridge.value,
        config=config,
        model=model,
        quality=quality.value,
        keep=keep,
        retry_failed=retry_failed,
        rehash=rehash,
        report_only=report_only,
        cluster=cluster,
    )
    lines = None if json or sys.stderr.isatty() else Lines(inform)
    with Progress(quiet=json, window_s=_WINDOW_S) as progress:

        def told(done: int, total: int, failed: int) -> None:
            progress.update(BATCH, done, total, note=f"{failed} failed" if failed else "")
            if lines is not None:
                lines.update(done, total, failed)

        ended = run(job, told, remark=inform)
    if json:
        sys.stdout.write(ended.json())
    else:
        inform(f"{ended.text()} Everything is in {out}: begin with {REPORT}.")
    if ended.exit_code:
        raise typer.Exit(ended.exit_code)


def add_to(app: typer.Typer) -> None:
    """Add the command."""
    app.command("batch")(batch)

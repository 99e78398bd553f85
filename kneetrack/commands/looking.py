"""What there is on this computer: cameras, doctor."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from kneetrack.records import SourceError


def cameras(
    picture: Annotated[
        Path | None, typer.Option(help=r"Where to write what they see \[your data folder].")
    ] = None,
) -> None:
    """List the cameras: name, size, rate, and a picture of what each one sees."""
    from kneetrack.console import show_cameras
    from kneetrack.folders import data_folder
    from kneetrack.sources.cameras import find_cameras, no_camera

    found = find_cameras()
    if not found:
        raise SourceError(no_camera(listed=True))
    show_cameras(found, picture or data_folder() / "cameras.jpg")


def doctor() -> None:
    """Check the installation: versions, model, codecs, cameras, display, sound."""
    from kneetrack.console import show_checks
    from kneetrack.doctor import run_checks

    if not show_checks(run_checks()):
        raise typer.Exit(1)


def add_to(app: typer.Typer) -> None:
    """The commands."""
    for command in (cameras, doctor):
        app.command()(command)

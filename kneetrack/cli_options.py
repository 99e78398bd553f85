"""What the commands may be told: options that several share, and what they mean."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kneetrack.records import SettingsError

if TYPE_CHECKING:
    from kneetrack.recorded import Choice


class Quality(StrEnum):
    """How often each picture is read."""

    standard = "standard"
    best = "best"


class Bridge(StrEnum):
    """Which bridge was asked for."""

    low = "low"
    full = "full"


Clip = Annotated[
    Path | None,
    typer.Argument(
        help="A video, landmarks.npz of an earlier analysis, or a live session's folder."
    ),
]
Out = Annotated[Path | None, typer.Option(help=r"Folder to write into \[<clip>.kneetrack].")]
ExerciseOption = Annotated[str, typer.Option(help="auto, or a name of `kneetrack exercises`.")]
QualityOption = Annotated[
    Quality, typer.Option(help="best reads each picture twice: slower, for fast or choppy clips.")
]
ParallelOption = Annotated[
    bool, typer.Option(help="Two pictures at a time on two cores; the numbers are the same.")
]
BridgeOption = Annotated[Bridge, typer.Option(help="The glute bridge that was asked for.")]
PersonOption = Annotated[
    str, typer.Option(help="exerciser, largest, centre, moving, or 1, 2 ... from the left.")
]
ConfigOption = Annotated[Path | None, typer.Option(help="TOML file with your own bands.")]
ProgrammeOption = Annotated[
    Path | None,
    typer.Option("--programme", metavar="FILE", help="A programme whose limits are to hold."),
]
NoProgrammeOption = Annotated[
    bool, typer.Option("--no-programme", help="Ignore the limits of your own programme.")
]
WindowOption = Annotated[
    bool, typer.Option(help="Open a window; without: at the terminal and by ear.")
]
SoundOption = Annotated[bool, typer.Option(help="Sounds and spoken words.")]
FullScreenOption = Annotated[bool, typer.Option("--full-screen", help="Fill the screen.")]
OtherProgrammeOption = Annotated[
    Path | None,
    typer.Option(
        "--programme",
        metavar="FILE",
        help=r"Another one for once \[that prescribed, else your own, else the default].",
    ),
]
ModelOption = Annotated[Path | None, typer.Option(help="Another pose_landmarker bundle.")]


def named_takes(clip: Path | None, front: Path | None, side: Path | None) -> dict[str, Path]:
    """The takes by name: one unnamed clip, or front and side. Raises SettingsError."""
    named = {name: path for name, path in (("front", front), ("side", side)) if path is not None}
    if clip is not None and named:
        raise SettingsError("give either one CLIP, or --front CLIP and --side CLIP")
    if clip is None and len(named) != 2:
        raise SettingsError("give a CLIP, or --front CLIP and --side CLIP together")
    return named or {"": clip} if clip is not None else named


def person_choice(text: str) -> Choice:
    """Whom to follow: a name or a number from the left. Raises SettingsError."""
    from kneetrack.recorded import PERSONS

    if text.isdigit() and int(text) > 0:
        return int(text)
    for name in PERSONS:
        if text == name:
            return name
    raise SettingsError(
        f"unknown person {text!r}: use {', '.join(PERSONS)}, or 1, 2 ... from the left"
    )

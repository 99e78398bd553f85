"""The commands. Composes the rooms; holds no logic of its own."""

from __future__ import annotations

import os
import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from kneetrack import __version__
from kneetrack.console import Progress, complain, inform, show_exercises, show_result
from kneetrack.recorded import PERSONS, Choice
from kneetrack.records import KneetrackError, NobodySeenError, SettingsError

app = typer.Typer(
    name="kneetrack",
    help="Measure how the knees track in squats, bridges and lateral lunges.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
INTERRUPTED = 130
NOT_RECOGNISED = NobodySeenError.exit_code


class Bridge(StrEnum):
    """Which bridge was asked for."""

    low = "low"
    full = "full"


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"kneetrack {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """Measures and coaches; not a medical device, does not diagnose."""


Clip = Annotated[
    Path | None,
    typer.Argument(
        help="A video, landmarks.npz of an earlier analysis, or a live session's folder."
    ),
]
Out = Annotated[Path | None, typer.Option(help="Folder to write into [<clip>.kneetrack].")]
ExerciseOption = Annotated[str, typer.Option(help="auto, or a name of `kneetrack exercises`.")]
BridgeOption = Annotated[Bridge, typer.Option(help="The glute bridge that was asked for.")]
PersonOption = Annotated[
    str, typer.Option(help="exerciser, largest, centre, moving, or 1, 2 ... from the left.")
]


def analyse(
    clip: Clip = None,
    front: Annotated[
        Path | None, typer.Option(help="Front take, joined with --side in one report.")
    ] = None,
    side: Annotated[Path | None, typer.Option(help="Side take of the same exercise.")] = None,
    out: Out = None,
    exercise: ExerciseOption = "auto",
    bridge: BridgeOption = Bridge.low,
    person: PersonOption = "exerciser",
    start: Annotated[float | None, typer.Option(help="Begin at this second.")] = None,
    end: Annotated[float | None, typer.Option(help="Stop at this second.")] = None,
    speed: Annotated[
        float | None, typer.Option(help="Playback speed of slow motion: 0.25 = 4 times slower.")
    ] = None,
    rotate: Annotated[
        int | None, typer.Option(help="Turn the picture clockwise: 0, 90, 180 or 270.")
    ] = None,
    config: Annotated[Path | None, typer.Option(help="TOML file with your own bands.")] = None,
    model: Annotated[Path | None, typer.Option(help="Another pose_landmarker bundle.")] = None,
    video: Annotated[bool, typer.Option(help="Write annotated.mp4.")] = True,
    report: Annotated[bool, typer.Option(help="Write report.html.")] = True,
    trc: Annotated[bool, typer.Option("--trc", help="Write landmarks.trc, too.")] = False,
    json: Annotated[
        bool,
        typer.Option("--json", help="Print result.json and nothing else; files only with --out."),
    ] = False,
    timings: Annotated[bool, typer.Option("--timings", help="Say where the time went.")] = False,
) -> None:
    """Analyse a recorded clip: reps, knee measures, verdicts, and what could not be judged."""
    from kneetrack.outputs import Wanted
    from kneetrack.recorded import ClipOptions
    from kneetrack.work import Job, run

    takes = _takes(clip, front, side)
    job = Job(
        takes=takes,
        out=out,
        exercise=exercise,
        bridge=bridge.value,
        config=config,
        options=ClipOptions(start, end, speed, rotate, _person(person), model),
        wanted=Wanted(video, report, trc),
        write=not json or out is not None,
    )
    with Progress(quiet=json) as progress:
        outcome = run(job, progress.update)
    if json:
        sys.stdout.write(outcome.results[0].to_json() + "\n")
    else:
        show_result(outcome)
    if timings:
        inform(progress.timings())
    if all(result.exercise == "none" for result in outcome.results):
        complain(outcome.results[0].reason)
        raise typer.Exit(NOT_RECOGNISED)


app.command("analyse")(analyse)
app.command("analyze", hidden=True)(analyse)


def _takes(clip: Path | None, front: Path | None, side: Path | None) -> dict[str, Path]:
    named = {name: path for name, path in (("front", front), ("side", side)) if path is not None}
    if clip is not None and named:
        raise SettingsError("give either one CLIP, or --front CLIP and --side CLIP")
    if clip is None and len(named) != 2:
        raise SettingsError("give a CLIP, or --front CLIP and --side CLIP together")
    return named or {"": clip} if clip is not None else named


def _person(text: str) -> Choice:
    if text.isdigit() and int(text) > 0:
        return int(text)
    for name in PERSONS:
        if text == name:
            return name
    raise SettingsError(
        f"unknown person {text!r}: use {', '.join(PERSONS)}, or 1, 2 ... from the left"
    )


@app.command()
def demo(
    out: Annotated[Path, typer.Option(help="Folder to write into.")] = Path("demo-output"),
) -> None:
    """Analyse the bundled sample and say where to look."""
    from kneetrack.assets import demo_clip
    from kneetrack.work import Job, run

    with Progress() as progress:
        outcome = run(Job(takes={"": demo_clip()}, out=out), progress.update)
    show_result(outcome)


@app.command()
def exercises(
    name: Annotated[str | None, typer.Argument(help="Only this exercise.")] = None,
) -> None:
    """List exercises, their rules, bands and references."""
    from kneetrack.recorded import exercise_name

    show_exercises(exercise_name(name) if name else None)


@app.command()
def doctor() -> None:
    """Check the installation: versions, model, codecs, cameras, display, sound."""
    from kneetrack.console import show_checks
    from kneetrack.doctor import run_checks

    if not show_checks(run_checks()):
        raise typer.Exit(1)


def main() -> None:
    """Run the command line; every expected problem is one line and an exit code."""
    try:
        code = app(standalone_mode=False)
    except KneetrackError as error:
        complain(str(error))
        code = error.exit_code
    except (typer.Abort, KeyboardInterrupt):
        complain("interrupted; files already written are complete")
        code = INTERRUPTED
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 0
    except Exception as error:
        code = _unexpected(error)
    sys.exit(code if isinstance(code, int) else 0)


def _unexpected(error: Exception) -> int:
    """Usage errors of the command line, full disks, and honest surprises."""
    show = getattr(error, "show", None)
    if callable(show):
        show()
        return int(getattr(error, "exit_code", 2))
    if os.environ.get("KNEETRACK_DEBUG"):
        raise error
    complain(
        f"unexpected {type(error).__name__}: {error}. "
        "Please report it with what KNEETRACK_DEBUG=1 shows"
    )
    return 5 if isinstance(error, OSError) else 1

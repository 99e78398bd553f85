"""The commands. Composes the rooms; holds no logic of its own."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kneetrack import __version__
from kneetrack.cli_options import (
    Bridge,
    BridgeOption,
    Clip,
    ConfigOption,
    ExerciseOption,
    FullScreenOption,
    ModelOption,
    NoProgrammeOption,
    Out,
    ParallelOption,
    PersonOption,
    ProgrammeOption,
    Quality,
    QualityOption,
    SoundOption,
    WindowOption,
    named_takes,
    person_choice,
)
from kneetrack.commands import (
    batching,
    clients,
    diarying,
    guiding,
    handing,
    keeping,
    looking,
    practising,
    prescribing,
    reviewing,
    scoring,
    screen,
    selfchecking,
    serving,
    trends,
    validating,
    visits,
)
from kneetrack.commands.panels import in_panels, meant
from kneetrack.console import complain, inform, show_result
from kneetrack.progress import Progress
from kneetrack.records import KneetrackError, NobodySeenError, SettingsError

if TYPE_CHECKING:
    pass

app = typer.Typer(
    name="kneetrack",
    help="Measure how the knees track in squats, bridges and lateral lunges.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
INTERRUPTED = 130
STOPPED = "interrupted; files already written are complete"
NOT_RECOGNISED = NobodySeenError.exit_code


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
    config: ConfigOption = None,
    programme: ProgrammeOption = None,
    model: ModelOption = None,
    quality: QualityOption = Quality.standard,
    parallel: ParallelOption = True,
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
    from kneetrack.programme.effective import clip_settings
    from kneetrack.recorded import ClipOptions
    from kneetrack.work import Job, run

    takes = named_takes(clip, front, side)
    job = Job(
        takes=takes,
        out=out,
        exercise=exercise,
        bridge=bridge.value,
        settings=clip_settings(config, programme),
        options=ClipOptions(
            start, end, speed, rotate, person_choice(person), model, quality.value, parallel
        ),
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


@app.command()
def demo(
    out: Annotated[Path, typer.Option(help="Folder to write into.")] = Path("demo-output"),
) -> None:
    """Analyse the bundled sample and say where to look."""
    from kneetrack.assets import demo_clip
    from kneetrack.recorded import ClipOptions
    from kneetrack.work import Job, run

    with Progress() as progress:
        job = Job(takes={"": demo_clip()}, out=out, options=ClipOptions(parallel=True))
        outcome = run(job, progress.update)
    show_result(outcome)


@app.command()
def live(
    camera: Annotated[
        str,
        typer.Option(
            help=r"Index, device path, rtsp:// or http:// address, a video, or demo \[first found]."
        ),
    ] = "",
    exercise: ExerciseOption = "auto",
    sets: Annotated[int, typer.Option(min=1, help="Sets to do.")] = 3,
    reps: Annotated[int, typer.Option(min=1, help="Repetitions a set (a side, one-legged).")] = 10,
    rest: Annotated[float, typer.Option(help="Seconds between sets, 20 or more.")] = 60.0,
    feedback: Annotated[
        str, typer.Option(help="full, faded (less in every set) or off (deep lunges still speak).")
    ] = "full",
    bridge: BridgeOption = Bridge.low,
    record: Annotated[bool, typer.Option("--record", help="Keep a video, too.")] = False,
    blur_face: Annotated[
        bool, typer.Option("--blur-face", help="Blur the face in the video that is kept.")
    ] = False,
    out: Annotated[
        Path | None, typer.Option(help=r"Folder to keep it in \[your data folder].")
    ] = None,
    window: WindowOption = True,
    sound: SoundOption = True,
    full_screen: FullScreenOption = False,
    config: ConfigOption = None,
    programme: ProgrammeOption = None,
    no_programme: NoProgrammeOption = False,
    model: ModelOption = None,
) -> None:
    """Coach you through sets in front of the camera, then show the report."""
    from kneetrack.live.keeping import Keep
    from kneetrack.live.start import LiveJob, run_live
    from kneetrack.programme.effective import live_settings
    from kneetrack.work import Outcome

    if blur_face and not record:
        raise SettingsError("--blur-face is about the video that is kept: add --record")
    job = LiveJob(
        camera=camera,
        exercise=exercise,
        bridge=bridge.value,
        sets=sets,
        reps=reps,
        rest_s=rest,
        feedback=feedback,
        settings=live_settings(config, programme, exercise, inform, ignore=no_programme),
        model=model,
        keep=Keep(out, record, blur_face),
        window=window,
        sound=sound,
        full_screen=full_screen,
    )
    ended = run_live(job, inform)
    for note in ended.notes:
        inform(note)
    if ended.written is None:
        inform("No set was done: nothing was kept.")
        return
    result = ended.written.result
    show_result(Outcome([result], ended.folder, ended.written.files))
    if result.exercise == "none":
        complain(result.reason)
        raise typer.Exit(NOT_RECOGNISED)


for room in (
    *(batching, validating, guiding, looking, selfchecking, practising, diarying),
    *(clients, prescribing, keeping, screen, visits, trends, handing, reviewing, scoring, serving),
):
    room.add_to(app)
in_panels(app)


def main() -> None:
    """Run the command line; every expected problem is one line and an exit code."""
    try:
        code = app(standalone_mode=False)
        if code == INTERRUPTED:  # that is how the command line's library tells of Ctrl-C
            complain(STOPPED)
    except KneetrackError as error:
        complain(str(error))
        code = error.exit_code
    except (typer.Abort, KeyboardInterrupt):
        complain(STOPPED)
        code = INTERRUPTED
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 0
    except Exception as error:
        code = _unexpected(error)
    sys.exit(code if isinstance(code, int) else 0)


def _unexpected(error: Exception) -> int:
    """Usage errors of the command line, full disks, and honest surprises."""
    message = getattr(error, "format_message", None)
    if callable(message):
        if str(message()).strip():
            told = meant(str(message()))
            end = "" if told.endswith("?") else "."
            complain(f"{told}{end} See kneetrack --help, or that of the command.")
        return int(getattr(error, "exit_code", 2))
    if os.environ.get("KNEETRACK_DEBUG"):
        raise error
    complain(
        f"unexpected {type(error).__name__}: {error}. "
        "Please report it with what KNEETRACK_DEBUG=1 shows"
    )
    return 5 if isinstance(error, OSError) else 1

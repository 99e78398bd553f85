"""Measuring a client: a visit from clips or by camera, and the protocols."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kneetrack.cli_options import (
    ConfigOption,
    FullScreenOption,
    ModelOption,
    Quality,
    QualityOption,
    SoundOption,
    WindowOption,
)
from kneetrack.commands.opening import DbOption, opened_store
from kneetrack.commands.setting_up import (
    asked_setup,
    fail_left,
    say_end,
    say_protocol,
    say_setup,
    say_stopped,
)
from kneetrack.console import complain, inform
from kneetrack.progress import Progress
from kneetrack.records import SettingsError, SourceError
from kneetrack.stopping import CtrlC

if TYPE_CHECKING:
    from kneetrack.clinic.clip_visit import ClipPlan, Measured, Reading
    from kneetrack.clinic.live_visit import LiveAsked
    from kneetrack.clinic.visit import Visit, Wanted
    from kneetrack.clinic_records.visits import SetupFacts
    from kneetrack.store import Store


def screen(
    client: Annotated[str, typer.Argument(help="The client's code.")],
    protocol: Annotated[
        str | None,
        typer.Option(
            help="A name of `kneetrack protocols`, or a TOML file of your own "
            r"\[that of the session that is gone on with, else lower-limb]."
        ),
    ] = None,
    clips: Annotated[
        Path | None,
        typer.Option(help="Folder of clips, matched to takes by name: squat-front.mp4 ..."),
    ] = None,
    take: Annotated[
        list[str] | None,
        typer.Option(help="One clip for one take, such as squat:front=FILE; may be repeated."),
    ] = None,
    session: Annotated[
        str | None, typer.Option(metavar="NUMBER|DAY", help="Go on with this session.")
    ] = None,
    new_session: Annotated[
        bool, typer.Option("--new-session", help="Begin a new session, whatever is open.")
    ] = False,
    day: Annotated[
        str | None, typer.Option("--date", help=r"Day the clips were filmed \[today].")
    ] = None,
    distance: Annotated[
        str | None, typer.Option(help="Camera to client in metres, such as 3.")
    ] = None,
    camera_height: Annotated[
        str | None, typer.Option(help="Lens above the floor in metres, such as 0.7.")
    ] = None,
    footwear: Annotated[str, typer.Option(help='Such as "barefoot".')] = "",
    stance: Annotated[str, typer.Option(help='Such as "hip width", or cm between heels.')] = "",
    clothing: Annotated[str, typer.Option(help='Such as "shorts".')] = "",
    camera_name: Annotated[str, typer.Option(help="Which camera it is, in your words.")] = "",
    notes: Annotated[str, typer.Option(help="A note on this session.")] = "",
    camera: Annotated[
        str,
        typer.Option(
            help="Index, device path, rtsp:// or http:// address, a video or a folder of videos "
            r"\[first camera found]."
        ),
    ] = "",
    window: WindowOption = True,
    sound: SoundOption = True,
    full_screen: FullScreenOption = False,
    quality: QualityOption = Quality.standard,
    config: ConfigOption = None,
    model: ModelOption = None,
    db: DbOption = None,
) -> None:
    """Measure a client, take after take: by camera, or from clips with --clips.

    The same command again goes on where it was left.
    """
    from kneetrack.clinic.visit import Wanted, protocol_for

    from_clips = clips is not None or bool(take)
    _one_way(from_clips, camera, day)
    setup = _setup(distance, camera_height, footwear, stance, clothing, camera_name)
    on = None if day is None else _day(day)
    with opened_store(db) as store:
        wanted = Wanted(
            client=store.client(client).code,
            protocol=protocol_for(store, client, protocol, session, new=new_session, on=on),
            number=session,
            new=new_session,
            on=on,
            setup=setup,
            notes=notes,
        )
        store.need_consent(store.client(client).id)
        if from_clips:
            _from_clips(store, wanted, clips, take or [], _reading(quality, config, model))
        else:
            from kneetrack.clinic.live_visit import LiveAsked

            asked = LiveAsked(camera, config, model, window, sound, full_screen)
            _by_camera(store, wanted, asked)


def protocols(
    name: Annotated[str | None, typer.Argument(help="Show this one, or a TOML file.")] = None,
) -> None:
    """List the protocols, or show the takes of one."""
    from kneetrack.clinic.protocols import load_protocol, protocol_names
    from kneetrack.commands.visit_tables import show_protocol, show_protocols

    if name is None:
        show_protocols([load_protocol(known) for known in protocol_names()])
    else:
        show_protocol(load_protocol(name))


# -- clips --------------------------------------------------------------------------------------


def _from_clips(
    store: Store, wanted: Wanted, folder: Path | None, said: list[str], reading: Reading
) -> None:
    """The plan, then the work; what is wrong with one clip does not stop the rest."""
    from kneetrack.clinic.clip_visit import plan_clips
    from kneetrack.clinic.matching import match_clips
    from kneetrack.clinic.visit import begin_visit
    from kneetrack.commands.visit_tables import show_plan

    plan = plan_clips(store, wanted, match_clips(wanted.protocol, folder, said))
    if not plan.clips:
        raise SourceError(f"there are no clips in {folder}: name them like squat-front.mp4")
    say_protocol(store, wanted, plan.session)
    show_plan(wanted, plan)
    if not plan.to_do:
        inform("Nothing is left to be measured.")
        return
    before = plan.session.setup if plan.session is not None else None
    visit = begin_visit(store, replace(wanted, setup=asked_setup(store, wanted, before)))
    say_setup(store, visit)
    fail_left(store, visit)
    try:
        with CtrlC() as stop:
            done = list(_measured(store, visit, plan, reading, stop))
    except KeyboardInterrupt:
        say_stopped(store, visit, new=wanted.new)
        raise
    say_end(store, visit)
    failed = [one for one in done if one.check is None]
    if failed:
        clips = f"{len(failed)} of {len(done)} clips"
        complain(f"{clips} could not be measured, as told above; the rest is kept")
        raise typer.Exit(SourceError.exit_code)


def _measured(
    store: Store, visit: Visit, plan: ClipPlan, reading: Reading, stop: CtrlC
) -> Iterator[Measured]:
    """What becomes of each clip, told when it is known, with a bar meanwhile."""
    from kneetrack.clinic.clip_visit import measure_clip
    from kneetrack.commands.visit_tables import show_measured

    for number, clip in enumerate(plan.to_do, start=1):
        stop.check()
        inform(f"{number} of {len(plan.to_do)}: {clip.clip.name}")
        with Progress() as bar:
            measured = measure_clip(store, visit, clip, reading, stop.checked(bar.update))
        show_measured(measured)
        yield measured


def _reading(quality: Quality, config: Path | None, model: Path | None) -> Reading:
    from kneetrack.clinic.clip_visit import Reading
    from kneetrack.recorded import ClipOptions
    from kneetrack.settings import load_settings

    return Reading(ClipOptions(model=model, quality=quality.value), load_settings(config))


# -- by camera ----------------------------------------------------------------------------------


def _by_camera(store: Store, wanted: Wanted, asked: LiveAsked) -> None:
    from kneetrack.clinic.live_visit import run_visit
    from kneetrack.clinic.visit import begin_visit, open_session

    open_now = open_session(store, wanted, datetime.now().astimezone())
    before = None if open_now is None else open_now.setup
    say_protocol(store, wanted, open_now)
    wanted = replace(wanted, setup=asked_setup(store, wanted, before))
    begun: list[Visit] = []

    def begin() -> Visit:
        begun.append(begin_visit(store, wanted))
        say_setup(store, begun[0])
        fail_left(store, begun[0])
        return begun[0]

    try:
        run_visit(store, wanted.protocol, begin, asked, inform)
    finally:
        for visit in begun:
            say_end(store, visit)


# -- what is said around it ---------------------------------------------------------------------


def _one_way(from_clips: bool, camera: str, day: str | None) -> None:
    if from_clips and camera:
        raise SettingsError("give either --camera, or clips with --clips and --take")
    if day is not None and not from_clips:
        raise SettingsError("--date is for clips that were filmed before: add --clips")


def _day(text: str) -> date:
    from kneetrack.clinic.visit import noon

    try:
        day = date.fromisoformat(text.strip())
    except ValueError:
        raise SettingsError(f"cannot read --date {text!r}: write it like 2026-05-03") from None
    noon(day)
    return day


def _setup(
    distance: str | None,
    camera_height: str | None,
    footwear: str,
    stance: str,
    clothing: str,
    camera: str,
) -> SetupFacts:
    from kneetrack.clinic.setup_facts import with_fact
    from kneetrack.clinic_records.visits import SetupFacts

    told = SetupFacts(footwear=footwear, stance=stance, clothing=clothing, camera=camera)
    told = with_fact(told, "distance_m", distance or "")
    return with_fact(told, "camera_height_m", camera_height or "")


def add_to(app: typer.Typer) -> None:
    """Put the commands on the command line."""
    app.command()(screen)
    app.command()(protocols)

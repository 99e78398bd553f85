"""Practising: today's practice of the programme, by camera or by ear."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from kneetrack.cli_options import (
    ConfigOption,
    FullScreenOption,
    ModelOption,
    OtherProgrammeOption,
    SoundOption,
    WindowOption,
)
from kneetrack.commands.opening import DbOption, opened_store
from kneetrack.commands.whose_diary import ClientOption
from kneetrack.console import inform
from kneetrack.records import SettingsError

if TYPE_CHECKING:
    from kneetrack.clinic_records.people import Client
    from kneetrack.report.practice.facts import PracticeShown
    from kneetrack.store import Store

group = typer.Typer(
    help="Do today's practice of the hip programme, or show and change the programme.",
    invoke_without_command=True,
)


@group.callback()
def programme(
    ctx: typer.Context,
    client: ClientOption = None,
    camera: Annotated[
        str,
        typer.Option(
            help=r"Index, device path, rtsp:// or http:// address, a video, or a folder of clips "
            r"named like parts: lunge.mp4, bridge-side.mp4 ... \[first found]."
        ),
    ] = "",
    no_camera: Annotated[
        bool, typer.Option("--no-camera", help="Everything by ear, nothing is measured.")
    ] = False,
    skip: Annotated[
        list[str] | None, typer.Option(metavar="PART", help="Leave this part out; several times.")
    ] = None,
    only: Annotated[
        list[str] | None, typer.Option(metavar="PART", help="This part alone; several times.")
    ] = None,
    file: OtherProgrammeOption = None,
    window: WindowOption = True,
    sound: SoundOption = True,
    full_screen: FullScreenOption = False,
    config: ConfigOption = None,
    model: ModelOption = None,
    db: DbOption = None,
) -> None:
    """Do today's practice: about 20 minutes, by camera where there is one, else by ear.

    Space begins and pauses, S leaves a part out, P says that it hurts, Q stops for today.
    """
    if ctx.invoked_subcommand is not None:
        return
    from kneetrack.programme.own import programme_for
    from kneetrack.programme.run import PracticeAsked, checked, run_programme

    if camera and no_camera:
        raise SettingsError("give either --camera or --no-camera")
    asked = PracticeAsked(
        None if no_camera else camera,
        config,
        model,
        window,
        sound,
        full_screen,
        tuple(skip or ()),
        tuple(only or ()),
    )
    with opened_store(db) as store:
        known = store.client(client) if client else store.own_client()
        today = programme_for(store, known, file)[0]
        checked(today, asked)
        who = known or first_time(store)
        run_programme(store, who, today, asked, inform, _show)


def first_time(store: Store) -> Client:
    """Who practises here, for the first time: told where the diary is, then made."""
    inform(
        f"Your diary is kept in {store.files.parent}; nothing is sent anywhere, and no video is "
        "kept."
    )
    client = store.make_own_client()
    inform(f"To delete all of it: kneetrack client delete {client.code}")
    return client


def _show(shown: PracticeShown) -> None:
    from kneetrack.programme.summary import terminal_lines

    for line in terminal_lines(shown):
        typer.echo(line)


def add_to(app: typer.Typer) -> None:
    """Put the commands on the command line."""
    from kneetrack.commands import programme_files

    programme_files.add_to(group)
    app.add_typer(group, name="programme")

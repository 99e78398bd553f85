"""The self-check: five signs, asked and, where there is a camera, measured."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Annotated

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
from kneetrack.commands.practising import first_time
from kneetrack.commands.whose_diary import ClientOption
from kneetrack.console import inform
from kneetrack.records import SettingsError


def selfcheck(
    client: ClientOption = None,
    camera: Annotated[
        str,
        typer.Option(
            help=r"Index, device path, rtsp:// or http:// address, a video, or a folder of clips "
            r"named like takes: stance-left.mp4, squat.mp4 ... \[first found]."
        ),
    ] = "",
    no_camera: Annotated[
        bool, typer.Option("--no-camera", help="The questions alone; nothing is measured.")
    ] = False,
    file: OtherProgrammeOption = None,
    window: WindowOption = True,
    sound: SoundOption = True,
    full_screen: FullScreenOption = False,
    out: Annotated[Path | None, typer.Option(help="Folder that gets a copy of the page.")] = None,
    config: ConfigOption = None,
    model: ModelOption = None,
    db: DbOption = None,
) -> None:
    """Look for five signs in knees and hips: a few questions, then by camera where there is one.

    First it asks whether a doctor should have a look before anything else. No video is kept.
    """
    from kneetrack.programme.own import programme_for
    from kneetrack.selfcheck.start import NOTHING_KEPT, SelfCheckAsked, run_selfcheck

    if camera and no_camera:
        raise SettingsError("give either --camera or --no-camera")
    asked = SelfCheckAsked(None if no_camera else camera, config, model, window, sound, full_screen)
    with opened_store(db) as store:
        known = store.client(client) if client else store.own_client()
        programme = programme_for(store, known, file)[0]
        who = known or first_time(store)
        ended = run_selfcheck(store, who, programme, asked, inform)
    if ended is None:
        inform(NOTHING_KEPT)
        return
    from kneetrack.commands.selfcheck_shown import show_outcome

    page = ended.page if out is None else _copied(ended.page, out)
    show_outcome(ended.outcome, page)


def _copied(page: Path, out: Path) -> Path:
    from kneetrack.report.writing import make_folder, output_error

    try:
        return Path(shutil.copy(page, make_folder(out) / page.name))
    except OSError as error:
        raise output_error(out, error) from error


def add_to(app: typer.Typer) -> None:
    """Put the command on the command line."""
    app.command()(selfcheck)

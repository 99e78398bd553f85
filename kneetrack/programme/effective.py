"""Settings as they are in effect: a settings file, and over it what a programme asks for."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from kneetrack.programme.limits import refuse_left_out, respected, with_programme
from kneetrack.programme.own import own_programme
from kneetrack.programme.reading import load_programme
from kneetrack.recorded import exercise_name
from kneetrack.records import SettingsError
from kneetrack.settings import Settings, load_settings

Tell = Callable[[str], None]


def clip_settings(config: Path | None, file: Path | None) -> Settings:
    """For recorded clips: the limits of a programme hold where its file is named."""
    settings = load_settings(config)
    return settings if file is None else with_programme(settings, load_programme(file))


def live_settings(
    config: Path | None, file: Path | None, exercise: str, tell: Tell, *, ignore: bool = False
) -> Settings:
    """For a live session: by itself it respects the own programme, and says so in one line.

    ignore: no programme at all. Raises SettingsError for an exercise that is left out, and when
    the own programme is damaged: its limits would not be kept.
    """
    if ignore and file is not None:
        raise SettingsError("give --programme FILE or --no-programme, not both")
    settings = load_settings(config)
    if ignore:
        return settings
    try:
        programme = own_programme() if file is None else load_programme(file)
    except SettingsError as error:
        hint = "; or go without it: --no-programme" if file is None else ""
        raise SettingsError(f"{error}{hint}") from None
    if programme is None:
        return settings
    refuse_left_out(programme, exercise_name(exercise))
    told = respected(programme)
    if told:
        tell(f"Respects {told}.")
    elif file is not None:
        tell(f"The programme {programme.title!r} sets no limits: nothing is judged differently.")
    return with_programme(settings, programme)

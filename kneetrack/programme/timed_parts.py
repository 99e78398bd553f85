"""A timed part: station after station, with the next one announced."""

from __future__ import annotations

from collections.abc import Callable

from kneetrack.guide.pages import Page, picture_path
from kneetrack.live.timed import Timer
from kneetrack.programme.desk import Desk
from kneetrack.programme.run_of_part import Go, RunOfPart
from kneetrack.programme.stations import stations_of
from kneetrack.records import SettingsError


def timers_of(run: RunOfPart, page: Page, *, watches: bool) -> tuple[Timer, ...]:
    """A timer for each station. watches: whether there is a camera.

    Who rolls on the floor or leans over a couch is no more seen than who has walked off: only in
    upright positions is it noticed.
    """
    stations = stations_of(run.part, run.dose, page)
    following = [*stations[1:], None]
    return tuple(
        Timer(
            title=here.title,
            seconds=here.seconds,
            say=f"{here.title}. {here.position.say}",
            figure=figure_path(here.position.figure),
            next_title="" if then is None else then.title,
            watches=watches and page.upright,
            exercise=run.part.title,
        )
        for here, then in zip(stations, following, strict=True)
    )


def figure_path(name: str) -> str:
    """Where a figure is; "" for none. A practice goes on without its pictures."""
    try:
        return str(picture_path(name)) if name else ""
    except SettingsError:
        return ""


def do_timed(run: RunOfPart, page: Page, desk: Desk, keep: Callable[[], None]) -> Go:
    """All stations, until one of them ends the part. keep: called after each."""
    timers = timers_of(run, page, watches=desk.stage.sees)
    run.stations = len(timers)
    for timer in timers:
        go = hold(run, timer, desk)
        if go != "on":
            run.hurt = go == "pain"
            return go
        keep()
    return "on"


def hold(run: RunOfPart, timer: Timer, desk: Desk) -> Go:
    """One station by the clock."""
    before = run.seconds

    def add(seconds: float) -> None:
        run.seconds += seconds
        run.stations_done += seconds >= timer.seconds

    go = desk.time(timer, add)
    if run.seconds == before and not run.why:
        run.why = f"left out: {timer.title[:1].lower()}{timer.title[1:]}"
    return go

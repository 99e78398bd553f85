"""A balance before the camera: one leg after the other, each for so long; else by the clock."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Final

from kneetrack.clinic_records.practice import PartMeasure
from kneetrack.live.plan import Plan
from kneetrack.programme import words
from kneetrack.programme.cameras import of_one_leg
from kneetrack.programme.filmed import GONE_S, SET_DONE, Filmed, film
from kneetrack.programme.run_of_part import Go
from kneetrack.programme.sets import Sets
from kneetrack.programme.stations import Station, stations_of
from kneetrack.programme.timed_parts import hold, timers_of
from kneetrack.records import SideName, Status
from kneetrack.result import Result

if TYPE_CHECKING:
    from kneetrack.live.timed import Timer
    from kneetrack.sources.camera import Camera

HELD_ENOUGH: Final = 0.95
_ERROR_S: Final = 0.1


def do_balances(sets: Sets) -> Go:
    """All legs, until one of them ends the part."""
    run, desk = sets.run, sets.desk
    stations = stations_of(run.part, run.dose, sets.page)
    run.stations = len(stations)
    for number, station in enumerate(stations):
        timer = timers_of(run, sets.page, watches=desk.stage.sees)[number]
        go = _station(sets, station, timer, number + 1)
        if go != "on":
            run.hurt = go == "pain"
            return go
        sets.keep()
    return "on"


def balance_plan(station: Station, number: int, total: int) -> Plan:
    """What the live session is told."""
    return Plan(
        exercise="single_leg_stance",
        sets_total=total,
        reps_total=1,
        feedback="faded",
        title=station.title,
        view="front",
        hold_s=station.seconds,
        done=SET_DONE,
        first_set=number,
        last_set=number,
        gone_s=GONE_S,
        begin_words=f"Stand on your {station.side} leg" if station.side else "",
    )


def held(result: Result, station: Station) -> PartMeasure:
    """How long that leg was stood on, at the longest, and no longer than was asked for."""
    seconds = [rep.hold_s for rep in result.reps if rep.side == station.side]
    held_s = min(max(seconds, default=0.0), station.seconds)
    status: Status = "ok" if held_s >= HELD_ENOUGH * station.seconds else "watch"
    side: SideName = "right" if station.side == "right" else "left"
    return PartMeasure("seconds_held", side, status, "hold", "s", held_s, _ERROR_S, "", 1, 1)


def _station(sets: Sets, station: Station, timer: Timer, number: int) -> Go:
    camera = _camera(sets, station)
    if camera is None:
        return hold(sets.run, timer, sets.desk)
    assert sets.filming is not None
    with camera as entered:
        filmed = _film(sets, station, number, entered)
    _take(sets, station, filmed)
    go = sets.after(filmed)
    return hold(sets.run, timer, sets.desk) if filmed.lost and go == "on" else go


def _camera(sets: Sets, station: Station) -> AbstractContextManager[Camera] | None:
    """Clips may be named by leg, such as "balance-left.mp4"."""
    if sets.filming is None:
        return None
    part, cameras = sets.run.part, sets.filming.cameras
    found = cameras.of(of_one_leg(part, station.side), "front") or cameras.of(part, "front")
    if found is None:
        sets.tell(words.NO_CLIP)
    return found


def _film(sets: Sets, station: Station, number: int, camera: Camera) -> Filmed:
    filming = sets.filming
    assert filming is not None
    plan = balance_plan(station, number, sets.run.stations)
    settings, folder = filming.settings, sets.folder()
    return film(sets.run.part, plan, filming.studio, camera, settings, folder, sets.tell)


def _take(sets: Sets, station: Station, filmed: Filmed) -> None:
    sets.run.take(filmed)
    if filmed.result is not None and filmed.result.reps:
        told = held(filmed.result, station)
        sets.run.held.append(told)
        sets.run.stations_done += told.status == "ok"

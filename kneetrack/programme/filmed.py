"""Sets before the camera: one live session for sets in a row that are filmed from the same side."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from kneetrack.clinic_records.practice import Dose
from kneetrack.live.keeping import Keep, Keeper
from kneetrack.live.plan import Plan, counts_each_side
from kneetrack.programme.cameras import View
from kneetrack.programme.values import Part
from kneetrack.question import Question
from kneetrack.recorded import exercise_name
from kneetrack.records import KneetrackError, SideName
from kneetrack.result import Result
from kneetrack.sets import REST_BETWEEN_SETS_S
from kneetrack.settings import Settings

if TYPE_CHECKING:
    from kneetrack.live.start import Studio
    from kneetrack.sources.camera import Camera

GONE_S: Final = 30.0
"""Who is not in the picture for so long before a set has walked off."""
PUSH_OFF: Final = "Breathe out as you push off"
SET_DONE: Final = "Done. Well done."


@dataclass(frozen=True, slots=True)
class SetsInRow:
    """Sets that are filmed in one go; numbers from 1, the last one included."""

    first: int
    last: int
    view: View = ""


@dataclass(frozen=True, slots=True)
class Filmed:
    """What became of sets. how: as in ``LiveSession.how_ended``, or "close", or "interrupt".

    result: None when no set was begun. folder: name of what was kept, "" nothing. lost: why the
    camera is gone. counted: aloud, in each set, side by side.
    """

    how: str
    result: Result | None = None
    folder: str = ""
    lost: str = ""
    problem: KneetrackError | None = None
    counted: tuple[Mapping[SideName, int], ...] = ()


def view_of(part: Part, number: int) -> View:
    """From where a set is looked at; views take turns."""
    return part.views[(number - 1) % len(part.views)] if part.views else ""


def sets_from(part: Part, dose: Dose, first: int) -> SetsInRow:
    """The sets from one on that are filmed from the same side."""
    view, last = view_of(part, first), first
    while last < (dose.sets or 1) and view_of(part, last + 1) == view:
        last += 1
    return SetsInRow(first, last, view)


def plan_of(part: Part, dose: Dose, sets: SetsInRow) -> Plan:
    """What the live session is told: coaching in the first set, less in every one after it."""
    return Plan(
        exercise=part.exercise,
        sets_total=dose.sets or 1,
        reps_total=dose.reps or 1,
        rest_s=max(part.rest_s, REST_BETWEEN_SETS_S),
        feedback="faded",
        title=part.title,
        view=sets.view,
        each_side=counts_each_side(part.exercise, part.sides, sets.view),
        done=SET_DONE,
        first_set=sets.first,
        last_set=sets.last,
        gone_s=GONE_S,
        begin_words=begin_words(part, dose),
    )


def begin_words(part: Part, dose: Dose) -> str:
    """Said at "Go": the breath of a lunge, the hold of a bridge."""
    if part.exercise == "lateral_lunge":
        return PUSH_OFF
    if part.exercise == "glute_bridge" and dose.hold_s:
        seconds = "second" if dose.hold_s == 1 else "seconds"
        return f"Hold each one at the top for {dose.hold_s:g} {seconds}"
    return ""


def question_of(part: Part, settings: Settings) -> Question:
    """What is to be read from it."""
    return Question(settings, exercise_name(part.exercise), part.bridge_mode)


def film(
    part: Part,
    plan: Plan,
    studio: Studio,
    camera: Camera,
    settings: Settings,
    folder: Path,
    tell: Callable[[str], None],
) -> Filmed:
    """Film sets, from standing still to the result. camera: entered. folder: of the practice.

    Whatever ends it, what was done has been analysed and is told; a KneetrackError that befell it
    is in ``problem``.
    """
    name = free_name(folder, f"{part.key}-{plan.first_set}")
    keeper = Keeper(Keep(folder / name), part.exercise, studio.versions)
    studio.backend.reset()
    how = ""
    with keeper:
        session = studio.session(camera, question_of(part, settings), plan, keeper, tell)
        session.leave_when_done = True
        try:
            session.run()
        except KeyboardInterrupt:
            how = "interrupt"
    if not how:
        closed = studio.front is not None and studio.front.closed
        how = "close" if closed else session.how_ended
    written = session.ending.written
    if written is None:
        with suppress(OSError):
            (folder / name).rmdir()
    kept = name if (folder / name).is_dir() else ""
    result = None if written is None else written.result
    return Filmed(how, result, kept, session.lost, session.ending.problem, session.counted)


def free_name(folder: Path, name: str) -> str:
    """The name, or with -2, -3 where sets are done again."""
    number, free = 1, name
    while (folder / free).exists():
        number += 1
        free = f"{name}-{number}"
    return free

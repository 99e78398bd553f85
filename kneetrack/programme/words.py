"""What a practice says and shows, apart from what the guide's pages say."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from kneetrack.clinic_records.practice import NOT_BEGUN, Dose, PartDone
from kneetrack.guide.pages import Page
from kneetrack.programme.cameras import View
from kneetrack.programme.stations import is_timed, stations_of
from kneetrack.programme.values import Part, PlannedPart

NEXT_MORNING: Final = "How did your knee feel the morning after the last practice?"
PAIN_BEFORE: Final = "How much do your knees or hips hurt now?"
PAIN_AFTER: Final = "How much do they hurt now, after it?"
CONTROL: Final = "Did every repetition go with control?"
BY_EAR: Final = "The camera is gone. Going on by ear."
NO_CLIP: Final = "There is no clip for these sets. They go by ear."
NO_CAMERA: Final = "No camera: everything goes by ear"
WALKED_OFF: Final = "You walked off. Does it hurt?"
STOPPED_HERE: Final = "Stopped here"
NOTHING_MORE: Final = "Nothing more is done today."
NOTHING_DONE: Final = "Nothing was done: it is not in the diary."
KEPT: Final = "Stopped. What was done and told until now is in your diary: kneetrack diary"
NOTHING_KEPT: Final = "Stopped. No practice was begun: nothing was kept of it."
IN_THE_DIARY: Final = "what was done until then is in the diary."
RESTS: Final = "left out for now"
HURT_BEFORE: Final = "it hurt before it was begun"
PAIN_AFTER_THEN: Final = "How much do your knees or hips hurt, after that?"
BEFORE: Final = "Before you begin"
DOCTOR_IF: Final = "See a doctor if it stays like that."
TOMORROW: Final = (
    "Tomorrow morning tell how your knee feels: kneetrack diary pain N, with N from 0 to 10"
)
TOMORROW_SAY: Final = "Tomorrow morning tell how your knee feels."
NO_PRACTICE: Final = "No practice today."
_VIEW: Final[dict[View, str]] = {
    "": "",
    "front": "Face the camera.",
    "side": "Side-on to the camera.",
    "foot_end": "Lie with your feet to the camera.",
}
_MOVE: Final[dict[View, str]] = {
    "": "",
    "front": "Now face the camera.",
    "side": "Now lie or stand side-on to the camera.",
    "foot_end": "Now turn your feet to the camera.",
}
STATUS: Final = {"done": "done", "partly": "partly", "skipped": "left out", "pain": "it hurt"}


def view_words(view: View) -> str:
    """How to be in front of the camera."""
    return _VIEW[view]


def move_words(before: View, view: View) -> str:
    """What to change before the next sets; "" nothing."""
    return "" if before == view else _MOVE[view]


def dose_words(part: Part, dose: Dose, page: Page) -> str:
    """``2 sets of 8 on each side``, ``6 times 30 seconds``."""
    if is_timed(part):
        stations = stations_of(part, dose, page)
        return f"{_times(len(stations))}{stations[0].seconds:.0f} seconds"
    sets, reps = dose.sets or 1, dose.reps or 1
    each = _side_words(part, page)
    hold = f", held for {dose.hold_s:g} s" if dose.hold_s else ""
    deep = f", no deeper than {dose.depth_deg:.0f}°" if dose.depth_deg is not None else ""
    return f"{sets} {'set' if sets == 1 else 'sets'} of {reps}{each}{hold}{deep}"


def today_words(planned: PlannedPart, page: Page) -> str:
    """The dose of today, or that there is none."""
    return RESTS if planned.rests else dose_words(planned.part, planned.dose, page)


def _times(count: int) -> str:
    return "" if count == 1 else f"{count} times "


def _side_words(part: Part, page: Page) -> str:
    if not page.each_side:
        return ""
    return " on each side" if part.sides == "both" else f" on the {part.sides} side"


def intro_words(planned: PlannedPart, page: Page, view: View) -> str:
    """Said before a part: what it is, how much, how to begin, from where it is seen."""
    part = planned.part
    dose = dose_words(part, planned.dose, page)
    said = (f"{part.title}: {dose}.", page.say, view_words(view))
    return " ".join(words for words in said if words)


def hurt_before(part: Part) -> str:
    """What the diary is told where it hurt on the card before a part."""
    return f"It hurt before the {part.title[:1].lower()}{part.title[1:]} was begun."


def change_words(planned: PlannedPart) -> str:
    """Why there is more or less of it than last time; "" where it is the same."""
    return "" if planned.change == "same" else planned.why


def rest_words(number: int, total: int) -> str:
    """``Next: set 2 of 3``"""
    return f"Next: set {number} of {total}"


def done_words(done: PartDone) -> str:
    """What was done of a part: ``2 of 2 sets, 32 repetitions``, ``3 minutes``."""
    if done.not_begun:
        return NOT_BEGUN
    if done.status == "skipped":
        return STATUS["skipped"]
    if done.dose.reps is None:
        told = duration(done.seconds)
    else:
        reps = f"{done.reps_done} repetition{'' if done.reps_done == 1 else 's'}"
        sets = done.dose.sets or 1
        told = f"{done.sets_done} of {sets} {'set' if sets == 1 else 'sets'}, {reps}"
    return told if done.status == "done" else f"{told}, {STATUS[done.status]}"


def short_words(done: PartDone) -> str:
    """The same for the screen: ``32 reps``, ``3 min``."""
    if done.status == "skipped" or done.dose.reps is None:
        return done_words(done)
    told = f"{done.reps_done} rep{'' if done.reps_done == 1 else 's'}"
    return told if done.status == "done" else f"{told}, {STATUS[done.status]}"


def duration(seconds: float) -> str:
    """``45 s``, ``3 min``."""
    return f"{seconds:.0f} s" if seconds < 100 else f"{seconds / 60:.0f} min"


def listed(words: Sequence[str]) -> str:
    """``a, b or c``"""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} or {words[-1]}"

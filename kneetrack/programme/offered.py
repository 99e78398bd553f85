"""What each exercise takes in a programme: which doses, how much, and from where to look."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from kneetrack.clinic_records.kinds import ViewAsked
from kneetrack.guide.pages import Page, load_page, page_names

Range = tuple[float, float]

SETS: Final[Range] = (1, 6)
REPS: Final[Range] = (1, 30)
REST_S: Final[Range] = (20, 300)
HOLD_TIMED_S: Final[Range] = (5, 180)
HOLD_S: Final[Mapping[str, Range]] = {
    "glute_bridge": (1, 15),
    "single_leg_stance": (5, 60),
}
"""Exercises that are held, and for how long, where that differs from other timed ones."""
KNEE_FLEXION_DEG: Final[Range] = (20, 140)
BENDING: Final = ("lateral_lunge", "squat", "single_leg_squat")
"""Exercises whose depth can be limited."""
VIEWS: Final[Mapping[str, tuple[ViewAsked, ...]]] = {
    "glute_bridge": ("side", "foot_end"),
    "lateral_lunge": ("front", "side"),
    "squat": ("front", "side"),
    "single_leg_squat": ("front", "side"),
    "single_leg_stance": ("front",),
}
_USUAL_VIEWS: Final[Mapping[str, tuple[ViewAsked, ...]]] = {"glute_bridge": ("side", "foot_end")}


def page_of(exercise: str) -> Page:
    """The page of an exercise, by name or alias. Raises SettingsError with the nearest one."""
    return load_page(exercise)


def exercise_names() -> tuple[str, ...]:
    """Names of all exercises that a programme can hold."""
    return page_names()


def usual_views(exercise: str) -> tuple[ViewAsked, ...]:
    """From where an exercise is looked at when nothing else is asked; () where no camera judges."""
    if exercise not in VIEWS:
        return ()
    return _USUAL_VIEWS.get(exercise, ("front",))


def hold_range(page: Page) -> Range | None:
    """For how long it may be held; None: nothing is held in it."""
    own = HOLD_S.get(page.name)
    return HOLD_TIMED_S if own is None and page.kind == "timed" else own


def positions_of(page: Page, chosen: tuple[str, ...]) -> int:
    """How many positions a part has: those chosen, else all of the page, at least one."""
    return len(chosen) or max(1, len(page.positions))

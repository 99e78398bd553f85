"""A part that is counted: set after set, before the camera where there is one, else by ear."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from kneetrack.guide.pages import Page
from kneetrack.live.paced import Pace
from kneetrack.live.tempo import Tempo, beats_for
from kneetrack.programme import words
from kneetrack.programme.cameras import Cameras
from kneetrack.programme.desk import Desk
from kneetrack.programme.filmed import Filmed, SetsInRow, film, plan_of, sets_from, view_of
from kneetrack.programme.run_of_part import Go, RunOfPart
from kneetrack.programme.timed_parts import figure_path
from kneetrack.records import SideName
from kneetrack.settings import Settings

if TYPE_CHECKING:
    from kneetrack.live.start import Studio
    from kneetrack.sources.camera import Camera


@dataclass(slots=True)
class Filming:
    """What sets are filmed with. settings: with the programme's limits."""

    studio: Studio
    cameras: Cameras
    settings: Settings


@dataclass(slots=True)
class Sets:
    """Does a counted part.

    folder: of the practice. give_up_camera: it is gone for good. keep: called after each set.
    """

    run: RunOfPart
    page: Page
    desk: Desk
    filming: Filming | None
    folder: Callable[[], Path]
    tell: Callable[[str], None]
    give_up_camera: Callable[[], None]
    keep: Callable[[], None] = lambda: None

    def do(self) -> Go:
        """Until all sets are done, or something ends the part."""
        total, at = self.run.dose.sets or 1, 1
        go: Go = "on"
        while at <= total:
            seen = self.filming is not None
            at, go = self._sets(at)
            if go != "on":
                break
            self.keep()
            if at <= total and (go := self._rest(at, seen and self.filming is not None)) != "on":
                break
        self.run.hurt = go == "pain"
        if self.run.by_ear and sum(self.run.by_ear) and go in ("on", "next"):
            self.run.own_word = self.desk.yes_no(words.CONTROL)
        return go

    def _sets(self, at: int) -> tuple[int, Go]:
        """The next sets, and the number of the one that comes after them."""
        if self.filming is not None:
            sets = sets_from(self.run.part, self.run.dose, at)
            camera = self.filming.cameras.of(self.run.part, sets.view)
            if camera is not None:
                with camera as entered:
                    return self._filmed(self.filming, sets, entered)
            self.tell(words.NO_CLIP)
        return at + 1, self._by_ear(at)

    def _rest(self, at: int, seen: bool) -> Go:
        part, dose = self.run.part, self.run.dose
        moved = words.move_words(view_of(part, at - 1), view_of(part, at)) if seen else ""
        following = words.rest_words(at, dose.sets or 1)
        said = f"{following}. {moved}".strip()
        return self.desk.rest(moved.rstrip(".") or "Rest", following, said, part.rest_s)

    # -- before the camera -----------------------------------------------------------------------

    def _filmed(self, filming: Filming, sets: SetsInRow, camera: Camera) -> tuple[int, Go]:
        plan = plan_of(self.run.part, self.run.dose, sets)
        filmed = film(
            self.run.part,
            plan,
            filming.studio,
            camera,
            filming.settings,
            self.folder(),
            self.tell,
        )
        found = self.run.take(filmed)
        go = self.after(filmed)
        if filmed.how in ("done", "over") and not filmed.lost:
            return sets.last + 1, go
        return min(sets.first + found, sets.last + 1), go

    def after(self, filmed: Filmed) -> Go:
        """What follows from how the session before the camera ended.

        Raises KeyboardInterrupt, or what befell it. Without a camera from now on it is "on".
        """
        if filmed.how == "interrupt":
            raise KeyboardInterrupt
        if filmed.problem is not None:
            raise filmed.problem
        if filmed.lost:
            self.tell(f"{filmed.lost}. {words.BY_EAR}")
            self.filming = None
            self.give_up_camera()
            return "on"
        if filmed.how == "left":
            return self.desk.walked_off()
        if filmed.how == "quit":
            return self.desk.stopped()
        if filmed.how == "close":
            self.desk.closed = True
        known: dict[str, Go] = {"done": "on", "over": "on", "pain": "pain"}
        return known.get(filmed.how, "stop")

    # -- by ear ----------------------------------------------------------------------------------

    def _by_ear(self, number: int) -> Go:
        def done(reps: int, seconds: float, whole: bool) -> None:
            self.run.by_ear_set(reps, seconds, whole=whole)

        pace = pace_of(self.run, self.page, number, watches=self.desk.stage.sees)
        return self.desk.pace(pace, done)


def pace_of(run: RunOfPart, page: Page, number: int, *, watches: bool) -> Pace:
    """A set by ear: how often, on which sides, how long each is held."""
    part, dose = run.part, run.dose
    sides: tuple[SideName, ...] = ("both",)
    if page.each_side:
        sides = ("left", "right") if part.sides == "both" else (part.sides,)
    total = dose.sets or 1
    title = f"{part.title}, set {number} of {total}" if total > 1 else part.title
    return Pace(
        title=title,
        reps=dose.reps or 1,
        beats=beats_for(part.exercise, Tempo(hold_s=dose.hold_s or 0.0)),
        sides=sides,
        figure=figure_path(page.picture) if page.picture else "",
        watches=watches,
        exercise=part.title,
    )

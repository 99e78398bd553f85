"""Where a self-check is asked and filmed: a stage for questions, a studio for takes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from kneetrack.clinic.live_take import plan_of
from kneetrack.clinic_records.plans import Step
from kneetrack.clinic_records.practice import Dose
from kneetrack.live.card import Card
from kneetrack.live.stage import LiveStage
from kneetrack.programme.desk import GONE_S, Desk
from kneetrack.programme.filmed import Filmed, film
from kneetrack.programme.values import Part
from kneetrack.settings import Settings

if TYPE_CHECKING:
    from kneetrack.clinic.live_cameras import Cameras
    from kneetrack.live.start import Studio


@dataclass(slots=True)
class LiveRoom:
    """A Room. studio, cameras None: nothing is filmed. settings: with the programme's limits."""

    stage: LiveStage
    studio: Studio | None = None
    cameras: Cameras | None = None
    settings: Settings = field(default_factory=Settings)
    tell: Callable[[str], None] = lambda _: None
    desk: Desk = field(init=False)

    def __post_init__(self) -> None:
        self.desk = Desk(self.stage, tell=self.tell)

    @property
    def can_film(self) -> bool:
        """Whether there is a camera, or clips that play as one."""
        return self.cameras is not None and self.studio is not None

    @property
    def nobody_answers(self) -> bool:
        """Whether clips play as the camera."""
        return self.cameras is not None and self.cameras.between is None

    def ask(self, card: Card) -> str:
        """The key of the answer."""
        return self.desk.ask(card)

    def ask_pain(self, question: str) -> int | None:
        """0 to 10, None: not told."""
        return self.desk.pain(question).pain

    @contextmanager
    def filming(self) -> Iterator[None]:
        """The camera is on, and seen on the stage between takes, where it is one that stays on."""
        camera = None if self.cameras is None else self.cameras.between
        if camera is None or self.studio is None:
            yield
            return
        with camera as entered:
            self.stage.camera, self.stage.backend = entered, self.studio.backend
            try:
                yield
            finally:
                self.stage.camera = self.stage.backend = None

    def film(self, step: Step, folder: Path) -> Filmed | None:
        """One take; None: there is no clip for it."""
        assert self.cameras is not None and self.studio is not None
        camera = self.cameras.of((step, "front"))
        if camera is None:
            return None
        plan = replace(plan_of((step, "front")), gone_s=GONE_S)
        with camera as entered:
            filmed = film(
                _as_part(step), plan, self.studio, entered, self.settings, folder, self.tell
            )
        self.desk.closed = self.desk.closed or filmed.how == "close"
        return filmed


def _as_part(step: Step) -> Part:
    dose = Dose(sets=1, reps=step.reps or None, hold_s=step.hold_s)
    return Part(step.key, step.exercise, "reps", step.title, dose, dose)

"""What is done before the screen apart from sets: questions, timers, counting by ear.

An act is pure, like the flow of a live session: sights in, steps out, no clock but ``t_s``. A stage
has eyes, ears and a clock, real ones or a test's.
"""

from __future__ import annotations

from typing import Protocol

from kneetrack.live.plan import Sight, Step


class Act(Protocol):
    """Something that goes on until it has ``finished``; what came of it is told by its fields."""

    def step(self, sight: Sight) -> Step:
        """Take in one look. Times do not go backwards; "close" as a key must finish it."""


class Stage(Protocol):
    """Where acts are performed: by a window, at a terminal, by ear, with or without a camera."""

    @property
    def sees(self) -> bool:
        """Whether there is a camera: without, ``somebody`` of a sight means nothing."""

    def sight(self) -> Sight:
        """Wait for the next look (at most about 50 ms), and tell it, with the key pressed."""

    def present(self, step: Step) -> None:
        """Show, say and let hear what a step asks for."""


def perform(act: Act, stage: Stage) -> None:
    """Play an act to its end."""
    while True:
        step = act.step(stage.sight())
        stage.present(step)
        if step.finished:
            return

"""A protocol: which takes a visit is made of, in order."""

from __future__ import annotations

from dataclasses import dataclass

from kneetrack.clinic_records.kinds import Foot, SheetName, ViewAsked
from kneetrack.result import ExerciseName


@dataclass(frozen=True, slots=True)
class Step:
    """One movement of a protocol, filmed from one or two views, joined in one row.

    key: unique in its protocol, such as "squat", "slsq_left". foot: which leg works ("both" where
    both do, or in turn). reps: per leg that works; 0 for a balance, which has hold_s. sheets: which
    scores the clinician may fill in after it. say: one sentence for the client, before the take.
    """

    key: str
    title: str
    exercise: ExerciseName
    views: tuple[ViewAsked, ...]
    foot: Foot = "both"
    reps: int = 5
    hold_s: float | None = None
    bridge_mode: str = "low"
    sheets: tuple[SheetName, ...] = ()
    say: str = ""
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Protocol:
    """Steps in order. version: raised when a change makes visits no longer comparable."""

    name: str
    title: str
    version: int
    steps: tuple[Step, ...]
    about: str = ""

    def step(self, key: str) -> Step | None:
        """The step of that key."""
        return next((step for step in self.steps if step.key == key), None)

    def takes(self) -> tuple[tuple[Step, ViewAsked], ...]:
        """Every take in order: all of one view before the camera is moved, views in the order in
        which the protocol first names them."""
        views = dict.fromkeys(view for step in self.steps for view in step.views)
        return tuple((s, view) for view in views for s in self.steps if view in s.views)

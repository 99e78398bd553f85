"""What is asked of a track, and what a reviewer's hand may change while it is answered."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, Protocol

from kneetrack.posture import Posture
from kneetrack.records import FloatArray, PictureFacts, PoseTrack
from kneetrack.result import ExerciseName, People, Provenance, Source, Verdict
from kneetrack.sets import Found, FoundRep
from kneetrack.settings import Settings

BridgeMode = Literal["low", "full"]


class Hand(Protocol):
    """A reviewer's corrections, each put in where nothing after it undoes it."""

    def mend(self, smooth: PoseTrack) -> PoseTrack:
        """The track with landmarks moved; it comes repaired and smoothed, as filmed."""

    def edit(self, found: Found, posture: Posture, yaw_deg: FloatArray) -> Found:
        """What was found, with other bounds, without some repetitions, with others added."""

    def overrule(self, rep: FoundRep, verdicts: list[Verdict]) -> list[Verdict]:
        """The verdicts of one repetition, some of them replaced."""


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of a track: which exercise (None: whatever is recognised), by which bands.

    picture: how well the person could be seen, None when nobody looked. hand: a reviewer's.
    """

    settings: Settings
    exercise: ExerciseName | None = None
    bridge_mode: BridgeMode = "low"
    picture: PictureFacts | None = None
    hand: Hand | None = None


@dataclass(frozen=True, slots=True)
class Request:
    """What to analyse a track for, and what is known about where it came from."""

    source: Source
    provenance: Provenance
    settings: Settings
    exercise: ExerciseName | None = None
    bridge_mode: BridgeMode = "low"
    people: People = field(default_factory=People)
    swaps_repaired: int = 0
    notes: tuple[str, ...] = ()
    hand: Hand | None = None

    @property
    def question(self) -> Question:
        """The part that decides what is found and how it is judged."""
        return Question(
            self.settings, self.exercise, self.bridge_mode, self.source.picture, self.hand
        )

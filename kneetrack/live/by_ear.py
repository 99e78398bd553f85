"""What timers and repetitions by ear have in common: get ready, do it, hear what comes next."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import replace
from typing import Final

from kneetrack.live.halting import DOING_KEYS, ActEnded, Halts
from kneetrack.live.leading import Lead, Outro
from kneetrack.live.plan import Sight, Step
from kneetrack.live_records import Heard, ScreenState

LEAD_S: Final = 5.0


class ByEar(ABC):
    """An act; see the module. seconds: how long it was really done, without lead and pauses."""

    def __init__(
        self, base: ScreenState, words: str, lead_s: float, next_title: str, *, watches: bool
    ) -> None:
        self.seconds = 0.0
        self._base = replace(base, next_up=next_title, choices=DOING_KEYS)
        self._halts = Halts(self._base, watches=watches)
        self._lead = Lead(words or base.headline, lead_s)
        self._next_title = next_title
        self._outro: Outro | None = None

    @property
    def ended(self) -> ActEnded | None:
        """How it ended; None while it goes on."""
        return self._halts.ended

    def step(self, sight: Sight) -> Step:
        """Take in one look."""
        after = self._outro is not None
        if after and sight.key == " ":
            sight = replace(sight, key="n")
        halted = self._halts.step(sight)
        if after and self._halts.ended == "skipped":
            self._halts.ended = "done"
        if halted is not None:
            return halted
        if self._halts.resumed:
            self._lead.again()
            self._taken_up_again()
        dt_s = self._halts.dt_s
        if self._outro is not None:
            self._outro.step(dt_s)
            return self._after()
        if not self._lead.over:
            heard = self._lead.step(dt_s)
            return Step(self._lead.screen(self._base), heard)
        self.seconds += dt_s
        return self._turn(dt_s)

    @abstractmethod
    def _turn(self, dt_s: float) -> Step:
        """Time went on while it is being done."""

    @abstractmethod
    def _taken_up_again(self) -> None:
        """It goes on after a halt; the lead comes first."""

    def _done(self) -> Step:
        """All of it is done."""
        self._outro = Outro(self._next_title)
        return self._after(self._outro.heard)

    def _after(self, *heard: Heard) -> Step:
        assert self._outro is not None
        if self._outro.over:
            self._halts.ended = "done"
        return Step(self._outro.screen(self._base), heard, finished=self._outro.over)

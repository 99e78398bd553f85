"""One position of a timed exercise: get ready, the time, what comes next."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Final

from kneetrack.live import act_words as say
from kneetrack.live.by_ear import LEAD_S, ByEar
from kneetrack.live.plan import Step
from kneetrack.live_records import Heard, ScreenState

_LONG_S: Final = 20.0
"""Of so long a time its half and its last ten seconds are told."""
_TICKS: Final = 3
_TICKS_FROM_S: Final = 6.0


@dataclass(frozen=True, slots=True)
class Timer:
    """What is to be done for so long. title: on the screen, such as "Left side, straight ahead".

    say: said before it, instead of the title. figure: path of a picture. next_title: announced at
    the end. watches: raised arms pause it, and walking off is noticed. exercise: a small line.
    """

    title: str
    seconds: float
    say: str = ""
    figure: str = ""
    next_title: str = ""
    watches: bool = False
    lead_s: float = LEAD_S
    exercise: str = ""

    def words(self) -> tuple[str, ...]:
        """What will be said, to be made into sound ahead."""
        after = (say.next_words(self.next_title),) if self.next_title else ()
        return (self.say or self.title, say.GO, say.TEN_SECONDS, *after)


class Timed(ByEar):
    """An act. ended: how, None while it goes on. seconds: how long it was really done."""

    def __init__(self, timer: Timer) -> None:
        base = ScreenState(
            "timer",
            title=timer.exercise,
            headline=timer.title,
            detail=timer.say,
            figure=timer.figure,
        )
        super().__init__(base, timer.say, timer.lead_s, timer.next_title, watches=timer.watches)
        self.timer = timer
        self._told: set[str] = set()

    def _turn(self, dt_s: float) -> Step:
        total_s = self.timer.seconds
        self.seconds = min(self.seconds, total_s)
        left_s = total_s - self.seconds
        if left_s <= 0:
            return self._done()
        seconds = math.ceil(left_s)
        screen = replace(self._base, detail="", countdown=seconds, progress=self.seconds / total_s)
        return Step(screen, self._heard(left_s))

    def _taken_up_again(self) -> None:
        """The time stood still."""

    def _heard(self, left_s: float) -> tuple[Heard, ...]:
        total_s, seconds = self.timer.seconds, math.ceil(left_s)
        if total_s >= _LONG_S and left_s <= total_s / 2 and self._first("half"):
            return (Heard("half", within_s=0.5),)
        if total_s >= _LONG_S and seconds <= 10 and self._first("ten"):
            return (Heard(words=say.TEN_SECONDS, within_s=1.0),)
        if total_s >= _TICKS_FROM_S and seconds <= _TICKS and self._first(f"tick {seconds}"):
            return (Heard("tick", within_s=0.5),)
        return ()

    def _first(self, what: str) -> bool:
        fresh = what not in self._told
        self._told.add(what)
        return fresh

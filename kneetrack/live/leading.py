"""Before and after something that is done by ear: get ready, and what comes next."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Final

from kneetrack.live import act_words as say
from kneetrack.live_records import Heard, ScreenState

RESUME_S: Final = 5.0
AFTER_WORDS_S: Final = 1.5
_TICKS: Final = 3
_PATIENT_S: Final = 10.0


class Lead:
    """Words, then ticks at three, two, one, then go. It never ends before the words do."""

    def __init__(self, words: str, lead_s: float) -> None:
        self._words, self._said, self._ticked = words, False, _TICKS + 1
        self._first_s = max(lead_s, say.say_s(words) + AFTER_WORDS_S) if words else lead_s
        self._begin(self._first_s)

    @property
    def over(self) -> bool:
        """Whether it is time to begin."""
        return self.left_s <= 0

    @property
    def seconds(self) -> int:
        """Whole seconds left."""
        return math.ceil(self.left_s)

    @property
    def progress(self) -> float:
        """0..1"""
        return 1.0 - max(0.0, self.left_s) / self.total_s if self.total_s > 0 else 1.0

    def again(self) -> None:
        """After a halt: from the beginning, or a few seconds to take up the position again."""
        if self.over:
            self._begin(RESUME_S)
        else:
            self._said = False
            self._begin(self._first_s)

    def step(self, dt_s: float) -> tuple[Heard, ...]:
        """Let time go on: what is heard now."""
        heard: list[Heard] = []
        if not self._said:
            self._said = True
            if self._words:
                heard.append(Heard(words=self._words, within_s=_PATIENT_S))
        self.left_s -= dt_s
        if self.over:
            heard.append(Heard("go", say.GO, within_s=0.5))
        elif self.seconds <= _TICKS and self.seconds < self._ticked:
            self._ticked = self.seconds
            heard.append(Heard("tick", within_s=0.5))
        return tuple(heard)

    def screen(self, base: ScreenState) -> ScreenState:
        """What is to be done, and the seconds until then."""
        return replace(
            base,
            phase="lead",
            note=say.GET_READY,
            countdown=max(1, self.seconds),
            progress=self.progress,
            next_up="",
        )

    def _begin(self, total_s: float) -> None:
        self.total_s = self.left_s = total_s
        self._ticked = _TICKS + 1


class Outro:
    """What comes next, shown and said for as long as it takes to say; without a next one, none."""

    def __init__(self, next_title: str) -> None:
        self.next_title = next_title
        words = say.next_words(next_title) if next_title else ""
        self.heard = Heard("set_done", words, urgent=True, within_s=_PATIENT_S)
        self._left_s = say.say_s(words) + 0.5 if words else 0.0

    @property
    def over(self) -> bool:
        """Whether it has been said."""
        return self._left_s <= 0

    def step(self, dt_s: float) -> None:
        """Let time go on."""
        self._left_s -= dt_s

    def screen(self, base: ScreenState) -> ScreenState:
        """What comes next."""
        title = self.next_title or base.headline
        note = say.NEXT if self.next_title else say.DONE
        return replace(
            base, phase="lead", headline=title, detail="", note=note, figure="", next_up=""
        )

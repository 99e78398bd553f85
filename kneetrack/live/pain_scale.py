"""Pain, asked for as a number from 0 to 10, typed as digits."""

from __future__ import annotations

import math
from typing import Final, Literal

from kneetrack.live import act_words as say
from kneetrack.live.card import CLOSED
from kneetrack.live.halting import GAP_S
from kneetrack.live.plan import Sight, Step
from kneetrack.live_records import Heard, ScaleShown, ScreenState

Told = Literal["told", "skipped", "time", "quit", "close"]
WORST: Final = 10
WORDS: Final = ((0, "none"), (5, "medium"), (WORST, "worst"))
DETAIL: Final = "Type a number from 0 to 10"
REFUSED: Final = "{} is not from 0 to 10. Type it again: 0 to 10"
REFUSED_SAY: Final = "From zero to ten, please."
SETTLE_S: Final = 1.5
"""A number counts after so long: a one may become ten, and a slip can be taken back."""
KEYS: Final = (("0-9", "pain"), ("Enter", "that is it"), ("N", "do not say"), say.STOP)
_PATIENT_S: Final = 10.0
_ENDS: Final[dict[str, Told]] = {CLOSED: "close", "q": "quit", "esc": "quit", "n": "skipped"}


class AskPain:
    """An act. pain: 0 to 10, None when it was not told. ended: how, None while it is asked.

    Digits that make no such number are shown and refused; nothing counts until one stands.

    auto_s: how long nobody may touch a key before it is given up; None: it waits.
    """

    def __init__(
        self, question: str, say: str = "", *, title: str = "", auto_s: float | None = None
    ) -> None:
        self.question, self.title = question, title
        self.pain: int | None = None
        self.ended: Told | None = None
        self._say = say or question
        self._auto_s = math.inf if auto_s is None else auto_s
        self._typed = self._refused = ""
        self._since_s = self._last_s = math.nan
        self._left_s = self._auto_s
        self._again_s = self._auto_s / 2

    def step(self, sight: Sight) -> Step:
        """Take in one look."""
        first = math.isnan(self._last_s)
        if first:
            self._since_s = sight.t_s
        elif sight.helping or sight.t_s - self._last_s > GAP_S:
            self._since_s += sight.t_s - self._last_s
        self._last_s = sight.t_s
        key = sight.key.lower()
        self._take(key, sight.t_s)
        if self.ended is None:
            self._time_out(sight.t_s - self._since_s)
        self._left_s = self._auto_s - (sight.t_s - self._since_s)
        again = self._left_s <= self._again_s and not self._typed
        self._again_s = -math.inf if again else self._again_s
        heard = [Heard(words=self._say, within_s=_PATIENT_S)] if first or again else []
        if key and self._refused and self.ended is None:
            heard.append(Heard("trouble", REFUSED_SAY, urgent=True))
        return Step(self._screen(), tuple(heard), finished=self.ended is not None)

    @property
    def chosen(self) -> int | None:
        """The number typed so far."""
        return int(self._typed) if self._typed else None

    def _take(self, key: str, t_s: float) -> None:
        if key in _ENDS:
            self.ended = _ENDS[key]
        elif key in ("enter", " ") and self._typed:
            self._tell()
        elif key == "backspace":
            self._typed, self._refused, self._since_s = "", "", t_s
        elif len(key) == 1 and key in "0123456789":
            typed = self._typed + key
            fits = len(typed) == 1 or typed == str(WORST)
            self._typed, self._refused, self._since_s = (
                (typed, "", t_s) if fits else ("", typed, t_s)
            )

    def _time_out(self, waited_s: float) -> None:
        if self._typed and waited_s >= SETTLE_S:
            self._tell()
        elif waited_s >= self._auto_s:
            self.ended = "time"

    def _tell(self) -> None:
        self.pain, self.ended = self.chosen, "told"

    @property
    def _left(self) -> str:
        """How long it still waits, where it does not wait for ever."""
        if self._typed or math.isinf(self._left_s):
            return ""
        return f" · {math.ceil(max(0.0, self._left_s))} s"

    def _screen(self) -> ScreenState:
        return ScreenState(
            "scale",
            title=self.title,
            headline=self.question,
            detail=REFUSED.format(self._refused) if self._refused else f"{DETAIL}{self._left}",
            choices=KEYS,
            scale=ScaleShown(WORDS, self.chosen),
        )

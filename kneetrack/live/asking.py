"""A question, answered by a key, by raised arms, by time running out, or by what is typed."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from kneetrack.live.act_words import say_s
from kneetrack.live.card import CLOSED, Card
from kneetrack.live.gestures import RaisedArms
from kneetrack.live.halting import GAP_S
from kneetrack.live.plan import Sight, Step
from kneetrack.live_records import Heard, ScreenState

_PATIENT_S: Final = 10.0
LONGEST: Final = 200
"""Of a line that is typed."""


class Ask:
    """An act. answer: a key of the card, :data:`CLOSED` for a window closed, "" while it is asked.

    The time does not run out before the question has been said, nor while the keys are being read.
    """

    def __init__(self, card: Card, *, figure: str = "") -> None:
        self.card, self.answer = card, ""
        self._figure = figure
        self._auto_s = max(card.auto_s, say_s(card.say)) if card.auto else math.inf
        self._waited_s, self._quiet_s, self._last_s = 0.0, 0.0, math.nan
        self._again_s = self._auto_s / 2 if card.again else math.inf
        self._arms = RaisedArms()

    def step(self, sight: Sight) -> Step:
        """Take in one look."""
        first = math.isnan(self._last_s)
        since_s = 0.0 if first else min(max(sight.t_s - self._last_s, 0.0), GAP_S)
        self._last_s = sight.t_s
        if not sight.helping:
            self._waited_s += since_s
        self._quiet_s += since_s
        self.answer = self._answer(sight)
        if sight.key:
            self._quiet_s = 0.0
        again = self._waited_s >= self._again_s
        self._again_s = math.inf if again else self._again_s
        heard = Heard(words=self.card.say, within_s=_PATIENT_S)
        return Step(
            self._screen(),
            (heard,) if (first or again) and self.card.say else (),
            finished=bool(self.answer),
        )

    def _answer(self, sight: Sight) -> str:
        card, key = self.card, sight.key.lower()
        if key == CLOSED:
            return key
        key = key if self._ready else ""
        if key in card.keys:
            return key
        if key in (" ", "enter") and card.arms:
            return card.arms
        pose = sight.pose if sight.somebody and not sight.helping else None
        arms = self._arms.step(sight.t_s, pose, lying=sight.lying, calm=True)
        if card.arms and arms == "short":
            return card.arms
        return card.auto if self._waited_s >= self._auto_s else ""

    @property
    def _ready(self) -> bool:
        """Whether a key counts by now; until then none is shown."""
        return self._quiet_s >= self.card.quiet_s

    def _screen(self) -> ScreenState:
        card = self.card
        after = math.ceil(max(0.0, self._auto_s - self._waited_s)) if card.auto else None
        if card.phase != "summary":
            screen = ScreenState(
                card.phase,
                title=card.title,
                headline=card.headline,
                detail=card.detail,
                choices=card.choices(),
                countdown=after,
                progress=None if after is None else min(1.0, self._waited_s / self._auto_s),
                figure=self._figure,
            )
        else:
            screen = ScreenState(
                "summary",
                title=card.title,
                headline=card.headline,
                summary=card.lines,
                detail=card.detail,
                choices=card.choices(after),
                figure=self._figure,
            )
        return screen if self._ready else replace(screen, choices=(), keys=card.choices())


class AskText:
    """An act: a line that is typed, or one of some choices by its key.

    text: "" when it was called off. closed: the window was closed.
    """

    def __init__(self, question: str, choices: Mapping[str, str] | None = None) -> None:
        self.question, self.choices = question, dict(choices or {})
        self.text, self.closed = "", False

    def step(self, sight: Sight) -> Step:
        """Take in one look."""
        finished = self._take(sight.key)
        shown = f"{self.text}_" if self.text or not self.choices else "or type it"
        screen = ScreenState(
            "summary",
            headline=self.question,
            choices=tuple(self.choices.items()),
            detail=f"{shown}   (Enter: done, Esc: never mind)",
            typing=True,
        )
        return Step(screen, finished=finished)

    def _take(self, key: str) -> bool:
        """Whether that was the last key."""
        self.closed = key == CLOSED
        if self.closed or key == "esc":
            self.text = ""
            return True
        if not self.text and key in self.choices:
            self.text = self.choices[key]
            return True
        if key == "enter":
            self.text = self.text.strip()
            return True
        if key == "backspace":
            self.text = self.text[:-1]
        elif len(key) == 1 and len(self.text) < LONGEST:
            self.text += key
        return False

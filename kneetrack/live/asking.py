"""A question, answered by a key, by raised arms, or by time running out."""

from __future__ import annotations

import math

from kneetrack.live.act_words import say_s
from kneetrack.live.card import CLOSED, Card
from kneetrack.live.gestures import RaisedArms
from kneetrack.live.halting import GAP_S
from kneetrack.live.plan import Sight, Step
from kneetrack.live_records import Heard, ScreenState

_PATIENT_S = 10.0


class Ask:
    """An act. answer: a key of the card, :data:`CLOSED` for a window closed, "" while it is asked.

    The time does not run out before the question has been said, nor while the keys are being read.
    """

    def __init__(self, card: Card, *, figure: str = "") -> None:
        self.card, self.answer = card, ""
        self._figure = figure
        self._auto_s = max(card.auto_s, say_s(card.say)) if card.auto else math.inf
        self._waited_s, self._last_s = 0.0, math.nan
        self._arms = RaisedArms()

    def step(self, sight: Sight) -> Step:
        """Take in one look."""
        first = math.isnan(self._last_s)
        since_s = 0.0 if first else min(max(sight.t_s - self._last_s, 0.0), GAP_S)
        self._last_s = sight.t_s
        if not sight.helping:
            self._waited_s += since_s
        self.answer = self._answer(sight)
        heard = Heard(words=self.card.say, within_s=_PATIENT_S)
        return Step(
            self._screen(),
            (heard,) if first and self.card.say else (),
            finished=bool(self.answer),
        )

    def _answer(self, sight: Sight) -> str:
        card, key = self.card, sight.key.lower()
        if key == CLOSED or key in card.keys:
            return key
        if key in (" ", "enter") and card.arms:
            return card.arms
        pose = sight.pose if sight.somebody and not sight.helping else None
        arms = self._arms.step(sight.t_s, pose, lying=sight.lying, calm=True)
        if card.arms and arms == "short":
            return card.arms
        return card.auto if self._waited_s >= self._auto_s else ""

    def _screen(self) -> ScreenState:
        card = self.card
        after = math.ceil(max(0.0, self._auto_s - self._waited_s)) if card.auto else None
        if card.phase != "summary":
            return ScreenState(
                card.phase,
                title=card.title,
                headline=card.headline,
                detail=card.detail,
                choices=card.choices(),
                countdown=after,
                progress=None if after is None else min(1.0, self._waited_s / self._auto_s),
                figure=self._figure,
            )
        return ScreenState(
            "summary",
            title=card.title,
            headline=card.headline,
            summary=card.lines,
            detail=card.detail,
            choices=card.choices(after),
            figure=self._figure,
        )

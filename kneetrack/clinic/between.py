"""Between two takes: what is shown and said, and what the clinician or the client answers.

By a key, hands-free by raising both arms for a second, or by letting the time run out where that
is offered. Without a window the terminal is asked.
"""

from __future__ import annotations

import math
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from kneetrack.live.card import CLOSED, Card
from kneetrack.live.gestures import RaisedArms
from kneetrack.live.meter import Meter
from kneetrack.live_records import Heard, ScreenState

if TYPE_CHECKING:
    from kneetrack.live.start import Studio
    from kneetrack.records import Frame, Pose
    from kneetrack.sources.camera import Camera

_PAUSE_S: Final = 0.03
_LONGEST: Final = 200
REASONS: Final = {
    "1": "it hurt",
    "2": "balance was lost",
    "3": "another movement than asked for",
    "4": "interrupted",
    "5": "something hid the legs, or the camera moved",
}
"""Why a take is rejected, by one key; anything else is typed."""


@dataclass(slots=True)
class Between:
    """Asks; see the module. camera: one that stays on, None when there is none between takes."""

    studio: Studio
    camera: Camera | None
    tell: Callable[[str], None]
    answers: Callable[[str], str] | None = None
    _meter: Meter = field(default_factory=Meter)
    _frame: Frame | None = None

    @property
    def nobody_answers(self) -> bool:
        """Whether a file plays as the camera, or nothing can be pressed."""
        by_ear = self.studio.front is None and not self._terminal()
        return self.camera is None or by_ear

    def ask(self, card: Card) -> str:
        """The key of the answer; :data:`CLOSED` when the window was closed."""
        if card.say:
            self.studio.sound.hear(Heard(words=card.say, within_s=6.0))
            self.tell(card.say)
        if self.studio.front is None:
            return self._ask_terminal(card)
        began_s, arms = self._now_s(), RaisedArms()
        while True:
            left_s = card.auto_s - (self._now_s() - began_s) if card.auto else math.inf
            if left_s <= 0:
                return card.auto
            pose = self._look()
            if card.arms and arms.step(self._now_s(), pose, lying=False, calm=True) == "short":
                return card.arms
            key = self._show(self._state(card, left_s), pose, "".join(card.keys))
            if key in card.keys or key == CLOSED:
                return key
            if key in (" ", "enter") and card.arms:
                return card.arms

    def type_text(self, question: str, choices: Mapping[str, str] | None = None) -> str:
        """What is typed, or one of the choices by its key; "" when it was called off."""
        choices = choices or {}
        if self.studio.front is None:
            return self._type_at_terminal(question, choices)
        typed, letters = "", "".join(map(chr, range(0x20, 0x7F)))
        while True:
            shown = f"{typed}_" if typed or not choices else "or type it"
            state = ScreenState(
                "summary",
                headline=question,
                choices=tuple(choices.items()),
                detail=f"{shown}   (Enter: done, Esc: never mind)",
            )
            key = self._show(state, self._look(), letters)
            if key in (CLOSED, "esc"):
                return ""
            if not typed and key in choices:
                return choices[key]
            if key == "enter":
                return typed.strip()
            if key == "backspace":
                typed = typed[:-1]
            elif len(key) == 1 and len(typed) < _LONGEST:
                typed += key

    # -- the window --------------------------------------------------------------------------

    def _state(self, card: Card, left_s: float) -> ScreenState:
        after = math.ceil(left_s) if card.auto else None
        if card.phase != "summary":
            return ScreenState(
                card.phase,
                title=card.title,
                headline=card.headline,
                detail=card.detail,
                choices=card.choices(),
                countdown=after,
                progress=None if after is None else 1 - left_s / card.auto_s,
            )
        return ScreenState(
            "summary",
            title=card.title,
            headline=card.headline,
            summary=card.lines,
            detail=card.detail,
            choices=card.choices(after),
        )

    def _look(self) -> Pose | None:
        """The newest picture, and who is in it."""
        if self.camera is None:
            time.sleep(_PAUSE_S)
            return None
        frame = self.camera.newest(_PAUSE_S)
        if frame is None:
            return None
        self._frame = frame
        return self.studio.backend.track(frame)

    def _show(self, state: ScreenState, pose: Pose | None, taken: str) -> str:
        front = self.studio.front
        assert front is not None
        front.show(state, self._frame, pose, None, self._meter)
        return front.key(taken)

    def _now_s(self) -> float:
        return time.monotonic() if self.camera is None else self.camera.now_s()

    # -- the terminal ------------------------------------------------------------------------

    def _terminal(self) -> bool:
        return self.answers is not None or sys.stdin.isatty()

    def _read(self, question: str) -> str:
        if self.answers is not None:
            return self.answers(question)
        try:
            return input(f"{question} ")
        except EOFError:
            return "q"

    def _ask_terminal(self, card: Card) -> str:
        for words in (card.headline, card.detail):
            if words and words.rstrip(".").casefold() not in card.say.casefold():
                self.tell(words)
        if not self._terminal():
            return card.auto or next(iter(card.keys))
        while True:
            answer = self._read(f"{card.keys_words()}:").strip().lower()
            if answer in card.keys:
                return answer
            if not answer and (card.auto or card.arms):
                return card.auto or card.arms

    def _type_at_terminal(self, question: str, choices: Mapping[str, str]) -> str:
        if not self._terminal():
            return ""
        for key, what in choices.items():
            self.tell(f"{key}  {what}")
        answer = self._read(f"{question}:").strip()
        return choices.get(answer, answer)[:_LONGEST]

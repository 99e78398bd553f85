"""Between two takes: what is shown and said, and what the clinician or the client answers.

By a key, hands-free by raising both arms for a second, or by letting the time run out where that
is offered. Without a window the terminal is asked.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from kneetrack.live.acts import perform
from kneetrack.live.asking import LONGEST, Ask, AskText
from kneetrack.live.card import Card
from kneetrack.live.stage import LiveStage
from kneetrack.live_records import Heard

if TYPE_CHECKING:
    from kneetrack.live.start import Studio
    from kneetrack.sources.camera import Camera

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

    @property
    def nobody_answers(self) -> bool:
        """Whether a file plays as the camera, or nothing can be pressed."""
        by_ear = self.studio.front is None and not self._terminal()
        return self.camera is None or by_ear

    def ask(self, card: Card) -> str:
        """The key of the answer; ``CLOSED`` when the window was closed."""
        if card.say:
            self.studio.sound.hear(Heard(words=card.say, within_s=6.0))
            self.tell(card.say)
        if self.studio.front is None:
            return self._ask_terminal(card)
        act = Ask(replace(card, say=""))
        perform(act, self._stage())
        return act.answer

    def type_text(self, question: str, choices: Mapping[str, str] | None = None) -> str:
        """What is typed, or one of the choices by its key; "" when it was called off."""
        choices = choices or {}
        if self.studio.front is None:
            return self._type_at_terminal(question, choices)
        act = AskText(question, choices)
        perform(act, self._stage())
        return act.text

    def _stage(self) -> LiveStage:
        studio = self.studio
        return LiveStage(studio.sound, studio.front, self.camera, studio.backend)

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
        return choices.get(answer, answer)[:LONGEST]

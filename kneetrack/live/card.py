"""A question between two things that are done, and its keys."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from kneetrack.live_records import Phase, SummaryLine

CLOSED: Final = "close"
"""The key that stands for the window having been closed."""


@dataclass(frozen=True, slots=True)
class Card:
    """A question. keys: key -> what it does; arms: the key that raised arms stand for.

    auto: the key that follows by itself after ``auto_s`` seconds; "": none. say: words to be
    heard. phase: "rest" for a sentence to be read from across the room, "summary" for a table.
    quiet_s: a key counts only after so long without one, so that a key that is held down, or was
    meant for the card before, answers nothing unread. again: it is said once more at half time.
    """

    headline: str
    keys: Mapping[str, str]
    arms: str = ""
    auto: str = ""
    auto_s: float = 8.0
    detail: str = ""
    lines: tuple[SummaryLine, ...] = ()
    say: str = ""
    phase: Phase = "summary"
    title: str = ""
    quiet_s: float = 0.0
    again: bool = False

    def choices(self, after_s: int | None = None) -> tuple[tuple[str, str], ...]:
        """Keys and what they do; ``after_s``: so soon the one that follows by itself."""
        return tuple(
            (key.upper(), f"{what} in {after_s} s" if key == self.auto and after_s else what)
            for key, what in self.keys.items()
        )

    def keys_words(self) -> str:
        """``N next · R again``"""
        return " · ".join(f"{key.upper()} {what}" for key, what in self.keys.items())

"""Whose turn it is to be said: one utterance at a time, nothing late. Pure: it is told the time."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from kneetrack.live_records import Heard

_NUMBER: Final = re.compile(
    "zero|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|"
    "fifteen|sixteen|seventeen|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|"
    "ninety|hundred|and|[0-9]+"
)


@dataclass(frozen=True, slots=True)
class _Waiting:
    words: str
    expires_s: float
    counts: bool


class Talk:
    """What is being said, and what waits for its turn. Times in seconds of any one clock."""

    def __init__(self) -> None:
        self._waiting: list[_Waiting] = []
        self._busy_until_s = float("-inf")
        self._tone_until_s = float("-inf")
        self._saying_count = False

    def hear(self, heard: Heard, now_s: float, tone_s: float) -> bool:
        """Take something new; tone_s is how long its tone lasts. True: cut what is being said."""
        cut = heard.urgent and self.speaking(now_s)
        if heard.urgent:
            self.clear(now_s)
        if heard.tone is not None:
            self._tone_until_s = now_s + tone_s
        words = heard.words.strip()
        if words and not self._pointless(words, now_s):
            counts = is_count(words)
            self._waiting = [other for other in self._waiting if not other.counts]
            latest_s = now_s + max(heard.within_s, tone_s + 0.05 if heard.tone else 0.0)
            self._waiting.append(_Waiting(words, latest_s, counts))
        return cut

    def due(self, now_s: float, length_s: Callable[[str], float | None]) -> str:
        """The words to begin now, or "". length_s: how long words last, None if not ready yet."""
        self._waiting = [other for other in self._waiting if now_s <= other.expires_s]
        if self.speaking(now_s) or now_s < self._tone_until_s:
            return ""
        for candidate in self._waiting:
            lasts_s = length_s(candidate.words)
            if lasts_s is not None:
                self._waiting.remove(candidate)
                self._busy_until_s = now_s + lasts_s
                self._saying_count = candidate.counts
                return candidate.words
        return ""

    def again_in_s(self, now_s: float) -> float | None:
        """When :meth:`due` could change by itself; None: not before something new is heard."""
        if not self._waiting:
            return None
        free_s = max(self._busy_until_s, self._tone_until_s)
        soonest_s = free_s if free_s > now_s else min(one.expires_s for one in self._waiting)
        return max(0.0, soonest_s - now_s) + 0.001

    def speaking(self, now_s: float) -> bool:
        """Whether something is being said."""
        return now_s < self._busy_until_s

    def idle(self, now_s: float) -> bool:
        """Whether nothing is being said, sounds or waits."""
        return not self._waiting and now_s >= max(self._busy_until_s, self._tone_until_s)

    def forget(self, words: str) -> None:
        """These words cannot be said."""
        self._waiting = [other for other in self._waiting if other.words != words]

    def clear(self, now_s: float) -> None:
        """Say nothing of what waits, and nothing more of what is being said."""
        self._waiting.clear()
        self._busy_until_s = now_s

    def _pointless(self, words: str, now_s: float) -> bool:
        """A count behind a cue, or what waits to be said already."""
        if is_count(words):
            behind_cue = any(not other.counts for other in self._waiting)
            return behind_cue or (self.speaking(now_s) and not self._saying_count)
        return any(other.words == words for other in self._waiting)


def is_count(words: str) -> bool:
    """Whether the words are a bare number: "seven", "twenty-one", "12"."""
    parts = words.lower().strip(" .!").replace("-", " ").split()
    return bool(parts) and all(_NUMBER.fullmatch(part) for part in parts)

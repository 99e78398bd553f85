"""Tones and words into one stream of samples."""

from __future__ import annotations

import threading
import time
from typing import Final

import numpy as np

from kneetrack.ui.tones import RATE_HZ, Samples

_CUT_SAMPLES: Final = RATE_HZ // 100
_DUCKED: Final = 0.4
_MOST_TONES: Final = 4


class Mixer:
    """Plays tones over words. One thread feeds it, another asks for samples."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._tones: list[Samples] = []
        self._words: Samples = np.zeros(0, np.float32)
        self.asked_at_s = time.monotonic()
        """When samples were last asked for: a device that stops asking is gone."""

    def play(self, tone: Samples) -> None:
        """Sound a tone at once."""
        with self._lock:
            self._tones = [*self._tones[1 - _MOST_TONES :], tone]

    def say(self, words: Samples) -> None:
        """Begin words, in place of any others."""
        with self._lock:
            self._words = words

    def cut(self) -> None:
        """Let the words fade out within 10 ms."""
        with self._lock:
            rest = self._words[:_CUT_SAMPLES]
            self._words = rest * np.linspace(1, 0, len(rest), dtype=np.float32)

    def silence(self) -> None:
        """Stop everything; words fade out."""
        self.cut()
        with self._lock:
            self._tones.clear()

    def render(self, n: int) -> Samples:
        """The next n samples, within -1..1."""
        self.asked_at_s = time.monotonic()
        with self._lock:
            out = np.zeros(n, np.float32)
            words, self._words = self._words[:n], self._words[n:]
            out[: len(words)] = words * (_DUCKED if self._tones else 1.0)
            for tone in self._tones:
                part = tone[:n]
                out[: len(part)] += part
            self._tones = [tone[n:] for tone in self._tones if len(tone) > n]
        np.clip(out, -1, 1, out=out)
        return out

"""What is heard: tones at once, words in turn. Nothing here ever makes the picture wait."""

from __future__ import annotations

import contextlib
import queue
import threading
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from kneetrack.live_records import Heard
from kneetrack.ui._keeper import Keeper
from kneetrack.ui._mixer import Mixer
from kneetrack.ui._sinks import ClockedSink, Loudspeaker, Sink, SoundFile
from kneetrack.ui._speaker import Speaker
from kneetrack.ui._talk import Talk
from kneetrack.ui.tones import RATE_HZ, tone_names, tone_samples

__all__ = ["ClockedSink", "Loudspeaker", "Sink", "Sound", "SoundFile", "sound_file"]

_WORDS: Final = "words"
_MUTE: Final = "mute"
_STOP: Final = "stop"
_DEVICE_DELAY_S: Final = 0.15


class Sound:
    """Tones and spoken words through one device. Use it as a context manager.

    sink: makes a place for the samples to go (again, when one was lost): the loudspeaker, a file
    for tests and demonstrations, or :class:`ClockedSink`, which is nowhere. speaker: makes words
    into samples, given what to call for each phrase; None: no words, only tones.
    """

    def __init__(
        self,
        sink: Callable[[], Sink] = Loudspeaker,
        speaker: Callable[[Callable[[str], None]], Speaker] | None = Speaker,
    ) -> None:
        self._inbox: queue.SimpleQueue[Heard | str] = queue.SimpleQueue()
        self._on = True
        self._heard = 0
        self._taken = 0
        self._mixer = Mixer()
        self._talk = Talk()
        self._keeper = Keeper(sink, self._mixer)
        self._speaker = speaker(lambda _: self._inbox.put(_WORDS)) if speaker else None
        self._worker = threading.Thread(target=self._run, name="kneetrack-sound", daemon=True)
        self._worker.start()
        self._keeper.start()
        if self._speaker is not None:
            self._speaker.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def available(self) -> bool:
        """Whether there is somewhere to be heard."""
        return self._keeper.open

    @property
    def voice(self) -> bool:
        """Whether words can be heard, not only tones; false while the voice is being started."""
        return self.available and self._speaker is not None and self._speaker.working

    @property
    def note(self) -> str:
        """What is missing and what to do, in one line; "" when nothing is."""
        return self._keeper.note or (self._speaker.note if self._speaker is not None else "")

    @property
    def on(self) -> bool:
        """Whether sound is wanted. Switching it on looks for a device again if there was none."""
        return self._on

    @on.setter
    def on(self, wanted: bool) -> None:
        self._on = wanted
        if wanted:
            self._keeper.try_again()
        else:
            self._inbox.put(_MUTE)

    def hear(self, heard: Heard) -> None:
        """Let something be heard; returns at once, whatever the device does."""
        if self._on:
            self._heard += 1
            self._inbox.put(heard)

    def prepare(self, phrases: Iterable[str]) -> None:
        """Phrases that will be needed, to be made into sound when there is time."""
        if self._speaker is not None:
            self._speaker.prepare(phrases)

    def finish(self, within_s: float = 4.0) -> None:
        """Wait until everything has been said, at most so long; at once where nobody can hear."""
        until_s = time.monotonic() + within_s
        while self.available and self._busy() and time.monotonic() < until_s:
            time.sleep(0.02)
        if self.available:
            time.sleep(_DEVICE_DELAY_S)

    def close(self) -> None:
        """Stop at once. Takes at most a few seconds even when device and voice hang."""
        self._on = False
        self._inbox.put(_STOP)
        self._worker.join(1.0)
        self._keeper.close()
        if self._speaker is not None:
            self._speaker.close()

    def _run(self) -> None:
        for tone in tone_names():
            tone_samples(tone)
        news: Heard | str | None = None
        while news != _STOP:
            now_s = time.monotonic()
            if isinstance(news, Heard):
                self._take(news, now_s)
                self._taken += 1
            elif news == _MUTE:
                self._talk.clear(now_s)
                self._mixer.silence()
            self._begin_words(now_s)
            news = self._wait(now_s)

    def _wait(self, now_s: float) -> Heard | str | None:
        with contextlib.suppress(queue.Empty):
            return self._inbox.get(timeout=self._talk.again_in_s(now_s))
        return None

    def _busy(self) -> bool:
        return self._taken < self._heard or not self._talk.idle(time.monotonic())

    def _take(self, heard: Heard, now_s: float) -> None:
        sound = tone_samples(heard.tone) if heard.tone is not None else None
        if not self._can_speak() and heard.words:
            heard = Heard(heard.tone, "", heard.urgent, heard.within_s)
        if self._talk.hear(heard, now_s, len(sound) / RATE_HZ if sound is not None else 0.0):
            self._mixer.cut()
        if sound is not None and self._keeper.open:
            self._mixer.play(sound)
        if heard.words and self._speaker is not None:
            self._speaker.ask(heard.words.strip())

    def _begin_words(self, now_s: float) -> None:
        if self._speaker is None or not self._keeper.open:
            return
        if not self._can_speak():
            self._talk.clear(now_s)
        words = self._talk.due(now_s, self._length_s)
        samples = self._speaker.samples(words) if words else None
        if samples is not None:
            self._mixer.say(samples)

    def _can_speak(self) -> bool:
        return self._speaker is not None and not self._speaker.given_up

    def _length_s(self, words: str) -> float | None:
        samples = self._speaker.samples(words) if self._speaker is not None else None
        return None if samples is None else len(samples) / RATE_HZ


def sound_file(path: Path) -> Callable[[], Sink]:
    """A sink for :class:`Sound` that writes what would be heard into a WAV file."""
    return lambda: SoundFile(path)

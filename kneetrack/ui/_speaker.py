"""Words into samples, by the voice process; watched over, started again, given up in the end."""

from __future__ import annotations

import contextlib
import importlib
import json
import queue
import subprocess
import sys
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from kneetrack.ui.tones import RATE_HZ, Samples

START_TIMEOUT_S: Final = 20.0
PHRASE_TIMEOUT_S: Final = 4.0
FAILURES: Final = 3
VOICE_PEAK: Final = 0.7
_KEPT_PHRASES: Final = 150
_EDGE_S: Final = 0.01
_COMMAND: Final = (sys.executable, "-P", str(Path(__file__).with_name("voice.py")))


class Speaker:
    """Makes phrases into sound one after the other, in a thread; what is asked for goes first.

    made: called from that thread with each phrase asked for, when it is ready or has failed.
    """

    def __init__(
        self,
        made: Callable[[str], None],
        command: Sequence[str] = _COMMAND,
        timeouts_s: tuple[float, float] = (START_TIMEOUT_S, PHRASE_TIMEOUT_S),
    ) -> None:
        self._made = made
        self._command = tuple(command)
        self._start_s, self._phrase_s = timeouts_s
        self._news = threading.Condition()
        self._asked: list[str] = []
        self._ahead: list[str] = []
        self._kept: OrderedDict[str, Samples] = OrderedDict()
        self._over = False
        self._process: _Process | None = None
        self.working = False
        self.note = ""
        self._thread = threading.Thread(target=self._run, name="kneetrack-voice", daemon=True)

    def start(self) -> None:
        """Begin, in the background."""
        self._thread.start()

    @property
    def given_up(self) -> bool:
        """Whether there will be no words any more; ``note`` says why."""
        return bool(self.note)

    def samples(self, words: str) -> Samples | None:
        """The phrase as 48 kHz samples, if it is ready."""
        with self._news:
            if words in self._kept:
                self._kept.move_to_end(words)
            return self._kept.get(words)

    def ask(self, words: str) -> None:
        """Make a phrase now."""
        with self._news:
            if words not in self._kept and words not in self._asked:
                self._asked.append(words)
                del self._asked[:-8]
                self._news.notify()

    def prepare(self, phrases: Iterable[str]) -> None:
        """Make phrases when there is nothing else to do."""
        with self._news:
            self._ahead.extend(words for words in phrases if words not in self._ahead)
            self._news.notify()

    def close(self) -> None:
        """End the process and the thread; takes at most about a second."""
        with self._news:
            self._over = True
            self._news.notify()
        process = self._process
        if process is not None:
            process.end()
        if self._thread.is_alive():
            self._thread.join(1.0)

    def _run(self) -> None:
        failures = 0
        while not self._over:
            try:
                if self._process is None:
                    self._process = _Process(self._command)
                    importlib.import_module("scipy.signal")  # slow, and now there is time
                    self._process.wait_for_hello(self._start_s)
                    self.working = True
                words, urgent = self._next()
                if words and self.samples(words) is None:
                    self._keep(words, self._process.speak(words, self._phrase_s))
                    failures = 0
            except _NoVoiceError as error:
                failures += 1
                self._end_process()
                if not self._over and (error.final or failures >= FAILURES):
                    self._give_up(str(error))
                    return
                continue
            if urgent:
                self._made(words)
        self._end_process()

    def _next(self) -> tuple[str, bool]:
        with self._news:
            self._news.wait_for(lambda: self._over or self._asked or self._ahead)
            if self._over:
                return "", False
            if self._asked:
                return self._asked.pop(0), True
            return self._ahead.pop(0), False

    def _keep(self, words: str, samples: Samples) -> None:
        with self._news:
            self._kept[words] = samples
            while len(self._kept) > _KEPT_PHRASES:
                self._kept.popitem(last=False)

    def _give_up(self, reason: str) -> None:
        with self._news:
            self.working, self.note = False, f"{reason}; sounds only"
            asked, self._asked, self._ahead = self._asked, [], []
        for words in asked or [""]:
            self._made(words)

    def _end_process(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.end()


class _NoVoiceError(Exception):
    """No phrase came. final: it would not help to try again."""

    def __init__(self, reason: str, *, final: bool = False) -> None:
        super().__init__(reason)
        self.final = final


class _Process:
    """The voice process: a phrase in, samples out, never waiting longer than told."""

    def __init__(self, command: Sequence[str]) -> None:
        flags = getattr(subprocess, "CREATE_NO_WINDOW", 0)
        try:
            self._child = subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                creationflags=flags,
            )
        except OSError as error:
            raise _NoVoiceError(f"no voice: {error}", final=True) from error
        self._answers: queue.SimpleQueue[tuple[dict[str, Any], bytes] | None] = queue.SimpleQueue()
        threading.Thread(target=self._listen, name="kneetrack-ear", daemon=True).start()

    def wait_for_hello(self, timeout_s: float) -> None:
        """Until it is ready. Raises _NoVoiceError."""
        told, _ = self._answer(timeout_s)
        if "error" in told:
            raise _NoVoiceError(str(told["error"]), final=True)

    def speak(self, words: str, timeout_s: float) -> Samples:
        """(N,) samples at 48 kHz. Raises _NoVoiceError."""
        try:
            assert self._child.stdin is not None
            self._child.stdin.write(json.dumps(words).encode() + b"\n")
            self._child.stdin.flush()
        except (OSError, ValueError) as error:
            raise _NoVoiceError("the voice has stopped") from error
        told, data = self._answer(timeout_s)
        if "error" in told:
            raise _NoVoiceError(f"the voice failed: {told['error']}")
        return trimmed(np.frombuffer(data, "<i2"), int(told["rate_hz"]))

    def end(self) -> None:
        """Kill it; harmless when it has ended."""
        with contextlib.suppress(OSError):
            self._child.kill()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._child.wait(1.0)
        with contextlib.suppress(OSError, ValueError):
            if self._child.stdin is not None:
                self._child.stdin.close()

    def _answer(self, timeout_s: float) -> tuple[dict[str, Any], bytes]:
        try:
            answer = self._answers.get(timeout=timeout_s)
        except queue.Empty:
            raise _NoVoiceError("the voice does not answer") from None
        if answer is None:
            raise _NoVoiceError("the voice has stopped")
        return answer

    def _listen(self) -> None:
        stream = self._child.stdout
        assert stream is not None
        with stream, contextlib.suppress(OSError, ValueError):
            for line in stream:
                told = json.loads(line)
                self._answers.put((told, stream.read(2 * int(told.get("samples", 0)))))
        self._answers.put(None)


def trimmed(spoken: NDArray[np.int16], rate_hz: int) -> Samples:
    """16-bit samples at any rate as (N,) at 48 kHz, even in loudness, without silence around."""
    from scipy.signal import resample_poly

    wave = spoken.astype(np.float32) / 32768
    loud = np.flatnonzero(np.abs(wave) > 0.02 * np.abs(wave).max(initial=0))
    if not len(loud):
        raise _NoVoiceError("the voice failed: silence")
    edge = round(_EDGE_S * rate_hz)
    wave = wave[max(0, loud[0] - edge) : loud[-1] + edge]
    common = np.gcd(RATE_HZ, rate_hz)
    wave = np.asarray(resample_poly(wave, RATE_HZ // common, rate_hz // common), np.float32)
    fade = np.linspace(0, 1, min(round(_EDGE_S * RATE_HZ), len(wave)), dtype=np.float32)
    wave[: len(fade)] *= fade
    wave[len(wave) - len(fade) :] *= fade[::-1]
    return np.asarray(wave * (VOICE_PEAK / np.abs(wave).max()), np.float32)

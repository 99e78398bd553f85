"""Opens the sound device, notices when it is gone, and opens it again."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Final

from kneetrack.ui._mixer import Mixer
from kneetrack.ui._sinks import Sink, SinkError

SILENT_S: Final = 2.0
"""A device that has asked for no samples for so long is gone."""
PATIENCE_S: Final = 5.0
_LOOK_S: Final = 0.25


class Keeper:
    """All dealings with the device, in a thread of their own: any of them may hang."""

    def __init__(
        self,
        sink: Callable[[], Sink],
        mixer: Mixer,
        retry_s: float = 3.0,
        silent_s: float = SILENT_S,
    ) -> None:
        self._make, self._mixer = sink, mixer
        self._retry_s, self._silent_s = retry_s, silent_s
        self._over = threading.Event()
        self._again = threading.Event()
        self._trying_since_s: float | None = None
        self._note = ""
        self.open = False
        self._thread = threading.Thread(target=self._run, name="kneetrack-device", daemon=True)

    def start(self) -> None:
        """Begin, in the background."""
        self._thread.start()

    @property
    def note(self) -> str:
        """Why nothing is heard; ""."""
        since_s = self._trying_since_s
        if since_s is not None and time.monotonic() - since_s > PATIENCE_S:
            return "the sound device does not answer"
        return self._note

    def try_again(self) -> None:
        """Look for a device now, if there is none."""
        self._again.set()

    def close(self) -> None:
        """Give the device back; waits for it no longer than a second."""
        self._over.set()
        self._again.set()
        if self._thread.is_alive():
            self._thread.join(1.0)

    def _run(self) -> None:
        had_one = False
        while not self._over.is_set():
            self._again.clear()
            sink = self._opened()
            if sink is not None:
                had_one = True
                self._watch(sink)
            if not self._over.is_set():
                self._again.wait(self._retry_s if had_one else None)

    def _opened(self) -> Sink | None:
        self._trying_since_s = time.monotonic()
        sink = self._make()
        try:
            self._mixer.silence()
            sink.open(self._mixer.render)
        except SinkError as error:
            self._note = str(error)
            return None
        except Exception as error:
            self._note = f"no sound: {error}"
            return None
        finally:
            self._trying_since_s = None
        self._note = ""
        return sink

    def _watch(self, sink: Sink) -> None:
        self._mixer.asked_at_s = time.monotonic()
        self.open = True
        while not self._over.wait(_LOOK_S if self._silent_s > 1 else self._silent_s / 4):
            if not sink.alive() or time.monotonic() - self._mixer.asked_at_s > self._silent_s:
                self._note = "the sound device is gone; trying again"
                break
        self.open = False
        closing = threading.Thread(target=sink.close, name="kneetrack-device-end", daemon=True)
        closing.start()
        closing.join(0.8)

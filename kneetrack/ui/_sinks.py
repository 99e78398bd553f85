"""Where samples go: a loudspeaker, a file, or nowhere."""

from __future__ import annotations

import contextlib
import ctypes
import importlib
import sys
import threading
import time
import wave
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, Final, Protocol

from kneetrack.ui.tones import RATE_HZ, Samples

Render = Callable[[int], Samples]
"""Gives the next n samples; quick, never raises, may be called from any thread."""
BLOCK_SAMPLES: Final = 960


class SinkError(Exception):
    """No sound, and why, in one line."""


class Sink(Protocol):
    """Takes samples in real time from its own thread between open and close."""

    def open(self, render: Render) -> None:
        """Begin. Raises SinkError."""

    def alive(self) -> bool:
        """Whether it still takes samples, as far as it knows."""

    def close(self) -> None:
        """End; may be called at any time, also when it never began."""


class Loudspeaker:
    """The computer's own output device, through PortAudio."""

    def __init__(self) -> None:
        self._stream: Any = None

    def open(self, render: Render) -> None:
        """Open the default device; looks for devices anew."""
        library = _portaudio()
        try:
            library._terminate()
            library._initialize()
            library.query_devices(kind="output")
            self._stream = self._opened(library, render)
        except (library.PortAudioError, ValueError) as error:
            raise SinkError("no loudspeaker found; everything else works without") from error

    def alive(self) -> bool:
        """Whether the stream still runs."""
        return self._stream is not None and bool(self._stream.active)

    def close(self) -> None:
        """Stop at once and give the device back."""
        stream, self._stream = self._stream, None
        if stream is not None:
            with contextlib.suppress(Exception):
                stream.abort()
                stream.close()

    @staticmethod
    def _opened(library: Any, render: Render) -> Any:
        def give(out: Any, frames: int, when: object, status: object) -> None:
            out[:, 0] = render(frames)

        stream = library.OutputStream(
            samplerate=RATE_HZ, channels=1, dtype="float32", latency="high", callback=give
        )
        stream.start()
        return stream


class ClockedSink:
    """Takes samples as fast as a loudspeaker would, and hands each block to :meth:`take`."""

    def __init__(self) -> None:
        self._over = threading.Event()
        self._thread: threading.Thread | None = None

    def open(self, render: Render) -> None:
        """Begin."""
        self._thread = threading.Thread(
            target=self._run, args=(render,), name="kneetrack-sink", daemon=True
        )
        self._thread.start()

    def alive(self) -> bool:
        """Whether it still runs."""
        return self._thread is not None and self._thread.is_alive()

    def close(self) -> None:
        """End."""
        self._over.set()
        if self._thread is not None:
            self._thread.join(1.0)

    def take(self, block: Samples) -> None:
        """Samples (N,) as they would be heard. Here they go nowhere."""

    def _run(self, render: Render) -> None:
        next_s = time.monotonic()
        while not self._over.is_set():
            self.take(render(BLOCK_SAMPLES))
            next_s += BLOCK_SAMPLES / RATE_HZ
            self._over.wait(max(0.0, next_s - time.monotonic()))


class SoundFile(ClockedSink):
    """What would be heard, into a WAV file (48 kHz, 16-bit, mono)."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self._path = path
        self._file: wave.Wave_write | None = None

    def open(self, render: Render) -> None:
        """Begin the file."""
        try:
            self._path.touch()
            self._file = wave.open(str(self._path), "wb")  # noqa: SIM115
        except OSError as error:
            raise SinkError(f"cannot write {self._path}: {error.strerror}") from error
        self._file.setnchannels(1)
        self._file.setsampwidth(2)
        self._file.setframerate(RATE_HZ)
        super().open(render)

    def take(self, block: Samples) -> None:
        """Write a block."""
        if self._file is not None:
            self._file.writeframes((block * 32767).astype("<i2").tobytes())

    def close(self) -> None:
        """End the file."""
        super().close()
        written, self._file = self._file, None
        if written is not None:
            written.close()


def _portaudio() -> Any:
    try:
        library = importlib.import_module("sounddevice")
    except OSError as error:
        advice = "; on Debian or Ubuntu: sudo apt-get install -y libportaudio2"
        linux = sys.platform.startswith("linux")
        raise SinkError("no sound, PortAudio is missing" + advice * linux) from error
    except ImportError as error:
        raise SinkError("no sound, the package sounddevice is missing") from error
    if sys.platform.startswith("linux"):
        with contextlib.suppress(OSError, AttributeError):
            _hush_alsa()
        with contextlib.suppress(OSError, AttributeError):
            _hush_jack()
    return library


@cache
def _hush_alsa() -> object:
    """Keep ALSA from printing about every device it cannot open."""
    handler = ctypes.CFUNCTYPE(
        None, ctypes.c_char_p, ctypes.c_int, ctypes.c_char_p, ctypes.c_int, ctypes.c_char_p
    )(lambda *_: None)
    ctypes.CDLL("libasound.so.2").snd_lib_error_set_handler(handler)
    return handler  # must outlive the library


@cache
def _hush_jack() -> object:
    """Keep JACK from printing that its server does not run."""
    handler = ctypes.CFUNCTYPE(None, ctypes.c_char_p)(lambda _: None)
    library = ctypes.CDLL("libjack.so.0")
    library.jack_set_error_function(handler)
    library.jack_set_info_function(handler)
    return handler

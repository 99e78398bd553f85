"""A process of its own that turns words into sound, so that no speech engine can hold us up.

Run as a program. Each line of standard input is a JSON string, the words; each answer on standard
output is a line of JSON, ``{"rate_hz": ..., "samples": n}`` or ``{"error": ...}``, and then n
16-bit mono samples. The first answer, unasked, has no samples and names the ``engine``. It imports
nothing of kneetrack.
"""

from __future__ import annotations

import contextlib
import importlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import wave
from collections.abc import Callable
from pathlib import Path
from typing import Any

WORDS_PER_MINUTE = 165
PROGRAM_TIMEOUT_S = 8.0
Engine = Callable[[str, Path], None]
"""Speaks words into a WAV file."""


def main() -> int:
    """Serve until standard input ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    with Path(os.devnull).open("w") as nowhere:
        os.dup2(nowhere.fileno(), sys.stdout.fileno())  # engines print to it
    try:
        name, engine = choose_engine()
    except LookupError as error:
        _answer(answers.write, {"error": str(error)})
        answers.flush()
        return 1
    _answer(answers.write, {"engine": name, "rate_hz": 0, "samples": 0})
    answers.flush()
    for line in sys.stdin:
        _serve(json.loads(line), engine, answers.write)
        answers.flush()
    return 0


def choose_engine() -> tuple[str, Engine]:
    """The first engine that really speaks. Raises LookupError with what to install."""
    candidates: list[Callable[[], tuple[str, Engine]]] = [_pyttsx3, _espeak_program]
    if sys.platform == "darwin":  # pyttsx3 writes AIFF there, and ends when it likes
        candidates.insert(0, _say_program)
    problems = []
    for candidate in candidates:
        try:
            name, engine = candidate()
            speak(engine, "ready")
            return name, engine
        except Exception as error:
            problems.append(str(error))
    if sys.platform.startswith("linux"):
        raise LookupError("no voice; on Debian or Ubuntu: sudo apt-get install -y espeak-ng")
    raise LookupError(f"no voice: {problems[0] if problems else 'no engine'}")


def read_wav(path: Path) -> tuple[int, bytes]:
    """(rate in Hz, 16-bit mono samples). Raises ValueError for anything else or nothing."""
    with wave.open(str(path), "rb") as sound:
        if (sound.getnchannels(), sound.getsampwidth()) != (1, 2):
            raise ValueError("not 16-bit mono")
        rate_hz, data = sound.getframerate(), sound.readframes(sound.getnframes())
    if not any(data):
        raise ValueError("silence")
    return rate_hz, data


def speak(engine: Engine, words: str) -> tuple[int, bytes]:
    """(rate in Hz, 16-bit mono samples) of the words; leaves no file, unless killed meanwhile."""
    with tempfile.TemporaryDirectory(prefix="kneetrack-voice-") as folder:
        engine(words, Path(folder) / "words.wav")
        return read_wav(Path(folder) / "words.wav")


def _serve(words: str, engine: Engine, write: Callable[[bytes], object]) -> None:
    try:
        rate_hz, data = speak(engine, words)
    except Exception as error:
        _answer(write, {"error": str(error) or type(error).__name__})
    else:
        _answer(write, {"rate_hz": rate_hz, "samples": len(data) // 2})
        write(data)


def _answer(write: Callable[[bytes], object], answer: dict[str, object]) -> None:
    write(json.dumps(answer).encode() + b"\n")


def _pyttsx3() -> tuple[str, Engine]:
    speaker = importlib.import_module("pyttsx3").init()
    speaker.setProperty("rate", WORDS_PER_MINUTE)
    with contextlib.suppress(Exception):
        _choose_english(speaker)

    def save(words: str, path: Path) -> None:
        speaker.save_to_file(words, str(path))
        speaker.runAndWait()

    return "pyttsx3", save


def _choose_english(speaker: Any) -> None:
    """An English voice, where the computer's own is another language's."""
    if sys.platform.startswith("linux"):
        speaker.setProperty("voice", "en")
        return
    voices = speaker.getProperty("voices")
    now = speaker.getProperty("voice")
    english = [voice.id for voice in voices if "en" in str(voice.languages or voice.id).lower()[:6]]
    if english and now not in english:
        speaker.setProperty("voice", english[0])


def _espeak_program() -> tuple[str, Engine]:
    program = shutil.which("espeak-ng") or shutil.which("espeak")
    if program is None:
        raise LookupError("no espeak-ng")
    start = [program, "-v", "en", "-s", str(WORDS_PER_MINUTE), "-w"]
    return Path(program).name, lambda words, path: _run([*start, str(path), "--", words])


def _say_program() -> tuple[str, Engine]:
    program = shutil.which("say")
    if program is None:
        raise LookupError("no say")
    form = ["--file-format=WAVE", "--data-format=LEI16@22050"]
    start = [program, "-r", str(WORDS_PER_MINUTE), *form, "-o"]
    return "say", lambda words, path: _run([*start, str(path), "--", words])


def _run(command: list[str]) -> None:
    subprocess.run(command, check=True, capture_output=True, timeout=PROGRAM_TIMEOUT_S)


if __name__ == "__main__":
    sys.exit(main())

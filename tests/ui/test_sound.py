"""The sound as a whole, on devices and voices that work, fail, hang and die."""

from __future__ import annotations

import importlib
import os
import shutil
import sys
import threading
import time
import wave
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from kneetrack.live_records import Heard
from kneetrack.ui import _speaker
from kneetrack.ui._keeper import Keeper
from kneetrack.ui._mixer import Mixer
from kneetrack.ui._sinks import ClockedSink, Render, SinkError
from kneetrack.ui._speaker import Speaker, trimmed
from kneetrack.ui.sound import Sound, sound_file
from kneetrack.ui.tones import RATE_HZ, Samples, tone_samples

VOICE = """
import json, os, sys, time
def tell(told, data=b""):
    sys.stdout.buffer.write(json.dumps(told).encode() + b"\\n" + data)
    sys.stdout.buffer.flush()
tell({"engine": "test", "rate_hz": 0, "samples": 0})
for line in sys.stdin:
    words = json.loads(line)
    if words == "die":
        os._exit(1)
    if words == "hang":
        time.sleep(60)
    if words == "fail":
        tell({"error": "no such word"})
        continue
    n = 16000 * len(words) // 20
    data = b"".join(int(9000 * (1 if i // 20 % 2 else -1)).to_bytes(2, "little", signed=True)
                    for i in range(n))
    tell({"rate_hz": 16000, "samples": n}, data)
"""


class Tape(ClockedSink):
    """Keeps what would be heard."""

    def __init__(self) -> None:
        super().__init__()
        self.blocks: list[Samples] = []

    def take(self, block: Samples) -> None:
        self.blocks.append(block)

    @property
    def heard(self) -> Samples:
        return np.concatenate([np.zeros(1, np.float32), *self.blocks])


class Refusing(Tape):
    def open(self, render: Render) -> None:
        raise SinkError("no loudspeaker found")


def until(condition: Callable[[], object], timeout_s: float = 20.0) -> None:
    end_s = time.monotonic() + timeout_s
    while not condition():
        assert time.monotonic() < end_s, "it never happened"
        time.sleep(0.005)


def speaker(made: Callable[[str], None], timeout_s: float = 20.0) -> Speaker:
    return Speaker(made, (sys.executable, "-c", VOICE), (20.0, timeout_s))


def test_a_tone_and_words_reach_the_device_tone_first() -> None:
    tape = Tape()
    with Sound(lambda: tape, speaker) as sound:
        until(lambda: sound.voice)
        sound.hear(Heard("good_rep", "Knees out"))
        sound.finish(20)
        assert sound.note == ""
    loud = np.flatnonzero(np.abs(tape.heard) > 0.02)
    tone = tone_samples("good_rep")
    begins = loud[0] - np.flatnonzero(np.abs(tone) > 0.02)[0]
    ending = begins + len(tone)
    assert np.abs(tape.heard[loud[0] : ending]).max() == pytest.approx(0.5, abs=0.01)
    assert np.abs(tape.heard[ending:]).max() == pytest.approx(0.7, abs=0.05)
    assert (loud[-1] - ending) / RATE_HZ > 0.3


def test_without_a_device_there_is_a_note_and_nothing_else() -> None:
    with Sound(Refusing, speaker) as sound:
        until(lambda: sound.note)
        sound.hear(Heard("rep", "one", urgent=True))
        sound.finish()
        assert (sound.available, sound.voice, sound.note) == (False, False, "no loudspeaker found")


def test_without_portaudio_the_note_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> object:
        raise OSError("PortAudio library not found")

    monkeypatch.setattr(importlib, "import_module", missing)
    monkeypatch.setattr(sys, "platform", "linux")
    with Sound(speaker=None) as sound:
        until(lambda: sound.note)
        assert sound.note.endswith("sudo apt-get install -y libportaudio2")


def test_hearing_never_waits_for_a_device_that_hangs() -> None:
    released = threading.Event()

    class Hanging(ClockedSink):
        def open(self, render: Render) -> None:
            released.wait(60)

        def take(self, block: Samples) -> None:
            released.wait(60)

    class HangsLater(ClockedSink):
        def take(self, block: Samples) -> None:
            released.wait(60)

    try:
        for sink in (Hanging, HangsLater):
            with Sound(sink, speaker) as sound:
                for number in range(1000):
                    sound.hear(Heard("rep", str(number)))
                assert not released.is_set()
    finally:
        released.set()


def test_a_lost_device_is_noted_and_found_again() -> None:
    tapes: list[Tape] = []

    def plugged() -> Tape:
        if len(tapes) == 1:
            tapes.append(Refusing())
        else:
            tapes.append(Tape())
        return tapes[-1]

    mixer = Mixer()
    keeper = Keeper(plugged, mixer, retry_s=0.01, silent_s=0.1)
    keeper.start()
    until(lambda: keeper.open)
    tapes[0].close()
    until(lambda: len(tapes) == 3 and keeper.open)
    assert keeper.note == ""
    mixer.play(tone_samples("go"))
    until(lambda: np.abs(tapes[2].heard).max() > 0.4)
    keeper.close()
    assert not keeper.open


def test_switched_off_nothing_is_heard() -> None:
    tape = Tape()
    with Sound(lambda: tape, None) as sound:
        until(lambda: sound.available)
        sound.on = False
        sound.hear(Heard("trouble"))
        sound.finish()
        assert np.abs(tape.heard).max() == 0
        sound.on = True
        sound.hear(Heard("trouble"))
        sound.finish(20)
        assert np.abs(tape.heard).max() > 0.4


@pytest.mark.parametrize("mishap", ["die", "hang"])
def test_a_voice_that_dies_or_hangs_is_started_again(mishap: str) -> None:
    made: list[str] = []
    voice = speaker(made.append, 1.0 if mishap == "hang" else 20.0)
    voice.start()
    voice.ask(mishap)
    voice.ask("Knees out")
    until(lambda: voice.samples("Knees out") is not None)
    assert made[-1] == "Knees out"
    assert voice.samples(mishap) is None
    assert voice.note == ""
    voice.close()


def test_after_three_failures_running_there_are_only_tones() -> None:
    tape = Tape()
    with Sound(lambda: tape, lambda made: speaker(made, 0.5)) as sound:
        until(lambda: sound.voice)
        sound.prepare(["one", "fail", "die", "hang"])
        until(lambda: sound.note)
        assert sound.note == "the voice does not answer; sounds only"
        assert not sound.voice
        sound.hear(Heard("rep", "one"))
        sound.finish(20)
        assert np.abs(tape.heard).max() > 0.4


def test_no_voice_at_all_is_a_note() -> None:
    voice = Speaker(lambda _: None, ("/nowhere/no-such-program",))
    voice.start()
    until(lambda: voice.given_up)
    assert voice.note.startswith("no voice: ")
    voice.close()


def test_phrases_are_made_ahead() -> None:
    voice = speaker(lambda _: None)
    voice.start()
    voice.prepare(["one", "two", "three"])
    until(lambda: all(voice.samples(word) is not None for word in ("one", "two", "three")))
    voice.close()


def test_speech_is_trimmed_and_brought_to_one_loudness() -> None:
    t_s = np.arange(22050) / 22050
    spoken = np.where((t_s > 0.3) & (t_s < 0.6), 3000 * np.sin(2 * np.pi * 300 * t_s), 0)
    wave_48k = trimmed(spoken.astype(np.int16), 22050)
    assert len(wave_48k) / RATE_HZ == pytest.approx(0.32, abs=0.02)
    assert np.abs(wave_48k).max() == pytest.approx(_speaker.VOICE_PEAK, abs=0.01)
    assert abs(wave_48k[0]) < 1e-3


def test_the_mixer_ducks_words_under_a_tone_and_cuts_softly() -> None:
    mixer = Mixer()
    words = np.full(RATE_HZ, 0.7, np.float32)
    mixer.say(words)
    mixer.play(np.full(480, 0.5, np.float32))
    assert mixer.render(480) == pytest.approx(0.78)
    assert mixer.render(480) == pytest.approx(0.7)
    mixer.cut()
    ending = mixer.render(960)
    assert ending[0] == pytest.approx(0.7)
    assert np.abs(np.diff(ending)).max() < 0.01
    assert not ending[480:].any()
    for _ in range(9):
        mixer.play(words)
    assert mixer.render(10).max() == 1.0


def test_the_file_sink_writes_what_is_heard(tmp_path: Path) -> None:
    with Sound(sound_file(tmp_path / "heard.wav"), None) as sound:
        until(lambda: sound.available)
        sound.hear(Heard("set_done"))
        sound.finish(20)
    with wave.open(str(tmp_path / "heard.wav")) as written:
        data = np.frombuffer(written.readframes(written.getnframes()), "<i2")
        assert written.getframerate() == RATE_HZ
    assert np.abs(data).max() > 0.4 * 32767
    with Sound(sound_file(tmp_path / "no" / "folder.wav"), None) as sound:
        until(lambda: sound.note)
        assert "No such file" in sound.note or os.name == "nt"


@pytest.mark.skipif(shutil.which("espeak-ng") is None, reason="needs espeak-ng")
def test_real_words_are_really_spoken() -> None:
    voice = Speaker(lambda _: None)
    voice.start()
    voice.prepare(["Knees out", "Point your right knee over your second toe"])
    until(lambda: voice.samples("Point your right knee over your second toe") is not None)
    short = voice.samples("Knees out")
    long = voice.samples("Point your right knee over your second toe")
    voice.close()
    assert short is not None
    assert long is not None
    assert 0.4 < len(short) / RATE_HZ < 1.5
    assert 1.8 < len(long) / RATE_HZ < 4
    assert np.sqrt(np.mean(short**2)) > 0.05

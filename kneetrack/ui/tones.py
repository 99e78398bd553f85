"""The short sounds, made of sines: told apart by which way they go and by their rhythm."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Final, get_args

import numpy as np
from numpy.typing import NDArray

from kneetrack.live_records import Tone

Samples = NDArray[np.float32]
"""(N,) float32 mono samples in -1..1."""

RATE_HZ: Final = 48_000
PEAK: Final = 0.5
_ATTACK_S: Final = 0.008
_RELEASE_S: Final = 0.03
_OVERTONES: Final = ((1.0, 1.0), (2.0, 0.22), (3.0, 0.08))


@dataclass(frozen=True, slots=True)
class Note:
    """One note of a sound: from one pitch to another (the same: a steady one).

    loudness: 0..1 of the sound's peak. pitch 0: silence.
    """

    from_hz: float
    to_hz: float
    lasts_s: float
    loudness: float = 1.0


_GAP: Final = Note(0, 0, 0.03)
NOTES: Final[dict[Tone, tuple[Note, ...]]] = {
    "rep": (Note(880, 880, 0.09),),
    "good_rep": (Note(784, 784, 0.08), Note(1175, 1175, 0.15)),
    "knee_in": (Note(988, 620, 0.12), _GAP, Note(988, 620, 0.15)),
    "too_deep": (Note(440, 440, 0.1), _GAP, Note(440, 440, 0.08), _GAP, Note(440, 440, 0.11)),
    "set_done": (Note(659, 659, 0.09), Note(880, 880, 0.09), Note(1319, 1319, 0.17)),
    "tick": (Note(1568, 1568, 0.08, 0.7),),
    "go": (Note(784, 1568, 0.14), Note(1568, 1568, 0.14)),
    "half": (Note(523, 523, 0.12, 0.8), _GAP, Note(659, 659, 0.18, 0.8)),
    "trouble": (Note(622, 622, 0.14), _GAP, Note(415, 415, 0.18)),
}
"""One note: counted. Rising: good. Falling: look out. Repeated low: too deep."""


@cache
def tone_samples(tone: Tone) -> Samples:
    """A sound at 48 kHz; read-only, 80 to 350 ms, silent at both ends, peak at most 0.5."""
    parts = [_sing(note) for note in NOTES[tone]]
    sound = np.concatenate(parts)
    loudest = max(note.loudness for note in NOTES[tone])
    sound *= PEAK * loudest / np.abs(sound).max()
    samples = np.asarray(sound, np.float32)
    samples.flags.writeable = False
    return samples


def tone_names() -> tuple[Tone, ...]:
    """All the sounds there are."""
    return get_args(Tone)


def _sing(note: Note) -> NDArray[np.float64]:
    t_s = np.arange(round(note.lasts_s * RATE_HZ)) / RATE_HZ
    if not note.from_hz:
        return np.zeros(len(t_s))
    pitch_hz = np.geomspace(note.from_hz, note.to_hz, len(t_s))
    turns = 2 * np.pi * np.cumsum(pitch_hz) / RATE_HZ
    wave = sum(level * np.sin(turns * times) for times, level in _OVERTONES)
    rise = np.clip(t_s / _ATTACK_S, 0, 1)
    fall = np.clip((note.lasts_s - t_s) / _RELEASE_S, 0, 1)
    soft = np.sin(rise * np.pi / 2) ** 2 * np.sin(fall * np.pi / 2) ** 2
    return np.asarray(note.loudness * wave * soft * np.exp(-t_s / note.lasts_s))

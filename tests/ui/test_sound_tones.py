"""The short sounds: no clicks, never too loud, never taken for one another."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from kneetrack.live_records import Tone
from kneetrack.ui.tones import NOTES, RATE_HZ, tone_names, tone_samples


def contour_hz(tone: Tone) -> list[float]:
    """The loudest frequency in each 40 ms of a sound; 0 where it is silent; eight values."""
    samples, step = tone_samples(tone), round(0.04 * RATE_HZ)
    found = []
    for start in range(0, 8 * step, step):
        part = samples[start : start + step]
        if len(part) < step // 2 or np.abs(part).max() < 0.05:
            found.append(0.0)
            continue
        loud = np.abs(np.fft.rfft(part * np.hanning(len(part)), 8192))
        found.append(float(np.fft.rfftfreq(8192, 1 / RATE_HZ)[loud.argmax()]))
    return found


@pytest.mark.parametrize("tone", tone_names())
def test_a_tone_is_short_soft_and_without_clicks(tone: Tone) -> None:
    samples = tone_samples(tone)
    assert samples.dtype == np.float32
    assert 0.08 <= len(samples) / RATE_HZ <= 0.35
    assert 0.3 <= np.abs(samples).max() <= 0.5 + 1e-6
    assert np.abs(samples[[0, -1]]).max() < 1e-4
    assert np.abs(samples[:48]).max() < 0.1
    assert np.abs(np.diff(samples)).max() < 0.25


@pytest.mark.parametrize("tone", tone_names())
def test_a_tone_carries_on_a_laptop(tone: Tone) -> None:
    samples = tone_samples(tone)
    power = np.abs(np.fft.rfft(samples)) ** 2
    hz = np.fft.rfftfreq(len(samples), 1 / RATE_HZ)
    assert power[(hz > 380) & (hz < 3200)].sum() > 0.9 * power.sum()
    assert all(not note.from_hz or 400 <= note.from_hz <= 2500 for note in NOTES[tone])


@pytest.mark.parametrize("pair", list(combinations(tone_names(), 2)), ids=" ".join)
def test_no_two_tones_are_alike(pair: tuple[Tone, Tone]) -> None:
    one, other = (np.array(contour_hz(tone)) for tone in pair)
    semitones = np.abs(12 * np.log2(np.maximum(one, 50) / np.maximum(other, 50)))
    assert (semitones > 2.5).sum() >= 2


def test_good_rises_and_knee_in_falls() -> None:
    good = [hz for hz in contour_hz("good_rep") if hz]
    inward = [hz for hz in contour_hz("knee_in") if hz]
    assert good[-1] > 1.3 * good[0]
    assert min(inward) < 0.8 * inward[0]

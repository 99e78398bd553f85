"""Repetitions from a depth signal (MEASURES 6): hysteresis in seconds, phases, objections."""

from __future__ import annotations

import numpy as np
import pytest

from kneetrack.reps import RepLimits, drop_shallow, find_dips
from tests.motions import Tempo

LIMITS = RepLimits()
DEPTH = 0.30
REST = Tempo(top_s=1.0)


def counted(t: np.ndarray, u: np.ndarray) -> tuple[list, list]:  # type: ignore[type-arg]
    """Candidates, less the half ones, and everything rejected."""
    dips, rejected = find_dips(t, u, LIMITS)
    kept, shallow = drop_shallow(dips, LIMITS)
    return kept, [*rejected, *shallow]


def signal(tempo: Tempo) -> tuple[np.ndarray, np.ndarray]:
    t = tempo.clock()
    return t, DEPTH * tempo.dips(t).sum(axis=0)


def matches(kept: list, tempo: Tempo) -> None:  # type: ignore[type-arg]
    truths = tempo.truths(["both"] * len(tempo.depths))
    assert len(kept) == len(truths)
    for dip, truth in zip(kept, truths, strict=True):
        assert dip.bottom_s == pytest.approx(truth.bottom_s, abs=0.15)
        assert dip.start_s == pytest.approx(truth.start_s, abs=0.15)
        assert dip.end_s == pytest.approx(truth.end_s, abs=0.15)


@pytest.mark.parametrize("fps", [12.5, 25, 30, 60, 120, 240])
@pytest.mark.parametrize("jitter", [0.0, 0.6])
def test_the_same_reps_at_every_frame_rate(fps: float, jitter: float) -> None:
    tempo = Tempo(fps=fps, jitter=jitter, depths=(1, 1, 1, 1))
    kept, rejected = counted(*signal(tempo))
    matches(kept, tempo)
    assert rejected == []


@pytest.mark.parametrize(
    "tempo",
    [
        Tempo(hold_s=0.0),
        Tempo(hold_s=3.0),
        Tempo(hold_s=9.0),
        Tempo(top_s=0.0, depths=(1,) * 6),
        Tempo(top_s=0.0, hold_s=0.0, descent_s=0.7, ascent_s=0.6, depths=(1,) * 8),
        Tempo(top_s=8.0),
        Tempo(depths=(1,)),
        Tempo(depths=(1.0, 0.8, 0.65, 1.0, 0.9)),
        Tempo(descent_s=4.0, ascent_s=4.0),
        Tempo(lead_s=20.0, tail_s=20.0),
    ],
    ids=lambda t: f"{t.descent_s}-{t.hold_s}-{t.ascent_s}-{t.top_s}-{len(t.depths)}",
)
def test_pauses_and_tempos(tempo: Tempo) -> None:
    kept, rejected = counted(*signal(tempo))
    matches(kept, tempo)
    assert rejected == []


def test_phases_are_read_in_seconds() -> None:
    tempo = Tempo(descent_s=2.0, hold_s=1.5, ascent_s=1.0)
    kept, _ = counted(*signal(tempo))
    for dip in kept:
        assert dip.descent_s == pytest.approx(2.0, abs=0.2)
        assert dip.hold_s == pytest.approx(1.5, abs=0.3)
        assert dip.ascent_s == pytest.approx(1.0, abs=0.2)
        total = dip.descent_s + dip.hold_s + dip.ascent_s
        assert total == pytest.approx(dip.end_s - dip.start_s, abs=1e-6)
        assert dip.depth == pytest.approx(DEPTH, abs=0.003)


def test_half_repetitions_are_rejected_with_the_reason() -> None:
    tempo = Tempo(depths=(1, 1, 0.4, 1))
    kept, rejected = counted(*signal(tempo))
    assert len(kept) == 3
    assert len(rejected) == 1
    assert rejected[0].start_s == pytest.approx(tempo.starts_s[2], abs=0.2)
    assert "40%" in rejected[0].reason.replace(" ", "")


def test_standing_about_is_no_repetition() -> None:
    t = np.arange(900) / 30
    u = 0.015 * np.sin(2 * np.pi * 0.25 * t) ** 2
    assert counted(t, u) == ([], [])


def test_noise_on_the_signal_adds_none() -> None:
    t, u = signal(Tempo(depths=(1,) * 5))
    for seed in range(5):
        noisy = u + np.random.default_rng(seed).normal(0, 0.004, len(u))
        kept, _ = counted(t, noisy)
        assert len(kept) == 5


@pytest.mark.parametrize(("cut", "says"), [("start", "begun"), ("end", "finished")])
def test_a_clip_that_starts_or_ends_at_the_bottom(cut: str, says: str) -> None:
    tempo = Tempo(depths=(1, 1, 1))
    t, u = signal(tempo)
    first, last = tempo.truths(["both"] * 3)[0], tempo.truths(["both"] * 3)[2]
    keep = t >= first.bottom_s if cut == "start" else t <= last.bottom_s
    kept, rejected = counted(t[keep], u[keep])
    assert len(kept) == 2
    assert [says in r.reason for r in rejected] == [True]


def test_a_whole_repetition_is_needed_to_count() -> None:
    t, u = signal(Tempo(depths=(1,)))
    for keep in (t >= 2.5, t <= 3.7):
        kept, rejected = counted(t[keep], u[keep])
        assert kept == []
        assert len(rejected) == 1


def test_a_twitch_is_too_short_and_a_long_sink_too_long() -> None:
    t = np.arange(40 * 30) / 30
    twitch = DEPTH * np.exp(-(((t - 10) / 0.06) ** 2))
    kept, rejected = counted(t, twitch)
    assert kept == []
    assert "short" in rejected[0].reason
    crawl = DEPTH * np.clip(1 - np.abs(t - 20) / 12, 0, 1)
    kept, rejected = counted(t, crawl)
    assert kept == []
    assert "long" in rejected[0].reason


def test_the_shortest_repetition_is_measured_without_its_hold() -> None:
    """MEASURES 6: 0.6-10 s (hold excluded)."""
    kept, rejected = counted(*signal(Tempo(descent_s=0.2, hold_s=1.5, ascent_s=0.2, depths=(1,))))
    assert kept == []
    assert "short" in rejected[0].reason


def test_a_long_hold_does_not_make_a_repetition_too_long() -> None:
    tempo = Tempo(hold_s=14.0, depths=(1, 1))
    kept, _ = counted(*signal(tempo))
    matches(kept, tempo)


def test_nan_ends_a_dip_and_never_becomes_zero() -> None:
    tempo = Tempo(depths=(1, 1, 1))
    t, u = signal(tempo)
    bottom = tempo.truths(["both"] * 3)[1].bottom_s
    u[(t > bottom - 0.4) & (t < bottom + 0.4)] = np.nan
    kept, rejected = counted(t, u)
    starts = [dip.start_s for dip in kept]
    assert starts == pytest.approx([tempo.starts_s[0], tempo.starts_s[2]], abs=0.15)
    assert rejected
    assert all("lost" in r.reason or "came into view" in r.reason for r in rejected)


def test_nothing_at_all() -> None:
    assert find_dips(np.empty(0), np.empty(0), LIMITS) == ([], [])
    assert drop_shallow([], LIMITS) == ([], [])
    t = np.arange(50) / 30
    assert find_dips(t, np.full(50, np.nan), LIMITS) == ([], [])


def test_pictures_that_are_missing_do_not_shorten_a_hold() -> None:
    """A busy camera leaves pictures out: no frame between two deep ones says the body came up."""
    tempo = Tempo(hold_s=2.0, depths=(1.0, 1.0))
    t, u = signal(tempo)
    kept = np.ones(len(t), bool)
    for start_s in tempo.starts_s:
        late = (t - start_s - tempo.descent_s) * tempo.fps
        kept[(late > 20) & (late < 28)] = False
    assert np.diff(t[kept]).max() > 0.2
    whole, _ = counted(t, u)
    gappy, _ = counted(t[kept], u[kept])
    assert [d.hold_s for d in gappy] == pytest.approx([d.hold_s for d in whole], abs=0.05)
    assert [d.near_depth_s for d in gappy] == [d.near_depth_s for d in whole]

"""The live filter: published truth, the paper word for word, gaps, clocks, and squats."""

from __future__ import annotations

import csv
import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from scipy.interpolate import CubicSpline

from kneetrack import skeleton as sk
from kneetrack.one_euro import POSE_BETA, POSE_MIN_CUTOFF_HZ, OneEuro, PoseFilter
from kneetrack.records import Pose, PoseTrack
from tests import motions as m

TRUTH = Path(__file__).resolve().parent / "data" / "one_euro_truth.csv"
PX_PER_M = m.FRONT.focal_px / m.FRONT.distance_m
LEG_PX = m.LEG_M * PX_PER_M


def paper(
    t_s: np.ndarray, x: np.ndarray, min_cutoff: float, beta: float, d_cutoff: float
) -> list[float]:
    """Appendix A of the paper, one number after another."""

    def alpha(dt: float, cutoff: float) -> float:
        tau = 1.0 / (2 * math.pi * cutoff)
        return 1.0 / (1.0 + tau / dt)

    out = [float(x[0])]
    dx_hat = 0.0
    for i in range(1, len(x)):
        dt = float(t_s[i] - t_s[i - 1])
        dx = (float(x[i]) - out[-1]) / dt
        a_d = alpha(dt, d_cutoff)
        dx_hat = a_d * dx + (1 - a_d) * dx_hat
        a = alpha(dt, min_cutoff + beta * abs(dx_hat))
        out.append(a * float(x[i]) + (1 - a) * out[-1])
    return out


def smoothed(track: PoseTrack, leg_px: float = LEG_PX) -> tuple[np.ndarray, np.ndarray]:
    poses = PoseFilter()
    done = [poses.filter(one(track, i), leg_px) for i in range(len(track))]
    return np.stack([p.xy_px for p in done]), np.stack([p.xyz_m for p in done])


def one(track: PoseTrack, i: int) -> Pose:
    assert track.xyz_m is not None
    return Pose(track.xy_px[i], track.xyz_m[i], track.confidence[i], float(track.t_s[i]))


def test_reproduces_the_published_ground_truth_from_a_first_timestamp_of_zero() -> None:
    with TRUTH.open(encoding="utf-8") as file:
        rows = [{k: float(v) for k, v in row.items()} for row in csv.DictReader(file)]
    euro = OneEuro(1.0, 0.1, 1.0)
    got = [float(euro.filter(row["timestamp"], np.array(row["noisy"]))) for row in rows]
    assert len(rows) == 61
    assert rows[0]["timestamp"] == 0.0
    assert got == pytest.approx([row["filtered"] for row in rows], abs=5e-6)


def test_every_element_follows_the_paper_at_irregular_times() -> None:
    rng = np.random.default_rng(1)
    t_s = np.cumsum(rng.uniform(0.004, 0.11, 200))
    x = np.cumsum(rng.normal(0, 0.3, (200, 4, 3)), axis=0)
    euro = OneEuro(1.3, 0.7, 0.9)
    got = np.stack([euro.filter(t, row) for t, row in zip(t_s, x, strict=True)])
    for k, d in np.ndindex(4, 3):
        np.testing.assert_allclose(got[:, k, d], paper(t_s, x[:, k, d], 1.3, 0.7, 0.9), rtol=1e-10)


def test_scale_is_the_unit_of_beta() -> None:
    x = np.random.default_rng(2).normal(0, 1, 60)
    small, large = OneEuro(1.0, 2.0), OneEuro(1.0, 2.0)
    got = [float(small.filter(i / 30, np.array(v))) for i, v in enumerate(x)]
    scaled = [float(large.filter(i / 30, np.array(v * 250), 250.0)) for i, v in enumerate(x)]
    assert np.array(scaled) / 250 == pytest.approx(got)


def test_one_nan_stays_nan_and_harms_neither_its_neighbours_nor_what_follows() -> None:
    t_s = np.arange(60) / 30
    x = np.stack([np.sin(t_s), np.cos(t_s)], axis=1)
    holed = x.copy()
    holed[20:25, 0] = np.nan
    whole, gap = OneEuro(1.0, 0.5), OneEuro(1.0, 0.5)
    a = np.stack([whole.filter(t, v) for t, v in zip(t_s, x, strict=True)])
    b = np.stack([gap.filter(t, v) for t, v in zip(t_s, holed, strict=True)])
    assert np.isnan(b[20:25, 0]).all()
    assert np.isfinite(b[25:]).all()
    np.testing.assert_array_equal(a[:, 1], b[:, 1])
    expected = paper(np.delete(t_s, range(20, 25)), np.delete(x[:, 0], range(20, 25)), 1.0, 0.5, 1)
    np.testing.assert_allclose(b[25:, 0], expected[20:], rtol=1e-10)


def test_starts_anew_after_more_than_half_a_second_unseen() -> None:
    short, long = OneEuro(), OneEuro()
    for euro in (short, long):
        euro.filter(0.0, np.array([0.0, 0.0]))
        euro.filter(0.1, np.array([0.0, np.nan]))
    assert 0 < short.filter(0.45, np.array([0.0, 1.0]))[1] < 1
    assert long.filter(0.55, np.array([0.0, 1.0])).tolist() == [0.0, 1.0]


def test_an_equal_or_earlier_time_changes_nothing_and_a_clock_set_back_starts_anew() -> None:
    euro = OneEuro()
    euro.filter(10.0, np.array(1.0))
    before = float(euro.filter(10.1, np.array(2.0)))
    assert float(euro.filter(10.1, np.array(50.0))) == before
    assert float(euro.filter(10.0, np.array(50.0))) == before
    after = float(euro.filter(10.2, np.array(2.0)))
    assert before < after < 2.0
    assert float(euro.filter(0.0, np.array(7.0))) == 7.0


def test_never_seen_then_seen_and_reset() -> None:
    euro = OneEuro()
    assert np.isnan(euro.filter(0.0, np.full(2, np.nan))).all()
    assert euro.filter(0.1, np.array([3.0, np.nan]))[0] == 3.0
    euro.reset()
    assert euro.filter(0.2, np.zeros((3, 2))).shape == (3, 2)
    with pytest.raises(ValueError, match="reset first"):
        euro.filter(0.3, np.zeros(2))


@pytest.mark.parametrize("wrong", [(0.0, 1.0, 1.0), (1.0, -1.0, 1.0), (1.0, 1.0, 0.0)])
def test_impossible_settings(wrong: tuple[float, float, float]) -> None:
    with pytest.raises(ValueError, match="cut-offs"):
        OneEuro(*wrong)


# ------------------------------------------------------------------ poses

HALF_HERTZ = m.Tempo(descent_s=1.0, hold_s=0.0, ascent_s=1.0, top_s=0.0, depths=(1.0,) * 4)
AXES = [
    (sk.HIPS[0], 1, (-0.05, -0.05)),
    (sk.KNEES[0], 1, (-0.05, -0.05)),
    (sk.KNEES[1], 0, (-0.05, -0.05)),
    (sk.KNEES[0], 0, (0.12, 0.12)),
]


def bottom(t_s: np.ndarray, travel: np.ndarray) -> tuple[float, float]:
    """When and how far the third squat goes, between the frames too."""
    own = (t_s > HALF_HERTZ.starts_s[2] + 0.3) & (t_s < HALF_HERTZ.starts_s[2] + 1.9)
    fine_s = np.linspace(t_s[own][0], t_s[own][-1], 5000)
    fine = CubicSpline(t_s, travel)(fine_s)
    return float(fine_s[fine.argmax()]), float(fine.max())


@pytest.mark.parametrize(("landmark", "axis", "kfo"), AXES)
def test_a_squat_keeps_its_depth_and_its_time(
    landmark: int, axis: int, kfo: tuple[float, float]
) -> None:
    track = m.film(m.squats(HALF_HERTZ, kfo=kfo))
    xy, _ = smoothed(track)
    raw, soft = track.xy_px[:, landmark, axis], xy[:, landmark, axis]
    way = np.sign(raw[np.abs(raw - raw[0]).argmax()] - raw[0])
    true_s, true_px = bottom(track.t_s, way * (raw - raw[0]))
    seen_s, seen_px = bottom(track.t_s, way * (soft - raw[0]))
    assert 0 < seen_s - true_s < 0.060
    assert 0 < 1 - seen_px / true_px < 0.03


def test_standing_jitter_falls_below_two_fifths() -> None:
    track = m.film(m.standing(20.0))
    assert track.xyz_m is not None
    rng = np.random.default_rng(3)
    noise = rng.normal(0, 0.01, track.xyz_m.shape).astype(np.float32)
    noisy = replace(track, xy_px=track.xy_px + PX_PER_M * noise[..., :2], xyz_m=track.xyz_m + noise)
    xy, xyz = smoothed(noisy)
    knees = np.s_[60:, list(sk.KNEES)]
    for soft, true, unit in ((xy, track.xy_px, PX_PER_M), (xyz, track.xyz_m, 1.0)):
        assert (soft - true)[knees].std() < 0.40 * 0.01 * unit


def test_all_landmarks_lag_alike_so_a_deep_knee_keeps_its_angle() -> None:
    track = m.film(m.squats(HALF_HERTZ), m.SIDE)
    xy, _ = smoothed(track)
    hips, knees = (c.astype(float) for c in (xy[:, sk.HIPS[0], 1], xy[:, sk.KNEES[0], 0]))
    way = np.sign(knees[np.abs(knees - knees[0]).argmax()] - knees[0])
    hip_s, _ = bottom(track.t_s, hips - hips[0])
    knee_s, _ = bottom(track.t_s, way * (knees - knees[0]))
    assert abs(hip_s - knee_s) < 0.008


def test_pose_filter_keeps_times_confidence_and_holes() -> None:
    track = m.blanked(m.film(m.standing(2.0)), 1.0, 1.2, [int(sk.TOES[0])])
    poses = PoseFilter()
    for i in range(len(track)):
        done = poses.filter(one(track, i))
        assert done.t_s == track.t_s[i]
        assert done.xy_px.dtype == np.float32
        np.testing.assert_array_equal(done.confidence, track.confidence[i])
        np.testing.assert_array_equal(np.isnan(done.xy_px), np.isnan(track.xy_px[i]))


def test_pose_without_world_landmarks_unseen_and_without_a_known_leg() -> None:
    track = m.film(m.squats(HALF_HERTZ))
    poses = PoseFilter()
    assert not poses.filter(Pose.unseen(0.0)).seen
    flat = [poses.filter(replace(one(track, i), xyz_m=None)) for i in range(len(track))]
    assert flat[-1].xyz_m is None
    known, _ = smoothed(track)
    np.testing.assert_allclose(np.stack([p.xy_px for p in flat]), known, atol=2.0)


def test_the_filter_is_light() -> None:
    assert 1.0 <= POSE_MIN_CUTOFF_HZ <= 1.5
    assert POSE_BETA > 0

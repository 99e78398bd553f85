"""The calculator against MEASURES 0 to 5: definitions, signs, closed forms, invariances."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from kneetrack import angles as an
from kneetrack import skeleton as sk
from kneetrack.skeleton import Landmark
from tests import motions as mo
from tests.motions import Camera, Legs

LEFT, RIGHT = sk.LEFT, sk.RIGHT


def pixels(legs: Legs, camera: Camera = mo.LEVEL) -> np.ndarray:
    return camera.project(legs.joints())


def medial_of(legs: Legs, camera: Camera = mo.LEVEL) -> np.ndarray:
    return an.medial_direction(camera.project(legs.standing()))


def shank_of(legs: Legs, camera: Camera = mo.LEVEL) -> np.ndarray:
    return an.segment_length_px(camera.project(legs.standing()), sk.KNEES, sk.ANKLES)


def epsilon(thigh: float, shank: float, yaw: float) -> float:
    """MEASURES 1.5: what a neutral leg reads under yaw."""
    t, s, psi = np.radians([thigh, shank, yaw])
    return float(
        np.degrees(np.arctan(np.tan(t) * np.sin(psi)) + np.arctan(np.tan(s) * np.sin(psi)))
    )


# ------------------------------------------------------------------ definitions and signs


def test_sides_are_the_persons_own_and_left_is_right_in_the_picture() -> None:
    xy = pixels(Legs())
    assert xy[Landmark.LEFT_HIP, 0] > xy[Landmark.RIGHT_HIP, 0]
    assert medial_of(Legs()).tolist() == [-1, 1]


@pytest.mark.parametrize("side", [LEFT, RIGHT])
def test_a_knee_that_falls_inward_is_positive_and_only_its_own(side: int) -> None:
    collapse = [0.0, 0.0]
    collapse[side] = 0.04
    legs = Legs(35, 25, collapse_m=(collapse[0], collapse[1]))
    xy, medial = pixels(legs), medial_of(legs)
    shank = shank_of(legs)
    for values in (
        an.fppa_deg(xy, medial),
        an.kmd_ratio(xy, medial, 2 * shank),
        an.kfo_ratio(xy, medial, shank),
        an.thigh_inclination_deg(xy, medial),
        an.shank_inclination_deg(xy, medial),
    ):
        assert values[side] > 0.01
        assert values[1 - side] == pytest.approx(0, abs=1e-6)


def test_fppa_is_the_sum_of_the_inclinations() -> None:
    legs = Legs(0, 0, collapse_m=(0.05, -0.03))
    xy, medial = pixels(legs), medial_of(legs)
    expected = [2 * np.degrees(np.arctan(0.05 / 0.42)), -2 * np.degrees(np.arctan(0.03 / 0.42))]
    assert an.fppa_deg(xy, medial) == pytest.approx(expected, abs=1e-6)


def test_knee_over_foot_offset_is_in_shank_lengths() -> None:
    legs = Legs(60, 30, collapse_m=(0.042, -0.021))
    offsets = an.kfo_ratio(pixels(legs), medial_of(legs), shank_of(legs))
    assert offsets == pytest.approx([0.10, -0.05], abs=1e-9)


def test_knee_medial_displacement_is_read_at_the_height_of_the_knee() -> None:
    xy = np.full((33, 2), np.nan)
    # left leg: hip (100, 0), ankle (140, 400); the line at the knee's height (y 100) is x = 110
    xy[[Landmark.LEFT_HIP, Landmark.LEFT_KNEE, Landmark.LEFT_ANKLE]] = [
        (100, 0),
        (90, 100),
        (140, 400),
    ]
    got = an.kmd_ratio(xy, np.array([-1.0, 1.0]), np.array([400.0, 400.0]))
    assert got[LEFT] == pytest.approx(20 / 400)


def test_included_angle_and_flexion() -> None:
    xy = np.full((33, 2), np.nan)
    xy[[Landmark.LEFT_HIP, Landmark.LEFT_KNEE, Landmark.LEFT_ANKLE]] = [
        (0, 0),
        (0, 100),
        (100, 100),
    ]
    assert an.knee_flexion_deg(xy)[LEFT] == pytest.approx(90)
    assert an.included_angle_deg(*xy[[23, 25, 27]]) == pytest.approx(90)
    assert an.knee_flexion_deg(pixels(Legs(0, 0))) == pytest.approx([0, 0], abs=1e-6)


@pytest.mark.parametrize(("left_up", "sign"), [(30, 1), (-30, -1)])
def test_pelvic_obliquity_is_positive_with_the_left_hip_higher(left_up: float, sign: int) -> None:
    xy = np.full((33, 2), np.nan)
    xy[Landmark.LEFT_HIP], xy[Landmark.RIGHT_HIP] = (200, 500 - left_up), (100, 500)
    expected = sign * np.degrees(np.arctan(0.3))
    assert an.obliquity_deg(xy, sk.HIPS) == pytest.approx(expected)


def test_contralateral_drop_is_positive_when_the_other_hip_sinks() -> None:
    # standing on the left leg the right hip drops: the left one is higher, obliquity grows
    assert an.contralateral_drop_deg(np.float64(9.0), np.float64(2.0)).tolist() == [7, -7]


def test_trunk_lean_weight_shift_and_lunge_weight() -> None:
    xy = np.full((33, 2), np.nan)
    xy[[Landmark.LEFT_HIP, Landmark.RIGHT_HIP]] = [(160, 300), (120, 300)]
    xy[[Landmark.LEFT_SHOULDER, Landmark.RIGHT_SHOULDER]] = [(200, 200), (120, 200)]
    xy[[Landmark.LEFT_ANKLE, Landmark.RIGHT_ANKLE]] = [(200, 600), (100, 600)]
    assert an.trunk_lean_deg(xy) == pytest.approx(np.degrees(np.arctan(20 / 100)))
    # hips 40 from the right ankle, 60 from the left: away from the left
    assert an.weight_shift_ratio(xy) == pytest.approx(-0.10)
    assert an.lunge_weight_ratio(xy) == pytest.approx([0.40, 0.60])
    assert an.step_width_ratio(xy, np.array([250.0, 250.0])) == pytest.approx(0.40)


@pytest.mark.parametrize("out", [0.0, 10.0, 25.0])
def test_toe_out_of_each_foot(out: float) -> None:
    legs = Legs(0, 0, toe_out_deg=out)
    xy = pixels(legs)
    foot_px = (mo.TOE_M + mo.HEEL_M) * mo.LEVEL.focal_px / mo.LEVEL.distance_m
    got = an.toe_out_deg(xy, medial_of(legs), np.array([foot_px, foot_px]))
    assert got == pytest.approx([out, out], abs=0.01)


def test_depth_zero_at_parallel_and_minus_one_standing() -> None:
    legs = Legs(90, 25)
    thigh = an.segment_length_px(pixels(Legs(0, 0)), sk.HIPS, sk.KNEES)
    for yaw in range(0, 181, 15):
        xy = pixels(legs, replace(mo.LEVEL, yaw_deg=yaw))
        assert an.depth_ratio(xy, thigh) == pytest.approx([0, 0], abs=0.02)
    assert an.depth_ratio(pixels(Legs(0, 0)), thigh) == pytest.approx([-1, -1], abs=1e-6)
    assert (an.depth_ratio(pixels(Legs(105, 25)), thigh) > 0.2).all()


def test_drop_is_the_sinking_of_the_hips_in_leg_lengths() -> None:
    standing, deep = pixels(Legs(0, 0)), pixels(Legs(60, 30))
    leg = np.array([1.0, 1.0]) * mo.LEG_M * mo.LEVEL.focal_px / mo.LEVEL.distance_m
    expected = (0.84 - 0.42 * (np.cos(np.pi / 3) + np.cos(np.pi / 6))) / 0.84
    hip_y = float(an.middle(standing, sk.HIPS)[1])
    assert an.drop_ratio(deep, hip_y, leg) == pytest.approx(expected)


@pytest.mark.parametrize(("yaw", "forward"), [(90, -1.0), (-90, 1.0)])
def test_side_view_measures(yaw: float, forward: float) -> None:
    """Filmed from the person's left they face the left of the picture."""
    camera = replace(mo.LEVEL, yaw_deg=yaw)
    xy = pixels(Legs(60, 30), camera)
    thigh = an.segment_length_px(pixels(Legs(0, 0)), sk.HIPS, sk.KNEES)
    assert an.knee_flexion_deg(xy) == pytest.approx([90, 90], abs=1e-6)
    assert an.sagittal_shank_deg(xy, forward) == pytest.approx([30, 30], abs=1e-6)
    past = (0.42 * 0.5 - mo.TOE_M) / (mo.TOE_M + mo.HEEL_M)
    assert an.knee_past_toe_ratio(xy, forward) == pytest.approx([past, past], abs=1e-6)
    back = (0.42 * (np.sin(np.pi / 3) - 0.5) - mo.HEEL_M) / 0.42
    assert an.hips_back_ratio(xy, forward, thigh) == pytest.approx([back, back], abs=1e-6)
    lean = xy.copy()
    lean[list(sk.SHOULDERS), 0] += 50 * forward
    assert an.trunk_inclination_deg(lean, forward) > 10


@pytest.mark.parametrize("yaw_deg", [90.0, -90.0])
@pytest.mark.parametrize("lean_deg", [30.0, 70.0, 85.0])
def test_a_chest_that_leans_far_forward_is_read_so_from_either_side(
    yaw_deg: float, lean_deg: float
) -> None:
    """The motion leans 30 degrees at the bottom by itself."""
    lunges = mo.lateral_lunges(
        mo.Tempo(depths=(1.0,) * 4, lead_s=2.2, descent_s=1.6, ascent_s=1.5),
        side=["left", "right"] * 2,
        build=mo.Build(lean_forward_deg=lean_deg - 30),
    )
    seen = mo.seen(lunges, mo.Camera(yaw_deg=yaw_deg), exercise="lateral_lunge")
    row = mo.row(seen, "trunk_lean", "both")
    assert row.value == pytest.approx(lean_deg, abs=0.5)
    assert row.status == ("flag" if lean_deg > 60 else "ok")


def test_heel_lift_is_positive_upwards() -> None:
    xy = pixels(Legs(0, 0))
    heel_y = an.pair(xy, sk.HEELS)[:, 1].copy()
    shank = an.segment_length_px(xy, sk.KNEES, sk.ANKLES)
    xy[Landmark.RIGHT_HEEL, 1] -= 0.08 * shank[RIGHT]
    assert an.heel_lift_ratio(xy, heel_y, shank) == pytest.approx([0, 0.08])


@pytest.mark.parametrize(("hip_y", "expected"), [(100.0, 180.0), (120.0, "under"), (80.0, "over")])
@pytest.mark.parametrize("flip", [1.0, -1.0])
def test_shoulder_hip_knee_is_signed(hip_y: float, expected: float | str, flip: float) -> None:
    """Below the shoulder-knee line (larger y): < 180; above it: > 180; head on either side."""
    xy = np.full((33, 2), np.nan)
    for s in (LEFT, RIGHT):
        xy[sk.SHOULDERS[s]] = (0, 150)
        xy[sk.HIPS[s]] = (100 * flip, hip_y)
        xy[sk.KNEES[s]] = (200 * flip, 50)
    got = an.hip_extension_deg(xy)
    included = an.included_angle_deg(*(xy[[11, 23, 25]]))
    want = {180.0: 180.0, "under": included, "over": 360 - included}[expected]
    assert got == pytest.approx([want, want], abs=1e-4)


def test_lift_and_knee_separation() -> None:
    xy = np.full((33, 2), np.nan)
    xy[[Landmark.LEFT_HIP, Landmark.RIGHT_HIP]] = [(0, 460), (0, 470)]
    xy[[Landmark.LEFT_KNEE, Landmark.RIGHT_KNEE]] = [(150, 0), (50, 0)]
    thigh, floor = np.array([200.0, 200.0]), np.array([500.0, 500.0])
    assert an.lift_ratio(xy, floor, thigh) == pytest.approx([0.20, 0.15])
    assert an.knee_separation_ratio(xy, 125.0) == pytest.approx(0.8)


def test_flexion_gate_is_the_foreshortening() -> None:
    legs = Legs(35, 25)
    xy, upright = pixels(legs), pixels(Legs(0, 0))
    thigh = an.segment_length_px(upright, sk.HIPS, sk.KNEES)
    shank = an.segment_length_px(upright, sk.KNEES, sk.ANKLES)
    assert an.knee_flexion_gate_deg(xy, thigh, shank) == pytest.approx([60, 60], abs=1e-4)
    assert an.knee_flexion_gate_deg(upright * 1.01, thigh, shank) == pytest.approx([0, 0], abs=0.01)


# ------------------------------------------------------------------ MEASURES 11: closed forms


TABLE = {
    (15, 15): (1.1, 2.7, 5.3, 7.9, 10.5, 15.3, 21.5),
    (25, 20): (1.7, 4.1, 8.2, 12.3, 16.2, 23.4, 32.7),
    (35, 25): (2.3, 5.8, 11.6, 17.2, 22.5, 32.4, 44.6),
    (60, 30): (4.6, 11.5, 22.5, 32.6, 41.8, 57.0, 73.0),
    (75, 33): (8.7, 21.3, 39.4, 53.5, 64.4, 79.8, 93.9),
}
YAWS = (2, 5, 10, 15, 20, 30, 45)


@pytest.mark.parametrize(("posture", "row"), TABLE.items())
def test_fppa_of_a_neutral_leg_under_yaw_is_the_table(
    posture: tuple[int, int], row: tuple[float, ...]
) -> None:
    """Camera on the person's left (+yaw): the left leg reads falsely valgus, the right varus."""
    legs = Legs(*posture)
    for yaw, expected in zip(YAWS, row, strict=True):
        got = an.fppa_deg(pixels(legs, replace(mo.LEVEL, yaw_deg=yaw)), medial_of(legs))
        assert got == pytest.approx([expected, -expected], abs=0.2)


@given(st.floats(0, 80), st.floats(0, 45), st.floats(-45, 45))
def test_fppa_follows_the_closed_form(thigh: float, shank: float, yaw: float) -> None:
    legs = Legs(thigh, shank)
    got = an.fppa_deg(pixels(legs, replace(mo.LEVEL, yaw_deg=yaw)), medial_of(legs))
    expected = epsilon(thigh, shank, yaw)
    assert got == pytest.approx([expected, -expected], abs=0.01)


@pytest.mark.parametrize("collapse", [0.0, 0.02, 0.04])
@pytest.mark.parametrize("posture", [(0, 0), (15, 15), (25, 20), (35, 25), (39, 26)])
def test_the_mean_of_both_legs_cancels_yaw(posture: tuple[int, int], collapse: float) -> None:
    legs = Legs(*posture, collapse_m=(collapse, collapse))
    truth = an.fppa_deg(pixels(legs), medial_of(legs)).mean()
    for yaw in (-15, -10, -5, 5, 10, 15):
        got = an.fppa_deg(pixels(legs, replace(mo.LEVEL, yaw_deg=yaw)), medial_of(legs))
        assert got.mean() == pytest.approx(truth, abs=2.0)


@pytest.mark.parametrize("collapse", [0.0, 0.04])
def test_ktsr_keeps_under_yaw_and_distance(collapse: float) -> None:
    legs = Legs(60, 30, collapse_m=(collapse, collapse))
    truth = an.ktsr_ratio(pixels(legs))
    for yaw in range(-30, 31, 5):
        xy = pixels(legs, replace(mo.LEVEL, yaw_deg=yaw))
        assert an.ktsr_ratio(xy) == pytest.approx(truth, abs=0.001)
        assert an.kasr_ratio(xy) == pytest.approx(an.kasr_ratio(pixels(legs)), abs=0.001)
    for metres in (2.0, 2.5, 3.0, 4.0):
        near = Camera(distance_m=metres)
        assert an.ktsr_ratio(pixels(legs, near)) == pytest.approx(truth, abs=0.02)


@pytest.mark.parametrize("half", [0.15, 0.20])
@pytest.mark.parametrize("out", [0, 10, 15, 20, 30])
def test_ktsr_of_a_neutral_leg_does_not_mind_toe_out(out: float, half: float) -> None:
    assert (
        1.00 <= round(float(an.ktsr_ratio(pixels(Legs(toe_out_deg=out, half_m=half)))), 4) <= 1.08
    )


def test_toe_out_hides_collapse_from_kasr_and_not_from_ktsr() -> None:
    for half, kasr, ktsr in ((0.15, 1.10, 0.84), (0.20, 1.08, 0.87)):
        xy = pixels(Legs(toe_out_deg=15, half_m=half, collapse_m=(0.04, 0.04)))
        assert an.kasr_ratio(xy) == pytest.approx(kasr, abs=0.02)
        assert an.ktsr_ratio(xy) == pytest.approx(ktsr, abs=0.02)
        forward = pixels(Legs(half_m=half, collapse_m=(0.04, 0.04)))
        assert an.ktsr_ratio(forward) == pytest.approx({0.15: 0.73, 0.20: 0.80}[half], abs=0.01)


def test_toe_out_reads_as_varus_in_fppa() -> None:
    """15 degrees of toe-out at 90 degrees reads -33 (MEASURES 1.5, consequence 5)."""
    legs = Legs(60, 30, toe_out_deg=15)
    medial = an.medial_direction(pixels(Legs(0, 0)))
    assert an.fppa_deg(pixels(legs), medial) == pytest.approx([-33, -33], abs=0.6)


@pytest.mark.parametrize(
    ("off", "change"), [(10, -0.8), (15, -1.7), (20, -3.1), (30, -7.1), (45, -17), (60, -33)]
)
def test_flexion_off_the_side_view(off: float, change: float) -> None:
    for yaw in (90 - off, 90 + off, -90 + off):
        got = an.knee_flexion_deg(pixels(Legs(60, 30), replace(mo.LEVEL, yaw_deg=yaw)))
        assert got - 90 == pytest.approx([change, change], abs=0.5 if off >= 45 else 0.1)


def test_kfo_hardly_minds_yaw_at_the_bottom() -> None:
    """0.1 to 1.2 % of the shank at 10 degrees of yaw and 60 to 90 of flexion (MEASURES 2.2)."""
    for posture in ((60, 30), (35, 25)):
        legs = Legs(*posture)
        xy = pixels(legs, replace(mo.LEVEL, yaw_deg=10))
        assert np.abs(an.kfo_ratio(xy, medial_of(legs), shank_of(legs))).max() <= 0.015


@pytest.mark.parametrize(
    ("posture", "low", "high"),
    [((0, 0), 3.0, 4.0), ((15, 15), 3.0, 4.0), ((35, 25), 3.0, 4.2), ((60, 30), 4.7, 6.0)],
)
def test_noise_of_one_centimetre(posture: tuple[int, int], low: float, high: float) -> None:
    """MEASURES 1.5, consequence 8: 3.4 degrees standing, 3.9 at 60, 5.4 at 90."""
    legs = Legs(*posture)
    rng = np.random.default_rng(1)
    sigma = 0.01 * mo.LEVEL.focal_px / mo.LEVEL.distance_m
    noisy = pixels(legs) + rng.normal(0, sigma, (20_000, 33, 2))
    spread = an.fppa_deg(noisy, medial_of(legs)).std(axis=0)
    assert ((low <= spread) & (spread <= high)).all(), spread
    pelvis = an.obliquity_deg(noisy, sk.HIPS).std()
    assert 0.5 < pelvis < 4.6


def test_noise_of_the_ratios() -> None:
    legs = Legs(60, 30)
    sigma = 0.01 * mo.LEVEL.focal_px / mo.LEVEL.distance_m
    noisy = pixels(legs) + np.random.default_rng(2).normal(0, sigma, (20_000, 33, 2))
    assert an.kfo_ratio(noisy, medial_of(legs), shank_of(legs)).std() == pytest.approx(
        0.034, abs=0.002
    )
    assert an.kasr_ratio(noisy).std() == pytest.approx(0.067, abs=0.005)


# ------------------------------------------------------------------ every measure alike


@dataclass(frozen=True)
class Ground:
    """What the standing baseline gives; made from one picture of somebody standing."""

    xy: np.ndarray
    forward: float = 1.0

    @property
    def medial(self) -> np.ndarray:
        return an.medial_direction(self.xy)

    @property
    def thigh(self) -> np.ndarray:
        return an.segment_length_px(self.xy, sk.HIPS, sk.KNEES)

    @property
    def shank(self) -> np.ndarray:
        return an.segment_length_px(self.xy, sk.KNEES, sk.ANKLES)

    @property
    def leg(self) -> np.ndarray:
        return self.thigh + self.shank

    @property
    def hip_y(self) -> float:
        return float(an.middle(self.xy, sk.HIPS)[1])


S, H, K, A, E, T = "SHOULDERS", "HIPS", "KNEES", "ANKLES", "HEELS", "TOES"
Measure = Callable[[np.ndarray, Ground], np.ndarray]


@dataclass(frozen=True)
class Case:
    """A measure, the paired landmarks it uses, and its behaviour under mirroring."""

    call: Measure
    uses: tuple[str, ...]
    kind: str  # "sided": sides exchanged; "even": the same; "odd": the other sign


CASES: dict[str, Case] = {
    "thigh": Case(lambda xy, g: an.thigh_inclination_deg(xy, g.medial), (H, K), "sided"),
    "shank": Case(lambda xy, g: an.shank_inclination_deg(xy, g.medial), (K, A), "sided"),
    "fppa": Case(lambda xy, g: an.fppa_deg(xy, g.medial), (H, K, A), "sided"),
    "kfo": Case(lambda xy, g: an.kfo_ratio(xy, g.medial, g.shank), (K, T), "sided"),
    "kmd": Case(lambda xy, g: an.kmd_ratio(xy, g.medial, g.leg), (H, K, A), "sided"),
    "ktsr": Case(lambda xy, g: an.ktsr_ratio(xy), (K, T), "even"),
    "kasr": Case(lambda xy, g: an.kasr_ratio(xy), (K, A), "even"),
    "nksd": Case(lambda xy, g: an.nksd_ratio(xy), (K, H), "even"),
    "pelvis": Case(lambda xy, g: an.obliquity_deg(xy, sk.HIPS), (H,), "odd"),
    "shoulders": Case(lambda xy, g: an.obliquity_deg(xy, sk.SHOULDERS), (S,), "odd"),
    "drop of the pelvis": Case(
        lambda xy, g: an.contralateral_drop_deg(
            an.obliquity_deg(xy, sk.HIPS), an.obliquity_deg(g.xy, sk.HIPS)
        ),
        (H,),
        "sided",
    ),
    "trunk lean": Case(lambda xy, g: an.trunk_lean_deg(xy), (S, H), "odd"),
    "weight shift": Case(lambda xy, g: an.weight_shift_ratio(xy), (H, A), "odd"),
    "lunge weight": Case(lambda xy, g: an.lunge_weight_ratio(xy), (H, A), "sided"),
    "step width": Case(lambda xy, g: an.step_width_ratio(xy, g.leg), (A,), "even"),
    "toe out": Case(lambda xy, g: an.toe_out_deg(xy, g.medial, g.shank), (E, T), "sided"),
    "flexion": Case(lambda xy, g: an.knee_flexion_deg(xy), (H, K, A), "sided"),
    "flexion gate": Case(
        lambda xy, g: an.knee_flexion_gate_deg(xy, g.thigh, g.shank), (H, K, A), "sided"
    ),
    "depth": Case(lambda xy, g: an.depth_ratio(xy, g.thigh), (H, K), "sided"),
    "drop": Case(lambda xy, g: an.drop_ratio(xy, g.hip_y, g.leg), (H,), "even"),
    "trunk inclination": Case(
        lambda xy, g: an.trunk_inclination_deg(xy, g.forward), (S, H), "even"
    ),
    "sagittal shank": Case(lambda xy, g: an.sagittal_shank_deg(xy, g.forward), (K, A), "sided"),
    "knee past toe": Case(lambda xy, g: an.knee_past_toe_ratio(xy, g.forward), (K, T, E), "sided"),
    "heel lift": Case(
        lambda xy, g: an.heel_lift_ratio(xy, an.pair(g.xy, sk.HEELS)[:, 1], g.shank), (E,), "sided"
    ),
    "hips back": Case(lambda xy, g: an.hips_back_ratio(xy, g.forward, g.thigh), (H, E), "sided"),
    "hip extension": Case(lambda xy, g: an.hip_extension_deg(xy), (S, H, K), "sided"),
    "lift": Case(
        lambda xy, g: an.lift_ratio(xy, an.pair(g.xy, sk.HIPS)[:, 1], g.thigh), (H,), "sided"
    ),
    "knee separation": Case(
        lambda xy, g: an.knee_separation_ratio(xy, an.separation_px(g.xy, sk.KNEES)), (K,), "even"
    ),
    "knee to hip": Case(lambda xy, g: an.knee_to_hip_ratio(xy, 0.82), (K, H), "even"),
}
ANGULAR = {"thigh", "shank", "fppa", "pelvis", "shoulders", "drop of the pelvis", "trunk lean"}
ANGULAR |= {"flexion", "trunk inclination", "sagittal shank", "hip extension", "toe out"}
NAMES = st.sampled_from(sorted(CASES))
STANDING = Ground(mo.LEVEL.project(mo.standing(0.1).joints[0]))


def _somebody(seed: int, spread: float) -> np.ndarray:
    return STANDING.xy + np.random.default_rng(seed).uniform(-spread, spread, (33, 2))


def people() -> st.SearchStrategy[np.ndarray]:
    """(33, 2) pixels of somebody in any posture whatever, limbs not of zero length."""
    return st.builds(_somebody, st.integers(0, 2**32 - 1), st.floats(0, 150))


def close(got: np.ndarray, want: np.ndarray, name: str) -> bool:
    """Equal to rounding; angles of near-coincident points are left out by :func:`sane`."""
    difference = np.asarray(got) - np.asarray(want)
    if name in ANGULAR:
        difference = (difference + 180) % 360 - 180
    return bool(np.all(np.abs(difference) < 1e-5 * (1 + np.abs(np.asarray(want)))))


def sane(xy: np.ndarray) -> None:
    """Leave out postures where a quotient is by (nearly) nothing."""
    for pair in (sk.HIPS, sk.KNEES, sk.ANKLES, sk.TOES, sk.SHOULDERS):
        assume(abs(xy[pair[0], 0] - xy[pair[1], 0]) > 1)
    for a, b in ((23, 27), (24, 28)):
        assume(abs(xy[a, 1] - xy[b, 1]) > 1)
    for a, b in ((11, 25), (12, 26)):
        assume(abs(xy[a, 0] - xy[b, 0]) > 1)
    for a, b in ((23, 25), (25, 27), (24, 26), (26, 28), (11, 23), (12, 24), (31, 29), (32, 30)):
        assume(np.hypot(*(xy[a] - xy[b])) > 1)
    for s in (LEFT, RIGHT):  # the sign of the shoulder-hip-knee angle hangs on the line
        shoulder, hip, knee = xy[sk.SHOULDERS[s]], xy[sk.HIPS[s]], xy[sk.KNEES[s]]
        line = shoulder[1] + (hip - shoulder)[0] / (knee - shoulder)[0] * (knee - shoulder)[1]
        assume(abs(line - hip[1]) > 0.01)


@given(NAMES, people(), st.floats(-2000, 2000), st.floats(-2000, 2000))
def test_moving_the_picture_changes_nothing(
    name: str, xy: np.ndarray, dx: float, dy: float
) -> None:
    sane(xy)
    shift = np.array([dx, dy])
    call = CASES[name].call
    moved = call(xy + shift, Ground(STANDING.xy + shift))
    assert close(moved, call(xy, STANDING), name)


@given(NAMES, people(), st.floats(0.2, 5))
def test_scaling_the_picture_changes_nothing(name: str, xy: np.ndarray, scale: float) -> None:
    sane(xy)
    call = CASES[name].call
    assert close(call(xy * scale, Ground(STANDING.xy * scale)), call(xy, STANDING), name)


@given(NAMES, people(), st.sampled_from([(720, 1280), (1920, 1080), (640, 640)]))
def test_the_shape_of_the_picture_changes_nothing(
    name: str, xy: np.ndarray, size: tuple[int, int]
) -> None:
    """Portrait or landscape: from 0..1 coordinates back to pixels the numbers are the same."""
    sane(xy)
    there_and_back = (xy / np.array(size)) * np.array(size)
    call = CASES[name].call
    assert close(call(there_and_back, STANDING), call(xy, STANDING), name)


@given(NAMES, people())
def test_the_mirrored_picture_gives_the_sides_exchanged(name: str, xy: np.ndarray) -> None:
    sane(xy)
    case = CASES[name]

    def flip(points: np.ndarray) -> np.ndarray:
        return (np.array([720.0, 0.0]) + points * np.array([-1.0, 1.0]))[sk.MIRROR]

    got = case.call(flip(xy), Ground(flip(STANDING.xy), forward=-1.0))
    want = case.call(xy, STANDING)
    expected = {"sided": want[..., ::-1] if want.ndim else want, "even": want, "odd": -want}
    assert close(got, expected[case.kind], name)


@pytest.mark.parametrize("name", CASES)
def test_one_frame_equals_its_row_of_the_track(name: str) -> None:
    rng = np.random.default_rng(3)
    track = STANDING.xy + rng.normal(0, 25, (6, 33, 2))
    call = CASES[name].call
    whole = call(track, STANDING)
    assert whole.shape in ((6,), (6, 2))
    assert (whole.ndim == 2) == (CASES[name].kind == "sided")
    for i in range(6):
        np.testing.assert_array_equal(call(track[i], STANDING), whole[i])
    np.testing.assert_array_equal(
        call(track.reshape(2, 3, 33, 2), STANDING).reshape(whole.shape), whole
    )


@pytest.mark.parametrize("name", CASES)
def test_nan_in_is_nan_out_for_the_landmarks_in_use(name: str) -> None:
    case = CASES[name]
    xy = STANDING.xy + np.random.default_rng(4).normal(0, 15, (33, 2))
    want = case.call(xy, STANDING)
    assert np.isfinite(want).all()
    both = case.kind != "sided" or name in ("lunge weight", "drop of the pelvis")
    used = {int(getattr(sk, part)[s]): s for part in case.uses for s in (LEFT, RIGHT)}
    for landmark in Landmark:
        hidden = xy.copy()
        hidden[landmark] = np.nan
        got = case.call(hidden, STANDING)
        blank = np.zeros(want.shape, bool)
        if landmark in used:
            blank = np.ones(want.shape, bool) if both else np.arange(2) == used[landmark]
        np.testing.assert_array_equal(
            np.isnan(got), blank, err_msg=f"{name} without {landmark.name}"
        )
        np.testing.assert_array_equal(got[~blank], want[~blank])


@given(people())
def test_fppa_is_the_unsigned_angle_with_a_sign(xy: np.ndarray) -> None:
    """|FPPA| = 180 - included hip-knee-ankle angle in the picture (MEASURES 1.1)."""
    sane(xy)
    got = np.abs(an.fppa_deg(xy, STANDING.medial))
    assert got == pytest.approx(an.knee_flexion_deg(xy), abs=1e-4)


@given(people())
def test_joint_angles_are_the_included_angles(xy: np.ndarray) -> None:
    sane(xy)
    got = an.joint_angles(xy)
    assert got.shape == (4, 2)
    for joint, (a, b, c) in enumerate(
        [
            (sk.ELBOWS, sk.SHOULDERS, sk.HIPS),
            (sk.SHOULDERS, sk.HIPS, sk.KNEES),
            (sk.HIPS, sk.KNEES, sk.ANKLES),
            (sk.KNEES, sk.ANKLES, sk.TOES),
        ]
    ):
        want = an.included_angle_deg(an.pair(xy, a), an.pair(xy, b), an.pair(xy, c))
        assert got[joint] == pytest.approx(want, abs=1e-4)


def test_joint_angles_of_a_stored_track_are_the_same() -> None:
    track = (STANDING.xy + np.random.default_rng(5).normal(0, 40, (50, 33, 2))).astype(np.float32)
    track[3, Landmark.LEFT_KNEE] = np.nan
    fast = an.joint_angles(an.joint_major(track))
    assert fast.dtype == np.float32
    np.testing.assert_allclose(fast, an.joint_angles(track.astype(np.float64)), atol=0.02)
    for i in (0, 3, 49):
        np.testing.assert_allclose(fast[i], an.joint_angles(track[i]), atol=0.02)
    assert np.isnan(fast[3, 1:, LEFT]).all()
    assert np.isfinite(fast[3, 0, LEFT])
    assert np.isfinite(fast[3, :, RIGHT]).all()


# ------------------------------------------------------------------ symmetry


def test_symmetry_index() -> None:
    assert an.symmetry_index_percent(1.1, 0.9) == pytest.approx(20.0)
    assert an.symmetry_index_percent(0.9, 1.1) == pytest.approx(-20.0)


def test_symmetry_refuses_percent_for_interval_scales() -> None:
    with pytest.raises(ValueError, match="positive"):
        an.symmetry_index_percent(12.0, 8.0, interval_scale=True)
    for right, left in ((-2.0, 8.0), (0.0, 8.0), (8.0, 0.0)):
        with pytest.raises(ValueError, match="positive"):
            an.symmetry_index_percent(right, left)


def test_flexion_by_sinking_is_exact_where_thigh_and_shank_slope_alike() -> None:
    """Each segment 100 long, both inclined by half the flexion, towards the camera."""
    for flexion in (0.0, 30.0, 60.0, 90.0):
        xy = np.full((sk.N_LANDMARKS, 2), 50.0)
        xy[list(sk.ANKLES), 1] = 400
        xy[list(sk.HIPS), 1] = 400 - 200 * np.cos(np.radians(flexion / 2))
        got = an.knee_flexion_sunk_deg(xy, np.array([200.0, 200.0]))
        np.testing.assert_allclose(got, flexion, atol=1e-6)
    xy[sk.HIPS[0]] = np.nan
    got = an.knee_flexion_sunk_deg(xy, np.array([200.0, 200.0]))
    assert np.isnan(got[0]) and got[1] == pytest.approx(90)
    assert an.knee_flexion_sunk_deg(xy, np.array([200.0, 100.0]))[1] == 0  # taller than standing

"""Camera yaw, its sign, the view's name, and the way to turn (MEASURES 1.5, 6)."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kneetrack import angles as an
from kneetrack import skeleton as sk
from kneetrack import view
from tests import motions as mo
from tests.motions import Camera, Legs, exact  # noqa: F401

pytestmark = pytest.mark.usefixtures("exact")
STANDING = mo.standing(0.3)


def yaw_of(camera: Camera, motion: mo.Motion = STANDING) -> float:
    track = mo.film(motion, camera)
    return float(np.median(view.yaw_deg(track.xy_px, track.xyz_m)))


@pytest.mark.parametrize(
    "yaw", [-150, -90, -60, -30, -20, -10, -3, 0, 3, 5, 10, 15, 20, 45, 90, 120]
)
@pytest.mark.parametrize("metres", [2.5, 4.0])
def test_yaw_is_positive_with_the_camera_on_the_persons_left(yaw: float, metres: float) -> None:
    assert yaw_of(Camera(yaw_deg=yaw, distance_m=metres)) == pytest.approx(yaw, abs=1.0)


def test_at_positive_yaw_the_left_leg_reads_falsely_valgus() -> None:
    legs = Legs(35, 25)
    camera = replace(mo.LEVEL, yaw_deg=10)
    medial = an.medial_direction(camera.project(legs.standing()))
    left, right = an.fppa_deg(camera.project(legs.joints()), medial)
    assert left > 8
    assert right < -8


def test_symmetric_toe_out_does_not_turn_the_person() -> None:
    track = mo.film(mo.squats(build=mo.Build(toe_out_deg=(25, 25))), mo.FRONT)
    assert np.abs(view.yaw_deg(track.xy_px, track.xyz_m)[:30]).max() < 1.0


def test_mirroring_changes_the_sign_of_yaw() -> None:
    track = mo.mirrored(mo.film(STANDING, Camera(yaw_deg=12)))
    assert np.median(view.yaw_deg(track.xy_px, track.xyz_m)) == pytest.approx(-12, abs=1.0)


def test_yaw_is_unknown_without_world_landmarks_or_without_a_person() -> None:
    track = mo.film(STANDING)
    assert np.isnan(view.yaw_deg(track.xy_px, None)).all()
    assert np.isnan(view.yaw_deg(track.xy_px * np.nan, track.xyz_m * np.nan)).all()


def test_one_frame_equals_its_row() -> None:
    track = mo.film(mo.squats(), Camera(yaw_deg=20))
    whole = view.yaw_deg(track.xy_px, track.xyz_m)
    for i in (0, 60, 120):
        assert view.yaw_deg(track.xy_px[i], track.xyz_m[i]) == pytest.approx(whole[i], abs=1e-4)


@pytest.mark.parametrize(
    ("yaw", "name"),
    [
        (0, "front"),
        (14.9, "front"),
        (-14.9, "front"),
        (16, "oblique"),
        (-45, "oblique"),
        (66, "oblique"),
        (71, "side"),
        (-109, "side"),
        (114, "oblique"),
        (164, "oblique"),
        (166, "back"),
        (-180, "back"),
    ],
)
def test_names_of_views(yaw: float, name: str) -> None:
    assert view.name_view(yaw) == name
    assert view.describe_view(yaw).name == name


def test_a_lying_person_is_seen_from_the_side_or_the_foot_end() -> None:
    assert view.name_view(0, lying=True, trunk_legs=0.6) == "side"
    assert view.name_view(0, lying=True, trunk_legs=0.2) == "foot_end"


@given(st.floats(-160, 160))
def test_the_reason_tells_which_way_to_turn_and_how_far(yaw: float) -> None:
    shown = view.describe_view(yaw)
    if shown.name == "oblique":
        told = float(shown.reason.split("turn ")[1].split("°")[0])
        assert told == pytest.approx(abs(yaw), abs=0.56)
        assert f"your {'left' if yaw > 0 else 'right'}" in shown.reason
        other = "right" if yaw > 0 else "left"
        assert other not in shown.reason
    elif shown.name in ("front", "side"):
        assert shown.reason == ""
    assert shown.yaw_deg == pytest.approx(yaw, abs=0.051)


def test_unknown_yaw_says_so() -> None:
    shown = view.describe_view(float("nan"))
    assert shown.name is None
    assert shown.yaw_deg is None
    assert shown.reason


def test_the_near_leg_is_on_the_cameras_side() -> None:
    assert view.near_side(90) == sk.LEFT
    assert view.near_side(-90) == sk.RIGHT


@pytest.mark.parametrize("out", [0, 10, 20, 30])
def test_toe_out_is_the_mean_of_both_feet(out: float) -> None:
    for yaw in (0, 10, -10):
        legs = Legs(0, 0, toe_out_deg=out)
        xy = replace(mo.LEVEL, yaw_deg=yaw).project(legs.joints())
        medial = an.medial_direction(xy)
        shank = an.segment_length_px(xy, sk.KNEES, sk.ANKLES)
        assert view.toe_out_deg(xy, medial, shank) == pytest.approx(out, abs=1.5)


def test_height_in_the_picture() -> None:
    for fill in (0.4, 0.6, 0.8):
        xy = Camera(fill=fill).project(STANDING.joints)
        share = view.body_height_fraction(xy, (720, 1280))
        assert share == pytest.approx(np.full(len(xy), fill), abs=0.06)


def test_the_gates_are_those_of_the_specification() -> None:
    """5 degrees for FPPA (with half a standard error to spare), 15, 30, 20 off the side."""
    limits = view.ViewLimits()
    assert 5.0 <= limits.fppa_yaw_deg <= 6.0
    assert 15.0 <= limits.toe_out_deg <= 16.5
    assert 15.0 <= limits.fppa_mean_yaw_deg <= 16.0
    assert 15.0 <= limits.kfo_yaw_deg <= 16.0
    assert limits.ktsr_yaw_deg == 30.0
    assert 20.0 <= limits.sagittal_off_deg <= 23.0
    assert 65.0 <= limits.fppa_flexion_deg <= 75.0
    assert limits.visibility == 0.7
    assert (limits.body_height_min, limits.body_height_max) == (0.2, 0.85)


def test_an_unknown_direction_is_told_in_words() -> None:
    assert "nan" not in view.turn_advice(float("nan"))
    assert view.turn_advice(float("nan")) == view.describe_view(float("nan")).reason

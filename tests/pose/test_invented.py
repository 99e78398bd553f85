from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kneetrack.pose.invented import drop_invented
from kneetrack.records import PoseTrack
from kneetrack.skeleton import (
    ANKLES,
    FACE,
    HEELS,
    HIPS,
    KNEES,
    LEFT,
    MIRROR,
    RIGHT,
    TOES,
)
from tests.pose.true_tracks import NAMES, mirrored, scaled, true_track

FEET = [*ANKLES, *HEELS, *TOES]


def moved(track: PoseTrack, dx: float, dy: float) -> PoseTrack:
    return replace(track, xy_px=track.xy_px + np.array([dx, dy], np.float32))


def gone(track: PoseTrack) -> np.ndarray:
    """(T, K) what is missing after dropping; checks that the reasons account for all of it."""
    dropped, reasons = drop_invented(track)
    missing = ~np.isfinite(dropped.xy_px).all(axis=2)
    before = ~np.isfinite(track.xy_px).all(axis=2)
    assert np.array_equal(missing, before | np.any(list(reasons.values()), axis=0))
    assert sum(m.sum() for m in reasons.values()) == (missing & ~before).sum()
    assert (dropped.confidence[missing] == 0).all()
    assert dropped.xyz_m is None or np.array_equal(np.isnan(dropped.xyz_m).any(axis=2), missing)
    return missing


@pytest.mark.parametrize("name", NAMES)
def test_a_whole_person_in_the_picture_loses_nothing(name: str) -> None:
    assert not gone(true_track(name)).any()


@pytest.mark.parametrize("name", NAMES)
def test_what_is_out_of_the_picture_goes(name: str) -> None:
    track = true_track(name)
    lowest = float(track.xy_px[:, list(KNEES), 1].max())
    track = replace(track, size_px=(track.size_px[0], round(lowest + 40)))
    outside = track.xy_px[..., 1] > track.size_px[1]
    assert gone(track)[outside].all()
    assert not gone(track)[:, list(KNEES)].any()


def test_an_ankle_squeezed_in_at_the_border_goes_though_the_model_is_sure() -> None:
    track = true_track("sq_good_anna")
    ankles = float(track.xy_px[:, list(ANKLES), 1].mean())
    cut = round(ankles - 15)
    xy = track.xy_px.copy()
    xy[:, FEET, 1] = np.minimum(xy[:, FEET, 1], cut - 6)
    _, reasons = drop_invented(replace(track, xy_px=xy, size_px=(720, cut)))
    assert reasons["at_edge"][:, FEET].all()
    assert not reasons["at_edge"][:, list(KNEES)].any()


def test_feet_behind_a_table_go() -> None:
    track = true_track("sq_good_anna")
    confidence = track.confidence.copy()
    confidence[:, FEET] = 0.2
    confidence[:, list(KNEES)] = 0.7
    missing = gone(replace(track, confidence=confidence))
    assert missing[:, FEET].all()
    assert not missing[:, [*HIPS, *KNEES]].any()


def test_the_far_leg_of_a_side_view_stays_though_the_model_is_unsure() -> None:
    track = true_track("bridge_side_low")
    near = LEFT if _nearer(track, LEFT) else RIGHT
    confidence = track.confidence.copy()
    for pair in (HIPS, KNEES, ANKLES, HEELS, TOES):
        confidence[:, pair[1 - near]] = 0.3
    assert not gone(replace(track, confidence=confidence)).any()


def _nearer(track: PoseTrack, side: int) -> bool:
    assert track.xyz_m is not None
    depth = track.xyz_m[:, list(KNEES), 2].mean(axis=0)
    return bool(depth[side] < depth[1 - side])


def test_an_unsure_face_stays() -> None:
    track = true_track("sq_good_anna")
    confidence = track.confidence.copy()
    confidence[:, list(FACE)] = 0.1
    assert not gone(replace(track, confidence=confidence)).any()


def test_an_ankle_that_jumps_away_for_two_frames_goes() -> None:
    track = true_track("sq_good_anna")
    xy = track.xy_px.copy()
    xy[80:82, ANKLES[LEFT]] += (150, -40)
    missing = gone(replace(track, xy_px=xy))
    assert missing[80:82, ANKLES[LEFT]].all()
    assert not missing[:, ANKLES[RIGHT]].any()
    assert not missing[:79].any() and not missing[83:].any()


def test_a_shank_that_grows_goes() -> None:
    track = true_track("sq_good_anna")
    xy = track.xy_px.copy()
    xy[100:110, ANKLES[RIGHT], 1] += np.linspace(100, 140, 10)
    missing = gone(replace(track, xy_px=xy))
    assert missing[100:110, ANKLES[RIGHT]].all()
    assert not missing[:, KNEES[RIGHT]].any()


def test_a_body_that_falls_together_for_a_moment_goes_whole() -> None:
    track = true_track("sq_good_anna")
    xy = track.xy_px.copy()
    middle = (xy[70:73] + xy[70:73][:, MIRROR]) / 2
    xy[70:73] = middle + 0.15 * (xy[70:73] - middle)
    missing = gone(replace(track, xy_px=xy))
    assert missing[70:73].all()
    assert not missing[:70].any() and not missing[73:].any()


def test_feet_drawn_together_for_good_do_not_go() -> None:
    track = true_track("sq_good_anna")
    xy = track.xy_px.copy()
    x = xy[..., 0]
    share = np.clip((np.arange(len(track)) - 60) / 20, 0, 1)[:, None] * 0.7
    x[:, FEET] += share * (x[:, list(HIPS)].mean(axis=1, keepdims=True) - x[:, FEET])
    assert not gone(replace(track, xy_px=xy)).any()


def test_a_pose_of_nobody_goes() -> None:
    track = true_track("sq_good_anna")
    confidence = track.confidence.copy()
    confidence[30:40] = 0.2
    xy = track.xy_px.copy()
    xy[60:100] = np.nan
    xy[80:83] = track.xy_px[80:83]  # a flicker in an empty picture
    _, reasons = drop_invented(replace(track, confidence=confidence, xy_px=xy))
    assert reasons["nobody"][30:40].all() and reasons["nobody"][80:83].all()
    assert reasons["nobody"].any(axis=1).sum() == 13


@settings(max_examples=25)
@given(
    st.sampled_from(NAMES),
    st.floats(-400, 400),
    st.floats(-300, 300),
    st.sampled_from([0.25, 0.5, 2.0, 3.0]),
    st.booleans(),
)
def test_mirroring_and_scaling_drop_the_same(
    name: str, dx: float, dy: float, by: float, mirror: bool
) -> None:
    track = moved(true_track(name), dx, dy)
    missing = gone(track)
    others = gone(scaled(mirrored(track) if mirror else track, by))
    expected = missing[:, MIRROR] if mirror else missing
    assert (expected != others).mean() < 0.002  # a landmark exactly on a border may round


def test_an_empty_track_is_fine() -> None:
    dropped, reasons = drop_invented(PoseTrack.from_poses([], (640, 480)))
    assert len(dropped) == 0 and set(map(len, reasons.values())) == {0}

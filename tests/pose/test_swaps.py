from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kneetrack.pose.swaps import exchange, repair_swaps
from kneetrack.records import PoseTrack
from kneetrack.skeleton import N_LANDMARKS, Landmark
from tests.pose.true_tracks import NAMES, mirrored, scaled, true_track

EVERYTHING = np.arange(N_LANDMARKS)
LEGS = np.arange(Landmark.LEFT_HIP, N_LANDMARKS)


def between(track: PoseTrack, *spans: tuple[float, float]) -> np.ndarray:
    """(T,) frames in these spans, given in fractions of the clip."""
    place = np.arange(len(track)) / len(track)
    return np.any([(place >= a) & (place < b) for a, b in spans], axis=0)


@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_changed_where_nothing_is_exchanged(name: str) -> None:
    track = true_track(name)
    repaired, episodes, changed = repair_swaps(track)
    assert episodes == 0 and not changed.any()
    assert np.array_equal(repaired.xy_px, track.xy_px)


@pytest.mark.parametrize("landmarks", [EVERYTHING, LEGS], ids=["whole body", "legs"])
@pytest.mark.parametrize(
    ("spans", "episodes"),
    [
        ([(0.3, 0.5)], 1),
        ([(0.0, 0.25)], 1),
        ([(0.2, 1.0)], 1),
        ([(0.5, 0.507)], 1),
        ([(0.1, 0.15), (0.3, 0.32), (0.6, 0.8)], 3),
        ([(0.0, 1.0)], 1),
    ],
    ids=["middle", "first frames", "most of it", "one frame", "three times", "all of it"],
)
@pytest.mark.parametrize("name", NAMES)
def test_exchanged_spans_are_found_and_changed_back(
    name: str, spans: list[tuple[float, float]], episodes: int, landmarks: np.ndarray
) -> None:
    track = true_track(name)
    wrong = between(track, *spans)
    repaired, found, changed = repair_swaps(exchange(track, wrong, landmarks))
    assert found == episodes
    assert np.array_equal(changed, wrong)
    assert np.array_equal(repaired.xy_px, track.xy_px)
    assert repaired.xyz_m is not None and track.xyz_m is not None
    assert np.array_equal(repaired.xyz_m, track.xyz_m)


@pytest.mark.parametrize("name", ["sq_good_anna", "lunge_R_depth115"])
def test_without_world_landmarks_time_alone_tells(name: str) -> None:
    track = replace(true_track(name), xyz_m=None)
    wrong = between(track, (0.3, 0.5))
    repaired, found, _ = repair_swaps(exchange(track, wrong, EVERYTHING))
    assert found == 1
    assert np.array_equal(repaired.xy_px, track.xy_px)


@settings(max_examples=25)
@given(
    st.sampled_from(NAMES),
    st.floats(0, 0.9),
    st.floats(0.02, 0.6),
    st.floats(0.2, 4),
    st.booleans(),
)
def test_mirroring_and_scaling_change_nothing(
    name: str, start: float, length: float, by: float, mirror: bool
) -> None:
    track = true_track(name)
    wrong = exchange(track, between(track, (start, start + length)), EVERYTHING)
    other = scaled(mirrored(wrong) if mirror else wrong, by)
    repaired, episodes, changed = repair_swaps(wrong)
    other_repaired, other_episodes, other_changed = repair_swaps(other)
    assert episodes == other_episodes
    assert np.array_equal(changed, other_changed)
    same = scaled(mirrored(repaired) if mirror else repaired, by)
    assert np.allclose(same.xy_px, other_repaired.xy_px, atol=0.01)


def test_unseen_frames_are_left_unseen() -> None:
    track = true_track("sq_good_anna")
    xy = track.xy_px.copy()
    xy[40:60] = np.nan
    gappy = replace(track, xy_px=xy)
    wrong = between(track, (0.5, 0.7))
    repaired, episodes, _ = repair_swaps(exchange(gappy, wrong, EVERYTHING))
    assert episodes == 1
    assert np.array_equal(repaired.xy_px, xy, equal_nan=True)


def test_an_empty_track_is_fine() -> None:
    repaired, episodes, changed = repair_swaps(PoseTrack.from_poses([], (640, 480)))
    assert (len(repaired), episodes, len(changed)) == (0, 0, 0)

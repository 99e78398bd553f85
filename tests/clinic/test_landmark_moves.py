"""Landmarks moved by hand: where they then are, and what stays where it was."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from kneetrack.clinic import correcting as co
from kneetrack.clinic.landmark_moves import FADE_S, LandmarkMove, moved
from kneetrack.records import PoseTrack
from kneetrack.skeleton import N_LANDMARKS, Landmark
from tests import motions as mo
from tests.clinic.reviewed import reviewed

KNEE = Landmark.LEFT_KNEE


def still(seconds: float = 4.0, fps: float = 50.0) -> PoseTrack:
    """The left knee at (100, 200); everything else spread over 100 pixels and 0.5 metres."""
    t_s = np.arange(round(seconds * fps) + 1) / fps
    n = len(t_s)
    xy = np.zeros((n, N_LANDMARKS, 2), np.float32)
    xy[:, :, 0] = 3 * np.arange(N_LANDMARKS)
    xy[:, KNEE] = (100, 200)
    sure = np.full((n, N_LANDMARKS), 0.4, np.float32)
    return PoseTrack(xy, None, sure, t_s, (640, 480))


def x_at(track: PoseTrack, t_s: float) -> float:
    return float(track.xy_px[int(np.abs(track.t_s - t_s).argmin()), KNEE, 0])


def test_it_is_where_it_was_put_and_fades() -> None:
    track = still()
    new = moved(track, [LandmarkMove(2.0, KNEE, (130.0, 190.0))])
    assert new.xy_px[100, KNEE].tolist() == [130.0, 190.0]
    # half a cosine: 0.06 s away 0.5 + 0.5 cos(pi 0.06 / 0.15) of 30 pixels
    assert x_at(new, 2.06) == pytest.approx(100 + 30 * (0.5 + 0.5 * np.cos(np.pi * 0.4)), abs=0.01)
    away = np.abs(track.t_s - 2.0) >= FADE_S
    np.testing.assert_array_equal(new.xy_px[away], track.xy_px[away])
    others = [k for k in range(N_LANDMARKS) if k != KNEE]
    np.testing.assert_array_equal(new.xy_px[:, others], track.xy_px[:, others])


def test_whoever_puts_it_there_is_sure_of_it() -> None:
    new = moved(still(), [LandmarkMove(2.0, KNEE, (130.0, 190.0))])
    assert new.confidence[100, KNEE] == 1.0
    assert new.confidence[100, KNEE + 1] == np.float32(0.4)
    assert new.confidence[0, KNEE] == np.float32(0.4)


def test_until_holds_the_displacement() -> None:
    new = moved(still(), [LandmarkMove(1.0, KNEE, (120.0, 200.0), until_s=2.0)])
    for t_s in (1.0, 1.5, 2.0):
        assert x_at(new, t_s) == pytest.approx(120.0)
    assert x_at(new, 2.2) == 100.0


def test_two_moments_of_one_span_are_joined() -> None:
    moves = [
        LandmarkMove(1.0, KNEE, (120.0, 200.0), until_s=2.0),
        LandmarkMove(2.0, KNEE, (140.0, 200.0)),
    ]
    new = moved(still(), moves)
    assert (x_at(new, 1.0), x_at(new, 2.0)) == (120.0, 140.0)
    assert x_at(new, 1.5) == pytest.approx(130.0, abs=0.5)
    between = [x_at(new, t) for t in np.arange(1.0, 2.0, 0.1)]
    assert between == sorted(between)


def test_two_moments_close_together_are_joined() -> None:
    moves = [LandmarkMove(t, KNEE, (130.0, 200.0)) for t in (1.0, 1.25)]
    new = moved(still(), moves)
    assert [x_at(new, t) for t in (1.0, 1.1, 1.25)] == pytest.approx([130.0] * 3)


def test_far_apart_they_know_nothing_of_each_other() -> None:
    moves = [LandmarkMove(1.0, KNEE, (130.0, 200.0)), LandmarkMove(3.0, KNEE, (90.0, 200.0))]
    new = moved(still(), moves)
    assert [x_at(new, t) for t in (1.0, 2.0, 3.0)] == [130.0, 100.0, 90.0]


def test_of_two_at_one_moment_the_later_holds() -> None:
    moves = [LandmarkMove(1.0, KNEE, (130.0, 200.0)), LandmarkMove(1.0, KNEE, (110.0, 200.0))]
    assert x_at(moved(still(), moves), 1.0) == 110.0


def test_a_point_that_nobody_saw_is_there_for_a_moment() -> None:
    track = mo.blanked(still(), 1.8, 2.2, [KNEE])
    new = moved(track, [LandmarkMove(2.0, KNEE, (130.0, 190.0))])
    seen = np.isfinite(new.xy_px[:, KNEE]).all(axis=1) & ~np.isfinite(track.xy_px[:, KNEE, 0])
    assert new.t_s[seen].tolist() == pytest.approx([1.96, 1.98, 2.0, 2.02, 2.04])
    assert new.xy_px[100, KNEE].tolist() == [130.0, 190.0]
    assert new.confidence[100, KNEE] == 1.0
    assert new.confidence[95, KNEE] == 0.0  # still not seen, and nobody says so


def test_nothing_is_moved_without_a_move() -> None:
    track = still()
    assert moved(track, []) is track


def test_metres_go_with_the_picture() -> None:
    track = mo.film(mo.squats(), mo.FRONT)
    x, y = track.xy_px[60, KNEE].tolist()
    new = moved(track, [LandmarkMove(float(track.t_s[60]), KNEE, (x + 30.0, y))])
    assert track.xyz_m is not None
    assert new.xyz_m is not None
    by = new.xyz_m[60, KNEE] - track.xyz_m[60, KNEE]
    # 0.62 x 1280 pixels for 1.75 m at the same distance: 30 pixels are about 6.6 cm
    assert by[0] == pytest.approx(30 / (0.62 * 1280 / 1.75), rel=0.1)
    assert by[1:].tolist() == [0.0, 0.0]


def test_smoothing_does_not_drag_it_away(tmp_path: Path) -> None:
    with reviewed(tmp_path) as squat:
        at_s = squat.original.reps[1].bottom_s
        old = co.shown_landmarks(squat.store, squat.trial.id)
        frame = int(np.abs(old.t_s - at_s).argmin())
        x, y = (float(v) for v in old.xy_px[frame, KNEE])
        co.move_landmark(
            squat.store,
            squat.trial.id,
            at_s=at_s,
            landmark=KNEE,
            to_px=(x - 30.0, y),
            reason="loose trousers",
        )
        new = co.shown_landmarks(squat.store, squat.trial.id)
        np.testing.assert_allclose(new.xy_px[frame, KNEE], (x - 30.0, y), atol=0.01)
        assert squat.store.corrections(squat.trial.id)[0].before["xy_px"] == pytest.approx(
            [x, y], abs=0.01
        )

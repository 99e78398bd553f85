"""Bridges seen from the foot end: which frames, whose left, and knees from the outline."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from kneetrack import footend as fe
from kneetrack import skeleton as sk
from kneetrack.analysis import Question, read_track
from kneetrack.angles import kasr_ratio
from kneetrack.outlining import OutlineReader
from kneetrack.records import Frame, Pose, PoseTrack
from kneetrack.settings import Settings
from tests import motions as mo
from tests.motions import Tempo
from tests.outlined import LOWER, astray, outline_of

TEMPO = Tempo(descent_s=1.2, hold_s=2.5, ascent_s=1.2, depths=(1.0, 1.0))
FEET = mo.film(mo.bridges(TEMPO), mo.FOOT_END)
COLLAPSE = mo.film(mo.bridges(TEMPO, squeeze_m=0.05), mo.FOOT_END)
"""Knees go from 20 to 10 cm apart."""
KNEES = list(sk.KNEES)


def lost(track: PoseTrack, frames: slice) -> PoseTrack:
    xy, confidence = track.xy_px.copy(), track.confidence.copy()
    xy[frames], confidence[frames] = np.nan, 0
    return replace(track, xy_px=xy, confidence=confidence)


def test_a_bridge_from_the_feet_is_found_from_end_to_end() -> None:
    assert fe.foot_end_spans(FEET) == [(0, len(FEET))]


@pytest.mark.parametrize(
    "track",
    [
        mo.film(mo.bridges(TEMPO), mo.SIDE_LYING),
        mo.film(mo.squats()),
        mo.film(mo.standing()),
        lost(FEET, slice(None)),
        PoseTrack.from_poses([], (640, 480)),
    ],
    ids=["side", "squats", "standing", "nobody", "empty"],
)
def test_nothing_else_is_read_again(track: PoseTrack) -> None:
    assert fe.foot_end_spans(track) == []


def test_a_hold_in_which_the_person_is_lost_is_read_again() -> None:
    assert fe.foot_end_spans(lost(FEET, slice(60, 130))) == [(0, len(FEET))]


def test_left_and_right_are_told_by_the_feet() -> None:
    kept = fe.sides_kept(astray(FEET, slice(50, 110)), (0, len(FEET)))
    others = [k for k in LOWER if k not in KNEES]
    np.testing.assert_array_equal(kept.xy_px[:, others], FEET.xy_px[:, others])


def test_sides_are_left_alone_outside_the_span_and_where_nobody_is_seen() -> None:
    track = lost(astray(FEET, slice(50, 60)), slice(100, 110))
    kept = fe.sides_kept(track, (70, len(FEET)))
    np.testing.assert_array_equal(kept.xy_px, track.xy_px)


def test_feet_that_change_names_stand_where_they_stand() -> None:
    ankles = np.tile([(400.0, 500.0), (300.0, 500.0)], (20, 1, 1))
    ankles[5:15] = ankles[5:15][:, ::-1]
    ankles[7] = np.nan
    found = fe.standing_ankles(ankles)
    np.testing.assert_array_equal(found, [(300, 500), (400, 500)])


def test_feet_that_walk_are_not_standing() -> None:
    ankles = np.tile([(300.0, 500.0), (400.0, 500.0)], (20, 1, 1))
    ankles[:, :, 0] += 20 * np.arange(20)[:, None]
    assert fe.standing_ankles(ankles) is None
    assert fe.standing_ankles(np.full((5, 2, 2), np.nan)) is None


def test_knees_go_to_their_own_side_and_unknown_ones_go() -> None:
    span = (10, 13)
    knees = np.array([[(310.0, 250.0), (390.0, 250.0)]] * 3)  # by picture x
    knees[1] = np.nan
    ankles = np.array([(300.0, 500.0), (400.0, 500.0)])
    track = fe.with_knees(FEET, span, knees, ankles)
    left, right = KNEES  # the person's left is on the right of the picture
    np.testing.assert_array_equal(track.xy_px[10, [left, right]], knees[0, ::-1])
    np.testing.assert_array_equal(track.xy_px[10, list(sk.ANKLES)], ankles[::-1])
    assert np.isnan(track.xy_px[11, KNEES]).all() and not track.confidence[11, KNEES].any()
    assert (track.confidence[[10, 12]][:, KNEES] == np.float32(fe.OUTLINE_CONFIDENCE)).all()
    np.testing.assert_array_equal(track.xy_px[13:], FEET.xy_px[13:])
    np.testing.assert_array_equal(track.xy_px[:10], FEET.xy_px[:10])


class Artist:
    """Draws the outline that a track has in truth, and tells the landmarks of another."""

    def __init__(self, truth: PoseTrack, told: PoseTrack) -> None:
        self.truth, self.told = truth, told
        self.drawn: list[int] = []

    def outline(self, frame: Frame) -> tuple[np.ndarray | None, Pose]:
        at = frame.index
        self.drawn.append(at)
        pose = Pose(self.told.xy_px[at], None, self.told.confidence[at], frame.t_s)
        if not pose.seen:
            return None, pose
        return outline_of(self.truth.xy_px[at], self.truth.size_px), pose


def read_again(truth: PoseTrack, told: PoseTrack) -> PoseTrack:
    artist = Artist(truth, told)
    reader = OutlineReader(told, artist.outline)
    for i, t_s in enumerate(told.t_s):
        reader.look(Frame(np.zeros((2, 2, 3), np.uint8), float(t_s), i))
    return reader.finish()


def test_misread_knees_are_put_where_the_outline_has_them() -> None:
    track = read_again(COLLAPSE, astray(COLLAPSE, slice(60, 130)))
    np.testing.assert_allclose(kasr_ratio(track.xy_px), kasr_ratio(COLLAPSE.xy_px), atol=0.06)


def test_a_second_reading_that_ends_early_changes_nothing() -> None:
    artist = Artist(COLLAPSE, COLLAPSE)
    reader = OutlineReader(COLLAPSE, artist.outline)
    reader.look(Frame(np.zeros((2, 2, 3), np.uint8), 0.0, 0))
    assert reader.finish() is COLLAPSE


def test_nothing_is_outlined_outside_the_spans() -> None:
    side = mo.film(mo.bridges(TEMPO), mo.SIDE_LYING)
    artist = Artist(side, side)
    reader = OutlineReader(side, artist.outline)
    reader.look(Frame(np.zeros((2, 2, 3), np.uint8), 0.0, 0))
    assert not artist.drawn


def separation(track: PoseTrack) -> tuple[float, str]:
    """At the top of the first repetition: knee separation since the start, and why not."""
    told = read_track(track, Question(settings=Settings()))
    assert [len(s.readers) for s in told.sets] == [2]
    sample = told.sets[0].readers[0].at_bottom("knee_separation", None)
    return sample.value, sample.reason


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_collapse_is_told_after_the_second_reading_and_refused_without() -> None:
    told = astray(COLLAPSE, slice(60, 130))
    value, _ = separation(read_again(COLLAPSE, told))
    assert value == pytest.approx(0.5, abs=0.08)
    value, reason = separation(told)
    assert np.isnan(value) and "foot end" in reason

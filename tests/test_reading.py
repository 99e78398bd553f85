"""What a rule may ask of one repetition: medians over windows, never a single frame."""

from __future__ import annotations

import numpy as np
import pytest

from kneetrack.analysis import smooth_track
from kneetrack.gates import Gated, gate
from kneetrack.posture import Posture, describe
from kneetrack.reading import RepReader
from kneetrack.reps import Dip
from kneetrack.sets import FoundRep
from kneetrack.uncertainty import typical_error
from tests import motions as mo

T_S = np.arange(200) / 50  # 0 to 3.98 s
REASONS = ("turn to your left", "foot hidden")


def gated(values: np.ndarray, closed: np.ndarray | None = None) -> Gated:
    code = np.zeros(values.shape, np.int16)
    if closed is not None:
        code[closed] = 2
    return Gated("x", "deg", np.where(code > 0, np.nan, values), code, REASONS)


@pytest.fixture(scope="module")
def posture() -> Posture:
    return describe(smooth_track(mo.film(mo.single_leg_squats(), mo.FRONT)))


def reader(
    posture: Posture, measures: dict[str, Gated], side: str = "both", offset: int = 0
) -> RepReader:
    """A repetition from 1 to 3 s with its bottom at 2 s."""
    dip = Dip(50 + offset, 150 + offset, 1.0, 2.0, 3.0, 0.9, 0.2, 0.9, 0.3)
    found = FoundRep(dip, "squat", side)  # type: ignore[arg-type]
    return RepReader(found, T_S, offset, measures, posture)


def test_the_bottom_is_the_median_of_100_ms(posture: Posture) -> None:
    values = np.zeros((200, 2))
    near = np.abs(T_S - 2.0) <= 0.051
    values[near] = (10.0, 20.0)
    values[100] = (99.0, 99.0)  # one frame never decides
    read = reader(posture, {"x": gated(values)})
    assert read.at_bottom("x", 0).value == 10
    assert read.at_bottom("x", 1).value == 20


def test_hidden_at_the_bottom_is_nan_and_the_reason(posture: Posture) -> None:
    values = np.ones(200)
    closed = np.abs(T_S - 2.0) <= 0.051
    sample = reader(posture, {"x": gated(values, closed)}).at_bottom("x", None)
    assert np.isnan(sample.value)
    assert sample.reason == "foot hidden"
    mostly = closed & (np.arange(200) % 3 > 0)
    assert np.isnan(reader(posture, {"x": gated(values, mostly)}).at_bottom("x", None).value)


@pytest.mark.parametrize("offset", [0, 400])
def test_the_whole_is_the_median_over_the_repetition(posture: Posture, offset: int) -> None:
    values = np.where((T_S >= 1.0) & (T_S <= 3.0), 5.0, 100.0)
    assert reader(posture, {"x": gated(values)}, offset=offset).whole("x", None).value == 5


def test_mid_range_is_read_at_45_to_60_degrees_down_and_up(posture: Posture) -> None:
    bent = np.repeat((90 * np.clip(1 - np.abs(T_S - 2.0), 0, 1))[:, None], 2, axis=1)
    inside = (bent[:, 0] >= 45) & (bent[:, 0] <= 60)
    values = np.where(inside[:, None], 7.0, 100.0) * np.ones(2)
    measures = {"x": gated(values), "knee_flexion_gate": gated(bent)}
    assert reader(posture, measures).mid_range("x", 0).value == 7
    half = values.copy()
    half[T_S > 2.0] = np.where(inside[T_S > 2.0, None], 9.0, 100.0)  # up counts as down does
    measures = {"x": gated(half), "knee_flexion_gate": gated(bent)}
    assert reader(posture, measures).mid_range("x", 0).value == pytest.approx(8.0, abs=1.0)


def test_a_knee_that_did_not_bend_that_far_says_so(posture: Posture) -> None:
    measures = {"x": gated(np.ones((200, 2))), "knee_flexion_gate": gated(np.full((200, 2), 20.0))}
    sample = reader(posture, measures).mid_range("x", 0)
    assert np.isnan(sample.value)
    assert "bend" in sample.reason


def test_the_closed_gate_is_told_rather_than_the_bend(posture: Posture) -> None:
    closed = np.ones((200, 2), bool)
    measures = {
        "x": gated(np.ones((200, 2)), closed),
        "knee_flexion_gate": gated(np.full((200, 2), 20.0)),
    }
    assert reader(posture, measures).mid_range("x", 0).reason == "foot hidden"


def test_change_within_is_against_standing_before_and_after(posture: Posture) -> None:
    values = np.where(np.abs(T_S - 2.0) < 0.3, 0.5, 0.2)
    sample = reader(posture, {"x": gated(values)}).change_within("x", None)
    assert sample.value == pytest.approx(0.3)


@pytest.mark.parametrize(("side", "working"), [("left", 0), ("right", 1), ("both", None)])
def test_the_working_leg(posture: Posture, side: str, working: int | None) -> None:
    assert reader(posture, {}, side).working == working


def test_seen_fraction_is_of_the_legs_it_needs(posture: Posture) -> None:
    seen = np.ones((200, 2), bool)
    seen[50:76, 1] = False  # a quarter of the repetition, the right leg
    assert reader(posture, {}, "left").seen_fraction(seen) == 1.0
    for side in ("right", "both"):
        assert reader(posture, {}, side).seen_fraction(seen) == pytest.approx(75 / 101, abs=0.01)


def test_a_repetition_that_starts_a_frame_before_its_set_has_frames(posture: Posture) -> None:
    """sets._group puts the border between two repetitions that overlap by a frame or two."""
    dip = Dip(399, 500, 8.0, 9.0, 10.0, 0.9, 0.2, 0.9, 0.3)
    read = RepReader(FoundRep(dip, "squat", "both"), T_S + 8.0, 400, {}, posture)
    assert read.seen_fraction(np.ones((200, 2), bool)) == 1.0


def test_foot_down_and_sway(posture: Posture) -> None:
    motion = mo.single_leg_squats()
    truth = motion.reps[0]
    first, last = (int(np.searchsorted(motion.t_s, s)) for s in (truth.start_s, truth.end_s))
    dip = Dip(first, last, truth.start_s, truth.bottom_s, truth.end_s, 1.5, 0.3, 1.3, 0.2)
    up = RepReader(FoundRep(dip, "single_leg_squat", "left"), motion.t_s, 0, {}, posture)
    assert up.foot_down_s() == 0.0
    assert 0 <= up.sway() < 0.02
    tapped = mo.single_leg_squats(foot_down=True)
    down = describe(smooth_track(mo.film(tapped, mo.FRONT)))
    read = RepReader(FoundRep(dip, "single_leg_squat", "left"), motion.t_s, 0, {}, down)
    assert read.foot_down_s() == pytest.approx(0.55, abs=0.25)


def test_mid_range_says_how_unsure_its_moment_is(posture: Posture) -> None:
    """A value that changes by 0.5 a degree of flexion is as unsure as half the flexion's error."""
    bent = np.interp(T_S, (1.0, 2.0, 3.0), (0.0, 70.0, 0.0))
    both = np.stack([bent, bent], axis=1)
    for values, extra in (
        (both * 0 + 5, 0.0),
        (both / 2, 0.5 * typical_error("knee_flexion_gate")),
    ):
        read = reader(
            posture,
            {
                "knee_flexion_gate": gate("knee_flexion_gate", "deg", both, []),
                "x": gate("x", "deg", values, [], error=1.0),
            },
        )
        sample = read.mid_range("x", 0)
        assert sample.error == pytest.approx(np.hypot(1.0, extra), rel=0.02)

"""A tilted camera is found from how people stand, and changes nothing that is reported."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from kneetrack import skeleton as sk
from kneetrack.analysis import Question, read_track, smooth_track
from kneetrack.level import ASLANT, Roll, camera_roll, level_track, level_xy
from kneetrack.live.frame_reading import frame_verdicts
from kneetrack.posture import describe
from kneetrack.records import Pose, PoseTrack
from kneetrack.result import Result
from kneetrack.settings import Settings, settings_from
from kneetrack.view import yaw_deg
from tests import motions as mo
from tests.motions import Camera, Motion, exact  # noqa: F401

pytestmark = pytest.mark.usefixtures("exact")
ROLLS = (-8.0, -4.0, 4.0, 8.0)
CLIPS = {
    "squat": (mo.squats(kfo=(-0.05, 0.2)), mo.FRONT),
    "single leg": (mo.single_leg_squats(kfo=0.15), mo.FRONT),
    "lunge": (mo.lateral_lunges(), mo.WIDE),
    "squat from behind": (mo.squats(), Camera(yaw_deg=178.0)),
}


def tilted(track: PoseTrack, deg: float) -> PoseTrack:
    """The same seen by a camera that makes upright things lean to the right."""
    return level_track(track, -deg)


def roll_of(motion: Motion, camera: Camera = mo.FRONT, deg: float = 0.0) -> Roll:
    track = smooth_track(tilted(mo.film(motion, camera), deg))
    return camera_roll(track, describe(track), yaw_deg(track.xy_px, track.xyz_m))


@pytest.fixture(scope="module")
def level() -> dict[str, Result]:
    """Each clip as a level camera sees it."""
    patch = pytest.MonkeyPatch()
    mo.neutral(patch)
    try:
        return {name: mo.analyse(mo.film(*clip)) for name, clip in CLIPS.items()}
    finally:
        patch.undo()


# ------------------------------------------------------------------ turning


def test_upright_things_that_lean_to_the_right_are_turned_upright() -> None:
    leaning = np.array([[100 + 50 * np.sin(np.radians(8)), 80 - 50 * np.cos(np.radians(8))]])
    assert level_xy(leaning, 8.0, (200, 160)) == pytest.approx(np.array([[100.0, 30.0]]))


def test_turning_there_and_back_leaves_the_track() -> None:
    track = mo.film(mo.squats())
    back = level_track(tilted(track, 6.0), 6.0)
    assert back.xyz_m is not None
    assert track.xyz_m is not None
    assert np.allclose(back.xy_px, track.xy_px, atol=1e-3, equal_nan=True)
    assert np.allclose(back.xyz_m, track.xyz_m, atol=1e-5, equal_nan=True)
    assert level_track(track, 0.0) is track


def test_pixels_and_metres_turn_the_same_way() -> None:
    track = tilted(mo.film(mo.standing(), mo.LEVEL), 8.0)
    assert track.xyz_m is not None
    spine_px = track.xy_px[0, sk.SHOULDERS[0]] - track.xy_px[0, sk.ANKLES[1]]
    spine_m = track.xyz_m[0, sk.SHOULDERS[0], :2] - track.xyz_m[0, sk.ANKLES[1], :2]
    assert np.arctan2(*spine_px) == pytest.approx(np.arctan2(*spine_m), abs=1e-3)


def test_what_is_not_seen_stays_unseen() -> None:
    track = mo.blanked(mo.film(mo.squats()), 0.5, 0.8, [sk.KNEES[0]])
    turned = tilted(track, 5.0)
    assert np.array_equal(np.isnan(turned.xy_px), np.isnan(track.xy_px))


# ------------------------------------------------------------------ finding


@pytest.mark.parametrize("deg", [0.0, *ROLLS])
@pytest.mark.parametrize("name", CLIPS)
def test_the_roll_is_found(name: str, deg: float) -> None:
    found = roll_of(*CLIPS[name], deg)
    assert found.deg == pytest.approx(deg, abs=0.6)
    assert found.turn_deg == (found.deg if deg else 0.0)
    assert 0.5 < found.error_deg < 1.5


@pytest.mark.parametrize("deg", ROLLS)
def test_from_the_side_only_a_clear_tilt_is_taken_for_one(deg: float) -> None:
    found = roll_of(mo.squats(), mo.SIDE, deg)
    assert found.deg == pytest.approx(deg, abs=2.5)
    assert found.error_deg > 2
    assert (found.turn_deg != 0) == (abs(found.deg) > 2 * found.error_deg)


def test_a_small_tilt_is_left_alone() -> None:
    found = roll_of(mo.squats(), deg=1.5)
    assert found.deg == pytest.approx(1.5, abs=0.5)
    assert (found.turn_deg, found.note) == (0.0, "")


@pytest.mark.parametrize("lean_deg", [-12.0, -6.0, 6.0, 12.0])
def test_somebody_who_leans_is_not_turned(lean_deg: float) -> None:
    """Level feet and hips, trunk and shoulders turned about the middle of the hips."""
    stood = mo.standing()
    joints, turn = stood.joints.copy(), np.radians(lean_deg)
    low = joints[:, list(sk.HIPS), :2].mean(axis=1, keepdims=True)
    spin = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    upper = [*sk.SHOULDERS, *sk.FACE]
    joints[:, upper, :2] = (joints[:, upper, :2] - low) @ spin.T + low
    assert roll_of(replace(stood, joints=joints)).turn_deg == 0


def test_a_whole_body_that_leans_over_level_feet_and_hips_is_not_turned() -> None:
    stood = mo.standing()
    shift = (stood.joints[..., 1:2] - mo.ANKLE_Y_M) * np.tan(np.radians(7)) * [[1.0, 0, 0]]
    leaning = replace(stood, joints=stood.joints + shift)
    assert roll_of(leaning).turn_deg == 0
    assert roll_of(leaning).unsure == ASLANT


def test_what_may_be_a_tilt_or_a_lean_is_refused() -> None:
    motion = mo.squats()
    height = motion.joints[..., 1:2] - mo.ANKLE_Y_M
    aslant = replace(motion, joints=motion.joints + height * np.tan(np.radians(7)) * [[1.0, 0, 0]])
    knees = [v for v in mo.seen(aslant).summary if v.rule == "knee_valgus"]
    assert {(v.status, v.reason) for v in knees} == {("cannot_tell", ASLANT)}
    assert roll_of(motion, deg=8.0).unsure == ""


@pytest.mark.parametrize(
    ("motion", "camera"),
    [(mo.bridges(), mo.SIDE_LYING), (mo.bridges(), mo.FOOT_END), (mo.walking(), mo.FRONT)],
)
def test_nobody_standing_tells_nothing(motion: Motion, camera: Camera) -> None:
    found = roll_of(motion, camera, 6.0)
    assert found.turn_deg == 0


# ------------------------------------------------------------------ in a result


@pytest.mark.parametrize("deg", ROLLS)
@pytest.mark.parametrize("name", CLIPS)
def test_a_tilt_changes_no_number_and_no_verdict(
    name: str, deg: float, level: dict[str, Result]
) -> None:
    upright = level[name]
    seen = mo.analyse(tilted(mo.film(*CLIPS[name]), deg))
    assert [(r.exercise, r.side) for r in seen.reps] == [(r.exercise, r.side) for r in upright.reps]
    for one, other in zip(upright.reps, seen.reps, strict=True):
        for key in ("kfo_ratio_left", "kfo_ratio_right", "ktsr_ratio"):
            before, after = one.measures[key], other.measures[key]
            assert (before is None) == (after is None)
            assert before is None or after == pytest.approx(before, abs=0.012)
    verdicts = {(v.rule, v.side): v.status for v in upright.summary}
    assert {(v.rule, v.side): v.status for v in seen.summary} == verdicts


@pytest.mark.parametrize("deg", [0.0, 6.0])
def test_the_result_tells_the_roll(deg: float) -> None:
    track = tilted(mo.film(mo.squats()), deg)
    result = mo.analyse(track)
    assert result.view.roll_deg == pytest.approx(deg, abs=0.6)
    assert result.sets[0].view.roll_deg == result.view.roll_deg
    told = [note for note in result.notes if "tilted" in note]
    assert told == (["camera tilted by 6 degrees: levelled"] if deg else [])


def test_the_landmarks_that_are_drawn_lie_as_filmed() -> None:
    track = tilted(mo.film(mo.squats()), 8.0)
    result = mo.analyse(track)
    assert result.frames is not None
    assert result.frames.xy_px is not None
    assert np.allclose(result.frames.xy_px, smooth_track(track).xy_px, equal_nan=True)
    assert result.track is track


def test_a_frame_by_itself_is_levelled_like_the_set() -> None:
    settings = Settings()
    sets = []
    for deg in (0.0, 8.0):
        track = tilted(mo.film(mo.squats(kfo=(-0.05, 0.2))), deg)
        told = read_track(track, Question(settings)).sets[0]
        row = int(np.searchsorted(track.t_s, told.found.reps[0].dip.bottom_s))
        exercise = settings.exercises["squat"]
        frame = told.scene, exercise
        pose = Pose(track.xy_px[row], None, track.confidence[row], float(track.t_s[row]))
        sets.append(
            {
                (v.rule, v.side): (v.status, v.value)
                for v in frame_verdicts([pose], *frame, "both", "low")
                if v.measure == "kfo"
            }
        )
    upright, tilt = sets
    assert upright.keys() == tilt.keys()
    assert len(upright) >= 2
    for key, (status, value) in upright.items():
        assert tilt[key][0] == status
        assert tilt[key][1] == pytest.approx(value, abs=0.012)


def test_the_least_tilt_may_be_set() -> None:
    track = tilted(mo.film(mo.squats()), 4.0)
    kept = read_track(track, Question(settings_from({"view": {"level_from_deg": 10.0}})))
    assert kept.roll.deg == pytest.approx(4.0, abs=0.6)
    assert kept.roll.turn_deg == 0

"""The face is gone from what is written; nothing else is, and in doubt everything is."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from kneetrack.assets import model_path
from kneetrack.pose.blazepose import BlazePose
from kneetrack.records import Pose
from kneetrack.skeleton import FACE, HIPS, N_LANDMARKS, SHOULDERS, Landmark
from kneetrack.sources.clip import ClipSource
from kneetrack.ui.blur import FaceBlur, blur_face
from kneetrack.ui.headregion import head_regions
from tests.pose.true_tracks import NAMES, true_track

SIZE_PX = (640, 480)
HEAD = np.array([320.0, 120.0])
FACE_PX = {
    Landmark.NOSE: (0, 6),
    Landmark.LEFT_EYE: (10, -4),
    Landmark.RIGHT_EYE: (-10, -4),
    Landmark.LEFT_EAR: (22, 0),
    Landmark.RIGHT_EAR: (-22, 0),
    Landmark.MOUTH_LEFT: (8, 18),
    Landmark.MOUTH_RIGHT: (-8, 18),
}


def noise(size_px: tuple[int, int] = SIZE_PX) -> NDArray[np.uint8]:
    """Detail everywhere."""
    width, height = size_px
    return np.random.default_rng(0).integers(0, 255, (height, width, 3), np.uint8)


def person(
    t_s: float = 0.0, *, at: tuple[float, float] = (0, 0), turned_deg: float = 0.0,
    without: tuple[Landmark, ...] = (),
) -> Pose:  # fmt: skip
    """Somebody facing the camera, head at HEAD; turned about the head; parts may be unseen."""
    xy = np.full((N_LANDMARKS, 2), np.nan)
    confidence = np.zeros(N_LANDMARKS, np.float32)
    places = {k: np.array(v, float) for k, v in FACE_PX.items()}
    places |= {SHOULDERS[0]: np.array([60.0, 60]), SHOULDERS[1]: np.array([-60.0, 60])}
    places |= {HIPS[0]: np.array([30.0, 210]), HIPS[1]: np.array([-30.0, 210])}
    angle = np.radians(turned_deg)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    for landmark, offset in places.items():
        if landmark not in without:
            xy[landmark] = HEAD + at + turn @ offset
            confidence[landmark] = 0.9
    return Pose(xy.astype(np.float32), None, confidence, t_s)


def moved(x: float, y: float) -> NDArray[np.float64]:
    """Where the head is when it is elsewhere."""
    return np.asarray(HEAD + np.array([x, y]))


def settled() -> FaceBlur:
    """A blur that has seen somebody standing still until the second 0."""
    blur = FaceBlur()
    for t_s in (-0.6, -0.4, -0.2, 0.0):
        blur.apply(noise(), person(t_s))
    return blur


def detail(image: NDArray[np.uint8], part: NDArray[np.bool_]) -> float:
    """Energy of the finest structure where ``part``."""
    fine = cv2.Laplacian(image, cv2.CV_64F).mean(axis=2)
    return float((fine[part] ** 2).mean())


def disc(middle: NDArray[np.float64], radius: float, size_px: tuple[int, int]) -> NDArray[np.bool_]:
    x, y = np.meshgrid(np.arange(size_px[0]) + 0.5, np.arange(size_px[1]) + 0.5)
    return np.asarray(np.hypot(x - middle[0], y - middle[1]) < radius)


def changed(before: NDArray[np.uint8], after: NDArray[np.uint8]) -> NDArray[np.bool_]:
    return np.asarray((before != after).any(axis=2))


@pytest.mark.parametrize("turned_deg", [0, 90, 200, -90])
def test_the_face_has_no_detail_left(turned_deg: float) -> None:
    image, pose = noise(), person(turned_deg=turned_deg, at=(0, 100))
    after = blur_face(image, pose.xy_px, pose.confidence)
    head = disc(moved(0, 100), 40, SIZE_PX)
    assert detail(after, head) < 0.01 * detail(image, head)
    assert after[head].astype(float).std(axis=0).max() < 0.1 * image[head].std(), "colours survive"


def test_nothing_else_changes() -> None:
    image, pose = noise(), person()
    after = blur_face(image, pose.xy_px, pose.confidence)
    (region,) = head_regions(pose.xy_px, pose.confidence)
    allowed = disc(np.array([region.x, region.y]), 1.1 * region.radius + 1, SIZE_PX)
    assert not (changed(image, after) & ~allowed).any()
    body = np.zeros(SIZE_PX[::-1], bool)
    body[230:] = True
    assert region.radius < 90 and not changed(image, after)[body].any()


def test_the_given_picture_is_left_alone_unless_asked() -> None:
    image = noise()
    FaceBlur().apply(image, person())
    np.testing.assert_array_equal(image, noise())
    assert FaceBlur().apply(image, person(), in_place=True) is image
    assert changed(noise(), image).any()


def test_no_small_change_of_the_face_shows_afterwards() -> None:
    """Two faces of the same mean colours are the same picture afterwards, nearly."""
    one, other = noise(), noise()
    x, y = (int(v) for v in HEAD)
    one[y - 8 : y, x - 14 : x + 14] = 40
    other[y : y + 8, x - 14 : x + 14] = 40
    pose = person()
    a = blur_face(one, pose.xy_px, pose.confidence).astype(int)
    b = blur_face(other, pose.xy_px, pose.confidence).astype(int)
    assert np.abs(a - b).max() < 30 < np.abs(one.astype(int) - other).max()


@pytest.mark.parametrize("turned_deg", [0, 90, -90])
def test_without_a_face_the_head_is_told_from_the_shoulders(turned_deg: float) -> None:
    image = noise()
    pose = person(turned_deg=turned_deg, at=(0, 120), without=FACE)
    after = blur_face(image, pose.xy_px, pose.confidence)
    head = disc(moved(0, 120), 40, SIZE_PX)
    assert detail(after, head) < 0.05 * detail(image, head)
    assert not changed(image, after).all()


def test_a_face_of_low_confidence_is_no_face() -> None:
    pose = person(without=(*SHOULDERS, *HIPS))
    assert len(head_regions(pose.xy_px, pose.confidence)) == 1
    assert head_regions(pose.xy_px, pose.confidence * 0.3) == ()


def test_face_and_shoulders_that_disagree_are_both_blurred() -> None:
    pose = person(at=(0, 100))
    xy = pose.xy_px.copy()
    xy[list(FACE)] += (-200, 150)
    image = noise()
    after = blur_face(image, xy, pose.confidence)
    for middle in (moved(0, 100), moved(-200, 250)):
        head = disc(middle, 35, SIZE_PX)
        assert detail(after, head) < 0.05 * detail(image, head)


@pytest.mark.parametrize("at", [(0, -110), (-310, 0), (300, -100)])
def test_a_head_partly_out_of_the_picture(at: tuple[float, float]) -> None:
    image, pose = noise(), person(at=at)
    after = blur_face(image, pose.xy_px, pose.confidence)
    head = disc(moved(*at), 38, SIZE_PX)
    assert head.any()
    assert detail(after, head) < 0.05 * detail(image, head)


def test_nobody_seen_blurs_everything() -> None:
    image = noise()
    everywhere = np.ones(SIZE_PX[::-1], bool)
    for after in (
        FaceBlur().apply(image, Pose.unseen(0.0)),
        blur_face(image, Pose.unseen(0.0).xy_px, Pose.unseen(0.0).confidence),
        FaceBlur().apply(image, person(without=(*FACE, *SHOULDERS))),
    ):
        assert after.shape == image.shape
        assert detail(after, everywhere) < 0.01 * detail(image, everywhere)


def test_a_lost_head_is_blurred_wider_and_wider_and_then_everything() -> None:
    blur, image = settled(), noise()
    shares = []
    for t_s in (0.05, 0.2, 0.4):
        after = blur.apply(image, Pose.unseen(t_s))
        reached = disc(HEAD, 40 * (1 + 8 * t_s), SIZE_PX)
        assert detail(after, reached) < 0.05 * detail(image, reached)
        shares.append(changed(image, after).mean())
    assert shares[0] < shares[1] < shares[2] < 0.99
    assert shares[0] < 0.15
    assert changed(image, blur.apply(image, Pose.unseen(0.6))).mean() > 0.99
    assert changed(image, blur.apply(image, Pose.unseen(0.7))).mean() > 0.99
    assert changed(image, blur.apply(image, person(0.8))).mean() > 0.99
    assert changed(image, blur.apply(image, person(1.1))).mean() > 0.99
    blur.apply(image, person(1.4))
    assert changed(image, blur.apply(image, person(1.5))).mean() < 0.1


def test_somebody_just_found_may_be_wrong_and_everything_is_blurred() -> None:
    blur, image = FaceBlur(), noise()
    shares = [
        changed(image, blur.apply(image, person(t_s))).mean() for t_s in np.arange(0, 1, 1 / 30)
    ]
    assert min(shares[:15]) > 0.99
    assert max(shares[18:]) < 0.1


def test_a_leap_is_not_believed() -> None:
    blur, image = settled(), noise()
    shares = [
        changed(image, blur.apply(image, person(t_s, at=(200, 150)))).mean()
        for t_s in np.arange(1 / 30, 1, 1 / 30)
    ]
    assert min(shares[:15]) > 0.99
    assert max(shares[18:]) < 0.1


def test_a_head_in_quick_motion_stays_blurred_alone() -> None:
    blur, image = settled(), noise()
    for step in range(1, 15):
        after = blur.apply(image, person(step / 30, at=(8 * step, 10 * step)))
        head = disc(moved(8 * step, 10 * step), 40, SIZE_PX)
        assert detail(after, head) < 0.01 * detail(image, head)
        assert changed(image, after).mean() < 0.2


def test_one_wrong_frame_shows_nothing() -> None:
    blur, image = settled(), noise()
    after = blur.apply(image, person(0.033, at=(200, 150)))
    for middle in (HEAD, moved(200, 150)):
        head = disc(middle, 40, SIZE_PX)
        assert detail(after, head) < 0.01 * detail(image, head)


def test_a_clock_that_falls_back_keeps_nothing_old() -> None:
    blur, image = settled(), noise()
    assert changed(image, blur.apply(image, person(0.1))).mean() < 0.1
    assert changed(image, blur.apply(image, Pose.unseen(-0.1))).mean() > 0.99


def test_bystanders_that_are_known_are_blurred_too() -> None:
    image = noise()
    after = settled().apply(image, person(0.03), [person(0.03, at=(-180, 60))])
    assert changed(image, after).mean() < 0.2
    head = disc(moved(-180, 60), 40, SIZE_PX)
    assert detail(after, head) < 0.01 * detail(image, head)


def true_head(
    arrays: Mapping[str, NDArray[np.float64]], index: int, size_px: tuple[int, int]
) -> NDArray[np.bool_]:
    """From the neck's end to the crown, without the outermost hair."""
    joints = [str(joint) for joint in arrays["joint_names"]]
    base, top = (arrays["joints2d"][index, joints.index(j)] for j in ("head_base", "head_top"))
    return disc((base + top) / 2, 0.45 * float(np.linalg.norm(top - base)), size_px)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("face", [True, False], ids=["face", "shoulders"])
def test_no_head_of_a_sample_stays(name: str, face: bool, samples: Path) -> None:
    """With a perfect model that sees the face, or only the shoulders."""
    arrays, track = np.load(samples / f"{name}.npz"), true_track(name)
    blur, image = FaceBlur(), noise(track.size_px)
    for index in range(0, len(track), 6):
        confidence = track.confidence[index].copy()
        if not face:
            confidence[list(FACE)] = 0.1
        pose = Pose(track.xy_px[index], None, confidence, float(track.t_s[index]))
        after = changed(image, blur.apply(image, pose))
        assert after.mean() < 0.15 or pose.t_s < 0.8
        head = true_head(arrays, index, track.size_px)
        assert after[head].mean() > 0.99, f"{name}, frame {index}"


@pytest.mark.slow
def test_no_head_stays_with_the_real_model(samples: Path) -> None:
    """Lying on the back, where the model is at its worst."""
    arrays, blur = np.load(samples / "bridge_side_low.npz"), FaceBlur()
    with (
        BlazePose(model_path()) as backend,
        ClipSource(samples / "bridge_side_low.mp4") as clip,
    ):
        image = noise(clip.size_px)
        for frame in clip:
            blurred = blur.apply(image, backend.track(frame))
            if frame.index % 4:
                continue
            after = changed(image, blurred)
            head = true_head(arrays, frame.index, frame.size_px)
            assert after[head].mean() > 0.99, f"frame {frame.index}"
            assert after.mean() < 0.15 or frame.t_s < 0.8

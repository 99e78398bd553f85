"""Repair of what the real model gives: a bridge from the foot end, feet that cannot be seen."""

from __future__ import annotations

from itertools import islice
from pathlib import Path

import av
import numpy as np
import pytest

from kneetrack.pose.blazepose import BlazePose
from kneetrack.pose.repair import drop_invented, repair_swaps
from kneetrack.records import Frame, PoseTrack
from kneetrack.skeleton import ANKLES, HEELS, HIPS, KNEES, TOES
from tests.pose.scenes import MODEL, SAMPLES

pytestmark = pytest.mark.slow
FEET = [*ANKLES, *HEELS, *TOES]


def track_of(
    clip: Path, n: int, every: int = 1, rows: int | None = None, floor: int = 0
) -> PoseTrack:
    """Track ``n`` frames of the upper ``rows`` of the picture, or with a board below ``floor``."""
    with av.open(str(clip)) as container, BlazePose(MODEL) as model:
        poses = []
        for i, picture in enumerate(islice(container.decode(video=0), 0, n * every, every)):
            image = picture.to_ndarray(format="bgr24")[:rows]
            if floor:
                image[floor:] = (90, 110, 130)
            frame = Frame(np.ascontiguousarray(image), float(picture.pts * picture.time_base), i)
            poses.append(model.track(frame))
        return PoseTrack.from_poses(poses, frame.size_px)


def joint(clip: Path, name: str) -> np.ndarray:
    arrays = np.load(clip.with_suffix(".npz"), allow_pickle=True)
    return arrays["joints2d"][:, list(arrays["joint_names"]).index(name)]


def exchanged(track: PoseTrack, clip: Path) -> np.ndarray:
    """(T,) the legs are nearer to the truth with left and right exchanged."""
    straight, crossed = 0.0, 0.0
    for pair, part in ((HIPS, "hip"), (KNEES, "knee"), (ANKLES, "ankle")):
        true = [joint(clip, f"{side}_{part}")[: len(track)] for side in ("left", "right")]
        got = [track.xy_px[:, k] for k in pair]
        gap = [[np.linalg.norm(g - t, axis=1) for t in true] for g in got]
        straight = straight + gap[0][0] + gap[1][1]
        crossed = crossed + gap[0][1] + gap[1][0]
    return np.asarray(crossed < straight)


def test_sides_exchanged_in_a_bridge_from_the_foot_end(shared: Path) -> None:
    clip = shared / "truth" / "bridge_foot_together.mp4"
    track = track_of(clip, 50)
    assert exchanged(track, clip).sum() > 10
    repaired, episodes, changed = repair_swaps(track)
    assert 1 <= episodes <= 3 and changed.sum() > 10
    clean, reasons = drop_invented(repaired)
    assert not exchanged(clean, clip).any()
    assert reasons["collapsed"].any(axis=1).sum() <= 8


def test_feet_below_the_picture_and_feet_behind_a_board() -> None:
    clip = SAMPLES / "sq_good_anna.mp4"
    ankles = round(float(joint(clip, "left_ankle")[:, 1].mean()))
    knees = round(float(joint(clip, "left_knee")[:, 1].max()))
    for track in (
        track_of(clip, 8, 12, rows=ankles - 15),
        track_of(clip, 8, 12, floor=knees + 20),
    ):
        clean, _ = drop_invented(track)
        assert np.isnan(clean.xy_px[:, FEET]).all()
        assert np.isfinite(clean.xy_px[:, [*HIPS, *KNEES]]).all()


def test_a_clip_with_all_to_see_is_left_as_it_is() -> None:
    track = track_of(SAMPLES / "lunge_R_depth115.mp4", 20, 5)
    repaired, episodes, _ = repair_swaps(track)
    clean, _ = drop_invented(repaired)
    assert episodes == 0
    assert np.array_equal(clean.xy_px, track.xy_px)

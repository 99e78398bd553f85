"""The real model: what comes out, and what must not come out on standard error."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import zipfile
from dataclasses import replace
from itertools import islice
from pathlib import Path

import av
import numpy as np
import pytest

from kneetrack.pose.blank import nothing_but
from kneetrack.pose.blazepose import BlazePose
from kneetrack.pose.follow import PersonFollower
from kneetrack.pose.sight import Box
from kneetrack.records import Frame, ModelError, PoseTrack
from kneetrack.skeleton import HIPS, KNEES, SHOULDERS
from tests.pose.scenes import MODEL, ROOT, SAMPLES

pytestmark = pytest.mark.slow


def frames(name: str, n: int, every: int = 1) -> list[Frame]:
    with av.open(str(SAMPLES / f"{name}.mp4")) as clip:
        pictures = islice(clip.decode(video=0), 0, n * every, every)
        return [
            Frame(p.to_ndarray(format="bgr24"), float(p.pts * p.time_base), i)
            for i, p in enumerate(pictures)
        ]


def truth(name: str, joint: str) -> np.ndarray:
    arrays = np.load(SAMPLES / f"{name}.npz", allow_pickle=True)
    return arrays["joints2d"][:, list(arrays["joint_names"]).index(joint)]


def test_landmarks_are_pixels_of_the_upright_picture_the_subjects_own_left_and_right() -> None:
    (frame,) = frames("sq_good_anna", 1)
    with BlazePose(MODEL) as model:
        pose = model.track(frame)
    for landmark, joint in zip((*HIPS, *SHOULDERS), ("left_hip", "right_hip", "left_shoulder",
                                                     "right_shoulder"), strict=True):  # fmt: skip
        assert np.linalg.norm(pose.xy_px[landmark] - truth("sq_good_anna", joint)[0]) < 25
    assert pose.confidence.min() >= 0 and pose.confidence.max() <= 1
    assert pose.confidence[list(HIPS)].min() > 0.9
    assert pose.xyz_m is not None
    assert pose.xyz_m[SHOULDERS[0], 1] < 0 < pose.xyz_m[KNEES[0], 1]  # y down
    assert pose.xyz_m[HIPS[0], 0] > pose.xyz_m[HIPS[1], 0]  # x right, the subject faces us


def test_the_nearer_knee_has_the_smaller_z() -> None:
    camera = json.loads((SAMPLES / "bridge_side_low.json").read_text("utf-8"))["camera"]
    near, far = KNEES if camera["yaw"] > 0 else KNEES[::-1]
    (frame,) = frames("bridge_side_low", 1)
    with BlazePose(MODEL) as model:
        pose = model.track(frame)
    assert pose.xyz_m is not None
    assert pose.xyz_m[near, 2] < pose.xyz_m[far, 2] - 0.05


def test_any_times_are_taken() -> None:
    (frame,) = frames("sq_good_anna", 1)
    with BlazePose(MODEL) as model:
        for t_s in (0.0, 1 / 240, 2 / 240, 2 / 240, 0.0085, 0.0, 5.0):
            pose = model.track(replace(frame, t_s=t_s))
            assert pose.seen and pose.t_s == t_s


def test_after_a_reset_the_picture_gives_what_it_gives_at_the_start() -> None:
    clip = frames("sq_in30_right_ben", 8, 3)
    other = frames("sq_good_anna", 2)
    with BlazePose(MODEL) as model:
        fresh = [model.track(frame) for frame in clip]
    with BlazePose(MODEL) as model:
        for frame in other:
            model.track(frame)
        model.reset()
        again = [model.track(frame) for frame in clip]
    for a, b in zip(fresh, again, strict=True):
        assert np.array_equal(a.xy_px, b.xy_px)
        assert np.allclose(a.confidence, b.confidence, atol=0.1)


def test_alone_the_follower_changes_no_landmark() -> None:
    clip = frames("sq_good_anna", 15, 4)
    with BlazePose(MODEL) as model:
        plain = [model.track(frame) for frame in clip]
    with BlazePose(MODEL) as model:
        follower = PersonFollower(model)
        followed = [follower.follow(frame) for frame in clip]
    track, info = follower.finish(PoseTrack.from_poses(followed, clip[0].size_px))
    assert np.array_equal(track.xy_px, np.stack([p.xy_px for p in plain]))
    # looking for company resets the model, but not its own smoothing of confidence and metres
    assert np.allclose(track.confidence, np.stack([p.confidence for p in plain]), atol=0.1)
    assert track.xyz_m is not None
    assert np.allclose(track.xyz_m, np.stack([p.xyz_m for p in plain]), atol=0.01)
    assert (info.people_seen, info.lost_spans_s, info.notes) == (1, (), ())


def test_everybody_is_found_and_an_empty_picture_has_nobody() -> None:
    (one,), (two,) = frames("sq_good_anna", 1), frames("sq_in30_right_ben", 1)
    both = Frame(np.concatenate([one.image, two.image], axis=1), 0.0, 0)
    with BlazePose(MODEL) as model:
        people = model.find_people(both, 3)
        assert sorted(p.xy_px[HIPS[0], 0] // one.size_px[0] for p in people) == [0, 1]
        assert len(model.find_people(both, 1)) == 1
        empty = nothing_but(one, Box.nowhere())
        assert model.find_people(empty, 3) == []
        unseen = model.track(empty)
    assert not unseen.seen and unseen.confidence.max() == 0


def test_a_model_elsewhere_may_have_any_name(tmp_path: Path) -> None:
    path = tmp_path / "Modèle d'été 膝.v2.task"
    shutil.copy(MODEL, path)
    with BlazePose(str(path)) as model:
        assert model.track(frames("sq_good_anna", 1)[0]).seen
    assert len(model.model_sha256) == 64


def test_a_bundle_with_broken_networks_is_a_model_error(tmp_path: Path) -> None:
    path = tmp_path / "broken.task"
    with zipfile.ZipFile(path, "w") as bundle:
        for name in ("pose_detector.tflite", "pose_landmarks_detector.tflite"):
            bundle.writestr(name, b"no network" * 100)
    with pytest.raises(ModelError, match="cannot use the pose model") as caught:
        BlazePose(path)
    assert "\n" not in str(caught.value)


def test_nothing_is_printed_and_a_model_left_open_does_no_harm() -> None:
    code = f"""
import numpy as np
from kneetrack.pose.blazepose import BlazePose
from kneetrack.records import Frame
model = BlazePose({str(MODEL)!r})
frame = Frame(np.zeros((120, 160, 3), np.uint8), 0.0, 0)
model.track(frame)
model.find_people(frame, 2)
"""
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")

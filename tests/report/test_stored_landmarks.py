from __future__ import annotations

import io
import json
import pickle
import zipfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from kneetrack.records import ClipInfo, PeopleInfo, PictureFacts, PoseTrack, SourceError
from kneetrack.report.landmarks import StoredLandmarks, read_landmarks, write_landmarks
from kneetrack.skeleton import N_LANDMARKS


@pytest.fixture
def stored() -> StoredLandmarks:
    random = np.random.default_rng(1)
    n = 20
    xy = random.normal(size=(n, N_LANDMARKS, 2)).astype(np.float32)
    xy[3:6, 7] = np.nan
    track = PoseTrack(
        xy,
        random.normal(size=(n, N_LANDMARKS, 3)).astype(np.float32),
        random.random((n, N_LANDMARKS)).astype(np.float32),
        np.arange(n) / 30,
        (720, 960),
    )
    clip = ClipInfo(
        "José squat.é.mov", "ab" * 32, 29.97, 0.67, n, (720, 960), 90, True, True, "hevc", 0.25,
        ("cut off after 3.2 s",), PictureFacts(4, 101.5, 140.0, 0.5, 1.9),
    )  # fmt: skip
    people = PeopleInfo(2, "the one who moves", ((1.0, 2.5),), 3, ("a coach walked by",))
    return StoredLandmarks(track, clip, people, {"mediapipe": "1.2.2", "model sha256": "cd" * 32})


def test_all_of_it_comes_back(stored: StoredLandmarks, tmp_path: Path) -> None:
    read = read_landmarks(write_landmarks(stored, tmp_path / "landmarks.npz"))
    np.testing.assert_array_equal(read.track.xy_px, stored.track.xy_px)
    assert read.track.xyz_m is not None
    np.testing.assert_array_equal(read.track.xyz_m, stored.track.xyz_m)
    np.testing.assert_array_equal(read.track.confidence, stored.track.confidence)
    np.testing.assert_array_equal(read.track.t_s, stored.track.t_s)
    assert read.track.size_px == (720, 960)
    assert read.clip == stored.clip
    assert read.people == stored.people
    assert dict(read.versions) == dict(stored.versions)


def test_files_from_before_anybody_looked_at_the_picture_are_read(
    stored: StoredLandmarks, tmp_path: Path
) -> None:
    path = write_landmarks(stored, tmp_path / "a.npz")
    with np.load(path) as archive:
        arrays = dict(archive)
    facts = json.loads(str(arrays["facts"]))
    assert facts["clip"].pop("picture")["brightness"] == 101.5
    np.savez_compressed(path, **(arrays | {"facts": np.array(json.dumps(facts))}))
    assert read_landmarks(path).clip == replace(stored.clip, picture=None)


def test_metres_may_be_missing(stored: StoredLandmarks, tmp_path: Path) -> None:
    flat = replace(stored, track=replace(stored.track, xyz_m=None))
    assert read_landmarks(write_landmarks(flat, tmp_path / "a.npz")).track.xyz_m is None


def test_the_same_landmarks_give_the_same_bytes(stored: StoredLandmarks, tmp_path: Path) -> None:
    one = write_landmarks(stored, tmp_path / "one.npz").read_bytes()
    assert one == write_landmarks(stored, tmp_path / "two.npz").read_bytes()


def test_a_cut_off_file_is_a_clear_error(stored: StoredLandmarks, tmp_path: Path) -> None:
    whole = write_landmarks(stored, tmp_path / "whole.npz").read_bytes()
    for length in (0, 10, len(whole) // 2, len(whole) - 5):
        part = tmp_path / "part.npz"
        part.write_bytes(whole[:length])
        with pytest.raises(SourceError, match=r"part\.npz is damaged"):
            read_landmarks(part)


def test_flipped_bytes_are_a_clear_error(stored: StoredLandmarks, tmp_path: Path) -> None:
    whole = bytearray(write_landmarks(stored, tmp_path / "whole.npz").read_bytes())
    for at in range(200, 4000, 400):
        spoilt = bytearray(whole)
        spoilt[at] ^= 0xFF
        path = tmp_path / "spoilt.npz"
        path.write_bytes(spoilt)
        with pytest.raises(SourceError):
            read_landmarks(path)


def test_other_files_are_a_clear_error(tmp_path: Path) -> None:
    text = tmp_path / "text.npz"
    text.write_text("hello")
    other = tmp_path / "other.npz"
    np.savez(other, a=np.zeros(3))
    single = tmp_path / "single.npz"
    with single.open("wb") as stream:
        np.save(stream, np.zeros(3))
    for path in (text, other, single, tmp_path, tmp_path / "missing.npz"):
        with pytest.raises(SourceError) as caught:
            read_landmarks(path)
        assert "\n" not in str(caught.value)


def respell(path: Path, **changed: object) -> Path:
    """The archive with some members replaced."""
    with np.load(path) as archive:
        arrays = {name: archive[name] for name in archive.files}
    np.savez(path, **(arrays | changed))  # type: ignore[arg-type]
    return path


def test_a_later_format_is_named(stored: StoredLandmarks, tmp_path: Path) -> None:
    path = write_landmarks(stored, tmp_path / "a.npz")
    respell(path, facts=np.array(json.dumps({"format": "kneetrack/landmarks/9"})))
    with pytest.raises(SourceError, match="kneetrack/landmarks/9"):
        read_landmarks(path)


@pytest.mark.parametrize(
    "changed",
    [
        {"t_s": np.zeros(20)},
        {"t_s": np.full(20, np.nan)},
        {"xy_px": np.zeros((20, 5, 2), np.float32)},
        {"confidence": np.array(["a"] * 20)},
        {"landmark_names": np.array(["nose"] * N_LANDMARKS)},
        {"size_px": np.array([1, 2, 3])},
        {"facts": np.array("{")},
        {"facts": np.array('{"format": "kneetrack/landmarks/1"}')},
    ],
)
def test_contents_that_do_not_fit_are_a_clear_error(
    stored: StoredLandmarks, tmp_path: Path, changed: dict[str, np.ndarray]
) -> None:
    path = respell(write_landmarks(stored, tmp_path / "a.npz"), **changed)
    with pytest.raises(SourceError):
        read_landmarks(path)


class Trap:
    def __reduce__(self) -> tuple[object, tuple[str]]:
        return (pytest.fail, ("a pickle was opened",))


def test_pickles_are_never_opened(stored: StoredLandmarks, tmp_path: Path) -> None:
    path = write_landmarks(stored, tmp_path / "a.npz")
    stream = io.BytesIO()
    header = {"descr": "|O", "fortran_order": False, "shape": ()}
    np.lib.format.write_array_header_1_0(stream, header)
    stream.write(pickle.dumps(Trap()))
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("trap.npy", stream.getvalue())
    with pytest.raises(SourceError):
        read_landmarks(path)

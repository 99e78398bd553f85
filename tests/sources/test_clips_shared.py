"""Every real clip opens and is read to its end; skips without the collection."""

from __future__ import annotations

import csv
from itertools import pairwise
from pathlib import Path

import pytest

from kneetrack.records import ClipInfo
from kneetrack.sources.clip import ClipSource


def read(path: Path) -> tuple[list[float], ClipInfo]:
    with ClipSource(path) as clip:
        times = [frame.t_s for frame in clip]
    return times, clip.info()


@pytest.fixture(scope="module")
def index(shared: Path) -> list[dict[str, str]]:
    file = shared / "clips" / "INDEX.tsv"
    if not file.is_file():
        pytest.skip("no index of real clips")
    with file.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines, delimiter="\t"))


def test_real_clips_are_read_as_the_index_says(shared: Path, index: list[dict[str, str]]) -> None:
    assert index
    for row in index:
        times, info = read(shared / "clips" / row["file"])
        width, height = map(int, row["resolution"].split("x"))
        told = (row["file"], info)
        assert info.frames == int(row["frames"]), told
        assert info.size_px == (width, height), told
        assert info.codec == row["codec"], told
        assert info.duration_s == pytest.approx(float(row["duration_s"]), abs=0.05), told
        assert info.fps == pytest.approx(float(row["avg_fps"]), rel=0.02), told
        assert not info.variable_frame_rate, told
        assert all(earlier < later for earlier, later in pairwise(times)), told


def test_green_frames_before_a_real_clip_are_skipped(shared: Path) -> None:
    for name in ("mlsac_no_depth_vid.gif", "mlsac_olympic_squat_vid.gif"):
        path = shared / "clips" / name
        if not path.is_file():
            pytest.skip("no real clips")
        times, info = read(path)
        assert len(times) == info.frames - 2
        assert info.notes == ("2 frames blank at the start and skipped",)


def test_rendered_clips_have_the_frames_of_their_truth(shared: Path) -> None:
    for path in sorted((shared / "truth").glob("sq_*.mp4"))[:4]:
        times, info = read(path)
        assert len(times) == info.frames
        assert info.notes == ()

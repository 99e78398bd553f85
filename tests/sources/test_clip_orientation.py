"""Which way is up: the display matrix of the container, and the user's own word."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from kneetrack.records import SettingsError
from kneetrack.sources.clip import ClipSource
from tests import clipmaking as make

UPRIGHT = (0, 1, 2, 3)
MIRRORED = (1, 0, 3, 2)
CLOCKWISE = {0: UPRIGHT, 90: (2, 0, 3, 1), 180: (3, 2, 1, 0), 270: (1, 3, 0, 2)}
"""Corners of the upright picture after turning it clockwise."""


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    return make.write_clip(tmp_path / "upright.mp4", make.pictures(4))


def look(path: Path, **how: int) -> tuple[tuple[int, ...], tuple[int, int], int, bool]:
    """Corners and size of a frame, and the rotation and mirroring that the info tells."""
    with ClipSource(path, **how) as source:
        frames = list(source)
        assert source.size_px == frames[0].size_px
    info = source.info()
    assert info.size_px == frames[-1].size_px
    assert frames[-1].image.flags.c_contiguous
    return (
        make.corners_of(frames[-1].image),
        frames[-1].size_px,
        info.rotation_deg,
        info.mirrored,
    )


@pytest.mark.parametrize("suffix", [".mp4", ".mov", ".mkv"])
@pytest.mark.parametrize("rotation_deg", [90, 180, 270])
def test_a_clip_stored_turned_comes_upright(
    tmp_path: Path, clip: Path, rotation_deg: int, suffix: str
) -> None:
    path = make.rotated(clip, tmp_path / f"turned{suffix}", rotation_deg)
    assert look(path) == (UPRIGHT, (96, 64), rotation_deg, False)


@pytest.mark.parametrize(
    ("matrix", "corners", "told"),
    [
        ((1, 0, 0, 1), CLOCKWISE[0], (0, False)),
        ((0, 1, -1, 0), CLOCKWISE[90], (90, False)),  # every iPhone film held upright
        ((-1, 0, 0, -1), CLOCKWISE[180], (180, False)),
        ((0, -1, 1, 0), CLOCKWISE[270], (270, False)),
        ((-1, 0, 0, 1), MIRRORED, (0, True)),
        ((1, 0, 0, -1), (2, 3, 0, 1), (180, True)),
        ((0, 1, 1, 0), (0, 2, 1, 3), (90, True)),
        ((0, -1, -1, 0), (3, 1, 2, 0), (270, True)),
    ],
)
def test_the_eight_ways_of_the_quicktime_matrix(
    tmp_path: Path,
    clip: Path,
    matrix: tuple[int, ...],
    corners: tuple[int, ...],
    told: tuple[int, bool],
) -> None:
    """Written into the bytes by the QuickTime definition: x' = a x + c y, y' = b x + d y."""
    path = make.matrix_patched(clip, tmp_path / "patched.mp4", matrix)
    size_px = (64, 96) if matrix[0] == 0 else (96, 64)
    assert look(path) == (corners, size_px, *told)


def test_mirroring_by_the_container_is_undone(tmp_path: Path, clip: Path) -> None:
    path = make.mirrored(clip, tmp_path / "m.mp4", by_matrix=True)
    assert look(path) == (UPRIGHT, (96, 64), 0, True)


def test_a_picture_mirrored_for_good_stays_so(tmp_path: Path, clip: Path) -> None:
    path = make.mirrored(clip, tmp_path / "m.mp4")
    assert look(path) == (MIRRORED, (96, 64), 0, False)


@pytest.mark.parametrize("rotate_deg", [0, 90, 180, 270, -90, 450])
def test_the_users_rotation_replaces_that_of_the_file(
    tmp_path: Path, clip: Path, rotate_deg: int
) -> None:
    path = make.matrix_patched(clip, tmp_path / "patched.mp4", (0, -1, -1, 0))
    corners, _, rotation_deg, mirrored = look(path, rotate_deg=rotate_deg)
    assert (corners, rotation_deg) == (CLOCKWISE[rotate_deg % 360], rotate_deg % 360)
    assert not mirrored


def test_a_rotation_that_is_no_quarter_turn_is_refused(clip: Path) -> None:
    with pytest.raises(SettingsError, match="0, 90, 180 or 270"):
        ClipSource(clip, rotate_deg=45)


def test_the_sample_turned_like_a_phones(tmp_path: Path, samples: Path) -> None:
    source = samples / "sq_in20_anna.mp4"
    path = make.rotated(source, tmp_path / "phone.mov", 90)
    with ClipSource(source) as one, ClipSource(path) as two:
        for before, after in zip(one, two, strict=True):
            assert before.t_s == pytest.approx(after.t_s, abs=1e-4)
            if before.index % 40 == 0:
                difference = before.image.astype(int) - after.image
                assert np.abs(difference).mean() < 6

"""Containers, codecs, rates, colours and names: every frame comes, in order, at its time."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from kneetrack.records import ClipInfo, Frame
from kneetrack.sources.clip import ClipSource
from tests.clipmaking import (
    CYCLE,
    RED,
    corners_of,
    index_of,
    picture,
    pictures,
    recoded,
    write_clip,
)


def read(path: Path, **how: float) -> tuple[list[Frame], ClipInfo]:
    """All frames and the info."""
    with ClipSource(path, **how) as clip:
        frames = list(clip)
    return frames, clip.info()


@pytest.fixture(autouse=True)
def _quiet_av1(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SVT_LOG", "0")


@pytest.mark.parametrize(
    ("name", "codec", "expected"),
    [
        ("a.mp4", "libx264", "h264"),
        ("a.mov", "libx264", "h264"),
        ("a.mkv", "libx264", "h264"),
        ("a.ts", "libx264", "h264"),
        ("a.mp4", "libx265", "hevc"),
        ("a.mov", "libx265", "hevc"),
        ("a.webm", "libvpx-vp9", "vp9"),
        ("a.mkv", "libsvtav1", "av1"),
        ("a.mp4", "libsvtav1", "av1"),
        ("a.avi", "mpeg4", "mpeg4"),
        ("a.mp4", "mpeg4", "mpeg4"),
        ("a.avi", "mjpeg", "mjpeg"),
        ("a.mov", "prores_ks", "prores"),
        ("a.gif", "gif", "gif"),
    ],
)
def test_every_frame_of_every_format(tmp_path: Path, name: str, codec: str, expected: str) -> None:
    fps = 25.0
    path = write_clip(tmp_path / name, pictures(26, fps), fps=fps, codec=codec)
    frames, info = read(path)
    assert [index_of(frame.image) for frame in frames] == [n % CYCLE for n in range(26)]
    assert [frame.index for frame in frames] == list(range(26))
    np.testing.assert_allclose([frame.t_s for frame in frames], np.arange(26) / fps, atol=1e-3)
    assert frames[0].image.dtype == np.uint8 and frames[0].image.flags.c_contiguous
    assert {frame.size_px for frame in frames} == {(96, 64)}
    assert corners_of(frames[-1].image) == (0, 1, 2, 3)
    assert (info.codec, info.frames, info.size_px) == (expected, 26, (96, 64))
    assert info.fps == pytest.approx(fps, rel=2e-3)
    assert info.duration_s == pytest.approx(26 / fps, abs=2e-3)
    assert not info.variable_frame_rate
    assert info.notes == ()


@pytest.mark.parametrize("fps", [10, 12.5, 24, 25, 30000 / 1001, 30, 50, 60, 120, 240])
@pytest.mark.parametrize("suffix", [".mp4", ".webm"])
def test_every_rate(tmp_path: Path, fps: float, suffix: str) -> None:
    path = write_clip(tmp_path / f"a{suffix}", pictures(40, fps, (32, 32)), fps=fps)
    frames, info = read(path)
    np.testing.assert_allclose([f.t_s for f in frames], np.arange(40) / fps, atol=1.01e-3)
    assert info.fps == pytest.approx(fps, rel=0.02)
    assert not info.variable_frame_rate
    assert info.speed == 1


@pytest.mark.parametrize("name", ["José squat é.mov", "two.dots.mp4", "a b.mkv", "100%d #1.mp4"])
def test_awkward_names(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "Ordner ü ñ 深蹲"
    folder.mkdir()
    path = write_clip(folder / "plain.mov", pictures(5)).rename(folder / name)
    frames, info = read(path)
    assert len(frames) == 5
    assert info.file == str(path)


@pytest.mark.parametrize("matrix", [1, 5, 9])
@pytest.mark.parametrize("full_range", [False, True])
def test_colours_are_those_of_the_file(tmp_path: Path, matrix: int, full_range: bool) -> None:
    colours = {"colorspace": matrix, "color_range": 2 if full_range else 1}
    image = np.empty((32, 64, 3), np.uint8)
    image[:, :32], image[:, 32:] = (30, 160, 60), RED
    path = write_clip(tmp_path / "a.mp4", [(image, 0.0)], colours=colours, options={"crf": "1"})
    frames, _ = read(path)
    np.testing.assert_allclose(frames[0].image[16, 16], (30, 160, 60), atol=6)
    np.testing.assert_allclose(frames[0].image[16, 48], RED, atol=6)


@pytest.mark.parametrize("matrix", [0, 2, 3, 4, 6, 7, 8, 10, 11, 14])
def test_odd_colour_tags_do_not_stop_it(tmp_path: Path, matrix: int) -> None:
    path = tmp_path / "a.mp4"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=30)
        stream.width, stream.height, stream.pix_fmt = 96, 64, "yuv420p"
        stream.codec_context.colorspace = matrix
        frame = av.VideoFrame.from_ndarray(picture(0), format="bgr24").reformat(format="yuv420p")
        frame.colorspace = matrix
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    frames, _ = read(path)
    assert corners_of(frames[0].image) == (0, 1, 2, 3)


@pytest.mark.parametrize(("transfer", "white"), [(16, 0.58), (18, 0.75)], ids=["PQ", "HLG"])
def test_hdr_comes_out_as_a_sane_picture(tmp_path: Path, transfer: int, white: float) -> None:
    """``white`` is the code, of 1, of a sheet of paper in the room."""
    ramp = np.repeat(np.linspace(0, 255, 128).astype(np.uint8)[None, :, None], 64, axis=0)
    colours = {"colorspace": 9, "color_range": 1, "color_primaries": 9, "color_trc": transfer}
    path = write_clip(
        tmp_path / "a.mp4",
        [(np.repeat(ramp, 3, axis=2), index / 30) for index in range(3)],
        codec="libx265",
        pix_fmt="yuv420p10le",
        colours=colours,
    )
    frames, info = read(path)
    line = frames[0].image[32, :, 1].astype(int)
    assert frames[0].image.dtype == np.uint8
    assert (np.diff(line[::8]) >= 0).all() and line[0] < 10 and line[-1] > 240
    assert 170 < line[round(white * 127)] < 230
    assert any("HDR" in note for note in info.notes) == (transfer == 16)


def test_pixels_that_are_not_square_are_stretched(tmp_path: Path) -> None:
    path = tmp_path / "a.mkv"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=30)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        stream.codec_context.sample_aspect_ratio = Fraction(3, 2)
        frame = av.VideoFrame.from_ndarray(picture(0, (64, 48)), format="bgr24")
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    frames, info = read(path)
    assert frames[0].size_px == info.size_px == (96, 48)
    assert corners_of(frames[0].image) == (0, 1, 2, 3)
    assert any("square" in note for note in info.notes)


def test_frames_keep_their_size_when_the_clip_changes_its(tmp_path: Path) -> None:
    small, large = (
        write_clip(tmp_path / f"{side}.ts", pictures(6, 30, (side, side)), start_s=t)
        for side, t in ((64, 0), (128, 0.2))
    )
    both = tmp_path / "both.ts"
    both.write_bytes(small.read_bytes() + large.read_bytes())
    frames, info = read(both)
    assert {frame.size_px for frame in frames} == {(64, 64)}
    assert len(frames) > 6
    assert any("another size" in note for note in info.notes)


def test_an_odd_size_gif_with_transparency_and_delays(tmp_path: Path) -> None:
    path = write_clip(tmp_path / "a.gif", pictures(8, 12.5, (33, 21)))
    frames, info = read(path)
    assert frames[0].size_px == (33, 21) and info.frames == 8
    assert info.fps == pytest.approx(12.5)


def test_what_it_says_before_reading(tmp_path: Path) -> None:
    for suffix in (".mp4", ".avi", ".webm", ".gif"):
        path = write_clip(tmp_path / f"a{suffix}", pictures(50, 25), fps=25)
        with ClipSource(path) as clip:
            assert clip.size_px == (96, 64)
            assert clip.declared_frames == pytest.approx(50, abs=1)
            assert clip.declared_duration_s == pytest.approx(2.0, abs=0.05)
            assert clip.declared_fps == pytest.approx(25, rel=0.02)


def test_the_hash_is_that_of_the_file(tmp_path: Path) -> None:
    import hashlib

    path = write_clip(tmp_path / "a.mp4", pictures(3))
    _, info = read(path)
    assert info.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()


def test_a_recoded_sample_keeps_its_frames(tmp_path: Path, samples: Path) -> None:
    source = samples / "sq_good_anna.mp4"
    _, before = read(source)
    frames, after = read(recoded(source, tmp_path / "sample.avi"))
    assert (after.frames, after.size_px, after.codec) == (before.frames, before.size_px, "mpeg4")
    assert len(frames) == before.frames == 165


def test_a_cover_picture_is_not_the_clip(tmp_path: Path) -> None:
    """Music players and some phones put a still beside the film."""
    clip = write_clip(tmp_path / "a.mkv", pictures(9))
    out = tmp_path / "covered.mp4"
    with av.open(str(clip)) as source, av.open(str(out), "w") as target:
        cover = target.add_stream("mjpeg", rate=1)
        cover.width, cover.height, cover.pix_fmt = 512, 512, "yuvj420p"
        cover.disposition = av.stream.Disposition.attached_pic
        film = target.add_stream_from_template(source.streams.video[0])
        still = av.VideoFrame.from_ndarray(np.zeros((512, 512, 3), np.uint8), format="bgr24")
        target.mux(cover.encode(still.reformat(format="yuvj420p")))
        target.mux(cover.encode(None))
        for packet in source.demux(video=0):
            if packet.dts is not None:
                packet.stream = film
                target.mux(packet)
    frames, info = read(out)
    assert (len(frames), info.size_px) == (9, (96, 64))

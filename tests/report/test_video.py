"""The annotated video: plays anywhere, keeps its timing, appears whole or not at all."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import av
import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from kneetrack.records import OutputError
from kneetrack.report.video import VideoWriter

COLOURS = ((0, 0, 255), (0, 255, 0), (255, 0, 0), (250, 250, 250))


def picture(size_px: tuple[int, int] = (96, 64), level: int = 60) -> NDArray[np.uint8]:
    """Four corners of different colour around a grey middle."""
    width, height = size_px
    image = np.zeros((height, width, 3), np.uint8)
    for corner, colour in enumerate(COLOURS):
        y, x = divmod(corner, 2)
        image[y * height // 2 :, x * width // 2 :] = colour
    image[height // 4 : 3 * height // 4, width // 4 : 3 * width // 4] = level
    return image


def written(path: Path) -> tuple[av.video.stream.VideoStream, list[NDArray[np.uint8]], list[float]]:
    """The stream's properties, the pictures and their times."""
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        frames = list(container.decode(stream))
        times = [float(frame.time) for frame in frames]
        return stream, [frame.to_ndarray(format="bgr24") for frame in frames], times


def top_boxes(path: Path) -> list[bytes]:
    data, at, boxes = path.read_bytes(), 0, []
    while at < len(data):
        boxes.append(data[at + 4 : at + 8])
        at += int.from_bytes(data[at : at + 4], "big")
    return boxes


def corner_colours(image: NDArray[np.uint8]) -> NDArray[np.int64]:
    height, width = image.shape[:2]
    ys, xs = (height // 8, height - height // 8), (width // 8, width - width // 8)
    return np.array([image[y, x] for y in ys for x in xs], np.int64)


def test_it_plays_in_browsers(tmp_path: Path) -> None:
    path = tmp_path / "annotated.mp4"
    with VideoWriter(path, (96, 64), fps=30) as video:
        for index in range(30):
            video.write(picture(), index / 30)
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        context = stream.codec_context
        assert (context.name, context.pix_fmt) == ("h264", "yuv420p")
        assert context.extradata is not None
        assert context.extradata[3] <= 31  # level, not blown up by the fine clock
        tags = (context.color_range, context.colorspace, context.color_primaries, context.color_trc)
        assert tags == (1, 1, 1, 1)
        assert stream.frames == 30 and stream.start_time == 0
        assert not context.has_b_frames
        assert stream.average_rate == pytest.approx(30)
    assert top_boxes(path).index(b"moov") < top_boxes(path).index(b"mdat")
    assert list(tmp_path.iterdir()) == [path]


def test_timing_is_kept(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    stamps = 12.5 + np.cumsum(rng.uniform(0.004, 0.3, 50))
    with VideoWriter(tmp_path / "a.mp4", (32, 32), fps=6.5) as video:
        for t_s in stamps:
            video.write(picture((32, 32)), float(t_s))
    assert video.origin_s == stamps[0] and video.frames == 50
    _, _, times = written(tmp_path / "a.mp4")
    np.testing.assert_allclose(times, stamps - stamps[0], atol=1 / 90_000)


@pytest.mark.parametrize("fps", [1, 12.5, 24000 / 1001, 30000 / 1001, 60, 240])
def test_the_last_picture_lasts(tmp_path: Path, fps: float) -> None:
    with VideoWriter(tmp_path / "a.mp4", (32, 32), fps=fps) as video:
        for index in range(25):
            video.write(picture((32, 32)), index / fps)
    stream, images, _ = written(tmp_path / "a.mp4")
    assert len(images) == 25
    assert float(stream.duration * stream.time_base) == pytest.approx(25 / fps, rel=1e-3)


def test_the_last_picture_lasts_as_long_as_the_one_before(tmp_path: Path) -> None:
    with VideoWriter(tmp_path / "a.mp4", (32, 32), fps=30) as video:
        for t_s in (0.0, 0.1, 0.6):
            video.write(picture((32, 32)), t_s)
    stream, _, _ = written(tmp_path / "a.mp4")
    assert float(stream.duration * stream.time_base) == pytest.approx(1.1)


def test_a_single_frame_lasts_too(tmp_path: Path) -> None:
    with VideoWriter(tmp_path / "a.mp4", (32, 32), fps=25) as video:
        video.write(picture((32, 32)), 3.0)
    stream, images, times = written(tmp_path / "a.mp4")
    assert (len(images), times) == (1, [0.0])
    assert float(stream.duration * stream.time_base) == pytest.approx(0.04)


@pytest.mark.parametrize("planes", [False, True])
def test_colours_come_back(tmp_path: Path, planes: bool) -> None:
    image = picture((128, 96))
    given = np.asarray(cv2.cvtColor(image, cv2.COLOR_BGR2YUV_I420), np.uint8) if planes else image
    with VideoWriter(tmp_path / "a.mp4", (128, 96), crf=10) as video:
        for index in range(3):
            video.write(given, index / 30)
    stream, images, _ = written(tmp_path / "a.mp4")
    assert stream.codec_context.colorspace == (5 if planes else 1)
    np.testing.assert_allclose(corner_colours(images[-1]), np.array(COLOURS), atol=8)


@pytest.mark.parametrize("size_px", [(33, 21), (96, 65), (97, 64), (153, 272)])
def test_odd_sides_are_filled_up(tmp_path: Path, size_px: tuple[int, int]) -> None:
    width, height = size_px
    with VideoWriter(tmp_path / "a.mp4", size_px, crf=5) as video:
        video.write(picture(size_px), 0.0)
    _, images, _ = written(tmp_path / "a.mp4")
    assert images[0].shape == (height + height % 2, width + width % 2, 3)
    difference = np.abs(images[0][:height, :width].astype(int) - picture(size_px))
    assert np.median(difference) < 6


def test_the_array_may_be_used_again(tmp_path: Path) -> None:
    image = np.empty((64, 96, 3), np.uint8)
    levels = list(range(20, 240, 20))
    with VideoWriter(tmp_path / "a.mp4", (96, 64), crf=5) as video:
        for index, level in enumerate(levels):
            image[:] = level
            video.write(image, index / 30)
            image[:] = 255
    _, images, _ = written(tmp_path / "a.mp4")
    np.testing.assert_allclose([i.mean() for i in images], levels, atol=3)


def test_quality_and_speed_can_be_chosen(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    noise = rng.integers(0, 255, (64, 96, 3), np.uint8)
    sizes = []
    for crf, preset in ((18, "veryfast"), (40, "ultrafast")):
        with VideoWriter(tmp_path / "a.mp4", (96, 64), crf=crf, preset=preset) as video:
            for index in range(10):
                video.write(np.roll(noise, index, axis=0), index / 30)
        sizes.append((tmp_path / "a.mp4").stat().st_size)
    assert sizes[0] > 1.5 * sizes[1]


def test_awkward_names(tmp_path: Path) -> None:
    folder = tmp_path / "Ordner ü 深蹲 #1 100%d"
    folder.mkdir()
    path = folder / "José squat é.annotated.mp4"
    with VideoWriter(path, (32, 32)) as video:
        video.write(picture((32, 32)), 0.0)
    assert list(folder.iterdir()) == [path]
    assert len(written(path)[1]) == 1


# --- misuse


def test_wrong_pictures_and_times_are_refused(tmp_path: Path) -> None:
    with VideoWriter(tmp_path / "a.mp4", (32, 32)) as video:
        video.write(picture((32, 32)), 1.0)
        with pytest.raises(ValueError, match="not later"):
            video.write(picture((32, 32)), 1.0)
        with pytest.raises(ValueError, match="shape"):
            video.write(picture((32, 30)), 2.0)
        with pytest.raises(ValueError, match="not from both"):
            video.write(np.zeros((48, 32), np.uint8), 2.0)
        video.write(picture((32, 32)), 2.0)
    assert len(written(tmp_path / "a.mp4")[1]) == 2
    with pytest.raises(RuntimeError, match="open the video first"):
        video.write(picture((32, 32)), 3.0)


def test_no_frames_no_file(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="no frame"), VideoWriter(tmp_path / "a.mp4", (32, 32)):
        pass
    assert list(tmp_path.iterdir()) == []


# --- whole or not at all


def test_an_error_leaves_nothing(tmp_path: Path) -> None:
    with (
        pytest.raises(ZeroDivisionError),
        VideoWriter(tmp_path / "a.mp4", (32, 32)) as video,
    ):
        video.write(picture((32, 32)), 0.0)
        assert not (tmp_path / "a.mp4").exists()
        raise ZeroDivisionError
    assert list(tmp_path.iterdir()) == []


def test_an_error_leaves_the_older_file(tmp_path: Path) -> None:
    (tmp_path / "a.mp4").write_bytes(b"older")
    with pytest.raises(KeyboardInterrupt), VideoWriter(tmp_path / "a.mp4", (32, 32)) as video:
        video.write(picture((32, 32)), 0.0)
        raise KeyboardInterrupt
    assert (tmp_path / "a.mp4").read_bytes() == b"older"
    assert list(tmp_path.iterdir()) == [tmp_path / "a.mp4"]
    with VideoWriter(tmp_path / "a.mp4", (32, 32)) as video:
        video.write(picture((32, 32)), 0.0)
    assert len(written(tmp_path / "a.mp4")[1]) == 1


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(OutputError) as caught, VideoWriter(tmp_path / "no" / "a.mp4", (32, 32)):
        pass
    assert "cannot write" in str(caught.value) and "\n" not in str(caught.value)


def test_a_folder_in_the_way(tmp_path: Path) -> None:
    (tmp_path / "a.mp4").mkdir()
    with (
        pytest.raises(OutputError, match="cannot write"),
        VideoWriter(tmp_path / "a.mp4", (32, 32)) as video,
    ):
        video.write(picture((32, 32)), 0.0)
    assert list(tmp_path.iterdir()) == [tmp_path / "a.mp4"]


@contextmanager
def small_disk() -> Iterator[None]:
    """No file may grow beyond 20 kB; the system then answers as a full disk does.

    Only while the video is written: the test runner's own report may be a file, too.
    """
    resource = pytest.importorskip("resource")
    import signal

    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    before = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, before)


@pytest.mark.parametrize("frames", [1, 60])
def test_no_room_left(tmp_path: Path, frames: int) -> None:
    rng = np.random.default_rng(0)
    with (
        pytest.raises(OutputError) as caught,
        small_disk(),
        VideoWriter(tmp_path / "a.mp4", (320, 240), crf=1) as video,
    ):
        for index in range(frames):
            video.write(rng.integers(0, 255, (240, 320, 3), np.uint8), index / 30)
    assert caught.value.exit_code == 5
    assert "\n" not in str(caught.value)
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with (
        pytest.raises(OutputError, match="disk is full"),
        VideoWriter(tmp_path / "a.mp4", (32, 32)) as video,
    ):

        def full(frame: object) -> None:
            raise av.error.OSError(errno.ENOSPC, "No space left on device")

        monkeypatch.setattr(video, "_encode", full)
        video.write(picture((32, 32)), 0.0)
    assert list(tmp_path.iterdir()) == []


def test_a_failing_encoder_is_told(tmp_path: Path) -> None:
    with (
        pytest.raises(OutputError, match="encoder failed"),
        VideoWriter(tmp_path / "a.mp4", (32, 32), preset="no such") as video,
    ):
        video.write(picture((32, 32)), 0.0)
    assert list(tmp_path.iterdir()) == []


def test_it_prints_nothing(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    with VideoWriter(tmp_path / "a.mp4", (32, 32)) as video:
        video.write(picture((32, 32)), 0.0)
    assert capfd.readouterr() == ("", "")

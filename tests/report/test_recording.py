"""Live video: keeps its times, waits for nobody, and survives a kill."""

from __future__ import annotations

import errno
import subprocess
import sys
import threading
from io import FileIO
from pathlib import Path

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from kneetrack.records import OutputError
from kneetrack.report.h264 import PictureStream
from kneetrack.report.recording import LiveVideo
from kneetrack.sources.clip import ClipSource
from tests.report.test_video import corner_colours, picture, top_boxes

SIZE_PX = (96, 64)


def numbered(index: int) -> NDArray[np.uint8]:
    """The left half's grey tells which picture it is; stripes beside it, so that it is no blank."""
    image = np.full((64, 96, 3), 30 + 6 * (index % 32), np.uint8)
    image[:, 64::16], image[:, 72::16] = 20, 235
    return image


def number(image: NDArray[np.uint8]) -> int:
    return round((float(image[:, :40].mean()) - 30) / 6)


def patiently(video: LiveVideo, image: NDArray[np.uint8], t_s: float) -> None:
    """Write a picture even where this machine's encoder is slower than the test."""
    stop = threading.Event()
    while not video.write(image, t_s):
        assert not video.failed
        stop.wait(0.002)


def decoded(path: Path) -> tuple[list[NDArray[np.uint8]], list[float]]:
    with av.open(str(path)) as container:
        frames = list(container.decode(video=0))
    return [f.to_ndarray(format="bgr24") for f in frames], [float(f.time) for f in frames]


def test_every_picture_at_its_own_time(tmp_path: Path) -> None:
    path = tmp_path / "session.mp4"
    stamps = 812.25 + np.cumsum(np.random.default_rng(0).uniform(0.015, 0.12, 60))
    image = np.empty((64, 96, 3), np.uint8)
    with LiveVideo(path, SIZE_PX, fps=30) as video:
        for index, t_s in enumerate(stamps):
            image[:] = numbered(index)
            patiently(video, image, t_s)
    assert video.frames == 60
    assert video.origin_s == stamps[0]
    with ClipSource(path) as clip:
        frames = [(number(frame.image), frame.t_s) for frame in clip]
        assert clip.info().notes == ()
    assert [n for n, _ in frames] == [index % 32 for index in range(60)]
    np.testing.assert_allclose([t_s for _, t_s in frames], stamps - stamps[0], atol=2e-5)


def test_it_plays_in_browsers_and_can_be_jumped_in(tmp_path: Path) -> None:
    path = tmp_path / "session.mp4"
    with LiveVideo(path, SIZE_PX, fps=30) as video:
        for index in range(90):
            patiently(video, numbered(index), index / 30)
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        context = stream.codec_context
        assert (context.name, context.pix_fmt) == ("h264", "yuv420p")
        assert stream.frames == 90 and stream.start_time == 0
        assert container.duration == pytest.approx(3_000_000, abs=50_000)
        assert not context.has_b_frames
        assert len(container.streams) == 1
        keys = [float(packet.pts * packet.time_base) for packet in container.demux(stream)
                if packet.is_keyframe and packet.pts is not None]  # fmt: skip
        assert keys == pytest.approx([0, 1, 2])
    assert {b"moov", b"mdat"} <= set(top_boxes(path)) and b"moof" not in top_boxes(path)


def test_it_tells_nothing_of_device_or_day(tmp_path: Path) -> None:
    path = tmp_path / "session.mp4"
    with LiveVideo(path, SIZE_PX) as video:
        video.write(numbered(0), 0.0)
    with av.open(str(path)) as container:
        about = {**container.metadata, **container.streams.video[0].metadata}
    assert set(about) <= {
        "major_brand",
        "minor_version",
        "compatible_brands",
        "language",
        "handler_name",
        "vendor_id",
    }
    data = path.read_bytes()
    box = data.index(b"mvhd")
    assert data[box + 8 : box + 16] == bytes(8), "a creation time"


@pytest.mark.parametrize("kind", ["bgr", "i420"])
def test_colours_are_right(tmp_path: Path, kind: str) -> None:
    import cv2

    image = picture(SIZE_PX)
    given = image if kind == "bgr" else cv2.cvtColor(image, cv2.COLOR_BGR2YUV_I420)
    with LiveVideo(tmp_path / "a.mp4", SIZE_PX, crf=10) as video:
        for index in range(3):
            patiently(video, np.asarray(given, np.uint8), index / 30)
    with ClipSource(tmp_path / "a.mp4") as clip:
        shown = [frame.image for frame in clip]
    assert np.abs(corner_colours(shown[-1]) - corner_colours(image)).max() < 12


def test_an_odd_size(tmp_path: Path) -> None:
    with LiveVideo(tmp_path / "a.mp4", (95, 63)) as video:
        video.write(np.full((63, 95, 3), 100, np.uint8), 0.0)
    assert decoded(tmp_path / "a.mp4")[0][0].shape == (64, 96, 3)


def test_it_never_waits_for_the_encoder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    release, real = threading.Event(), PictureStream.picture

    def stuck(self: PictureStream, image: NDArray[np.uint8], t_s: float) -> av.VideoFrame:
        assert release.wait(10)
        return real(self, image, t_s)

    monkeypatch.setattr(PictureStream, "picture", stuck)
    with LiveVideo(tmp_path / "a.mp4", SIZE_PX) as video:
        written = [video.write(numbered(index), index / 30) for index in range(40)]
        release.set()
        patiently(video, numbered(50), 50 / 30)
    assert 8 <= sum(written) <= 9
    assert written[:8] == [True] * 8
    assert video.dropped >= 40 - sum(written)
    images, times = decoded(tmp_path / "a.mp4")
    assert len(images) == video.frames == sum(written) + 1
    assert number(images[-1]) == 50 % 32 and times[-1] == pytest.approx(50 / 30, abs=1e-4)


def test_a_picture_that_is_not_later_is_left_out(tmp_path: Path) -> None:
    with LiveVideo(tmp_path / "a.mp4", SIZE_PX) as video:
        written = [video.write(numbered(1), t_s) for t_s in (1.0, 1.0, 0.5, np.nan, 1.1)]
    assert written == [True, False, False, False, True]
    assert len(decoded(tmp_path / "a.mp4")[0]) == 2


def test_another_size_is_the_callers_mistake(tmp_path: Path) -> None:
    with LiveVideo(tmp_path / "a.mp4", SIZE_PX) as video:
        with pytest.raises(ValueError, match="shape"):
            video.write(np.zeros((65, 96, 3), np.uint8), 0.0)
        video.write(numbered(0), 0.0)
    assert len(decoded(tmp_path / "a.mp4")[0]) == 1


def test_an_exception_loses_nothing(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), LiveVideo(tmp_path / "a.mp4", SIZE_PX) as video:
        for index in range(20):
            patiently(video, numbered(index), index / 30)
        raise ZeroDivisionError
    assert len(decoded(tmp_path / "a.mp4")[0]) == 20
    assert not [thread for thread in threading.enumerate() if thread.name == "live video"]


def test_without_pictures_there_is_no_file(tmp_path: Path) -> None:
    with LiveVideo(tmp_path / "a.mp4", SIZE_PX):
        pass
    assert list(tmp_path.iterdir()) == []


def test_an_older_recording_is_never_overwritten(tmp_path: Path) -> None:
    (tmp_path / "a.mp4").write_bytes(b"older")
    with (
        pytest.raises(OutputError, match="a file is in the way"),
        LiveVideo(tmp_path / "a.mp4", SIZE_PX),
    ):
        pass
    assert (tmp_path / "a.mp4").read_bytes() == b"older"


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="cannot write"):
        LiveVideo(tmp_path / "no" / "a.mp4", SIZE_PX).__enter__()


class SmallDisk(FileIO):
    """Takes 60 kB in all."""

    room = 60_000

    def write(self, data: memoryview) -> int:  # type: ignore[override]
        if self.tell() + len(data) > self.room:
            raise OSError(errno.ENOSPC, "No space left on device")
        return super().write(data)


def test_a_full_disk_is_told_once_and_what_is_there_plays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kneetrack.report.recording.FileIO", SmallDisk)
    rng, errors, stop = np.random.default_rng(0), [], threading.Event()
    with LiveVideo(tmp_path / "a.mp4", SIZE_PX) as video:
        for index in range(120):
            while not video.failed:
                try:
                    if video.write(rng.integers(0, 255, (64, 96, 3), np.uint8), index / 30):
                        break
                except OutputError as error:
                    errors.append(error)
                stop.wait(0.002)
        try:
            assert not video.write(numbered(0), 99.0)
        except OutputError as error:
            errors.append(error)
        assert not video.write(numbered(0), 100.0)
    assert len(errors) == 1
    assert errors[0].exit_code == 5 and "the disk is full" in str(errors[0])
    images, times = decoded(tmp_path / "a.mp4")
    assert len(images) >= 8
    assert np.diff(times) == pytest.approx(1 / 30, abs=1e-4)


def test_a_failing_encoder_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kneetrack.report.recording._ENCODER", {"preset": "no such"})
    with (
        pytest.raises(OutputError, match="encoder failed"),
        LiveVideo(tmp_path / "a.mp4", SIZE_PX) as video,
    ):
        video.write(numbered(0), 0.0)


CHILD = """
import sys, time
import numpy as np
from pathlib import Path
from kneetrack.report.recording import LiveVideo

with LiveVideo(Path(sys.argv[1]), (96, 64), fps=30) as video:
    for index in range(125):
        image = np.full((64, 96, 3), 30 + 6 * (index % 32), np.uint8)
        image[:, 64::16], image[:, 72::16] = 20, 235
        while not video.write(image, 3.0 + index / 30):
            time.sleep(0.002)
    while video.frames < 125:
        time.sleep(0.002)
    print("written", flush=True)
    time.sleep(60)
"""


def test_a_kill_loses_less_than_a_second(tmp_path: Path) -> None:
    path = tmp_path / "session.mp4"
    command = [sys.executable, "-c", CHILD, str(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "written\n"
        child.kill()
    with ClipSource(path) as clip:
        frames = [(number(frame.image), frame.t_s) for frame in clip]
    assert [n for n, _ in frames] == [index % 32 for index in range(len(frames))]
    assert [t_s for _, t_s in frames] == pytest.approx(
        [index / 30 for index in range(len(frames))], abs=1e-4
    )
    assert frames[-1][1] > 125 / 30 - 1.0


def test_it_prints_nothing(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    with LiveVideo(tmp_path / "a.mp4", SIZE_PX) as video:
        video.write(numbered(0), 0.0)
    assert capfd.readouterr() == ("", "")

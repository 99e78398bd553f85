"""A webcam: newest frame only, watched, opened again, and gone on every way out."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from kneetrack.live_records import Trouble
from kneetrack.records import Frame
from kneetrack.sources import _camera_capture
from kneetrack.sources._camera_capture import Wish
from kneetrack.sources._camera_device import DeviceCamera, Patience
from kneetrack.sources._camera_spec import Device, Stream, Target
from tests.sources.fakecamera import JPEG, FakeCamera

SHORT = Patience(
    retry_s=30.0,
    retry_every_s=0.02,
    frozen_s=0.15,
    opening_s=0.3,
    stuck_s=0.05,
    look_s=0.005,
    join_s=0.1,
)
WEBCAM = Device(0, "Laptop camera")


def camera_threads() -> list[threading.Thread]:
    return [t for t in threading.enumerate() if t.name.startswith("kneetrack-camera")]


def until(true: Callable[[], object], within_s: float = 10.0) -> None:
    end_s = time.perf_counter() + within_s
    while not true():
        assert time.perf_counter() < end_s, "it never came"
        time.sleep(0.002)


def opened(
    fake: FakeCamera, target: Target = WEBCAM, patience: Patience = SHORT, wish: Wish | None = None
) -> DeviceCamera:
    return DeviceCamera(target, wish or Wish(), patience, fake)


def next_frame(camera: DeviceCamera) -> Frame:
    frame = camera.newest(10.0)
    assert frame is not None
    return frame


@pytest.fixture
def fake() -> Iterator[FakeCamera]:
    fake = FakeCamera()
    yield fake
    fake.release_block()
    until(lambda: not camera_threads())
    assert fake.open_now == 0


@pytest.fixture
def quick_to_doubt(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_camera_capture, "_FIRST_PICTURE_S", 0.05)
    monkeypatch.setattr(_camera_capture, "_PAUSE_S", 0.005)


def test_a_slow_consumer_gets_the_newest(fake: FakeCamera) -> None:
    with opened(fake) as camera:
        next_frame(camera)
        seen = fake.pictures
        until(lambda: fake.pictures >= seen + 20)
        frame = next_frame(camera)
        assert frame.image.max() >= seen + 19
        assert camera.passed_over >= 18
        assert frame.index >= 18
    assert camera_threads() == []


def test_a_frame_is_given_once_and_waited_for(fake: FakeCamera) -> None:
    with opened(fake) as camera:
        numbers = [next_frame(camera).index for _ in range(30)]
        assert numbers == sorted(set(numbers))
        fake.mood = "blocks"
        camera.newest(0.1)
        assert camera.newest(0.01) is None


def test_times_are_those_of_the_grab_and_rise(fake: FakeCamera) -> None:
    with opened(fake) as camera:
        frames = []
        for _ in range(40):
            frames.append(next_frame(camera))
            time.sleep(0.004)
        clocks = [(-camera.now_s() + time.perf_counter()) for _ in range(20)]
    ahead_s = min(clocks)
    assert np.all(np.diff([frame.t_s for frame in frames]) > 0)
    for frame in frames[1:]:
        number = int(frame.image.max()) - 1
        stamp_s = frame.t_s + ahead_s
        assert fake.grabbed_s[number] - 1e-4 <= stamp_s <= fake.retrieved_s[number] + 1e-4


def test_frames_belong_to_the_consumer(fake: FakeCamera) -> None:
    with opened(fake) as camera:
        first = next_frame(camera)
        kept = first.image.copy()
        for _ in range(5):
            next_frame(camera).image[:] = 7
    np.testing.assert_array_equal(first.image, kept)


def test_grey_pictures_become_bgr(fake: FakeCamera) -> None:
    fake.shape = (48, 64)
    with opened(fake) as camera:
        assert next_frame(camera).image.shape == (48, 64, 3)


def test_it_asks_for_motion_jpeg_first_and_then_for_the_size(
    fake: FakeCamera, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.platform", "linux")
    with opened(fake) as camera:
        next_frame(camera)
    asked = fake.properties[0]
    assert fake.order[0] == cv2.CAP_PROP_FOURCC
    assert asked[cv2.CAP_PROP_FOURCC] == JPEG
    assert (asked[cv2.CAP_PROP_FRAME_WIDTH], asked[cv2.CAP_PROP_FRAME_HEIGHT]) == (1280, 720)
    assert asked[cv2.CAP_PROP_FPS] == 30
    assert fake.asked == [(0, cv2.CAP_V4L2, ())]


def test_without_motion_jpeg_it_takes_what_there_is(
    fake: FakeCamera, quick_to_doubt: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.platform", "linux")
    fake.jpeg_works = False
    with opened(fake) as camera:
        next_frame(camera)
        assert camera.trouble is None
    assert cv2.CAP_PROP_FOURCC not in fake.properties[-1]
    assert fake.opened == 2


def test_windows_tries_directshow_before_media_foundation(
    fake: FakeCamera, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.platform", "win32")
    fake.mood = "closed"
    with opened(fake) as camera:
        until(lambda: camera.trouble)
    backends = list(dict.fromkeys(backend for _, backend, _ in fake.asked))
    assert backends == [cv2.CAP_DSHOW, cv2.CAP_MSMF]
    assert camera.trouble is not None
    assert "let desktop apps use it" in camera.trouble.text


def test_facts_say_what_it_gives(fake: FakeCamera) -> None:
    fake.fps = 12.0
    with opened(fake) as camera:
        assert camera.facts().size_px == (0, 0)
        assert math.isnan(camera.facts().fps)
        until(lambda: not math.isnan(camera.facts().fps))
        facts = camera.facts()
    assert facts.name == "Laptop camera"
    assert facts.size_px == (64, 48)
    assert 5 < facts.fps <= 12.5
    assert facts.fps_promised == 30
    assert facts.notes[0] == "asked for 1280 x 720 pixels, the camera gives 64 x 48"
    assert facts.notes[1].startswith("asked for 30 pictures a second, the camera gives ")
    assert facts.notes[1].endswith(": more light helps, or a lower resolution")


def test_opening_does_not_keep_the_caller_waiting(fake: FakeCamera) -> None:
    fake.mood = "blocks"
    with opened(fake) as camera:
        assert not camera.opened
        assert camera.trouble is None
        until(lambda: camera.trouble)
        assert camera.trouble is not None
        assert "does not answer" in camera.trouble.text
        fake.mood = "runs"
        fake.release_block()
        next_frame(camera)
        assert camera.opened
        assert camera.trouble is None


def test_unplugged_and_plugged_in_again(fake: FakeCamera, tmp_path: Path) -> None:
    device = tmp_path / "video0"
    device.touch()
    with opened(fake, Device(str(device), "Laptop camera")) as camera:
        before = next_frame(camera)
        device.unlink()
        fake.mood = "closed"
        until(lambda: camera.trouble)
        lost = camera.trouble
        assert lost == Trouble(
            "Laptop camera is gone: plug it in again", lost.since_s if lost else 0
        )
        assert math.isnan(camera.facts().fps)
        camera.newest(0.0)
        assert camera.newest(0.05) is None
        device.touch()
        fake.mood = "runs"
        after = next_frame(camera)
        assert camera.trouble is None
        assert after.index > before.index
        assert after.t_s > before.t_s
        assert abs(camera.now_s() - after.t_s) < 1
        assert lost is not None
        assert before.t_s < lost.since_s < after.t_s
        assert not camera.given_up


def test_a_camera_that_is_renumbered_is_found_by_its_name(
    fake: FakeCamera, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from kneetrack.sources import _camera_linux, _camera_spec

    monkeypatch.setattr("sys.platform", "linux")
    dev, classes = tmp_path / "dev", tmp_path / "class"
    for node, name in (("video0", "Other"), ("video3", "Laptop camera")):
        (classes / node).mkdir(parents=True)
        (classes / node / "name").write_text(name, "utf-8")
        dev.mkdir(exist_ok=True)
        (dev / node).touch()
    monkeypatch.setattr(
        _camera_spec, "linux_cameras", lambda: _camera_linux.linux_cameras(dev, classes)
    )
    with opened(fake, Device(str(dev / "video1"), "Laptop camera")) as camera:
        next_frame(camera)
    assert fake.asked[0][0] == str(dev / "video3")


def test_it_is_given_up_in_the_end(fake: FakeCamera) -> None:
    patience = replace(SHORT, retry_s=0.3)
    with opened(fake, patience=patience) as camera:
        next_frame(camera)
        fake.mood = "closed"
        until(lambda: camera.given_up)
        assert camera.trouble is not None
        assert camera.now_s() - camera.trouble.since_s >= 0.3
        tried = len(fake.asked)
        assert tried > 4
        until(lambda: not camera_threads())
        fake.mood = "runs"
        camera.newest(0.0)
        assert camera.newest(0.1) is None
        assert len(fake.asked) == tried


@pytest.mark.parametrize(
    ("mood", "target", "said"),
    [
        ("closed", Device(__file__, "Laptop"), "Laptop does not open: close other programs"),
        ("closed", Device(0, "camera 0"), "camera 0 does not open: plug it in"),
        ("silent", Device(__file__, "Laptop"), "Laptop gives no pictures: close other programs"),
        (
            "closed",
            Stream("rtsp://u:p@cam/1", "rtsp://cam/1"),
            "no pictures come from rtsp://cam/1",
        ),
    ],
)
def test_why_it_does_not_start(
    fake: FakeCamera, mood: str, target: Target, said: str, quick_to_doubt: None
) -> None:
    fake.mood = mood  # type: ignore[assignment]
    with opened(fake, target) as camera:
        until(lambda: camera.trouble)
        assert camera.trouble is not None
        assert camera.trouble.text.startswith(said)
        assert "\n" not in camera.trouble.text
        assert not camera.opened
        fake.mood = "runs"
        until(lambda: camera.trouble is None)
        next_frame(camera)


def test_a_driver_that_throws_is_trouble(fake: FakeCamera) -> None:
    with opened(fake, Device(__file__, "Laptop")) as camera:
        next_frame(camera)
        fake.mood = "raises"
        until(lambda: camera.trouble)
        assert camera.trouble is not None
        assert camera.trouble.text == "Laptop has stopped giving pictures: check its cable"
        fake.mood = "runs"
        until(lambda: camera.trouble is None)


def test_the_same_picture_for_long_is_frozen(fake: FakeCamera) -> None:
    with opened(fake) as camera:
        next_frame(camera)
        fake.mood = "same"
        until(lambda: camera.trouble)
        assert camera.trouble is not None
        assert "is frozen" in camera.trouble.text
        since_s = camera.trouble.since_s
        until(lambda: fake.opened >= 3)  # it is opened again, and is still the same
        assert camera.trouble.since_s == since_s
        camera.newest(0.0)
        assert camera.newest(0.05) is None
        fake.mood = "runs"
        until(lambda: camera.trouble is None)
        next_frame(camera)


def test_a_covered_camera_is_waited_for(fake: FakeCamera) -> None:
    with opened(fake) as camera:
        next_frame(camera)
        fake.mood = "black"
        until(lambda: camera.trouble)
        assert camera.trouble is not None
        assert "open its cover" in camera.trouble.text
        fake.mood = "runs"
        until(lambda: camera.trouble is None)
        next_frame(camera)
        assert fake.opened == 1


def test_a_read_that_hangs_is_frozen_and_left_behind(fake: FakeCamera) -> None:
    with opened(fake) as camera:
        next_frame(camera)
        fake.mood = "blocks"
        until(lambda: camera.trouble)
        assert camera.trouble is not None
        assert "is frozen" in camera.trouble.text
        until(lambda: fake.opened == 2)  # beside the thread that hangs
        fake.mood = "runs"
        fake.release_block()
        until(lambda: camera.trouble is None)
        assert next_frame(camera).t_s > camera.now_s() - 1


def test_not_ever_more_threads_hang(fake: FakeCamera) -> None:
    with opened(fake) as camera:
        next_frame(camera)
        fake.mood = "blocks"
        until(lambda: camera.trouble)
        time.sleep(0.5)
        assert len(camera_threads()) <= 4


def test_the_threads_end_when_the_consumer_raises(fake: FakeCamera) -> None:
    with pytest.raises(ZeroDivisionError), opened(fake) as camera:
        assert next_frame(camera).index / 0
    assert camera_threads() == []


def test_they_end_when_nobody_takes_a_frame_or_it_never_opens(fake: FakeCamera) -> None:
    with opened(fake):
        pass
    assert camera_threads() == []
    fake.mood = "closed"
    with opened(fake) as camera:
        until(lambda: len(fake.asked) > 4)
    assert camera_threads() == []
    camera.close()
    assert camera.newest(10.0) is None  # at once


def test_a_blocked_read_does_not_hang_the_exit(fake: FakeCamera) -> None:
    with opened(fake) as camera:
        next_frame(camera)
        fake.mood = "blocks"
        time.sleep(0.02)
        began_s = time.perf_counter()
    assert time.perf_counter() - began_s < 5  # the fake blocks for 20
    assert all(thread.daemon for thread in camera_threads())
    camera.close()
    fake.release_block()
    until(lambda: not camera_threads())
    assert fake.open_now == 0


def test_closing_wakes_who_waits(fake: FakeCamera) -> None:
    fake.mood = "blocks"
    got: list[Frame | None] = []
    with opened(fake) as camera:
        waiting = threading.Thread(target=lambda: got.append(camera.newest(15.0)))
        waiting.start()
        time.sleep(0.02)
    waiting.join(5)
    assert got == [None]


def test_opened_twice_or_not_at_all_says_so(fake: FakeCamera) -> None:
    camera = opened(fake)
    with pytest.raises(RuntimeError, match="open the camera first"):
        camera.newest(0)
    with camera, pytest.raises(RuntimeError, match="opened once"):
        camera.__enter__()
    camera.play()
    assert not camera.ended
    assert not camera.virtual


def test_the_library_is_quiet_only_while_a_camera_is_open(
    fake: FakeCamera, monkeypatch: pytest.MonkeyPatch
) -> None:
    import os

    name = "OPENCV_VIDEOIO_MSMF_ENABLE_HW_TRANSFORMS"
    monkeypatch.delenv(name, raising=False)
    logging = cv2.utils.logging
    before = logging.getLogLevel()
    with opened(fake) as one, opened(fake):
        assert logging.getLogLevel() == logging.LOG_LEVEL_SILENT
        assert os.environ[name] == "0"
        one.close()
    assert logging.getLogLevel() == before
    assert name not in os.environ
    monkeypatch.setenv(name, "1")
    with opened(fake):
        assert os.environ[name] == "1"
    assert os.environ[name] == "1"

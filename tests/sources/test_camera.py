"""What --camera may name, and a file played as a camera."""

from __future__ import annotations

import math
import os
import shutil
import threading
import time
from pathlib import Path

import numpy as np
import pytest

from kneetrack.records import Frame, SettingsError, SourceError
from kneetrack.sources import _camera_linux, _camera_spec
from kneetrack.sources._camera_spec import Clip, Device, Stream, parse_camera
from kneetrack.sources.camera import Camera, open_camera
from kneetrack.sources.clip import ClipSource
from tests import clipmaking as make


def threads() -> list[str]:
    names = (thread.name for thread in threading.enumerate())
    return [name for name in names if name.startswith("kneetrack-")]


# --- what is named


@pytest.fixture
def no_cameras(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A Linux without cameras; its /dev."""
    dev = tmp_path / "dev"
    dev.mkdir()
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setattr(_camera_spec, "DEVICES", dev)
    monkeypatch.setattr(_camera_spec, "linux_cameras", lambda: _listed(dev))
    monkeypatch.setattr(
        _camera_spec,
        "linux_camera",
        lambda device: _camera_linux.linux_camera(device, dev.parent / "class"),
    )
    return dev


@pytest.fixture
def webcams(no_cameras: Path) -> Path:
    """A Linux with two webcams, each with a second node without a picture; its /dev."""
    for node, index, name in (
        ("video0", "0", "Laptop"),
        ("video1", "1", "Laptop"),
        ("video10", "0", "Caméra USB"),
    ):
        described = no_cameras.parent / "class" / node
        described.mkdir(parents=True)
        (described / "index").write_text(index + "\n", encoding="utf-8")
        (described / "name").write_text(name + "\n", encoding="utf-8")
        (no_cameras / node).touch()
    (no_cameras / "video2").touch()
    return no_cameras


def _listed(dev: Path) -> list[_camera_linux.LinuxCamera]:
    return _camera_linux.linux_cameras(dev, dev.parent / "class")


def test_linux_lists_what_carries_pictures(webcams: Path) -> None:
    cameras = _listed(webcams)
    assert [(c.path.name, c.name, c.permitted) for c in cameras] == [
        ("video0", "Laptop", True),
        ("video2", "", True),
        ("video10", "Caméra USB", True),
    ]


@pytest.mark.parametrize("spec", [None, "", "  ", 0, "0"])
def test_the_first_camera(spec: str | int | None, webcams: Path) -> None:
    assert parse_camera(spec) == Device(str(webcams / "video0"), "Laptop")


def test_a_camera_by_number_and_by_path(webcams: Path, tmp_path: Path) -> None:
    assert parse_camera("10") == Device(str(webcams / "video10"), "Caméra USB")
    assert parse_camera("2") == Device(str(webcams / "video2"), str(webcams / "video2"))
    with pytest.raises(SourceError, match=r"camera 7 is not there, but .*video0.*video10"):
        parse_camera(7)
    with pytest.raises(SourceError, match="is not there"):
        parse_camera(str(webcams / "video7"))


def test_other_systems_count_cameras(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", "darwin")
    assert parse_camera(None) == Device(0, "camera 0")
    assert parse_camera("3") == Device(3, "camera 3")


@pytest.mark.parametrize(
    ("platform", "advice"),
    [
        ("linux", "kneetrack cameras lists"),
        ("darwin", "Privacy & Security, Camera"),
        ("win32", "let desktop apps use it"),
    ],
)
def test_no_camera_says_what_to_do(
    platform: str, advice: str, no_cameras: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from kneetrack.sources import _camera_words as words

    with pytest.raises(SourceError, match="no camera found: plug one in") as error:
        open_camera()
    assert "kneetrack live --camera demo" in str(error.value)
    assert error.value.exit_code == 3
    monkeypatch.setattr("sys.platform", platform)
    assert advice in words.no_camera()
    assert "\n" not in words.no_camera()


def test_no_permission_says_how_to_get_it(webcams: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "access", lambda *_arguments: False)
    for spec in (None, "10"):
        with pytest.raises(SourceError, match=r'sudo usermod -aG video "\$USER"'):
            open_camera(spec)


def test_a_camera_that_may_be_used_is_preferred(
    webcams: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "access", lambda path, _mode: path.name == "video10")
    assert parse_camera(None).name == "Caméra USB"  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("spec", "name"),
    [
        ("rtsp://cam.local/live", "rtsp://cam.local/live"),
        ("rtsp://user:secret@10.0.0.2:554/a?token=x", "rtsp://10.0.0.2:554/a"),
        ("http://192.168.1.20:8080/video", "http://192.168.1.20:8080/video"),
        ("HTTPS://cam/", "https://cam/"),
    ],
)
def test_addresses_hide_their_secrets(spec: str, name: str) -> None:
    assert parse_camera(spec) == Stream(spec, name)


@pytest.mark.parametrize(
    ("spec", "said"),
    [
        ("ftp://cam/a", "cannot read ftp:// addresses"),
        ("rtsp://", "followed by no address"),
        ("http://[bad", "followed by no address"),
        ("http://cam:notaport/", "followed by no address"),
        ("no such clip.mp4", "no such clip.mp4 does not exist: --camera takes a number"),
        ("videos.mp4", "does not exist"),
        ("-1", "there is no camera -1"),
        (-2, "there is no camera -2"),
        (".", "is a folder"),
        ("a\0b", "does not exist"),
    ],
)
def test_what_is_not_a_camera(spec: str | int, said: str) -> None:
    with pytest.raises(SourceError) as error:
        open_camera(spec)
    assert said in str(error.value)
    assert "\n" not in str(error.value)


def test_a_file_is_a_clip(samples: Path) -> None:
    path = samples / "sq_good_anna.mp4"
    assert parse_camera(str(path)) == Clip(path)
    assert open_camera(str(path)).virtual


def test_a_file_that_is_no_video(tmp_path: Path) -> None:
    path = tmp_path / "notes.mp4"
    path.write_text("no video", encoding="utf-8")
    with pytest.raises(SourceError, match="is not a video"), open_camera(str(path)):
        pass
    assert threads() == []


@pytest.mark.parametrize(
    "options", [{"size_px": (0, 720)}, {"fps": 0}, {"speed": 0}, {"rate_fps": -1.0}]
)
def test_impossible_wishes(options: dict[str, object], samples: Path) -> None:
    with pytest.raises(SettingsError, match="cannot"):
        open_camera(str(samples / "sq_good_anna.mp4"), **options)  # type: ignore[arg-type]


# --- a file as a camera


def next_frame(camera: Camera) -> Frame:
    frame = camera.newest(10.0)
    assert frame is not None
    return frame


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    """40 pictures at 30 a second that can be told from each other by 14s."""
    return make.write_clip(tmp_path / "a.mp4", make.pictures(40))


def played(camera: Camera) -> list[Frame]:
    """Every frame taken from play to the end."""
    frames = []
    camera.play()
    while not camera.ended:
        frame = camera.newest(5.0)
        if frame is not None:
            frames.append(frame)
    last = camera.newest(0.0)
    return [*frames, last] if last else frames


def grey(image: object) -> int:
    assert isinstance(image, np.ndarray)
    height, width = image.shape[:2]
    return int(image[height // 2, width // 2].mean())


def test_it_holds_its_first_frame_then_plays_then_ends(samples: Path) -> None:
    path = str(samples / "sq_in30_right_ben.mp4")
    with ClipSource(path) as source:
        stored = [frame.image[::16, ::16].copy() for frame in source]
    with open_camera(path, speed=4.0) as camera:
        held = [next_frame(camera) for _ in range(6)]
        assert camera.opened
        assert not camera.ended
        for frame in held:
            np.testing.assert_array_equal(frame.image[::16, ::16], stored[0])
            assert frame.size_px == (720, 960)  # upright
        frames = played(camera)
        assert camera.ended
        assert camera.trouble is None
        assert camera.newest(0.0) is None
        assert math.isnan(camera.facts().fps)
        assert camera.facts().name == "sq_in30_right_ben.mp4"
        assert camera.facts().fps_promised == pytest.approx(30)
    assert threads() == []
    times_s = [frame.t_s for frame in [*held, *frames]]
    assert np.all(np.diff(times_s) > 0)
    number = [_which(frame.image[::16, ::16], stored) for frame in frames]
    assert number == sorted(number)
    assert number[-1] >= len(stored) - 8
    true_s = np.array(number) / 30
    first = number.index(next(n for n in number if n > 0))
    drift_s = (np.array(times_s[len(held) :]) - true_s)[first:]
    assert np.ptp(drift_s) < 1.5 / 30


def _which(image: object, stored: list[np.ndarray]) -> int:  # type: ignore[type-arg]
    assert isinstance(image, np.ndarray)
    return next(n for n, other in enumerate(stored) if np.array_equal(image, other))


def test_held_frames_come_at_the_rate_of_the_clip_and_are_the_consumers_own(clip: Path) -> None:
    with open_camera(str(clip), speed=3.0) as camera:
        frames = []
        for _ in range(8):
            frames.append(next_frame(camera))
            frames[-1].image[:] = 0
        steps_s = np.diff([frame.t_s for frame in frames])
        assert np.all(np.abs(steps_s * 30 - np.round(steps_s * 30)) < 0.01)
        assert [frame.index for frame in frames] == sorted({frame.index for frame in frames})
        assert next_frame(camera).image.any()


def test_frames_that_nobody_takes_are_passed_over(clip: Path) -> None:
    with open_camera(str(clip), speed=4.0) as camera:
        next_frame(camera)
        camera.play()
        while not camera.ended:
            time.sleep(0.01)
        last = next_frame(camera)
        assert grey(last.image) == pytest.approx(24 + 16 * (39 % make.CYCLE), abs=4)
        assert camera.newest(0.0) is None
        assert camera.passed_over == last.index - 1
        assert last.index >= 39


def test_another_rate(clip: Path) -> None:
    with open_camera(str(clip), rate_fps=120.0) as camera:
        next_frame(camera)
        assert camera.facts().fps_promised == pytest.approx(120)
        frames = played(camera)
        steps_s = np.diff([frame.t_s for frame in frames[2:]])
    counts = np.diff([frame.index for frame in frames[2:]])
    assert np.median(steps_s / counts) == pytest.approx(1 / 120, rel=0.05)


def test_a_slow_clip_is_told(tmp_path: Path) -> None:
    path = make.write_clip(tmp_path / "a.mp4", make.pictures(30, 10))
    with open_camera(str(path), speed=10.0) as camera:
        while math.isnan(camera.facts().fps):
            camera.newest(0.1)
        assert camera.facts().notes == (
            "the clip has only 10 pictures a second: quick repetitions may be missed",
        )


def test_a_loop_does_not_end(clip: Path) -> None:
    with open_camera(str(clip), speed=20.0, loop=True) as camera:
        camera.play()
        frame = next_frame(camera)
        while frame.index < 130:
            later = next_frame(camera)
            assert later.t_s > frame.t_s
            frame = later
        assert not camera.ended
        assert camera.trouble is None
    assert threads() == []


def test_a_loop_whose_file_vanishes_is_trouble(clip: Path, tmp_path: Path) -> None:
    path = tmp_path / "b.mp4"
    shutil.copy(clip, path)
    with open_camera(str(path), speed=20.0, loop=True) as camera:
        next_frame(camera)
        try:
            path.unlink()
        except OSError:
            pytest.skip("an open file cannot be removed here")
        camera.play()
        while not camera.given_up:
            camera.newest(0.05)
        assert camera.trouble is not None
        assert "does not exist" in camera.trouble.text
        assert not camera.ended


@pytest.mark.parametrize("playing", [False, True])
def test_its_thread_ends_when_the_consumer_raises(clip: Path, playing: bool) -> None:
    with pytest.raises(ZeroDivisionError), open_camera(str(clip)) as camera:
        if playing:
            camera.play()
        assert next_frame(camera).t_s / 0
    assert threads() == []
    camera.close()
    assert camera.newest(10.0) is None


def test_the_clock_runs_on_at_the_speed_given(clip: Path) -> None:
    with open_camera(str(clip), speed=50.0) as camera:
        before_s, real_s = camera.now_s(), time.perf_counter()
        time.sleep(0.02)
        passed_s, real_passed_s = camera.now_s() - before_s, time.perf_counter() - real_s
    assert 0 < passed_s <= 50 * (real_passed_s + 0.01)
    assert passed_s >= 50 * 0.019

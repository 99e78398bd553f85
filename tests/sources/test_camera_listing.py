"""Which cameras are there: names, pictures, and what is wrong with the rest."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

from kneetrack.sources import _camera_capture, _camera_probe, cameras
from kneetrack.sources._camera_linux import LinuxCamera
from kneetrack.sources.cameras import find_cameras
from tests.sources.fakecamera import FakeCamera

TELLS = """
import json, sys, time
from kneetrack.sources import _camera_probe
from tests.sources.fakecamera import FakeCamera
source = sys.argv[1]
if source == "hangs":
    time.sleep(60)
if source.endswith("3"):
    sys.exit("it crashed")
_camera_probe._LOOK_S = 0.2
print("chatter of a driver")
mood = "runs" if source.endswith("0") else "closed"
print(json.dumps(_camera_probe.look(source, FakeCamera(mood))))
"""


@pytest.fixture
def probe(monkeypatch: pytest.MonkeyPatch) -> None:
    """Camera 0 works, 1 and 2 do not open, 3 takes its process along."""
    monkeypatch.setattr(cameras, "_PROBE", (sys.executable, "-c", TELLS))


def test_what_a_camera_gives(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_camera_probe, "_LOOK_S", 0.3)
    fake = FakeCamera()
    told = _camera_probe.look(0, fake)
    assert told["size_px"] == [64, 48]
    assert 20 < told["fps"] <= 201
    assert fake.open_now == 0


def test_what_does_not_work(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_camera_capture, "_FIRST_PICTURE_S", 0.02)
    assert _camera_probe.look(0, FakeCamera("closed")) == {"failure": "closed"}
    assert _camera_probe.look(0, FakeCamera("silent")) == {"failure": "silent"}


def test_the_real_probe_tells_of_no_camera() -> None:
    assert cameras._look("x", "99", "/dev/video99") is None


def test_linux_cameras_with_their_troubles(probe: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", "linux")
    listed = [
        LinuxCamera(Path("/dev/video0"), "Laptop", True),
        LinuxCamera(Path("/dev/video2"), "Busy", True),
        LinuxCamera(Path("/dev/video3"), "", True),
        LinuxCamera(Path("/dev/video4"), "Forbidden", False),
    ]
    monkeypatch.setattr(cameras, "linux_cameras", lambda: listed)
    works, *others = find_cameras()
    assert (works.name, works.spec, works.size_px, works.problem) == ("Laptop", "0", (64, 48), "")
    assert works.thumbnail is not None
    assert works.thumbnail.shape == (240, 320, 3)
    assert np.ptp(works.thumbnail) > 10
    assert works.fps is not None
    assert [(found.spec, found.problem.split(":")[0]) for found in others] == [
        ("2", "Busy does not open"),
        ("3", f"{Path('/dev/video3')} gives no pictures"),
        ("4", f"no permission for {Path('/dev/video4')}"),
    ]
    assert all(found.thumbnail is None for found in others)


def test_other_systems_try_the_first_four(probe: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", "darwin")
    found = find_cameras()
    assert [(camera.name, camera.spec, bool(camera.problem)) for camera in found] == [
        ("camera 0", "0", False),
        ("camera 3", "3", True),
    ]
    assert found[0].thumbnail is not None


def test_a_camera_that_hangs_is_left(probe: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cameras, "LOOK_TIMEOUT_S", 0.2)
    found = cameras._look("Laptop", "0", "hangs")
    assert found is not None
    assert found.problem == "Laptop does not answer: unplug it and plug it in again"


def test_nothing_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setattr(cameras, "linux_cameras", list)
    assert find_cameras() == []

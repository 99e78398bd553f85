from __future__ import annotations

import importlib
import io
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from kneetrack import assets, doctor
from kneetrack.doctor import devices, media, software, system
from kneetrack.doctor.check import Check, guarded, pip, trouble_running
from kneetrack.records import Frame, ModelError
from kneetrack.report.clinic import pdf
from kneetrack.sources.cameras import FoundCamera, LinuxCamera


@pytest.mark.slow
def test_every_check_says_one_line() -> None:
    checks = doctor.run_checks()
    assert [check.name for check in checks] == list(doctor.CHECKS)
    for check in checks:
        assert check.message
        assert "\n" not in check.message
        assert "Error:" not in check.message, check
    essential = {"python", "versions", "libraries", "model", "codecs", "rotation"}
    assert [check for check in checks if check.name in essential and not check.ok] == []


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (ZeroDivisionError("by\nzero"), "ZeroDivisionError: by zero"),
        (ModelError("the model is gone: reinstall"), "the model is gone: reinstall"),
    ],
)
def test_no_exception_leaves_a_check(error: Exception, message: str) -> None:
    def breaks() -> Check:
        raise error

    assert guarded("thing", breaks) == Check("thing", False, message)


def test_pip_names_this_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.executable", r"C:\Program Files\Python\python.exe")
    assert pip("install av") == r'"C:\Program Files\Python\python.exe" -m pip install av'


@pytest.mark.parametrize(
    ("code", "trouble"),
    [
        ("print('chatter')", ""),
        ("import no_such_thing", "ModuleNotFoundError: No module named 'no_such_thing'"),
        ("import os; os._exit(3)", "it crashes (exit code 3)"),
    ],
)
def test_a_crash_does_not_take_the_doctor_along(code: str, trouble: str) -> None:
    assert trouble_running(code) == trouble


def test_a_missing_dependency_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(software, "DEPENDENCIES", ("numpy", "no-such-thing"))
    check = software.check_versions()
    assert check.ok is False
    assert check.message.startswith("no-such-thing missing: run ")


def test_missing_system_libraries_name_their_packages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setattr(system, "SYSTEM_LIBRARIES", {"libnone.so.7": "libnone7"})
    assert system.missing_system_packages() == ["libnone7"]
    check = software.check_libraries()
    assert check.ok is False
    assert check.message.endswith("sudo apt-get install -y libnone7")
    monkeypatch.setattr("sys.platform", "win32")
    assert system.missing_system_packages() == []


def test_system_libraries_are_told_before_anything_is_installed() -> None:
    bare = [sys.executable, "-I", "-S", str(system.__file__)]
    done = subprocess.run(bare, capture_output=True, text=True, check=True)
    missing = [*system.missing_system_packages(), *system.missing_pdf_packages()]
    assert done.stdout.split() == missing


def test_what_only_pdf_reports_need_is_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setattr(system, "PDF_LIBRARIES", {"libnone.so.7": "libnone7"})
    check = software.check_pdf()
    assert check.ok is None
    assert check.message.endswith("sudo apt-get install -y libnone7")
    monkeypatch.setattr(software, "_version", lambda name: None)
    check = software.check_pdf()
    assert check.ok is None
    assert "WeasyPrint is not installed" in check.message


def test_the_pdf_packages_are_named_alike_everywhere() -> None:
    assert pdf.PACKAGES.split() == list(system.PDF_LIBRARIES.values())


@pytest.mark.parametrize(
    ("wheels", "ok"),
    [
        ({"opencv-python": "5", "opencv-contrib-python": "5"}, True),
        ({"opencv-python": "5", "opencv-contrib-python": "4.11"}, False),
        ({"opencv-python": "5", "opencv-python-headless": "4.11"}, False),
        ({"opencv-python": "5", "opencv-python-headless": "5"}, None),
        ({"opencv-contrib-python": "4.11"}, None),
        ({}, False),
    ],
)
def test_clashing_opencv_wheels(wheels: dict[str, str], ok: bool | None) -> None:
    check = software.judge_opencv(wheels, "5")
    assert check.ok is ok
    if ok is not True:
        assert "opencv-python==5 opencv-contrib-python==5" in check.message


def test_a_damaged_model_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    damaged = tmp_path / "pose.task"
    damaged.write_bytes(assets.model_path().read_bytes()[:-1])
    monkeypatch.setattr(assets, "model_path", lambda: damaged)
    check = software.check_model()
    assert check.ok is False
    assert "damaged" in check.message


@pytest.mark.slow
def test_a_model_that_does_not_run_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(software, "_TRY_MODEL", "raise SystemExit('no networks')")
    assert software.check_model() == Check(
        "model", False, "pose_landmarker_full.task does not run: no networks"
    )


def test_the_written_clip_carries_its_rotation() -> None:
    import av

    with io.BytesIO() as file:
        media.write_clip(file, np.zeros((48, 64, 3), np.uint8), rotation_deg=90)
        file.seek(0)
        with av.open(file, "r") as container:
            frame = next(container.decode(video=0))
    assert (frame.width, frame.height, frame.rotation) == (64, 48, 90)


def test_codecs_work() -> None:
    assert media.check_codecs().ok is True


def test_a_clip_stored_sideways_is_read_upright() -> None:
    assert media.check_rotation().ok is True


@pytest.mark.parametrize("turns", [1, 2, 3])
def test_a_reader_that_turns_wrongly_is_noticed(
    turns: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    clip = importlib.import_module("kneetrack.sources.clip")

    class Wrong(clip.ClipSource):  # type: ignore[misc, name-defined]
        def __iter__(self) -> Any:
            for frame in super().__iter__():
                yield Frame(np.rot90(frame.image, turns), frame.t_s, frame.index)

    monkeypatch.setattr(clip, "ClipSource", Wrong)
    assert media.check_rotation().ok is False


@pytest.mark.parametrize(
    ("cameras", "ok", "said"),
    [
        (
            [
                LinuxCamera(Path("/dev/video0"), "Laptop", True),
                LinuxCamera(Path("/dev/video2"), "", True),
            ],
            True,
            f"{Path('/dev/video0')} Laptop, {Path('/dev/video2')}",
        ),
        (
            [LinuxCamera(Path("/dev/video0"), "Laptop", False)],
            None,
            'sudo usermod -aG video "$USER"',
        ),
        ([], None, "none found; clips work without"),
    ],
)
def test_linux_cameras(cameras: list[LinuxCamera], ok: bool | None, said: str) -> None:
    check = devices.judge_linux_cameras(cameras)
    assert check.ok is ok
    assert said in check.message


@pytest.mark.parametrize(
    ("found", "check"),
    [
        (
            [FoundCamera("camera 0", "0", problem="it hangs"), FoundCamera("camera 1", "1")],
            Check("cameras", True, "found: camera 1"),
        ),
        ([FoundCamera("camera 0", "0", problem="it hangs")], Check("cameras", None, "it hangs")),
    ],
)
def test_cameras_of_other_systems(
    found: list[FoundCamera], check: Check, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.platform", "darwin")
    monkeypatch.setattr("kneetrack.sources.cameras.find_cameras", lambda: found)
    assert devices.check_cameras() == check
    monkeypatch.setattr("kneetrack.sources.cameras.find_cameras", list)
    assert devices.check_cameras().ok is None


def test_display(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    monkeypatch.delenv("DISPLAY", raising=False)
    assert devices.check_display().ok is None
    monkeypatch.setenv("DISPLAY", ":7")
    assert devices.check_display() == Check("display", True, ":7")


class NoDeviceError(Exception):
    """Stands in for sounddevice's own error."""


def _no_device(kind: str) -> dict[str, str]:
    raise NoDeviceError(kind)


@pytest.mark.parametrize(
    ("module", "ok", "said"),
    [
        (OSError("PortAudio library not found"), None, "libportaudio2"),
        (ImportError("no sounddevice"), None, "pip install sounddevice"),
        (SimpleNamespace(query_devices=_no_device), None, "no loudspeaker"),
        (SimpleNamespace(query_devices=lambda kind: {"name": f"an {kind}"}), True, "an output"),
    ],
)
def test_sound(module: Any, ok: bool | None, said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def import_module(_name: str) -> Any:
        if isinstance(module, Exception):
            raise module
        module.PortAudioError = NoDeviceError
        return module

    monkeypatch.setattr(devices.importlib, "import_module", import_module)
    check = devices.check_sound()
    assert check.ok is ok
    assert said in check.message

"""Which cameras, screen and loudspeaker are there?"""

from __future__ import annotations

import importlib
import os
import subprocess
import sys
from pathlib import Path
from typing import Final

from kneetrack.doctor.check import Check, pip

CAMERA_TIMEOUT_S: Final = 20.0
_CAMERA_PROBE: Final = """
import cv2
for index in range(4):
    camera = cv2.VideoCapture(index)
    if camera.isOpened():
        print(index, flush=True)
    camera.release()
"""


def check_cameras() -> Check:
    """Cameras that can be opened. On Linux nothing is opened to find out."""
    if sys.platform.startswith("linux"):
        return judge_linux_cameras(Path("/dev"), Path("/sys/class/video4linux"))
    found = _probe_cameras()
    if not found:
        return Check("cameras", None, "none found or no permission; clips work without")
    return Check("cameras", True, f"found: {', '.join(found)}")


def check_display() -> Check:
    """Whether a window can be opened."""
    if sys.platform in ("win32", "darwin"):
        return Check("display", True, "Windows" if sys.platform == "win32" else "macOS")
    name = os.environ.get("WAYLAND_DISPLAY") or os.environ.get("DISPLAY")
    if not name:
        return Check("display", None, "none; live windows will not open, clips work without")
    if _window_toolkit() == "NONE":
        return Check("display", None, f"{name}, but this OpenCV has no windows (a headless wheel)")
    return Check("display", True, name)


def check_sound() -> Check:
    """Whether spoken cues can be heard."""
    try:
        sounddevice = importlib.import_module("sounddevice")
    except OSError:
        advice = "on Debian or Ubuntu: sudo apt-get install -y libportaudio2"
        return Check("sound", None, f"off, PortAudio is missing; {advice}")
    except ImportError:
        return Check("sound", None, f"off; for spoken cues run {pip('install sounddevice')}")
    try:
        device = sounddevice.query_devices(kind="output")
    except (sounddevice.PortAudioError, ValueError):
        return Check("sound", None, "no loudspeaker found; kneetrack works without")
    return Check("sound", True, str(device["name"]))


def judge_linux_cameras(devices: Path, classes: Path) -> Check:
    """Cameras among ``devices``/video*, with their names from ``classes``."""
    found, forbidden = [], []
    for device in sorted(devices.glob("video[0-9]*"), key=lambda path: int(path.name[5:])):
        described = classes / device.name
        if _read(described / "index") not in ("", "0"):
            continue  # a webcam's second node carries no picture
        found.append(f"{device} {_read(described / 'name')}".strip())
        if not os.access(device, os.R_OK | os.W_OK):
            forbidden.append(str(device))
    if forbidden:
        advice = 'sudo usermod -aG video "$USER", then log in again'
        return Check("cameras", None, f"no permission for {', '.join(forbidden)}: {advice}")
    if not found:
        return Check("cameras", None, "none found; clips work without")
    return Check("cameras", True, ", ".join(found))


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        return ""


def _window_toolkit() -> str:
    cv2 = importlib.import_module("cv2")
    lines = [line.split(":") for line in cv2.getBuildInformation().splitlines()]
    return next((parts[1].strip() for parts in lines if parts[0].strip() == "GUI"), "")


def _probe_cameras() -> list[str]:
    """Indices 0 to 3 that open, tried in a process of their own that can be ended."""
    try:
        done = subprocess.run(
            [sys.executable, "-c", _CAMERA_PROBE],
            capture_output=True,
            timeout=CAMERA_TIMEOUT_S,
            check=False,
        )
        printed = done.stdout
    except subprocess.TimeoutExpired as error:
        printed = error.stdout or b""
    return printed.decode("ascii", "ignore").split()

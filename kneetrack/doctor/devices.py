"""Which cameras, screen and loudspeaker are there?"""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from kneetrack.doctor.check import Check, pip

if TYPE_CHECKING:
    from kneetrack.sources.cameras import LinuxCamera


def check_cameras() -> Check:
    """Cameras that can be opened. On Linux nothing is opened to find out."""
    from kneetrack.sources import cameras

    if sys.platform.startswith("linux"):
        return judge_linux_cameras(cameras.linux_cameras())
    found = cameras.find_cameras()
    works = [camera.name for camera in found if not camera.problem]
    if works:
        return Check("cameras", True, f"found: {', '.join(works)}")
    if found:
        return Check("cameras", None, found[0].problem)
    return Check("cameras", None, "none found or no permission; clips work without")


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


def judge_linux_cameras(cameras: Sequence[LinuxCamera]) -> Check:
    """Cameras by path and name, or what keeps them from being used."""
    from kneetrack.sources.cameras import no_permission

    forbidden = [str(camera.path) for camera in cameras if not camera.permitted]
    if forbidden:
        return Check("cameras", None, no_permission(", ".join(forbidden)))
    if not cameras:
        return Check("cameras", None, "none found; clips work without")
    found = (f"{camera.path} {camera.name}".strip() for camera in cameras)
    return Check("cameras", True, ", ".join(found))


def _window_toolkit() -> str:
    cv2 = importlib.import_module("cv2")
    lines = [line.split(":") for line in cv2.getBuildInformation().splitlines()]
    return next((parts[1].strip() for parts in lines if parts[0].strip() == "GUI"), "")

"""Which cameras Linux names, found without opening any."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

DEVICES = Path("/dev")
CLASSES = Path("/sys/class/video4linux")


@dataclass(frozen=True, slots=True)
class LinuxCamera:
    """One /dev/video* that carries pictures. name: "" when the system tells none."""

    path: Path
    name: str
    permitted: bool


def linux_cameras(devices: Path = DEVICES, classes: Path = CLASSES) -> list[LinuxCamera]:
    """Cameras among ``devices``/video*, by number, with their names from ``classes``."""
    return [
        linux_camera(device, classes)
        for device in sorted(devices.glob("video[0-9]*"), key=_number)
        if _read(classes / device.name / "index")
        in ("", "0")  # a webcam's second node is no camera
    ]


def linux_camera(device: Path, classes: Path = CLASSES) -> LinuxCamera:
    """What is known of one device."""
    permitted = os.access(device, os.R_OK | os.W_OK)
    return LinuxCamera(device, _read(classes / device.name / "name"), permitted)


def _number(path: Path) -> int:
    digits = path.name.removeprefix("video")
    return int(digits) if digits.isdecimal() else 1000


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        return ""

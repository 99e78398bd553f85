"""Which cameras are there, and what each of them gives."""

from __future__ import annotations

import base64
import binascii
import json
import subprocess
import sys
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kneetrack.sources import _camera_words as words
from kneetrack.sources._camera_linux import LinuxCamera, linux_cameras

__all__ = [
    "FoundCamera",
    "LinuxCamera",
    "find_cameras",
    "linux_cameras",
    "no_camera",
    "no_permission",
]

LOOK_TIMEOUT_S = 15.0
_INDICES = range(4)
_PROBE = (sys.executable, "-m", "kneetrack.sources._camera_probe")

no_camera = words.no_camera
no_permission = words.no_permission


@dataclass(frozen=True, slots=True)
class FoundCamera:
    """One camera. ``spec`` is what --camera takes.

    thumbnail: (H, 320, 3) uint8 BGR or None. problem: why there is no picture and what to do,
    "" when there is one; then size_px is (width, height) and fps as measured, None = unknown.
    """

    name: str
    spec: str
    size_px: tuple[int, int] | None = None
    fps: float | None = None
    thumbnail: NDArray[np.uint8] | None = None
    problem: str = ""


def find_cameras() -> list[FoundCamera]:
    """Every camera of this computer, opened one after the other; takes seconds for each.

    On Linux cameras that do not open are told too; elsewhere only those that do can be known.
    """
    if sys.platform.startswith("linux"):
        return [_look_at_linux(camera) for camera in linux_cameras()]
    looks = [_look(f"camera {index}", str(index), str(index)) for index in _INDICES]
    return [found for found in looks if found is not None]


def _look_at_linux(camera: LinuxCamera) -> FoundCamera:
    path, name = str(camera.path), camera.name or str(camera.path)
    digits = path.removeprefix("/dev/video")
    spec = digits if digits.isdecimal() else path
    if not camera.permitted:
        return FoundCamera(name, spec, problem=words.no_permission(path))
    return _look(name, spec, path) or FoundCamera(name, spec, problem=words.busy(name))


def _look(name: str, spec: str, source: str) -> FoundCamera | None:
    """One camera; None when it does not open at all."""
    try:
        done = subprocess.run(
            [*_PROBE, source],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            stdin=subprocess.DEVNULL,
            timeout=LOOK_TIMEOUT_S,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return FoundCamera(name, spec, problem=words.slow_to_open(name))
    told = _told(done.stdout)
    failure = told.get("failure")
    if failure == "closed":
        return None
    if failure or "size_px" not in told:
        return FoundCamera(name, spec, problem=words.silent(name))
    width, height = told["size_px"]
    return FoundCamera(name, spec, (width, height), told["fps"], _picture(told["png"]))


def _told(printed: bytes) -> dict[str, Any]:
    """The last line of a probe; empty when it crashed."""
    try:
        told = json.loads(printed.splitlines()[-1])
    except (IndexError, ValueError):
        return {}
    return told if isinstance(told, dict) else {}


def _picture(png: str) -> NDArray[np.uint8] | None:
    import cv2

    try:
        encoded = np.frombuffer(base64.b64decode(png), np.uint8)
    except binascii.Error:
        return None
    picture: NDArray[np.uint8] | None = cv2.imdecode(encoded, cv2.IMREAD_COLOR)  # type: ignore[assignment]
    return picture

"""``kneetrack doctor``: what works on this computer, and what to do about what does not.

Every check answers with one line and never raises. Nothing heavy is imported before its check
runs, so the doctor can tell why OpenCV or MediaPipe do not load.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from kneetrack.doctor import devices, media, software
from kneetrack.doctor.check import Check, guarded

__all__ = ["CHECKS", "Check", "run_checks"]

CHECKS: Final[dict[str, Callable[[], Check]]] = {
    "python": software.check_python,
    "versions": software.check_versions,
    "libraries": software.check_libraries,
    "opencv": software.check_opencv,
    "model": software.check_model,
    "pdf": software.check_pdf,
    "codecs": media.check_codecs,
    "rotation": media.check_rotation,
    "cameras": devices.check_cameras,
    "display": devices.check_display,
    "sound": devices.check_sound,
}


def run_checks() -> list[Check]:
    """All checks in a fixed order. No exception leaves a check. Takes a few seconds."""
    return [guarded(name, check) for name, check in CHECKS.items()]

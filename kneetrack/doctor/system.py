"""Which system libraries are missing. Standard library alone: set-up runs this file by itself.

python3 kneetrack/doctor/system.py     prints the Debian packages to install, or nothing
"""

from __future__ import annotations

import ctypes
import sys

SYSTEM_LIBRARIES = {
    "libGL.so.1": "libgl1",
    "libEGL.so.1": "libegl1",
    "libGLESv2.so.2": "libgles2",
    "libglib-2.0.so.0": "libglib2.0-0",  # newer releases have libglib2.0-0t64, which provides it
}
"""What OpenCV and MediaPipe load from outside their wheels on Linux -> its Debian package."""


def missing_system_packages() -> list[str]:
    """Debian packages of the libraries that do not load; empty elsewhere than on Linux."""
    if not sys.platform.startswith("linux"):
        return []
    return [package for library, package in SYSTEM_LIBRARIES.items() if not _loads(library)]


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


if __name__ == "__main__":
    print(*missing_system_packages())

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
PDF_LIBRARIES = {
    "libpango-1.0.so.0": "libpango-1.0-0",
    "libpangoft2-1.0.so.0": "libpangoft2-1.0-0",
    "libharfbuzz-subset.so.0": "libharfbuzz-subset0",
}
"""The same for WeasyPrint, which makes the clinic's reports as PDF."""


def missing_system_packages() -> list[str]:
    """Debian packages of the libraries that do not load; empty elsewhere than on Linux."""
    return _missing(SYSTEM_LIBRARIES)


def missing_pdf_packages() -> list[str]:
    """The same of what only PDF reports need."""
    return _missing(PDF_LIBRARIES)


def _missing(libraries: dict[str, str]) -> list[str]:
    if not sys.platform.startswith("linux"):
        return []
    return [package for library, package in libraries.items() if not _loads(library)]


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


if __name__ == "__main__":
    print(*missing_system_packages(), *missing_pdf_packages())

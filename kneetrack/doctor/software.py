"""Is everything that kneetrack stands on there, of one version, whole, and does it load?"""

from __future__ import annotations

import hashlib
import sys
from importlib import metadata
from typing import Final

import kneetrack
from kneetrack import assets
from kneetrack.doctor.check import Check, pip, trouble_running
from kneetrack.doctor.system import missing_pdf_packages, missing_system_packages

NEWEST_TESTED_PYTHON: Final = (3, 13)
DEPENDENCIES: Final = ("mediapipe", "numpy", "scipy", "av")
OPENCV_WHEELS: Final = (
    "opencv-python",
    "opencv-contrib-python",
    "opencv-python-headless",
    "opencv-contrib-python-headless",
)
OPENCV_VERSION: Final = "5.0.0.93"
"""What pyproject.toml pins both OpenCV wheels to."""
_TRY_MODEL: Final = """
import sys
import numpy as np
from kneetrack.pose.blazepose import BlazePose
from kneetrack.records import Frame
with BlazePose(sys.argv[1]) as pose:
    pose.track(Frame(np.zeros((64, 64, 3), np.uint8), 0.0, 0))
"""


def check_python() -> Check:
    """Python's version."""
    version = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info[:2] > NEWEST_TESTED_PYTHON:
        return Check("python", None, f"{version} is newer than what kneetrack was tried with")
    return Check("python", True, f"{version} at {sys.executable}")


def check_versions() -> Check:
    """Versions of kneetrack and of what it stands on."""
    found = {"kneetrack": kneetrack.__version__}
    found |= {name: _version(name) or "" for name in DEPENDENCIES}
    missing = [name for name, version in found.items() if not version]
    if missing:
        return Check(
            "versions", False, f"{', '.join(missing)} missing: run {pip('install', *missing)}"
        )
    return Check("versions", True, ", ".join(f"{name} {v}" for name, v in found.items()))


def check_libraries() -> Check:
    """Whether OpenCV and MediaPipe load."""
    packages = missing_system_packages()
    if packages:
        mend = f"sudo apt-get install -y {' '.join(packages)}"
        return Check("libraries", False, f"system libraries missing; on Debian or Ubuntu: {mend}")
    for name in ("cv2", "mediapipe", "av"):
        if trouble := trouble_running(f"import {name}"):
            return Check("libraries", False, f"{name} does not load: {trouble}")
    return Check("libraries", True, "OpenCV, MediaPipe and PyAV load")


def check_pdf() -> Check:
    """Whether reports can be made as PDF: not an error for those who do not need them."""
    version = _version("weasyprint")
    if version is None:
        extra = pip("install", '"kneetrack[clinic]"')
        return Check("pdf", None, f"no PDF reports: WeasyPrint is not installed; {extra}")
    packages = missing_pdf_packages()
    if packages:
        mend = f"sudo apt-get install -y {' '.join(packages)}"
        return Check("pdf", None, f"no PDF reports: on Debian or Ubuntu: {mend}")
    if trouble := trouble_running("import weasyprint"):
        return Check("pdf", None, f"no PDF reports: WeasyPrint does not load: {trouble}")
    return Check("pdf", True, f"WeasyPrint {version} makes PDF reports")


def check_opencv() -> Check:
    """Whether the OpenCV wheels, which all write the same cv2, are of one version."""
    wheels = {name: version for name in OPENCV_WHEELS if (version := _version(name))}
    return judge_opencv(wheels, OPENCV_VERSION)


def check_model() -> Check:
    """The bundled pose model: its checksum, and whether MediaPipe runs it."""
    path, manifest = assets.model_path(), assets.model_manifest()
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    if sha256 != manifest.sha256:
        return Check("model", False, f"{path} is damaged (wrong checksum): reinstall kneetrack")
    if trouble := trouble_running(_TRY_MODEL, str(path)):
        return Check("model", False, f"{manifest.file} does not run: {trouble}")
    return Check("model", True, f"{manifest.file} runs, sha256 {sha256[:12]}… as in the manifest")


def judge_opencv(wheels: dict[str, str], wanted: str) -> Check:
    """What the installed OpenCV wheels (name -> version) mean for each other."""
    listed = ", ".join(f"{name} {version}" for name, version in wheels.items())
    both = f"opencv-python=={wanted} opencv-contrib-python=={wanted}"
    mend = f"run {pip('uninstall -y', *wheels)} then {pip('install --no-deps', both)}"
    if not wheels:
        return Check("opencv", False, f"missing: run {pip('install', both)}")
    if len(set(wheels.values())) > 1:
        return Check("opencv", False, f"{listed} overwrite each other: {mend}")
    if any(name.endswith("headless") for name in wheels):
        return Check("opencv", None, f"{listed}; for windows on the screen {mend}")
    if set(wheels.values()) != {wanted}:
        return Check("opencv", None, f"{listed}; kneetrack is tried with {wanted}: {mend}")
    return Check("opencv", True, listed)


def _version(distribution: str) -> str | None:
    try:
        return metadata.version(distribution)
    except metadata.PackageNotFoundError:
        return None

"""Read a pose_landmarker bundle (.task) and say clearly when it is not one."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

from kneetrack.records import ModelError

_NEEDED = frozenset({"pose_detector.tflite", "pose_landmarks_detector.tflite"})
_ZIP_ENTRY = b"PK\x03\x04"
_PADDING = 64  # bundles are padded in front, so that the networks lie on whole words
_HINT = "pass a MediaPipe pose_landmarker .task file (lite, full or heavy) or leave --model out"


def read_bundle(path: Path) -> bytes:
    """The bytes of a pose_landmarker bundle.

    Errors: :class:`ModelError` when the file is missing, unreadable, cut off or something else.
    """
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise ModelError(f"no pose model at {path}; {_HINT}") from None
    except IsADirectoryError:
        raise ModelError(f"{path} is a folder, not a pose model; {_HINT}") from None
    except OSError as error:
        why = error.strerror or type(error).__name__
        raise ModelError(f"cannot read the pose model {path}: {why}") from None
    names = _names_inside(path, content)
    if not names >= _NEEDED:
        raise ModelError(f"{path} is a bundle without pose networks; {_HINT}")
    return content


def _names_inside(path: Path, content: bytes) -> frozenset[str]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as bundle:
            return frozenset(bundle.namelist())
    except (zipfile.BadZipFile, ValueError, OverflowError):
        if _ZIP_ENTRY in content[:_PADDING]:
            raise ModelError(
                f"the pose model {path} is cut off or damaged ({len(content)} bytes); "
                "download it again"
            ) from None
        raise ModelError(f"{path} is not a pose model; {_HINT}") from None

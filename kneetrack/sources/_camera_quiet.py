"""OpenCV's settings that can only be given by the environment, and silence for its chatter."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator, Mapping

_SELECT_TIMEOUT_S = 3
_ENVIRONMENT = {
    "OPENCV_FFMPEG_LOGLEVEL": "-8",
    "OPENCV_VIDEOIO_MSMF_ENABLE_HW_TRANSFORMS": "0",
    "OPENCV_VIDEOIO_V4L_SELECT_TIMEOUT": str(_SELECT_TIMEOUT_S),
}
"""FFmpeg prints nothing; Windows opens a camera in less than ten seconds; a camera without
pictures blocks a Linux read for 3 s, not 10. What the user has set himself stays."""


@contextlib.contextmanager
def quiet_opencv() -> Iterator[None]:
    """OpenCV neither warns on standard error nor waits long, for as long as this lasts.

    Cameras that overlap are fine: the last one to leave finds the level of before.
    """
    with _environment(_ENVIRONMENT):
        import cv2

        logging = cv2.utils.logging
        before = logging.getLogLevel()
        logging.setLogLevel(logging.LOG_LEVEL_SILENT)
        try:
            yield
        finally:
            if before != logging.LOG_LEVEL_SILENT:
                logging.setLogLevel(before)


@contextlib.contextmanager
def _environment(wanted: Mapping[str, str]) -> Iterator[None]:
    ours = {name: value for name, value in wanted.items() if name not in os.environ}
    os.environ.update(ours)
    try:
        yield
    finally:
        for name in ours:
            os.environ.pop(name, None)

"""Looks at one camera in a process of its own, which can be ended when a driver hangs.

``python -m kneetrack.sources._camera_probe SPEC`` prints one line of JSON.
"""

from __future__ import annotations

import base64
import json
import sys
import threading
import time
from contextlib import closing
from typing import Any

from kneetrack.sources._camera_capture import (
    CaptureFactory,
    Grabber,
    Image,
    NoPictureError,
    Wish,
    connect,
    opencv_capture,
)
from kneetrack.sources._camera_quiet import quiet_opencv
from kneetrack.sources._camera_spec import Device

_LOOK_S = 1.5
"""Long enough for the exposure to settle and the rate to show."""
_SETTLE_FRAMES = 5
THUMBNAIL_PX = 320


def look(source: int | str, factory: CaptureFactory = opencv_capture) -> dict[str, Any]:
    """What a device gives: ``size_px``, ``fps``, ``png``; or ``failure``: closed or silent."""
    with quiet_opencv():
        try:
            grabber = connect(Device(source, str(source)), Wish(), factory, threading.Event())
            with closing(grabber):
                image, fps = _watch(grabber)
        except NoPictureError as error:
            return {"failure": "silent" if error.opened else "closed"}
    height, width = image.shape[:2]
    return {"size_px": [width, height], "fps": fps, "png": _thumbnail(image)}


def _watch(grabber: Grabber) -> tuple[Image, float | None]:
    """The last of some pictures, and their rate once the camera has settled."""
    times_s: list[float] = []
    last: Image | None = None
    end_s = time.perf_counter() + _LOOK_S
    while last is None or time.perf_counter() < end_s:
        if not grabber.grab():
            break
        times_s.append(time.perf_counter())
        image = grabber.retrieve()
        last = last if image is None else image
    if last is None:
        raise NoPictureError(opened=True)
    settled_s = times_s[_SETTLE_FRAMES:]
    if len(settled_s) < 2 or settled_s[-1] <= settled_s[0]:
        return last, None
    return last, (len(settled_s) - 1) / (settled_s[-1] - settled_s[0])


def _thumbnail(image: Image) -> str:
    import cv2

    height, width = image.shape[:2]
    size_px = (THUMBNAIL_PX, max(1, round(THUMBNAIL_PX * height / width)))
    small = cv2.resize(image, size_px, interpolation=cv2.INTER_AREA)
    return base64.b64encode(cv2.imencode(".png", small)[1].tobytes()).decode("ascii")


if __name__ == "__main__":
    spec = sys.argv[1]
    print(json.dumps(look(int(spec) if spec.isdecimal() else spec)))

"""Can video be written, and read back the right way up?"""

from __future__ import annotations

import io
import tempfile
from pathlib import Path
from typing import IO

import numpy as np
from numpy.typing import NDArray

from kneetrack.doctor.check import Check, pip


def check_codecs() -> Check:
    """Writes and reads back an H.264 clip in memory."""
    import av

    with io.BytesIO() as file:
        write_clip(file, np.full((48, 64, 3), 200, np.uint8), rotation_deg=0)
        file.seek(0)
        with av.open(file, "r") as container:
            frames = [frame.to_ndarray(format="bgr24") for frame in container.decode(video=0)]
    if not frames or abs(float(frames[0].mean()) - 200) > 10:
        mend = pip("install --force-reinstall --no-deps av")
        return Check("codecs", False, f"H.264 does not survive writing and reading: run {mend}")
    return Check("codecs", True, "H.264 written and read back")


def check_rotation() -> Check:
    """Reads a clip that is stored lying on its side, as phones do, and looks which way is up."""
    from kneetrack.sources.clip import ClipSource

    upright = np.zeros((64, 48, 3), np.uint8)
    upright[:32, :24] = 255
    with tempfile.TemporaryDirectory(prefix="kneetrack-") as folder:
        path = Path(folder) / "sideways.mp4"
        with path.open("wb") as file:
            write_clip(file, np.rot90(upright, -1), rotation_deg=90)
        with ClipSource(path) as source:
            image = next(iter(source)).image
    if image.shape != upright.shape or np.abs(image.astype(float) - upright).mean() > 30:
        return Check("rotation", False, "phone video comes out sideways: use --rotate, and tell us")
    return Check("rotation", True, "a clip stored sideways is read upright")


def write_clip(file: IO[bytes], image: NDArray[np.uint8], *, rotation_deg: int) -> None:
    """Write a short H.264 mp4 of one still ``image`` (H, W, 3) BGR, sides even.

    ``rotation_deg`` counter-clockwise is what a player is told to turn it by.
    """
    import av

    with av.open(file, "w", format="mp4") as container:
        stream = container.add_stream("libx264", rate=30)
        stream.height, stream.width = image.shape[:2]
        stream.pix_fmt = "yuv420p"
        if rotation_deg:
            stream.set_display_rotation(rotation_deg)
        for _ in range(3):
            frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(image), format="bgr24")
            container.mux(stream.encode(frame))
        container.mux(stream.encode())

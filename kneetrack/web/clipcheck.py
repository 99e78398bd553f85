"""Whether a file that was sent is a clip: by decoding it, whatever it is called.

``python -m kneetrack.web.clipcheck`` reads a path from standard input. It runs apart, so that a
file made to bring a decoder down takes nothing else along.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Final

from kneetrack.records import KneetrackError, SourceError

MOST_PIXELS: Final = 8192 * 4320
LIMIT_S: Final = 60.0
NOT_A_CLIP: Final = (
    "this file is no video that can be read: send the clip as the camera or phone wrote it"
)
TOO_LARGE: Final = "the picture of this clip is larger than 8192 x 4320 pixels"
_ANSWERS: Final = {10: NOT_A_CLIP, 11: TOO_LARGE}


def check_clip(path: Path) -> None:
    """Decodes the beginning of a clip in a process of its own. Raises SourceError if it is none."""
    try:
        code = subprocess.run(
            [sys.executable, "-m", "kneetrack.web.clipcheck"],
            input=str(path).encode(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=LIMIT_S,
            check=False,
        ).returncode
    except subprocess.TimeoutExpired:
        code = 10
    if code:
        raise SourceError(_ANSWERS.get(code, NOT_A_CLIP))


def verdict(path: Path) -> int:
    """0 for a clip, else a key of what is wrong with it."""
    from kneetrack.sources.clip import ClipSource

    try:
        with ClipSource(path) as clip:
            width, height = clip.size_px
            if width * height > MOST_PIXELS:
                return 11
            return 0 if next(iter(clip), None) is not None else 10
    except KneetrackError:
        return 10


if __name__ == "__main__":
    sys.exit(verdict(Path(sys.stdin.buffer.read().decode())))

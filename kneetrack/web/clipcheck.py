"""Whether a file that was sent is a clip: by decoding it, whatever it is called.

``python -m kneetrack.web.clipcheck`` reads a path from standard input. It runs apart, so that a
file made to bring a decoder down takes nothing else along.
"""

from __future__ import annotations

import contextlib
import subprocess
import sys
from pathlib import Path
from typing import Final

from kneetrack.records import KneetrackError, SourceError

MOST_PIXELS: Final = 8192 * 4320
MOST_S: Final = 3600.0
"""Longer than any session: somebody chose the wrong file."""
MOST_MEMORY_BYTES: Final = 4 * 1024**3
LIMIT_S: Final = 60.0
NOT_A_CLIP: Final = (
    "this file is no video that can be read: send the clip as the camera or phone wrote it"
)
TOO_LARGE: Final = "the picture of this clip is larger than 8192 x 4320 pixels"
TOO_LONG: Final = "this clip is longer than an hour: cut it to the take itself"
_ANSWERS: Final = {10: NOT_A_CLIP, 11: TOO_LARGE, 12: TOO_LONG}


def check_clip(path: Path) -> float | None:
    """Decodes the beginning of a clip in a process of its own; gives how long it is, in seconds.

    None: the clip does not tell. Raises SourceError if it is none.
    """
    try:
        looked = subprocess.run(
            [sys.executable, "-m", "kneetrack.web.clipcheck"],
            input=str(path).encode(),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=LIMIT_S,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise SourceError(NOT_A_CLIP) from None
    if looked.returncode:
        raise SourceError(_ANSWERS.get(looked.returncode, NOT_A_CLIP))
    with contextlib.suppress(ValueError, IndexError):
        length_s = float(looked.stdout.split()[-1])
        return length_s if 0 < length_s <= MOST_S else None
    return None


def verdict(path: Path) -> int:
    """0 for a clip, else a key of what is wrong with it."""
    return look(path)[0]


def look(path: Path) -> tuple[int, float | None]:
    """:func:`verdict`, and how long the clip says it is, in seconds; None: it does not say."""
    from kneetrack.sources.clip import ClipSource

    try:
        with ClipSource(path) as clip:
            width, height = clip.size_px
            length_s = clip.declared_duration_s
            if width * height > MOST_PIXELS:
                return 11, length_s
            if (length_s or 0.0) > MOST_S:
                return 12, length_s
            return (0 if next(iter(clip), None) is not None else 10), length_s
    except (KneetrackError, MemoryError):
        return 10, None


def limit_memory(most_bytes: int) -> None:
    """No more memory than that for this process, where the system can hold it to that."""
    with contextlib.suppress(ImportError, OSError, ValueError):
        import resource

        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        most = most_bytes if hard == resource.RLIM_INFINITY else min(most_bytes, hard)
        resource.setrlimit(resource.RLIMIT_AS, (most, hard))


if __name__ == "__main__":
    limit_memory(MOST_MEMORY_BYTES)
    found, seconds = look(Path(sys.stdin.buffer.read().decode()))
    print("" if seconds is None else seconds)
    sys.exit(found)

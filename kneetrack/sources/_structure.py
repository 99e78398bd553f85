"""Does a file end where its own structure says? Read from a few bytes, without decoding."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

_MP4_BOXES = {b"ftyp", b"moov", b"mdat", b"moof", b"free", b"skip", b"wide", b"uuid", b"pnot"}
_EBML, _SEGMENT = b"\x1a\x45\xdf\xa3", b"\x18\x53\x80\x67"


def is_cut_off(path: Path) -> bool:
    """Whether the file is shorter than its own structure says (mp4, mov, avi, mkv, webm, gif).

    False also where that cannot be told. Raises OSError when it cannot be read.
    """
    size = path.stat().st_size
    with path.open("rb") as file:
        head = file.read(12)
        file.seek(0)
        if head[4:8] in _MP4_BOXES:
            return any(start + length > size for _, start, length in _boxes(file, size))
        if head[:4] == b"RIFF":
            return int.from_bytes(head[4:8], "little") + 8 > size
        if head[:4] == _EBML:
            return _segment_end(file) > size
        if head[:3] == b"GIF":
            file.seek(-min(64, size), 2)
            return b"\x3b" not in file.read()
    return False


def lacks_index(path: Path) -> bool:
    """Whether it is an mp4 or mov whose index (moov) was never written. Raises OSError."""
    size = path.stat().st_size
    with path.open("rb") as file:
        if file.read(12)[4:8] not in _MP4_BOXES:
            return False
        file.seek(0)
        whole = {kind for kind, start, length in _boxes(file, size) if start + length <= size}
    return b"moov" not in whole


def _boxes(file: BinaryIO, size: int) -> Iterator[tuple[bytes, int, int]]:
    """(kind, start, length) of every box at the top of an mp4; stops at what is not a box."""
    start = 0
    while start + 8 <= size:
        file.seek(start)
        head = file.read(16)
        length, kind = int.from_bytes(head[:4], "big"), head[4:8]
        if length == 1:
            length = int.from_bytes(head[8:16], "big")
        elif length == 0:
            length = size - start
        if length < 8 or not kind.isascii():
            return
        yield kind, start, length
        start += length


def _segment_end(file: BinaryIO) -> int:
    """Where the Segment of a Matroska file should end; 0 when it does not say."""
    file.seek(4)
    length, _ = _vint(file)
    file.seek(length, 1)
    if file.read(4) != _SEGMENT:
        return 0
    length, known = _vint(file)
    return file.tell() + length if known else 0


def _vint(file: BinaryIO) -> tuple[int, bool]:
    """A variable-length size, and whether it is known (all ones = not)."""
    first = file.read(1)
    if not first or first[0] == 0:
        return 0, False
    more = 8 - first[0].bit_length()
    value = (first[0] & (0xFF >> (more + 1))) << (8 * more) | int.from_bytes(file.read(more), "big")
    return value, value != (1 << 7 * (more + 1)) - 1

"""What reading a clip needs of it: its pictures in order, and what is known of them at the end."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager
from typing import Protocol

from kneetrack.records import ClipInfo, Frame


class Pictures(Protocol):
    """A clip that is open: its pictures in order, and what is known of it once they are read."""

    @property
    def size_px(self) -> tuple[int, int]:
        """(width, height) of the pictures."""

    @property
    def declared_frames(self) -> int | None:
        """Pictures that will come, by the header; None when it does not say."""

    def __iter__(self) -> Iterator[Frame]: ...

    def info(self) -> ClipInfo:
        """What is known of the clip, which is closed by this."""


class PictureSource(AbstractContextManager[Pictures], Pictures, Protocol):
    """A clip, to be opened with ``with``."""

"""The window of a live session: pictures out, keys in."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Sequence
from types import TracebackType
from typing import Final, Self

import cv2
import numpy as np

from kneetrack.records import SourceError
from kneetrack.ui._display import display_available, prepare_environment
from kneetrack.ui.style import ImageU8

__all__ = ["Window", "display_available", "first_size", "key_name"]

ROOM_PX: Final = (1280, 680)
"""What a 1366x768 screen leaves for a picture, below a title bar and above a task bar."""
BAR_BGR: Final = (16, 16, 16)
SLACK: Final = 0.005
_MACOS: Final = sys.platform == "darwin"
_SHAPE: Final = cv2.WINDOW_KEEPRATIO if _MACOS else cv2.WINDOW_FREERATIO
_STYLE: Final = cv2.WINDOW_NORMAL | cv2.WINDOW_GUI_NORMAL | _SHAPE
_HELD: Final = 0x40000 | 0x80000
_F1: Final = (0xFFBE, 0x700000)
_NAMES: Final = {
    **{27: "esc", 13: "enter", 10: "enter", 9: "tab", ord("/"): "?"},
    **dict.fromkeys((8, 127, 0xFF08), "backspace"),
}


class Window:
    """A resizable window. Use it as a context manager, from the main thread alone.

    size_px: (width, height) of the pictures to come. Raises SourceError where no window can be
    opened.
    """

    def __init__(self, title: str, size_px: tuple[int, int]) -> None:
        self._title = title
        self._size_px = first_size(size_px)
        self._shown = False
        self._laid_out = False
        self._closed = False
        self._full_screen = False
        self._open()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def closed(self) -> bool:
        """Whether the user has closed the window. Never before something was shown."""
        if self._shown and not self._closed:
            self._closed = self._gone()
        return self._closed

    @property
    def full_screen(self) -> bool:
        """Whether the window fills the screen, as far as was asked here."""
        return self._full_screen

    def show(self, image_bgr: ImageU8) -> None:
        """Put an (H, W, 3) picture up; it appears with the next :meth:`key`. Nothing if closed."""
        if self.closed:
            return
        if self._laid_out and not _MACOS:
            image_bgr = fill_out(image_bgr, cv2.getWindowImageRect(self._title)[2:])
        cv2.imshow(self._title, image_bgr)
        self._shown = True

    def key(self) -> str:
        """The key pressed since last asked, by its plain name, "" for none; see :func:`key_name`.

        Does not wait (macOS: up to 10 ms). Also lets the window paint itself: call it every frame.
        """
        if self.closed:
            return ""
        code = cv2.pollKey()
        self._laid_out = self._shown
        return key_name(code)

    def toggle_full_screen(self) -> None:
        """From a window to the whole screen and back."""
        if self.closed:
            return
        self._full_screen = not self._full_screen
        mode = cv2.WINDOW_FULLSCREEN if self._full_screen else cv2.WINDOW_NORMAL
        cv2.setWindowProperty(self._title, cv2.WND_PROP_FULLSCREEN, mode)

    def close(self) -> None:
        """Take the window away. Harmless when it is gone already."""
        self._shown, self._closed = True, True
        with contextlib.suppress(cv2.error):
            cv2.destroyWindow(self._title)
            cv2.pollKey()

    def _open(self) -> None:
        reason = display_available()
        if not reason:
            prepare_environment()
            try:
                cv2.namedWindow(self._title, _STYLE)
                cv2.resizeWindow(self._title, *self._size_px)
            except cv2.error as error:
                reason = str(error.err or error)
        if reason:
            raise SourceError(f"no display: {reason}; use --no-window to go by ear alone")

    def _gone(self) -> bool:
        try:
            visible = cv2.getWindowProperty(self._title, cv2.WND_PROP_VISIBLE)
        except cv2.error:
            return True
        # On macOS there is no close button, and a window in the Dock counts as not visible.
        return visible < 1 and not _MACOS


def first_size(size_px: tuple[int, int], room_px: tuple[int, int] = ROOM_PX) -> tuple[int, int]:
    """(width, height) of the same shape that fits the room; never enlarged."""
    factor = min(1.0, room_px[0] / size_px[0], room_px[1] / size_px[1])
    return max(1, round(size_px[0] * factor)), max(1, round(size_px[1] * factor))


def fill_out(image_bgr: ImageU8, room_px: Sequence[int]) -> ImageU8:
    """The picture with dark bars that give it the shape of the (width, height) room.

    Left to itself the window would stretch the picture, or fill the rest with the desktop's own,
    mostly white, colour.
    """
    height, width = image_bgr.shape[:2]
    if min(room_px) < 1:
        return image_bgr
    missing_x = max(0, round(height * room_px[0] / room_px[1]) - width)
    missing_y = max(0, round(width * room_px[1] / room_px[0]) - height)
    if missing_x <= SLACK * width and missing_y <= SLACK * height:
        return image_bgr
    left, top = missing_x // 2, missing_y // 2
    rest = (missing_y - top, left, missing_x - left)
    padded = cv2.copyMakeBorder(image_bgr, top, *rest, cv2.BORDER_CONSTANT, value=BAR_BGR)
    return np.asarray(padded, np.uint8)


def key_name(code: int) -> str:
    """The plain name of OpenCV's key code: a character in lower case, or a word.

    Words: esc, enter, tab, backspace. F1 and the slash (a question mark without Shift) are "?".
    Arrows, keys held together with Ctrl or Alt, and whatever else has no plain character are "".
    """
    if code < 0 or code & _HELD:
        return ""
    if code in _F1:
        return "?"
    low = code & 0xFFFF
    if low in _NAMES:
        return _NAMES[low]
    return chr(low).lower() if 0x20 <= low < 0x7F else ""

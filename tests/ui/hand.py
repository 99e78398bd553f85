"""A hand at the keyboard and the mouse: sends X events over a connection of its own."""

from __future__ import annotations

import ctypes
import struct
from pathlib import Path
from typing import Any

import cv2

KEYCODES = {
    "q": 24, "r": 27, "p": 33, "s": 39, "f": 41, "m": 58,
    "slash": 61, "space": 65, "escape": 9, "F1": 67, "left": 113, "shift": 50,
}  # fmt: skip
"""Of the standard keyboard that Xvfb starts with."""

REPLIES = (
    "connect", "get_setup", "intern_atom_reply", "query_tree_reply", "query_tree_children",
    "get_property_reply", "get_property_value", "get_geometry_reply",
    "get_window_attributes_reply",
)  # fmt: skip
KEY_PRESS, KEY_RELEASE, CLIENT_MESSAGE = 2, 3, 33


class Hand:
    """Finds a window by its title, presses keys in it, presses its close button."""

    def __init__(self, title: str) -> None:
        plugin = Path(cv2.__file__).parent / "qt/plugins/platforms/libqxcb.so"
        self._xcb = ctypes.CDLL(str(plugin))
        for name in REPLIES:
            getattr(self._xcb, f"xcb_{name}").restype = ctypes.c_void_p
        self._connection = ctypes.c_void_p(self._xcb.xcb_connect(None, None))
        self._root = self._root_window()
        self.window = self._find(self._root, title.encode())

    def press(self, key: str, *, shift: bool = False) -> None:
        """A key down and up."""
        for kind in (KEY_PRESS, KEY_RELEASE):
            event = struct.pack(
                "=BBHIIIIhhhhHBx",
                kind, KEYCODES[key], 0, 0, self._root, self.window, 0, 0, 0, 0, 0, int(shift), 1,
            )  # fmt: skip
            self._send(event, mask=1 if kind == KEY_PRESS else 2)

    def close(self) -> None:
        """What a window manager sends when the close button is pressed."""
        protocols, delete = self._atom(b"WM_PROTOCOLS"), self._atom(b"WM_DELETE_WINDOW")
        event = struct.pack(
            "=BBHIIIIIII", CLIENT_MESSAGE, 32, 0, self.window, protocols, delete, 0, 0, 0, 0
        )
        self._send(event[:32], mask=0)

    def size_px(self) -> tuple[int, int]:
        """(width, height) of the window."""
        x = self._xcb
        asked = x.xcb_get_geometry(self._connection, self.window)
        reply = ctypes.string_at(x.xcb_get_geometry_reply(self._connection, asked, None), 24)
        width, height = struct.unpack_from("=HH", reply, 16)
        return width, height

    def sees_it(self) -> bool:
        """Whether the window is on the screen; a closed one may live on unseen."""
        x = self._xcb
        asked = x.xcb_get_window_attributes(self._connection, self.window)
        reply = x.xcb_get_window_attributes_reply(self._connection, asked, None)
        return bool(reply) and ctypes.string_at(reply, 27)[26] > 0

    def _send(self, event: bytes, mask: int) -> None:
        self._xcb.xcb_send_event(self._connection, 0, self.window, mask, event.ljust(32, b"\0"))
        self._xcb.xcb_flush(self._connection)

    def _root_window(self) -> int:
        setup = self._xcb.xcb_get_setup(self._connection)

        class Screens(ctypes.Structure):
            _fields_ = (("data", ctypes.c_void_p), ("rem", ctypes.c_int), ("index", ctypes.c_int))

        roots = self._xcb.xcb_setup_roots_iterator
        roots.restype = Screens
        screens: Any = roots(ctypes.c_void_p(setup))
        return int(struct.unpack("=I", ctypes.string_at(screens.data, 4))[0])

    def _atom(self, name: bytes) -> int:
        asked = self._xcb.xcb_intern_atom(self._connection, 0, len(name), name)
        reply = self._xcb.xcb_intern_atom_reply(self._connection, asked, None)
        return int(struct.unpack_from("=I", ctypes.string_at(reply, 12), 8)[0])

    def _children(self, window: int) -> list[int]:
        asked = self._xcb.xcb_query_tree(self._connection, window)
        reply = ctypes.c_void_p(self._xcb.xcb_query_tree_reply(self._connection, asked, None))
        n = self._xcb.xcb_query_tree_children_length(reply)
        data = self._xcb.xcb_query_tree_children(reply)
        return list(struct.unpack(f"={n}I", ctypes.string_at(data, 4 * n))) if n else []

    def _title(self, window: int) -> bytes:
        atom_wm_name, any_type = 39, 0
        x = self._xcb
        asked = x.xcb_get_property(self._connection, 0, window, atom_wm_name, any_type, 0, 64)
        reply = ctypes.c_void_p(x.xcb_get_property_reply(self._connection, asked, None))
        n = x.xcb_get_property_value_length(reply)
        return ctypes.string_at(x.xcb_get_property_value(reply), n) if n else b""

    def _find(self, window: int, title: bytes) -> int:
        for child in self._children(window):
            if title in self._title(child):
                return child
        raise LookupError(f"no window called {title.decode()}")

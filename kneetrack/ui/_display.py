"""Whether a window can be opened, found out without opening one.

Qt ends the whole process when it cannot connect to a display, so this is asked beforehand, over
the very libraries that Qt would use.
"""

from __future__ import annotations

import ctypes
import importlib
import os
import sys
import threading
from pathlib import Path
from typing import Final

PATIENCE_S: Final = 5.0


def display_available() -> str:
    """Why no window can be opened, in one line; "" when one can. Takes about 10 ms on Linux."""
    cv2 = importlib.import_module("cv2")
    lines = [line.split(":") for line in cv2.getBuildInformation().splitlines()]
    toolkit = next((parts[1].strip() for parts in lines if parts[0].strip() == "GUI"), "")
    if toolkit == "NONE":
        return "this OpenCV has no windows (a headless build is installed)"
    if not sys.platform.startswith("linux"):
        return ""
    if not os.environ.get("DISPLAY"):
        if os.environ.get("WAYLAND_DISPLAY"):
            return "Wayland without XWayland, and OpenCV needs an X display"
        return "DISPLAY is not set"
    plugin = xcb_plugin()
    return _connection_problem(plugin) if plugin.is_file() else ""


def prepare_environment() -> None:
    """Settings that Qt reads when the first window opens: X only, no warnings about fonts."""
    os.environ.setdefault("QT_LOGGING_RULES", "default.warning=false;qt.qpa.*=false")
    if sys.platform.startswith("linux") and xcb_plugin().is_file():
        os.environ["QT_QPA_PLATFORM"] = "xcb"  # all that OpenCV's wheel brings


def xcb_plugin() -> Path:
    """Where OpenCV's wheel keeps Qt's only way to a display; other builds have no such file."""
    cv2 = importlib.import_module("cv2")
    return Path(str(cv2.__file__)).parent / "qt" / "plugins" / "platforms" / "libqxcb.so"


def _connection_problem(plugin: Path) -> str:
    answer: list[str] = []
    asking = threading.Thread(target=lambda: answer.append(_try_to_connect(plugin)), daemon=True)
    asking.start()
    asking.join(PATIENCE_S)
    return answer[0] if answer else f"the X display {os.environ['DISPLAY']} does not answer"


def _try_to_connect(plugin: Path) -> str:
    try:
        xcb = ctypes.CDLL(str(plugin))
        connect, failed, disconnect = (
            xcb.xcb_connect,
            xcb.xcb_connection_has_error,
            xcb.xcb_disconnect,
        )
    except (OSError, AttributeError) as error:
        return f"a library of the window system is missing ({error})"
    connect.restype = ctypes.c_void_p
    connection = ctypes.c_void_p(connect(None, None))
    problem = failed(connection)
    disconnect(connection)
    return f"the X display {os.environ['DISPLAY']} refuses the connection" if problem else ""

"""What is said about cameras: one line each, what happened and what to do."""

from __future__ import annotations

import math
import sys

_TRY_A_CLIP = "try kneetrack live --camera demo without one"
_LIST = "kneetrack cameras lists what is there"
_SLOW_FPS = 20.0


def no_camera(*, listed: bool = False) -> str:
    """There is none at all; ``listed``: that was found out by listing them."""
    more = "" if listed else f"{_LIST}; "
    return f"no camera found: plug one in{_privacy()}; {more}{_TRY_A_CLIP}"


def no_such_camera(said: str, there: list[str]) -> str:
    """Not that one, but others."""
    return f"{said} is not there, but {', '.join(there)}; {_LIST}"


def no_permission(name: str) -> str:
    """It may not be opened (Linux)."""
    return f'no permission for {name}: sudo usermod -aG video "$USER", then log in again'


def unplugged(name: str) -> str:
    """It was there and is gone."""
    return f"{name} is gone: plug it in again"


def busy(name: str) -> str:
    """It is there but does not open."""
    return (
        f"{name} does not open: close other programs that use the camera, such as a video call"
        f"{_privacy()}"
    )


def closed(name: str) -> str:
    """It does not open, and nothing tells whether it is there (Windows, macOS)."""
    return (
        f"{name} does not open: plug it in, close other programs that use the camera{_privacy()}; "
        f"{_LIST}"
    )


def silent(name: str) -> str:
    """It opens, but gives no pictures."""
    return (
        f"{name} gives no pictures: close other programs that use the camera, or unplug it and "
        "plug it in again"
    )


def slow_to_open(name: str) -> str:
    """It is still being opened after long."""
    return f"{name} does not answer: unplug it and plug it in again"


def stopped(name: str) -> str:
    """It gave pictures, and stopped."""
    return f"{name} has stopped giving pictures: check its cable"


def stream_frozen(name: str) -> str:
    """The picture of an address stands still."""
    return f"the picture of {name} is frozen: start its video again, and check the network"


def frozen(name: str) -> str:
    """The picture stands still."""
    return f"the picture of {name} is frozen: unplug it and plug it in again"


def covered(name: str) -> str:
    """One colour and nothing else."""
    return f"{name} shows one blank colour: open its cover or switch it on"


def no_stream(name: str) -> str:
    """The address gives no pictures."""
    return (
        f"no pictures come from {name}: check that it is on, and that this is the address of its "
        "video, such as http://192.168.1.20:8080/video"
    )


def stream_down(name: str) -> str:
    """It gave pictures, and stopped."""
    return f"no more pictures come from {name}: check that it is on and in the network"


def notes(
    asked_px: tuple[int, int] | None,
    size_px: tuple[int, int],
    asked_fps: float | None,
    fps: float,
) -> tuple[str, ...]:
    """What a camera gives otherwise than asked. fps: as measured, NaN = not known yet."""
    said = []
    if asked_px and size_px not in ((0, 0), asked_px):
        wanted, got = (f"{width} x {height}" for width, height in (asked_px, size_px))
        said.append(f"asked for {wanted} pixels, the camera gives {got}")
    if not math.isnan(fps) and fps < _SLOW_FPS:
        if asked_fps:
            said.append(
                f"asked for {asked_fps:.0f} pictures a second, the camera gives {fps:.0f}: more "
                "light helps, or a lower resolution"
            )
        else:
            said.append(
                f"the clip has only {fps:.0f} pictures a second: quick repetitions may be missed"
            )
    return tuple(said)


def _privacy() -> str:
    if sys.platform == "darwin":
        return "; allow your terminal to use it under System Settings, Privacy & Security, Camera"
    if sys.platform == "win32":
        return "; let desktop apps use it under Settings, Privacy & security, Camera"
    return ""

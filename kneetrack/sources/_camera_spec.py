"""What ``--camera`` names: a device, a stream or a file. Only what is quick is checked."""

from __future__ import annotations

import stat
import sys
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from kneetrack.records import SourceError
from kneetrack.sources import _camera_words as words
from kneetrack.sources._camera_linux import DEVICES, LinuxCamera, linux_camera, linux_cameras

STREAMS = ("rtsp", "rtsps", "http", "https")


@dataclass(frozen=True, slots=True)
class Device:
    """A camera of this computer. source: what OpenCV opens, a path on Linux, else an index."""

    source: int | str
    name: str

    @property
    def path(self) -> Path | None:
        """The device file, where there is one."""
        return Path(self.source) if isinstance(self.source, str) else None


@dataclass(frozen=True, slots=True)
class Stream:
    """A camera in the network. name: its address without user, password and query."""

    address: str
    name: str

    @property
    def source(self) -> str:
        """What OpenCV opens."""
        return self.address


@dataclass(frozen=True, slots=True)
class Clip:
    """A file played as if it were a camera."""

    path: Path


Target = Device | Stream


def parse_camera(spec: str | int | None) -> Device | Stream | Clip:
    """What ``spec`` names. Raises SourceError when there is no such thing."""
    text = "" if spec is None else str(spec).strip()
    if not text:
        return _first()
    if text.lstrip("+-").isdecimal():
        return _by_index(text)
    scheme, colon, _ = text.partition("://")
    if colon:
        return _stream(text, scheme.lower())
    return _by_path(Path(text).expanduser())


def find_again(device: Device) -> Device:
    """The same device, under its new path when it was plugged in again and is numbered anew."""
    if not _on_linux() or device.path is None or device.path.exists():
        return device
    for camera in linux_cameras():
        if camera.name and camera.name == device.name:
            return _linux_device(camera)
    return device


def _first() -> Device:
    if not _on_linux():
        return Device(0, "camera 0")
    cameras = linux_cameras()
    if not cameras:
        raise SourceError(words.no_camera())
    usable = [camera for camera in cameras if camera.permitted]
    if not usable:
        raise SourceError(words.no_permission(str(cameras[0].path)))
    return _linux_device(usable[0])


def _by_index(text: str) -> Device:
    if not text.isdecimal():
        raise SourceError(f"there is no camera {text}: cameras are counted 0, 1, 2, ...")
    index = int(text)
    if not _on_linux():
        return Device(index, f"camera {index}")
    return _checked(DEVICES / f"video{index}", f"camera {index}")


def _by_path(path: Path) -> Device | Clip:
    try:
        mode = path.stat().st_mode
    except (OSError, ValueError):
        if path.parent == DEVICES:
            return _checked(path, str(path))
        raise SourceError(
            f"{path} does not exist: --camera takes a number, a device such as /dev/video0, an "
            "address (rtsp://, http://) or a video file"
        ) from None
    if stat.S_ISCHR(mode):
        return _checked(path.resolve(), str(path))
    if stat.S_ISDIR(mode):
        raise SourceError(f"{path} is a folder: give a camera or one video file")
    return Clip(path)


def _checked(path: Path, said: str) -> Device:
    """A Linux device that is there and may be opened."""
    if not path.exists():
        if not linux_cameras():
            raise SourceError(words.no_camera())
        raise SourceError(words.no_such_camera(said, [str(c.path) for c in linux_cameras()]))
    camera = linux_camera(path)
    if not camera.permitted:
        raise SourceError(words.no_permission(str(path)))
    return _linux_device(camera)


def _stream(text: str, scheme: str) -> Stream:
    if scheme not in STREAMS:
        raise SourceError(
            f"--camera cannot read {scheme}:// addresses: give one that begins with rtsp://, "
            "http:// or https://"
        )
    try:
        parts = urlsplit(text)
        host, port = parts.hostname, parts.port
    except ValueError:
        host = port = None
    if not host:
        raise SourceError(
            f"{scheme}:// is followed by no address of a camera: give one such as "
            "http://192.168.1.20:8080/video"
        )
    return Stream(text, f"{scheme}://{host}{f':{port}' if port else ''}{parts.path}")


def _linux_device(camera: LinuxCamera) -> Device:
    return Device(str(camera.path), camera.name or str(camera.path))


def _on_linux() -> bool:
    return sys.platform.startswith("linux")

"""Cameras: the newest frame wins, stamped when it was grabbed.

A webcam, a stream of the network, or a video file that is played as if it were a camera.
"""

from __future__ import annotations

from types import TracebackType
from typing import TYPE_CHECKING, Protocol, Self

from kneetrack.live_records import CameraFacts, Trouble
from kneetrack.records import Frame, SettingsError
from kneetrack.sources._camera_spec import Clip, parse_camera

if TYPE_CHECKING:
    from kneetrack.sources._camera_capture import CaptureFactory

__all__ = ["Camera", "open_camera"]


class Camera(Protocol):
    """A source of frames in real time: ``with open_camera("0") as camera: ...``.

    Entering starts a capture thread, which opens the camera and keeps its newest frame only;
    leaving, by whatever way, stops it. Opening a webcam may take seconds; meanwhile ``opened`` is
    False and ``trouble`` None.

    A camera that is lost (``trouble``) is tried again until it is back, or ``given_up``. The clock
    runs on, and so does the count of frames.
    """

    def __enter__(self) -> Self:
        """Start. Raises SourceError when a file cannot be read."""
        ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close."""
        ...

    def newest(self, timeout_s: float) -> Frame | None:
        """The newest frame that was not given out yet, waited for up to ``timeout_s`` real seconds.

        None: none came. Upright BGR, not mirrored, the caller's own. ``t_s``: seconds on the
        camera's clock at the grab, strictly increasing. ``index`` counts every frame grabbed.
        """
        ...

    def now_s(self) -> float:
        """The clock of ``t_s``, 0 when the camera was entered: delay = now_s() - frame.t_s."""
        ...

    def play(self) -> None:
        """Let a virtual camera play; it shows its first frame until then. Else nothing."""
        ...

    def facts(self) -> CameraFacts:
        """What the camera gives by now. size_px is (0, 0) before the first frame."""
        ...

    def close(self) -> None:
        """Stop the threads; never waits long for a driver that hangs. May be called twice."""
        ...

    @property
    def opened(self) -> bool:
        """Whether the first frame has come."""
        ...

    @property
    def trouble(self) -> Trouble | None:
        """What is wrong now, and since when by this clock; None when frames come."""
        ...

    @property
    def given_up(self) -> bool:
        """Whether a lost camera is not tried again any more."""
        ...

    @property
    def ended(self) -> bool:
        """Whether a virtual camera has played to its end: the person has walked away."""
        ...

    @property
    def virtual(self) -> bool:
        """Whether this is a file."""
        ...

    @property
    def passed_over(self) -> int:
        """How many frames were replaced by a newer one before anybody took them."""
        ...


def open_camera(
    spec: str | int | None = None,
    *,
    size_px: tuple[int, int] = (1280, 720),
    fps: float = 30.0,
    retry_s: float = 30.0,
    speed: float = 1.0,
    rate_fps: float | None = None,
    loop: bool = False,
    factory: CaptureFactory | None = None,
) -> Camera:
    """The camera that ``spec`` names, still to be entered; only what is quick is checked here.

    spec: None or "" for the first camera, an index, a device path, an address (rtsp://, http://,
    https://), or a video file, which becomes a virtual camera. size_px, fps: what is asked of a
    device. retry_s: how long a lost camera is tried again.

    For files only: speed runs the camera's clock that much faster than real time (movements keep
    their duration on that clock), rate_fps plays the frames at that rate in place of the file's
    own times, loop begins again at the end. factory stands in for ``cv2.VideoCapture``.

    Raises SourceError when there is no such camera or file, or no permission; SettingsError for
    an impossible size, rate or speed.
    """
    if min(size_px) < 16 or not 1 <= fps <= 1000:
        raise SettingsError(
            f"cannot ask a camera for {size_px[0]} x {size_px[1]} pixels at {fps:g} pictures a "
            "second: 1280 x 720 at 30 is usual"
        )
    target = parse_camera(spec)
    if isinstance(target, Clip):
        from kneetrack.sources._virtual import VirtualCamera

        return VirtualCamera(target.path, speed=speed, rate_fps=rate_fps, loop=loop)
    from kneetrack.sources._camera_capture import Wish, opencv_capture
    from kneetrack.sources._camera_device import DeviceCamera, Patience

    patience = Patience(retry_s=retry_s)
    return DeviceCamera(target, Wish(size_px, fps), patience, factory or opencv_capture)

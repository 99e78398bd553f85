"""Motion JPEG over HTTP from this computer, read by the real OpenCV."""

from __future__ import annotations

import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import cv2
import numpy as np
import pytest

from kneetrack.records import Frame
from kneetrack.sources._camera_capture import Wish, opencv_capture
from kneetrack.sources._camera_device import DeviceCamera, Patience
from kneetrack.sources._camera_spec import Stream
from kneetrack.sources.camera import Camera, open_camera

pytestmark = pytest.mark.skipif(
    "FFMPEG:                      YES" not in cv2.getBuildInformation(),
    reason="this OpenCV reads no streams",
)


class Handler(BaseHTTPRequestHandler):
    """Sends numbered pictures until the server says to stop or to stall."""

    server: PhoneServer

    def log_message(self, *arguments: object) -> None:
        """Nothing on standard error."""

    def do_GET(self) -> None:
        if self.server.down or self.path != "/video":
            self.send_error(404)
            return
        self.send_response(200)
        self.send_header("Content-Type", "multipart/x-mixed-replace; boundary=frame")
        self.end_headers()
        try:
            while not (self.server.down or self.server.stopping):
                if not self.server.stalls:
                    self.wfile.write(self.server.next_part())
                time.sleep(0.02)
        except OSError:
            return


class PhoneServer(ThreadingHTTPServer):
    """A phone with a camera app."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.down = self.stalls = self.stopping = False
        self.sent = 0

    def next_part(self) -> bytes:
        """One picture; its brightness tells its number by 24s."""
        image = np.full((120, 160, 3), 10 * (self.sent % 24) + 10, np.uint8)
        image[:20] = 255
        self.sent += 1
        data = cv2.imencode(".jpg", image)[1].tobytes()
        head = f"--frame\r\nContent-Type: image/jpeg\r\nContent-Length: {len(data)}\r\n\r\n"
        return head.encode("ascii") + data + b"\r\n"

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/video"


@pytest.fixture
def phone() -> Iterator[PhoneServer]:
    server = PhoneServer()
    serving = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    serving.start()
    yield server
    server.stopping = True
    server.shutdown()
    serving.join()
    server.server_close()


def until(true: Callable[[], object], within_s: float = 20.0) -> None:
    end_s = time.perf_counter() + within_s
    while not true():
        assert time.perf_counter() < end_s, "it never came"
        time.sleep(0.005)


def next_frame(camera: Camera | DeviceCamera) -> Frame:
    frame = camera.newest(10.0)
    assert frame is not None
    return frame


def test_a_stream_is_read_lost_and_found_again(
    phone: PhoneServer, capfd: pytest.CaptureFixture[str]
) -> None:
    patience = Patience(retry_every_s=0.05, look_s=0.01)
    stream = Stream(phone.address, phone.address)
    with DeviceCamera(stream, Wish(), patience, opencv_capture) as camera:
        frames = [next_frame(camera) for _ in range(10)]
        assert frames[0].size_px == (160, 120)
        assert np.all(np.diff([frame.t_s for frame in frames]) > 0)
        # How many pictures a second come through depends on what else this machine does.
        assert [note for note in camera.facts().notes if "pictures a second" not in note] == []
        phone.down = True
        until(lambda: camera.trouble)
        assert camera.trouble is not None
        assert camera.trouble.text.startswith(f"no more pictures come from {phone.address}")
        phone.down = False
        until(lambda: camera.trouble is None)
        camera.newest(0.0)
        assert next_frame(camera).t_s > frames[-1].t_s
    assert capfd.readouterr().err == ""
    assert [t for t in threading.enumerate() if t.name.startswith("kneetrack-")] == []


def test_it_is_not_behind(phone: PhoneServer) -> None:
    with open_camera(phone.address) as camera:
        for _ in range(20):
            frame = next_frame(camera)
        shown = round((int(frame.image[60, 80, 0]) - 10) / 10)
        behind = (phone.sent - 1 - shown) % 24
    assert behind <= 4


def test_a_wrong_address_says_what_to_look_at(phone: PhoneServer) -> None:
    with open_camera(phone.address.replace("/video", "/")) as camera:
        until(lambda: camera.trouble)
        assert camera.trouble is not None
        assert "such as http://192.168.1.20:8080/video" in camera.trouble.text
        assert not camera.opened


@pytest.mark.parametrize("ending", ["pass", "raise SystemExit(0)", "camera.close()"])
def test_a_process_ends_while_a_read_hangs(phone: PhoneServer, ending: str) -> None:
    code = f"""
        import time
        from kneetrack.sources.camera import open_camera
        with open_camera({phone.address!r}) as camera:
            assert camera.newest(20) is not None
            print("stall", flush=True)
            input()
            time.sleep(0.1)
            {ending}
    """
    with subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(code)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stdout.readline() == "stall\n"
        phone.stalls = True
        process.stdin.write("\n")
        process.stdin.flush()
        _, said = process.communicate(timeout=30)
    assert process.returncode == 0
    assert said == ""

"""The window, on a display of its own. Each test's window lives in a process of its own."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from kneetrack.ui.window import BAR_BGR, fill_out, first_size, key_name

HERE = Path(__file__).resolve().parent
START = """
import json, sys, time
sys.path.insert(0, {here!r})
import numpy as np
from kneetrack.ui.window import Window
from hand import Hand
PICTURE = np.full((720, 1280, 3), 90, np.uint8)
def frames(window, n=12):
    keys = []
    for _ in range(n):
        window.show(PICTURE)
        keys.append(window.key())
        time.sleep(0.01)
    return "".join(keys)
"""


@pytest.fixture(scope="module")
def display() -> Iterator[str]:
    """An X display that nobody else uses."""
    program = shutil.which("Xvfb")
    if program is None or not sys.platform.startswith("linux"):
        pytest.skip("needs Xvfb")
    told, tell = os.pipe()
    server = subprocess.Popen(
        [program, "-displayfd", str(tell), "-screen", "0", "1366x768x24", "-nolisten", "tcp"],
        pass_fds=(tell,),
        stderr=subprocess.DEVNULL,
    )
    os.close(tell)
    with os.fdopen(told) as lines:
        number = lines.readline().strip()
    yield f":{number}"
    server.terminate()
    server.wait(10)


def run(script: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """A script in a process of its own, with no display but the one that is given."""
    hidden = {"DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM", "QT_LOGGING_RULES"}
    kept = {name: value for name, value in os.environ.items() if name not in hidden}
    return subprocess.run(
        [sys.executable, "-c", START.format(here=str(HERE)) + script],
        env=kept | environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def answer(script: str, display: str, **more: str) -> Any:
    done = run(script, DISPLAY=display, **more)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    return json.loads(done.stdout)


def test_keys_arrive_by_name(display: str) -> None:
    pressed = """
with Window("kneetrack live", (1280, 720)) as window:
    frames(window)
    hand, heard = Hand("kneetrack live"), []
    for key, shift in [("r", 0), ("q", 1), ("space", 0), ("escape", 0), ("slash", 1), ("F1", 0),
                       ("left", 0), ("shift", 0)]:
        hand.press(key, shift=bool(shift))
        heard.append(frames(window))
    print(json.dumps(heard))
"""
    assert answer(pressed, display) == ["r", "q", " ", "esc", "?", "?", "", ""]


def test_closing_is_noticed_and_lasts(display: str) -> None:
    closing = """
with Window("kneetrack live", (1280, 720)) as window:
    seen = [window.closed]
    frames(window)
    seen.append(window.closed)
    hand = Hand("kneetrack live")
    seen.append(hand.sees_it())
    hand.close()
    frames(window)
    seen.append(window.closed)
    window.toggle_full_screen()
    frames(window)
    seen += [window.closed, hand.sees_it()]
print(json.dumps(seen))
"""
    assert answer(closing, display) == [False, False, True, True, True, False]


def test_the_window_fits_a_small_screen_and_goes_full(display: str) -> None:
    sizes = """
import cv2
with Window("kneetrack live", (1280, 720)) as window:
    frames(window)
    seen = [Hand("kneetrack live").size_px()]
    for _ in range(2):
        window.toggle_full_screen()
        frames(window)
        seen.append(cv2.getWindowProperty("kneetrack live", cv2.WND_PROP_FULLSCREEN))
    seen.append(window.closed)
print(json.dumps(seen))
"""
    assert answer(sizes, display) == [[1209, 680], 1.0, 0.0, False]


def test_a_wish_for_another_way_to_the_display_does_no_harm(display: str) -> None:
    opened = """
with Window("kneetrack live", (640, 480)) as window:
    frames(window)
    print(json.dumps(window.closed))
"""
    assert answer(opened, display, QT_QPA_PLATFORM="wayland", XDG_SESSION_TYPE="wayland") is False


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="X is Linux's way")
@pytest.mark.parametrize(
    ("environment", "reason"),
    [
        ({}, "DISPLAY is not set"),
        ({"WAYLAND_DISPLAY": "wayland-0"}, "Wayland without XWayland, and OpenCV needs"),
        ({"DISPLAY": ":65000"}, "the X display :65000 refuses the connection"),
        ({"DISPLAY": "nonsense"}, "the X display nonsense refuses the connection"),
    ],
)
def test_no_display_is_one_clear_line(environment: dict[str, str], reason: str) -> None:
    opening = """
from kneetrack.records import SourceError
from kneetrack.ui.window import display_available
try:
    Window("kneetrack live", (1280, 720))
except SourceError as error:
    print(json.dumps([display_available(), str(error), error.exit_code]))
"""
    done = run(opening, **environment)
    assert done.returncode == 0, done.stderr
    told, line, code = json.loads(done.stdout)
    assert told.startswith(reason)
    assert line == f"no display: {told}; use --no-window to go by ear alone"
    assert code == 3


@pytest.mark.parametrize(
    ("size_px", "fitting"),
    [
        ((1280, 720), (1209, 680)),
        ((640, 480), (640, 480)),
        ((720, 1280), (382, 680)),
        ((3840, 1080), (1280, 360)),
    ],
)
def test_the_first_size(size_px: tuple[int, int], fitting: tuple[int, int]) -> None:
    assert first_size(size_px) == fitting


@pytest.mark.parametrize(
    ("code", "name"),
    [
        (-1, ""),
        (ord("R"), "r"),
        (0x10000 | ord("q"), "q"),
        (0x40000 | ord("q"), ""),
        (27, "esc"),
        (8, "backspace"),
        (0xFF08, "backspace"),
        (0xFF51, ""),
        (0x250000, ""),
        (0x700000, "?"),
        (63, "?"),
        (0, ""),
        (0x6CA, ""),
    ],
)
def test_key_names(code: int, name: str) -> None:
    assert key_name(code) == name


def test_bars_give_the_picture_the_shape_of_its_room() -> None:
    picture = np.full((720, 1280, 3), 200, np.uint8)
    tall = fill_out(picture, (1280, 800))
    assert tall.shape == (800, 1280, 3)
    assert np.array_equal(tall[40:760], picture)
    assert (tall[:40] == BAR_BGR).all()
    assert (tall[760:] == BAR_BGR).all()
    wide = fill_out(picture, (3440, 1440))
    assert wide.shape == (720, 1720, 3)
    assert np.array_equal(wide[:, 220:1500], picture)
    assert fill_out(picture, (1366, 768)) is picture
    assert fill_out(picture, (0, 0)) is picture

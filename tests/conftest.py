"""Fixtures for every room."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings

from tests.leftovers import end_leftovers, mark_run

ROOT = Path(__file__).resolve().parent.parent

# Timings vary on a shared machine; the same examples every time make a failure reproducible.
settings.register_profile("kneetrack", deadline=None, derandomize=True)
settings.load_profile("kneetrack")


def pytest_configure(config: pytest.Config) -> None:
    """What the tests start can be told from what else runs here; no terminal has a width.

    How loud OpenCV's FFmpeg is, is decided by the first test of a process that opens a video.
    """
    for name in ("COLUMNS", "LINES"):
        os.environ.pop(name, None)
    os.environ.setdefault("OPENCV_FFMPEG_LOGLEVEL", "-8")
    if not hasattr(config, "workerinput"):
        mark_run()


@pytest.hookimpl(trylast=True)
def pytest_unconfigure(config: pytest.Config) -> None:
    """No test leaves a process behind: one that did is named, and ended."""
    if not hasattr(config, "workerinput"):
        for line in end_leftovers():
            print(f"left behind by a test, ended: {line}")


@pytest.fixture(scope="session")
def root() -> Path:
    """The checkout."""
    return ROOT


@pytest.fixture(scope="session")
def samples() -> Path:
    """The six committed clips with their truth."""
    return ROOT / "samples"


@pytest.fixture(scope="session")
def shared() -> Path:
    """The larger collection of clips beside the checkout; skips where there is none."""
    folder = ROOT.parent / "shared"
    if not (folder / "truth").is_dir():
        pytest.skip("no ../shared/truth beside this checkout")
    return folder

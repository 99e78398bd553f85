"""The bundled samples through the real model, once for all tests."""

from __future__ import annotations

from functools import cache

import kneetrack
from kneetrack.result import Result
from tests.conftest import ROOT

SAMPLES = tuple(sorted(path.stem for path in (ROOT / "samples").glob("*.mp4")))


@cache
def sample(name: str) -> Result:
    """The result of a bundled sample; its ``track`` holds the raw landmarks."""
    return kneetrack.analyse(ROOT / "samples" / f"{name}.mp4")

"""Fixtures for every room."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import settings

ROOT = Path(__file__).resolve().parent.parent

# Timings vary on a shared machine; the same examples every time make a failure reproducible.
settings.register_profile("kneetrack", deadline=None, derandomize=True)
settings.load_profile("kneetrack")


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

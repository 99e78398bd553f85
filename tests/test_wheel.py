from __future__ import annotations

import hashlib
import runpy
import zipfile
from pathlib import Path

import pytest

from kneetrack import assets
from kneetrack.doctor.software import OPENCV_VERSION


@pytest.fixture(scope="module")
def wheel(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built here and now without network."""
    builder = pytest.importorskip("hatchling.builders.wheel").WheelBuilder(str(root))
    folder = tmp_path_factory.mktemp("dist")
    return Path(next(builder.build(directory=str(folder), versions=["standard"])))


def test_the_wheel_carries_model_and_sample(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        for source in (assets.model_path(), assets.demo_clip()):
            inside = archive.read(f"kneetrack/_bundled/{source.name}")
            assert hashlib.sha256(inside).digest() == hashlib.sha256(source.read_bytes()).digest()
        names = archive.namelist()
    assert {"kneetrack/py.typed", "kneetrack/_bundled/manifest.json"} <= set(names)
    assert [name for name in names if name.endswith("/licenses/LICENSE")]
    assert [name for name in names if not name.startswith("kneetrack")] == []


def test_the_wheel_carries_every_file_of_the_package(wheel: Path, root: Path) -> None:
    files = [path for path in (root / "kneetrack").rglob("*") if path.is_file()]
    wanted = {
        path.relative_to(root).as_posix() for path in files if "__pycache__" not in path.parts
    }
    with zipfile.ZipFile(wheel) as archive:
        assert wanted <= set(archive.namelist())


def test_both_opencv_wheels_are_pinned_to_one_version(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        name = next(name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
        lines = archive.read(name).decode("utf-8").splitlines()
    pins = {line.partition("==")[2] for line in lines if line.startswith("Requires-Dist: opencv")}
    assert pins == {OPENCV_VERSION}


@pytest.mark.slow
def test_the_installed_wheel_runs_its_demo(wheel: Path, root: Path) -> None:
    script = runpy.run_path(str(root / "scripts" / "wheel_test.py"))
    assert script["main"]([str(wheel), "--borrow"]) == 0

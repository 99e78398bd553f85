from __future__ import annotations

import hashlib
import json
import shutil
import zipfile
from pathlib import Path

import pytest

from kneetrack import assets
from kneetrack.records import ModelError, SourceError


def test_the_model_is_the_one_of_the_manifest() -> None:
    manifest = assets.model_manifest()
    content = assets.model_path().read_bytes()
    assert hashlib.sha256(content).hexdigest() == manifest.sha256
    assert len(content) == manifest.size_bytes
    assert assets.model_path().name == manifest.file
    assert manifest.licence == "Apache-2.0"


def test_the_model_is_uncompressed_and_aligned(root: Path) -> None:
    networks = json.loads((root / "models" / "manifest.json").read_text("utf-8"))["networks"]
    with zipfile.ZipFile(assets.model_path()) as bundle:
        assert bundle.namelist() == [network["in_bundle"] for network in networks]
        for entry in bundle.infolist():
            assert entry.compress_type == zipfile.ZIP_STORED
            assert (entry.header_offset + len(entry.FileHeader())) % 4 == 0


def test_the_demo_clip_is_a_sample(samples: Path) -> None:
    assert assets.demo_clip() == samples / "sq_in30_right_ben.mp4"


def test_every_sample_has_its_truth(samples: Path) -> None:
    clips = sorted(samples.glob("*.mp4"))
    assert len(clips) == 6
    for clip in clips:
        truth = json.loads(clip.with_suffix(".json").read_text("utf-8"))
        assert truth["name"] == clip.stem
        assert truth["reps"]
        assert clip.with_suffix(".npz").is_file()


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The package as a wheel lays it out, under a path with spaces and accents."""
    package = tmp_path / "José's site-packages" / "kneetrack"
    bundled = package / "_bundled"
    bundled.mkdir(parents=True)
    for source in (assets.model_path(), assets.demo_clip()):
        shutil.copy(source, bundled)
    shutil.copy(assets.model_path().with_name("manifest.json"), bundled)
    monkeypatch.setattr(assets.resources, "files", lambda _package: package)
    return bundled


def test_an_installed_wheel_uses_its_own_files(installed: Path) -> None:
    assert assets.model_path().parent == installed
    assert assets.demo_clip().parent == installed
    assert assets.model_manifest().file == assets.model_path().name


def test_missing_files_are_named(installed: Path) -> None:
    shutil.rmtree(installed)
    with pytest.raises(ModelError, match=r"pose_landmarker_full\.task is missing: reinstall"):
        assets.model_path()
    with pytest.raises(SourceError, match=r"sq_in30_right_ben\.mp4 is missing: reinstall"):
        assets.demo_clip()


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"file": "x"}'])
def test_a_damaged_manifest_is_named(installed: Path, content: str) -> None:
    (installed / "manifest.json").write_text(content, encoding="utf-8")
    with pytest.raises(ModelError, match="is not a model manifest"):
        assets.model_manifest()

"""Where the bundled pose model, its manifest and the demo clip lie.

An installed wheel carries them in ``kneetrack/_bundled``; a checkout has them in ``models/`` and
``samples/`` beside the package.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Final

from kneetrack.records import ModelError, SourceError

MODEL_FILE: Final = "pose_landmarker_full.task"
MANIFEST_FILE: Final = "manifest.json"
DEMO_CLIP_FILE: Final = "sq_in30_right_ben.mp4"


@dataclass(frozen=True, slots=True)
class ModelManifest:
    """What is known of the bundled model: its checksum, where it is from, under which licence."""

    file: str
    sha256: str
    size_bytes: int
    licence: str
    origin: str


def model_path() -> Path:
    """The bundled pose model; ModelError when the installation lacks it."""
    return _existing(MODEL_FILE, "models", ModelError)


def model_manifest() -> ModelManifest:
    """The bundled model's manifest; ModelError when it is missing or damaged."""
    path = _existing(MANIFEST_FILE, "models", ModelError)
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        return ModelManifest(**{name: content[name] for name in ModelManifest.__dataclass_fields__})
    except (ValueError, TypeError, KeyError) as error:
        raise ModelError(
            f"{path} is not a model manifest ({error}): reinstall kneetrack"
        ) from error


def demo_clip() -> Path:
    """The clip that ``kneetrack demo`` analyses; SourceError when the installation lacks it."""
    return _existing(DEMO_CLIP_FILE, "samples", SourceError)


def _existing(name: str, checkout_folder: str, error: type[ModelError | SourceError]) -> Path:
    package = Path(str(resources.files("kneetrack")))
    bundled = package / "_bundled" / name
    for path in (bundled, package.parent / checkout_folder / name):
        if path.is_file():
            return path
    raise error(f"{bundled} is missing: reinstall kneetrack")

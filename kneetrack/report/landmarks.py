"""landmarks.npz: the landmarks as the model gave them, and what is needed to analyse them again.

A plain NumPy archive without pickled objects: ``xy_px``, ``xyz_m`` (absent when the model gave no
metres), ``confidence``, ``t_s``, ``size_px``, ``landmark_names`` and ``facts`` (a JSON text).
"""

from __future__ import annotations

import json
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

import numpy as np
from pydantic import TypeAdapter, ValidationError

from kneetrack.records import ClipInfo, PeopleInfo, PoseTrack, SourceError
from kneetrack.report.writing import whole_file
from kneetrack.skeleton import Landmark

FORMAT: Final = "kneetrack/landmarks/1"
_NAMES: Final = tuple(landmark.name.lower() for landmark in Landmark)
_BROKEN: Final = (zipfile.BadZipFile, zlib.error, EOFError, KeyError, ValueError, MemoryError)


@dataclass(frozen=True, slots=True)
class StoredLandmarks:
    """What landmarks.npz holds: the raw track, its clip, whom it follows, and the versions used.

    versions: such as ``{"kneetrack": "0.1.0", "mediapipe": "1.2.2", "model sha256": "..."}``.
    """

    track: PoseTrack
    clip: ClipInfo
    people: PeopleInfo = field(default_factory=PeopleInfo)
    versions: Mapping[str, str] = field(default_factory=dict)


def write_landmarks(stored: StoredLandmarks, path: Path) -> Path:
    """Write landmarks.npz, whole or not at all; equal contents give equal bytes.

    Raises OutputError.
    """
    facts = {
        "format": FORMAT,
        "clip": asdict(stored.clip),
        "people": asdict(stored.people),
        "versions": dict(stored.versions),
    }
    track = stored.track
    arrays: dict[str, Any] = {
        "xy_px": track.xy_px.astype(np.float32),
        "confidence": track.confidence.astype(np.float32),
        "t_s": track.t_s.astype(np.float64),
        "size_px": np.array(track.size_px, np.int64),
        "landmark_names": np.array(_NAMES),
        "facts": np.array(json.dumps(facts, ensure_ascii=False)),
    }
    if track.xyz_m is not None:
        arrays["xyz_m"] = track.xyz_m.astype(np.float32)
    with whole_file(path) as part, part.open("xb") as stream:
        np.savez_compressed(stream, **arrays)
    return path


def read_landmarks(path: Path) -> StoredLandmarks:
    """Read landmarks.npz back.

    Raises SourceError when the file is missing, cut off, or not kneetrack's.
    """
    try:
        archive = np.load(path, allow_pickle=False)
        if not isinstance(archive, np.lib.npyio.NpzFile):
            raise ValueError("a single array")
        with archive:
            if "facts" not in archive:
                raise SourceError(f"{path} holds no kneetrack landmarks; give a landmarks.npz")
            arrays = {name: archive[name] for name in archive.files}
        return _stored(arrays, path)
    except OSError as error:
        reason = error.strerror or "unreadable"
        raise SourceError(f"cannot read {path}: {reason}") from error
    except _BROKEN as error:
        raise SourceError(
            f"{path} is damaged or not a landmarks.npz; analyse the clip again to make a new one"
        ) from error


def _stored(arrays: Mapping[str, Any], path: Path) -> StoredLandmarks:
    facts = json.loads(str(arrays["facts"]))
    if not isinstance(facts, dict) or facts.get("format") != FORMAT:
        found = facts.get("format") if isinstance(facts, dict) else None
        raise SourceError(
            f"{path} is of another format ({found or 'unknown'}, this kneetrack reads {FORMAT}); "
            "analyse the clip again"
        )
    if tuple(arrays["landmark_names"].tolist()) != _NAMES:
        raise ValueError("other landmarks")
    try:
        clip = TypeAdapter(ClipInfo).validate_python(facts["clip"])
        people = TypeAdapter(PeopleInfo).validate_python(facts["people"])
        versions = TypeAdapter(dict[str, str]).validate_python(facts["versions"])
    except ValidationError as error:
        raise ValueError(str(error)) from error
    return StoredLandmarks(_track(arrays), clip, people, versions)


def _track(arrays: Mapping[str, Any]) -> PoseTrack:
    for name in ("xy_px", "confidence", "t_s"):
        if arrays[name].dtype.kind != "f":
            raise ValueError(f"{name} is not of numbers")
    if not np.isfinite(arrays["t_s"]).all():
        raise ValueError("a time is missing")
    width, height = (int(n) for n in arrays["size_px"])
    return PoseTrack(
        arrays["xy_px"], arrays.get("xyz_m"), arrays["confidence"], arrays["t_s"], (width, height)
    )

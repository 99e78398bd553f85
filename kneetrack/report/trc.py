"""landmarks.trc: the world landmarks as markers, for OpenSim and Mokka.

Metres, right-handed: x to the right of the picture, y up, z towards the camera. The origin is the
middle of the hips in every frame, so the body hangs from its hips and does not travel.

Every field, the last one too, ends in a tab: OpenSim then keeps an unseen marker's empty fields
to the end of the row, and Mokka, which drops the last character of a row, loses nothing.
"""

from __future__ import annotations

from math import isnan
from pathlib import Path
from typing import Final

import numpy as np

from kneetrack.records import FloatArray, OutputError, PoseTrack
from kneetrack.report.writing import write_text
from kneetrack.skeleton import Landmark

_PARTS: Final = {
    "EYE": "Eye",
    "EAR": "Ear",
    "SHOULDER": "Shoulder",
    "ELBOW": "Elbow",
    "WRIST": "Wrist",
    "PINKY": "Pinky",
    "INDEX": "Index",
    "THUMB": "Thumb",
    "HIP": "Hip",
    "KNEE": "Knee",
    "ANKLE": "Ankle",
    "HEEL": "Heel",
    "FOOT_INDEX": "BigToe",
}
MARKERS: Final[dict[str, Landmark]] = {"Nose": Landmark.NOSE} | {
    f"{side[0]}{part}": Landmark[f"{side}_{name}"]
    for name, part in _PARTS.items()
    for side in ("LEFT", "RIGHT")
}
"""Marker name -> landmark, in file order."""

_KEYS: Final = (
    "DataRate",
    "CameraRate",
    "NumFrames",
    "NumMarkers",
    "Units",
    "OrigDataRate",
    "OrigDataStartFrame",
    "OrigNumFrames",
)
_UNIFORM: Final = 0.1
"""A clip counts as uniform when no time is further than this many frames from the even grid."""


def trc_text(track: PoseTrack, file_name: str = "landmarks.trc") -> str:
    """The text of a TRC file; resampled (linearly, gaps stay gaps) when the rate varies.

    Raises OutputError when the track has no world landmarks or no frames.
    """
    if track.xyz_m is None or not len(track) or not np.isfinite(track.xyz_m).any():
        raise OutputError("cannot write landmarks.trc: these landmarks have no metres")
    t_s, xyz_m, rate_hz = _uniform(track.t_s, track.xyz_m[:, list(MARKERS.values())])
    xyz_m = xyz_m * np.array([1.0, -1.0, -1.0])
    lines = _header(file_name, rate_hz, len(t_s))
    for i, (t, row) in enumerate(zip(t_s.tolist(), xyz_m, strict=True)):
        seen = np.isfinite(row).all(axis=1, keepdims=True)
        cells = np.where(seen, row, np.nan).ravel().tolist()
        fields = ["" if isnan(x) else f"{x:.6f}" for x in cells]
        lines.append("\t".join([str(i + 1), f"{t:.6f}", *fields]) + "\t")
    return "\n".join(lines) + "\n"


def write_trc(track: PoseTrack, path: Path) -> Path:
    """Write landmarks.trc. Raises OutputError."""
    return write_text(path, trc_text(track, path.name))


def _header(file_name: str, rate_hz: float, n_frames: int) -> list[str]:
    name = "".join(c if c.isprintable() else "_" for c in file_name)
    rate = f"{rate_hz:.4f}"
    values = [rate, rate, str(n_frames), str(len(MARKERS)), "m", rate, "1", str(n_frames)]
    labels = "".join(f"{marker}\t\t\t" for marker in MARKERS)
    axes = "".join(f"X{i}\tY{i}\tZ{i}\t" for i in range(1, len(MARKERS) + 1))
    return [
        f"PathFileType\t4\t(X/Y/Z)\t{name}\t",
        "\t".join(_KEYS) + "\t",
        "\t".join(values) + "\t",
        f"Frame#\tTime\t{labels}",
        f"\t\t{axes}",
        "",
    ]


def _uniform(t_s: FloatArray, xyz_m: FloatArray) -> tuple[FloatArray, FloatArray, float]:
    """(even times, (T', M, 3) metres, rate in Hz); the frames themselves when already even."""
    if len(t_s) < 2:
        return t_s, xyz_m, 30.0
    mean_s = float(t_s[-1] - t_s[0]) / (len(t_s) - 1)
    grid = t_s[0] + mean_s * np.arange(len(t_s))
    if np.abs(grid - t_s).max() <= _UNIFORM * mean_s:
        return grid, xyz_m, 1.0 / mean_s
    step_s = float(np.median(np.diff(t_s)))
    grid = np.arange(t_s[0], t_s[-1] + 1e-9, step_s)
    after = np.clip(np.searchsorted(t_s, grid), 1, len(t_s) - 1)
    before = after - 1
    share = np.clip((grid - t_s[before]) / (t_s[after] - t_s[before]), 0.0, 1.0)[:, None, None]
    between = xyz_m[before] * (1 - share) + xyz_m[after] * share
    between = np.where(share == 0, xyz_m[before], np.where(share == 1, xyz_m[after], between))
    return grid, between, 1.0 / step_s

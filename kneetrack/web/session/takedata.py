"""What the browser needs to show a take in time: landmarks, repetitions, curves."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from typing import Any, Final

import numpy as np

from kneetrack import skeleton as sk
from kneetrack.records import PoseTrack
from kneetrack.report.curves import Curves
from kneetrack.result import RepRow, ViewName
from kneetrack.skeleton import Landmark

_BODY: Final = (
    Landmark.NOSE,
    *sk.SHOULDERS,
    *sk.ELBOWS,
    *sk.WRISTS,
    *sk.HIPS,
    *sk.KNEES,
    *sk.ANKLES,
    *sk.HEELS,
    *sk.TOES,
)
_SHANKS: Final = (*sk.KNEES, *sk.ANKLES, *sk.HEELS, *sk.TOES)
_WORDS: Final = {"foot index": "toe"}


def shown_landmarks(view: ViewName | None) -> tuple[int, ...]:
    """Landmarks worth showing; from the foot end only those that the model does not make up."""
    return tuple(int(i) for i in (_SHANKS if view == "foot_end" else _BODY))


def side_of(index: int) -> str:
    """Whose side a landmark is on: "left", "right" or "middle"."""
    if Landmark(index) == Landmark.NOSE:
        return "middle"
    return "left" if "LEFT" in Landmark(index).name else "right"


def landmark_title(index: int) -> str:
    """Such as "right knee", "left toe", "nose"."""
    text = Landmark(index).name.lower().replace("_", " ")
    for word, said in _WORDS.items():
        text = text.replace(word, said)
    return text


def take_data(
    track: PoseTrack,
    reps: Sequence[RepRow],
    curves: Curves | None,
    *,
    view: ViewName | None,
    moved: Collection[tuple[int, int]] = (),
) -> dict[str, Any]:
    """Ready for JSON. Coordinates are pixels of the upright picture; null = not seen.

    moved: (frame, landmark) that a reviewer put somewhere else; the track holds the new places.
    """
    shown = shown_landmarks(view)
    places = track.xy_px[:, list(shown), :].reshape(len(track), -1)
    edges = [(a, b) for a, b in sk.EDGES if a in shown and b in shown]
    return {
        "size": list(track.size_px),
        "t": [round(t, 4) for t in track.t_s.tolist()],
        "shown": list(shown),
        "names": {i: {"title": landmark_title(i), "side": side_of(i)} for i in shown},
        "edges": [[int(a), int(b), _edge_side(a, b)] for a, b in edges],
        "xy": [[_tenth(value) for value in row] for row in places.astype(np.float64).tolist()],
        "reps": [rep_data(rep) for rep in reps],
        "curves": curves.data if curves is not None else None,
        "moved": [list(pair) for pair in sorted(moved)],
    }


def rep_data(rep: RepRow) -> dict[str, Any]:
    """The times of a repetition."""
    return {
        "index": rep.index,
        "side": rep.side,
        "start_s": round(rep.start_s, 3),
        "bottom_s": round(rep.bottom_s, 3),
        "end_s": round(rep.end_s, 3),
    }


def _edge_side(a: Landmark, b: Landmark) -> str:
    return side_of(a) if side_of(a) == side_of(b) else "middle"


def _tenth(value: float) -> float | None:
    return round(value, 1) if math.isfinite(value) else None

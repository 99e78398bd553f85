"""Where a take's landmarks are at one moment, as they are drawn: for who wants to move one."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kneetrack.clinic.correcting import shown_landmarks
from kneetrack.clinic.landmark_moves import nearest_frame
from kneetrack.records import SettingsError
from kneetrack.skeleton import Landmark

if TYPE_CHECKING:
    from kneetrack.store.store import Store


@dataclass(frozen=True, slots=True)
class LandmarksAt:
    """Where landmarks are in one frame. xy_px: pixels of the upright picture; None: not seen."""

    t_s: float
    size_px: tuple[int, int]
    xy_px: Mapping[str, tuple[float, float] | None]


def landmarks_at(store: Store, trial_id: str, at_s: float) -> LandmarksAt:
    """The landmarks of :func:`shown_landmarks` in the frame nearest to ``at_s``.

    Raises SettingsError for a second outside the clip.
    """
    track = shown_landmarks(store, trial_id)
    first, last = float(track.t_s[0]), float(track.t_s[-1])
    if not first - 0.05 <= at_s <= last + 0.05:
        raise SettingsError(f"{at_s:g} s lies outside the clip ({first:.2f} to {last:.2f} s)")
    frame = nearest_frame(track.t_s, at_s)
    points: dict[str, tuple[float, float] | None] = {}
    for landmark in Landmark:
        x, y = (float(v) for v in track.xy_px[frame, landmark])
        seen = math.isfinite(x) and math.isfinite(y)
        points[landmark.name.lower()] = (round(x, 1), round(y, 1)) if seen else None
    return LandmarksAt(float(track.t_s[frame]), track.size_px, points)

"""Two clues for a movement score that no measure gives: do the arms move, does the knee wobble.

Both are heuristics of this program. Nobody has held them against a clinician's eye: their limits
say where a picture surely shows something, where it surely shows nothing, and leave the middle
open. They see the picture's plane alone: an arm that moves towards the camera moves little.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kneetrack import signals
from kneetrack import skeleton as sk
from kneetrack.angles import middle
from kneetrack.records import FloatArray, PoseTrack

ARM_EDGE: Final = 0.25
"""Trunk lengths that a wrist moves against the trunk: about a hand's breadth and a half."""
ARM_ERROR: Final = 0.07
WOBBLE_EDGE: Final = 0.020
"""Shank lengths (root mean square) that the knee trembles sideways: about 8 mm."""
WOBBLE_ERROR: Final = 0.006
TREND_S: Final = 0.2
"""What changes more slowly than this is the movement, not a wobble."""
LEAST_SEEN: Final = 0.7
SURE: Final = 0.5


@dataclass(frozen=True, slots=True)
class Clue:
    """A number with its error, in ``unit``; NaN with the reason where it cannot be told."""

    value: float
    error: float
    unit: str
    reason: str = ""


def arm_travel(track: PoseTrack, inside: NDArray[np.bool_]) -> Clue:
    """How far the wrist that moves more travels against the trunk, trunk lengths.

    Along the trunk as a share of its length in that frame, which leaning forward does not change;
    across it in lengths of the upright trunk. Distance between the 5th and the 95th percentile over
    the frames ``inside`` (T,). ``track`` is smoothed.
    """
    hips, shoulders = middle(track.xy_px, sk.HIPS), middle(track.xy_px, sk.SHOULDERS)
    trunk = shoulders - hips
    length = np.linalg.norm(trunk, axis=1)
    if not np.isfinite(length[inside]).any():
        return _unseen("trunk lengths", "the trunk is hidden")
    upright = float(np.nanpercentile(length[inside], 95))
    with np.errstate(all="ignore"):
        up = trunk / length[:, None]
    across = np.stack([-up[:, 1], up[:, 0]], axis=1)
    travels = []
    for wrist in sk.WRISTS:
        arm = track.xy_px[:, wrist] - hips
        along = (arm * up).sum(axis=1) / length
        aside = (arm * across).sum(axis=1) / upright
        place = np.column_stack([along, aside])[inside]
        seen = np.isfinite(place).all(axis=1) & (track.confidence[inside, wrist] >= SURE)
        if seen.mean() < LEAST_SEEN:
            return _unseen("trunk lengths", "a wrist is hidden for too long")
        low, high = np.percentile(place[seen], (5, 95), axis=0)
        travels.append(float(np.hypot(*(high - low))))
    return Clue(max(travels), ARM_ERROR, "trunk lengths")


def knee_wobble(track: PoseTrack, inside: NDArray[np.bool_], side: int) -> Clue:
    """How much the knee trembles sideways over its ankle, root mean square in shank lengths.

    What is left of knee less ankle across the picture when its slow course is taken off.
    ``track`` is smoothed; side: index of the standing leg.
    """
    knee, ankle = track.xy_px[:, sk.KNEES[side]], track.xy_px[:, sk.ANKLES[side]]
    offset = (knee - ankle)[:, 0].astype(float)
    shank = np.linalg.norm(knee - ankle, axis=1)
    sure = np.minimum(track.confidence[:, sk.KNEES[side]], track.confidence[:, sk.ANKLES[side]])
    seen = np.isfinite(offset) & (sure >= SURE)
    if not inside.any() or seen[inside].mean() < LEAST_SEEN:
        return _unseen("shank lengths", "the standing knee or ankle is hidden for too long")
    squares: list[FloatArray] = []
    for a, b in signals.spans(np.isfinite(offset)):
        part = offset[a:b]
        if b - a < 5:
            continue
        rest = part - signals.slow_trend(track.t_s[a:b], part, TREND_S)
        squares.append((rest**2)[(inside & seen)[a:b]])
    left = np.concatenate(squares) if squares else np.empty(0)
    if not len(left):
        return _unseen("shank lengths", "the standing knee or ankle is hidden for too long")
    scale = float(np.nanpercentile(shank[inside & seen], 95))
    return Clue(float(np.sqrt(left.mean())) / scale, WOBBLE_ERROR, "shank lengths")


def _unseen(unit: str, reason: str) -> Clue:
    return Clue(float("nan"), float("nan"), unit, reason)

"""The glute bridge: what the pose model gets wrong lying down, and when to trust the knees.

Pure functions over (..., K, 2) pixels, y down. The constants are in calibration.py; how they were
found, what was tried and did not help, is in docs/bridge.md.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from kneetrack import calibration as cal
from kneetrack import skeleton as sk
from kneetrack.angles import distance, kasr_ratio, pair, segment_length_px
from kneetrack.records import FloatArray

BoolArray = NDArray[np.bool_]

KNEES_UNCLEAR: Final = (
    "the knees could not be made out from the foot end: lens at knee height, 1.5 to 2.5 m away, "
    "alone and whole in the picture, in clothes that are not of the floor's colour"
)
UNEVEN_RATIO: Final = 0.12
"""Knees of a bridge are at one height: read further apart than this (shanks), one is misplaced."""
SHORT_RATIO: Final = 0.85
"""A shank keeps its length: read shorter than this share of its usual, the knee is misplaced."""
LEAST_CLEAR: Final = 0.75
"""Where fewer frames of a set than this hold together, those that do are luck."""


def centred_hips(xy: FloatArray, thigh_px: FloatArray | float) -> FloatArray:
    """A copy of (..., K, 2) with both hips moved to the joint's centre, side views of the supine.

    The model puts a hip in front of its joint by ``cal.HIP_ANTERIOR_RATIO`` thighs, at right
    angles to the trunk; lying on the back, front is up in the picture.
    """
    shoulder, hip = pair(xy, sk.SHOULDERS), pair(xy, sk.HIPS)
    trunk = hip - shoulder
    with np.errstate(invalid="ignore", divide="ignore"):
        along = trunk / distance(hip, shoulder)[..., None]
    back = np.stack([-along[..., 1], along[..., 0]], axis=-1)
    back = np.where(back[..., 1:] < 0, -back, back)
    moved = np.array(xy, np.float64)
    shift_px = cal.HIP_ANTERIOR_RATIO * np.asarray(thigh_px)
    moved[..., list(sk.HIPS), :] = hip + back * shift_px[..., None]
    return moved


def knee_ankle_ratio(xy: FloatArray) -> FloatArray:
    """(...): knee over ankle separation from the foot end, for the knees' greater distance.

    1 = knees over ankles. Knees lie 0.1 to 0.2 m behind the ankles, of 2 to 3 m to the lens.
    """
    return np.asarray(kasr_ratio(xy) * cal.FOOT_END_DEPTH_GAIN)


def uneven_knees(xy: FloatArray, shank_px: float) -> BoolArray:
    """(...): one knee is read higher over its ankle than the other, which a bridge cannot do."""
    height = pair(xy, sk.ANKLES)[..., 1] - pair(xy, sk.KNEES)[..., 1]
    gap = np.abs(height[..., 0] - height[..., 1])
    return np.asarray(~(gap <= UNEVEN_RATIO * shank_px))


def knees_clear(xy: FloatArray) -> BoolArray:
    """(T,): frames of a set seen from the foot end in which both knees can be where they are read.

    The pose model knows few people seen from their feet: it takes touching knees for hips, puts a
    knee half-way down the shank, and is sure of it. What it cannot imitate is a pair of shanks
    that keep their length, side by side, through the whole set. NaN is not clear.
    """
    shanks = segment_length_px(xy, sk.KNEES, sk.ANKLES)
    known = shanks[np.isfinite(shanks)]
    if len(known) == 0:
        return np.zeros(len(xy), bool)
    usual_px = float(np.percentile(known, 95))
    whole = (shanks >= SHORT_RATIO * usual_px).all(axis=-1)
    return np.asarray(whole & ~uneven_knees(xy, usual_px))


def unclear_knees(xy: FloatArray) -> BoolArray:
    """(T,): frames whose knee distance is not to be given; all of them where most are not clear."""
    clear = knees_clear(xy)
    seen = np.isfinite(pair(xy, sk.KNEES)).all(axis=(-1, -2))
    enough = bool(seen.any()) and clear[seen].mean() >= LEAST_CLEAR
    return np.asarray(~clear if enough else np.ones(len(xy), bool))

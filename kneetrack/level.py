"""A tilted camera: by how much, and its track turned level.

Angles between segments (FPPA, flexion) do not care; whatever is held against the vertical does: a
camera tilted by 4 degrees moves KFO by 7 % of a shank, one leg inwards and the other outwards.

Sign: ``roll_deg`` > 0 when upright things lean to the right in the picture (the camera was turned
anticlockwise, seen from behind it).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from kneetrack import skeleton as sk
from kneetrack.angles import middle
from kneetrack.posture import Posture
from kneetrack.records import FloatArray, PoseTrack

BoolArray = NDArray[np.bool_]

LEAST_FRAMES = 5
TALL_SINK = 0.06
"""Where nobody stands still: the frames in which the hips are hardly lower than at their highest
(leg lengths), with both feet down."""
ERROR_TALL_DEG = 1.0
"""What not standing still adds."""
MOST_DEG = 20.0
"""More than this is no camera put down carelessly: something else is the matter."""
AGREE_DEG = 3.5
"""Lines further than this from what most of them say are left out."""
LINES_UP_TO_YAW_DEG = 20.0
"""Seen further from the side, ankles, hips and shoulders do not lie level in the picture."""
FORWARD_DEG = 1.7
"""How far shoulders stand in front of the ankles, seen from the side: 1.7 degrees (SD 0.3) on nine
rendered people; 4 cm over 1.35 m in the plumb-line posture of textbooks."""
ERROR_LEGS_DEG, ERROR_TRUNK_DEG = 1.2, 1.5
"""Standard error of legs and trunk as plumb lines: 0.2 and 0.4 on rendered people, who stand
plumb, and about a degree for those who do not."""
ERROR_LINES_DEG = (2.0, 2.5, 2.5)
"""The same of hip, shoulder and ankle line as levels: 0.9, 1.8 and 1.9 on rendered people."""
ERROR_SIDE_DEG = 2.0
"""What posture adds from the side, where people slouch and lean back."""


@dataclass(frozen=True, slots=True)
class Roll:
    """deg: the camera's roll, NaN when it cannot be told; error_deg: its standard error.

    turn_deg: what the track is to be levelled by, 0 when it is best left alone.
    """

    deg: float = float("nan")
    error_deg: float = float("nan")
    turn_deg: float = 0.0

    @property
    def note(self) -> str:
        """What to tell the user, empty when nothing was turned."""
        if not self.turn_deg:
            return ""
        return f"camera tilted by {abs(self.turn_deg):.0f} degrees: levelled"


def camera_roll(
    track: PoseTrack, posture: Posture, yaw_deg: FloatArray, least_deg: float = 2.0
) -> Roll:
    """The camera's roll from an upright stance on two feet, as the median over its frames.

    Legs and trunk tell the vertical; from the front and from behind, ankles, hips and shoulders
    tell the horizontal. Somebody who leans is not taken for a tilted camera: what most lines say
    counts, and from the front two of the three level ones must agree with it. Less than
    ``least_deg``, or than two standard errors, is left alone. Unknown for who lies or stands on
    one leg throughout.

    yaw_deg: (T,) camera yaw in each frame.
    """
    frames, still = _upright(posture)
    if frames.sum() < LEAST_FRAMES:
        return Roll()
    yaw = float(np.nanmedian(yaw_deg[frames])) if np.isfinite(yaw_deg[frames]).any() else 0.0
    plumb = _plumb_deg(track.xy_px[frames], yaw)
    squarely = abs(np.sin(np.radians(yaw))) <= np.sin(np.radians(LINES_UP_TO_YAW_DEG))
    lines = _lines_deg(track.xy_px[frames]) if squarely else np.empty(0)
    deg, error = _agreed(plumb, lines)
    slouch = ERROR_SIDE_DEG * float(np.sin(np.radians(yaw)))
    error = float(np.linalg.norm([error, slouch, 0.0 if still else ERROR_TALL_DEG]))
    if not np.isfinite(deg) or abs(deg) > MOST_DEG:
        return Roll()
    turned = abs(deg) >= max(least_deg, 2 * error)
    return Roll(deg, error, deg if turned else 0.0)


def _upright(posture: Posture) -> tuple[BoolArray, bool]:
    """(T,) frames in which the person stands upright on two feet; and whether they stand still."""
    two_feet = np.abs(posture.foot_up_world) < 0.10
    still = posture.still_upright & two_feet
    if still.sum() >= LEAST_FRAMES:
        return still, True
    tall = posture.seen & ~posture.lying & (posture.sink < TALL_SINK) & (posture.trunk_legs > 0.4)
    return tall & two_feet, False


def level_xy(xy_px: FloatArray, roll_deg: float, size_px: tuple[int, int]) -> FloatArray:
    """(..., 2) pixels turned about the middle of the picture so that upright things stand so."""
    if not roll_deg:
        return xy_px
    centre = np.array(size_px, float) / 2
    return np.asarray((xy_px - centre) @ _back(roll_deg).T + centre, xy_px.dtype)


def level_track(track: PoseTrack, roll_deg: float) -> PoseTrack:
    """The track as a level camera would have seen it; metres turned about the optical axis."""
    if not roll_deg:
        return track
    xyz = track.xyz_m
    if xyz is not None:
        xyz = xyz.copy()
        xyz[..., :2] = xyz[..., :2] @ _back(roll_deg).T
    return replace(track, xy_px=level_xy(track.xy_px, roll_deg, track.size_px), xyz_m=xyz)


def _back(roll_deg: float) -> NDArray[np.float64]:
    """(2, 2): turns x right, y down anticlockwise by ``roll_deg``."""
    roll = np.radians(roll_deg)
    return np.array([[np.cos(roll), np.sin(roll)], [-np.sin(roll), np.cos(roll)]])


def _plumb_deg(xy: FloatArray, yaw_deg: float) -> FloatArray:
    """(2,): lean to the right of legs and trunk, less what people lean forward from the side."""
    feet, hips, shoulders = (middle(xy, pair) for pair in (sk.ANKLES, sk.HIPS, sk.SHOULDERS))
    forward = -FORWARD_DEG * np.sin(np.radians(yaw_deg))
    return np.asarray([_lean_deg(feet, hips) - forward, _lean_deg(hips, shoulders) - forward])


def _lean_deg(low: FloatArray, high: FloatArray) -> float:
    up = high - low
    return float(np.nanmedian(np.degrees(np.arctan2(up[:, 0], -up[:, 1]))))


def _lines_deg(xy: FloatArray) -> FloatArray:
    """(3,): how far hips, shoulders and ankles slope down to the right of the picture."""
    return np.array([_slope_deg(xy, pair) for pair in (sk.HIPS, sk.SHOULDERS, sk.ANKLES)])


def _slope_deg(xy: FloatArray, landmarks: tuple[int, int]) -> float:
    across = xy[:, landmarks[0]] - xy[:, landmarks[1]]
    with np.errstate(all="ignore"):
        return float(np.nanmedian(np.degrees(np.arctan(across[:, 1] / across[:, 0]))))


def _agreed(plumb: FloatArray, lines: FloatArray) -> tuple[float, float]:
    """Weighted mean of the estimates that lie together, and its error; NaN when they do not."""
    unknown = float("nan"), float("nan")
    said = np.concatenate([plumb, lines])
    errors = np.array([ERROR_LEGS_DEG, ERROR_TRUNK_DEG, *ERROR_LINES_DEG])[: len(said)]
    known = np.isfinite(said)
    if not known[:2].all():
        return unknown
    near = known & (np.abs(said - _weighted_median(said[known], 1 / errors[known])) <= AGREE_DEG)
    enough = near[2:].sum() >= 2 and near[:2].any() if len(lines) else near.all()
    if not enough:
        return unknown
    weights = near / errors**2
    mean = np.average(said[near], weights=weights[near])
    return float(mean), float(1 / np.sqrt(weights.sum()))


def _weighted_median(values: FloatArray, weights: FloatArray) -> float:
    order = np.argsort(values)
    reached = np.cumsum(weights[order]) / weights.sum()
    return float(values[order][np.searchsorted(reached, 0.5)])

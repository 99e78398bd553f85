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
"""Lines this near to each other say the same."""
LINES_UP_TO_YAW_DEG = 20.0
"""Seen further from the side, ankles, hips and shoulders do not lie level in the picture."""
FORWARD_DEG = 1.7
"""How far shoulders stand in front of the ankles, seen from the side: 1.7 degrees (SD 0.3) on nine
rendered people; 4 cm over 1.35 m in the plumb-line posture of textbooks."""
ERROR_LEGS_DEG, ERROR_TRUNK_DEG = 1.2, 1.5
"""Standard error of legs and trunk as plumb lines: 0.2 and 0.4 on rendered people, who stand
plumb, and about a degree for those who do not."""
ERROR_DEG = float((ERROR_LEGS_DEG**-2 + ERROR_TRUNK_DEG**-2) ** -0.5)
HIP_LINE_GAIN = 1.6
"""By how much at most the model overdoes the slope of the hips in tilted pictures (8 clips, 8 and
-4 degrees: 1.6, shoulders 1.1, ankles 1.0, legs 1.06, trunk 0.93)."""
ASLANT_DEG = 4.0
"""Legs and trunk that lean so far the same way, without the level lines to go with it."""
ASLANT = "the camera is tilted, or you lean to one side: put it upright, and stand straight"
ERROR_SIDE_DEG = 2.0
"""What posture adds from the side, where people slouch and lean back."""


@dataclass(frozen=True, slots=True)
class Roll:
    """deg: the camera's roll, NaN when it cannot be told; error_deg: its standard error.

    turn_deg: what the track is to be levelled by, 0 when it is best left alone. unsure: why what
    is held against the vertical cannot be trusted; empty when it can.
    """

    deg: float = float("nan")
    error_deg: float = float("nan")
    turn_deg: float = 0.0
    unsure: str = ""

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

    Legs and trunk tell the vertical. Somebody who leans is not taken for a tilted camera: the two
    must agree, and from the front and from behind two of hips, shoulders and ankles must slope
    with them. Less than ``least_deg``, or than two standard errors, is left alone. Unknown for who
    lies or stands on one leg throughout.

    yaw_deg: (T,) camera yaw in each frame.
    """
    frames, still = _upright(track.xy_px, posture)
    if frames.sum() < LEAST_FRAMES:
        return Roll()
    yaw = float(np.nanmedian(yaw_deg[frames])) if np.isfinite(yaw_deg[frames]).any() else 0.0
    plumb = _plumb_deg(track.xy_px[frames], yaw)
    squarely = abs(np.sin(np.radians(yaw))) <= np.sin(np.radians(LINES_UP_TO_YAW_DEG))
    lines = _lines_deg(track.xy_px[frames]) if squarely else np.empty(0)
    deg = _agreed(plumb, lines)
    slouch = ERROR_SIDE_DEG * float(np.sin(np.radians(yaw)))
    error = float(np.linalg.norm([ERROR_DEG, slouch, 0.0 if still else ERROR_TALL_DEG]))
    if not np.isfinite(deg) or abs(deg) > MOST_DEG:
        aslant = len(lines) and (plumb.min() > ASLANT_DEG or plumb.max() < -ASLANT_DEG)
        return Roll(unsure=ASLANT if aslant else "")
    turned = abs(deg) >= max(least_deg, 2 * error)
    return Roll(deg, error, deg if turned else 0.0)


def _upright(xy: FloatArray, posture: Posture) -> tuple[BoolArray, bool]:
    """(T,) frames in which the person stands upright on two feet; and whether they stand still.

    In a tilted picture one foot seems lifted: that is taken off, by how the legs lean.
    """
    lean = _lean_deg(*(middle(xy[posture.still_upright], pair) for pair in (sk.ANKLES, sk.HIPS)))
    lean = np.nan_to_num(lean) if abs(np.nan_to_num(lean)) < MOST_DEG else 0.0
    left, right = (xy[:, ankle, 0] for ankle in sk.ANKLES)
    seeming = np.sin(np.radians(lean)) * np.sign(right - left) * posture.step_across
    two_feet = np.abs(posture.foot_up_world - seeming) < 0.10
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


def _agreed(plumb: FloatArray, lines: FloatArray) -> float:
    """What legs and trunk say together, if most of the level lines agree with it; else NaN."""
    if not abs(plumb[0] - plumb[1]) <= AGREE_DEG:
        return float("nan")
    said = float(np.average(plumb, weights=[ERROR_LEGS_DEG**-2, ERROR_TRUNK_DEG**-2]))
    if not len(lines):
        return said
    meant = np.array([*np.sort([lines[0], lines[0] / HIP_LINE_GAIN]), *lines[1:]])
    off = np.abs(said - np.array([np.clip(said, meant[0], meant[1]), *meant[2:]]))
    return said if (off <= AGREE_DEG).sum() >= 2 else float("nan")

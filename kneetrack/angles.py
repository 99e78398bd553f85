"""The calculator: landmarks in, measures out. Pure NumPy, over one frame and over a track alike.

Conventions of every function here:

- ``xy`` is (..., K, 2) in pixels, x right, y **down**; any leading axes. Never 0..1 coordinates:
  there a true 127 degree knee reads 149 in landscape and 97 in portrait.
- results with a side axis are (..., 2), left then right, the subject's own sides.
- ``medial`` is (2,), the sign of the image x direction that is medial for each leg, taken from
  the standing baseline (:func:`medial_direction`), not from each frame.
- lengths that normalise (``shank_px`` ...) are (2,) or scalar, from the standing baseline.
- NaN in, NaN out; nothing here decides whether a number is *valid*: that is ``view.py``.

Formulas: MEASURES section numbers in each docstring. Sources are those of the section.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from kneetrack import skeleton as sk
from kneetrack.records import FloatArray

LIMB_CHAINS = np.array(
    [
        (sk.ELBOWS[s], sk.SHOULDERS[s], sk.HIPS[s], sk.KNEES[s], sk.ANKLES[s], sk.TOES[s])
        for s in (sk.LEFT, sk.RIGHT)
    ]
).T
"""(6, 2): elbow to toe down each side; its inner points are the joints of :func:`joint_angles`."""


# ------------------------------------------------------------------ building blocks


def pair(xy: FloatArray, landmarks: Sequence[int]) -> FloatArray:
    """(..., 2, 2): the points of a left and a right landmark."""
    return xy[..., list(landmarks), :]


def middle(xy: FloatArray, landmarks: Sequence[int]) -> FloatArray:
    """(..., 2): the point half-way between two landmarks."""
    first, second = landmarks
    result: FloatArray = (xy[..., first, :] + xy[..., second, :]) / 2
    return result


def distance(a: FloatArray, b: FloatArray) -> FloatArray:
    """(...): Euclidean length from a to b, both (..., 2)."""
    return np.hypot(a[..., 0] - b[..., 0], a[..., 1] - b[..., 1])


def included_angle_deg(a: FloatArray, b: FloatArray, c: FloatArray) -> FloatArray:
    """(...): the unsigned angle at b between b-a and b-c, 0..180 degrees."""
    u, v = a - b, c - b
    cross = u[..., 0] * v[..., 1] - u[..., 1] * v[..., 0]
    dot = u[..., 0] * v[..., 0] + u[..., 1] * v[..., 1]
    return np.degrees(np.arctan2(np.abs(cross), dot))


def joint_major(xy: FloatArray) -> NDArray[np.float32]:
    """The same (T, K, 2) array as float32 whose memory runs joint by joint.

    :func:`joint_angles` over such an array costs a quarter of what it costs frame by frame.
    """
    stored = np.ascontiguousarray(np.moveaxis(xy, 0, -1), dtype=np.float32)
    return np.moveaxis(stored, -1, 0)


def joint_angles(xy: FloatArray) -> FloatArray:
    """(..., 4, 2): included angles in degrees at shoulder, hip, knee, ankle of each side.

    In the picture, 180 = straight. Fast on a :func:`joint_major` track.
    """
    leading = range(xy.ndim - 2)
    points = xy.transpose(xy.ndim - 2, xy.ndim - 1, *leading)
    x, y = points[:, 0][LIMB_CHAINS], points[:, 1][LIMB_CHAINS]
    along, down = x[1:] - x[:-1], y[1:] - y[:-1]
    cross = along[:-1] * down[1:]
    cross -= down[:-1] * along[1:]
    dot = along[:-1] * along[1:]
    dot += down[:-1] * down[1:]
    turn = np.abs(np.arctan2(cross, dot))
    turn *= turn.dtype.type(-180 / np.pi)
    turn += turn.dtype.type(180)
    return np.asarray(turn.transpose(*range(2, turn.ndim), 0, 1))


def medial_direction(xy: FloatArray) -> FloatArray:
    """(..., 2): +1 where medial is to the right of the picture, -1 where to the left.

    m_s = sign(x_hip_other - x_hip_s), MEASURES 0. Feed it the standing baseline.
    """
    x = pair(xy, sk.HIPS)[..., 0]
    return np.sign(x[..., ::-1] - x)


def segment_length_px(xy: FloatArray, start: Sequence[int], end: Sequence[int]) -> FloatArray:
    """(..., 2): length of a paired segment in the picture, e.g. (HIPS, KNEES) for the thighs."""
    return distance(pair(xy, start), pair(xy, end))


# ------------------------------------------------------------------ frontal plane


def thigh_inclination_deg(xy: FloatArray, medial: FloatArray) -> FloatArray:
    """(..., 2): thigh from the vertical, + = knee medial of the hip (MEASURES 0)."""
    hip, knee = pair(xy, sk.HIPS), pair(xy, sk.KNEES)
    across, down = (knee - hip)[..., 0] * medial, (knee - hip)[..., 1]
    return np.degrees(np.arctan2(across, down))


def shank_inclination_deg(xy: FloatArray, medial: FloatArray) -> FloatArray:
    """(..., 2): shank from the vertical, + = knee medial of the ankle (MEASURES 0, LSH in 4.2)."""
    knee, ankle = pair(xy, sk.KNEES), pair(xy, sk.ANKLES)
    across, down = (knee - ankle)[..., 0] * medial, (ankle - knee)[..., 1]
    return np.degrees(np.arctan2(across, down))


def fppa_deg(xy: FloatArray, medial: FloatArray) -> FloatArray:
    """(..., 2): frontal-plane projection angle, + = valgus, the knee medial of the hip-ankle line.

    FPPA = thigh inclination + shank inclination, wrapped to -180..180 (MEASURES 1.1).
    Frontal view only; it is a composite of hip and knee rotation and flexion, not a knee angle.
    """
    total = thigh_inclination_deg(xy, medial) + shank_inclination_deg(xy, medial)
    return (total + 180.0) % 360.0 - 180.0


def fppa_square_deg(
    xy: FloatArray,
    medial: FloatArray,
    thigh_px: FloatArray,
    shank_px: FloatArray,
    yaw_deg: float,
) -> FloatArray:
    """(..., 2): the FPPA that a camera squarely in front would see, + = valgus.

    Each segment's height in the picture and its standing length tell how far it points towards the
    camera; ``yaw_deg`` (> 0: the camera is on the person's left) tells how much of that shows as a
    sideways offset, which is taken out (MEASURES 1.5, its closed form solved for one leg).
    With yaw 0 it is :func:`fppa_deg`. Lengths (2,) from the standing baseline.
    """
    hip, knee, ankle = (pair(xy, j) for j in (sk.HIPS, sk.KNEES, sk.ANKLES))
    towards = np.asarray(medial)[..., 0] * np.sin(np.radians(yaw_deg))
    cosine = np.cos(np.radians(yaw_deg))
    total = np.zeros(knee.shape[:-1])
    for across, down, length in (
        ((knee - hip)[..., 0], (knee - hip)[..., 1], thigh_px),
        ((knee - ankle)[..., 0], (ankle - knee)[..., 1], shank_px),
    ):
        forward = np.sqrt(np.clip(np.square(length) - np.square(down), 0, None))
        square = (across - forward * towards) / cosine
        total = total + np.degrees(np.arctan2(square * medial, down))
    return np.asarray((total + 180.0) % 360.0 - 180.0)


def kfo_ratio(xy: FloatArray, medial: FloatArray, shank_px: FloatArray) -> FloatArray:
    """(..., 2): knee-over-foot offset, shank lengths, + = knee medial of the toe (MEASURES 2.2).

    (x_knee - x_toe) m / standing shank length; toe = foot index, about the second toe.
    """
    across = pair(xy, sk.KNEES)[..., 0] - pair(xy, sk.TOES)[..., 0]
    result: FloatArray = across * medial / shank_px
    return result


def kmd_ratio(xy: FloatArray, medial: FloatArray, leg_px: FloatArray) -> FloatArray:
    """(..., 2): knee medial displacement from the hip-ankle line, leg lengths (MEASURES 2.3)."""
    hip, knee, ankle = pair(xy, sk.HIPS), pair(xy, sk.KNEES), pair(xy, sk.ANKLES)
    with np.errstate(divide="ignore", invalid="ignore"):
        fraction = (knee - hip)[..., 1] / (ankle - hip)[..., 1]
    line_x = hip[..., 0] + fraction * (ankle - hip)[..., 0]
    result: FloatArray = (knee[..., 0] - line_x) * medial / leg_px
    return result


def separation_px(xy: FloatArray, landmarks: Sequence[int]) -> FloatArray:
    """(...): horizontal distance between a left and a right landmark."""
    first, second = landmarks
    return np.abs(xy[..., first, 0] - xy[..., second, 0])


def _ratio(above: FloatArray, below: FloatArray) -> FloatArray:
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(below > 0, above / below, np.nan)


def ktsr_ratio(xy: FloatArray) -> FloatArray:
    """(...): knee-to-toe separation ratio, 1 = knees over toes, < 1 = knees in (MEASURES 2.1)."""
    return _ratio(separation_px(xy, sk.KNEES), separation_px(xy, sk.TOES))


def kasr_ratio(xy: FloatArray) -> FloatArray:
    """(...): knee-to-ankle separation ratio; toe-out raises it (MEASURES 2.1)."""
    return _ratio(separation_px(xy, sk.KNEES), separation_px(xy, sk.ANKLES))


def nksd_ratio(xy: FloatArray) -> FloatArray:
    """(...): knee separation over hip separation (MEASURES 2.1)."""
    return _ratio(separation_px(xy, sk.KNEES), separation_px(xy, sk.HIPS))


def obliquity_deg(xy: FloatArray, landmarks: Sequence[int]) -> FloatArray:
    """(...): tilt of the hip or shoulder line, + = the subject's left higher (MEASURES 2.4)."""
    left, right = landmarks
    rise = xy[..., right, 1] - xy[..., left, 1]
    return np.degrees(np.arctan2(rise, separation_px(xy, landmarks)))


def contralateral_drop_deg(obliquity: FloatArray, standing: FloatArray) -> FloatArray:
    """(..., 2): drop of the hip opposite to each stance leg since standing, + = drop.

    Standing on the left leg the right hip drops, which raises the obliquity (MEASURES 2.4).
    """
    change = obliquity - standing
    return np.stack([change, -change], axis=-1)


def trunk_lean_deg(xy: FloatArray) -> FloatArray:
    """(...): frontal lean of the trunk from the vertical, + = to the right of the picture."""
    shoulder, hip = middle(xy, sk.SHOULDERS), middle(xy, sk.HIPS)
    across, up = (shoulder - hip)[..., 0], (hip - shoulder)[..., 1]
    return np.degrees(np.arctan2(across, up))


def weight_shift_ratio(xy: FloatArray) -> FloatArray:
    """(...): hip centre from the middle of the ankles over ankle separation (PSHIFT, MEASURES 2.4).

    + = towards the subject's left ankle, 0 = centred, 0.5 = over the left ankle.
    """
    hip_x = middle(xy, sk.HIPS)[..., 0]
    left_x, right_x = xy[..., sk.ANKLES[0], 0], xy[..., sk.ANKLES[1], 0]
    return _ratio_signed(hip_x - (left_x + right_x) / 2, left_x - right_x)


def lunge_weight_ratio(xy: FloatArray) -> FloatArray:
    """(..., 2): for each leg as the leading one, 0.5 = centred, 1 = over it (WS, MEASURES 4.2)."""
    shift = weight_shift_ratio(xy)
    return np.stack([0.5 + shift, 0.5 - shift], axis=-1)


def _ratio_signed(above: FloatArray, below: FloatArray) -> FloatArray:
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(below != 0, above / below, np.nan)


def step_width_ratio(xy: FloatArray, leg_px: FloatArray) -> FloatArray:
    """(...): ankle separation over the standing leg length (SW, MEASURES 4.2)."""
    result: FloatArray = separation_px(xy, sk.ANKLES) / np.mean(leg_px)
    return result


def toe_out_deg(xy: FloatArray, medial: FloatArray, foot_px: FloatArray) -> FloatArray:
    """(..., 2): toe-out in a frontal view, + = toes lateral of the heel.

    asin of the lateral heel-to-toe offset over the foot's length; ``foot_px`` is what the foot
    would measure from the side (about 0.6 shanks), as the picture foreshortens it from the front.
    """
    across = (pair(xy, sk.TOES) - pair(xy, sk.HEELS))[..., 0] * -np.asarray(medial)
    return np.degrees(np.arcsin(np.clip(across / foot_px, -1, 1)))


# ------------------------------------------------------------------ sagittal plane and depth


def knee_flexion_deg(xy: FloatArray) -> FloatArray:
    """(..., 2): 180 - included hip-knee-ankle angle in the picture, 0 = straight.

    True flexion only in side views; the trailing knee of a lateral lunge is read from the front.
    """
    return 180.0 - included_angle_deg(pair(xy, sk.HIPS), pair(xy, sk.KNEES), pair(xy, sk.ANKLES))


def knee_flexion_gate_deg(xy: FloatArray, thigh_px: FloatArray, shank_px: FloatArray) -> FloatArray:
    """(..., 2): flexion guessed from foreshortening in frontal views, to gate and to sample.

    acos(|HK| / standing |HK|) + acos(|KA| / standing |KA|), MEASURES 1.5. Never shown as flexion.
    """
    thigh = segment_length_px(xy, sk.HIPS, sk.KNEES) / thigh_px
    shank = segment_length_px(xy, sk.KNEES, sk.ANKLES) / shank_px
    total = np.arccos(np.clip(thigh, 0, 1)) + np.arccos(np.clip(shank, 0, 1))
    return np.asarray(np.degrees(total))


def knee_flexion_sunk_deg(xy: FloatArray, standing_px: FloatArray) -> FloatArray:
    """(..., 2): flexion guessed in frontal views from how far each hip has sunk over its ankle.

    2 acos(height / standing height): what it is where thigh and shank slope alike. ``standing_px``
    (2,): the height of the hip over the ankle when standing. Never shown as flexion.
    """
    height_px = pair(xy, sk.ANKLES)[..., 1] - pair(xy, sk.HIPS)[..., 1]
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(2 * np.degrees(np.arccos(np.clip(height_px / standing_px, 0, 1))))


def depth_ratio(xy: FloatArray, thigh_px: FloatArray) -> FloatArray:
    """(..., 2): (y_hip - y_knee) / thigh; 0 = parallel, > 0 deeper, -1 standing (MEASURES 4.1)."""
    below = pair(xy, sk.HIPS)[..., 1] - pair(xy, sk.KNEES)[..., 1]
    result: FloatArray = below / thigh_px
    return result


def drop_ratio(xy: FloatArray, standing_hip_y_px: float, leg_px: FloatArray) -> FloatArray:
    """(...): how far the hip centre has sunk since standing, leg lengths (DROP, MEASURES 4.1)."""
    result: FloatArray = (middle(xy, sk.HIPS)[..., 1] - standing_hip_y_px) / np.mean(leg_px)
    return result


def trunk_inclination_deg(xy: FloatArray, forward: float) -> FloatArray:
    """(...): trunk from the vertical in a side view, + = leaning forward (TIN, MEASURES 4.1).

    ``forward`` is +1 when the person faces the right of the picture, -1 the left.
    """
    return trunk_lean_deg(xy) * forward


def sagittal_shank_deg(xy: FloatArray, forward: float) -> FloatArray:
    """(..., 2): shank from the vertical in a side view, + = knee in front of the ankle."""
    knee, ankle = pair(xy, sk.KNEES), pair(xy, sk.ANKLES)
    across, up = (knee - ankle)[..., 0] * forward, (ankle - knee)[..., 1]
    return np.degrees(np.arctan2(across, up))


def knee_past_toe_ratio(xy: FloatArray, forward: float) -> FloatArray:
    """(..., 2): how far the knee is in front of the toe, foot lengths (KPT, MEASURES 4.1)."""
    toe, heel = pair(xy, sk.TOES), pair(xy, sk.HEELS)
    across = (pair(xy, sk.KNEES) - toe)[..., 0] * forward
    return _ratio(across, distance(toe, heel))


def heel_lift_ratio(
    xy: FloatArray, standing_heel_y_px: FloatArray, shank_px: FloatArray
) -> FloatArray:
    """(..., 2): rise of the heel since standing, shank lengths (HEEL, MEASURES 4.2)."""
    result: FloatArray = (standing_heel_y_px - pair(xy, sk.HEELS)[..., 1]) / shank_px
    return result


def hips_back_ratio(xy: FloatArray, forward: float, thigh_px: FloatArray) -> FloatArray:
    """(..., 2): hip behind the heel in a side view, thigh lengths (HINGE, MEASURES 4.2)."""
    behind = (pair(xy, sk.HEELS) - pair(xy, sk.HIPS))[..., 0] * forward
    result: FloatArray = behind / thigh_px
    return result


# ------------------------------------------------------------------ bridge


def hip_extension_deg(xy: FloatArray) -> FloatArray:
    """(..., 2): shoulder-hip-knee from the side, < 180 not extended, > 180 over-extended.

    SHK_signed = 180 - k |180 - included|, k = +1 with the hip below the shoulder-knee line
    (MEASURES 5). A lying person's hip is below the line when its y is larger.
    """
    shoulder, hip, knee = pair(xy, sk.SHOULDERS), pair(xy, sk.HIPS), pair(xy, sk.KNEES)
    with np.errstate(divide="ignore", invalid="ignore"):
        fraction = (hip - shoulder)[..., 0] / (knee - shoulder)[..., 0]
    line_y = shoulder[..., 1] + fraction * (knee - shoulder)[..., 1]
    sagging = np.where(hip[..., 1] >= line_y, 1.0, -1.0)
    bent = np.abs(180.0 - included_angle_deg(shoulder, hip, knee))
    return np.asarray(180.0 - sagging * bent)


def lift_ratio(xy: FloatArray, floor_hip_y_px: FloatArray, thigh_px: FloatArray) -> FloatArray:
    """(..., 2): how far the hip has risen off the floor, thigh lengths (LIFT, MEASURES 5)."""
    result: FloatArray = (floor_hip_y_px - pair(xy, sk.HIPS)[..., 1]) / thigh_px
    return result


def knee_separation_ratio(xy: FloatArray, start_px: FloatArray | float) -> FloatArray:
    """(...): knee distance over that at the start, with the block in place (KSR, MEASURES 5)."""
    return np.asarray(separation_px(xy, sk.KNEES) / start_px)


def knee_to_hip_ratio(xy: FloatArray, depth_correction: float = 1.0) -> FloatArray:
    """(...): knee over hip separation from the foot end (KHR_p, MEASURES 5).

    ``depth_correction`` = distance to the knees over distance to the hips, below 1.
    """
    return nksd_ratio(xy) * depth_correction


# ------------------------------------------------------------------ symmetry


def symmetry_index_percent(right: float, left: float, *, interval_scale: bool = False) -> float:
    """Robinson's symmetry index, 100 (R - L) / mean(R, L); for ratio scales only (MEASURES 6).

    Raises ValueError for measures that cross zero (angles, KFO): there a percentage explodes;
    report R - L in the measure's own unit against its minimal detectable change.
    """
    if interval_scale or right <= 0 or left <= 0:
        raise ValueError("percent symmetry is only for measures that are positive by nature")
    return 100.0 * (right - left) / (0.5 * (right + left))

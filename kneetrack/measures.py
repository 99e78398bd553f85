"""Every measure of a set, per frame, with its validity: a number, or a reason why there is none.

The formulas are in angles.py and the limits in view.py; here each measure is given its gate.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from kneetrack import angles as an
from kneetrack import bridge as br
from kneetrack import calibration as cal
from kneetrack import skeleton as sk
from kneetrack.baseline import standing_hip_y_px
from kneetrack.correction import true_shank_px, with_true_toes
from kneetrack.flexion import lunge_flexion_deg, seen_flexion_deg
from kneetrack.gates import LYING, NO_BASELINE, Gate, Gated, Scene, gate, shut
from kneetrack.records import FloatArray
from kneetrack.seen import hidden_gates, pair_gates, size_gates
from kneetrack.uncertainty import standard_error
from kneetrack.view import near_side, toe_out_deg

HEEL_SINKS_RATIO = 0.06
"""A heel this far below where it stood, shank lengths, three standard errors, has moved, or the
camera stands too far in front of the person or behind."""
OWN_SIDE = np.array([1.0, -1.0])
"""Sign of a camera yaw towards each leg's own side."""

__all__ = ["Gated", "Scene", "all_measures", "gate"]


def all_measures(xy: FloatArray, confidence: FloatArray, scene: Scene) -> dict[str, Gated]:
    """Every measure of (T, K, 2) smoothed landmarks, keyed by name, mean values by name + _mean."""
    hidden = hidden_gates(confidence, scene)
    alignment = _alignment(xy, hidden, scene)
    parts = (
        alignment,
        _frontal_body(xy, hidden, scene, alignment[0]),
        _depth(xy, hidden, scene),
        _sagittal(xy, hidden, scene),
        _lunge(xy, hidden, scene),
        _bridge(xy, hidden, scene),
    )
    bent = seen_flexion_deg(xy, scene)
    return {
        measure.name + measure.suffix: shut(_with_error(measure, bent, scene), scene.unfit)
        for part in parts
        for measure in part
    }


def _with_error(measure: Gated, flexion_deg: FloatArray, scene: Scene) -> Gated:
    """The measure with its standard error, and with what it has got of its own."""
    name, exercise = measure.name + measure.suffix, scene.exercise
    error = standard_error(name, measure.values, flexion_deg, exercise, scene.coarseness)
    own = np.broadcast_to(measure.error, error.shape)
    return replace(measure, error=np.hypot(error, np.nan_to_num(own)))


def _alignment(xy: FloatArray, hidden: dict[str, list[Gate]], scene: Scene) -> list[Gated]:
    """FPPA first, its change, KFO, KTSR, KASR, NKSD, KMD (MEASURES 1, 2.1 to 2.3).

    FPPA is given from standing to 65 degrees of the flexion gate without a gap at 15 to 30: the
    gate reads up to 30 degrees low on some bodies and would hide frames that are truly mid-range.
    """
    base, limits = scene.baseline, scene.limits
    medial = base.medial
    flexion = seen_flexion_deg(xy, scene)
    one_leg = scene.exercise.startswith("single_leg")
    off = (cal.FPPA_PER_FLEXION_SINGLE if one_leg else 0.0) * flexion - cal.FPPA_OFFSET_DEG
    fppa = an.fppa_deg(xy, medial) + off
    change = fppa - an.fppa_deg(base.xy, medial) + cal.FPPA_OFFSET_DEG
    square, square_error = _square(xy, scene)
    toes = toe_out_deg(xy, medial, base.shank_px)
    if base.found:
        toes = np.full_like(toes, toe_out_deg(base.xy, medial, base.shank_px))
    size = size_gates(xy, scene)
    roomy = size_gates(xy, scene, slack=0.15)
    turned_out: list[Gate] = [
        (toes > limits.toe_out_deg, "toes turned out: the knee over the toe is judged instead")
    ]
    deep: list[Gate] = [
        (flexion > limits.fppa_flexion_deg, "bent too far: this angle is read mid-range")
    ]
    no_base: list[Gate] = [(not base.found, NO_BASELINE)]
    rest = hidden["leg"] + size + turned_out + deep
    strict = scene.off_front(limits.fppa_yaw_deg) + rest
    turned = scene.off_front(limits.fppa_mean_yaw_deg)
    pooled: list[Gate] = [(flexion.mean(axis=1) > limits.fppa_flexion_deg, deep[0][1])]
    mean_gates = scene.off_front(limits.fppa_mean_yaw_deg) + hidden["both"] + size + turned_out
    near = scene.off_front(limits.kfo_yaw_deg) + hidden["foot"] + roomy
    uneven = hidden["both"] + roomy + pair_gates(xy, scene)
    paired = scene.off_front(limits.ktsr_yaw_deg) + uneven
    ankles_only = scene.off_front(limits.ktsr_yaw_deg, or_behind=True) + uneven
    standing = base.xy
    shank_px = true_shank_px(base.shank_px)
    feet = with_true_toes(xy, medial, shank_px)
    kfo = an.kfo_ratio(feet, medial, shank_px) - cal.KFO_PER_YAW * scene.yaw * OWN_SIDE
    kasr, ktsr = an.kasr_ratio(xy), an.ktsr_ratio(feet)
    standing_ktsr = an.ktsr_ratio(with_true_toes(standing, medial, shank_px))
    change_mean = change.mean(axis=1)
    return [
        gate("fppa", "deg", fppa, strict),
        gate("fppa_change", "deg", change, no_base + strict),
        gate(
            "fppa_change",
            "deg",
            change_mean,
            no_base + mean_gates + pooled,
            suffix="_mean",
        ),
        gate("fppa_square", "deg", square + off, turned + rest, error=square_error),
        gate("knee_flexion_gate", "deg", flexion, scene.off_front(45.0) + hidden["leg"]),
        gate("kfo", "ratio", kfo, near),
        gate("ktsr", "ratio", ktsr, paired),
        gate("kasr", "ratio", kasr, ankles_only),
        gate("ktsr_change", "ratio", ktsr / standing_ktsr, no_base + paired),
        gate("kasr_change", "ratio", kasr / an.kasr_ratio(standing), no_base + ankles_only),
        gate("nksd", "ratio", an.nksd_ratio(xy), ankles_only),
        gate("kmd", "ratio", an.kmd_ratio(xy, medial, base.leg_px), strict),
        gate("toe_out", "deg", toes, scene.off_front(limits.ktsr_yaw_deg) + hidden["both"]),
    ]


def _square(xy: FloatArray, scene: Scene) -> tuple[FloatArray, FloatArray]:
    """(T, 2): FPPA as seen squarely from the front, and its error from that of the yaw."""
    base = scene.baseline
    at, more, less = (
        an.fppa_square_deg(xy, base.medial, base.thigh_px, base.shank_px, scene.yaw + off)
        for off in (0.0, cal.YAW_SE_DEG, -cal.YAW_SE_DEG)
    )
    return at, np.abs(more - less) / 2


def _frontal_body(
    xy: FloatArray, hidden: dict[str, list[Gate]], scene: Scene, fppa: Gated
) -> list[Gated]:
    """Trunk, pelvis and weight in the frontal plane (MEASURES 2.4)."""
    base = scene.baseline
    front = scene.off_front(scene.limits.kfo_yaw_deg, or_behind=True)
    square = scene.off_front(scene.limits.trunk_yaw_deg, or_behind=True)
    pelvis = an.obliquity_deg(xy, sk.HIPS)
    drop = an.contralateral_drop_deg(pelvis, an.obliquity_deg(base.xy, sk.HIPS))
    thigh = an.thigh_inclination_deg(xy, base.medial)
    no_base: list[Gate] = [(not base.found, NO_BASELINE)]
    trunk = front + hidden["trunk"]
    two_feet: list[Gate] = [(scene.exercise != "squat", "only with both feet on the floor")]
    no_fppa: list[Gate] = [(fppa.code == i, why) for i, why in enumerate(fppa.reasons, 1)]
    lunge: list[Gate] = [
        (scene.exercise == "lateral_lunge", "the bent thigh points at the camera in a lunge")
    ]
    steep = lunge + hidden["leg"]
    return [
        gate("trunk_lean", "deg", an.trunk_lean_deg(xy), square + hidden["trunk"]),
        gate("pelvic_obliquity", "deg", pelvis, trunk),
        gate("shoulder_obliquity", "deg", an.obliquity_deg(xy, sk.SHOULDERS), trunk),
        gate("pelvic_drop", "deg", drop, no_base + trunk),
        gate("hip_adduction_2d", "deg", thigh + drop, no_base + trunk + steep),
        gate(
            "dynamic_valgus_index",
            "deg",
            thigh + drop + fppa.values,
            no_base + trunk + steep + no_fppa,
        ),
        gate("weight_shift", "ratio", an.weight_shift_ratio(xy), two_feet + front + hidden["both"]),
    ]


def _depth(xy: FloatArray, hidden: dict[str, list[Gate]], scene: Scene) -> list[Gated]:
    base = scene.baseline
    upright: list[Gate] = [(scene.lying, LYING)]
    drop = an.drop_ratio(xy, standing_hip_y_px(base), base.leg_px)
    depth = an.depth_ratio(xy, base.thigh_px)
    if scene.view.name == "side":
        far = np.zeros(depth.shape, bool)
        far[:, 1 - near_side(scene.yaw)] = True
        upright.append((far, "the far leg is hidden behind the near one"))
    no_base: list[Gate] = [(not base.found, NO_BASELINE)]
    return [
        gate("depth", "ratio", _either(depth, scene), upright[:1] + hidden["trunk"]),
        gate("hip_knee_level", "ratio", depth, upright + hidden["leg"]),
        gate("drop", "ratio", drop, no_base + upright[:1]),
    ]


def _either(values: FloatArray, scene: Scene) -> FloatArray:
    """(T,): the near leg in a side view, else the mean of the legs seen, of (T, 2) values."""
    if scene.view.name == "side":
        return np.asarray(values[:, near_side(scene.yaw)])
    return _mean_of_seen(values)


def _mean_of_seen(values: FloatArray) -> FloatArray:
    """(T,): mean of left and right, or the one that is seen."""
    left, right = values.T
    both = np.isfinite(left + right)
    return np.asarray(np.where(both, (left + right) / 2, np.fmax(left, right)))


def _sagittal(xy: FloatArray, hidden: dict[str, list[Gate]], scene: Scene) -> list[Gated]:
    """Flexion, trunk, shank, heel, hips back, knee past toe: the near leg (MEASURES 4)."""
    base, forward = scene.baseline, scene.forward
    far = np.zeros((len(xy), 2), bool)
    near = near_side(scene.yaw)
    far[:, 1 - near] = True
    flexion = an.knee_flexion_deg(xy)
    if scene.lying:
        return [gate("knee_flexion", "deg", flexion, _side_on(scene))]
    side = scene.off_side()
    own: list[Gate] = [*side, (far, "the far leg is hidden behind the near one"), *hidden["leg"]]
    no_base: list[Gate] = [(not base.found, NO_BASELINE)]
    trunk = an.trunk_inclination_deg(xy, forward)
    shank = an.sagittal_shank_deg(xy, forward)
    heel = an.heel_lift_ratio(xy, an.pair(base.xy, sk.HEELS)[:, 1], base.shank_px)
    heel = heel - cal.HEEL_PER_FLEXION * flexion
    sunk: list[Gate] = [
        (
            heel < -HEEL_SINKS_RATIO,
            "the heel seems to sink into the floor: "
            "keep the foot in place, and film square to the side",
        )
    ]
    return [
        gate("knee_flexion", "deg", flexion * cal.FLEXION_GAIN, own),
        gate("trunk_inclination", "deg", trunk, side),
        gate("shank_inclination", "deg", shank, own),
        gate("trunk_minus_shank", "deg", trunk - shank[:, near], side),
        gate("heel_lift", "ratio", heel, no_base + own + sunk),
        gate("hips_back", "ratio", an.hips_back_ratio(xy, forward, base.thigh_px), own),
        gate("knee_past_toe", "ratio", an.knee_past_toe_ratio(xy, forward), own),
    ]


def _side_on(scene: Scene) -> list[Gate]:
    """Gates of a bridge's side-view measures: side-on, and the leg nearer to the camera."""
    if scene.view.name != "side":
        return [(True, "seen from the foot end: film a take from the side")]
    return []


def _lunge(xy: FloatArray, hidden: dict[str, list[Gate]], scene: Scene) -> list[Gated]:
    """Step width, weight over the lead leg, shank tilt, both knees (MEASURES 4.2)."""
    base = scene.baseline
    front = scene.off_front(scene.limits.kfo_yaw_deg)
    lunge: list[Gate] = [(scene.exercise != "lateral_lunge", "only in a lateral lunge")]
    no_base: list[Gate] = [(not base.found, NO_BASELINE)]
    bent = np.fmax(lunge_flexion_deg(xy, scene), an.knee_flexion_deg(xy))
    own = lunge + front + hidden["leg"]
    return [
        gate("lead_knee_flexion", "deg", bent, no_base + own),
        gate("trailing_knee_flexion", "deg", an.knee_flexion_deg(xy), own),
        gate("step_width", "ratio", an.step_width_ratio(xy, base.leg_px), lunge + front),
        gate("lunge_weight", "ratio", an.lunge_weight_ratio(xy), own),
        gate("shank_tilt", "deg", an.shank_inclination_deg(xy, base.medial), front + hidden["leg"]),
    ]


def _bridge(xy: FloatArray, hidden: dict[str, list[Gate]], scene: Scene) -> list[Gated]:
    """Shoulder-hip-knee, lift, shank, knee separation (MEASURES 5)."""
    base = scene.baseline
    thigh_px, floor_y_px = base.thigh_px, base.floor_hip_y_px
    hips = br.centred_hips(xy, thigh_px)
    if base.found:
        at = br.centred_hips(base.xy, thigh_px)
        thigh_px = an.segment_length_px(at, sk.HIPS, sk.KNEES)
        floor_y_px = an.pair(at, sk.HIPS)[:, 1]
    lift = an.lift_ratio(hips, floor_y_px, thigh_px)
    on_floor: list[Gate] = [(not scene.lying, "only in a bridge")]
    side = on_floor + _side_on(scene)
    off_end = scene.view.name != "foot_end"
    foot_end: list[Gate] = [
        *on_floor,
        (off_end, "seen from the side: film a take from the foot end"),
        (off_end or br.unclear_knees(xy), br.KNEES_UNCLEAR),
    ]
    return [
        gate("hip_extension", "deg", _mean_of_seen(an.hip_extension_deg(hips)), side),
        gate("lift", "ratio", _mean_of_seen(lift), side),
        gate("bridge_shank", "deg", _mean_of_seen(an.sagittal_shank_deg(xy, scene.forward)), side),
        gate(
            "knee_separation",
            "ratio",
            an.knee_separation_ratio(xy, base.knee_separation_px),
            foot_end,
        ),
        gate("knee_ankle_separation", "ratio", br.knee_ankle_ratio(xy), foot_end),
        gate("knee_to_hip", "ratio", an.knee_to_hip_ratio(xy, 0.82), foot_end),
    ]

"""What the body does in each frame, in body units: the ground for telling exercises apart.

Everything here is (T,) over a smoothed track and free of any exercise. Lengths are in leg lengths
(thigh + shank in the picture, or in metres for world landmarks).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import grey_closing, grey_opening, maximum_filter1d

from kneetrack import signals
from kneetrack import skeleton as sk
from kneetrack.angles import distance, knee_flexion_deg, middle, pair, segment_length_px
from kneetrack.records import FloatArray, PoseTrack

BoolArray = NDArray[np.bool_]

ENVELOPE_WINDOW_S = 20.0
"""Leg length and the rep signal's zero follow slow drifts only; a shorter hold stays a hold."""
SCALE_SLACK = 1.12
"""How much longer a leg may be than the size of the body says, which varies by 10 %."""
STILL_LEGS_PER_S = 0.12
STILL_AT_LEAST_S = 0.3


@dataclass(frozen=True, slots=True)
class Posture:
    """Per-frame descriptors, all (T,) unless stated.

    seen: hips, knees and ankles are there. lying: on the floor. leg_px: leg length in the picture.
    sink: rep signal u, hip drop in leg lengths (upright) or lift in thigh lengths (lying), 0 at
    the standing or lying baseline. still_upright: standing still with straight legs.
    foot_up: + = left ankle higher, - = right, leg lengths in the picture.
    foot_up_world: the same from world landmarks. step_across, step_along: ankle separation to the
    side and fore-and-aft in the body's frame (world leg lengths). trunk_deg: trunk from vertical
    (world). balance: centre of mass in front of (+) or behind the ankles, metres.
    weight_left: hips over the left foot 1, centred 0.5, over the right foot 0 (body frame).
    bend_difference: left less right knee flexion in the picture, degrees.
    ankle_px: (T, 2 sides, 2); hip_px: (T, 2), the hip centre. trunk_legs: trunk in the picture.
    """

    t_s: NDArray[np.float64]
    seen: BoolArray
    lying: BoolArray
    leg_px: FloatArray
    sink: FloatArray
    still_upright: BoolArray
    foot_up: FloatArray
    foot_up_world: FloatArray
    step_across: FloatArray
    step_along: FloatArray
    trunk_deg: FloatArray
    balance: FloatArray
    weight_left: FloatArray
    bend_difference: FloatArray
    ankle_px: FloatArray
    hip_px: FloatArray
    trunk_legs: FloatArray


def describe(track: PoseTrack) -> Posture:
    """Read the posture of every frame of a smoothed track."""
    xy = track.xy_px
    hip, ankles = middle(xy, sk.HIPS), pair(xy, sk.ANKLES)
    there = np.isfinite(ankles).all(axis=-1).any(axis=-1)
    seen: BoolArray = np.asarray(np.isfinite(hip).all(axis=-1) & there, bool)
    leg_px = _leg_length(track.t_s, xy, track.xyz_m)
    with np.errstate(all="ignore"):
        heights = (ankles[..., 1] - hip[:, 1:]) / leg_px[:, None]
        height = np.fmax(heights[:, 0], heights[:, 1])
        rise = (hip - middle(xy, sk.SHOULDERS))[:, 1] / leg_px
        trunk_legs = distance(hip, middle(xy, sk.SHOULDERS)) / leg_px
        foot_up = (ankles[:, 1, 1] - ankles[:, 0, 1]) / leg_px
    lying = _steady(track.t_s, seen & (rise < 0.35) & (height < 0.6), 1.0)
    sink = _sink(track.t_s, xy, heights, lying, seen)
    world = _world(track.xyz_m, len(track))
    still = _still(track.t_s, hip, ankles, leg_px)
    straight = seen & ~lying & (height > 0.8) & (sink < 0.06)
    return Posture(
        t_s=track.t_s,
        seen=seen,
        lying=lying,
        leg_px=leg_px,
        sink=sink,
        still_upright=_at_least(track.t_s, still & straight, STILL_AT_LEAST_S),
        foot_up=foot_up,
        foot_up_world=world[0],
        step_across=world[1],
        step_along=world[2],
        trunk_deg=world[3],
        balance=world[4],
        weight_left=world[5],
        bend_difference=-np.diff(knee_flexion_deg(xy), axis=1)[:, 0],
        ankle_px=ankles,
        hip_px=hip,
        trunk_legs=trunk_legs,
    )


def _filled(values: FloatArray) -> FloatArray:
    """NaN bridged by the nearest seen values, for filters that need whole signals."""
    good = np.isfinite(values)
    if good.all() or not good.any():
        return np.where(good, values, 0.0)
    at = np.arange(len(values))
    return np.interp(at, at[good], values[good])


def _samples(t_s: FloatArray, seconds: float) -> int:
    step_s = float(np.median(np.diff(t_s))) if len(t_s) > 1 else 1.0
    return max(1, min(2 * len(t_s) + 1, round(seconds / step_s)))


def _leg_length(t_s: FloatArray, xy: FloatArray, xyz: FloatArray | None) -> FloatArray:
    """(T,): length of a straight leg at the person's distance, pixels.

    The longest leg within :data:`ENVELOPE_WINDOW_S`, but no longer than the size of the body in
    this frame allows, so that walking up to the camera does not change what came before.
    """
    legs = segment_length_px(xy, sk.HIPS, sk.KNEES) + segment_length_px(xy, sk.KNEES, sk.ANKLES)
    seen_leg = np.fmax(legs[:, 0], legs[:, 1])
    slow = signals.slow_trend(t_s, _filled(seen_leg), 0.15)
    longest = maximum_filter1d(slow, _samples(t_s, ENVELOPE_WINDOW_S), mode="nearest")
    if xyz is None:
        return np.asarray(longest)
    scale = signals.slow_trend(t_s, _filled(_px_per_m(xy, xyz)), 0.5)
    leg_m = float(np.nanpercentile(seen_leg / scale, 90))
    return np.asarray(np.fmax(np.fmin(longest, SCALE_SLACK * leg_m * scale), slow))


def _px_per_m(xy: FloatArray, xyz: FloatArray) -> FloatArray:
    """(T,): size of the body in the picture, by least squares of pixels on world landmarks.

    Hardly depends on the posture: within 10 % from standing to a deep squat.
    """
    points = [*sk.SHOULDERS, *sk.HIPS, *sk.KNEES, *sk.ANKLES]
    world, picture = xyz[:, points, :2], xy[:, points]
    world = world - world.mean(axis=1, keepdims=True)
    picture = picture - picture.mean(axis=1, keepdims=True)
    with np.errstate(all="ignore"):
        return np.asarray((world * picture).sum(axis=(1, 2)) / (world**2).sum(axis=(1, 2)))


def _sink(
    t_s: FloatArray, xy: FloatArray, heights: FloatArray, lying: BoolArray, seen: BoolArray
) -> FloatArray:
    """The rep signal: each stretch of one posture against its own slow envelope.

    heights: (T, 2), the hip centre over each ankle. Standing, the smaller fall of the two counts:
    a foot that is lifted or set nearer to the camera looks like sinking over that ankle alone.
    """
    sink = np.full(len(t_s), np.nan)
    window = _samples(t_s, ENVELOPE_WINDOW_S)
    thigh = np.fmax(*segment_length_px(xy, sk.HIPS, sk.KNEES).T)
    for posture, flat in ((seen & ~lying, False), (seen & lying, True)):
        for a, b in signals.spans(_steady(t_s, posture, 0.25) & seen):
            if flat:
                fall = _filled(-middle(xy[a:b], sk.HIPS)[:, 1]) / np.nanpercentile(thigh[a:b], 95)
            else:
                over = [_filled(h) for h in heights[a:b].T if np.isfinite(h).any()]
                falls = [grey_closing(h, window, mode="nearest") - h for h in over]
                fall = np.min(falls, axis=0)
            sink[a:b] = fall - grey_opening(fall, window, mode="nearest")
    return sink


def _steady(t_s: FloatArray, mask: BoolArray, window_s: float) -> BoolArray:
    """Majority of the mask over a window, so that single frames do not break a posture."""
    return np.asarray(signals.slow_trend(t_s, mask.astype(float), window_s / 3) > 0.5)


def _at_least(t_s: FloatArray, mask: BoolArray, seconds: float) -> BoolArray:
    kept = np.zeros(len(t_s), bool)
    for a, b in signals.long_spans(mask, t_s, seconds):
        kept[a:b] = True
    return kept


def _still(t_s: FloatArray, hip: FloatArray, ankles: FloatArray, leg_px: FloatArray) -> BoolArray:
    points = np.concatenate([hip[:, None], ankles], axis=1)
    if len(t_s) < 2:
        return np.zeros(len(t_s), bool)
    moving = np.linalg.norm(np.gradient(points, t_s, axis=0), axis=-1) / leg_px[:, None]
    fastest = np.where(np.isfinite(moving), moving, 0.0).max(axis=1)
    return np.asarray(fastest < STILL_LEGS_PER_S)


def _world(xyz: FloatArray | None, count: int) -> tuple[FloatArray, ...]:
    """foot_up_world, step_across, step_along, trunk_deg, balance, weight_left.

    NaN without world landmarks.
    """
    if xyz is None:
        nowhere = np.full(count, np.nan)
        return (nowhere,) * 6
    hip, shoulder = middle(xyz, sk.HIPS), middle(xyz, sk.SHOULDERS)
    ankles = pair(xyz, sk.ANKLES)
    leg_m = np.nanpercentile(
        np.linalg.norm(pair(xyz, sk.HIPS) - pair(xyz, sk.KNEES), axis=-1)
        + np.linalg.norm(pair(xyz, sk.KNEES) - ankles, axis=-1),
        90,
    )
    across, along = _body_axes(xyz)
    step = (ankles[:, 0] - ankles[:, 1])[:, [0, 2]] / leg_m
    mass = 0.55 * hip + 0.45 * shoulder - ankles.mean(axis=1)
    trunk = hip - shoulder
    length = np.linalg.norm(trunk, axis=-1)
    with np.errstate(all="ignore"):
        trunk_deg = np.degrees(np.arccos(np.clip(trunk[:, 1] / length, -1, 1)))
    return (
        (ankles[:, 1, 1] - ankles[:, 0, 1]) / leg_m,
        np.abs((step * across).sum(axis=-1)),
        np.abs((step * along).sum(axis=-1)),
        trunk_deg,
        (mass[:, [0, 2]] * along).sum(axis=-1),
        _weight_left(hip, ankles, across),
    )


def _weight_left(hip: FloatArray, ankles: FloatArray, across: FloatArray) -> FloatArray:
    points = (hip, ankles[:, 0], ankles[:, 1])
    place = [(point[:, [0, 2]] * across).sum(axis=-1) for point in points]
    with np.errstate(all="ignore"):
        return np.asarray((place[0] - place[2]) / (place[1] - place[2]))


def _body_axes(xyz: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Horizontal unit vectors (T, 2) in (x, z): right to left hip, and the way the feet point."""
    hips = (xyz[:, sk.HIPS[0]] - xyz[:, sk.HIPS[1]])[:, [0, 2]]
    with np.errstate(all="ignore"):
        across = hips / np.linalg.norm(hips, axis=-1, keepdims=True)
    along = np.stack([-across[:, 1], across[:, 0]], axis=-1)
    feet = (pair(xyz, sk.TOES) - pair(xyz, sk.HEELS)).mean(axis=1)[:, [0, 2]]
    ahead = np.sign(np.nanmedian((feet * along).sum(axis=-1)))
    return across, along * (ahead if np.isfinite(ahead) and ahead != 0 else 1.0)

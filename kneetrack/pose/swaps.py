"""Left and right exchanged by the model: find the frames, and change them back."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from kneetrack.pose.geometry import body_scale_px, medians_around
from kneetrack.records import FloatArray, PoseTrack
from kneetrack.skeleton import (
    ANKLES,
    ELBOWS,
    HEELS,
    HIPS,
    KNEES,
    MIRROR,
    SHOULDERS,
    TOES,
    WRISTS,
    Landmark,
)

_LEGS: Final = np.array([HIPS, KNEES, ANKLES, HEELS, TOES])
_ARMS: Final = np.array([SHOULDERS, ELBOWS, WRISTS])
_LOWER_BODY: Final = np.array([k for k in Landmark if k >= Landmark.LEFT_HIP])
_UPPER_BODY: Final = np.array([k for k in Landmark if k < Landmark.LEFT_HIP])

_SWITCH_M = 0.25
"""What a change between right and exchanged costs; more than legs move apart in one frame."""
_DEPTH_WEIGHT = 0.5
_EVIDENCE_M = 0.1
_STRAIGHT_M = 0.05
_BENT_M = 0.1
_FORGET_S = 0.5
_TIE = 1e-3
_COLLAPSED = 0.5
_APART_M = 0.15


def repair_swaps(track: PoseTrack) -> tuple[PoseTrack, int, NDArray[np.bool_]]:
    """Change left and right back where the model exchanged them for a while.

    Returns the repaired track, the number of episodes, and the frames (T,) that were changed.

    Two things tell: a person's left and right do not change places from one frame to the next,
    and knees bend forward (an exchanged body bends them backward), which settles which of the
    two is right, also when the first frames or most of them are the wrong ones. Both are weighed
    over the whole clip (Viterbi); legs first, then arms and face, which follow the hips.
    """
    if len(track) == 0:
        return track, 0, np.zeros(0, bool)
    scale = body_scale_px(track)
    legs = _exchanged(_apart_m(track, _LEGS, scale), _knees_forward_m(track), track.t_s)
    repaired = exchange(track, legs, _LOWER_BODY)
    arms = _exchanged(_apart_m(repaired, _ARMS, scale), _along_hips_m(repaired, scale), track.t_s)
    repaired = exchange(repaired, arms, _UPPER_BODY)
    changed = legs | arms
    return repaired, _episodes(changed), changed


def exchange(track: PoseTrack, frames: NDArray[np.bool_], landmarks: FloatArray) -> PoseTrack:
    """A copy with left and right of ``landmarks`` exchanged in ``frames`` (T,)."""
    order = np.arange(len(MIRROR))
    order[landmarks] = MIRROR[landmarks]
    xy, confidence = track.xy_px.copy(), track.confidence.copy()
    xy[frames] = xy[frames][:, order]
    confidence[frames] = confidence[frames][:, order]
    xyz = None if track.xyz_m is None else track.xyz_m.copy()
    if xyz is not None:
        xyz[frames] = xyz[frames][:, order]
    return PoseTrack(xy, xyz, confidence, track.t_s, track.size_px)


def _apart_m(track: PoseTrack, pairs: NDArray[np.int64], scale_px: float) -> FloatArray:
    """(T, P, 3) left minus right of each pair in metres; exchanging the sides negates it.

    Across and down from the picture; depth, which is less sure, from the world and at half weight.
    """
    flat = (track.xy_px[:, pairs[:, 0]] - track.xy_px[:, pairs[:, 1]]) / scale_px
    depth = np.zeros((*flat.shape[:2], 1))
    if track.xyz_m is not None:
        depth = _DEPTH_WEIGHT * (track.xyz_m[:, pairs[:, 0], 2:] - track.xyz_m[:, pairs[:, 1], 2:])
    return np.concatenate([flat, depth], axis=2)


def _knees_forward_m(track: PoseTrack) -> FloatArray:
    """(T,) how far the knees are in front of the line from hips to ankles; < 0 behind it.

    Front is where a body with this left, right, up and down looks, so an exchange of left and
    right turns the sign. 0 where it cannot be told.
    """
    if track.xyz_m is None:
        return np.zeros(len(track))
    left, right = (track.xyz_m[:, list(side)] for side in _SIDES)
    hips, knees, ankles, shoulders = ((left + right) / 2).transpose(1, 0, 2)
    front = np.cross(left[:, 0] - right[:, 0], shoulders - hips)
    with np.errstate(invalid="ignore", divide="ignore"):
        front /= np.linalg.norm(front, axis=1, keepdims=True)
    return np.asarray(np.nan_to_num(((knees - (hips + ankles) / 2) * front).sum(axis=1)))


_SIDES: Final = tuple(zip(HIPS, KNEES, ANKLES, SHOULDERS, strict=True))


def _along_hips_m(track: PoseTrack, scale_px: float) -> FloatArray:
    """(T,) shoulder line along the hip line; < 0 when left and right of the two disagree."""
    shoulders, hips = _apart_m(track, np.array([SHOULDERS, HIPS]), scale_px).transpose(1, 0, 2)
    with np.errstate(invalid="ignore", divide="ignore"):
        along = (shoulders * hips).sum(axis=1) / np.linalg.norm(hips, axis=1)
    return np.asarray(np.nan_to_num(along))


def _exchanged(apart_m: FloatArray, evidence_m: FloatArray, t_s: FloatArray) -> NDArray[np.bool_]:
    """(T,) where left and right are exchanged.

    Frames in which both sides fall together say nothing and take their neighbours' state.
    """
    telling = np.flatnonzero(_tells(apart_m, t_s))
    out = np.zeros(len(t_s), bool)
    if len(telling) == 0:
        return out
    states = _viterbi(apart_m[telling], evidence_m[telling], np.asarray(t_s)[telling])
    borders = (telling[1:] + telling[:-1]) / 2
    nearest = np.searchsorted(borders, np.arange(len(t_s)))
    return np.asarray(states[nearest])


def _tells(apart_m: FloatArray, t_s: FloatArray) -> NDArray[np.bool_]:
    width = np.linalg.norm(apart_m, axis=2).mean(axis=1)
    usual = medians_around(width, t_s, 1.0)
    fallen = (width < _COLLAPSED * usual) & (usual > _APART_M)
    return np.asarray(np.isfinite(width) & ~fallen)


def _viterbi(apart_m: FloatArray, evidence_m: FloatArray, t_s: FloatArray) -> NDArray[np.bool_]:
    """The cheapest course of states (N,): False as given, True exchanged."""
    bent = np.clip((np.abs(evidence_m) - _STRAIGHT_M) / _BENT_M, 0, 1) * np.sign(evidence_m)
    own = _EVIDENCE_M * np.column_stack([np.maximum(-bent, 0), np.maximum(bent, 0)])
    own[:, 1] += _TIE
    step = np.linalg.norm(np.diff(apart_m, axis=0), axis=2).mean(axis=1)
    crossed = np.linalg.norm(apart_m[1:] + apart_m[:-1], axis=2).mean(axis=1)
    linked = np.diff(t_s) <= _FORGET_S
    stay = np.where(linked, step, 0.0)
    switch = np.where(linked, crossed, 0.0) + _SWITCH_M
    return np.array(_cheapest(own.tolist(), stay.tolist(), switch.tolist()), bool)


def _cheapest(own: list[list[float]], stay: list[float], switch: list[float]) -> list[int]:
    """Viterbi over two states: their own costs, and those of staying in or changing the state."""
    zero, one = own[0]
    came_from: list[tuple[int, int]] = []
    for (here_zero, here_one), still, change in zip(own[1:], stay, switch, strict=True):
        origin = (int(one + change < zero + still), int(one + still < zero + change))
        zero, one = (
            here_zero + (one + change if origin[0] else zero + still),
            here_one + (one + still if origin[1] else zero + change),
        )
        came_from.append(origin)
    states = [int(one < zero)]
    for origin in reversed(came_from):
        states.append(origin[states[-1]])
    return states[::-1]


def _episodes(changed: NDArray[np.bool_]) -> int:
    starts = np.diff(np.concatenate([[False], changed]).astype(int)) == 1
    return int(starts.sum())

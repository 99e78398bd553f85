"""Landmarks that the model makes up: limbs out of the picture, hidden, or fallen together."""

from __future__ import annotations

from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from kneetrack.pose.geometry import body_scale_px, dips, medians_around
from kneetrack.records import FloatArray, PoseTrack
from kneetrack.skeleton import ANKLES, HEELS, HIPS, KNEES, N_LANDMARKS, SHOULDERS, TOES

Reason = Literal["out_of_picture", "at_edge", "hidden", "bone_length", "collapsed", "nobody"]
"""Why a landmark was dropped. hidden: behind something other than the own other leg."""

_EDGE_M: Final = 0.04
_EDGE_WHEN_CUT_M: Final = 0.1
_HIDDEN: Final = 0.4
_PARTNER_SEEN: Final = 0.6
_BEHIND_PARTNER_M: Final = 0.3
_LONGEST: Final = 1.35
_LONGER_M: Final = 0.08
_JUMP_M: Final = 0.2
_JUMP_WITHIN_S: Final = 0.17
_DIP: Final = 0.5
_DIP_WITHIN_S: Final = 0.4
_LEAST_WIDTH_M: Final = 0.08
_NOBODY: Final = 0.4
_FLICKER_S: Final = 0.2
_LONELY_S: Final = 0.5

_BODY: Final = np.array([*SHOULDERS, *HIPS, *KNEES, *ANKLES])
_LEGS: Final = (HIPS, KNEES, ANKLES, HEELS, TOES)
_BONES: Final = tuple(
    (upper[side], lower[side])
    for upper, lower in ((HIPS, KNEES), (KNEES, ANKLES), (ANKLES, TOES), (ANKLES, HEELS))
    for side in (0, 1)
)


def drop_invented(track: PoseTrack) -> tuple[PoseTrack, dict[Reason, NDArray[np.bool_]]]:
    """Make NaN what the model cannot have seen, whatever its confidence says.

    Returns the track and, for each :data:`Reason`, which landmarks (T, K) went for it (the first
    that applies). Run it after :func:`repair_swaps`.
    """
    scale = body_scale_px(track)
    checks: tuple[tuple[Reason, NDArray[np.bool_]], ...] = (
        ("nobody", _nobody(track)),
        ("collapsed", _collapsed(track, scale)),
        ("out_of_picture", _depth_in_px(track) < 0),
        ("at_edge", _at_edge(track, scale)),
        ("hidden", _hidden(track, scale)),
        ("bone_length", _misplaced(track, scale)),
    )
    gone = np.asarray(~np.isfinite(track.xy_px).all(axis=2))
    reasons: dict[Reason, NDArray[np.bool_]] = {}
    for reason, mask in checks:
        reasons[reason] = mask & ~gone
        gone = gone | mask
    return without_landmarks(track, gone), reasons


def without_landmarks(track: PoseTrack, gone: NDArray[np.bool_]) -> PoseTrack:
    """A copy in which these landmarks (T, K) are NaN, with confidence 0."""
    xyz = None if track.xyz_m is None else np.where(gone[..., None], np.nan, track.xyz_m)
    return PoseTrack(
        np.where(gone[..., None], np.nan, track.xy_px).astype(track.xy_px.dtype),
        None if xyz is None or track.xyz_m is None else xyz.astype(track.xyz_m.dtype),
        np.where(gone, 0, track.confidence).astype(track.confidence.dtype),
        track.t_s,
        track.size_px,
    )


def _depth_in_px(track: PoseTrack) -> FloatArray:
    """(T, K) distance to the nearest border of the picture; < 0 outside."""
    far = np.array(track.size_px) - track.xy_px
    return np.asarray(np.minimum(track.xy_px, far).min(axis=2))


def _at_edge(track: PoseTrack, scale_px: float) -> NDArray[np.bool_]:
    """Close to the border, where limbs that go on outside are squeezed in.

    An ankle counts as close sooner when its heel or toes are already outside.
    """
    depth_m = _depth_in_px(track) / scale_px
    near = depth_m < _EDGE_M
    for ankle, heel, toe in zip(ANKLES, HEELS, TOES, strict=True):
        cut = np.minimum(depth_m[:, heel], depth_m[:, toe]) < 0
        near[:, ankle] |= cut & (depth_m[:, ankle] < _EDGE_WHEN_CUT_M)
    return np.asarray(near, bool)


def _hidden(track: PoseTrack, scale_px: float) -> NDArray[np.bool_]:
    """Parts of a leg with low confidence, unless they are behind the other leg, which is seen.

    The model places the far leg of a side view well though it cannot see much of it.
    """
    hidden = np.zeros(track.confidence.shape, bool)
    for pair in _LEGS:
        gap_m = np.linalg.norm(track.xy_px[:, pair[0]] - track.xy_px[:, pair[1]], axis=1) / scale_px
        for me, partner in (pair, pair[::-1]):
            behind = (track.confidence[:, partner] >= _PARTNER_SEEN) & (gap_m < _BEHIND_PARTNER_M)
            hidden[:, me] = (track.confidence[:, me] < _HIDDEN) & ~behind
    return hidden


def _misplaced(track: PoseTrack, scale_px: float) -> NDArray[np.bool_]:
    """The far end of a bone that is longer than it ever is, or that jumps and comes back."""
    wrong = np.zeros(track.confidence.shape, bool)
    for upper, lower in _BONES:
        along = track.xy_px[:, lower] - track.xy_px[:, upper]
        length = np.linalg.norm(along, axis=1)
        if not np.isfinite(length).any():
            continue
        usual = np.column_stack(
            [medians_around(along[:, k], track.t_s, _JUMP_WITHIN_S) for k in (0, 1)]
        )
        jumps = np.linalg.norm(along - usual, axis=1) > _JUMP_M * scale_px
        usually = float(np.nanpercentile(length, 90))
        longest = max(_LONGEST * usually, usually + _LONGER_M * scale_px)
        wrong[:, lower] |= jumps | (length > longest)
    return wrong


def _collapsed(track: PoseTrack, scale_px: float) -> NDArray[np.bool_]:
    """Frames in which left and right of the body fall together for a moment."""
    fallen = np.zeros(len(track), bool)
    for pairs in ((HIPS, SHOULDERS), (KNEES, ANKLES, TOES)):
        gaps = [track.xy_px[:, a] - track.xy_px[:, b] for a, b in pairs]
        width_m = np.mean([np.linalg.norm(gap, axis=1) for gap in gaps], axis=0) / scale_px
        fallen |= dips(width_m, track.t_s, _DIP_WITHIN_S, _DIP, _LEAST_WIDTH_M)
    return np.repeat(fallen[:, None], N_LANDMARKS, axis=1)


def _nobody(track: PoseTrack) -> NDArray[np.bool_]:
    """Frames whose pose is of nobody: too vague, or a flicker in an empty picture."""
    seen = np.isfinite(track.xy_px).all(axis=(1, 2))
    vague = seen & (np.median(track.confidence[:, _BODY], axis=1) < _NOBODY)
    clear = seen & ~vague
    edges = np.flatnonzero(np.diff(np.concatenate([[0], clear.astype(int), [0]])))
    spans = [(int(a), int(b) - 1) for a, b in zip(edges[::2], edges[1::2], strict=True)]
    nobody = vague
    for i, (first, last) in enumerate(spans):
        before = track.t_s[first] - track.t_s[spans[i - 1][1]] if i else np.inf
        after = track.t_s[spans[i + 1][0]] - track.t_s[last] if i + 1 < len(spans) else np.inf
        short = track.t_s[last] - track.t_s[first] < _FLICKER_S
        if short and min(before, after) > _LONELY_S:
            nobody[first : last + 1] = True
    return np.repeat(nobody[:, None], N_LANDMARKS, axis=1)

"""How a take was filmed, as the landmarks show it: what must be alike for takes to be compared."""

from __future__ import annotations

import math
import warnings
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from kneetrack import angles as an
from kneetrack import skeleton as sk
from kneetrack.analysis import smooth_track
from kneetrack.baseline import measure_baseline, resting_frames, standing_frames
from kneetrack.clinic.catalogue import family
from kneetrack.posture import Posture, describe
from kneetrack.records import FloatArray, PoseTrack
from kneetrack.result import Result
from kneetrack.view import body_height_fraction


@dataclass(frozen=True, slots=True)
class TakeFacts:
    """body_height: standing, over the height of the picture; lying, the way from nose to ankle in
    the picture over its longer side. stance: ankle distance over leg length before
    the first repetition, of squats seen from the front alone: elsewhere the feet move. yaw_deg: of
    the camera. None: not known.
    """

    body_height: float | None = None
    stance: float | None = None
    yaw_deg: float | None = None


def take_facts(result: Result) -> TakeFacts:
    """Facts of a fresh result; without its landmarks (read from a file) the camera's yaw alone."""
    yaw = result.view.yaw_deg
    known = yaw if yaw is not None and math.isfinite(yaw) else None
    track = result.track
    if track is None or len(track) < 5:
        return TakeFacts(yaw_deg=known)
    with warnings.catch_warnings():
        # Medians over nothing are NaN on purpose: not seen.
        warnings.simplefilter("ignore", RuntimeWarning)
        height, stance = _from_track(track, result)
    return TakeFacts(height, stance, known)


def _from_track(track: PoseTrack, result: Result) -> tuple[float | None, float | None]:
    smooth = smooth_track(track)
    posture = describe(smooth)
    if not posture.seen.any():
        return None, None
    lying = result.exercise == "glute_bridge"
    xy = _at_rest(smooth.xy_px, posture, lying=lying)
    height = _told(_lying_length(xy, track) if lying else _standing_height(xy, track))
    seen_from_front = result.view.name is not None and family(result.view.name) == "front"
    squat = result.exercise == "squat" and seen_from_front
    return height, _told(_stance(xy)) if squat else None


def _at_rest(xy: FloatArray, posture: Posture, *, lying: bool) -> FloatArray:
    """(K, 2): the landmarks when still; without a still moment the middle of what was seen."""
    inside = posture.seen
    frames = (
        resting_frames(posture, inside)
        if lying
        else standing_frames(posture, inside, one_leg=False)
    )
    baseline = measure_baseline(xy, frames, inside)
    return baseline.xy if baseline.found else np.asarray(np.nanmedian(xy[inside], axis=0))


def _standing_height(xy: FloatArray, track: PoseTrack) -> float:
    return float(body_height_fraction(xy, track.size_px))


def _lying_length(xy: FloatArray, track: PoseTrack) -> float:
    """Nose, shoulders, hips, knees, ankles joined up, over the picture's longer side."""
    points = [xy[sk.Landmark.NOSE], *(an.middle(xy, j) for j in (sk.SHOULDERS, sk.HIPS, sk.KNEES))]
    points.append(an.middle(xy, sk.ANKLES))
    length = sum(float(np.hypot(*(b - a))) for a, b in pairwise(points))
    return length / max(track.size_px)


def _stance(xy: FloatArray) -> float:
    leg = an.segment_length_px(xy, sk.HIPS, sk.KNEES) + an.segment_length_px(
        xy, sk.KNEES, sk.ANKLES
    )
    return float(an.separation_px(xy, sk.ANKLES) / np.nanmean(leg))


def _told(value: float) -> float | None:
    return round(value, 4) if math.isfinite(value) and value > 0 else None

"""The pipeline over a whole track: smooth, recognise, measure, judge, tell.

Pure: landmarks in, :class:`~kneetrack.result.Result` out. Disk, video and the pose model are
elsewhere; stored landmarks can be analysed again with other settings or another exercise.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from kneetrack import signals
from kneetrack import skeleton as sk
from kneetrack.angles import middle
from kneetrack.assembly import AnalysedSet, assemble
from kneetrack.baseline import (
    Baseline,
    facing_sign,
    measure_baseline,
    resting_frames,
    stances,
    standing_frames,
)
from kneetrack.exercises.rules import Exercise
from kneetrack.gates import Scene
from kneetrack.judge import judge_rep
from kneetrack.level import Roll, camera_roll, level_track
from kneetrack.measures import all_measures
from kneetrack.posture import Posture, describe
from kneetrack.quality import quality
from kneetrack.question import BridgeMode, Question, Request
from kneetrack.reading import RepReader
from kneetrack.records import FloatArray, NobodySeenError, PoseTrack
from kneetrack.result import Result, Verdict, View
from kneetrack.sets import Found, FoundSet, find_sets
from kneetrack.view import describe_view, near_side, yaw_deg

__all__ = ["BridgeMode", "Question", "Request", "analyse_track", "read_track", "smooth_track"]
LEAST_SEEN = 0.9
"""A repetition with fewer valid frames is counted but not judged (MEASURES 6)."""


def smooth_track(track: PoseTrack) -> PoseTrack:
    """Gaps up to 0.2 s filled, then zero-phase filtered; confidence as it was."""
    xy = _smooth(track.t_s, track.xy_px)
    xyz = None if track.xyz_m is None else _smooth(track.t_s, track.xyz_m)
    return replace(track, xy_px=xy, xyz_m=xyz)


def _smooth(t_s: FloatArray, values: FloatArray) -> FloatArray:
    flat = np.array(values).reshape(len(t_s), -1)
    for column in np.flatnonzero(~np.isfinite(flat).all(axis=0)):
        flat[:, column] = signals.fill_gaps(t_s, flat[:, column])
    return signals.smooth(t_s, flat).reshape(values.shape)


def analyse_track(track: PoseTrack, request: Request) -> Result:
    """Everything that can be told of one person's track.

    Raises NobodySeenError when no frame shows hips, knees and ankles.
    """
    if len(track) < 5:
        raise NobodySeenError("the clip is too short: fewer than five frames could be read")
    with warnings.catch_warnings():
        # NumPy warns of medians over nothing; here they are NaN on purpose: not seen.
        warnings.simplefilter("ignore", RuntimeWarning)
        told = read_track(track, request.question)
        notes = dict.fromkeys([told.roll.note, *(part.scene.unfit for part in told.sets)])
        request = replace(request, notes=(*request.notes, *filter(None, notes)))
        return assemble(
            told.smooth, track, told.posture, told.found, told.sets, told.yaw_deg, request
        )


@dataclass(frozen=True, slots=True)
class Told:
    """What a track tells before it is put into a result; yaw_deg: (T,).

    ``smooth`` lies as filmed; everything else is of the track turned level by ``roll.turn_deg``.
    Without any repetition ``sets`` holds one set over the whole track, without an exercise.
    """

    smooth: PoseTrack
    posture: Posture
    yaw_deg: FloatArray
    found: Found
    sets: list[AnalysedSet]
    roll: Roll


def read_track(track: PoseTrack, question: Question) -> Told:
    """Smooth, find repetitions, measure and judge them. Raises NobodySeenError."""
    smooth, hand = smooth_track(track), question.hand
    smooth = hand.mend(smooth) if hand else smooth
    posture = describe(smooth)
    if not posture.seen.any():
        raise NobodySeenError(
            "nobody was seen from hip to foot: keep the whole body in the picture, in good light"
        )
    yaw = yaw_deg(smooth.xy_px, smooth.xyz_m)
    settings = question.settings
    roll = camera_roll(smooth, posture, yaw, settings.view.level_from_deg)
    level = level_track(smooth, roll.turn_deg)
    if roll.turn_deg:
        posture, yaw = describe(level), yaw_deg(level.xy_px, level.xyz_m)
    found = find_sets(posture, yaw, settings.reps, settings.recognise, question.exercise)
    found = hand.edit(found, posture, yaw) if hand else found
    sets = found.sets or [FoundSet("none", [], 0, len(track))]
    analysed = [_analyse_set(s, level, posture, yaw, roll, question) for s in sets]
    return Told(smooth, posture, yaw, found, analysed, roll)


def _analyse_set(
    found: FoundSet,
    track: PoseTrack,
    posture: Posture,
    yaw: FloatArray,
    roll: Roll,
    question: Question,
) -> AnalysedSet:
    """track, posture, yaw: levelled by ``roll``."""
    part = slice(found.first, found.last)
    inside = np.zeros(len(track), bool)
    inside[part] = posture.seen[part]
    lying = found.exercise == "glute_bridge" or (
        found.exercise == "none" and bool(posture.lying[inside].mean() > 0.5)
    )
    scene, view = _scene(found, track, posture, yaw, inside, lying, question)
    if np.isfinite(roll.deg):
        told = {"roll_deg": round(roll.deg, 1), "roll_error_deg": round(roll.error_deg, 1)}
        view = view.model_copy(update=told)
        scene = replace(scene, view=view, roll_deg=roll.turn_deg)
    seen_how = quality(posture, inside, question.picture, question.settings.view)
    scene = replace(scene, coarseness=seen_how.coarseness, unfit=seen_how.unfit or roll.unsure)
    xy, confidence = track.xy_px[part], track.confidence[part]
    measures = all_measures(xy, confidence, scene)
    readers = [
        RepReader(rep, track.t_s[part], found.first, measures, posture, question.bridge_mode)
        for rep in found.reps
    ]
    exercise = question.settings.exercises.get(found.exercise)
    seen = _legs_seen(xy, confidence, scene)
    valid = [reader.seen_fraction(seen) >= LEAST_SEEN for reader in readers]
    verdicts = [
        _judge(reader, exercise, ok, question.bridge_mode) if exercise else []
        for reader, ok in zip(readers, valid, strict=True)
    ]
    if question.hand and exercise:
        pairs = zip(found.reps, verdicts, strict=True)
        verdicts = [question.hand.overrule(rep, told) for rep, told in pairs]
    return AnalysedSet(found, scene, view, measures, readers, verdicts, valid, exercise)


def _scene(
    found: FoundSet,
    track: PoseTrack,
    posture: Posture,
    yaw: FloatArray,
    inside: NDArray[np.bool_],
    lying: bool,
    question: Question,
) -> tuple[Scene, View]:
    xy = track.xy_px
    one_leg = found.exercise == "single_leg_squat"
    frames = (
        resting_frames(posture, inside)
        if lying
        else standing_frames(posture, inside, one_leg=one_leg)
    )
    own = stances(posture, frames) if one_leg else None
    baseline: Baseline = measure_baseline(xy, frames, inside, own)
    two_feet = standing_frames(posture, inside, one_leg=False) if not lying else frames
    shown = two_feet if two_feet.sum() >= 3 else _high_frames(posture, inside)
    angle = float(np.nanmedian(yaw[shown])) if np.isfinite(yaw[shown]).any() else float("nan")
    trunk = float(np.nanmedian(posture.trunk_legs[inside])) if inside.any() else 1.0
    view = describe_view(angle, lying=lying, trunk_legs=trunk)
    scene = Scene(
        exercise=found.exercise,
        view=view,
        lying=lying,
        forward=facing_sign(xy[inside]) if not lying else _bridge_forward(xy[inside]),
        baseline=baseline,
        limits=question.settings.view,
        size_px=track.size_px,
    )
    return scene, view


def _high_frames(posture: Posture, inside: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """The quarter of the frames in which the person stands tallest."""
    sink = np.where(inside, posture.sink, np.nan)
    if not np.isfinite(sink).any():
        return inside
    return np.asarray(np.nan_to_num(sink, nan=np.inf) <= np.nanpercentile(sink, 25) + 1e-9)


def _bridge_forward(xy: FloatArray) -> float:
    """+1 when the knees are to the right of the shoulders in the picture."""
    knees, shoulders = middle(xy, sk.KNEES)[:, 0], middle(xy, sk.SHOULDERS)[:, 0]
    return 1.0 if np.nanmedian(knees - shoulders) > 0 else -1.0


def _legs_seen(xy: FloatArray, confidence: FloatArray, scene: Scene) -> NDArray[np.bool_]:
    """(T, 2): hip, knee and ankle there and trusted; of the near leg alone in side views."""
    least = 0.3 if scene.lying else min(0.5, scene.limits.visibility)
    seen = np.ones((len(xy), 2), bool)
    for joint in (sk.HIPS, sk.KNEES, sk.ANKLES):
        points = list(joint)
        seen &= np.isfinite(xy[:, points]).all(axis=-1) & (confidence[:, points] >= least)
    if scene.lying:
        return np.repeat(seen.any(axis=1, keepdims=True), 2, axis=1)
    if scene.view.name == "side":
        return np.repeat(seen[:, [near_side(scene.yaw)]], 2, axis=1)
    return seen


def _judge(
    reader: RepReader, exercise: Exercise, valid: bool, bridge_mode: BridgeMode
) -> list[Verdict]:
    barred = "" if valid else "legs hidden or out of the picture in over 10 % of the repetition"
    return [
        verdict
        for rule in exercise.rules
        if rule.bridge_mode in (None, bridge_mode)
        for verdict in judge_rep(rule, reader, barred=barred)
    ]

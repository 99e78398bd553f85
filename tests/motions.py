"""Synthetic people who move in a way that is known by hand: the ground of the tests.

A parametric stick person in metres on a floor: x = the person's left, y up, z = forward. Motions
are functions of time, so any frame rate shows the same movement. :func:`film` projects them with
a level pinhole or orthographic camera into a :class:`PoseTrack`: pixels (y down) and world
landmarks (x right, y down, z away from the camera, origin mid-hip).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pytest

from kneetrack import calibration
from kneetrack import skeleton as sk
from kneetrack.analysis import Request, analyse_track
from kneetrack.records import PoseTrack
from kneetrack.result import Provenance, Result, Source, SummaryRow
from kneetrack.settings import Settings
from kneetrack.skeleton import Landmark

THIGH_M = SHANK_M = 0.42
LEG_M = THIGH_M + SHANK_M
HIP_M = 0.09
"""Half the distance between the hips."""
ANKLE_Y_M = 0.08
TOE_M, HEEL_M = 0.18, 0.05
"""Toe in front of and heel behind the ankle: a foot of 0.55 shanks."""
TRUNK_M, SHOULDER_M = 0.50, 0.19
SIGN = np.array([1.0, -1.0])
"""x direction that is lateral for the left and the right leg."""


@dataclass(frozen=True)
class Truth:
    """One repetition: seconds, and the working side."""

    start_s: float
    bottom_s: float
    end_s: float
    side: str = "both"


@dataclass(frozen=True)
class Motion:
    """joints (T, 33, 3) in floor metres at t_s (T,), and the repetitions that are in it."""

    t_s: np.ndarray
    joints: np.ndarray
    reps: tuple[Truth, ...] = ()

    def moved(self, x: float = 0.0, z: float = 0.0) -> Motion:
        return replace(self, joints=self.joints + np.array([x, 0.0, z]))

    def cut(self, start_s: float, end_s: float) -> Motion:
        """The part between two times, with its own clock kept."""
        keep = (self.t_s >= start_s) & (self.t_s <= end_s)
        whole = tuple(r for r in self.reps if r.start_s >= start_s and r.end_s <= end_s)
        return Motion(self.t_s[keep], self.joints[keep], whole)

    def then(self, other: Motion, blend_s: float = 0.8) -> Motion:
        """This motion, a smooth change of place, the other motion."""
        step_s = float(np.median(np.diff(self.t_s)))
        count = max(2, round(blend_s / step_s))
        share = _smooth(np.arange(1, count) / count)[:, None, None]
        between = (1 - share) * self.joints[-1] + share * other.joints[0]
        between_s = self.t_s[-1] + step_s * np.arange(1, count)
        shift_s = self.t_s[-1] + step_s * count - other.t_s[0]
        later = tuple(
            replace(
                r,
                start_s=r.start_s + shift_s,
                bottom_s=r.bottom_s + shift_s,
                end_s=r.end_s + shift_s,
            )
            for r in other.reps
        )
        return Motion(
            np.concatenate([self.t_s, between_s, other.t_s + shift_s]),
            np.concatenate([self.joints, between, other.joints]),
            self.reps + later,
        )


@dataclass(frozen=True)
class Camera:
    """A level camera. yaw > 0: moved to the person's left. ``fill``: 1.75 m over the height."""

    yaw_deg: float = 0.0
    height_m: float = 0.8
    distance_m: float = 3.5
    orthographic: bool = False
    size_px: tuple[int, int] = (720, 1280)
    fill: float = 0.62

    @property
    def focal_px(self) -> float:
        return self.fill * self.size_px[1] * self.distance_m / 1.75

    def view(self, points: np.ndarray) -> np.ndarray:
        """(..., 3) camera axes in metres: x right, y down from the lens, z away from it."""
        yaw = np.radians(self.yaw_deg)
        right = np.array([np.cos(yaw), 0.0, -np.sin(yaw)])
        away = np.array([-np.sin(yaw), 0.0, -np.cos(yaw)])
        down = self.height_m - points[..., 1]
        return np.stack([points @ right, down, points @ away + self.distance_m], axis=-1)

    def project(self, points: np.ndarray) -> np.ndarray:
        """(..., 2) pixels."""
        seen = self.view(points)
        depth = self.distance_m if self.orthographic else seen[..., 2]
        centre = np.array([self.size_px[0] / 2, self.size_px[1] / 2])
        scale = np.asarray(self.focal_px / depth)[..., None]
        return centre + scale * seen[..., :2]


FRONT = Camera()
LEVEL = Camera(orthographic=True)
WIDE = Camera(size_px=(1280, 720))
"""Landscape, as lateral lunges need it."""
SIDE = Camera(yaw_deg=90.0)
SIDE_LYING = Camera(yaw_deg=90.0, height_m=0.4, size_px=(1280, 720), fill=0.9)
FOOT_END = Camera(yaw_deg=0.0, height_m=0.45, distance_m=2.8, size_px=(1280, 720), fill=1.0)


def film(
    motion: Motion,
    camera: Camera = FRONT,
    *,
    noise_px: float = 0.0,
    seed: int = 0,
    confidence: float = 0.95,
) -> PoseTrack:
    """What a perfect (or a noisy) detector would tell of a motion; NaN outside the picture."""
    xy = camera.project(motion.joints)
    world = camera.view(motion.joints)
    inside = ((xy >= 0) & (xy <= np.array(camera.size_px))).all(axis=-1) & (world[..., 2] > 0.3)
    world = world - world[:, list(sk.HIPS)].mean(axis=1, keepdims=True)
    xy, world = np.where(inside[..., None], xy, np.nan), np.where(inside[..., None], world, np.nan)
    if noise_px:
        rng = np.random.default_rng(seed)
        xy = xy + rng.normal(0, noise_px, xy.shape)
    sure = np.where(inside, confidence, 0.0).astype(np.float32)
    return PoseTrack(
        xy.astype(np.float32), world.astype(np.float32), sure, motion.t_s, camera.size_px
    )


def mirrored(track: PoseTrack) -> PoseTrack:
    """The track of the flipped picture: sides exchanged, as the model would see it."""
    flip = np.array([-1.0, 1.0, 1.0], np.float32)
    xy = track.xy_px * flip[:2] + np.array([track.size_px[0], 0], np.float32)
    xyz = None if track.xyz_m is None else (track.xyz_m * flip)[:, sk.MIRROR]
    return replace(
        track, xy_px=xy[:, sk.MIRROR], xyz_m=xyz, confidence=track.confidence[:, sk.MIRROR]
    )


def blanked(
    track: PoseTrack, start_s: float, end_s: float, landmarks: Sequence[int] | None = None
) -> PoseTrack:
    """NaN and no confidence for landmarks (all by default) between two times."""
    at = np.flatnonzero((track.t_s >= start_s) & (track.t_s < end_s))
    where = np.ix_(at, list(range(sk.N_LANDMARKS) if landmarks is None else landmarks))
    xy, sure = track.xy_px.copy(), track.confidence.copy()
    xy[where], sure[where] = np.nan, 0.0
    xyz = None
    if track.xyz_m is not None:
        xyz = track.xyz_m.copy()
        xyz[where] = np.nan
    return replace(track, xy_px=xy, xyz_m=xyz, confidence=sure)


# ------------------------------------------------------------------ the body


def unit(v: np.ndarray) -> np.ndarray:
    return v / np.linalg.norm(v, axis=-1, keepdims=True)


def knee_between(
    hip: np.ndarray, ankle: np.ndarray, direction: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Knee and ankle (T, 3): the knee bends towards ``direction``; too far an ankle is lifted."""
    line = hip - ankle
    reach = np.linalg.norm(line, axis=-1, keepdims=True)
    axis = line / reach
    short = np.minimum(reach, LEG_M - 1e-9)
    ankle = hip - axis * short
    along = (SHANK_M**2 - THIGH_M**2 + short**2) / (2 * short)
    across = np.sqrt(np.maximum(SHANK_M**2 - along**2, 0.0))
    sideways = direction - (direction * axis).sum(axis=-1, keepdims=True) * axis
    return ankle + along * axis + across * unit(sideways), ankle


def heading(out_deg: float, side: int) -> np.ndarray:
    """(3,) horizontal direction, turned outwards from straight ahead."""
    out = np.radians(out_deg)
    return np.array([SIGN[side] * np.sin(out), 0.0, np.cos(out)])


@dataclass(frozen=True)
class Build:
    """How a pose is completed: knee and foot directions, trunk, pelvis."""

    toe_out_deg: tuple[float, float] = (8.0, 8.0)
    knee_out_deg: tuple[float, float] = (12.0, 12.0)
    lean_forward_deg: np.ndarray | float = 0.0
    lean_left_deg: np.ndarray | float = 0.0
    left_hip_up_deg: np.ndarray | float = 0.0
    heel_up_m: np.ndarray | float = 0.0


def assemble(centre: np.ndarray, ankles: np.ndarray, build: Build) -> np.ndarray:
    """(T, 33, 3) from the hip centre (T, 3) and the ankles (T, 2, 3)."""
    count = len(centre)
    joints = np.zeros((count, sk.N_LANDMARKS, 3))
    tilt = np.radians(np.broadcast_to(build.left_hip_up_deg, (count,)))
    across = np.stack([np.cos(tilt), np.sin(tilt), np.zeros(count)], axis=-1)
    for s in (sk.LEFT, sk.RIGHT):
        hip = centre + SIGN[s] * HIP_M * across
        knee, ankle = knee_between(hip, ankles[:, s], heading(build.knee_out_deg[s], s))
        foot = heading(build.toe_out_deg[s], s)
        sole = ankle - np.array([0, 0.06, 0])
        joints[:, sk.HIPS[s]], joints[:, sk.KNEES[s]] = hip, knee
        joints[:, sk.ANKLES[s]] = ankle
        joints[:, sk.TOES[s]] = sole + TOE_M * foot
        up = np.broadcast_to(build.heel_up_m, (count,))[:, None] * np.array([0, 1.0, 0])
        joints[:, sk.HEELS[s]] = sole - HEEL_M * foot + up
    _upper(joints, centre, build)
    return joints


def _upper(joints: np.ndarray, centre: np.ndarray, build: Build) -> None:
    count = len(centre)
    ahead = np.radians(np.broadcast_to(build.lean_forward_deg, (count,)))
    aside = np.radians(np.broadcast_to(build.lean_left_deg, (count,)))
    assert np.abs([ahead, aside]).max(initial=0.0) <= np.pi / 2, "a trunk beyond level leans back"
    spine = unit(np.stack([np.tan(aside), np.ones(count), np.tan(ahead)], axis=-1))
    neck = centre + TRUNK_M * spine
    head = neck + 0.20 * spine + np.array([0, 0, 0.08])
    for point in sk.FACE:
        joints[:, point] = head
    joints[:, Landmark.NOSE] = neck + 0.22 * spine + np.array([0, 0, 0.10])
    for s in (sk.LEFT, sk.RIGHT):
        shoulder = neck + SIGN[s] * np.array([SHOULDER_M, 0, 0])
        joints[:, sk.SHOULDERS[s]] = shoulder
        joints[:, sk.ELBOWS[s]] = shoulder + np.array([0, -0.15, 0.20])
        hand = shoulder + np.array([0, -0.05, 0.42])
        joints[:, sk.WRISTS[s]] = hand
        for first in (Landmark.LEFT_PINKY, Landmark.LEFT_INDEX, Landmark.LEFT_THUMB):
            joints[:, first + s] = hand + np.array([0, 0, 0.06])


# ------------------------------------------------------------------ time


def _smooth(share: np.ndarray) -> np.ndarray:
    return 0.5 - 0.5 * np.cos(np.pi * np.clip(share, 0, 1))


@dataclass(frozen=True)
class Tempo:
    """Seconds of a repetition and around it. ``depths``: fraction of full depth of each."""

    descent_s: float = 1.5
    hold_s: float = 0.3
    ascent_s: float = 1.3
    top_s: float = 0.8
    lead_s: float = 1.5
    tail_s: float = 1.0
    depths: tuple[float, ...] = (1.0, 1.0, 1.0)
    fps: float = 30.0
    jitter: float = 0.0

    @property
    def rep_s(self) -> float:
        return self.descent_s + self.hold_s + self.ascent_s

    @property
    def starts_s(self) -> np.ndarray:
        return self.lead_s + np.arange(len(self.depths)) * (self.rep_s + self.top_s)

    @property
    def length_s(self) -> float:
        return float(self.starts_s[-1]) + self.rep_s + self.tail_s

    def clock(self) -> np.ndarray:
        """(T,) timestamps; with ``jitter``, steps that vary by that share (variable rate)."""
        even = np.arange(round(self.length_s * self.fps) + 1) / self.fps
        shake = np.random.default_rng(7).uniform(-0.5, 0.5, len(even)) * self.jitter / self.fps
        return even + shake

    def dips(self, t_s: np.ndarray) -> np.ndarray:
        """(N, T): fraction of depth of each repetition."""
        since = t_s - self.starts_s[:, None]
        down = _smooth(since / self.descent_s)
        up = _smooth((since - self.descent_s - self.hold_s) / self.ascent_s)
        return (down - up) * np.array(self.depths)[:, None]

    def truths(self, sides: Sequence[str]) -> tuple[Truth, ...]:
        return tuple(
            Truth(s, s + self.descent_s + self.hold_s / 2, s + self.rep_s, side)
            for s, side in zip(self.starts_s, sides, strict=True)
        )


# ------------------------------------------------------------------ motions


def _planted(half_m: tuple[float, float], count: int) -> np.ndarray:
    ankles = np.zeros((count, 2, 3))
    ankles[..., 1] = ANKLE_Y_M
    ankles[:, 0, 0], ankles[:, 1, 0] = half_m[0], -half_m[1]
    return ankles


def _squat_hips(flexion_deg: np.ndarray, shank_share: float) -> tuple[np.ndarray, np.ndarray]:
    """(forward offset of the hip from the ankle, hip-ankle distance) for a knee flexion."""
    shank = np.radians(flexion_deg * shank_share)
    thigh = np.radians(flexion_deg) - shank
    forward = SHANK_M * np.sin(shank) - THIGH_M * np.sin(thigh)
    reach = np.sqrt(2 * SHANK_M**2 * (1 + np.cos(np.radians(flexion_deg))))
    return forward, reach


def squats(
    tempo: Tempo = Tempo(),
    *,
    flexion_deg: float = 85.0,
    half_stance_m: float = 0.17,
    build: Build = Build(),
    kfo: tuple[float, float] | None = (-0.05, -0.05),
    shift_m: float = 0.0,
    shank_share: float = 0.4,
    t_s: np.ndarray | None = None,
) -> Motion:
    """Bilateral squats. ``kfo``: true knee-over-foot offset of each leg at the bottom.

    ``shift_m``: sideways shift of the hips to the left at the bottom.
    """
    t_s = tempo.clock() if t_s is None else t_s
    down = tempo.dips(t_s).sum(axis=0)

    def make(depth: np.ndarray, at: Build) -> np.ndarray:
        flexion = flexion_deg * depth
        forward, reach = _squat_hips(flexion, shank_share)
        ankles = _planted((half_stance_m, half_stance_m), len(depth))
        lateral = half_stance_m - HIP_M
        height = np.sqrt(reach**2 - forward**2 - lateral**2)
        centre = np.stack([shift_m * depth, ANKLE_Y_M + height, forward], axis=-1)
        lean = at.lean_forward_deg + 0.38 * flexion
        aside = np.asarray(at.lean_left_deg) * depth
        heel = np.asarray(at.heel_up_m) * depth
        return assemble(
            centre, ankles, replace(at, lean_forward_deg=lean, lean_left_deg=aside, heel_up_m=heel)
        )

    if kfo is not None:
        build = aimed(lambda b: make(np.ones(1), b), build, kfo)
    return Motion(t_s, make(down, build), tempo.truths(["both"] * len(tempo.depths)))


def aimed(
    bottom: Callable[[Build], np.ndarray], build: Build, kfo: tuple[float | None, float | None]
) -> Build:
    """The build whose knees have the given true offset over the feet at the bottom."""
    out = list(build.knee_out_deg)
    for s in (sk.LEFT, sk.RIGHT):
        if kfo[s] is None:
            continue
        low, high = -80.0, 80.0
        for _ in range(40):
            out[s] = (low + high) / 2
            now = true_kfo(bottom(replace(build, knee_out_deg=(out[0], out[1]))))[0, s]
            low, high = (out[s], high) if now > kfo[s] else (low, out[s])
    return replace(build, knee_out_deg=(out[0], out[1]))


def true_kfo(joints: np.ndarray) -> np.ndarray:
    """(T, 2): knee medial of the toe, shank lengths, in the person's frontal plane."""
    knees, toes = joints[:, list(sk.KNEES), 0], joints[:, list(sk.TOES), 0]
    return -(knees - toes) * SIGN / SHANK_M


def single_leg_squats(
    tempo: Tempo = Tempo(),
    *,
    side: str | Sequence[str] = "left",
    flexion_deg: float = 65.0,
    build: Build = Build(),
    kfo: float = -0.02,
    lift_m: float = 0.20,
    foot_down: bool = False,
) -> Motion:
    """Single-leg squats on one or on alternating legs; both feet are down before and after.

    ``foot_down``: the lifted foot touches the floor half-way up, for about half a second.
    """
    sides = [side] * len(tempo.depths) if isinstance(side, str) else list(side)
    t_s = tempo.clock()
    dips = tempo.dips(t_s)
    work = np.array([sk.SIDES.index(name) for name in sides])
    starts, ends = tempo.starts_s - 0.7, tempo.starts_s + tempo.rep_s + 0.7
    if len(set(sides)) == 1:
        ends[:-1] = starts[1:]
    joints = np.zeros((len(t_s), sk.N_LANDMARKS, 3))

    def make(stance: int, depth: np.ndarray, up: np.ndarray, at: Build) -> np.ndarray:
        forward, reach = _squat_hips(flexion_deg * depth, 0.42)
        ankles = _planted((HIP_M, HIP_M), len(depth))
        place = SIGN[stance] * (HIP_M - 0.02)
        centre_x = place * up
        lateral = centre_x + SIGN[stance] * HIP_M - ankles[:, stance, 0]
        height = np.sqrt(reach**2 - forward**2 - lateral**2)
        free = 1 - stance
        centre = np.stack([centre_x, ANKLE_Y_M + height, forward], axis=-1)
        raised = up * lift_m
        ankles[:, free, 1] += raised
        ankles[:, free, 2] += -0.25 * raised / lift_m
        ankles[:, free, 0] = centre_x + SIGN[free] * HIP_M
        lean = at.lean_forward_deg + 0.3 * flexion_deg * depth
        drop = np.asarray(at.left_hip_up_deg) * depth
        aside = np.asarray(at.lean_left_deg) * depth
        now = replace(at, lean_forward_deg=lean, left_hip_up_deg=drop, lean_left_deg=aside)
        return assemble(centre, ankles, replace(now, heel_up_m=np.asarray(at.heel_up_m) * depth))

    borders = [t_s[0] - 1, *(ends[:-1] + starts[1:]) / 2, t_s[-1] + 1]
    for i, stance in enumerate(work):
        goal = (kfo, None) if stance == sk.LEFT else (None, kfo)
        at = aimed(lambda b, s=stance: make(s, np.ones(1), np.ones(1), b), build, goal)
        own = (t_s >= borders[i]) & (t_s < borders[i + 1])
        up = np.ones(own.sum())
        if i == 0 or work[i - 1] != stance:
            up *= _smooth((t_s[own] - starts[i]) / 0.5)
        if i == len(work) - 1 or work[i + 1] != stance:
            up *= 1 - _smooth((t_s[own] - ends[i] + 0.5) / 0.5)
        if foot_down:
            touch_s = tempo.starts_s[i] + tempo.descent_s + tempo.hold_s + 0.5 * tempo.ascent_s
            up *= 1 - _smooth((0.45 - np.abs(t_s[own] - touch_s)) / 0.2)
        joints[own] = make(int(stance), dips[i, own], up, at)
    return Motion(t_s, joints, tempo.truths(sides))


def lateral_lunges(
    tempo: Tempo = Tempo(descent_s=1.6, ascent_s=1.5),
    *,
    side: str | Sequence[str] = "left",
    flexion_deg: float = 85.0,
    trailing_deg: float = 0.0,
    step_m: float = 0.85,
    build: Build = Build(),
    kfo: float = -0.02,
) -> Motion:
    """Lateral lunges: the lead foot steps out from a hip-wide stance and comes back."""
    sides = [side] * len(tempo.depths) if isinstance(side, str) else list(side)
    t_s = tempo.clock()
    dips = tempo.dips(t_s)
    joints = np.zeros((len(t_s), sk.N_LANDMARKS, 3))

    def make(lead: int, depth: np.ndarray, at: Build) -> np.ndarray:
        sign = SIGN[lead]
        ankles = _planted((HIP_M, HIP_M), len(depth))
        step = _smooth(depth / 0.45)
        ankles[:, lead, 0] += sign * step * (step_m - 2 * HIP_M)
        ankles[:, lead, 1] += 0.05 * np.sin(np.pi * step)
        forward, reach = _squat_hips(np.array([flexion_deg]), 0.4)
        back = float(forward[0]) * depth * 0.8
        trail = np.sqrt(2 * SHANK_M**2 * (1 + np.cos(np.radians(trailing_deg * depth))))
        # in the frontal plane, from the trailing ankle outwards: two circles give the deepest hip
        deepest_back = float(forward[0]) * 0.8
        trail2 = 2 * SHANK_M**2 * (1 + np.cos(np.radians(trailing_deg))) - deepest_back**2
        lead2 = float(reach[0]) ** 2 - deepest_back**2
        a, b = HIP_M, step_m - HIP_M  # trailing hip at x - a from its ankle; lead ankle at step_m
        x_deep = (trail2 - lead2 - a**2 + b**2) / (2 * (b - a))
        x = HIP_M + depth * (x_deep - HIP_M)
        height = np.sqrt(trail**2 - back**2 - (x - a) ** 2)
        centre = np.stack([sign * (x - HIP_M), ANKLE_Y_M + height, back], axis=-1)
        lean = at.lean_forward_deg + 30 * depth
        aside = np.asarray(at.lean_left_deg) * depth
        return assemble(centre, ankles, replace(at, lean_forward_deg=lean, lean_left_deg=aside))

    borders = [t_s[0] - 1, *(tempo.starts_s[1:] - tempo.top_s / 2), t_s[-1] + 1]
    for i, name in enumerate(sides):
        lead = sk.SIDES.index(name)
        goal = (kfo, None) if lead == sk.LEFT else (None, kfo)
        at = aimed(lambda b, s=lead: make(s, np.ones(1), b), build, goal)
        own = (t_s >= borders[i]) & (t_s < borders[i + 1])
        joints[own] = make(lead, dips[i, own], at)
    return Motion(t_s, joints, tempo.truths(sides))


def bridges(
    tempo: Tempo = Tempo(descent_s=1.2, hold_s=2.5, ascent_s=1.2),
    *,
    lift_m: float = 0.09,
    knee_half_m: float = 0.10,
    squeeze_m: float = 0.0,
    drop_m: float = 0.0,
) -> Motion:
    """Glute bridges: the trunk turns about the shoulders; the feet are at +z of the head.

    ``squeeze_m``: how far each knee falls inwards at the top. ``drop_m``: how far within 0.2 s in
    the middle of the hold, as when a block falls.
    """
    t_s = tempo.clock()
    down = tempo.dips(t_s).sum(axis=0)
    since_s = t_s - tempo.starts_s[:, None] - tempo.descent_s - tempo.hold_s / 2
    own = since_s <= tempo.hold_s / 2 + tempo.ascent_s
    dropped = down * np.where(own, _smooth(since_s / 0.2), 0.0).max(axis=0)
    count = len(t_s)
    joints = np.zeros((count, sk.N_LANDMARKS, 3))
    shoulder = np.array([0.0, 0.10, 0.0])
    rise = np.arcsin(lift_m * down / TRUNK_M)
    hips = shoulder + TRUNK_M * np.stack([0 * rise, np.sin(rise), np.cos(rise)], axis=-1)
    for s in (sk.LEFT, sk.RIGHT):
        hip = hips + SIGN[s] * np.array([HIP_M, 0, 0])
        ankle = np.broadcast_to([SIGN[s] * knee_half_m, ANKLE_Y_M, TRUNK_M + 0.38], (count, 3))
        knee, ankle = knee_between(hip, ankle, np.array([0.0, 1.0, 0.0]))
        knee[:, 0] = SIGN[s] * (knee_half_m - squeeze_m * down - drop_m * dropped)
        joints[:, sk.HIPS[s]], joints[:, sk.KNEES[s]], joints[:, sk.ANKLES[s]] = hip, knee, ankle
        joints[:, sk.TOES[s]] = ankle + np.array([0, -0.06, TOE_M])
        joints[:, sk.HEELS[s]] = ankle + np.array([0, -0.06, -HEEL_M])
        joints[:, sk.SHOULDERS[s]] = shoulder + SIGN[s] * np.array([SHOULDER_M, 0, 0])
        joints[:, sk.ELBOWS[s]] = shoulder + np.array([SIGN[s] * 0.3, -0.06, 0.2])
        joints[:, sk.WRISTS[s]] = shoulder + np.array([SIGN[s] * 0.3, -0.06, 0.45])
        for first in (Landmark.LEFT_PINKY, Landmark.LEFT_INDEX, Landmark.LEFT_THUMB):
            joints[:, first + s] = joints[:, sk.WRISTS[s]]
    for point in sk.FACE:
        joints[:, point] = shoulder + np.array([0, 0.05, -0.22])
    return Motion(t_s, joints, tempo.truths(["both"] * len(tempo.depths)))


# ------------------------------------------------------------------ what is no exercise


def _clock(seconds: float, fps: float) -> np.ndarray:
    return np.arange(round(seconds * fps) + 1) / fps


def standing(seconds: float = 3.0, fps: float = 30.0, half_stance_m: float = 0.17) -> Motion:
    """Standing still on both feet, breathing a little."""
    t_s = _clock(seconds, fps)
    count = len(t_s)
    height = np.sqrt(LEG_M**2 - (half_stance_m - HIP_M) ** 2)
    centre = np.tile([0.0, ANKLE_Y_M + height - 1e-3, 0.0], (count, 1))
    centre[:, 0] += 0.004 * np.sin(2 * np.pi * 0.3 * t_s)
    return Motion(t_s, assemble(centre, _planted((half_stance_m,) * 2, count), Build()))


def standing_on(side: str, seconds: float, fps: float = 30.0, lift_m: float = 0.25) -> Motion:
    """Two feet, then one leg for so long (balance), then two feet."""
    t_s = _clock(seconds + 3.0, fps)
    stance = sk.SIDES.index(side)
    up = _smooth((t_s - 1.0) / 0.5) * (1 - _smooth((t_s - 1.5 - seconds) / 0.5))
    ankles = _planted((HIP_M, HIP_M), len(t_s))
    free = 1 - stance
    x = SIGN[stance] * (HIP_M - 0.02) * up
    ankles[:, free, 1] += lift_m * up
    ankles[:, free, 2] -= 0.2 * up
    ankles[:, free, 0] = x + SIGN[free] * HIP_M
    lateral = x + SIGN[stance] * HIP_M - ankles[:, stance, 0]
    centre = np.stack([x, ANKLE_Y_M + np.sqrt(LEG_M**2 - lateral**2) - 1e-3, 0 * x], axis=-1)
    return Motion(
        t_s, assemble(centre, ankles, Build()), (Truth(1.25, 1.75 + seconds, 1.75 + seconds, side),)
    )


def walking(
    metres: float = 4.0, *, along: str = "x", speed_m_s: float = 1.1, fps: float = 30.0
) -> Motion:
    """Walking in a straight line, to the person's left (``x``, facing that way) or forward."""
    t_s = _clock(metres / speed_m_s, fps)
    step_m = 0.65
    phase = t_s * speed_m_s / (2 * step_m)
    count = len(t_s)
    ankles = np.zeros((count, 2, 3))
    for s in (0, 1):
        own = phase + 0.5 * s
        cycle = own % 1.0
        swing = np.clip((cycle - 0.6) / 0.4, 0, 1)
        planted_at = np.floor(own) - 0.5 * s
        ankles[:, s, 2] = 2 * step_m * (planted_at + 0.30 + _smooth(swing))
        ankles[:, s, 1] = ANKLE_Y_M + 0.10 * np.sin(np.pi * swing)
        ankles[:, s, 0] = SIGN[s] * HIP_M
    forward = t_s * speed_m_s
    bob = 0.025 * np.cos(4 * np.pi * phase)
    centre = np.stack([0 * forward, ANKLE_Y_M + LEG_M - 0.05 + bob, forward], axis=-1)
    joints = assemble(centre, ankles, Build(lean_forward_deg=3.0))
    if along == "x":
        joints = np.stack([joints[..., 2], joints[..., 1], -joints[..., 0]], axis=-1)
    return Motion(t_s, joints)


def sitting_down(tempo: Tempo = Tempo(descent_s=1.3, hold_s=2.5, ascent_s=1.3)) -> Motion:
    """Sitting down on a chair behind and getting up: trunk upright, hips behind the feet."""
    t_s = tempo.clock()
    down = tempo.dips(t_s).sum(axis=0)
    forward, reach = _squat_hips(88.0 * down, 0.06)
    lateral = 0.14 - HIP_M
    height = np.sqrt(reach**2 - forward**2 - lateral**2)
    centre = np.stack([0 * down, ANKLE_Y_M + height, forward], axis=-1)
    lean = 35.0 * np.sin(np.pi * np.clip(down, 0, 1)) + 5.0
    build = Build(knee_out_deg=(6.0, 6.0), lean_forward_deg=lean)
    return Motion(t_s, assemble(centre, _planted((0.14, 0.14), len(t_s)), build))


def jumps(count: int = 3, fps: float = 30.0, height_m: float = 0.30) -> Motion:
    """Counter-movement jumps."""
    t_s = _clock(2.0 + 2.4 * count, fps)
    bend, fly = np.zeros_like(t_s), np.zeros_like(t_s)
    air_s = 2 * np.sqrt(2 * height_m / 9.81)
    for i in range(count):
        since = t_s - 1.5 - 2.4 * i
        bend += _smooth(since / 0.45) - _smooth((since - 0.5) / 0.25)
        air = np.clip((since - 0.75) / air_s, 0, 1)
        fly += height_m * 4 * air * (1 - air)
        land = since - 0.75 - air_s
        bend += 0.7 * (_smooth(land / 0.2) - _smooth((land - 0.2) / 0.5))
    forward, reach = _squat_hips(75.0 * bend, 0.4)
    rise = np.sqrt(reach**2 - forward**2 - (0.15 - HIP_M) ** 2)
    centre = np.stack([0 * bend, ANKLE_Y_M + rise, forward], axis=-1)
    joints = assemble(centre, _planted((0.15, 0.15), len(t_s)), Build(lean_forward_deg=25 * bend))
    joints[..., 1] += fly[:, None]
    return Motion(t_s, joints)


def forward_lunges(tempo: Tempo = Tempo(), *, step_m: float = 0.75, lead: int = 0) -> Motion:
    """Steps forward with one leg, sinks between the feet, and steps back."""
    t_s = tempo.clock()
    down = tempo.dips(t_s).sum(axis=0)
    ankles = _planted((HIP_M, HIP_M), len(t_s))
    step = _smooth(down / 0.5)
    ankles[:, lead, 2] = step_m * step
    ankles[:, lead, 1] += 0.08 * np.sin(np.pi * step)
    ankles[:, 1 - lead, 1] += 0.10 * _smooth((down - 0.5) / 0.5)
    middle = 0.5 * step_m * _smooth(down / 0.7)
    height = LEG_M - 1e-3 - 0.36 * down
    centre = np.stack([0 * down, ANKLE_Y_M + height, middle], axis=-1)
    return Motion(t_s, assemble(centre, ankles, Build(lean_forward_deg=5 * down)))


def knee_drives(
    tempo: Tempo = Tempo(descent_s=0.7, hold_s=0.2, ascent_s=0.7), *, free: int = 0
) -> Motion:
    """Standing on one leg, the other knee is driven up to the hip, the hips stay where they are."""
    t_s = tempo.clock()
    up = tempo.dips(t_s).sum(axis=0)
    ankles = _planted((HIP_M, HIP_M), len(t_s))
    ankles[:, free, 1] += 0.42 * up
    ankles[:, free, 2] += 0.30 * up
    centre = np.tile([0.0, ANKLE_Y_M + LEG_M - 1e-3, 0.0], (len(t_s), 1))
    centre[:, 1] -= 0.012 * up
    return Motion(t_s, assemble(centre, ankles, Build()))


# ------------------------------------------------------------------ legs alone, for the calculator


@dataclass(frozen=True)
class Legs:
    """Two planar legs of MEASURES 1.5 and 2.1: thigh and shank inclined in the plane of the foot.

    ``collapse_m``: medial displacement of each knee; ``half_m``: half the distance of the ankles.
    """

    thigh_deg: float = 60.0
    shank_deg: float = 30.0
    toe_out_deg: float = 0.0
    collapse_m: tuple[float, float] = (0.0, 0.0)
    half_m: float = 0.15

    def joints(self) -> np.ndarray:
        """(33, 3) floor metres; the shoulders are above the hips."""
        joints = np.zeros((sk.N_LANDMARKS, 3))
        up = np.array([0.0, 1.0, 0.0])
        shank, thigh = np.radians(self.shank_deg), np.radians(self.thigh_deg)
        for s in (sk.LEFT, sk.RIGHT):
            ahead = heading(self.toe_out_deg, s)
            ankle = np.array([SIGN[s] * self.half_m, ANKLE_Y_M, 0.0])
            knee = ankle + SHANK_M * (np.cos(shank) * up + np.sin(shank) * ahead)
            hip = knee + THIGH_M * (np.cos(thigh) * up - np.sin(thigh) * ahead)
            knee = knee - np.array([SIGN[s] * self.collapse_m[s], 0, 0])
            joints[sk.HIPS[s]], joints[sk.KNEES[s]], joints[sk.ANKLES[s]] = hip, knee, ankle
            joints[sk.TOES[s]] = ankle + TOE_M * ahead
            joints[sk.HEELS[s]] = ankle - HEEL_M * ahead
            joints[sk.SHOULDERS[s]] = hip + TRUNK_M * up
        return joints

    def standing(self) -> np.ndarray:
        """The same feet, legs straight."""
        return replace(self, thigh_deg=0.0, shank_deg=0.0, collapse_m=(0.0, 0.0)).joints()


# ------------------------------------------------------------------ through the whole analysis

_NEUTRAL = {
    "SHOULDER_YAW_WEIGHT": 0.5,
    "FEET_YAW_WEIGHT": 0.5,
    "SIDE_YAW_GAIN": 0.0,
    "SHANK_GAIN": 1.0,
    "TOE_OFFSET_RATIO": 0.0,
    "TOE_OFFSET_SLOPE": 0.0,
    "FPPA_OFFSET_DEG": 0.0,
    "KFO_PER_YAW": 0.0,
    "FPPA_PER_FLEXION_SINGLE": 0.0,
    "HEEL_PER_FLEXION": 0.0,
    "FLEXION_GATE_GAIN": 1.0,
    "TOE_OUT_OFFSET_RATIO": 0.0,
    "FLEXION_GAIN": 1.0,
}


@pytest.fixture
def exact(monkeypatch: pytest.MonkeyPatch) -> None:
    """The corrections for the pose model's own habits taken out: these landmarks have none."""
    neutral(monkeypatch)


def neutral(patch: pytest.MonkeyPatch) -> None:
    """As :func:`exact`, for fixtures that last longer."""
    for name, value in _NEUTRAL.items():
        patch.setattr(calibration, name, value)


def request(track: PoseTrack, **wanted: object) -> Request:
    """An analysis request for a track that came from nowhere."""
    source = Source(
        file="motion",
        sha256="",
        fps=30.0,
        duration_s=float(np.ptp(track.t_s)) if len(track) else 0.0,
        frames=len(track),
        size_px=track.size_px,
    )
    made = Provenance(kneetrack="0", mediapipe="", opencv="", model_sha256="", thresholds={})
    return Request(source, made, wanted.pop("settings", None) or Settings(), **wanted)  # type: ignore[arg-type]


def analyse(track: PoseTrack, **wanted: object) -> Result:
    """Landmarks in, result out."""
    return analyse_track(track, request(track, **wanted))


def seen(motion: Motion, camera: Camera = FRONT, **wanted: object) -> Result:
    """Film a motion perfectly and analyse it."""
    return analyse(film(motion, camera), **wanted)


def row(result: Result, rule: str, side: str, set_index: int = 1) -> SummaryRow:
    """The summary row of a rule and a side."""
    found = [r for r in result.summary if (r.rule, r.side, r.set) == (rule, side, set_index)]
    assert len(found) == 1, f"{rule} {side}: {len(found)} rows"
    return found[0]


def restanding(
    motion: Motion,
    *,
    knee_in_m: float = 0.0,
    hip_up_m: float = 0.0,
    lean_m: float = 0.0,
    tap_s: float = 0.0,
) -> Motion:
    """A stance on the left leg made worse: knee in, left hip up, trunk aside, foot tapped down."""
    joints = motion.joints.copy()
    up = np.clip((joints[:, Landmark.RIGHT_ANKLE, 1] - ANKLE_Y_M) / 0.20, 0, 1)
    joints[:, Landmark.LEFT_KNEE, 0] -= knee_in_m * up
    joints[:, Landmark.LEFT_HIP, 1] += hip_up_m / 2 * up
    joints[:, Landmark.RIGHT_HIP, 1] -= hip_up_m / 2 * up
    joints[:, :23, 0] += (lean_m * up)[:, None]
    for middle_s in (3.5, 5.5, 7.5) if tap_s else ():
        tap = 1 - _smooth((np.abs(motion.t_s - middle_s) - tap_s / 2) / 0.1)
        for point in (Landmark.RIGHT_ANKLE, Landmark.RIGHT_HEEL, Landmark.RIGHT_FOOT_INDEX):
            joints[:, point, 1] -= tap * (joints[:, Landmark.RIGHT_ANKLE, 1] - ANKLE_Y_M)
    return replace(motion, joints=joints)

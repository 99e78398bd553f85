"""A stage of coloured stick people and a pretended pose model, for fast tests of following."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from kneetrack.records import Frame, Pose
from kneetrack.skeleton import N_LANDMARKS, Landmark

SIZE = (640, 360)
SCALE = 100.0
FPS = 10.0
_EMPTY = np.full((SIZE[1], SIZE[0], 3), 200, np.uint8)

_SHAPE = {
    "NOSE": (0.0, -0.75), "LEFT_SHOULDER": (0.2, -0.5), "RIGHT_SHOULDER": (-0.2, -0.5),
    "LEFT_ELBOW": (0.25, -0.25), "RIGHT_ELBOW": (-0.25, -0.25), "LEFT_WRIST": (0.25, 0.0),
    "RIGHT_WRIST": (-0.25, 0.0), "LEFT_HIP": (0.12, 0.0), "RIGHT_HIP": (-0.12, 0.0),
    "LEFT_KNEE": (0.14, 0.42), "RIGHT_KNEE": (-0.14, 0.42), "LEFT_ANKLE": (0.14, 0.85),
    "RIGHT_ANKLE": (-0.14, 0.85), "LEFT_HEEL": (0.14, 0.9), "RIGHT_HEEL": (-0.14, 0.9),
    "LEFT_FOOT_INDEX": (0.18, 0.92), "RIGHT_FOOT_INDEX": (-0.18, 0.92),
}  # fmt: skip


def body_m(dip_m: float = 0.0) -> np.ndarray:
    """(K, 3) a standing body, hips at the origin; ``dip_m`` lower = legs bent as in a squat."""
    points = np.zeros((N_LANDMARKS, 3))
    points[:11, :2] = _SHAPE["NOSE"]
    points[Landmark.LEFT_PINKY : Landmark.LEFT_HIP : 2, :2] = _SHAPE["LEFT_WRIST"]
    points[Landmark.RIGHT_PINKY : Landmark.LEFT_HIP : 2, :2] = _SHAPE["RIGHT_WRIST"]
    for name, place in _SHAPE.items():
        points[Landmark[name], :2] = place
    feet = points[:, 1] > 0.6
    points[feet, 1] -= dip_m
    points[Landmark.LEFT_KNEE : Landmark.LEFT_ANKLE, 1] -= dip_m / 2
    return points


@dataclass
class Player:
    """Somebody on the stage. ``x`` of a step: hips in px, or None when out of the picture."""

    x: Callable[[int], float | None]
    colour: tuple[int, int, int] = (40, 40, 200)
    dip_m: Callable[[int], float] = lambda i: 0.0
    scale: float = SCALE
    floor: float = 340.0

    def pose(self, i: int) -> Pose | None:
        x = self.x(i)
        if x is None:
            return None
        body = body_m(self.dip_m(i))
        lowest = body[Landmark.LEFT_FOOT_INDEX, 1]
        hips = np.array([x, self.floor - lowest * self.scale])
        xy = (hips + body[:, :2] * self.scale).astype(np.float32)
        return Pose(xy, body.astype(np.float32), np.full(N_LANDMARKS, 0.9, np.float32), i / FPS)


def squatting(every: int = 20, deep_m: float = 0.25) -> Callable[[int], float]:
    """Hips of somebody who squats all the time."""
    return lambda i: deep_m * (1 - np.cos(2 * np.pi * i / every)) / 2


@dataclass
class Stage:
    """Pictures of the players, later ones in front; and the truth."""

    players: list[Player]
    steps: int

    def frames(self) -> list[Frame]:
        return [self.frame(i) for i in range(self.steps)]

    def frame(self, i: int) -> Frame:
        image = _EMPTY.copy()
        for player in self.players:
            pose = player.pose(i)
            if pose is not None:
                left, top, right, bottom = _torso_and_legs(pose)
                image[top:bottom, left:right] = player.colour
        return Frame(image, i / FPS, i)

    def whose(self, pose: Pose) -> int | None:
        """Index of the player who has this pose; None for nobody."""
        if not pose.seen:
            return None
        i = round(pose.t_s * FPS)
        for k, player in enumerate(self.players):
            true = player.pose(i)
            if true is not None and np.allclose(true.xy_px, pose.xy_px, atol=1.0):
                return k
        raise AssertionError("a pose of nobody")


def _torso_and_legs(pose: Pose) -> tuple[int, int, int, int]:
    height, width = SIZE[1], SIZE[0]
    spots = pose.xy_px[Landmark.LEFT_SHOULDER :]
    left, top = spots.min(axis=0)
    right, bottom = spots.max(axis=0)
    return (
        int(np.clip(left, 0, width)), int(np.clip(top, 0, height)),
        int(np.clip(right, 0, width)), int(np.clip(bottom, 0, height)),
    )  # fmt: skip


@dataclass
class PretendModel:
    """Sees who is on the stage and not covered or painted over; follows as a real tracker would:
    whoever is nearest to where the person was, so that it hops when someone stands in front."""

    stage: Stage
    at: np.ndarray | None = None
    tracks: int = 0
    finds: int = 0
    resets: int = 0
    noise: np.random.Generator = field(default_factory=lambda: np.random.default_rng(0))

    def track(self, frame: Frame) -> Pose:
        self.tracks += 1
        seen = self._visible(frame)
        if self.at is None:
            best = max(seen, key=lambda p: p.xy_px[Landmark.LEFT_ANKLE, 1], default=None)
        else:
            near = [p for p in seen if np.linalg.norm(_hips(p) - self.at) < 0.8 * SCALE]
            best = min(near, key=lambda p: float(np.linalg.norm(_hips(p) - self.at)), default=None)
        self.at = None if best is None else _hips(best)
        return Pose.unseen(frame.t_s) if best is None else best

    def find_people(self, frame: Frame, max_people: int) -> list[Pose]:
        self.finds += 1
        seen = self._visible(frame)
        return [seen[k] for k in self.noise.permutation(len(seen))][:max_people]

    def reset(self) -> None:
        self.resets += 1
        self.at = None

    def close(self) -> None:
        self.at = None

    def _visible(self, frame: Frame) -> list[Pose]:
        poses = [(p, p.pose(frame.index)) for p in self.stage.players]
        return [pose for player, pose in poses if pose is not None and _shows(frame, player, pose)]


def _hips(pose: Pose) -> np.ndarray:
    return np.asarray(pose.xy_px[[Landmark.LEFT_HIP, Landmark.RIGHT_HIP]].mean(axis=0))


def _shows(frame: Frame, player: Player, pose: Pose) -> bool:
    """Most of the person's own colour is where it should be."""
    left, top, right, bottom = _torso_and_legs(pose)
    if right - left < 0.25 * player.scale:
        return False
    own = (frame.image[top:bottom, left:right] == player.colour).all(axis=2)
    return bool(own.mean() > 0.6)

"""Clips with several people, built from the samples: people cut out and set into one room."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import av
import cv2
import numpy as np

from kneetrack.records import Frame

ROOT = Path(__file__).parents[2]
SAMPLES = ROOT / "samples"
SHARED = ROOT.parent / "shared"
MODEL = ROOT / "models" / "pose_landmarker_full.task"
SIZE = (800, 600)

_BONES = (
    *((f"{s}_{a}", f"{s}_{b}") for s in ("left", "right") for a, b in (
        ("shoulder", "elbow"), ("elbow", "wrist"), ("shoulder", "hip"), ("hip", "knee"),
        ("knee", "ankle"), ("ankle", "heel"), ("heel", "foot_index"), ("shoulder", "knee"),
    )),
    ("left_shoulder", "right_shoulder"), ("left_hip", "right_hip"), ("neck", "mid_hip"),
    ("left_shoulder", "right_hip"), ("head_base", "head_top"), ("neck", "head_base"),
)  # fmt: skip


@dataclass(frozen=True)
class Actor:
    """A person cut out of a sample: pictures, masks and true joints, all in sample pixels."""

    images: np.ndarray  # (T, H, W, 3) uint8
    masks: np.ndarray  # (T, H, W) bool
    mid_hip: np.ndarray  # (T, 2) px

    def __len__(self) -> int:
        return len(self.images)


@lru_cache(maxsize=8)
def actor(name: str, every: int = 3, height: int = 480, flip: bool = False) -> Actor:
    """Cut the person out of samples/<name>.mp4, every third picture, ``height`` px tall."""
    truth = np.load(SAMPLES / f"{name}.npz", allow_pickle=True)
    names = [str(n) for n in truth["joint_names"]]
    images, masks, hips = [], [], []
    with av.open(str(SAMPLES / f"{name}.mp4")) as clip:
        for i, picture in enumerate(clip.decode(video=0)):
            if i % every:
                continue
            full = picture.to_ndarray(format="bgr24")
            scale = height / full.shape[0]
            image = cv2.resize(full, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
            joints = dict(zip(names, truth["joints2d"][i] * scale, strict=True))
            mask = _silhouette(joints, image.shape[:2])
            hip = joints["mid_hip"]
            if flip:
                image, mask = image[:, ::-1], mask[:, ::-1]
                hip = np.array([image.shape[1] - hip[0], hip[1]])
            images.append(image)
            masks.append(mask)
            hips.append(hip)
    return Actor(np.array(images), np.array(masks), np.array(hips))


def _silhouette(joints: dict[str, np.ndarray], shape: tuple[int, int]) -> np.ndarray:
    mask = np.zeros(shape, np.uint8)
    unit = float(np.linalg.norm(joints["head_top"] - joints["head_base"]))
    for a, b in _BONES:
        ends = [tuple(int(v) for v in joints[j]) for j in (a, b)]
        cv2.line(mask, ends[0], ends[1], 255, max(3, int(unit * 0.75)))
    torso = [joints[f"{s}_{j}"] for s, j in (
        ("left", "shoulder"), ("right", "shoulder"), ("right", "hip"), ("left", "hip"),
    )]  # fmt: skip
    cv2.fillConvexPoly(mask, np.array(torso, np.int32), 255)
    middle = (joints["head_top"] + joints["head_base"]) / 2
    cv2.circle(mask, (int(middle[0]), int(middle[1])), int(unit * 0.75), 255, -1)
    return mask > 0


@dataclass(frozen=True)
class Part:
    """Where an actor is at each step: ``hip_x(i)`` px (None = not in the picture), and its pose."""

    actor: Actor
    hip_x: Callable[[int], float | None]
    step: Callable[[int], int] = lambda i: i
    sway_px: float = 1.0


def scene(parts: list[Part], n: int, fps: float = 10.0) -> list[Frame]:
    """``n`` pictures of a plain room with the actors, later parts in front of earlier ones."""
    frames = []
    for i in range(n):
        image = _room().copy()
        for part in parts:
            x = part.hip_x(i)
            if x is not None:
                _paste(image, part, i, x)
        frames.append(Frame(image, i / fps, i))
    return frames


@lru_cache(maxsize=1)
def _room() -> np.ndarray:
    width, height = SIZE
    room = np.empty((height, width, 3), np.uint8)
    room[:] = (196, 200, 204)
    floor = int(height * 0.72)
    room[floor:] = np.linspace((120, 140, 160), (90, 110, 130), height - floor)[:, None]
    noise = np.random.default_rng(1).integers(-4, 5, room.shape)
    return np.clip(room.astype(int) + noise, 0, 255).astype(np.uint8)


def _paste(image: np.ndarray, part: Part, i: int, hip_x: float) -> None:
    k = part.step(i) % len(part.actor)
    source, mask = part.actor.images[k], part.actor.masks[k]
    height, width = mask.shape
    left = round(hip_x - part.actor.mid_hip[0, 0] + part.sway_px * np.sin(i / 4))
    top = SIZE[1] - height
    x0, x1 = max(left, 0), min(left + width, SIZE[0])
    if x0 >= x1:
        return
    inside = mask[:, x0 - left : x1 - left]
    image[top : top + height, x0:x1][inside] = source[:, x0 - left : x1 - left][inside]


def hip_truth(part: Part, n: int) -> np.ndarray:
    """(n, 2) true mid-hip of a part in scene pixels; NaN when not in the picture."""
    out = np.full((n, 2), np.nan)
    for i in range(n):
        x = part.hip_x(i)
        if x is None:
            continue
        k = part.step(i) % len(part.actor)
        offset = part.actor.mid_hip[k] - part.actor.mid_hip[0]
        out[i] = (
            x + part.sway_px * np.sin(i / 4) + offset[0],
            SIZE[1] - part.actor.images.shape[1] + part.actor.mid_hip[k, 1],
        )
    return out

"""From solids to a picture: rays, soft light, and thin outlines."""

from __future__ import annotations

from dataclasses import dataclass, field

import cv2
import numpy as np
from numpy.typing import NDArray

from figures.body import Vec, unit, vec
from figures.solids import Colour, Limb, Points, Solid, nearest, which

PAPER: Colour = (247, 246, 244)
MARK: Colour = (46, 92, 255)
MOST_M = 9.0
Image = NDArray[np.uint8]


@dataclass(frozen=True)
class Camera:
    """Where the viewer stands and looks; ``wide`` metres are seen across at the target."""

    eye: Vec
    target: Vec
    wide: float

    def axes(self) -> NDArray[np.float64]:
        """Right, up and ahead as rows."""
        ahead = unit(self.target - self.eye)
        right = unit(np.cross(ahead, vec(0, 1, 0)))
        return np.stack([right, np.cross(right, ahead), ahead])

    def focal_px(self, width: int) -> float:
        """Of a picture so many pixels wide."""
        return width * float(np.linalg.norm(self.target - self.eye)) / self.wide

    def project(self, point: Vec, size: tuple[int, int]) -> tuple[float, float]:
        """Pixels of a point."""
        x, y, z = self.axes() @ (point - self.eye)
        f = self.focal_px(size[0])
        return size[0] / 2 + f * x / z, size[1] / 2 - f * y / z

    def rays(self, size: tuple[int, int]) -> Points:
        """Directions (3, H*W)."""
        w, h = size
        u, v = np.meshgrid(np.arange(w) + 0.5 - w / 2, h / 2 - np.arange(h) - 0.5)
        f = self.focal_px(w)
        local = np.stack([u.ravel() / f, v.ravel() / f, np.ones(w * h)])
        rays = self.axes().T @ local
        return np.asarray(rays / np.linalg.norm(rays, axis=0), np.float32)


@dataclass
class Scene:
    """What is drawn. spots: places on the body that are marked, with their radius."""

    solids: list[Solid]
    camera: Camera
    spots: list[tuple[Vec, float]] = field(default_factory=list)


def render(scene: Scene, size: tuple[int, int]) -> Image:
    """The picture, drawn twice as large as needed where edges show and shrunk."""
    big = (round(size[0] * 1.5), round(size[1] * 1.5))
    eye = scene.camera.eye.astype(np.float32)[:, None]
    rays = scene.camera.rays(big)
    far = _march(scene, eye, rays, big)
    hit = np.isfinite(far)
    colour = _ground(scene, eye, rays, hit)
    points = eye + rays[:, hit] * far[hit]
    index = which(scene.solids, points)
    normal = _normals(scene.solids, points)
    colour[:, hit] = _lit(scene, points, normal, index)
    image = colour.T.reshape(big[1], big[0], 3)
    lines = _outlines(big, hit, far, normal, _tones(scene, index), scene.camera)
    image *= 1.0 - 0.72 * lines[..., None]
    small = cv2.resize(image, size, interpolation=cv2.INTER_AREA)
    return np.asarray(np.clip(small, 0, 255), np.uint8)


def _march(scene: Scene, eye: Points, rays: Points, size: tuple[int, int]) -> NDArray[np.float32]:
    """How far each ray goes until it hits something, infinity for nothing."""
    coarse = (size[0] // 6, size[1] // 6)
    thick = 4.0 * scene.camera.wide / coarse[0]
    start = _follow(scene.solids, eye, scene.camera.rays(coarse), 0.0, thick)
    depth = cv2.erode(start.reshape(coarse[1], coarse[0]), np.ones((3, 3), np.uint8))
    begin = cv2.resize(depth, size, interpolation=cv2.INTER_NEAREST).ravel() - thick
    near = begin < MOST_M
    far = np.full(rays.shape[1], np.inf, np.float32)
    far[near] = _follow(scene.solids, eye, rays[:, near], begin[near], 0.0012)
    return far


def _follow(
    solids: list[Solid], eye: Points, rays: Points, begin: NDArray[np.float32] | float, close: float
) -> NDArray[np.float32]:
    far = np.full(rays.shape[1], np.inf, np.float32)
    t = np.full(rays.shape[1], 0.0, np.float32) + np.float32(begin)
    going = np.arange(rays.shape[1])
    for _ in range(70):
        d = nearest(solids, eye + rays[:, going] * t[going])
        there = d < close
        far[going[there]] = t[going[there]]
        t[going] += 0.9 * d
        going = going[~there & (t[going] < MOST_M)]
        if not going.size:
            break
    return far


def _normals(solids: list[Solid], points: Points) -> Points:
    normal = np.zeros_like(points)
    for sign in ((1, -1, -1), (-1, -1, 1), (-1, 1, -1), (1, 1, 1)):
        way = np.array(sign, np.float32)[:, None]
        normal += way * nearest(solids, points + 0.0015 * way)
    return np.asarray(normal / np.maximum(np.linalg.norm(normal, axis=0), 1e-9), np.float32)


def _sun(camera: Camera) -> Vec:
    """Where the light comes from: over the viewer's left shoulder."""
    right, _, ahead = camera.axes()
    return unit(vec(0, 1.0, 0) - 0.35 * right - 0.9 * vec(ahead[0], 0, ahead[2]))


def _shadow(solids: list[Solid], points: Points, sun: Vec) -> NDArray[np.float32]:
    """1 in the light, less where something is in the way."""
    seen = np.ones(points.shape[1], np.float32)
    t = np.full(points.shape[1], 0.03, np.float32)
    way = sun.astype(np.float32)[:, None]
    for _ in range(9):
        d = nearest(solids, points + way * t)
        seen = np.minimum(seen, np.clip(0.5 + 5.0 * d / t, 0.0, 1.0))
        t += np.clip(d, 0.05, 0.35)
    return seen * seen * (3 - 2 * seen)


def _lit(
    scene: Scene, points: Points, normal: Points, index: NDArray[np.intp]
) -> NDArray[np.float32]:
    base = np.array([solid.colour for solid in scene.solids], np.float32)[index].T
    alive = np.array([isinstance(solid, Limb) for solid in scene.solids])[index]
    marked = np.zeros(points.shape[1], np.float32)
    for middle, radius in scene.spots:
        away = np.linalg.norm(points - middle.astype(np.float32)[:, None], axis=0)
        marked = np.maximum(marked, np.clip((radius - away) / (0.45 * radius), 0, 1) * alive)
    to_sun = _sun(scene.camera)
    sun = np.clip(to_sun.astype(np.float32) @ normal, 0.0, 1.0)
    sun *= _shadow(scene.solids, points + normal * 0.01, to_sun)
    sky = 0.5 + 0.5 * normal[1]
    hidden = np.clip(nearest(scene.solids, points + normal * 0.07) / 0.07, 0.0, 1.0)
    floor = np.clip(points[1] / 0.12, 0.0, 1.0) * 0.25 + 0.75
    light = (0.54 + 0.22 * sky) * (0.62 + 0.38 * hidden) * floor + 0.42 * sun
    glow = np.array(MARK, np.float32)[:, None] * (0.55 + 0.45 * light)
    lit = base * light
    return np.asarray(np.clip(lit + (glow - lit) * marked * 0.9, 0, 255), np.float32)


def _ground(scene: Scene, eye: Points, rays: Points, hit: NDArray[np.bool_]) -> NDArray[np.float32]:
    """Paper, with soft shadows where the floor is."""
    colour = np.tile(np.array(PAPER, np.float32)[:, None], (1, rays.shape[1]))
    down = ~hit & (rays[1] < -1e-3)
    t = -eye[1] / np.where(down, rays[1], -1.0)
    near = down & (t < MOST_M)
    floor = eye + rays * np.minimum(t, MOST_M)
    reach = np.abs(floor - scene.camera.target.astype(np.float32)[:, None]).max(0) < 1.9
    near &= reach
    points = floor[:, near]
    points[1] = 0.002
    close = np.clip(nearest(scene.solids, points) / 0.22, 0.0, 1.0)
    dark = 0.76 + 0.24 * close * (2 - close)
    colour[:, near] *= dark
    return colour


def _tones(scene: Scene, index: NDArray[np.intp]) -> NDArray[np.intp]:
    """A number for each colour."""
    tones = {colour: i for i, colour in enumerate({s.colour for s in scene.solids})}
    return np.array([tones[solid.colour] for solid in scene.solids])[index]


def _outlines(
    size: tuple[int, int],
    hit: NDArray[np.bool_],
    far: NDArray[np.float32],
    normal: Points,
    tone: NDArray[np.intp],
    camera: Camera,
) -> NDArray[np.float32]:
    """1 on the outline of each part, 0 elsewhere."""
    shape = (size[1], size[0])
    deep = np.where(hit, far, MOST_M).astype(np.float32).reshape(shape)
    other = np.full(hit.shape, -1, np.float32)
    other[hit] = tone
    other = other.reshape(shape)
    kernel = np.ones((3, 3), np.uint8)
    step = cv2.dilate(deep, kernel) - cv2.erode(deep, kernel)
    slope = np.ones(hit.shape, np.float32)
    slope[hit] = np.abs((camera.axes()[2].astype(np.float32)) @ normal)
    allowed = 0.03 + 0.03 / np.maximum(cv2.erode(slope.reshape(shape), kernel), 0.12)
    line = (step > allowed * 0.7).astype(np.float32)
    seam = (cv2.dilate(other, kernel) != cv2.erode(other, kernel)).astype(np.float32) * 0.35
    return cv2.GaussianBlur(np.maximum(line, seam), (0, 0), 0.7)
